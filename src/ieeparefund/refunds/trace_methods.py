"""The ways to add interest up, each twice: as a fast list of near figures and as the exact cents.

The near figure is the interest on one dollar as a float. It only sorts out; whether a figure is reproduced to
the cent is decided by `exact_cents` wherever the float, within `slack`, could stand on either side. What each
way means is written in `DEPARTURES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from types import MappingProxyType
from typing import TypeAlias

from ieeparefund.law.growth import PLACE_18
from ieeparefund.money import half_up_ratio
from ieeparefund.refunds.trace_axes import Compounding
from ieeparefund.refunds.trace_growth import GrowthTable

__all__ = ["NEAR_FACTORS", "PERIOD_DAYS", "exact_cents", "slack"]

PERIOD_DAYS = 30
"""Days of a period of 19 U.S.C. 1505(d)."""

_PLACE_9 = 10**9
_NearFactors: TypeAlias = Callable[[GrowthTable, Sequence[int], Sequence[int]], list[float]]
_Cents: TypeAlias = Callable[[GrowthTable, int, int, int], int]


def _near_daily(table: GrowthTable, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
    growth = table.growth
    return [growth[end] / growth[start] - 1 for start, end in zip(starts, ends, strict=True)]


def _near_simple(table: GrowthTable, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
    simple = table.simple
    return [simple[end] - simple[start] for start, end in zip(starts, ends, strict=True)]


def _near_on_principal(table: GrowthTable, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
    growth, sums, grid = table.growth, table.quarters, table.grid
    before, quarter_end = grid.quarter_before, grid.quarter_end
    return [
        growth[turn] / growth[start] + growth[end] / growth[last := before[end]] - 2 + sums[last] - sums[turn]
        if (turn := quarter_end[start]) < end
        else growth[end] / growth[start] - 1
        for start, end in zip(starts, ends, strict=True)
    ]


def _near_day_dropped(table: GrowthTable, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
    growth, sums, grid = table.growth, table.quarters_less_a_day, table.grid
    before, quarter_end = grid.quarter_before, grid.quarter_end
    return [
        growth[turn] / growth[start]
        + growth[end] / growth[(last := before[end]) + 1]
        - 2
        + sums[last]
        - sums[turn]
        if (turn := quarter_end[start]) < end
        else growth[end] / growth[start] - 1
        for start, end in zip(starts, ends, strict=True)
    ]


def _near_quarterly(table: GrowthTable, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
    simple, balances, grid = table.simple, table.quarterly, table.grid
    before, quarter_end = grid.quarter_before, grid.quarter_end
    return [
        (1 + simple[turn] - simple[start])
        * (balances[last := before[end]] / balances[turn])
        * (1 + simple[end] - simple[last])
        - 1
        if (turn := quarter_end[start]) < end
        else simple[end] - simple[start]
        for start, end in zip(starts, ends, strict=True)
    ]


def _near_periods(table: GrowthTable, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
    simple = table.simple
    balances = {start: table.period_balances(start, PERIOD_DAYS) for start in set(starts)}
    return [
        balances[start][whole := (end - start) // PERIOD_DAYS]
        * (1 + simple[end] - simple[start + whole * PERIOD_DAYS])
        - 1
        for start, end in zip(starts, ends, strict=True)
    ]


NEAR_FACTORS: Mapping[Compounding, _NearFactors] = MappingProxyType(
    {
        Compounding.DAILY: _near_daily,
        Compounding.SIMPLE: _near_simple,
        Compounding.QUARTER_ON_PRINCIPAL: _near_on_principal,
        # Their roundings are left to `slack`.
        Compounding.QUARTER_ROUNDED: _near_daily,
        Compounding.NINE_PLACES: _near_daily,
        Compounding.QUARTERLY: _near_quarterly,
        Compounding.THIRTY_DAY_PERIODS: _near_periods,
        Compounding.QUARTER_DAY_DROPPED: _near_day_dropped,
    }
)
"""Interest on one dollar over the places `start < d <= end` of each pair of starts and ends, as floats."""


def slack(compounding: Compounding, table: GrowthTable, principal_cents: int) -> float:
    """Return by how many cents, at most, the near figure may be off the unrounded one.

    A float product of `n` days is off by less than `4 n` units of its last place (two roundings a rate, one
    a step and one the product), a sum by fewer; 64 leaves room for the few operations after. Beside it stand
    the 18 places of the factor, and for two methods their own roundings: half a cent, or half a unit of the
    ninth place, for each quarter, grown to the end.
    """
    size, growth = len(table.growth), table.growth[-1]
    cents = principal_cents * growth * (64 * size * 2.0**-53 + size * 1e-18)
    quarters = size / 90 + 2
    if compounding is Compounding.QUARTER_ROUNDED:
        cents += quarters * growth * 0.5
    elif compounding is Compounding.NINE_PLACES:
        cents += quarters * growth * 0.5e-9 * principal_cents
    return cents


def exact_cents(
    compounding: Compounding, table: GrowthTable, start: int, end: int, principal_cents: int
) -> int:
    """Return the interest in whole cents over the places `start < d <= end`, rounded half up."""
    return _EXACT[compounding](table, start, end, principal_cents)


def _quarters(table: GrowthTable, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut `start < d <= end` into calendar quarters."""
    while start < end:
        turn = min(table.grid.quarter_end[start + 1], end)
        yield start, turn
        start = turn


