"""An entry line as filed, read for a check: its value, its ordinary duty, and what it says about
the goods.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Unpack

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.column1 import column1_rate
from ieeparefund.law.goods import Goods, GoodsFacts, read_goods
from ieeparefund.law.heading_amount import whole_dollars
from ieeparefund.law.headings import (
    Authority,
    HeadingKind,
    Programme,
    authority,
    heading_rows,
    origin_country,
)
from ieeparefund.law.stacking import Section232, is_column_2, section_232_action
from ieeparefund.money import ZERO, exactly

__all__ = ["FiledLine", "is_ordinary", "paid_on", "programme_filed", "read_line"]


@dataclass(frozen=True, slots=True)
class FiledLine:
    """A line with the facts about its goods: those given, and those the line itself tells.

    `value` is the customs value on the chapter 1-97 numbers, in whole dollars, `provision_value` that on a
    chapter 98 number; `ordinary_duty` the duty on the chapter 1-97 numbers and `column1_duty` what column 1
    asks for on `value`. `None`: not known.
    """

    line: EntryLine
    origin: str | None
    goods: Goods
    value: Decimal | None
    provision_value: Decimal
    ordinary_duty: Decimal | None
    column1_duty: Decimal | None

    @property
    def column1_percent(self) -> Decimal | None:
        """Column-1 duty as per cent of the value, which all-in headings compare with 15."""
        rate = self.goods.column1_rate
        return None if rate is None or self.value is None else rate.ad_valorem_equivalent(self.value)

    def filed(self, programme: Programme | None) -> tuple[TariffLine, ...]:
        """The rows of the line that belong to a programme; `None`: IEEPA numbers that never had a
        rate line.
        """
        return tuple(
            row
            for row in self.line.tariffs
            if programme_filed(row.number) is programme
            and (programme is not None or is_ieepa_number(row.number))
        )

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes of which the line carries a heading, in the order of the line."""
        found = (programme_filed(row.number) for row in self.line.tariffs)
        return tuple(dict.fromkeys(programme for programme in found if programme is not None))


def is_ordinary(number: str) -> bool:
    """Return whether a normalised number is of chapters 1 to 97, and no case number or fee class code."""
    return authority(number) is Authority.NONE and not number.startswith("98")


def programme_filed(number: str) -> Programme | None:
    """Return the programme a heading counts for on a line; headings that only lift one count for
    reciprocal.
    """
    rows = heading_rows(number)
    if not rows:
        return None
    return Programme.RECIPROCAL if rows[0].programme is Programme.OTHER else rows[0].programme


@exactly
def paid_on(rows: tuple[TariffLine, ...]) -> Decimal | None:
    """Return the duty on IEEPA rows, `None` where it is blank on one that imposes duty."""
    total = ZERO
    for row in rows:
        known = heading_rows(row.number)
        if row.duty is not None:
            total += row.duty
        elif not known or known[0].kind is not HeadingKind.EXEMPTION:
            return None
    return total


def _sum(line: EntryLine, wanted: Callable[[str], bool], amounts: str) -> Iterator[Decimal | None]:
    for row in line.tariffs:
        if wanted(row.number):
            yield getattr(row, amounts)


def _value(line: EntryLine) -> Decimal | None:
    values = list(_sum(line, is_ordinary, "value"))
    if not values or None in values:
        return None
    value = whole_dollars(max(ZERO, sum((amount or ZERO for amount in values), ZERO)))
    # A value that stands on a chapter 99 row instead may be that of the goods, or not.
    astray = not value and any(row.value and is_chapter_99(row.number) for row in line.tariffs)
    return None if astray else value


def _is_chapter_98(number: str) -> bool:
    return number.startswith("98")


def _section_232(line: EntryLine) -> Section232 | None:
    """The action under which the line owes duty, told from its rows; a line without such duty tells
    nothing.
    """
    actions = {
        section_232_action(row.number)
        for row in line.tariffs
        if row.duty and authority(row.number) is Authority.SECTION_232
    }
    return min(actions, key=list(Section232).index, default=None)


def _column1(line: EntryLine, origin: str | None, goods: Goods) -> Column1Rate | None:
    if goods.column1_rate is not None:
        return goods.column1_rate
    if line.column1_rate is not None:
        return line.column1_rate
    numbers = {row.number for row in line.tariffs if is_ordinary(row.number)}
    if len(numbers) != 1 or origin is None or is_column_2(origin):
        return None
    return column1_rate(numbers.pop(), goods.day, special_program=goods.special_program)


@exactly
def read_line(line: EntryLine, entry_date: dt.date | dt.datetime, **facts: Unpack[GoodsFacts]) -> FiledLine:
    """Return a line with its facts. What is given goes before what the line tells: SPI, chapter 98 number,
    section 232 duty, column-1 rate (its own, or that of the schedule for its one chapter 1-97 number).

    Raises as `read_goods` does.
    """
    if facts.get("special_program") is None:
        facts["special_program"] = line.special_program
    goods = read_goods(entry_date, **facts)
    origin = origin_country(line.country_of_origin)
    provision = next((row.number for row in line.tariffs if _is_chapter_98(row.number)), None)
    duties = list(_sum(line, is_ordinary, "duty"))
    beside = sum((amount or ZERO for amount in _sum(line, _is_chapter_98, "value")), ZERO)
    value, rate = _value(line), _column1(line, origin, goods)
    return FiledLine(
        line=line,
        origin=origin,
        goods=replace(
            goods,
            chapter_98=goods.chapter_98 or provision,
            section_232=goods.section_232 or _section_232(line),
            column1_rate=rate,
        ),
        value=value,
        provision_value=whole_dollars(max(ZERO, beside)),
        ordinary_duty=None if None in duties else sum((amount or ZERO for amount in duties), ZERO),
        column1_duty=None if rate is None or value is None else rate.duty(value),
    )
