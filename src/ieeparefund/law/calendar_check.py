"""The shipped calendar against the `holidays` package: does a newer calendar know of a change of law?

No answer about a deadline rests on that package. It is kept up by other people, though, so a difference is worth
knowing: a new holiday or a new executive order of which this version of the tables does not know yet.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ieeparefund.errors import CoverageError
from ieeparefund.law.working_days import FIRST_DAY_WITH_CLOSURES, LAST_DAY, is_working_day

__all__ = ["CalendarDifference", "calendar_differences"]

_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class CalendarDifference:
    """A weekday on which the two disagree: `shipped_off` and `package_off` say who has it as a day off.

    `name` is the name the package gives the day, or blank. `closure` is whether it is a matter of executive-order
    closures, which count only where they are asked for.
    """

    day: dt.date
    name: str
    shipped_off: bool
    package_off: bool
    closure: bool


def calendar_differences(first_year: int, last_year: int) -> list[CalendarDifference]:
    """Return the weekdays of the years, both inclusive, on which the shipped tables and `holidays` differ, in order.

    Compared are the national holidays and, by the package's category `government`, the days on which an executive
    order closed the federal offices for the whole day. An empty list is the expected answer; `holidays` before
    0.88 lacks closures, which are then told. Raises `CoverageError` for years outside 2001 to 2049, and if the
    last year is before the first.

    >>> calendar_differences(2025, 2027)
    []
    """
    first_known, last_known = FIRST_DAY_WITH_CLOSURES.year, LAST_DAY.year
    if not first_known <= first_year <= last_year <= last_known:
        raise CoverageError(
            f"the calendars can be compared from {first_known} to {last_known}, not from {first_year} to {last_year}. "
            "Give the first year, then the last."
        )
    from holidays import country_holidays

    # The year after the last: its New Year's Day may be observed on December 31.
    years = range(first_year, last_year + 2)
    national = country_holidays("US", years=years)
    closures = {
        day: name
        for day, name in country_holidays("US", years=years, categories=("government",)).items()
        # After a half-day closing the day stays a working day.
        if "half-day" not in name and day not in national
    }
    found = []
    for ordinal in range(dt.date(first_year, 1, 1).toordinal(), dt.date(last_year, 12, 31).toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        if day.weekday() > _FRIDAY:
            continue
        shipped, package = not is_working_day(day), day in national
        if shipped is not package:
            found.append(CalendarDifference(day, national.get(day, ""), shipped, package, False))
            continue
        shut = not is_working_day(day, closures=True)
        if not shipped and shut is not (day in closures):
            found.append(CalendarDifference(day, closures.get(day, ""), shut, day in closures, True))
    return found
