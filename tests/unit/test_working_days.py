"""Customs working days: the shipped table against the statute and the `holidays` package, published lists,
refusals, the lazy table.
"""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ieeparefund.errors import CoverageError, FieldError
from ieeparefund.law import working_days as module
from ieeparefund.law.citations import table_text
from ieeparefund.law.working_days import (
    add_working_days,
    is_working_day,
    next_working_day,
    nth_working_day,
    previous_working_day,
    working_days_between,
)

D = dt.date
MON, THU, SAT, SUN = 0, 3, 5, 6
FIRST, LAST = D(1990, 1, 1), D(2049, 12, 31)


def every_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> dt.date:
    """The n-th such weekday of a month, from the end where n is -1."""
    days = [
        D(year, month, k) for k in range(1, 32) if k <= (D(year, month % 12 + 1, 1) - dt.timedelta(1)).day
    ]
    return [day for day in days if day.weekday() == weekday][n if n < 0 else n - 1]


def statutory_holidays(year: int) -> dict[str, dt.date]:
    """5 USC 6103(a), written from the statute: the days themselves."""
    named = {
        "New Year's Day": D(year, 1, 1),
        "Birthday of Martin Luther King, Jr.": nth_weekday(year, 1, MON, 3),  # since 1986
        "Washington's Birthday": nth_weekday(year, 2, MON, 3),
        "Memorial Day": nth_weekday(year, 5, MON, -1),
        "Independence Day": D(year, 7, 4),
        "Labor Day": nth_weekday(year, 9, MON, 1),
        "Columbus Day": nth_weekday(year, 10, MON, 2),
        "Veterans Day": D(year, 11, 11),
        "Thanksgiving Day": nth_weekday(year, 11, THU, 4),
        "Christmas Day": D(year, 12, 25),
    }
    if year >= 2021:  # Public Law 117-17 of 2021-06-17
        named["Juneteenth National Independence Day"] = D(year, 6, 19)
    return named


def observed(day: dt.date) -> dt.date:
    """5 USC 6103(b)(1): Friday for a Saturday; E.O. 11582: Monday for a Sunday."""
    return day + dt.timedelta(days={SAT: -1, SUN: 1}.get(day.weekday(), 0))


def statutory_days_off(year: int) -> set[dt.date]:
    """The days observed for the holidays of a year; that for New Year's Day may lie in the year before."""
    return set(map(observed, statutory_holidays(year).values()))


def test_every_day_of_sixty_years_agrees_with_the_statute() -> None:
    off = set().union(*(statutory_days_off(year) for year in range(1990, 2051)))
    wrong = [
        day
        for day in every_day(FIRST, LAST)
        if is_working_day(day) is not (day.weekday() < SAT and day not in off)
    ]
    assert wrong == []


def test_the_shipped_table_is_the_statute_row_by_row() -> None:
    source = {SAT: "5 U.S.C. 6103(a), (b)(1)", SUN: "5 U.S.C. 6103(a); E.O. 11582"}
    rows = [
        {
            "day": str(observed(day)),
            "holiday": name,
            "date": str(day),
            "source": source.get(day.weekday(), "5 U.S.C. 6103(a)"),
        }
        for year in range(1990, 2051)
        for name, day in statutory_holidays(year).items()
        if FIRST <= observed(day) <= LAST
    ]
    shipped = list(csv.DictReader(table_text("national_holidays.csv").splitlines()))
    assert shipped == sorted(rows, key=lambda row: row["day"])


def test_the_holidays_package_agrees_with_the_table_and_with_the_statute_beyond_it() -> None:
    # Of the tests only: no answer rests on the package. A difference means a change of law, or a fault there.
    package = pytest.importorskip("holidays", reason="the package that is compared is not installed")
    off = {day for day in package.country_holidays("US", years=range(1990, 2061)) if day.weekday() < SAT}
    statute = set().union(*(statutory_days_off(year) for year in range(1990, 2062)))
    shipped = {
        dt.date.fromisoformat(r["day"])
        for r in csv.DictReader(table_text("national_holidays.csv").splitlines())
    }
    assert sorted(off ^ {day for day in statute if day.year <= 2060}) == []
    assert sorted({day for day in off if day <= LAST} ^ shipped) == []


