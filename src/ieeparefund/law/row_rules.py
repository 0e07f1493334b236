"""Findings on one IEEPA heading of a line before it is declared: its dates, its origin, its goods, its duty.

The words stand in `tables/line_checks.toml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.entry import TariffLine
from ieeparefund.law.check_results import LineCheck
from ieeparefund.law.filed_line import FiledLine, programme_filed
from ieeparefund.law.grounds import Fit, fit, programme_rows
from ieeparefund.law.heading_amount import heading_on
from ieeparefund.law.headings import (
    Ground,
    Heading,
    HeadingKind,
    Programme,
    country_headings,
    heading_rows,
    ieepa_headings,
)
from ieeparefund.law.stacking import is_column_2
from ieeparefund.money import ZERO, round_to_cents

__all__ = ["Case", "Hit", "row_hits"]


@dataclass(frozen=True, slots=True)
class Case:
    """A line to look at. `entry_date` is that of the entry, while `day` decides the rate.

    `day_known`: whether `day` is the one that decides; it is not for goods from a zone or a warehouse whose
    own date is not given. `zone`: by entry type; `headings_needed`: whether such an entry carries IEEPA
    headings.
    """

    filed: FiledLine
    check: LineCheck
    entry_date: dt.date
    day_known: bool
    zone: bool
    headings_needed: bool

    @property
    def day(self) -> dt.date:
        """The day whose law was applied."""
        return self.filed.goods.day


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched: the headings and the duty its text names, and `other`, what the rule says more.

    `programmes` are the duties it is about; `known` picks the words for a date that is known to decide;
    `citation` is its source where it is not that of the rule.
    """

    rule: str
    numbers: tuple[str, ...]
    amount: Decimal | None = None
    other: str = ""
    programmes: tuple[str, ...] = ()
    known: bool = False
    citation: str | None = None


def row_hits(case: Case, row: TariffLine) -> Iterator[Hit]:
    """Give what matches one row with an IEEPA number, or with one that lifts IEEPA duty."""
    rows = heading_rows(row.number)
    if not rows:
        yield Hit("unassigned_heading", (row.number,), row.duty, programmes=("unassigned",))
        return
    if rows[0].kind is HeadingKind.EXEMPTION and row.duty:
        yield _hit("exemption_heading_carries_duty", row)
    yield from _dates(case, row, rows)
    yield from _retroactive(case, row, rows)
    if case.filed.origin is not None and any(known.holds_on(case.day) for known in rows):
        yield from _fitting(case, row, case.filed.origin)


def _hit(rule: str, row: TariffLine, other: str = "", known: bool = False) -> Hit:
    return Hit(rule, (row.number,), row.duty, other, (str(programme_filed(row.number)),), known)


def _dates(case: Case, row: TariffLine, rows: tuple[Heading, ...]) -> Iterator[Hit]:
    goods = case.filed.goods
    if any(known.holds_on(case.day) for known in rows):
        if not any(known.reportable_on(case.entry_date) for known in rows):
            zone = goods.privileged_status_on is not None
            rule = "zone_rate_of_another_date" if zone else "heading_of_another_date"
            yield _hit(rule, row, known=True)
    elif not any(known.reportable_on(case.day) for known in rows):
        first, last = min(known.first_day for known in rows), max(known.last_day for known in rows)
        rule = "heading_not_in_force"
        if not case.day_known:
            rule = "zone_rate_of_another_date" if case.zone else "heading_of_another_date"
        yield _hit(rule, row, f"from {first} to {last}")


def _retroactive(case: Case, row: TariffLine, rows: tuple[Heading, ...]) -> Iterator[Hit]:
    """A flat rate that a deal replaced, with effect from a day on which it could still be reported."""
    filed, day = case.filed, case.day
    for old in rows:
        if old.reported_until is None or not old.reportable_on(day):
            continue
        pairs = [
            new
            for country in old.countries
            for new in ieepa_headings(country, old.programme, day)
            if new.is_all_in and country in new.countries
        ]
        if not pairs:
            continue
        said = "How much the newer headings leave cannot be told without value, duty and column-1 rate."
        if row.duty is not None and filed.value is not None and filed.column1_duty is not None:
            total = round_to_cents(filed.value * (pairs[0].cap_total or ZERO) / 100)
            rest = max(ZERO, total - filed.column1_duty)
            said = f"Under {pairs[0].number} {rest} would be IEEPA duty, {row.duty - rest} less."
        yield _hit("heading_ended_retroactively", row, said)


def _fitting(case: Case, row: TariffLine, origin: str) -> Iterator[Hit]:
    goods = case.filed.goods
    heading = heading_on(row.number, origin, goods)
    if heading is None:
        yield from _other_origin(case, row, origin)
        return
    if heading.kind is HeadingKind.DUTY and not heading.rate:
        if row.duty:
            yield _hit("suspended_heading_carries_duty", row)
        return
    stands = fit(heading, origin, goods, case.filed.column1_percent)
    if stands.holds is False:
        yield from _unfit(case, row, heading, stands, origin)


def _other_origin(case: Case, row: TariffLine, origin: str) -> Iterator[Hit]:
    programme = programme_filed(row.number)
    own = [known for known in country_headings(origin, case.day) if known.programme is programme]
    numbers = ", ".join(known.number for known in own if known.kind is not HeadingKind.DUTY or known.rate)
    dutiable = heading_rows(row.number)[0].kind is not HeadingKind.EXEMPTION
    spared = programme is Programme.RECIPROCAL and own and own[0].kind is HeadingKind.EXEMPTION
    if dutiable and spared:
        rule = "reciprocal_on_column_2" if is_column_2(origin) else "reciprocal_on_canada_mexico"
        yield _hit(rule, row, numbers)
    else:
        theirs = f"theirs is {numbers}" if numbers else "they owe no such duty"
        yield _hit("heading_of_another_country", row, theirs)


def _unfit(case: Case, row: TariffLine, heading: Heading, stands: Fit, origin: str) -> Iterator[Hit]:
    goods = case.filed.goods
    usmca = [
        known
        for known in programme_rows(heading.programme, origin, goods)
        if known.ground is Ground.USMCA and goods.usmca
    ]
    if usmca and row.duty:
        yield _hit("duty_on_usmca_goods", row, usmca[0].number)
        return
    # The general rate serves a country with a rate of its own only for goods in transit.
    general = not heading.countries and heading.ground is Ground.COUNTRY
    listed = any(known.countries for known in country_headings(origin, case.day, heading.programme))
    in_transit = heading.ground is Ground.IN_TRANSIT or (general and listed)
    yield _hit(
        "in_transit_clause_not_met" if in_transit else "heading_not_for_these_goods", row, stands.reason
    )
