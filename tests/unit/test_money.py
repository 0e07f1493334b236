"""Dollars and cents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ieeparefund.errors import FieldError
from ieeparefund.money import (
    as_dollars,
    exact_dollars,
    format_dollars,
    half_up_ratio,
    round_to_cents,
    to_cents,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (15, 10, 2), (25, 10, 3), (0, 7, 0), (-14, 10, -1)],
)
def test_half_up_goes_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up_ratio(numerator, denominator) == rounded


def test_rounding_and_printing() -> None:
    assert round_to_cents(Decimal("2.675")) == Decimal("2.68")
    assert round_to_cents(Decimal("-0.005")) == Decimal("-0.01")
    assert format_dollars(Decimal("1234567.80")) == "1,234,567.80"


def test_part_cents_are_no_cents() -> None:
    with pytest.raises(ValueError, match="part cents"):
        to_cents(Decimal("0.001"))
    with pytest.raises(FieldError, match="part cents"):
        as_dollars(Decimal("0.001"))
    assert exact_dollars(Decimal("0.001")) == Decimal("0.001")


def test_amounts_get_two_places() -> None:
    assert str(as_dollars(Decimal("1.5"))) == "1.50"
    assert str(as_dollars(0)) == "0.00"
    assert str(as_dollars(" 7 ")) == "7.00"