# CBP's closing days of 2018 as a customs broker published them (Scarbrough International, "US Customs holiday
# schedule 2018"), and those of 2025 and 2026 by 19 CFR 101.6(a).
PUBLISHED = {
    2018: "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-12 11-22 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_published_closing_days(year: int) -> None:
    off = [
        f"{day:%m-%d}"
        for day in every_day(D(year, 1, 1), D(year, 12, 31))
        if day.weekday() < SAT and not is_working_day(day)
    ]
    assert off == PUBLISHED[year].split()


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (D(2020, 6, 19), True),  # Juneteenth, a Friday, the year before the law
        (D(2021, 6, 18), False),  # first observance, for Saturday the 19th
        (D(2021, 12, 31), False),  # New Year's Day 2022, a Saturday, in the year before
        (D(2022, 1, 1), False),
        (D(2022, 1, 3), True),  # a Saturday holiday does not move forward as well
        (D(2049, 12, 31), False),  # the last day covered observes New Year's Day 2050
        (D(1990, 1, 1), False),
        (D(1990, 1, 15), False),  # Martin Luther King, Jr.
        (D(2025, 4, 18), True),  # Good Friday is a holiday of the stock exchange only
        (D(2025, 10, 13), False),  # Columbus Day is none of it
        # Inauguration Day is a holiday in the Washington area, not in 19 CFR 101.6(a).
        (D(2005, 1, 20), True),
        (D(2009, 1, 20), True),
        (D(2017, 1, 20), True),
        (D(2021, 1, 20), True),
        (D(2025, 1, 20), False),  # Martin Luther King, Jr., on the same day
    ],
)
def test_days_that_calendars_get_wrong(day: dt.date, working: bool) -> None:
    assert is_working_day(day) is working


# The orders are cited in the table; the plain reading of 101.6(a) counts the days.
@pytest.mark.parametrize("day", [D(2025, 1, 9), D(2025, 12, 24), D(2025, 12, 26), D(2018, 12, 5)])
def test_closures_are_a_switch(day: dt.date) -> None:
    assert is_working_day(day)
    assert not is_working_day(day, closures=True)


@pytest.mark.parametrize("day", [D(2002, 12, 24), D(2009, 12, 24), D(2015, 12, 24)])
def test_half_day_closings_stay_working_days(day: dt.date) -> None:
    assert is_working_day(day, closures=True)


def test_every_closure_the_holidays_package_knows_is_in_the_table() -> None:
    package = pytest.importorskip("holidays", reason="the package that is compared is not installed")
    # A newer `holidays` with a new order makes this fail: add the order to executive_order_closures.csv.
    listed = package.country_holidays("US", years=range(2001, 2050), categories=("government",))
    whole = {day for day, name in listed.items() if "half-day" not in name and day.weekday() < SAT}
    assert [day for day in sorted(whole) if is_working_day(day, closures=True)] == []


def test_closures_add_days_off_and_take_none_away() -> None:
    differ = [
        day
        for day in every_day(D(2001, 1, 1), LAST)
        if is_working_day(day) is not is_working_day(day, closures=True)
    ]
    assert len(differ) == 16
    assert all(is_working_day(day) for day in differ)


@pytest.mark.parametrize(
    ("start", "count", "closures", "expected"),
    [
        # The 10th working day after entry (19 CFR 142.12(b)), counted by hand.
        (D(2025, 2, 4), 10, False, D(2025, 2, 19)),
        (D(2025, 4, 8), 10, False, D(2025, 4, 22)),
        (D(2025, 5, 12), 10, False, D(2025, 5, 27)),
        (D(2025, 12, 15), 10, False, D(2025, 12, 30)),
        (D(2025, 12, 15), 10, True, D(2026, 1, 2)),
        (D(2025, 12, 22), 10, False, D(2026, 1, 7)),
        (D(2025, 12, 22), 10, True, D(2026, 1, 9)),
        # From Friday, Saturday and Sunday the next one is the same Monday.
        (D(2026, 4, 17), 1, False, D(2026, 4, 20)),
        (D(2026, 4, 18), 1, False, D(2026, 4, 20)),
        (D(2026, 4, 19), 1, False, D(2026, 4, 20)),
        # And backwards: from Saturday, Sunday and Monday the Friday.
        (D(2026, 4, 18), -1, False, D(2026, 4, 17)),
        (D(2026, 4, 19), -1, False, D(2026, 4, 17)),
        (D(2026, 4, 20), -1, False, D(2026, 4, 17)),
        (D(2026, 7, 4), -1, False, D(2026, 7, 2)),
        (D(2026, 4, 20), 0, False, D(2026, 4, 20)),
        (D(2025, 12, 27), -1, True, D(2025, 12, 23)),
    ],
)
def test_add_working_days(start: dt.date, count: int, closures: bool, expected: dt.date) -> None:
    assert add_working_days(start, count, closures=closures) == expected


@pytest.mark.parametrize("closures", [False, True])
def test_no_days_from_a_day_off_is_refused(closures: bool) -> None:
    with pytest.raises(FieldError, match=r"2026-07-04 is not a working day.*Use next_working_day"):
        add_working_days(D(2026, 7, 4), 0, closures=closures)


