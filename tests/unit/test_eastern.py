"""Entry and loading times in US eastern time, and the day whose law governs them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ieeparefund.errors import FieldError
from ieeparefund.law.eastern import Moment, has_old_minute, law_day, read_moment

D = dt.date


@pytest.mark.parametrize(
    ("given", "day", "clock"),
    [
        # New York is five hours behind UTC in winter and four in summer (15 USC 260a).
        (dt.datetime(2025, 2, 4, 5, 0, tzinfo=dt.UTC), D(2025, 2, 4), dt.time(0, 0)),
        (dt.datetime(2025, 2, 4, 4, 59, tzinfo=dt.UTC), D(2025, 2, 3), dt.time(23, 59)),
        (dt.datetime(2025, 8, 7, 4, 1, tzinfo=dt.UTC), D(2025, 8, 7), dt.time(0, 1)),
        (dt.datetime(2025, 8, 7, 13, 1, tzinfo=ZoneInfo("Asia/Tokyo")), D(2025, 8, 7), dt.time(0, 1)),
        (
            dt.datetime(2025, 8, 7, 9, 30, 15, tzinfo=ZoneInfo("America/New_York")),
            D(2025, 8, 7),
            dt.time(9, 30, 15),
        ),
        (D(2025, 8, 7), D(2025, 8, 7), None),
    ],
)
def test_a_clock_time_becomes_eastern_and_a_date_stays(
    given: dt.date, day: dt.date, clock: dt.time | None
) -> None:
    assert read_moment(given, "entry_date") == Moment(day, clock)


class Timeless(dt.tzinfo):
    """A zone that does not say what it is ahead by: as good as none."""

    def utcoffset(self, _: dt.datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    ("given", "problem", "shown"),
    [
        (dt.datetime(2025, 2, 4, 0, 1), "2025-02-04T00:01:00, a clock time without", "2025-02-04T00:01:00"),
        (
            dt.datetime(2025, 2, 4, tzinfo=Timeless()),
            "2025-02-04T00:00:00, a clock time without",
            "2025-02-04T00:00:00",
        ),
        ("2025-02-04", "'2025-02-04', neither a date nor", "2025-02-04"),
        (None, "None, neither a date nor", "None"),
    ],
)
def test_a_refusal_names_column_value_and_remedy(given: Any, problem: str, shown: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_moment(given, "loaded_on")
    assert caught.value.problem.startswith(f"loaded_on is {problem}")
    assert (caught.value.column, caught.value.value) == ("loaded_on", shown)
    assert caught.value.remedy


# Days on which a heading began or ended at 12:01 a.m. (CSMS 63988468, 64235342, 66749380), and at midnight.
@pytest.mark.parametrize(
    ("day", "old"),
    [
        (D(2025, 2, 4), True),
        (D(2025, 3, 4), True),
        (D(2025, 11, 10), True),
        (D(2025, 11, 11), False),
        (D(2025, 11, 9), False),
        (D(2026, 2, 24), False),
    ],
)
def test_the_first_minute_of_a_day_of_change(day: dt.date, old: bool) -> None:
    assert has_old_minute(day) is old
    before = day - dt.timedelta(days=1)
    assert law_day(Moment(day)) == day
    assert law_day(Moment(day, dt.time(0, 0))) == (before if old else day)
    assert law_day(Moment(day, dt.time(0, 0, 59))) == (before if old else day)
    assert law_day(Moment(day, dt.time(0, 1))) == day


def test_a_moment_before_a_cutoff() -> None:
    cutoff = dt.datetime(2025, 4, 5, 0, 1)
    assert Moment(D(2025, 4, 4), dt.time(23, 59)).is_before(cutoff)
    assert Moment(D(2025, 4, 5), dt.time(0, 0)).is_before(cutoff)
    assert not Moment(D(2025, 4, 5), dt.time(0, 1)).is_before(cutoff)
    assert not Moment(D(2025, 4, 5)).is_before(cutoff)
    assert not Moment(D(2025, 4, 6)).is_before(cutoff)
    assert str(Moment(D(2025, 4, 5), dt.time(0, 1, 30))) == "2025-04-05 00:01 eastern"


def test_the_day_on_which_collection_ended_at_midnight_has_no_minute_of_the_day_before() -> None:
    assert not has_old_minute(D(2026, 2, 24))


def test_a_moment_without_a_clock_time_in_words() -> None:
    assert str(Moment(D(2025, 8, 7))) == "2025-08-07"
