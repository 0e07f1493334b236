"""Which days an interest figure may run between: candidates with their reasons, and their pairs.

A pair is the days `start < d <= end` that earn, whatever events and whichever way of counting led to them.
The same pair can have several readings, for the entry summary date may be the 10th working day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ieeparefund.errors import CoverageError
from ieeparefund.law.due_dates import (
    deemed_liquidation_date,
    entry_summary_due_date,
    expected_liquidation_date,
    periodic_statement_due_date,
    refund_due_date,
)
from ieeparefund.law.working_days import add_working_days
from ieeparefund.refunds.hypotheses import Rank, departure, rank
from ieeparefund.refunds.trace_axes import DayEnds
from ieeparefund.refunds.trace_case import InterestCase

__all__ = ["Candidate", "Pair", "Reading", "candidates", "date_pairs"]

_DAY = dt.timedelta(days=1)
_FRIDAY = 4
# By how many days each way of counting moves the start and the end of `start < d <= end`. The law's is first.
_COUNTS: tuple[tuple[DayEnds, int, int, tuple[str, ...]], ...] = (
    (DayEnds.END_ONLY, 0, 0, ()),
    (DayEnds.BOTH, -1, 0, ("count:both",)),
    (DayEnds.NEITHER, 0, -1, ("count:neither",)),
    (DayEnds.START_ONLY, -1, -1, ("count:start_only",)),
)
# The stop dates that circulate: the last day of collection, and the day from which there was none.
_STOPS = ("2026-02-23", "2026-02-24")


class Candidate(NamedTuple):
    """A day interest may have run from or to, why, and the departures it takes."""

    day: dt.date
    why: str
    departures: tuple[str, ...]


class Reading(NamedTuple):
    """One way to come to a pair of days."""

    rank: Rank
    departures: tuple[str, ...]
    start: Candidate
    end: Candidate
    day_ends: DayEnds


class Pair(NamedTuple):
    """Days `start < d <= end` (ordinals) with the readings that give them, the nearest to the law first."""

    start: int
    end: int
    readings: Sequence[Reading]


def candidates(case: InterestCase, window_days: int) -> tuple[list[Candidate], list[Candidate], list[str]]:
    """Return the candidates for the start and the end, the law's first, and what was left out and why."""
    left_out: list[str] = []

    def known(find: Callable[[], dt.date], what: str) -> dt.date | None:
        try:
            return find()
        except CoverageError as error:
            left_out.append(f"{what}: {error}")
            return None

    starts = []
    for event, why, day in _start_events(case, known):
        if day is None:
            continue
        departures = (event,) if event else ()
        starts.append(Candidate(day, f"{why} ({day})", departures))
        starts += _shifted(day, why, departures, window_days, known)
    ends = [
        Candidate(day, f"{why} ({day})", (event,) if event else ())
        for event, why, day in _end_events(case)
        if day is not None
    ]
    return starts, ends, left_out


_Known = Callable[[Callable[[], dt.date], str], "dt.date | None"]
_Event = tuple[str, str, "dt.date | None"]


def _start_events(case: InterestCase, known: _Known) -> Iterator[_Event]:
    yield "", "the deposit date", case.deposited
    yield "start:entry", "the entry date", case.entry_date
    yield "start:entry_summary", "the entry summary date", case.entry_summary_date
    entry = case.entry_date
    if entry is not None:
        what = "the periodic monthly statement"
        yield "start:statement", what, known(partial(periodic_statement_due_date, entry), what)
        what = "the 10th working day after entry"
        yield "start:tenth_working_day", what, known(partial(entry_summary_due_date, entry), what)


def _shifted(
    day: dt.date, why: str, departures: tuple[str, ...], window_days: int, known: _Known
) -> Iterator[Candidate]:
    for distance in range(1, window_days + 1):
        for count in (distance, -distance):
            shift = departure(f"shift:{count:+}")
            moved = known(partial(add_working_days, day, count), f"{shift.phrase} {why}")
            if moved is not None:
                text = f"{shift.phrase.removeprefix('from ')} {why} ({moved})"
                yield Candidate(moved, text, (*departures, shift.id))


def _end_events(case: InterestCase) -> Iterator[_Event]:
    law = case.end
    if case.reliquidated is None:
        yield "", "the liquidation date", law
    else:
        yield "", "the reliquidation date", law
        yield "end:first_liquidation", "the first liquidation", case.liquidated
    yield "end:paid", "the payment date", case.paid_on
    yield "end:certified", "the certification date", case.certified
    for stop in _STOPS:
        day = dt.date.fromisoformat(stop)
        # A stop cuts interest short; it never lengthens it.
        if day < law:
            what = "the last day of collection" if stop == _STOPS[0] else "the end of collection"
            yield f"end:{stop}", what, day
    week = 7 * _DAY
    after = law + (_FRIDAY - law.weekday()) % 7 * _DAY
    yield "end:friday_after", "the Friday after the liquidation", after + week if after == law else after
    yield "end:friday_before", "the Friday before the liquidation", after - week
    yield "end:refund_due", "the last day to pay the refund", refund_due_date(law)
    entry = case.entry_date
    if entry is not None:
        yield "end:normal_cycle", "the liquidation of the normal cycle", expected_liquidation_date(entry)
        yield "end:deemed", "the deemed liquidation", deemed_liquidation_date(entry)


def date_pairs(
    starts: Sequence[Candidate], ends: Sequence[Candidate], most: int, first: int, last: int
) -> list[Pair]:
    """Return all pairs of at most `most` departures, nearest to the law first.

    Pairs whose days leave `first` to `last` (ordinals of days with a rate, inclusive), or that end before
    they start, are not among them.
    """
    found: dict[tuple[int, int], list[Reading]] = {}
    for start in starts:
        starts_on = start.day.toordinal()
        for end in ends:
            ends_on = end.day.toordinal()
            both = start.departures + end.departures
            # The law's way of counting comes first, without a departure; each other takes one.
            for day_ends, earlier, shorter, count in (
                _COUNTS if len(both) < most else _COUNTS[: len(both) <= most]
            ):
                days = starts_on + earlier, ends_on + shorter
                if first <= days[0] + 1 and days[0] <= days[1] <= last:
                    departures = both + count
                    reading = Reading(rank(departures), departures, start, end, day_ends)
                    if days in found:
                        found[days].append(reading)
                    else:
                        found[days] = [reading]
    pairs = [Pair(*days, sorted(readings)) for days, readings in found.items()]
    pairs.sort(key=_nearness)
    return pairs


def _nearness(pair: Pair) -> tuple[Rank, int, int]:
    return pair.readings[0].rank, pair.start, pair.end
