"""Strategies for days, which seek the days on which an answer turns."""

from __future__ import annotations

import datetime as dt
from functools import cache

from ieeparefund.entries.entry import Entry
from ieeparefund.law.cape_rules import cape_rules
from ieeparefund.law.dated import DatedRow
from ieeparefund.law.heading_table import all_headings
from ieeparefund.law.rates import PUBLISHED_RATES
from ieeparefund.testing.drawing import st

__all__ = ["as_of_days", "dates", "turning_days"]

_DAY = dt.timedelta(days=1)
# CAPE's last days, the reliquidation's and the protest's, and the 45 days of an accepted declaration.
_CLOCK_DAYS = (44, 45, 46, 79, 80, 81, 89, 90, 91, 179, 180, 181)
_FIRST, _LAST = dt.date(2025, 1, 1), dt.date(2030, 1, 1)


@cache
def turning_days() -> tuple[dt.date, ...]:
    """Return the days from 2025 to 2029 on which law or calendar turns, and the day before each, in order.

    These are the first days of interest rates, of IEEPA headings and of CAPE rules, the first day after each, the
    ends of quarters to 2027, and the days about 29 February 2028.

    >>> dt.date(2026, 4, 20) in turning_days(), dt.date(2026, 4, 19) in turning_days()
    (True, True)
    """
    firsts = {dt.date(year, month, 1) for year in range(2025, 2028) for month in (1, 4, 7, 10)}
    firsts |= {dt.date(2028, 2, 29), dt.date(2028, 3, 1)}
    rows: tuple[DatedRow, ...] = (*cape_rules().rules, *all_headings(), *PUBLISHED_RATES.bands)
    for row in rows:
        firsts.add(row.first_day)
        # Some rows last to the end of the calendar.
        if row.last_day is not None and row.last_day < _LAST:
            firsts.add(row.last_day + _DAY)
    turns = {day for first in firsts if first >= _FIRST for day in (first - _DAY, first)}
    return tuple(sorted(day for day in turns if day < _LAST))


def dates(
    first: dt.date | str = "2025-02-01", last: dt.date | str = "2026-02-28"
) -> st.SearchStrategy[dt.date]:
    """Days from `first` to `last`, both included; one in three or so is a day on which law or calendar turns.

    The defaults are the days on which entries bore IEEPA duty, with some on either side.
    """
    start, end = (day if isinstance(day, dt.date) else dt.date.fromisoformat(day) for day in (first, last))
    within = [day for day in turning_days() if start <= day <= end]
    anywhere = st.dates(start, end)
    return st.one_of(anywhere, anywhere, st.sampled_from(within)) if within else anywhere


def as_of_days(entry: Entry) -> st.SearchStrategy[dt.date]:
    """Days on which to ask about `entry`: day 79, 80, 81, 90 and the like of its clocks, rule dates, any day.

    Clocks run from the (re)liquidation, from CAPE's acceptance and to the date a reconciliation is due. All days
    lie from 2025-02-01 to 2029-12-31.
    """
    starts = (entry.liquidation_date, entry.reliquidation_date, entry.cape_accepted_on)
    near = [
        day + dt.timedelta(days=count)
        for day in starts
        if day is not None
        for count in (-1, 0, 1, *_CLOCK_DAYS)
    ]
    if entry.reconciliation_due is not None:
        near += [entry.reconciliation_due - dt.timedelta(days=count) for count in (-1, 0, 29, 30, 31)]
    near = sorted({day for day in near if dt.date(2025, 2, 1) <= day < _LAST})
    asked = dates("2026-04-01", "2027-12-31")
    return st.one_of(asked, st.sampled_from(near)) if near else asked
