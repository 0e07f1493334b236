"""How far two honest computations of interest may differ by rounding alone."""

from __future__ import annotations

from decimal import Decimal

from ieeparefund.errors import FieldError
from ieeparefund.money import exactly, from_cents

__all__ = ["PARTS_AN_ENTRY", "rounding_tolerance"]

PARTS_AN_ENTRY = 2
"""Rounded parts of one compared entry: the interest expected and the interest CBP computed."""


@exactly
def rounding_tolerance(parts: int) -> Decimal:
    """Return the most that `parts` rounded amounts can put between two sums, in dollars of whole cents.

    Each amount that was rounded once, half up, is off by at most half a cent; the errors may all point one
    way, so they add up: half a cent a part, and a half cent over is dropped, since sums differ in whole
    cents. An entry has two parts, so that one entry may be off by a cent and a payment of 500 entries by five
    dollars. Principal is never rounded and has no tolerance. No rule of CBP says how it rounds (inferred).
    Raises `FieldError` below zero.

    >>> rounding_tolerance(1), rounding_tolerance(2), rounding_tolerance(1000)
    (Decimal('0.00'), Decimal('0.01'), Decimal('5.00'))
    """
    if parts < 0:
        raise FieldError(
            f"parts is {parts}.", remedy="Count the rounded amounts, zero or more.", column="parts"
        )
    return from_cents(parts // 2)
