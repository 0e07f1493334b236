"""The answers a computation of interest may give to what the law settles, one enumeration a question.

The first member of each is the law's. What the others mean exactly is written in `DEPARTURES`.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Compounding", "DayBasis", "DayEnds", "Netting", "RateRule"]


class RateRule(StrEnum):
    """Which rate a day bears. The law: the rate of its own quarter."""

    OWN_QUARTER = "own_quarter"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    QUARTER_LATE = "quarter_late"
    LAST_PUBLISHED = "last_published"


class DayEnds(StrEnum):
    """Which of the two days earn interest. The law: the start does not, the end does."""

    END_ONLY = "end_only"
    START_ONLY = "start_only"
    BOTH = "both"
    NEITHER = "neither"


class DayBasis(StrEnum):
    """Days of the year that divide the annual rate. The law: 366 for days of a leap year, else 365."""

    ACTUAL = "365/366"
    ALWAYS_365 = "365"
    ALWAYS_360 = "360"
    THIRTY_360 = "30/360"


class Compounding(StrEnum):
    """How interest is added up. The law: daily, one balance across the quarters, rounded once."""

    DAILY = "daily"
    SIMPLE = "simple"
    QUARTER_ON_PRINCIPAL = "quarter_on_principal"
    NINE_PLACES = "nine_places"
    QUARTER_ROUNDED = "quarter_rounded"
    QUARTERLY = "quarterly"
    THIRTY_DAY_PERIODS = "thirty_day_periods"
    QUARTER_DAY_DROPPED = "quarter_day_dropped"


class Netting(StrEnum):
    """The principal. The law: the excess as given, with other adjustments of the entry already in it."""

    AS_GIVEN = "as_given"
    LESS = "less"
    MORE = "more"
