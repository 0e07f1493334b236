"""Cash forecasts: days of the three cases, amounts, weeks, years, what is undated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import CoverageError
from ieeparefund.law import refund_practice as module
from ieeparefund.law.citations import Standing, table_text
from ieeparefund.law.refund_practice import refund_practice
from ieeparefund.refunds.cash import cash_forecast
from ieeparefund.refunds.cash_results import CashForecast, CashSum
from ieeparefund.refunds.payments import expected_payments
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio

DAY = dt.date(2026, 4, 27)


def entry(number: str = "ZT400001231", duty: str = "1000.00", **changes: Any) -> Entry:
    facts: dict[str, Any] = {
        "number": number,
        "entry_type": "01",
        "entry_date": dt.date(2025, 6, 2),
        "lines": [EntryLine(1, "VN", [TariffLine("9903.01.25", 0, duty)])],
        "importer": "75-419312501",
        "deposit_date": dt.date(2025, 6, 16),
        "liquidation_status": "unliquidated",
        "cape_accepted_on": dt.date(2026, 4, 20),
    }
    return Entry(**(facts | changes))


def book(*entries: Entry, as_of: dt.date = DAY) -> Portfolio:
    return estimate_portfolio(entries, as_of=as_of, payee="corporation")


def test_the_practice_is_dated_and_cited() -> None:
    # 60 to 90 days: CSMS 68340863 as restated by brokers; 18 days: a guide on a filing of 2026-05-26.
    practice = refund_practice(dt.date(2026, 4, 20))
    assert (practice.least_days, practice.most_days, practice.observed_days) == (60, 90, 18)
    assert practice == refund_practice()
    assert practice.days_standing is Standing.PUBLISHED
    assert practice.observed_standing is Standing.INFERRED
    assert "68340863" in str(practice.days_citation)
    assert practice.note
    assert practice.observed_citation.id == "cape-turnaround-2026-05"
    with pytest.raises(
        CoverageError,
        match=r"^the time a CAPE refund takes is known from 2026-04-20 .* CAPE opened on the first of these days",
    ):
        refund_practice(dt.date(2026, 4, 19))


def test_the_middle_is_a_whole_day_rounded_down() -> None:
    practice = dataclasses.replace(refund_practice(), least_days=60, most_days=91)
    assert (practice.middle_days, type(practice.middle_days)) == (75, int)


def test_a_practice_that_changed_is_asked_by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    old = table_text("refund_practice.toml")
    new = old.replace("from = 2026-04-20", "from = 2026-07-01").replace("most_days = 90", "most_days = 45")
    both = old.replace("from = 2026-04-20", "from = 2026-04-20\nto = 2026-06-30") + new
    module._timeline.cache_clear()
    monkeypatch.setattr(module, "table_text", lambda _: both)
    try:
        assert refund_practice(dt.date(2026, 6, 30)).last_day == dt.date(2026, 6, 30)
        assert [refund_practice(dt.date(2026, month, 1)).most_days for month in (6, 7)] == [90, 45]
    finally:
        module._timeline.cache_clear()


def test_an_unliquidated_entry_60_75_and_90_days_after_acceptance() -> None:
    (paid,) = book(entry()).cash_forecast().payments
    assert paid.liquidation_date == dt.date(2026, 6, 4)  # 45 days, CSMS 68340863
    assert paid.high_on == dt.date(2026, 6, 22)  # day 60 is Friday 06-19, a holiday; then a Monday
    assert paid.expected_on == dt.date(2026, 7, 6)  # day 75 is Saturday 07-04, also 30 days after liquidation
    assert paid.low_on == dt.date(2026, 7, 20)  # day 90 is Sunday 07-19
    assert not paid.acceptance_assumed
    assert not paid.overdue
    assert paid.sums.low == paid.sums.expected == paid.sums.high


def test_a_liquidated_entry_may_come_18_days_after_reliquidation() -> None:
    liquidated = entry(liquidation_date=dt.date(2026, 3, 20), liquidation_status="liquidated")
    (paid,) = book(liquidated).cash_forecast().payments
    assert paid.liquidation_date == dt.date(2026, 4, 21)
    assert paid.high_on == dt.date(2026, 5, 11)  # 18 days are Saturday 05-09
    assert paid.low_on == dt.date(2026, 7, 20)


def test_an_unknown_acceptance_is_assumed() -> None:
    (paid,) = book(entry(cape_accepted_on=None)).cash_forecast().payments
    assert paid.acceptance_assumed
    assert paid.high_on == DAY + dt.timedelta(days=60)
    known = entry(cape_accepted_on=None, reliquidation_date=dt.date(2026, 6, 12))
    (paid,) = book(known).cash_forecast().payments
    assert paid.acceptance_assumed
    assert paid.high_on == dt.date(2026, 6, 29)  # 15 days after it are Saturday 06-27


def test_what_is_late_stands_in_the_week_of_the_question() -> None:
    (paid,) = (forecast := book(entry(), as_of=dt.date(2026, 9, 30)).cash_forecast()).payments
    assert paid.overdue
    assert paid.high_on == paid.expected_on == paid.low_on == dt.date(2026, 9, 30)
    assert [week.monday for week in forecast.weeks] == [dt.date(2026, 9, 28)]


def test_weeks_have_no_gap_and_each_case_its_own() -> None:
    forecast = book(entry()).cash_forecast()
    rows = forecast.to_rows()
    assert [row["week"] for row in rows] == [
        dt.date(2026, 6, 22) + dt.timedelta(days=7 * n) for n in range(5)
    ]
    amount = forecast.total.expected
    assert [row["high"] for row in rows] == [amount, 0, 0, 0, 0]
    assert [row["expected"] for row in rows] == [0, 0, amount, 0, 0]
    assert [row["low"] for row in rows] == [0, 0, 0, 0, amount]
    assert rows[2]["principal"] == Decimal("1000.00")
    assert rows[2]["interest"] == amount - 1000


def test_an_assumed_deposit_and_an_open_duty_widen_the_amounts() -> None:
    assumed = book(entry(deposit_date=None)).cash_forecast().total
    assert assumed.low < assumed.expected < assumed.high
    rows = [TariffLine("9903.02.20", 10000, "1500.00"), TariffLine("3926.90.99.89", 10000, 0)]
    open_duty = entry(
        lines=[EntryLine(1, "DE", rows)], entry_date=dt.date(2025, 9, 2), deposit_date=dt.date(2025, 9, 16)
    )
    (estimate,) = book(open_duty).estimates
    assert not estimate.duty.is_certain
    total = book(open_duty).cash_forecast().total
    assert total.low == total.expected == estimate.refund
    assert total.high > 1500
    rate = Column1Rate(Decimal("5.3"))
    known = entry(
        lines=[EntryLine(1, "DE", rows, column1_rate=rate)],
        entry_date=dt.date(2025, 9, 2),
        deposit_date=dt.date(2025, 9, 16),
    )
    settled = book(known).cash_forecast().total
    assert settled.low == settled.high


def test_deferred_entries_are_undated_unless_reliquidated() -> None:
    held = entry(liquidation_status="suspended")
    forecast = book(held).cash_forecast()
    assert forecast.payments == forecast.weeks == ()
    assert forecast.undated_entries == (held.number,)
    assert forecast.undated.expected == book(held).totals.refund == forecast.total.expected > 1000
    known = entry(
        liquidation_status="extended",
        liquidation_date=dt.date(2026, 4, 3),
        reliquidation_date=dt.date(2026, 6, 12),
    )
    portfolio = book(known)
    assert portfolio.cash_forecast().undated_entries == ()
    (paid,) = expected_payments(portfolio.estimates)
    assert paid.liquidation_date == dt.date(2026, 6, 12)
    assert paid.amount == portfolio.totals.refund


def test_rejected_entries_and_empty_books_have_nothing() -> None:
    final = entry(
        liquidation_date=dt.date(2025, 9, 5), liquidation_status="liquidated", cape_accepted_on=None
    )
    for forecast in (
        book(final).cash_forecast(),
        book().cash_forecast(),
        book(entry(duty="0.00")).cash_forecast(),
    ):
        assert forecast.total == CashSum()
        assert forecast.weeks == ()
        assert dict(forecast.by_year) == {}


def test_years_are_those_of_the_money() -> None:
    forecast = book(
        entry(cape_accepted_on=dt.date(2026, 10, 12)), as_of=dt.date(2026, 10, 12)
    ).cash_forecast()
    assert list(forecast.by_year) == [2026, 2027]
    amount = forecast.total.expected
    assert forecast.by_year[2026] == CashSum(Decimal("0.00"), Decimal("1000.00"), amount - 1000, amount)
    assert forecast.by_year[2027].low == amount


def test_plain_values_and_pickling() -> None:
    forecast = cash_forecast(
        book(entry(), entry("ABC12345676", liquidation_status="suspended")).estimates, as_of=DAY
    )
    plain = forecast.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["payments"][0]["party"] == "**-*****2501"
    assert plain["undated"]["entries"] == ["ABC-1234567-6"]
    assert plain["total"]["expected"] == f"{forecast.total.expected:.2f}"
    again: CashForecast = pickle.loads(pickle.dumps(forecast))
    assert again == forecast
