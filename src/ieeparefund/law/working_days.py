"""Customs working days: Monday to Friday less the national holidays of 19 CFR 101.6(a), as observed.

A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after. Inauguration
Day, a holiday around Washington only, is not in the list. With `closures=True` the days on which an executive
order closed the federal offices for the whole day are not working days either. Whether they are is an open
question; the default is the plain reading of the regulation, by which they are working days.

Both lists are shipped, `tables/national_holidays.csv` and `tables/executive_order_closures.csv`, each row with its
source: no other package decides about a deadline.

Days from 1990 to 2049 are covered (from 2001 with closures); all others are refused.
"""

from __future__ import annotations

import csv
import datetime as dt
from array import array
from calendar import monthrange
from operator import index
from typing import NamedTuple

from ieeparefund.errors import CoverageError, FieldError
from ieeparefund.law.citations import table_text
from ieeparefund.law.once import once

__all__ = [
    "FIRST_DAY_WITH_CLOSURES",
    "LAST_DAY",
    "add_working_days",
    "is_working_day",
    "next_working_day",
    "nth_working_day",
    "previous_working_day",
    "working_days_between",
]

_FIRST = dt.date(1990, 1, 1)
FIRST_DAY_WITH_CLOSURES = dt.date(2001, 1, 1)
LAST_DAY = dt.date(2049, 12, 31)


_NO_RANK = 0xFFFF  # of days outside the calendar: more than any place, so that a look-up with it fails


class _Calendar(NamedTuple):
    """`days` are the working days in order, from place 1; `rank` is the place of the last one up to a day.

    Ranks are kept by the day's ordinal, packed, so that two look-ups in a row answer a question.
    """

    rank: array[int]
    days: list[dt.date]
    closures: bool

    def place(self, day: dt.date, name: str = "day") -> int:
        if type(day) is not dt.date:
            check_day(day, name)
        ordinal = day.toordinal()
        rank = self.rank[ordinal] if ordinal < len(self.rank) else _NO_RANK
        if rank == _NO_RANK:
            raise self.outside(str(day))
        return rank

    def at(self, place: int, asked: str) -> dt.date:
        if 1 <= place < len(self.days):
            return self.days[place]
        raise self.outside(asked)

    def outside(self, asked: str) -> CoverageError:
        first = FIRST_DAY_WITH_CLOSURES if self.closures else _FIRST
        what = "working days with executive-order closures" if self.closures else "working days"
        return CoverageError(f"{what} are known from {first} to {LAST_DAY}, not for {asked}. Check the date.")


# The calendar without closures again, as plain globals: `add_working_days` is called for every entry, and two
# look-ups are all it can afford. Empty until first needed.
_rank: array[int] = array("H")
_days: list[dt.date] = []


def _rows(table: str) -> csv.DictReader[str]:
    return csv.DictReader(table_text(table).splitlines())


def _national_holidays() -> set[dt.date]:
    """The days observed, New Year's Day 2050 among them: that is the last day of 2049."""
    return {dt.date.fromisoformat(row["day"]) for row in _rows("national_holidays.csv")}


def _closures() -> set[dt.date]:
    # After a half-day closing the morning is left: the day stays a working day.
    return {
        dt.date.fromisoformat(row["day"])
        for row in _rows("executive_order_closures.csv")
        if row["closed"] == "whole"
    }


@once
def _calendar(closures: bool) -> _Calendar:
    global _rank, _days
    first = FIRST_DAY_WITH_CLOSURES if closures else _FIRST
    shut = _national_holidays() | (_closures() if closures else set())
    # Place 0 is no day: a rank of 0 means that no working day lies before.
    calendar = _Calendar(array("H", [_NO_RANK]) * first.toordinal(), [dt.date.min], closures)
    for day in map(dt.date.fromordinal, range(first.toordinal(), LAST_DAY.toordinal() + 1)):
        if day.weekday() < 5 and day not in shut:
            calendar.days.append(day)
        calendar.rank.append(len(calendar.days) - 1)
    if not closures:
        # Days first: whoever sees the ranks finds the days in place.
        _days = calendar.days
        _rank = calendar.rank
    return calendar


