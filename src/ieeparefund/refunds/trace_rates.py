"""The rates an interest figure may have been computed with, by the calendar quarters of its days.

A `RateGrid` cuts the days in question where a calendar quarter or a rate band begins. Between two days, each
in a given segment, a rate class and a rate rule come down to one row of rates: readings with the same row
there are one choice. Days count as places from the day before the grid's first, which is place 0.
"""

from __future__ import annotations

import datetime as dt
from calendar import isleap
from collections.abc import Sequence
from decimal import Decimal
from itertools import product, repeat
from typing import NamedTuple, TypeAlias

from ieeparefund.entries.codes import Payee
from ieeparefund.law.citations import Standing
from ieeparefund.law.once import once_for
from ieeparefund.law.rate_bands import COMPOUNDED_SINCE, RateBand, RateClass
from ieeparefund.law.rates import RateTable
from ieeparefund.refunds.hypotheses import Rank, rank
from ieeparefund.refunds.trace_axes import DayBasis, RateRule
from ieeparefund.refunds.trace_growth import GrowthTable

__all__ = ["RateChoice", "RateGrid", "Segment", "rate_grid"]

_DAY = dt.timedelta(days=1)
Rates: TypeAlias = tuple[Decimal, ...]


class Segment(NamedTuple):
    """Days of one calendar quarter under one band, from place `first` to place `last`, inclusive."""

    first: int
    last: int
    leap: bool
    band: RateBand


class RateReading(NamedTuple):
    """One rate class under one rate rule."""

    rank: Rank
    departures: tuple[str, ...]
    rate_class: RateClass
    rule: RateRule


class RateChoice(NamedTuple):
    """A rate for each segment of the grid, with the readings that give it on the days in question."""

    rates: Rates
    readings: list[RateReading]


class RateGrid:
    """The days `first_day` to `last_day` (inclusive, all with a rate), for a payee by the law."""

    def __init__(self, rates: RateTable, payee: Payee, first_day: dt.date, last_day: dt.date) -> None:
        self.zero = first_day.toordinal() - 1
        self.size = last_day.toordinal() - self.zero
        self.segments: list[Segment] = []
        # By place: the last place of the quarter before and of the quarter itself, as far as in the grid; the
        # segment. Place 0 earns nothing and has no segment of its own.
        self.quarter_before: list[int] = []
        self.quarter_end: list[int] = []
        self.segment_of = [0]
        self._mark_quarter(first_day - _DAY, 1)
        day = first_day
        while day <= last_day:
            band = rates.at(day)
            last = min(band.last_day, _next_quarter(day) - _DAY, last_day)
            first_place, last_place = self._place(day), self._place(last)
            self.segment_of += repeat(len(self.segments), last_place - first_place + 1)
            self.segments.append(Segment(first_place, last_place, isleap(day.year), band))
            self._mark_quarter(day, last_place - first_place + 1)
            day = last + _DAY
        # Where a quarter ends within the grid, and place 0.
        self.turns = sorted(set(self.quarter_before))
        self._readings = _readings(payee)
        # The first segment for which the table has the rate of the quarter before.
        self._late_from = len(self.segments)
        self._rows = self._rate_rows(rates)
        self._tables: dict[tuple[Rates, DayBasis], GrowthTable] = {}

    def _place(self, day: dt.date) -> int:
        return day.toordinal() - self.zero

    def _mark_quarter(self, day: dt.date, count: int) -> None:
        before = self._place(_quarter(day)) - 1
        end = self._place(_next_quarter(day)) - 1
        self.quarter_before += repeat(max(before, 0), count)
        self.quarter_end += repeat(min(end, self.size), count)

    def _rate_rows(self, rates: RateTable) -> dict[tuple[RateClass, RateRule], Rates]:
        """Return the rates of all segments by class and rule, for rules that do not ask for the two days."""
        own = [segment.band for segment in self.segments]
        late = own.copy()
        for place, segment in enumerate(self.segments):
            quarter = _quarter(dt.date.fromordinal(self.zero + segment.first))
            # Where the table begins no quarter lies before: the segment keeps its band, and is not asked for.
            if quarter > rates.first_day:
                late[place] = rates.at(quarter - _DAY)
                self._late_from = min(self._late_from, place)
        rows = {
            RateRule.OWN_QUARTER: own,
            RateRule.LAST_PUBLISHED: _last_published(rates, own),
            RateRule.QUARTER_LATE: late,
        }
        return {
            (kind, rule): tuple(band.rate(kind) for band in row)
            for rule, row in rows.items()
            for kind in RateClass
        }

    def choices(self, first: int, last: int) -> list[RateChoice]:
        """Return the rates that differ on the segments `first` to `last`, those nearest to the law first."""
        found: dict[Rates, RateChoice] = {}
        for reading in self._readings:
            kind, rule = reading.rate_class, reading.rule
            if rule is RateRule.FIRST_DAY or rule is RateRule.LAST_DAY:
                # Slices, since a pair of days with nothing between them has no segment: then any row does.
                place = first if rule is RateRule.FIRST_DAY else last
                own = self._rows[kind, RateRule.OWN_QUARTER]
                rates = own[place : place + 1] * len(own)
            elif rule is RateRule.QUARTER_LATE and first < self._late_from:
                continue
            else:
                rates = self._rows[kind, rule]
            used = rates[first : last + 1]
            found.setdefault(used, RateChoice(rates, [])).readings.append(reading)
        return list(found.values())

    def table(self, rates: Rates, basis: DayBasis) -> GrowthTable:
        """Return the growth under a row of rates and a day basis, built when first asked for."""
        key = rates, basis
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = GrowthTable(self, rates, basis)
        return found


def rate_grid(rates: RateTable, payee: Payee, first_day: dt.date, last_day: dt.date) -> RateGrid:
    """Return a grid that holds the days `first_day` to `last_day` (inclusive), which all have a rate.

    It holds the calendar years around them, so that the entries of a book share one grid with its tables.
    """
    return _grid_of_years(rates, payee, first_day.year, last_day.year)


@once_for(4)
def _grid_of_years(rates: RateTable, payee: Payee, first: int, last: int) -> RateGrid:
    opens = max(rates.first_day, COMPOUNDED_SINCE, dt.date(first, 1, 1))
    return RateGrid(rates, payee, opens, min(rates.last_day, dt.date(last, 12, 31)))


def _quarter(day: dt.date) -> dt.date:
    """Return the first day of the calendar quarter of `day`."""
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _next_quarter(day: dt.date) -> dt.date:
    return _quarter(_quarter(day) + 95 * _DAY)


def _last_published(rates: RateTable, own: Sequence[RateBand]) -> list[RateBand]:
    row = []
    for band in own:
        if band.standing is not Standing.PUBLISHED:
            earlier = (one for one in reversed(rates.bands) if one.first_day < band.first_day)
            band = next((one for one in earlier if one.standing is Standing.PUBLISHED), band)
        row.append(band)
    return row


def _readings(payee: Payee) -> list[RateReading]:
    law = RateClass(payee)
    readings = []
    for kind, rule in product(RateClass, RateRule):
        departures: tuple[str, ...] = () if kind is law else (f"rate:{kind}",)
        if rule is not RateRule.OWN_QUARTER:
            departures += (f"quarters:{rule}",)
        readings.append(RateReading(rank(departures), departures, kind, rule))
    return sorted(readings)
