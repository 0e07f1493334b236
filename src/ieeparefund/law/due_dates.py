"""Single days of an entry's life: when it is expected to liquidate, when the law does it, what is due when.

A window has two ends and stands in `window_rules`; here stand the days. Each function takes the day that
starts its clock and gives `None` for `None`: where a date is not known there is no deadline. Counts and
citations come from `tables/clocks.toml`.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import overload

from ieeparefund.errors import FieldError
from ieeparefund.law.clocks import clock, clock_end
from ieeparefund.law.working_days import add_working_days, check_day

__all__ = [
    "deemed_liquidation_date",
    "entry_summary_due_date",
    "expected_liquidation_date",
    "periodic_statement_due_date",
    "reconciliation_due_date",
    "refund_due_date",
]

_FRIDAY = 4


@overload
def expected_liquidation_date(entry_date: dt.date) -> dt.date: ...
@overload
def expected_liquidation_date(entry_date: None) -> None: ...
def expected_liquidation_date(entry_date: dt.date | None) -> dt.date | None:
    """Return the day CBP's automatic cycle is expected to liquidate: the first Friday on or after day 314.

    A forecast from practice, not a rule of law: an extension, a suspension, a review or a manual liquidation
    changes it, and whether the 314 days count from entry or from entry summary is not settled.

    >>> expected_liquidation_date(dt.date(2025, 2, 4))
    datetime.date(2025, 12, 19)
    """
    if entry_date is None:
        return None
    check_day(entry_date, "entry_date")
    day = clock_end("normal_liquidation", entry_date)
    return day + dt.timedelta(days=(_FRIDAY - day.weekday()) % 7)


@overload
def deemed_liquidation_date(entry_date: dt.date, extensions: int = 0) -> dt.date: ...
@overload
def deemed_liquidation_date(entry_date: None, extensions: int = 0) -> None: ...
def deemed_liquidation_date(entry_date: dt.date | None, extensions: int = 0) -> dt.date | None:
    """Return the day an entry is deemed liquidated as entered: a year after entry, and one more an extension.

    `extensions` is 0 to 3 (`FieldError` otherwise): four years are the limit of 19 USC 1504(b). All years are
    taken in one step; from 29 February they end on 28 February of a common year and on 29 February of a leap
    year. Nothing moves the day for a weekend. The clock does not run while liquidation is suspended, and for
    goods from a warehouse it starts with the final withdrawal. Source: 19 USC 1504(a), (b); 19 CFR 159.11.

    >>> deemed_liquidation_date(dt.date(2025, 2, 4)), deemed_liquidation_date(dt.date(2025, 2, 4), 3)
    (datetime.date(2026, 2, 4), datetime.date(2029, 2, 4))
    """
    year, limit = clock("deemed_liquidation"), clock("deemed_liquidation_limit")
    most = limit.count // year.count - 1
    if extensions not in range(most + 1):
        raise FieldError(
            f"extensions is {extensions!r}, not a whole number from 0 to {most}.",
            remedy=f"{limit.citation} allows {most} extensions of a year each.",
        )
    if entry_date is None:
        return None
    check_day(entry_date, "entry_date")
    return year.end(entry_date, steps=1 + extensions)


@overload
def entry_summary_due_date(entry_date: dt.date, *, closures: bool = False) -> dt.date: ...
@overload
def entry_summary_due_date(entry_date: None, *, closures: bool = False) -> None: ...
def entry_summary_due_date(entry_date: dt.date | None, *, closures: bool = False) -> dt.date | None:
    """Return the last day for entry summary and deposit: the 10th working day after the day of entry.

    The day of entry is not counted. `closures` as in `working_days`. Raises `CoverageError` outside the
    working-day calendar. Source: 19 USC 1505(a); 19 CFR 142.12(b).

    >>> entry_summary_due_date(dt.date(2025, 2, 4))
    datetime.date(2025, 2, 19)
    """
    if entry_date is None:
        return None
    return add_working_days(entry_date, clock("entry_summary").count, closures=closures)


@overload
def periodic_statement_due_date(entry_date: dt.date, *, closures: bool = False) -> dt.date: ...
@overload
def periodic_statement_due_date(entry_date: None, *, closures: bool = False) -> None: ...
def periodic_statement_due_date(entry_date: dt.date | None, *, closures: bool = False) -> dt.date | None:
    """Return the day the periodic monthly statement is due: the 15th working day of the month after entry.

    `closures` as in `working_days`. Raises `CoverageError` outside the working-day calendar.
    Source: 19 USC 1505(a).

    >>> periodic_statement_due_date(dt.date(2025, 5, 12))
    datetime.date(2025, 6, 23)
    """
    if entry_date is None:
        return None
    check_day(entry_date, "entry_date")
    month_end = entry_date.replace(day=monthrange(entry_date.year, entry_date.month)[1])
    return add_working_days(month_end, clock("periodic_statement").count, closures=closures)


@overload
def refund_due_date(liquidation_date: dt.date, *, deemed: bool = False) -> dt.date: ...
@overload
def refund_due_date(liquidation_date: None, *, deemed: bool = False) -> None: ...
def refund_due_date(liquidation_date: dt.date | None, *, deemed: bool = False) -> dt.date | None:
    """Return the last day for CBP to refund: 30 days after (re)liquidation, 90 after a deemed liquidation.

    Calendar days, not moved for a weekend. From the next day on the refund earns interest under
    19 USC 1505(d). Source: 19 USC 1505(b); 1504(a) for `deemed`.

    >>> refund_due_date(dt.date(2026, 2, 20))
    datetime.date(2026, 3, 22)
    """
    if liquidation_date is None:
        return None
    check_day(liquidation_date, "liquidation_date")
    return clock_end("refund_due_deemed" if deemed else "refund_due", liquidation_date)


@overload
def reconciliation_due_date(first_entry_date: dt.date, free_trade: bool = False) -> dt.date: ...
@overload
def reconciliation_due_date(first_entry_date: None, free_trade: bool = False) -> None: ...
def reconciliation_due_date(first_entry_date: dt.date | None, free_trade: bool = False) -> dt.date | None:
    """Return the last day for the reconciliation (type 09): 21 months after the first entry it covers.

    12 months for a free-trade claim (`free_trade`). The months are taken from a restatement, and which day
    starts them is not settled: compare the date ACE shows. Months end on the same day of the month, or on
    the last day of a shorter month.

    >>> reconciliation_due_date(dt.date(2025, 2, 4))
    datetime.date(2026, 11, 4)
    """
    if first_entry_date is None:
        return None
    check_day(first_entry_date, "first_entry_date")
    return clock_end("reconciliation_free_trade" if free_trade else "reconciliation", first_entry_date)
