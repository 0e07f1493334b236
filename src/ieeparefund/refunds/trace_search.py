"""The search: every hypothesis within a number of departures, tried against one paid figure.

Hypotheses that come to the same computation on the days in question count once: those with the same days,
row of rates, length of the year, way of adding up, and principal. Most figures are read off float tables;
the few that come within the tables' error of half a cent are computed exactly, so nothing is found or missed
by rounding.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from ieeparefund.law.rate_bands import COMPOUNDED_SINCE
from ieeparefund.law.rates import RateTable
from ieeparefund.money import to_cents
from ieeparefund.refunds.hypotheses import Compounding, DayBasis, Netting
from ieeparefund.refunds.trace_case import InterestCase
from ieeparefund.refunds.trace_dates import Candidate, Pair, candidates, date_pairs
from ieeparefund.refunds.trace_growth import GrowthTable
from ieeparefund.refunds.trace_methods import NEAR_FACTORS, PERIOD_DAYS, exact_cents, slack
from ieeparefund.refunds.trace_rates import RateChoice, RateGrid

__all__ = ["NEIGHBOURHOOD_CENTS", "Cell", "Search"]

NEIGHBOURHOOD_CENTS = 100
"""How far from the paid figure other figures are counted, to tell an explanation from a coincidence."""

Departures: TypeAlias = tuple[str, ...]
_Method: TypeAlias = tuple[Compounding, Sequence[Departures]]
_Basis: TypeAlias = tuple[DayBasis, Sequence[Departures]]


class Cell(NamedTuple):
    """One computation the search tried: what it was made with, and the readings of each part."""

    pair: Pair
    choice: RateChoice
    segments: slice
    basis: _Basis
    method: _Method
    netting: Netting
    principal_cents: int
    cents: int

    def departures(self, most: int | None = None) -> list[Departures]:
        """Return the sets of departures that mean this computation, the cheapest first.

        All of at most `most` departures; without `most` only those of as few as possible.
        """
        parts = (
            [reading.departures for reading in self.choice.readings],
            [reading.departures for reading in self.pair.readings],
            self.basis[1],
            self.method[1],
            [() if self.netting is Netting.AS_GIVEN else (f"netting:{self.netting}",)],
        )
        cheapest = sum((part[0] for part in parts), ())
        limit = len(cheapest) if most is None else most
        sets = [sum(chosen, ()) for chosen in product(*parts)]
        return [cheapest, *(one for one in sets if len(one) <= limit and one != cheapest)]


class _Group(NamedTuple):
    """Pairs of days that end in the same two segments, and what can differ between those."""

    pairs: list[Pair]
    starts: list[int]
    ends: list[int]
    counts: list[int]
    segments: slice
    choices: list[RateChoice]
    bases: Sequence[_Basis]
    methods: Sequence[_Method]


class _Block(NamedTuple):
    """The near figures of one group under one set of the other parts; `cost` counts its departures."""

    group: _Group
    choice: RateChoice
    basis: _Basis
    method: _Method
    netting: Netting
    principal_cents: int
    cost: int
    table: GrowthTable
    factors: Sequence[float]

    def cell(self, place: int) -> Cell:
        start, end = self.group.starts[place], self.group.ends[place]
        cents = exact_cents(self.method[0], self.table, start, end, self.principal_cents)
        return Cell(
            self.group.pairs[place],
            self.choice,
            self.group.segments,
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
    """

    def __init__(self, case: InterestCase, rates: RateTable, window_days: int, most: int) -> None:
        self._case, self._most = case, most
        self._paid = to_cents(case.paid)
        starts, ends, self.left_out = candidates(case, window_days)
        first, last = max(rates.first_day, COMPOUNDED_SINCE), rates.last_day
        self.left_out += _without_rate([*starts, *ends], first, last)
        pairs = date_pairs(starts, ends, most, first.toordinal(), last.toordinal())
        zero = min(pair.start for pair in pairs)
        end = max(pair.end for pair in pairs)
        self._grid = RateGrid(rates, case.payee, dt.date.fromordinal(zero + 1), dt.date.fromordinal(end))
        self._groups = self._grouped(pairs)
        self.found: list[Cell] = []
        self.tried = 0
        self.reachable: tuple[int, ...] = ()
        self._run()

    def nearest(self) -> list[Cell]:
        """Return the computations whose figure is nearest to the paid one, all at the same distance."""
        blocks = [
            (block, slack(block.method[0], block.table, block.principal_cents)) for block in self._blocks()
        ]
        paid = self._paid
        # No figure's rounding moves it by more than half a cent, so nothing farther can be the nearest.
        reach = min(
            min(abs(factor * block.principal_cents - paid) for factor in block.factors) + off + 0.5
            for block, off in blocks
        )
        cells = [
            block.cell(place)
            for block, off in blocks
            for place, factor in enumerate(block.factors)
            if abs(factor * block.principal_cents - paid) <= reach + off + 0.5
        ]
        best = min(abs(cell.cents - paid) for cell in cells)
        return [cell for cell in cells if abs(cell.cents - paid) == best]

    def _run(self) -> None:
        paid = self._paid
        figures: list[set[int]] = [set() for _ in range(self._most + 1)]
        for block in self._blocks():
            factors, principal, counts = block.factors, block.principal_cents, block.group.counts
            self.tried += len(factors)
            off = slack(block.method[0], block.table, principal)
            reach = NEIGHBOURHOOD_CENTS + 0.5 + off
            low, high = (paid - reach) / principal, (paid + reach) / principal
            for place in [place for place, factor in enumerate(factors) if low <= factor <= high]:
                figure = factors[place] * principal
                distance = abs(figure - paid)
                if distance <= NEIGHBOURHOOD_CENTS:
                    figures[block.cost + counts[place]].add(round(figure))
                if distance <= 0.5 + off:
                    cell = block.cell(place)
                    if cell.cents == paid:
                        self.found.append(cell)
        seen: set[int] = set()
        reachable = []
        for level in figures:
            seen |= level
            reachable.append(len(seen))
        self.reachable = tuple(reachable)

    def _blocks(self) -> Iterator[_Block]:
        """Read all near figures: each block is one list, cut at the departures its other parts leave."""
        most, grid, principals = self._most, self._grid, _principals(self._case)
        for group in self._groups:
            within = [bisect_right(group.counts, left) for left in range(most + 1)]
            for choice, basis in product(group.choices, group.bases):
                cost = len(choice.readings[0].departures) + len(basis[1][0])
                if cost > most:
                    continue
                table = grid.table(choice.rates, basis[0])
                for method in group.methods:
                    left = most - cost - len(method[1][0])
                    count = within[left] if left >= 0 else 0
                    if not count:
                        continue
                    factors = NEAR_FACTORS[method[0]](table, group.starts[:count], group.ends[:count])
                    for netting, principal in principals:
                        more = int(netting is not Netting.AS_GIVEN)
                        part = factors[: within[left - more]] if more <= left else []
                        if part:
                            yield _Block(
                                group, choice, basis, method, netting, principal, most - left + more, table, part
                            )

    def _grouped(self, pairs: Sequence[Pair]) -> list[_Group]:
        grid = self._grid
        groups: dict[tuple[int, int, bool, bool, bool], _Group] = {}
        for pair in pairs:
            start, end = pair.start - grid.zero, pair.end - grid.zero
            if start == end:
                key = (0, -1, True, False, True)
            else:
                one_quarter = grid.quarter_end[start + 1] >= end
                at_turn = grid.quarter_end[start] == start
                short = end - start <= PERIOD_DAYS
                key = (grid.segment_of[start + 1], grid.segment_of[end], one_quarter, at_turn, short)
            group = groups.get(key)
            if group is None:
                group = groups[key] = self._group(*key)
            group.pairs.append(pair)
            group.starts.append(start)
            group.ends.append(end)
            group.counts.append(len(pair.readings[0].departures))
        return list(groups.values())

    def _group(self, first: int, last: int, one_quarter: bool, at_turn: bool, short: bool) -> _Group:
        segments = slice(first, last + 1)
        leap = any(segment.leap for segment in self._grid.segments[segments])
        nothing = last < first
        same_basis = {DayBasis.ALWAYS_365: DayBasis.ACTUAL}
        same_method = {}
        if one_quarter:
            same_method[Compounding.QUARTER_ON_PRINCIPAL] = Compounding.DAILY
            same_method[Compounding.QUARTER_ROUNDED] = Compounding.DAILY
            same_method[Compounding.QUARTERLY] = Compounding.SIMPLE
            if not at_turn:
                same_method[Compounding.QUARTER_DAY_DROPPED] = Compounding.DAILY
        if short:
            same_method[Compounding.THIRTY_DAY_PERIODS] = Compounding.SIMPLE
        if nothing:
            same_basis = dict.fromkeys(DayBasis, DayBasis.ACTUAL)
            same_method = dict.fromkeys(Compounding, Compounding.DAILY)
        elif leap:
            same_basis = {}
        return _Group(
            [],
            [],
            [],
            [],
            segments,
            self._grid.choices(first, last),
            _merged(DayBasis, same_basis, "basis"),
            _merged(Compounding, same_method, "compounding"),
        )
