"""What about a shipment, beside origin, date and value, decides which IEEPA duties it owes. `None`: not
known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict, TypeVar, Unpack

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import FieldError
from ieeparefund.law.eastern import Moment, law_day, read_moment
from ieeparefund.law.rate_bands import require_date
from ieeparefund.law.stacking import Section232, claims_usmca
from ieeparefund.money import Money, exact_dollars

__all__ = ["Goods", "GoodsFacts", "TransportMode", "read_goods"]

_Code = TypeVar("_Code", bound=StrEnum)
_HUNDRED = Decimal(100)


class TransportMode(StrEnum):
    """How the goods came; a change of mode on the way, or anything else, is `OTHER`."""

    VESSEL = "vessel"
    AIR = "air"
    TRUCK = "truck"
    RAIL = "rail"
    OTHER = "other"


class GoodsFacts(TypedDict, total=False):
    """Keywords of `expected_duty`, `check_line` and `line_findings`. Left out, or `None`: not known.

    `loaded`: when the goods were loaded for the last leg, date or clock time with a zone; `mode` (vessel,
    air, truck, rail, other): how they came. `us_content`, `metal_content`: per cent of the value of the line
    (25 = 25 per cent) that is US content, and that pays section 232 as metal; on a line that holds one part
    of a split these are 0 or 100. `section_232`: the action under which they owe duty, or "none".
    `chapter_98`: the provision claimed. `special_program`: SPI; `usmca`: whether goods of Canada or Mexico
    enter free under USMCA (else told from the SPI). `exempt_under`: every exemption heading they fit
    (9903.01.32 ...), empty for none. `energy`, `potash`, `transhipped`: of Canada or Mexico; by CBP's
    finding. `column1_rate`: ordinary rate. `privileged_status_on`: election of privileged foreign status;
    `withdrawn_on`: withdrawal from warehouse; each replaces the entry date.
    """

    loaded: dt.date | dt.datetime | None
    mode: TransportMode | str | None
    us_content: Money | None
    metal_content: Money | None
    section_232: Section232 | str | None
    chapter_98: str | None
    special_program: str | None
    usmca: bool | None
    exempt_under: Iterable[str] | None
    energy: bool | None
    potash: bool | None
    transhipped: bool | None
    column1_rate: Column1Rate | None
    privileged_status_on: dt.date | None
    withdrawn_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Goods:
    """The facts of `GoodsFacts`, read and checked. `entered` is the moment that decides the rate, `day` its
    law.

    `entered` is the date or time of entry, or the day that stands in its place: of withdrawal from warehouse,
    or of the election of privileged foreign status.
    """

    entered: Moment
    loaded: Moment | None = None
    mode: TransportMode | None = None
    us_content: Decimal | None = None
    metal_content: Decimal | None = None
    section_232: Section232 | None = None
    chapter_98: str | None = None
    special_program: str | None = None
    usmca: bool | None = None
    exempt_under: frozenset[str] | None = None
    energy: bool | None = None
    potash: bool | None = None
    transhipped: bool | None = None
    column1_rate: Column1Rate | None = None
    privileged_status_on: dt.date | None = None
    withdrawn_on: dt.date | None = None

    @property
    def day(self) -> dt.date:
        """The day whose law governs the duty."""
        return law_day(self.entered)

    def on(self, day: dt.date) -> Goods:
        """Return the same goods as if the rate were decided on another day."""
        return replace(self, entered=Moment(day))


def _share(value: Money | None, name: str) -> Decimal | None:
    if value is None:
        return None
    share = exact_dollars(value, name)
    if not 0 <= share <= _HUNDRED:
        raise FieldError(
            f"{name} is {share}, no share.", remedy="Give per cent of the value, 0 to 100.", column=name
        )
    return share


def _code(kind: type[_Code], value: str | None, name: str) -> _Code | None:
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        raise FieldError(
            f"{name} is {value!r}.", remedy=f"Use one of {', '.join(kind)}.", column=name, value=str(value)
        ) from None


def _flag(value: bool | None, name: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise FieldError(
            f"{name} is {value!r}.", remedy="Pass True, False or None for not known.", column=name
        )
    return value


def _provision(value: str | None) -> str | None:
    if value is None:
        return None
    number = normalise_tariff_number(value)
    if not number.startswith("98"):
        raise FieldError(
            f"chapter_98 is {value!r}, no number of chapter 98.",
            remedy="Pass the provision claimed, such as 9802.00.80.",
            column="chapter_98",
            value=value,
        )
    return number


def _numbers(values: Iterable[str] | None) -> frozenset[str] | None:
    if isinstance(values, str):
        raise FieldError(
            f"exempt_under is the text {values!r}.",
            remedy="Pass the headings in a list, an empty one for none.",
            column="exempt_under",
            value=values,
        )
    return None if values is None else frozenset(normalise_tariff_number(number)[:10] for number in values)


def _decides(entry_date: dt.date | dt.datetime, facts: GoodsFacts) -> Moment:
    withdrawn, elected = facts.get("withdrawn_on"), facts.get("privileged_status_on")
    if withdrawn is not None and elected is not None:
        raise FieldError(
            "withdrawn_on and privileged_status_on are both given.",
            remedy="Goods come from a warehouse or from a zone: give one.",
            column="withdrawn_on",
        )
    entered = read_moment(entry_date, "entry_date")
    for day, name in ((withdrawn, "withdrawn_on"), (elected, "privileged_status_on")):
        if day is not None:
            require_date(day, name)
            return Moment(day)
    return entered


def read_goods(entry_date: dt.date | dt.datetime, **facts: Unpack[GoodsFacts]) -> Goods:
    """Return the goods entered on a date, or at a clock time with a zone, with what is known about them.

    Raises `FieldError` naming the keyword for a `datetime` without a zone, a share outside 0 to 100, an
    unknown code, a flag that is no flag, or both days that would replace the entry date; `FloatMoneyError`
    for a float; `HtsNumberError` for text that is no tariff number.
    """
    loaded = facts.get("loaded")
    program = (facts.get("special_program") or "").strip().upper() or None
    usmca = _flag(facts.get("usmca"), "usmca")
    if usmca is None and program is not None:
        usmca = claims_usmca(program)
    return Goods(
        entered=_decides(entry_date, facts),
        loaded=None if loaded is None else read_moment(loaded, "loaded"),
        mode=_code(TransportMode, facts.get("mode"), "mode"),
        us_content=_share(facts.get("us_content"), "us_content"),
        metal_content=_share(facts.get("metal_content"), "metal_content"),
        section_232=_code(Section232, facts.get("section_232"), "section_232"),
        chapter_98=_provision(facts.get("chapter_98")),
        special_program=program,
        usmca=usmca,
        exempt_under=_numbers(facts.get("exempt_under")),
        energy=_flag(facts.get("energy"), "energy"),
        potash=_flag(facts.get("potash"), "potash"),
        transhipped=_flag(facts.get("transhipped"), "transhipped"),
        column1_rate=facts.get("column1_rate"),
        privileged_status_on=facts.get("privileged_status_on"),
        withdrawn_on=facts.get("withdrawn_on"),
    )
