"""The discrete facts of an entry on a day, as the CAPE rules test them. Unknown is `None`.

Legal clocks come from `clocks`, IEEPA numbers from `headings`; the names and values are those of `[facts]` in
`tables/cape_rules.toml`.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from ieeparefund.entries.codes import EntryType, LiquidationStatus
from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.errors import CoverageError
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.cape_rules import cape_rules
from ieeparefund.law.clocks import Clock, clock
from ieeparefund.law.headings import HeadingKind, heading_rows, ieepa_heading
from ieeparefund.money import ZERO, exactly

__all__ = [
    "RATE_OF_ANOTHER_DAY",
    "CapeFacts",
    "ClockLimits",
    "cape_facts",
    "clock_limits",
    "clock_on",
    "ieepa_row",
    "is_chapter_1_97",
    "latest_liquidation",
]

_NOT_STARTED, _OPEN, _CLOSING, _CLOSED = "not_started", "open", "closing", "closed"
_LIQUIDATED = LiquidationStatus.LIQUIDATED.value
_UNLIQUIDATED = LiquidationStatus.UNLIQUIDATED.value
# Goods from a zone or a warehouse may rightly carry a number of another day than that of the entry.
RATE_OF_ANOTHER_DAY = frozenset(
    {
        EntryType.FOREIGN_TRADE_ZONE,
        EntryType.WAREHOUSE,
        EntryType.REWAREHOUSE,
        EntryType.WITHDRAWAL_CONSUMPTION,
        EntryType.WITHDRAWAL_QUOTA,
        EntryType.AIRCRAFT_VESSEL_SUPPLY,
        EntryType.WITHDRAWAL_ANTIDUMPING_COUNTERVAILING,
        EntryType.WITHDRAWAL_QUOTA_AND_ANTIDUMPING_COUNTERVAILING,
    }
)


class CapeFacts(NamedTuple):
    """Every fact the rules can test, in the order of `[facts]`; `None` is unknown."""

    entry_type: str
    liquidation: str | None
    cape_clock: str | None
    reliquidation_clock: str | None
    protest_clock: str | None
    correction_clock: str
    liquidation_conflict: bool
    reconciliation_flagged: bool | None
    reconciliation_filed: bool | None
    reconciliation_due: str | None
    protest: str | None
    ad_cvd: str | None
    on_drawback_claim: bool | None
    paid_by_surety: bool | None
    correction_pending: bool | None
    statement_paid: bool | None
    summary_status: str | None
    in_ace: bool | None
    already_accepted: bool
    ieepa_duty: str | None
    value_on_ieepa_number: bool
    value_off_chapter_1_97: bool | None
    ieepa_number_out_of_dates: bool | None
    ace_refusal: str | None


class ClockLimits(NamedTuple):
    """Days of the clocks that run on a day, all counted from their anchor."""

    cape: int
    cape_many_left: int
    reliquidation: int
    protest: int
    after_entry: int
    before_liquidation: int
    reconciliation_first: int


def clock_on(identifier: str, on: dt.date) -> Clock:
    """Return the clock in force on `on`; before its first row (CAPE not open yet) the newest.

    Nothing turns on CAPE's clocks before it opened, but the facts stay defined.
    """
    try:
        return clock(identifier, on)
    except CoverageError:
        return clock(identifier)


def _days(identifier: str, on: dt.date) -> int:
    return clock_on(identifier, on).count


@lru_cache(maxsize=1024)
def clock_limits(on: dt.date) -> ClockLimits:
    """Return the days of the clocks in force on `on`."""
    cape = _days("cape", on)
    return ClockLimits(
        cape,
        cape - cape_rules().closing_days_left,
        _days("voluntary_reliquidation", on),
        _days("protest", on),
        _days("correction_after_entry", on),
        _days("correction_before_liquidation", on),
        _days("reconciliation_first", on),
    )


def latest_liquidation(entry: Entry, as_of: dt.date) -> dt.date | None:
    """Return the day of the latest (re)liquidation on or before `as_of`, `None` where none is known.

    A date after `as_of` is a scheduled one and does not count.
    """
    if entry.reliquidation_date is not None and entry.reliquidation_date <= as_of:
        return entry.reliquidation_date
    if entry.liquidation_date is not None and entry.liquidation_date <= as_of:
        return entry.liquidation_date
    return None


def _liquidation(entry: Entry, liquidated: dt.date | None) -> tuple[str | None, bool]:
    """The state of liquidation, and whether the status or the antidumping state gainsays the date."""
    status = entry.liquidation_status
    if liquidated is not None:
        held = entry.ad_cvd is not None and entry.ad_cvd != "none"
        return _LIQUIDATED, held or (status is not None and status is not LiquidationStatus.LIQUIDATED)
    if entry.liquidation_date is not None:
        # Scheduled. A status of its own (extended, suspended, under review) stays; "liquidated" cannot be.
        if status is None or status is LiquidationStatus.LIQUIDATED:
            return _UNLIQUIDATED, status is not None
        return status.value, False
    return (None if status is None else status.value), False


def _correction_clock(entry: Entry, as_of: dt.date, liquidation: str | None, limits: ClockLimits) -> str:
    if liquidation == _LIQUIDATED or (as_of - entry.entry_date).days > limits.after_entry:
        return _CLOSED
    scheduled = entry.liquidation_date
    if scheduled is not None and (scheduled - as_of).days < limits.before_liquidation:
        return _CLOSED
    return _OPEN


def _reconciliation_due(entry: Entry, as_of: dt.date, limits: ClockLimits) -> str | None:
    if not entry.reconciliation_flagged or entry.reconciliation_filed:
        return "none"
    if entry.reconciliation_due is None:
        return None
    left = (entry.reconciliation_due - as_of).days
    if left < 0:
        return "passed"
    return "soon" if left < limits.reconciliation_first else "later"


@lru_cache(maxsize=65536)
def ieepa_row(number: str, entry_date: dt.date, country: str | None) -> tuple[bool, bool] | None:
    """Whether an IEEPA number exempts, and whether it is out of its dates; `None` for any other number.

    A number that no row covers still counts as one that imposes duty: what was paid on it was IEEPA duty.
    """
    if not is_ieepa_number(number):
        return None
    heading = ieepa_heading(number, entry_date, country)
    exempts = heading is not None and heading.kind is HeadingKind.EXEMPTION
    return exempts, not any(row.reportable_on(entry_date) for row in heading_rows(number))


def is_chapter_1_97(number: str) -> bool:
    """Whether a normalised number is one of chapters 1 to 97, and no case number or fee class code."""
    return len(number) > 3 and number[0].isdigit() and number[:2] < "98"


def _value_off_chapter_1_97(line: EntryLine) -> bool | None:
    """Whether a line with a value on a chapter 99 number has none on its chapter 1-97 number."""
    if any(row.number[:2] == "98" for row in line.tariffs):
        return None  # Chapter 98 has rules of its own on where the value stands.
    values = [row.value for row in line.tariffs if is_chapter_1_97(row.number)]
    if any(value for value in values):
        return False
    return None if not values or None in values else True


def _line_facts(entry: Entry) -> tuple[str | None, bool, bool | None, bool | None]:
    """Duty on IEEPA numbers, value on them, value off chapters 1-97, IEEPA number out of its dates."""
    entry_date = entry.entry_date
    total, blank, exempt_duty, any_ieepa = ZERO, False, False, False
    value_on, out_of_dates = False, False
    off: list[bool | None] = []
    for line in entry.lines:
        country = line.country_of_origin
        ieepa_line = stray_value = False
        for row in line.tariffs:
            number = row.number
            # Most rows are ordinary; this test spares them the look-up.
            if number[:2] != "99":
                continue
            found = ieepa_row(number, entry_date, country)
            if row.value:
                stray_value = True
                value_on = value_on or found is not None
            if found is None:
                continue
            ieepa_line = any_ieepa = True
            exempts, outside = found
            out_of_dates = out_of_dates or outside
            duty = row.duty
            if exempts:
                exempt_duty = exempt_duty or (duty is not None and duty > 0)
            elif duty is None:
                blank = True
            else:
                total += duty
        if ieepa_line and stray_value:
            off.append(_value_off_chapter_1_97(line))
    duty_fact: str | None
    if total > 0:
        duty_fact = "paid"
    elif blank or not entry.lines:
        duty_fact = None
    elif exempt_duty:
        duty_fact = "exempt_only"
    else:
        duty_fact = "zero" if any_ieepa else "none"
    return (
        duty_fact,
        value_on,
        True if True in off else (None if None in off else False),
        None if entry.entry_type in RATE_OF_ANOTHER_DAY else out_of_dates,
    )


@exactly
def cape_facts(entry: Entry, as_of: dt.date) -> CapeFacts:
    """Return the facts of `entry` on the day `as_of` that the CAPE rules test.

    A liquidation date decides over a status that does not fit it; a date ahead is a scheduled liquidation.
    The CAPE and protest clocks run from the latest (re)liquidation, that of 19 USC 1501 from the original.
    """
    limits = clock_limits(as_of)
    liquidated = latest_liquidation(entry, as_of)
    liquidation, conflict = _liquidation(entry, liquidated)
    cape: str | None
    reliquidation: str | None
    protest: str | None
    if liquidated is not None:
        day = (as_of - liquidated).days
        cape = _CLOSED if day > limits.cape else (_CLOSING if day >= limits.cape_many_left else _OPEN)
        protest = _OPEN if day <= limits.protest else _CLOSED
        original = entry.liquidation_date
        reliquidation = (
            _OPEN if original is not None and (as_of - original).days <= limits.reliquidation else _CLOSED
        )
    else:
        # Liquidated by its status, or not known whether: then no clock is known.
        known = liquidation is not None and liquidation != _LIQUIDATED
        cape = reliquidation = protest = _NOT_STARTED if known else None
    flagged = entry.reconciliation_flagged
    filed = entry.reconciliation_filed
    ad_cvd = entry.ad_cvd
    duty, value_on, value_off, out_of_dates = _line_facts(entry)
    return CapeFacts(
        entry.entry_type,
        liquidation,
        cape,
        reliquidation,
        protest,
        _correction_clock(entry, as_of, liquidation, limits),
        conflict,
        flagged,
        # Without a flag there is nothing to file, so only a flagged entry leaves the question open.
        False if filed is None and not flagged else filed,
        _reconciliation_due(entry, as_of, limits),
        entry.protest,
        # Suspension and pending liquidation end with the liquidation.
        "none" if ad_cvd is not None and liquidation == _LIQUIDATED else ad_cvd,
        entry.on_drawback_claim,
        entry.paid_by_surety,
        entry.correction_pending,
        entry.statement_paid,
        entry.summary_status,
        entry.in_ace,
        entry.cape_accepted_on is not None and entry.cape_accepted_on <= as_of,
        duty,
        value_on,
        value_off,
        out_of_dates,
        None,
    )