def _share(principal_cents: int, part: Fraction) -> int:
    return half_up_ratio(principal_cents * part.numerator, part.denominator)


def _daily(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    return half_up_ratio(principal_cents * table.factor_units(start, end), PLACE_18)


def _simple(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    return _share(principal_cents, table.rate_sum(start, end))


def _on_principal(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    units = sum(table.factor_units(*quarter) for quarter in _quarters(table, start, end))
    return half_up_ratio(principal_cents * units, PLACE_18)


def _day_dropped(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    # The start day has a quarter of its own here, also where it is the last of it and adds nothing.
    turn = min(table.grid.quarter_end[start], end)
    units = table.factor_units(start, turn)
    units += sum(table.factor_units(first + 1, last) for first, last in _quarters(table, turn, end))
    return half_up_ratio(principal_cents * units, PLACE_18)


def _quarter_rounded(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    balance = principal_cents
    for quarter in _quarters(table, start, end):
        balance += half_up_ratio(balance * table.factor_units(*quarter), PLACE_18)
    return balance - principal_cents


def _nine_places(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    growth = Fraction(1)
    for quarter in _quarters(table, start, end):
        growth *= 1 + Fraction(half_up_ratio(table.factor_units(*quarter), PLACE_18 // _PLACE_9), _PLACE_9)
    return _share(principal_cents, growth - 1)


def _quarterly(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    growth = prod(
        (1 + table.rate_sum(*quarter) for quarter in _quarters(table, start, end)), start=Fraction(1)
    )
    return _share(principal_cents, growth - 1)


def _periods(table: GrowthTable, start: int, end: int, principal_cents: int) -> int:
    turns = range(start, end, PERIOD_DAYS)
    growth = prod(
        (1 + table.rate_sum(turn, min(turn + PERIOD_DAYS, end)) for turn in turns), start=Fraction(1)
    )
    return _share(principal_cents, growth - 1)


_EXACT: Mapping[Compounding, _Cents] = {
    Compounding.DAILY: _daily,
    Compounding.SIMPLE: _simple,
    Compounding.QUARTER_ON_PRINCIPAL: _on_principal,
    Compounding.QUARTER_ROUNDED: _quarter_rounded,
    Compounding.NINE_PLACES: _nine_places,
    Compounding.QUARTERLY: _quarterly,
    Compounding.THIRTY_DAY_PERIODS: _periods,
    Compounding.QUARTER_DAY_DROPPED: _day_dropped,
}
