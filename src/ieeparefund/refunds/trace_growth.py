"""Growth of one dollar day by day under assumed rates and an assumed length of the year.

Twice over: as floats, of which a search reads thousands of figures in a few milliseconds, and as the exact
integers of `ieeparefund.law.growth`, which decide where the floats come near the figure sought.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from itertools import accumulate, chain, groupby, pairwise, repeat
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from ieeparefund.law.growth import DailyStep, Growth
from ieeparefund.refunds.trace_axes import DayBasis

if TYPE_CHECKING:
    from ieeparefund.refunds.trace_rates import RateGrid

__all__ = ["GrowthTable"]


class _Run(NamedTuple):
    """`days` places up to `last`, each counted `weight` times, at `rate` per cent over `year` days."""

    last: int
    days: int
    rate: Decimal
    year: int
    weight: int


class GrowthTable:
    """Growth under one rate a segment of `grid` and one day basis; places as in the grid.

    `growth[b] / growth[a]` is one dollar compounded daily over the places `a < d <= b`, `simple[b] -
    simple[a]` the sum of the daily rates; both are floats.
    """

    def __init__(self, grid: RateGrid, rates: tuple[Decimal, ...], basis: DayBasis) -> None:
        self.grid = grid
        self._balances: dict[int, list[float]] = {}
        self._runs = tuple(_runs(grid, rates, basis))
        daily = [(float(run.rate) / (100 * run.year), run) for run in self._runs]
        self.growth = list(
            accumulate(
                chain.from_iterable(repeat((1 + rate) ** run.weight, run.days) for rate, run in daily),
                mul,
                initial=1.0,
            )
        )
        self.simple = list(
            accumulate(
                chain.from_iterable(repeat(rate * run.weight, run.days) for rate, run in daily), initial=0.0
            )
        )

    @cached_property
    def quarters(self) -> dict[int, float]:
        """The sum of the factors of the calendar quarters from place 0, to the end of each."""
        growth = self.growth
        return self._sums(growth[end] / growth[start] - 1 for start, end in pairwise(self.grid.turns))

    @cached_property
    def quarters_less_a_day(self) -> dict[int, float]:
        """The same without the first day of each quarter."""
        growth = self.growth
        return self._sums(growth[end] / growth[start + 1] - 1 for start, end in pairwise(self.grid.turns))

    @cached_property
    def quarterly(self) -> dict[int, float]:
        """One dollar at simple interest within calendar quarters, compounded at the end of each."""
        simple = self.simple
        steps = (1 + simple[end] - simple[start] for start, end in pairwise(self.grid.turns))
        return dict(zip(self.grid.turns, accumulate(steps, mul, initial=1.0), strict=True))

    def _sums(self, parts: Iterable[float]) -> dict[int, float]:
        return dict(zip(self.grid.turns, accumulate(parts, initial=0.0), strict=True))

    def period_balances(self, start: int, days: int) -> list[float]:
        """Return one dollar at simple interest, compounded after each period of `days` from `start`."""
        found = self._balances.get(start)
        if found is None:
            marks = self.simple[start::days]
            steps = (1 + later - earlier for earlier, later in pairwise(marks))
            found = self._balances[start] = list(accumulate(steps, mul, initial=1.0))
        return found

    @cached_property
    def _exact(self) -> Growth:
        return Growth(0, map(_step, self._runs))

    def factor_units(self, start: int, end: int) -> int:
        """Return the daily compounded factor over the places `start < d <= end`, in units of place 18."""
        return self._exact.factor_units(start, end)

    def rate_sum(self, start: int, end: int) -> Fraction:
        """Return the exact sum of the daily rates over the places `start < d <= end`."""
        total = Fraction(0)
        for run in self._runs:
            days = min(end, run.last) - max(start, run.last - run.days)
            if days > 0:
                total += Fraction(run.rate) * (days * run.weight) / (100 * run.year)
        return total


def _runs(grid: RateGrid, rates: tuple[Decimal, ...], basis: DayBasis) -> Iterator[_Run]:
    for segment, rate in zip(grid.segments, rates, strict=True):
        first, last = segment.first, segment.last
        if basis is DayBasis.THIRTY_360:
            for weight, places in groupby(range(first, last + 1), lambda place: _weight(grid.zero + place)):
                run = list(places)
                yield _Run(run[-1], len(run), rate, 360, weight)
        elif basis is DayBasis.ALWAYS_360:
            yield _Run(last, last - first + 1, rate, 360, 1)
        else:
            year = 366 if segment.leap and basis is DayBasis.ACTUAL else 365
            yield _Run(last, last - first + 1, rate, year, 1)


@cache
def _weight(ordinal: int) -> int:
    """Return how often a day counts where every month has 30: the 31st not at all, 1 March 2 or 3 times."""
    return _thirty_day_index(ordinal) - _thirty_day_index(ordinal - 1)


def _thirty_day_index(ordinal: int) -> int:
    day = dt.date.fromordinal(ordinal)
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _step(run: _Run) -> DailyStep:
    once = DailyStep.of(run.last, run.rate.as_integer_ratio(), run.year)
    return DailyStep(run.last, once.numerator**run.weight, once.denominator**run.weight)
