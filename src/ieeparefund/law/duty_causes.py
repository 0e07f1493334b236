"""Named causes of a difference: each reproduces, to the cent, what was paid.

A cause is a hypothesis that fits, not a proof: several can, and the likeliest stands first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ieeparefund.law.check_results import Cause, CauseKind
from ieeparefund.law.filed_line import FiledLine
from ieeparefund.law.goods import Goods
from ieeparefund.law.grounds import programme_rows
from ieeparefund.law.heading_table import all_headings
from ieeparefund.law.headings import (
    Ground,
    Heading,
    HeadingKind,
    Programme,
    country_headings,
    ieepa_heading,
)
from ieeparefund.law.line_decision import Decision
from ieeparefund.money import ZERO, round_to_cents

__all__ = ["find_causes"]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Case:
    programme: Programme
    line: FiledLine
    goods: Goods
    origin: str
    decision: Decision
    value: Decimal
    paid: Decimal
    tolerance: Decimal

    @property
    def filed(self) -> frozenset[str]:
        return frozenset(row.number for row in self.line.filed(self.programme))

    @property
    def base(self) -> Decimal:
        return self.decision.amount.base or self.value

    def cause(
        self,
        kind: CauseKind,
        explanation: str,
        rate: Decimal,
        *rows: Heading,
        base: Decimal | None = None,
        less: Decimal = ZERO,
        boundary: dt.date | None = None,
    ) -> Iterator[Cause]:
        """Give the cause if its arithmetic comes out at what was paid."""
        base = self.base if base is None else base
        duty = round_to_cents(base * rate / 100) - less
        if duty and abs(duty - self.paid) <= self.tolerance:
            numbers = tuple(dict.fromkeys(row.number for row in rows))
            text = f"{explanation} {rate} per cent of {base:f}{f' less {less}' if less else ''} is {duty}."
            yield Cause(kind, text, duty, rate, base, less, numbers, boundary)


def find_causes(
    programme: Programme,
    line: FiledLine,
    goods: Goods,
    origin: str,
    decision: Decision,
    paid: Decimal,
    tolerance: Decimal,
) -> tuple[Cause, ...]:
    """Return what explains the duty paid on a programme where it is not what the decision expects.

    Likeliest first: those that name a heading on the line, then in the order of `CauseKind`.
    """
    if not paid:
        return (Cause(CauseKind.NOTHING_PAID, "Nothing was paid.", ZERO),)
    if not line.value:
        return ()
    case = _Case(programme, line, goods, origin, decision, line.value, paid, tolerance)
    if not origin:
        # Which headings, days and rates would be those of the goods nobody can tell.
        return tuple(_other_countries(case))
    found = [
        *_other_headings(case),
        *_other_days(case),
        *_two_rates(case),
        *_other_countries(case),
        *_other_values(case),
        *_ordinary_duty(case),
    ]
    # Two rates explain only what is not explained by one, unless both stand on the line.
    single = any(cause.kind is not CauseKind.TWO_RATES for cause in found)
    found = [
        cause
        for cause in found
        if cause.kind is not CauseKind.TWO_RATES or not single or case.filed.issuperset(cause.numbers)
    ]
    found.sort(key=lambda cause: not case.filed.intersection(cause.numbers))
    return tuple(found)


def _rate(row: Heading) -> Decimal | None:
    """Per cent a row can bear: the total on an all-in heading, `None` for one that imposes nothing."""
    if row.kind is HeadingKind.EXEMPTION:
        return None
    return (row.cap_total if row.is_all_in else row.rate) or None


_SAYS = {
    Ground.TRANSHIPPED: "the rate for goods transhipped",
    Ground.POTASH: "the rate for potash",
    Ground.ENERGY: "the rate for energy",
}


def _other_headings(case: _Case) -> Iterator[Cause]:
    decided = case.decision.row
    for row in programme_rows(case.programme, case.origin, case.goods):
        rate = _rate(row)
        if rate is None or (decided is not None and row.number == decided.number):
            continue
        # The general rate stands beside that of a listed country only for goods in transit.
        general = not row.countries and decided is not None and bool(decided.countries)
        says = _SAYS.get(row.ground, "the rate for goods in transit" if general else "the rate by origin")
        yield from case.cause(CauseKind.OTHER_HEADING, f"It is that of {row.number}, {says}:", rate, row)


def _named(row: Heading, origin: str) -> bool:
    return row.ground is Ground.COUNTRY and ieepa_heading(row.number, row.first_day, origin) is row


def _other_days(case: _Case) -> Iterator[Cause]:
    """Rates by origin of other days; of one heading and rate only the period next to the day."""
    day = case.goods.day
    # The rate that a heading bears for the country on the day as well is not that of another day.
    same = {(row.number, _rate(row)) for row in country_headings(case.origin, day)}
    nearest: dict[tuple[str, Decimal], Heading] = {}
    for row in all_headings():
        rate = _rate(row)
        if rate is None or row.programme is not case.programme or row.holds_on(day):
            continue
        if (row.number, rate) in same or not _named(row, case.origin):
            continue
        known = nearest.get((row.number, rate))
        if known is None or _gap(row, day) < _gap(known, day):
            nearest[row.number, rate] = row
    for (number, rate), row in sorted(nearest.items(), key=lambda item: _gap(item[1], day)):
        before = row.last_day < day
        boundary = row.last_day + _DAY if before else row.first_day
        until = f"to {row.last_day}" if before else f"from {row.first_day}"
        yield from case.cause(
            CauseKind.OTHER_DAY,
            f"It is the rate of {number} {until}, while {day} decides:",
            rate,
            row,
            boundary=boundary,
        )


def _gap(row: Heading, day: dt.date) -> int:
    return max((row.first_day - day).days, (day - row.last_day).days)


def _two_rates(case: _Case) -> Iterator[Cause]:
    """Two rates added where one replaces the other: both steps of a duty, or the one in lieu and
    the other.
    """
    day = case.goods.day
    rows = [
        (row, row.rate)
        for row in all_headings()
        if row.programme is case.programme
        and row.kind is HeadingKind.DUTY
        and row.rate
        and (_named(row, case.origin) or (row.ground is Ground.TRANSHIPPED and row.holds_on(day)))
        and (row.number in case.filed or row.holds_on(day) or abs(_gap(row, day)) == 1)
    ]
    seen = set()
    for (first, rate), (second, other) in combinations(rows, 2):
        if first.number == second.number:
            continue
        pair = (first.number, second.number, rate + other)
        if pair not in seen and (first.holds_on(day) or second.holds_on(day)):
            seen.add(pair)
            yield from case.cause(
                CauseKind.TWO_RATES,
                f"{first.number} at {rate} and {second.number} at {other} were added, where one replaces the"
                " other:",
                pair[2],
                first,
                second,
            )


def _other_countries(case: _Case) -> Iterator[Cause]:
    by_rate: dict[Decimal, list[Heading]] = {}
    for row in all_headings():
        rate = _rate(row)
        if rate is None or row.programme is not case.programme or not row.holds_on(case.goods.day):
            continue
        if row.countries and case.origin not in row.countries:
            by_rate.setdefault(rate, []).append(row)
    own = case.decision.amount.rate
    for rate, rows in by_rate.items():
        filed = [row for row in rows if row.number in case.filed]
        if rate == own and not filed:
            continue
        named = filed or rows
        countries = sorted({country for row in named for country in row.countries})
        shown = ", ".join(countries[:6]) + (f" and {len(countries) - 6} more" if len(countries) > 6 else "")
        yield from case.cause(CauseKind.OTHER_COUNTRY, f"It is the rate for goods of {shown}:", rate, *named)


def _other_values(case: _Case) -> Iterator[Cause]:
    row, rate = case.decision.row, case.decision.amount.rate or ZERO
    if row is None:
        return
    goods = case.goods
    shares = [share for share in (goods.us_content, goods.metal_content) if share]
    values = {"the whole value of the line": case.value}
    if case.line.provision_value:
        values["the value with that under chapter 98"] = case.value + case.line.provision_value
    for share in shares:
        values[f"the value less {share} per cent"] = case.value * (100 - share) / 100
    for what, base in values.items():
        if base != case.base:
            yield from case.cause(CauseKind.OTHER_VALUE, f"It is the rate on {what}:", rate, row, base=base)


def _ordinary_duty(case: _Case) -> Iterator[Cause]:
    """An all-in heading and the ordinary duty: added to it, or taken off though it stands nowhere."""
    column1, ordinary = case.line.column1_duty, case.line.ordinary_duty
    for row in programme_rows(case.programme, case.origin, case.goods):
        if not row.is_all_in or row.cap_total is None:
            continue
        if ordinary and row is case.decision.row:
            yield from case.cause(
                CauseKind.ORDINARY_DUTY,
                f"The total of {row.number} was added to the ordinary duty, which it includes:",
                row.cap_total,
                row,
            )
        elif column1 and not ordinary:
            yield from case.cause(
                CauseKind.ORDINARY_DUTY,
                f"The ordinary duty was taken off the total of {row.number}, but stands on no row:",
                row.cap_total,
                row,
                less=column1,
            )
