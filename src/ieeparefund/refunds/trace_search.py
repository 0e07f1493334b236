"""The search: every hypothesis within a number of departures, tried against one paid figure.

Hypotheses that come to the same computation on the days in question count once: those with the same days,
row of rates, length of the year, way of adding up, and principal. Figures are read off float tables; those
that come within the tables' error of half a cent away are computed exactly, so nothing is found or missed by
rounding.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from ieeparefund.law.rate_bands import COMPOUNDED_SINCE
from ieeparefund.law.rates import RateTable
from ieeparefund.money import to_cents
from ieeparefund.refunds.hypotheses import rank
from ieeparefund.refunds.trace_axes import Compounding, DayBasis, Netting
from ieeparefund.refunds.trace_case import InterestCase
from ieeparefund.refunds.trace_dates import Candidate, Pair, candidates, date_pairs
from ieeparefund.refunds.trace_groups import Group, Option, grouped
from ieeparefund.refunds.trace_growth import GrowthTable
from ieeparefund.refunds.trace_methods import NEAR_FACTORS, exact_cents, slack
from ieeparefund.refunds.trace_rates import RateChoice, rate_grid

__all__ = ["NEIGHBOURHOOD_CENTS", "Cell", "Departures", "Search"]

NEIGHBOURHOOD_CENTS = 100
"""How far from the paid figure other figures are counted, to tell an explanation from a coincidence."""

Departures: TypeAlias = tuple[str, ...]
_DAY = dt.timedelta(days=1)
_HALF_CENT = 0.5
# The departures that stand for a date the user gave.
_GIVEN = {("start:entry",), ("start:entry_summary",), ("end:certified",), ("end:paid",)}


class Cell(NamedTuple):
    """One computation the search tried: what it was made with, and the readings of each part."""

    pair: Pair
    choice: RateChoice
    segments: slice
    basis: Option[DayBasis]
    method: Option[Compounding]
    netting: Netting
    principal_cents: int
    cents: int

    def departures(self, most: int | None = None) -> list[Departures]:
        """Return the sets of departures that mean this computation, one with the fewest first.

        All of at most `most` departures; without `most`, those with as few as the first.
        """
        parts: tuple[Sequence[Departures], ...] = (
            [reading.departures for reading in self.choice.readings],
            [reading.departures for reading in self.pair.readings],
            self.basis[1],
            self.method[1],
            [_netting(self.netting)],
        )
        # Each part has its cheapest first, so the first of the products is the cheapest of all.
        first, *others = [sum(chosen, ()) for chosen in product(*parts)]
        limit = len(first) if most is None else most
        return [first, *sorted((one for one in others if len(one) <= limit), key=rank)]


class _Block(NamedTuple):
    """The near factors of one group under one set of the other parts; `cost` counts their departures."""

    group: Group
    choice: RateChoice
    basis: Option[DayBasis]
    method: Option[Compounding]
    netting: Netting
    principal_cents: int
    cost: int
    table: GrowthTable
    factors: Sequence[float]
    slack: float

    def exact(self, place: int) -> int:
        start, end = self.group.starts[place], self.group.ends[place]
        return exact_cents(self.method[0], self.table, start, end, self.principal_cents)

    def cell(self, place: int, cents: int) -> Cell:
        group = self.group
        return Cell(
            group.pairs[place],
            self.choice,
            group.segments,
            self.basis,
            self.method,
            self.netting,
            self.principal_cents,
            cents,
        )


class Search:
    """All hypotheses of at most `most` departures on one case, compared with what was paid.

    `found` are the computations that give the paid cents, `tried` how many there were, and `reachable[n]`
    how many different figures within a dollar of the paid one take at most `n` departures. `left_out` names
    the dates that could not be used, and why.

    Raises `RateNotPublishedError` where the law's own days have no rate.
    """

    def __init__(self, case: InterestCase, rates: RateTable, window_days: int, most: int) -> None:
        self._case, self._most = case, most
        self._paid = to_cents(case.paid)
        starts, ends, self.left_out = candidates(case, window_days)
        first, last = max(rates.first_day, COMPOUNDED_SINCE), rates.last_day
        self.left_out += _without_rate([*starts, *ends], first, last)
        pairs = date_pairs(starts, ends, most, first.toordinal(), last.toordinal())
        zero, end = min(pair.start for pair in pairs), max(pair.end for pair in pairs)
        self.grid = rate_grid(rates, case.payee, dt.date.fromordinal(zero + 1), dt.date.fromordinal(end))
        self._groups = grouped(self.grid, pairs)
        self._blocks = list(self._read())
        self.found: list[Cell] = []
        self.tried = 0
        self.reachable: tuple[int, ...] = ()
        self._compare()

    def nearest(self) -> list[Cell]:
        """Return the computations whose figure is nearest to the paid one, all at the same distance."""
        paid = self._paid
        closest = [
            min([abs(factor * block.principal_cents - paid) for factor in block.factors])
            for block in self._blocks
        ]
        # A figure lies at most half a cent and its slack from where the floats see it.
        reach = _HALF_CENT + min(
            distance + block.slack for distance, block in zip(closest, self._blocks, strict=True)
        )
        cells = [
            block.cell(place, block.exact(place))
            for distance, block in zip(closest, self._blocks, strict=True)
            if distance <= reach + block.slack + _HALF_CENT
            for place, factor in enumerate(block.factors)
            if abs(factor * block.principal_cents - paid) <= reach + block.slack + _HALF_CENT
        ]
        best = min(abs(cell.cents - paid) for cell in cells)
        return [cell for cell in cells if abs(cell.cents - paid) == best]

    def _compare(self) -> None:
        paid = self._paid
        figures: list[set[int]] = [set() for _ in range(self._most + 1)]
        for block in self._blocks:
            factors, principal, counts, off = (
                block.factors,
                block.principal_cents,
                block.group.counts,
                block.slack,
            )
            self.tried += len(factors)
            reach = NEIGHBOURHOOD_CENTS + _HALF_CENT + off
            low, high = (paid - reach) / principal, (paid + reach) / principal
            for place in [place for place, factor in enumerate(factors) if low <= factor <= high]:
                figure = factors[place] * principal
                distance = abs(figure - paid)
                if distance <= NEIGHBOURHOOD_CENTS:
                    figures[block.cost + counts[place]].add(round(figure))
                if distance < _HALF_CENT - off or (
                    distance <= _HALF_CENT + off and block.exact(place) == paid
                ):
                    self.found.append(block.cell(place, paid))
        seen: set[int] = set()
        for level in figures:
            seen |= level
            self.reachable += (len(seen),)

    def _read(self) -> Iterator[_Block]:
        """Read all near factors: a block is one list, cut at the departures its other parts leave."""
        most, grid, principals = self._most, self.grid, _principals(self._case)
        for group in self._groups:
            within = [bisect_right(group.counts, left) for left in range(most + 1)]
            for choice, basis in product(group.choices, group.bases):
                left_by_table = most - len(choice.readings[0].departures) - len(basis[1][0])
                if left_by_table < 0:
                    continue
                table = grid.table(choice.rates, basis[0])
                for method in group.methods:
                    left = left_by_table - len(method[1][0])
                    count = within[left] if left >= 0 else 0
                    if not count:
                        continue
                    factors = NEAR_FACTORS[method[0]](table, group.starts[:count], group.ends[:count])
                    for netting, principal in principals:
                        rest = left - (netting is not Netting.AS_GIVEN)
                        part = factors[: within[rest]] if rest >= 0 else []
                        if part:
                            off = slack(method[0], table, principal)
                            cost = most - rest
                            yield _Block(
                                group, choice, basis, method, netting, principal, cost, table, part, off
                            )


def _netting(netting: Netting) -> Departures:
    return () if netting is Netting.AS_GIVEN else (f"netting:{netting}",)


def _principals(case: InterestCase) -> list[tuple[Netting, int]]:
    principal = to_cents(case.principal)
    netted = to_cents(case.netted) if case.netted is not None else 0
    found = [(Netting.AS_GIVEN, principal)]
    if netted:
        found.append((Netting.MORE, principal + netted))
    if 0 < netted < principal:
        found.append((Netting.LESS, principal - netted))
    return found


def _without_rate(days: Iterable[Candidate], first: dt.date, last: dt.date) -> list[str]:
    """Name the given days that have no rate; of shifts and of days that were reckoned nothing is said."""
    return [
        f"{one.why}: the table has rates from {first} to {last}. Pass rates.projected(...) to go on."
        for one in days
        if one.departures in _GIVEN and not first - _DAY <= one.day <= last
    ]
