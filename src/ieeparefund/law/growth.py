"""The growth of one dollar, day by day, as a table of integers: the engine under `interest`.

The factor between two days is *defined* as the exact product of the daily multipliers minus one, rounded half
up at 18 decimal places. This table gives that very number with one division, instead of one multiplication a
day; where the shortcut could round to the wrong side, the product is computed exactly.

**Why the result is always the defined one.** Let `m >= 1` be a day's multiplier and `v` the table:
`v[0] = 2**115`, `v[d+1] = floor(v[d] * m)`. As `v[d] * m >= 2**115`, each floor loses a relative part of less
than `2**-115`, and never gains. So for the exact product `P` over the `n = b - a` days after `a`,

    0 <= P - v[b] / v[a] <= P * n / 2**115 <= 2 * n / 2**115 * v[b] / v[a].

The factor in units of the 18th place is `floor(x + 1/2)`, `x = 10**18 * (P - 1)`. The table gives
`N / D = x' + 1/2` with `N = 2 * 10**18 * (v[b] - v[a]) + v[a]`, `D = 2 * v[a]`, and `x' <= x`. With
`q, r = divmod(N, D)` both floors are `q` unless the error carries over the next whole number, that is unless
`D - r <= (x - x') * D`, and

    (x - x') * D <= 10**18 * 2 * n / 2**115 * v[b] / v[a] * 2 * v[a] = 4 * 10**18 * n * v[b] / 2**115

which is at most the `guard` of the whole table: the same with the table's size for `n` and its last value for
`v[b]`. At customs rates fewer than one span in 10**10 is so close to a tie by chance; exact ties, which do
exist, always are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import gcd
from typing import NamedTuple

from ieeparefund.money import half_up_ratio

__all__ = ["PLACE_18", "DailyStep", "Growth"]

PLACE_18 = 10**18
"""Units of the factor's last decimal place in one."""

# Up to 32-fold growth a value then fits four of CPython's 30-bit digits, which is what a query is fast by.
_SCALE_BITS = 115
_TWICE = 2 * PLACE_18


class DailyStep(NamedTuple):
    """One multiplier, `numerator / denominator >= 1`, for each day up to the ordinal `last`, inclusive."""

    last: int
    numerator: int
    denominator: int

    @classmethod
    def of(cls, last: int, per_cent: tuple[int, int], day_basis: int) -> DailyStep:
        """Return the step of an annual rate, a fraction in per cent, spread over `day_basis` days."""
        top, bottom = per_cent
        whole = 100 * day_basis * bottom
        common = gcd(whole, top)
        return cls(last, (whole + top) // common, whole // common)


class Growth:
    """Growth from `day_zero`, the day before the first that earns, to the last step. Days are ordinals."""

    # For each day the terms of N and D above, kept for the speed of a query: N = _whole[b] - _more[a] and
    # D = _twice[a].
    __slots__ = ("_ends", "_guard", "_more", "_size", "_steps", "_twice", "_whole", "day_zero")

    def __init__(self, day_zero: int, steps: Iterable[DailyStep]) -> None:
        self.day_zero = day_zero
        self._steps: tuple[DailyStep, ...] = ()
        one = 1 << _SCALE_BITS
        self._twice, self._whole, self._more = [2 * one], [_TWICE * one], [(_TWICE - 1) * one]
        self._append(steps)

    def _append(self, steps: Iterable[DailyStep]) -> None:
        added = tuple(steps)
        value = self._twice[-1] // 2
        values: list[int] = []
        day = self.day_zero + len(self._twice) - 1
        for step in added:
            _, numerator, denominator = step
            for _ in range(step.last - day):
                value = value * numerator // denominator
                values.append(value)
            day = step.last
        self._twice += [2 * value for value in values]
        self._whole += [_TWICE * value for value in values]
        self._more += [(_TWICE - 1) * value for value in values]
        self._steps += added
        self._ends = [step.last for step in self._steps]
        self._size = len(self._twice)
        self._guard = (4 * PLACE_18 * self._size * value >> _SCALE_BITS) + 1

    def extended(self, steps: Iterable[DailyStep]) -> Growth:
        """Return this growth with more steps after its last day; the days it has are not computed again."""
        longer = Growth(self.day_zero, ())
        longer._steps = self._steps
        longer._twice, longer._whole, longer._more = self._twice.copy(), self._whole.copy(), self._more.copy()
        longer._append(steps)
        return longer

    def factor_units(self, start: int, end: int) -> int:
        """Return the factor over the days `start < d <= end` in units of place 18; -1 outside the table."""
        zero = self.day_zero
        first, last = start - zero, end - zero
        if not 0 <= first <= last < self._size:
            return -1
        divisor = self._twice[first]
        units, rest = divmod(self._whole[last] - self._more[first], divisor)
        if divisor - rest <= self._guard:
            return self.exact_factor_units(start, end)
        return units

    def exact_factor_units(self, start: int, end: int) -> int:
        """Return the same by the full product, whatever it costs; `start` and `end` lie in the table."""
        numerator = denominator = 1
        day = start
        # A step of last day d governs the days up to d, so `start` itself is looked up one day on.
        place = bisect_right(self._ends, start)
        while day < end:
            step = self._steps[place]
            days = min(step.last, end) - day
            numerator *= step.numerator**days
            denominator *= step.denominator**days
            day += days
            place += 1
        return half_up_ratio(PLACE_18 * (numerator - denominator), denominator)