def test_next_and_previous_never_count_the_day_itself() -> None:
    # Friday the 15th: the next working day is Monday the 18th, the one before Thursday the 14th.
    assert next_working_day(D(2026, 5, 15)) == D(2026, 5, 18)
    assert previous_working_day(D(2026, 5, 15)) == D(2026, 5, 14)
    assert next_working_day(D(2026, 7, 2)) == D(2026, 7, 6)
    # Friday the 3rd observes Saturday the 4th.
    assert next_working_day(D(2026, 7, 3)) == D(2026, 7, 6)
    assert previous_working_day(D(2026, 7, 5)) == D(2026, 7, 2)
    assert next_working_day(D(2025, 12, 24), closures=True) == D(2025, 12, 29)
    assert previous_working_day(D(2025, 12, 26), closures=True) == D(2025, 12, 23)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (D(2026, 4, 20), D(2026, 4, 20), 0),
        (D(2026, 4, 20), D(2026, 4, 21), 1),  # the start is not counted, the end is
        (D(2026, 4, 18), D(2026, 4, 19), 0),
        (D(2026, 4, 18), D(2026, 4, 20), 1),
        (D(2026, 4, 20), D(2026, 4, 18), 0),  # not the mirror image: Monday is the start and not counted
        (D(2026, 4, 21), D(2026, 4, 20), -1),
        (D(2026, 4, 21), D(2026, 4, 17), -2),
        (D(2025, 2, 4), D(2025, 2, 19), 10),
        (D(2026, 1, 1), D(2026, 12, 31), 250),  # 261 weekdays less 11 days off, the first being one of them
    ],
)
def test_working_days_between(start: dt.date, end: dt.date, expected: int) -> None:
    assert working_days_between(start, end) == expected


def test_between_with_closures() -> None:
    assert working_days_between(D(2025, 12, 23), D(2025, 12, 29)) == 3
    assert working_days_between(D(2025, 12, 23), D(2025, 12, 29), closures=True) == 1


# 15th working days: FR 2025-19572 and 19 USC 1505(a); June 2025 as published for the statement of May 2025.
STATEMENTS = {
    2025: "03-21 04-21 05-21 06-23 07-22 08-21 09-22 10-22 11-24 12-19",
    2026: "01-23 02-23 03-20 04-21",
}


@pytest.mark.parametrize(
    "day", [D.fromisoformat(f"{y}-{d}") for y, ds in STATEMENTS.items() for d in ds.split()]
)
@pytest.mark.parametrize("closures", [False, True])
def test_fifteenth_working_days(day: dt.date, closures: bool) -> None:
    assert nth_working_day(day.year, day.month, 15, closures=closures) == day


def test_first_and_last_working_day_of_a_month() -> None:
    assert nth_working_day(2026, 1, 1) == D(2026, 1, 2)
    assert nth_working_day(2026, 1, 20) == D(2026, 1, 30)
    assert nth_working_day(2049, 12, 21) == D(2049, 12, 30)
    assert nth_working_day(2001, 1, 1, closures=True) == D(2001, 1, 2)


@pytest.mark.parametrize("n", [0, -1, 21])
def test_a_working_day_the_month_does_not_have(n: int) -> None:
    with pytest.raises(
        FieldError, match=r"2026-01 has 20 working days, .* number -?\d+\. Pass n from 1 to 20"
    ):
        nth_working_day(2026, 1, n)


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), ("2026", 1), (2026, 1.0)])
def test_a_month_that_does_not_exist(year: int, month: int) -> None:
    with pytest.raises(FieldError, match="name no month"):
        nth_working_day(year, month, 1)


OUTSIDE: list[Callable[[], object]] = [
    lambda: is_working_day(D(1989, 12, 31)),
    lambda: is_working_day(D(2050, 1, 1)),
    lambda: next_working_day(D(2049, 12, 31)),
    lambda: previous_working_day(D(1990, 1, 1)),
    lambda: add_working_days(D(1989, 12, 29), 10),
    lambda: add_working_days(D(2049, 12, 29), 2),
    lambda: add_working_days(D(1990, 1, 2), -1),
    lambda: add_working_days(D(2026, 1, 2), -(10**6)),
    lambda: add_working_days(D(2026, 1, 2), 10**6),
    lambda: working_days_between(D(1989, 12, 31), D(2026, 1, 1)),
    lambda: working_days_between(D(2026, 1, 1), D(2050, 1, 1)),
    lambda: nth_working_day(1989, 12, 1),
    lambda: nth_working_day(9999, 12, 1),
]


@pytest.mark.parametrize("call", OUTSIDE)
def test_outside_the_calendar(call: Callable[[], object]) -> None:
    with pytest.raises(CoverageError, match=r"known from 1990-01-01 to 2049-12-31, not for .*Check the date"):
        call()


def test_closures_are_known_from_2001_only() -> None:
    with pytest.raises(
        CoverageError, match="executive-order closures are known from 2001-01-01 to 2049-12-31"
    ):
        is_working_day(D(1994, 4, 27), closures=True)


