"""Laws of windows and due dates: their order, their ends, leap days, and the windows of any entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import entries

from ieeparefund.entries.codes import LiquidationStatus
from ieeparefund.entries.entry import Entry
from ieeparefund.law.windows import (
    Window,
    cape_window,
    deemed_liquidation_date,
    denied_protest_suit_window,
    entry_summary_due_date,
    expected_liquidation_date,
    periodic_statement_due_date,
    post_summary_correction_window,
    protest_window,
    reconciliation_due_date,
    refund_due_date,
    residual_suit_window,
    voluntary_reliquidation_window,
    windows,
)
from ieeparefund.law.working_days import is_working_day, nth_working_day, working_days_between

days = st.dates(dt.date(1995, 1, 1), dt.date(2044, 12, 31))
near = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))
ONE = dt.timedelta(days=1)
RULES: list[tuple[Callable[[dt.date], Window], int | None]] = [
    (cape_window, 80),
    (voluntary_reliquidation_window, 90),
    (protest_window, 180),
    (denied_protest_suit_window, 180),
    (residual_suit_window, None),
]


@given(days)
def test_the_three_clocks_of_a_liquidation_end_in_order(day: dt.date) -> None:
    cape, again, protest = cape_window(day), voluntary_reliquidation_window(day), protest_window(day)
    assert day < cape.closes < again.closes < protest.closes


@given(days, st.sampled_from(RULES))
def test_counts_are_calendar_days_and_nothing_moves_them(
    day: dt.date, rule: tuple[Callable[[dt.date], Window], int | None]
) -> None:
    window, count = rule[0](day), rule[1]
    if count is not None:
        assert window.days_left(day) == count
    assert ("UNSAFE" in window.note) is (not is_working_day(window.closes) and window.opens <= window.closes)


@given(near, near, st.sampled_from([rule for rule, _ in RULES]))
def test_open_means_between_the_ends(start: dt.date, day: dt.date, rule: Callable[[dt.date], Window]) -> None:
    window = rule(start)
    assert window.is_open(day) is (window.opens <= day <= window.closes)
    assert window.is_open(window.closes) is (window.opens <= window.closes)
    assert not window.is_open(window.closes + ONE)
    assert not window.is_open(window.opens - ONE)


@given(near, near, st.sampled_from([rule for rule, _ in RULES]))
def test_days_left_falls_by_one_a_day(
    start: dt.date, day: dt.date, rule: Callable[[dt.date], Window]
) -> None:
    window = rule(start)
    assert window.days_left(day) - window.days_left(day + ONE) == 1
    assert window.days_left(window.closes) == 0
    assert (window.days_left(day) >= 0) is (day <= window.closes)


@given(near)
def test_cape_is_open_on_no_day_before_it_existed(day: dt.date) -> None:
    window = cape_window(day)
    assert window.opens == max(day, dt.date(2026, 4, 20))
    assert window.note.startswith("Never open") is (window.closes < dt.date(2026, 4, 20))


@given(days, st.one_of(st.none(), st.integers(0, 1500)))
def test_a_correction_ends_with_the_earlier_of_its_two_clocks(entry_date: dt.date, until: int | None) -> None:
    scheduled = None if until is None else entry_date + until * ONE
    window = post_summary_correction_window(entry_date, scheduled)
    ends = [entry_date + 300 * ONE] + ([] if scheduled is None else [scheduled - 15 * ONE])
    assert window.closes == min(ends)
    assert window.opens == entry_date
    assert ("Never open" in window.note) is (window.closes < window.opens)


@given(days)
def test_the_forecast_is_the_first_friday_from_day_314(day: dt.date) -> None:
    expected = expected_liquidation_date(day)
    assert expected.isoweekday() == 5
    assert 314 <= (expected - day).days <= 320


@given(days, st.integers(0, 3))
def test_deemed_liquidation_keeps_the_day_of_the_year(day: dt.date, extensions: int) -> None:
    deemed = deemed_liquidation_date(day, extensions)
    assert deemed.year == day.year + 1 + extensions
    if (day.month, day.day) != (2, 29):
        assert (deemed.month, deemed.day) == (day.month, day.day)
    else:
        # 28 February in a common year, 29 February again in the fourth.
        assert (deemed + ONE).month == 3
        assert (deemed.day == 29) is (extensions == 3)


@given(st.integers(1996, 2044).filter(lambda year: year % 4 == 0))
def test_every_clock_takes_a_leap_day(year: int) -> None:
    leap = dt.date(year, 2, 29)
    assert deemed_liquidation_date(leap) == dt.date(year + 1, 2, 28)
    assert residual_suit_window(leap).closes == dt.date(year + 2, 2, 28)
    assert reconciliation_due_date(leap) == dt.date(year + 1, 11, 29)
    assert refund_due_date(leap) == dt.date(year, 3, 30)
    assert protest_window(leap).days_left(leap) == 180


@given(days, st.booleans())
def test_due_dates_of_the_deposit(day: dt.date, shut: bool) -> None:
    # Closures are known from 2001 on.
    shut = shut and day.year > 2001
    summary = entry_summary_due_date(day, closures=shut)
    assert working_days_between(day, summary, closures=shut) == 10
    statement = periodic_statement_due_date(day, closures=shut)
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    assert statement == nth_working_day(year, month, 15, closures=shut)
    assert is_working_day(summary, closures=shut)


@given(days, days)
def test_due_dates_keep_the_order_of_their_starts(one: dt.date, other: dt.date) -> None:
    early, late = sorted((one, other))
    for rule in (
        expected_liquidation_date,
        deemed_liquidation_date,
        entry_summary_due_date,
        periodic_statement_due_date,
        refund_due_date,
        reconciliation_due_date,
    ):
        assert rule(early) <= rule(late)
    assert reconciliation_due_date(early, free_trade=True) < reconciliation_due_date(early)
    assert refund_due_date(early) < refund_due_date(early, deemed=True)


@given(entries(), near)
def test_the_windows_of_any_entry(entry: Entry, as_of: dt.date) -> None:
    found = windows(entry, as_of=as_of)
    assert [window.closes for window in found] == sorted(window.closes for window in found)
    rules = [window.rule for window in found]
    assert len(set(rules)) == len(rules)
    assert "residual_suit" in rules
    assert all(window.note for window in found)
    # Protest and CAPE come with a liquidation, forecasts without one, never both.
    decided = any(
        day is not None and day <= as_of for day in (entry.liquidation_date, entry.reliquidation_date)
    )
    assert ("cape" in rules) is ("protest" in rules) is decided
    assert not (
        decided and {"expected_liquidation", "deemed_liquidation", "post_summary_correction"} & {*rules}
    )
    if entry.liquidation_status is LiquidationStatus.LIQUIDATED and entry.liquidation_date is None:
        assert not {"expected_liquidation", "deemed_liquidation", "post_summary_correction"} & {*rules}


@given(entries(), near)
def test_the_windows_after_liquidation_stand_still(entry: Entry, as_of: dt.date) -> None:
    # Once every date of an entry is past, the day of the question changes nothing.
    last = max(day for day in (as_of, entry.liquidation_date, entry.reliquidation_date) if day is not None)
    if entry.liquidation_date is not None:
        assert windows(entry, as_of=last) == windows(entry, as_of=last + 400 * ONE)
