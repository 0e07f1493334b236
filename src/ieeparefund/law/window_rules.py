"""The windows that run from a date: each with its rule, its citation and what is uncertain about it.

Both ends of a window are inclusive. The day that starts a clock is day 0; no last day is moved for a weekend
or a holiday. Where a last day is not a working day the note names the next one, marked UNSAFE, with what is
known of such a move: act by the day that is not moved. Counts and citations come from `tables/clocks.toml`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from ieeparefund.errors import CoverageError
from ieeparefund.law.citations import Citation
from ieeparefund.law.clocks import Clock, clock
from ieeparefund.law.working_days import check_day, is_working_day, next_working_day

__all__ = [
    "Window",
    "cape_window",
    "denied_protest_suit_window",
    "post_summary_correction_window",
    "protest_window",
    "residual_suit_window",
    "voluntary_reliquidation_window",
]


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a step can be taken, `opens` and `closes` both included.

    `rule` is the stable name of the step; `note` says what is uncertain about it. A window that never opened
    has `opens` after `closes`, is open on no day, and its note says why.
    """

    rule: str
    opens: dt.date
    closes: dt.date
    citation: Citation
    note: str = ""

    def is_open(self, on: dt.date) -> bool:
        """Return whether the step can be taken on the day `on`."""
        check_day(on, "on")
        return self.opens <= on <= self.closes

    def days_left(self, as_of: dt.date) -> int:
        """Return the calendar days from `as_of` to the last day: 0 on that day, negative once it is past."""
        check_day(as_of, "as_of")
        return (self.closes - as_of).days


def _moved(term: Clock, closes: dt.date) -> str:
    """What the note says of a last day that is not a working day; nothing outside the calendar."""
    try:
        if is_working_day(closes):
            return ""
        following = next_working_day(closes)
    except CoverageError:
        return ""
    return (
        f" {closes} is not a working day: act by it all the same. The next working day, {following}, "
        f"is UNSAFE: {term.roll}."
    )


# Windows never change once made, and thousands of entries share a liquidation day: they are kept.
@lru_cache(maxsize=4096)
def _counted(rule: str, identifier: str, start: dt.date, name: str) -> Window:
    check_day(start, name)
    term = clock(identifier)
    closes = term.end(start)
    return Window(rule, start, closes, term.citation, term.note + _moved(term, closes))


@overload
def cape_window(liquidation_date: dt.date) -> Window: ...
@overload
def cape_window(liquidation_date: None) -> None: ...
def cape_window(liquidation_date: dt.date | None) -> Window | None:
    """Return the days on which CAPE takes an entry liquidated, or last reliquidated, on `liquidation_date`.

    It closes on day 80, which still counts, and opens on the liquidation date, but not before CAPE itself
    opened on 2026-04-20. Calendar days. `None` for `None`: without a liquidation date there is no deadline.
    Source: CBP's CAPE FAQ of 2026-04-15.

    >>> cape_window(dt.date(2026, 1, 30)).closes
    datetime.date(2026, 4, 20)
    """
    if liquidation_date is None:
        return None
    return _cape(liquidation_date)


@lru_cache(maxsize=4096)
def _cape(liquidation_date: dt.date) -> Window:
    check_day(liquidation_date, "liquidation_date")
    term = clock("cape")
    closes = term.end(liquidation_date)
    opens = max(liquidation_date, term.first_day)
    if closes < opens:
        note = f"Never open: CAPE opened on {term.first_day}, after day {term.count} of this liquidation."
    else:
        note = term.note + _moved(term, closes)
    return Window("cape", opens, closes, term.citation, note)


@overload
def voluntary_reliquidation_window(liquidation_date: dt.date) -> Window: ...
@overload
def voluntary_reliquidation_window(liquidation_date: None) -> None: ...
def voluntary_reliquidation_window(liquidation_date: dt.date | None) -> Window | None:
    """Return the days on which CBP can reliquidate of its own accord: 90 from the *original* liquidation.

    A reliquidation does not start them again. Source: 19 USC 1501; 19 CFR 173.3.
    """
    if liquidation_date is None:
        return None
    return _counted("reliquidation", "voluntary_reliquidation", liquidation_date, "liquidation_date")


@overload
def protest_window(liquidation_date: dt.date) -> Window: ...
@overload
def protest_window(liquidation_date: None) -> None: ...
def protest_window(liquidation_date: dt.date | None) -> Window | None:
    """Return the days on which a protest can be filed: from the (re)liquidation to day 180.

    After a reliquidation it is open only for what that touched. Source: 19 USC 1514(c)(3); 19 CFR 174.12(e).
    """
    if liquidation_date is None:
        return None
    return _counted("protest", "protest", liquidation_date, "liquidation_date")


@overload
def denied_protest_suit_window(denied_on: dt.date) -> Window: ...
@overload
def denied_protest_suit_window(denied_on: None) -> None: ...
def denied_protest_suit_window(denied_on: dt.date | None) -> Window | None:
    """Return the days on which suit can be brought on a protest whose denial was mailed on `denied_on`: 180.

    For a deemed denial pass the day it is deemed denied. Source: 28 USC 2636(a); 19 CFR 174.31.
    """
    if denied_on is None:
        return None
    return _counted("denied_protest_suit", "denied_protest_suit", denied_on, "denied_on")


@overload
def residual_suit_window(accrued_on: dt.date) -> Window: ...
@overload
def residual_suit_window(accrued_on: None) -> None: ...
def residual_suit_window(accrued_on: dt.date | None) -> Window | None:
    """Return the days on which another action (28 USC 1581(i)) can be brought: two years from its accrual.

    When the cause accrues is disputed: deposit, entry or liquidation. The earliest is the safe one.
    Source: 28 USC 2636(i).
    """
    if accrued_on is None:
        return None
    return _counted("residual_suit", "residual_suit", accrued_on, "accrued_on")


@overload
def post_summary_correction_window(entry_date: dt.date, scheduled_liquidation: dt.date | None) -> Window: ...
@overload
def post_summary_correction_window(entry_date: None, scheduled_liquidation: dt.date | None) -> None: ...
def post_summary_correction_window(
    entry_date: dt.date | None, scheduled_liquidation: dt.date | None
) -> Window | None:
    """Return the days on which a post summary correction can be filed.

    It closes on the earlier of entry plus 300 days and the scheduled liquidation less 15 days. With no
    scheduled liquidation only the 300 days are counted, and the note says so. `None` if the entry date is.

    >>> post_summary_correction_window(dt.date(2025, 8, 1), dt.date(2026, 5, 29)).closes
    datetime.date(2026, 5, 14)
    """
    return None if entry_date is None else _correction(entry_date, scheduled_liquidation)


@lru_cache(maxsize=4096)
def _correction(entry_date: dt.date, scheduled_liquidation: dt.date | None) -> Window:
    check_day(entry_date, "entry_date")
    term = clock("correction_after_entry")
    closes, note = term.end(entry_date), term.note
    if scheduled_liquidation is None:
        note += " No scheduled liquidation is known: only the days from entry are counted."
    else:
        check_day(scheduled_liquidation, "scheduled_liquidation")
        closes = min(closes, clock("correction_before_liquidation").end(scheduled_liquidation, steps=-1))
    if closes < entry_date:
        note += " Never open: the scheduled liquidation lies too close to the entry."
    return Window("post_summary_correction", entry_date, closes, term.citation, note)
