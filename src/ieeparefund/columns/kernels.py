"""Arithmetic on numpy columns: exact products with 18 places, sums by entry, working days. No law, no Arrow.

Every function takes and gives whole columns; none has a Python loop over rows. Days are int32 since 1970-01-01,
0 where not known.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ieeparefund.law.growth import PLACE_18

__all__ = [
    "Array",
    "add_working_days",
    "any_by_group",
    "group_starts",
    "settle",
    "share_cents",
    "sum_by_group",
    "words",
]

Array: TypeAlias = NDArray[Any]

_HALF = PLACE_18 // 2
_PER_UNIT = 1 / PLACE_18


def share_cents(principal: NDArray[np.int64], factor: NDArray[np.int64], out: Array | None = None) -> Array:
    """Return `principal * factor / 10**18` rounded half up, exactly, for cents from 0 to 10^13 (10^15 where the
    factor is below 1) and factors from 0 to 9.2 in units of the 18th place.

    A float product gives the quotient to within a fraction of one: its relative error is below 2**-51, and the
    quotient below 10**14 (10**15). So the true remainder of that guess lies within 1.1 * 10**18 of zero, which
    int64 holds: computed modulo 2**64, as numpy's products are, it is exact. One comparison each way then puts
    the guess right.
    """
    guess = np.multiply(principal, factor, dtype=np.float64)
    guess *= _PER_UNIT
    np.rint(guess, out=guess)
    quotient = guess.astype(np.int64) if out is None else out
    if out is not None:
        np.copyto(out, guess, casting="unsafe")
    # The buffer of the guess is used again for the remainder.
    rest: Array = guess.view(np.int64)
    np.multiply(quotient, -PLACE_18, out=rest)
    rest += principal * factor
    quotient += rest >= _HALF
    quotient -= rest < -_HALF
    return quotient


def group_starts(keys: Array) -> NDArray[np.intp]:
    """Return where each run of equal keys begins; `keys` is an (n, 11) array of bytes, or a column."""
    if not len(keys):
        return np.zeros(0, np.intp)
    if keys.ndim == 1:
        new = keys[1:] != keys[:-1]
    else:
        # Two overlapping words of eight bytes cover the eleven: far faster than bytes or text.
        head, tail = words(keys)
        new = head[1:] != head[:-1]
        new |= tail[1:] != tail[:-1]
    starts = np.flatnonzero(new)
    starts += 1
    return np.concatenate((np.zeros(1, np.intp), starts))


def words(keys: Array) -> tuple[Array, Array]:
    """Return the first and the last eight of eleven bytes of each row as unsigned words."""
    rows = np.ascontiguousarray(keys)
    strides = (rows.strides[0],)
    return (
        np.ndarray(len(rows), np.uint64, rows, 0, strides),
        np.ndarray(len(rows), np.uint64, rows, rows.shape[1] - 8, strides),
    )


def sum_by_group(values: Array, starts: NDArray[np.intp]) -> Array:
    """Return the sum of each group; a group runs from its start to the next, none is empty."""
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0, values.dtype)


def any_by_group(values: NDArray[np.bool_], starts: NDArray[np.intp]) -> Array:
    """Return whether any value of each group is true."""
    return np.logical_or.reduceat(values, starts) if len(starts) else np.zeros(0, np.bool_)


def add_working_days(
    table: NDArray[np.int32], days: NDArray[np.int32], first: int, out: Array | None = None
) -> Array:
    """Return `table[day - first]` for each day, clipped to the table; see `tables.DayTable` for the checks."""
    return table.take(days - np.int32(first), mode="clip", out=out)


def settle(amount: Array, returned: Array, adjustments: Array) -> Array:
    """Take off what was returned, not below zero where anything was; net the rest; stop at zero."""
    left: Array = np.maximum(amount - returned, 0)
    # Nothing returned: a correction below zero is netted first.
    untouched = returned == 0
    left += np.minimum(amount, 0) * untouched
    left -= adjustments
    np.maximum(left, 0, out=left)
    return left