MIDNIGHT = dt.datetime(2026, 4, 20)
NO_DATES: list[tuple[str, Callable[[Any], object]]] = [
    ("day", is_working_day),
    ("day", next_working_day),
    ("day", previous_working_day),
    ("day", lambda value: add_working_days(value, 10)),
    ("day", lambda value: add_working_days(value, -10)),
    ("start", lambda value: working_days_between(value, D(2026, 4, 20))),
    ("end", lambda value: working_days_between(D(2026, 4, 20), value)),
]


@pytest.mark.parametrize(("name", "call"), NO_DATES)
@pytest.mark.parametrize("value", [MIDNIGHT, "2026-04-20", None, 46132, [D(2026, 4, 20)]])
def test_anything_but_a_date_is_refused(name: str, call: Callable[[Any], object], value: object) -> None:
    with pytest.raises(FieldError, match=rf"^{name} is .*, not a date\. Pass a datetime\.date"):
        call(value)


@pytest.mark.parametrize("count", [2.5, 2.0, "3", None])
def test_a_count_that_is_not_whole_is_refused(count: int) -> None:
    with pytest.raises(FieldError, match=r"count is .*, not a whole number"):
        add_working_days(D(2026, 4, 20), count)
    with pytest.raises(FieldError, match=r"n is .*, not a whole number"):
        nth_working_day(2026, 4, count)


def test_a_subclass_of_date_counts_as_its_day() -> None:
    class Stamp(dt.date):
        pass

    assert add_working_days(Stamp(2025, 2, 4), 10) == D(2025, 2, 19)


def test_importing_loads_nothing_heavy_and_no_question_loads_the_holidays_package() -> None:
    code = (
        "import sys, datetime as dt\n"
        "from ieeparefund.law.working_days import add_working_days\n"
        "import ieeparefund.law.windows\n"
        "print(sorted({'holidays', 'numpy', 'dateutil'} & set(sys.modules)))\n"
        "print(add_working_days(dt.date(2025, 2, 4), 10))\n"
        "print('holidays' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:3] == ["[]", "2025-02-19", "False"]


def test_threads_that_come_first_together_get_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    module._calendar.cache_clear()
    monkeypatch.setattr(module, "_rank", array("H"))
    monkeypatch.setattr(module, "_days", [])
    days = [D(2025, 1, 1) + dt.timedelta(days=k) for k in range(64)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda day: add_working_days(day, 10), days))
    assert found == [add_working_days(day, 10) for day in days]
    assert found[34] == D(2025, 2, 19)


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        (lambda: is_working_day(D(1989, 12, 31)), "1989-12-31"),
        (lambda: working_days_between(D(2026, 1, 1), D(2050, 1, 1)), "2050-01-01"),
        (lambda: add_working_days(D(2049, 12, 29), 2), "2 working days from 2049-12-29"),
        (lambda: add_working_days(D(1990, 1, 2), -1), "-1 working days from 1990-01-02"),
    ],
)
def test_outside_the_calendar_the_error_says_what_was_asked(call: Callable[[], object], asked: str) -> None:
    with pytest.raises(
        CoverageError,
        match=rf"^working days are known from 1990-01-01 to 2049-12-31, not for {asked}\. Check the date\.$",
    ):
        call()


def test_the_first_and_the_last_working_day_of_the_calendar_are_reached() -> None:
    # Monday 1990-01-01 is New Year's Day; Friday 2049-12-31 observes that of 2050.
    assert previous_working_day(D(1990, 1, 3)) == D(1990, 1, 2)
    assert next_working_day(D(2049, 12, 29)) == D(2049, 12, 30)
    assert previous_working_day(D(2001, 1, 3), closures=True) == D(2001, 1, 2)


def test_a_refused_count_or_month_says_what_to_pass() -> None:
    with pytest.raises(FieldError, match=r"Pass an int\.$"):
        add_working_days(D(2026, 4, 20), 2.5)  # type: ignore[arg-type]  # the case tested
    with pytest.raises(FieldError, match=r"Pass a year and a month, 1 to 12\.$"):
        nth_working_day(2026, 13, 1)


def test_the_calendar_ends_with_its_last_day() -> None:
    assert is_working_day(D(2049, 12, 30))
    with pytest.raises(CoverageError, match="not for 2050-01-01"):
        is_working_day(D(2050, 1, 1))


def test_each_end_of_a_span_is_refused_under_its_name() -> None:
    with pytest.raises(FieldError, match=r"^start is None"):
        working_days_between(None, D(2026, 4, 20))  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(FieldError, match=r"^end is None"):
        working_days_between(D(2026, 4, 20), None)  # type: ignore[arg-type]  # the same
