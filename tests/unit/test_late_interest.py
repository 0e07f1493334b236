"""Interest on a refund paid late, by 19 U.S.C. 1505(d)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.errors import CoverageError, FieldError, RateNotPublishedError
from ieeparefund.law.citations import Standing
from ieeparefund.law.late_interest import late_refund_interest
from ieeparefund.law.rates import PUBLISHED_RATES

D = dt.date
LIQUIDATED = D(2026, 1, 30)


# The rule as read from 1505(d): periods of 30 days from the liquidation, none for the one of the payment.
@pytest.mark.parametrize(
    ("days", "periods"),
    [(0, 0), (1, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (120, 3), (121, 4)],
)
def test_whole_periods(days: int, periods: int) -> None:
    found = late_refund_interest(
        36500, liquidated=LIQUIDATED, paid=LIQUIDATED + dt.timedelta(days=days), payee="corporation"
    )
    assert (found.period_count, found.interest.days) == (periods, 30 * periods)
    assert found.days_late == max(0, days - 30)
    assert (found.amount > 0) == (periods > 0)


def test_amount_of_one_period() -> None:
    # 30 days at 6 per cent, compounded daily, by the factor a calculator gives: 1.000164384 ** 30 - 1.
    found = late_refund_interest(10000, liquidated=LIQUIDATED, paid=D(2026, 3, 2), payee="corporation")
    assert found.amount == round(Decimal(10000) * ((1 + Decimal(6) / 36500) ** 30 - 1), 2) == Decimal("49.43")
    assert found.standing is Standing.INFERRED


def test_standing_is_projected_at_a_projected_rate() -> None:
    late = {"liquidated": D(2026, 12, 1), "paid": D(2027, 2, 10), "payee": "other"}
    with pytest.raises(RateNotPublishedError):
        late_refund_interest(10000, **late)  # type: ignore[arg-type]  # mixed dict
    found = late_refund_interest(10000, **late, rates=PUBLISHED_RATES.projected(D(2027, 3, 31)))  # type: ignore[arg-type]  # mixed dict
    assert found.standing is Standing.PROJECTED


def test_explain_says_what_is_open() -> None:
    text = late_refund_interest(
        10000, liquidated=LIQUIDATED, paid=D(2026, 4, 15), payee="corporation"
    ).explain()
    lines = text.splitlines()
    assert [line[:2] for line in lines] == ["1.", "2.", "3."]
    assert "day 75" in lines[0]
    assert "2 periods earn (19 U.S.C. 1505(d); the count is inferred)" in lines[1]
    assert "Rate and compounding are open" in lines[2]


def test_errors() -> None:
    with pytest.raises(FieldError, match="paid, 2026-01-29, is before liquidated"):
        late_refund_interest(1, liquidated=LIQUIDATED, paid=D(2026, 1, 29), payee="other")
    with pytest.raises(CoverageError, match="refund_due"):
        late_refund_interest(1, liquidated=D(1990, 1, 1), paid=D(1990, 6, 1), payee="other")
    wrong: Any = "2026-03-01"
    with pytest.raises(FieldError, match="paid is"):
        late_refund_interest(1, liquidated=LIQUIDATED, paid=wrong, payee="other")
    with pytest.raises(FieldError, match="liquidated is"):
        late_refund_interest(1, liquidated=wrong, paid=LIQUIDATED, payee="other")


def test_a_payment_before_the_liquidation_names_column_value_and_remedy() -> None:
    with pytest.raises(FieldError) as caught:
        late_refund_interest(1, liquidated=LIQUIDATED, paid=D(2026, 1, 29), payee="other")
    assert (caught.value.column, caught.value.value) == ("paid", "2026-01-29")
    assert caught.value.remedy


def test_the_result_keeps_what_it_was_made_from() -> None:
    found = late_refund_interest("10000.00", liquidated=LIQUIDATED, paid=D(2026, 4, 15), payee="corporation")
    assert (found.liquidated, found.paid, found.period_days, found.period_count) == (
        LIQUIDATED,
        D(2026, 4, 15),
        30,
        2,
    )
    # Two periods of 30 days end on 2026-03-31.
    earned = found.interest
    assert (earned.principal, earned.deposited, earned.liquidated) == (10000, LIQUIDATED, D(2026, 3, 31))
    assert str(earned.payee) == "corporation"
    assert found.explain().splitlines()[0].startswith("1. The refund of 10,000.00 was due within 30 days")
    assert "to 2026-03-31: 99.11." in found.explain().splitlines()[2]
    assert round(Decimal(10000) * ((1 + Decimal(6) / 36500) ** 60 - 1), 2) == found.amount == Decimal("99.11")
