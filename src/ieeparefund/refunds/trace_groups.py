"""Pairs of days grouped by what can differ between them.

Within one calendar quarter compounding by quarters is simple interest, without a leap year 365 days are the
law, and so on. Pairs that end in the same two segments and agree in these points form a group, in which every
choice left is a computation of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias, TypeVar

from ieeparefund.refunds.trace_axes import Compounding, DayBasis
from ieeparefund.refunds.trace_dates import Pair
from ieeparefund.refunds.trace_methods import PERIOD_DAYS
from ieeparefund.refunds.trace_rates import RateChoice, RateGrid

__all__ = ["Group", "Option", "grouped"]

Kind = TypeVar("Kind", bound=StrEnum)
Option: TypeAlias = tuple[Kind, Sequence[tuple[str, ...]]]
"""A way of counting or adding up with the departures that lead to it, the cheapest first."""


class Group(NamedTuple):
    """Pairs, nearest to the law first, with the places of their days and the number of their departures."""

    pairs: list[Pair]
    starts: list[int]
    ends: list[int]
    counts: list[int]
    segments: slice
    choices: Sequence[RateChoice]
    bases: Sequence[Option[DayBasis]]
    methods: Sequence[Option[Compounding]]


class _Key(NamedTuple):
    first: int
    last: int
    one_quarter: bool
    at_turn: bool
    short: bool


# No day between start and end: nothing can differ.
_NOTHING = _Key(0, -1, True, False, True)


def grouped(grid: RateGrid, pairs: Iterable[Pair]) -> list[Group]:
    """Group `pairs`, which are sorted by rank; the order stays within each group."""
    groups: dict[_Key, Group] = {}
    for pair in pairs:
        start, end = pair.start - grid.zero, pair.end - grid.zero
        key = _key(grid, start, end) if start < end else _NOTHING
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(grid, key)
        group.pairs.append(pair)
        group.starts.append(start)
        group.ends.append(end)
        group.counts.append(len(pair.readings[0].departures))
    return list(groups.values())


def _key(grid: RateGrid, start: int, end: int) -> _Key:
    return _Key(
        grid.segment_of[start + 1],
        grid.segment_of[end],
        grid.quarter_end[start + 1] >= end,
        grid.quarter_end[start] == start,
        end - start <= PERIOD_DAYS,
    )


def _group(grid: RateGrid, key: _Key) -> Group:
    segments = slice(key.first, key.last + 1)
    same_basis: dict[DayBasis, DayBasis] = {}
    same_method: dict[Compounding, Compounding] = {}
    if key is _NOTHING:
        same_basis = dict.fromkeys(DayBasis, DayBasis.ACTUAL)
        same_method = dict.fromkeys(Compounding, Compounding.DAILY)
    else:
        if not any(segment.leap for segment in grid.segments[segments]):
            same_basis[DayBasis.ALWAYS_365] = DayBasis.ACTUAL
        if key.one_quarter:
            same_method[Compounding.QUARTER_ON_PRINCIPAL] = Compounding.DAILY
            same_method[Compounding.QUARTER_ROUNDED] = Compounding.DAILY
            same_method[Compounding.QUARTERLY] = Compounding.SIMPLE
            if not key.at_turn:
                same_method[Compounding.QUARTER_DAY_DROPPED] = Compounding.DAILY
        if key.short:
            same_method[Compounding.THIRTY_DAY_PERIODS] = Compounding.SIMPLE
    return Group(
        [],
        [],
        [],
        [],
        segments,
        grid.choices(key.first, key.last),
        _options(DayBasis, DayBasis.ACTUAL, same_basis, "basis"),
        _options(Compounding, Compounding.DAILY, same_method, "compounding"),
    )


def _options(kinds: Iterable[Kind], law: Kind, same: Mapping[Kind, Kind], axis: str) -> list[Option[Kind]]:
    found: dict[Kind, list[tuple[str, ...]]] = {}
    for kind in kinds:
        departures = () if kind is law else (f"{axis}:{kind}",)
        found.setdefault(same.get(kind, kind), []).append(departures)
    return list(found.items())
