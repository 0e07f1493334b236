"""Bounds of interest where dates are ranges."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.errors import FieldError, RateNotPublishedError
from ieeparefund.law.interest_bounds import interest_bounds
from ieeparefund.law.rates import PUBLISHED_RATES

D = dt.date
ENTRY, STATEMENT, LIQUIDATED = D(2025, 5, 12), D(2025, 6, 23), D(2026, 2, 20)


def test_deposit_between_entry_and_statement() -> None:
    # Case of periodic monthly statements, from a question to an association of importers: 2,028.96 from the
    # statement, 2,389.39 from the entry.
    low, high = interest_bounds(
        50000, deposited=(ENTRY, STATEMENT), liquidated=LIQUIDATED, payee="corporation"
    )
    assert (low.amount, high.amount) == (Decimal("2028.96"), Decimal("2389.39"))
    assert (low.deposited, high.deposited) == (STATEMENT, ENTRY)


def test_both_ranges() -> None:
    bounds = interest_bounds(
        50000, deposited=(ENTRY, STATEMENT), liquidated=(D(2026, 1, 1), LIQUIDATED), payee="corporation"
    )
    assert (bounds.low.deposited, bounds.low.liquidated) == (STATEMENT, D(2026, 1, 1))
    assert (bounds.high.deposited, bounds.high.liquidated) == (ENTRY, LIQUIDATED)


def test_two_dates_are_two_equal_bounds() -> None:
    low, high = interest_bounds(50000, deposited=STATEMENT, liquidated=LIQUIDATED, payee="other")
    assert low == high


def test_overlapping_ranges_may_mean_no_days() -> None:
    low, high = interest_bounds(
        50000, deposited=(ENTRY, LIQUIDATED), liquidated=(STATEMENT, LIQUIDATED), payee="other"
    )
    assert low.amount == 0
    assert low.deposited == low.liquidated == STATEMENT
    assert (high.deposited, high.liquidated) == (ENTRY, LIQUIDATED)
    low, _ = interest_bounds(
        50000, deposited=(STATEMENT, LIQUIDATED), liquidated=(ENTRY, LIQUIDATED), payee="other"
    )
    assert low.deposited == low.liquidated == STATEMENT


def test_rates_are_passed_on() -> None:
    ranges: dict[str, Any] = {
        "deposited": STATEMENT,
        "liquidated": (LIQUIDATED, D(2027, 1, 5)),
        "payee": "other",
    }
    with pytest.raises(RateNotPublishedError):
        interest_bounds(50000, **ranges)
    _, high = interest_bounds(50000, **ranges, rates=PUBLISHED_RATES.projected(D(2027, 1, 5)))
    assert high.projected > 0
    ranges["liquidated"] = (D(2027, 1, 3), D(2027, 1, 5))
    low, _ = interest_bounds(50000, **ranges, rates=PUBLISHED_RATES.projected(D(2027, 1, 5)))
    assert low.projected > 0


@pytest.mark.parametrize(
    ("deposited", "liquidated", "message"),
    [
        ((STATEMENT, ENTRY), LIQUIDATED, "deposited runs from 2025-06-23 to 2025-05-12, out of order"),
        (ENTRY, (LIQUIDATED, STATEMENT), "liquidated runs from"),
        (STATEMENT, ENTRY, "is before deposited"),
        ((STATEMENT, LIQUIDATED), (ENTRY, ENTRY), "is before deposited"),
        ("2025-05-12", LIQUIDATED, "deposited is"),
        (ENTRY, (LIQUIDATED, None), "liquidated is None"),
    ],
)
def test_ranges_that_are_none(deposited: Any, liquidated: Any, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        interest_bounds(50000, deposited=deposited, liquidated=liquidated, payee="other")


def test_a_range_out_of_order_names_column_value_and_remedy() -> None:
    with pytest.raises(FieldError) as caught:
        interest_bounds(50000, deposited=(STATEMENT, ENTRY), liquidated=LIQUIDATED, payee="other")
    assert (caught.value.column, caught.value.value) == ("deposited", "2025-06-23, 2025-05-12")
    assert caught.value.remedy


def test_a_range_of_one_day_is_that_day() -> None:
    ranged = interest_bounds(
        50000, deposited=(ENTRY, ENTRY), liquidated=(LIQUIDATED, LIQUIDATED), payee="other"
    )
    assert ranged == interest_bounds(50000, deposited=ENTRY, liquidated=LIQUIDATED, payee="other")


def test_ranges_that_touch_do_not_overlap() -> None:
    # Deposited up to the first day of liquidation: on that day nothing has accrued.
    low, high = interest_bounds(
        50000, deposited=(ENTRY, STATEMENT), liquidated=(STATEMENT, LIQUIDATED), payee="other"
    )
    assert (low.deposited, low.liquidated, low.amount) == (STATEMENT, STATEMENT, 0)
    assert (high.deposited, high.liquidated) == (ENTRY, LIQUIDATED)
