"""Laws of the working-day functions, and their agreement with a walk over the days one by one."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.law.working_days import (
    add_working_days,
    is_working_day,
    next_working_day,
    nth_working_day,
    previous_working_day,
    working_days_between,
)

# Far enough from the ends of the calendar for every count below.
days = st.dates(dt.date(2005, 1, 1), dt.date(2045, 12, 31))
counts = st.integers(1, 400)
signed = st.integers(-400, 400).filter(bool)
closures = st.booleans()
ONE = dt.timedelta(days=1)


def walk(day: dt.date, count: int, shut: bool) -> dt.date:
    """The oracle: step from day to day and count the working ones."""
    step = ONE if count > 0 else -ONE
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, closures=shut)
    return day


@given(days, st.integers(-60, 60).filter(bool), closures)
def test_adding_is_walking(day: dt.date, count: int, shut: bool) -> None:
    assert add_working_days(day, count, closures=shut) == walk(day, count, shut)


@given(days, counts, counts, closures)
def test_counts_add_up_from_any_start(day: dt.date, first: int, then: int, shut: bool) -> None:
    halfway = add_working_days(day, first, closures=shut)
    assert add_working_days(halfway, then, closures=shut) == add_working_days(
        day, first + then, closures=shut
    )


@given(days, counts, counts, closures)
def test_counts_add_up_backwards(day: dt.date, first: int, then: int, shut: bool) -> None:
    halfway = add_working_days(day, -first, closures=shut)
    assert add_working_days(halfway, -then, closures=shut) == add_working_days(
        day, -first - then, closures=shut
    )


@given(days, signed, closures)
def test_back_again_from_a_working_day(day: dt.date, count: int, shut: bool) -> None:
    start = next_working_day(day, closures=shut)
    there = add_working_days(start, count, closures=shut)
    assert add_working_days(there, -count, closures=shut) == start


@given(days, signed, closures)
def test_the_result_is_a_working_day_on_the_right_side(day: dt.date, count: int, shut: bool) -> None:
    there = add_working_days(day, count, closures=shut)
    assert is_working_day(there, closures=shut)
    assert (there > day) is (count > 0)


@given(days, days, counts, closures)
def test_adding_keeps_the_order_of_days(one: dt.date, other: dt.date, count: int, shut: bool) -> None:
    early, late = sorted((one, other))
    assert add_working_days(early, count, closures=shut) <= add_working_days(late, count, closures=shut)
    assert add_working_days(early, -count, closures=shut) <= add_working_days(late, -count, closures=shut)


@given(days, counts, closures)
def test_one_more_goes_further(day: dt.date, count: int, shut: bool) -> None:
    assert add_working_days(day, count, closures=shut) < add_working_days(day, count + 1, closures=shut)


@given(days, counts)
def test_closures_never_bring_a_day_forward(day: dt.date, count: int) -> None:
    assert add_working_days(day, count) <= add_working_days(day, count, closures=True)


@given(days, signed, closures)
def test_between_is_the_inverse_of_adding(day: dt.date, count: int, shut: bool) -> None:
    there = add_working_days(day, count, closures=shut)
    assert working_days_between(day, there, closures=shut) == count


@given(days, st.integers(-90, 90), closures)
def test_between_is_counting(start: dt.date, distance: int, shut: bool) -> None:
    end = start + distance * ONE
    step = ONE if distance > 0 else -ONE
    counted = sum(is_working_day(start + k * step, closures=shut) for k in range(1, abs(distance) + 1))
    assert working_days_between(start, end, closures=shut) == (counted if distance > 0 else -counted)


@given(days, days, days, closures)
def test_spans_in_a_row_add_up(a: dt.date, b: dt.date, c: dt.date, shut: bool) -> None:
    a, b, c = sorted((a, b, c))
    whole = working_days_between(a, c, closures=shut)
    assert working_days_between(a, b, closures=shut) + working_days_between(b, c, closures=shut) == whole
    back = working_days_between(c, a, closures=shut)
    assert working_days_between(c, b, closures=shut) + working_days_between(b, a, closures=shut) == back


@given(days, closures)
def test_next_and_previous(day: dt.date, shut: bool) -> None:
    after, before = next_working_day(day, closures=shut), previous_working_day(day, closures=shut)
    assert before < day < after
    assert is_working_day(before, closures=shut)
    assert is_working_day(after, closures=shut)
    # Nothing lies between them but the day itself, if it is a working day.
    inside = is_working_day(day, closures=shut)
    assert working_days_between(before, after, closures=shut) == 1 + inside
    if inside:
        assert add_working_days(day, 0, closures=shut) == day
        assert next_working_day(before, closures=shut) == day == previous_working_day(after, closures=shut)


@given(days, closures)
def test_the_working_days_of_a_month_in_order(day: dt.date, shut: bool) -> None:
    month = [day.replace(day=k) for k in range(1, monthrange(day.year, day.month)[1] + 1)]
    working = [each for each in month if is_working_day(each, closures=shut)]
    found = [nth_working_day(day.year, day.month, n, closures=shut) for n in range(1, len(working) + 1)]
    assert found == working
    # The n-th of a month is n working days after the last day of the month before.
    assert found[14] == add_working_days(month[0] - ONE, 15, closures=shut)