def check_day(value: object, name: str) -> None:
    """Refuse anything but a plain date, also a `datetime`, whose clock time and zone would be dropped."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise FieldError(f"{name} is {value!r}, not a date.", remedy="Pass a datetime.date.")


def _whole(value: object, name: str) -> int:
    try:
        return index(value)  # type: ignore[arg-type]  # anything but a whole number falls into the TypeError
    except TypeError:
        raise FieldError(f"{name} is {value!r}, not a whole number.", remedy="Pass an int.") from None


def is_working_day(day: dt.date, *, closures: bool = False) -> bool:
    """Return whether `day` is a customs working day.

    Raises `FieldError` for anything but a plain date and `CoverageError` outside 1990 to 2049 (2001 to 2049
    with `closures`); so do all functions here. Source: 19 CFR 101.1, 101.6(a).

    >>> import datetime as dt
    >>> is_working_day(dt.date(2026, 7, 3))  # observes Saturday, July 4
    False
    """
    calendar = _calendar(closures)
    return calendar.days[calendar.place(day)] == day


def next_working_day(day: dt.date, *, closures: bool = False) -> dt.date:
    """Return the first working day after `day`, which itself is never counted: `add_working_days(day, 1)`.

    To move a date off a weekend or holiday only, ask `is_working_day` first.

    >>> import datetime as dt
    >>> print(next_working_day(dt.date(2026, 7, 2)))  # a Thursday; Friday observes Independence Day
    2026-07-06
    """
    return add_working_days(day, 1, closures=closures)


def previous_working_day(day: dt.date, *, closures: bool = False) -> dt.date:
    """Return the last working day before `day`, which itself is never counted: `add_working_days(day, -1)`."""
    return add_working_days(day, -1, closures=closures)


def add_working_days(day: dt.date, count: int, *, closures: bool = False) -> dt.date:
    """Return the `count`-th working day after `day`, or before it where `count` is negative.

    `day` itself is never counted, whether it is a working day or not. So counts add up: three days and then
    four are seven, from any start. A `count` of 0 gives `day` back, and is refused (`FieldError`) where `day`
    is not a working day, since it would have to be moved first: use `next_working_day` or
    `previous_working_day`.

    >>> import datetime as dt
    >>> add_working_days(dt.date(2025, 2, 4), 10)
    datetime.date(2025, 2, 19)
    """
    try:
        if count > 0 and not closures and type(day) is dt.date:
            return _days[_rank[day.toordinal()] + count]
    except (IndexError, TypeError):
        pass  # not built yet, outside the calendar, or no whole count: told apart below
    return _add(day, count, closures)


def _add(day: dt.date, count: int, closures: bool) -> dt.date:
    calendar = _calendar(closures)
    place, steps = calendar.place(day), _whole(count, "count")
    counted = calendar.days[place] == day
    if steps == 0 and not counted:
        raise FieldError(
            f"{day} is not a working day, so no working day lies 0 working days from it.",
            remedy="Use next_working_day or previous_working_day.",
        )
    # Backwards from a day off, the last working day before it is the first one counted.
    if steps < 0 and not counted:
        place += 1
    return calendar.at(place + steps, f"{steps} working days from {day}")


def working_days_between(start: dt.date, end: dt.date, *, closures: bool = False) -> int:
    """Return the number of working days after `start` up to `end`: `start` is not counted, `end` is.

    Where `end` lies before `start` the count is negative: working days before `start` back to `end`, again
    without `start` and with `end`. It is the inverse of `add_working_days`:
    `working_days_between(day, add_working_days(day, n)) == n`. Swapping the two days changes the sign only
    if both or neither are working days, because the other end is left out.

    >>> import datetime as dt
    >>> working_days_between(dt.date(2025, 2, 4), dt.date(2025, 2, 19))
    10
    """
    calendar = _calendar(closures)
    first, last = calendar.place(start, "start"), calendar.place(end, "end")
    if start <= end:
        return last - first
    return last - (calendar.days[last] == end) - first + (calendar.days[first] == start)


def nth_working_day(year: int, month: int, n: int, *, closures: bool = False) -> dt.date:
    """Return the `n`-th working day of a month, counted from 1.

    Raises `FieldError` if the month has fewer, or for a month or `n` that does not exist.

    >>> nth_working_day(2025, 6, 15)  # the periodic monthly statement of June 2025
    datetime.date(2025, 6, 23)
    """
    place = _whole(n, "n")
    try:
        first = dt.date(year, month, 1)
        last = first.replace(day=monthrange(year, month)[1])
    except (TypeError, ValueError):
        raise FieldError(
            f"year {year!r} and month {month!r} name no month.", remedy="Pass a year and a month, 1 to 12."
        ) from None
    calendar = _calendar(closures)
    before = calendar.place(first) - is_working_day(first, closures=closures)
    count = calendar.place(last) - before
    if not 1 <= place <= count:
        raise FieldError(
            f"{year}-{month:02} has {count} working days, not a working day number {place}.",
            remedy=f"Pass n from 1 to {count}.",
        )
    return calendar.days[before + place]
