"""Dollars and cents: the only place that rounds money.

Amounts are `Decimal` US dollars in the public scalar API and whole `int` cents (`_cents` in the name) in
kernels and columns. All rounding is half up (away from zero at the half), once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import wraps
from typing import ParamSpec, TypeAlias, TypeVar

from ieeparefund.errors import FieldError, FloatMoneyError, brief

__all__ = [
    "CENT",
    "EXACT",
    "ZERO",
    "Money",
    "as_dollars",
    "exact_dollars",
    "exactly",
    "format_dollars",
    "from_cents",
    "half_up_ratio",
    "round_to_cents",
    "to_cents",
    "total",
]

P = ParamSpec("P")
R = TypeVar("R")

Money: TypeAlias = Decimal | int | str
"""What is accepted as an amount of dollars. Floats and booleans are refused."""

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# No customs amount comes near it; a larger figure is a mistake, and the columns' int64 cents could not hold it.
LARGEST_DOLLARS = Decimal("1E+13")
_LEAST_DOLLARS = Decimal("-1E+13")
# Wide enough for any amount and factor. Every setting is given: the rest would come from a default users can change.
EXACT = Context(
    prec=100,
    rounding=ROUND_HALF_UP,
    Emin=-999999,
    Emax=999999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def exactly(compute: Callable[P, R]) -> Callable[P, R]:
    """Let a function compute in this package's decimal context, whatever precision, rounding or traps the caller's has.

    A decorator for every public function that adds or multiplies `Decimal`, since their operators follow the
    context of the thread: with a precision of 6 they would drop cents in silence. Not for generators, whose body
    runs after the call.
    """

    @wraps(compute)
    def computed(*args: P.args, **kwargs: P.kwargs) -> R:
        outside = getcontext()
        if outside is EXACT:
            return compute(*args, **kwargs)
        setcontext(EXACT)
        try:
            return compute(*args, **kwargs)
        finally:
            setcontext(outside)

    return computed


def exact_dollars(value: Money, name: str = "amount") -> Decimal:
    """Return `value` as a finite `Decimal`, unrounded (part cents are kept).

    Raises `FloatMoneyError` (a `TypeError`) for a float, `TypeError` for another type, `FieldError` (a
    `ValueError`) for text that is no plain number, for NaN or infinity, and for more than 10^13 dollars.
    """
    if isinstance(value, Decimal):
        amount = value
    elif isinstance(value, bool):
        raise TypeError(f"{name} is the boolean {value!r}; pass Decimal dollars.")
    elif isinstance(value, int):
        amount = Decimal(value)
    elif isinstance(value, float):
        raise FloatMoneyError(name, value)
    elif isinstance(value, str):
        try:
            text = value.strip()
            # Decimal takes digits of every script; here only 0 to 9 are digits.
            amount = Decimal(text if text.isascii() else "")
        except InvalidOperation:
            raise FieldError(
                f"{name} is {brief(value)}, not an amount.",
                remedy='Pass plain dollars such as "1234.56".',
                column=name,
                value=value,
            ) from None
    else:
        raise TypeError(f"{name} is a {type(value).__name__}; pass Decimal dollars, an int or a string.")
    if not amount.is_finite():
        raise FieldError(f"{name} is {value}, not an amount.", remedy="Pass a finite number.", column=name)
    # Compared without abs(), which an exponent beyond the caller's context makes overflow.
    if not _LEAST_DOLLARS <= amount <= LARGEST_DOLLARS:
        raise FieldError(
            f"{name} is {amount:.4E}, more than 10^13 dollars.", remedy="Check the unit.", column=name
        )
    return amount


def as_dollars(value: Money, name: str = "amount") -> Decimal:
    """Return `value` as `Decimal` dollars with two places. Nothing is rounded: part cents are refused.

    Raises as `exact_dollars` does, and `FieldError` where the amount has part cents.
    """
    # Fast path: most amounts come with two places already.
    if type(value) is Decimal and value.same_quantum(CENT) and _LEAST_DOLLARS <= value <= LARGEST_DOLLARS:
        return value
    if value.__class__ is int and not value:
        return ZERO
    amount = exact_dollars(value, name)
    dollars = amount.quantize(CENT, context=EXACT)
    if dollars != amount:
        raise FieldError(
            f"{name} is {value}, which has part cents.", remedy="Round it to two places first.", column=name
        )
    return dollars


def round_to_cents(value: Decimal) -> Decimal:
    """Round `Decimal` dollars half up to two places."""
    return value.quantize(CENT, context=EXACT)


def to_cents(value: Decimal) -> int:
    """Return two-place dollars as whole cents. Part cents are a programming error and raise `ValueError`."""
    cents = value.scaleb(2, context=EXACT)
    whole = int(cents)
    if whole != cents:
        raise ValueError(f"{value} has part cents.")
    return whole


@exactly
def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of dollars, exact whatever the caller's decimal context is; 0.00 for none."""
    return sum(amounts, ZERO)


def from_cents(cents: int) -> Decimal:
    """Return whole cents as `Decimal` dollars with two places."""
    return Decimal(cents).scaleb(-2, context=EXACT)


def half_up_ratio(numerator: int, denominator: int) -> int:
    """Return `numerator / denominator` rounded half up (away from zero) to a whole number.

    `denominator` is above zero. This one formula is what every engine uses for cents.
    """
    if numerator < 0:
        return -half_up_ratio(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def format_dollars(value: Decimal) -> str:
    """Return two-place dollars as text with thousands separators, such as `1,234.50`."""
    return f"{value:,.2f}"
