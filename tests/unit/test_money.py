"""Dollars and cents."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal, Inexact, getcontext, localcontext
from typing import Any

import pytest

from ieeparefund.errors import FieldError, FloatMoneyError
from ieeparefund.money import (
    as_dollars,
    exact_dollars,
    exactly,
    format_dollars,
    from_cents,
    half_up_ratio,
    round_to_cents,
    to_cents,
    total,
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


def test_the_callers_decimal_context_changes_no_amount() -> None:
    with localcontext(prec=3):
        assert as_dollars("12345.6") == Decimal("12345.60")
        assert round_to_cents(Decimal("12345.675")) == Decimal("12345.68")
        assert to_cents(Decimal("12345.67")) == 1234567
        assert from_cents(1234567) == Decimal("12345.67")


@pytest.mark.parametrize("sign", [1, -1])
def test_ten_million_million_dollars_are_the_most(sign: int) -> None:
    most = sign * Decimal(10) ** 13
    assert exact_dollars(most) == as_dollars(most) == as_dollars(most.quantize(Decimal("0.01"))) == most
    for beyond in (most + sign * Decimal("0.01"), most + sign * Decimal("0.001")):
        with pytest.raises(FieldError, match=r"amount is .*, more than 10\^13 dollars"):
            exact_dollars(beyond)
        with pytest.raises(FieldError, match="more than"):
            as_dollars(beyond)


@pytest.mark.parametrize(
    ("value", "problem", "shown"),
    [
        ("ten", "'ten', not an amount", "ten"),
        ("", "'', not an amount", ""),
        ("\u0661\u0662", "not an amount", "\u0661\u0662"),  # Arabic digits, which Decimal would take
        (Decimal("NaN"), "NaN, not an amount", None),
        ("-Infinity", "-Infinity, not an amount", None),
        (10**14, "more than 10^13 dollars", None),
        ("1.005", "1.005, which has part cents", None),
    ],
)
def test_a_refused_amount_names_its_field_and_a_remedy(value: Any, problem: str, shown: str | None) -> None:
    for name, call in (("amount", as_dollars), ("duty", lambda given: as_dollars(given, "duty"))):
        with pytest.raises(FieldError) as caught:
            call(value)
        error = caught.value
        assert error.problem.startswith(f"{name} is ")
        assert problem in error.problem
        assert (error.column, error.value) == (name, shown)
        assert error.remedy


@pytest.mark.parametrize(
    ("value", "error", "problem"),
    [
        (True, TypeError, "amount is the boolean True"),
        (0.5, FloatMoneyError, "amount is the float 0.5"),
        (b"1", TypeError, "amount is a bytes"),
        (None, TypeError, "amount is a NoneType"),
    ],
)
def test_other_types_are_no_amounts(value: Any, error: type[Exception], problem: str) -> None:
    for call in (exact_dollars, as_dollars):
        with pytest.raises(error, match=problem):
            call(value)


def test_exactly_computes_whatever_the_context_of_the_caller() -> None:
    @exactly
    def share(amount: Decimal, *, per_cent: Decimal) -> Decimal:
        return total([amount * per_cent / 100, Decimal("0.01")])

    with localcontext(prec=3, rounding=ROUND_UP):
        outside = getcontext()
        outside.clear_flags()
        outside.traps[Inexact] = True
        assert share(Decimal("123456.78"), per_cent=Decimal(10)) == Decimal("12345.688")
        assert getcontext() is outside
        with pytest.raises(TypeError):
            share(Decimal(1), per_cent=None)  # type: ignore[arg-type]  # an error inside leaves it too
        assert getcontext() is outside
        assert (outside.prec, outside.flags[Inexact]) == (3, False)


def test_total() -> None:
    assert str(total([])) == "0.00"
    with localcontext(prec=2):
        assert str(total(iter([Decimal("1234.50"), Decimal("-0.25")]))) == "1234.25"
