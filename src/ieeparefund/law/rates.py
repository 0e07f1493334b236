"""CBP's quarterly interest rates on duties, 1974 to 2026, each with its source and standing.

The rates stand in `tables/interest_rates.csv`. A new quarter is a new row there; until it is shipped, give it
with `RateTable.with_rate`, or let the last rate go on with `RateTable.projected`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import CoverageError, FieldError, RateNotPublishedError
from ieeparefund.law.citations import Citation, Standing
from ieeparefund.law.dated import Timeline
from ieeparefund.law.growth import DailyStep, Growth
from ieeparefund.law.once import building, once, once_for
from ieeparefund.law.rate_bands import (
    COMPOUNDED_SINCE,
    RateBand,
    RateClass,
    day_basis_spans,
    per_cent,
    published_bands,
    rate_class,
    require_date,
)

__all__ = [
    "PUBLISHED_RATES",
    "RateBand",
    "RateClass",
    "RateTable",
    "annual_rate",
]

_DAY = dt.timedelta(days=1)
_REMEDY = (
    "Use rates.projected(through) to let the last rate go on, marked as projected, "
    "or rates.with_rate(...) for a rate you can cite."
)
_LONGEST_PROJECTION_YEARS = 100


class _Growths(dict[str, Growth]):
    """Growth tables by rate class, each built when first asked for, and once."""

    def __init__(self, table: RateTable, seeds: _Growths | None) -> None:
        super().__init__()
        self._table, self._seeds = table, seeds

    def __missing__(self, payee: str) -> Growth:
        kind = rate_class(payee)
        with building():
            # Another thread may have built it while this one waited for the lock.
            if payee not in self:
                # Under the very key asked for: a look-up by the same object is the fastest.
                self[payee] = self._build(kind)
            return self[payee]

    def _build(self, kind: RateClass) -> Growth:
        table = self._table
        if self._seeds is None:
            first = max(table.first_day, COMPOUNDED_SINCE)
            return Growth(first.toordinal() - 1, table._daily_steps(kind, first))
        tail = max(self._seeds._table.last_day + _DAY, COMPOUNDED_SINCE)
        return self._seeds[kind].extended(table._daily_steps(kind, tail))


class RateTable:
    """Rate bands that follow each other without gap or overlap. Immutable: every change gives a new table.

    Raises `ValueError` where `bands` is empty or leaves a gap.
    """

    __slots__ = ("_hash", "_timeline", "growths")

    def __init__(self, bands: Iterable[RateBand]) -> None:
        rows = tuple(bands)
        if not rows:
            raise FieldError("a rate table needs one band at least.", remedy="Pass RateBand rows in order.")
        self._timeline: Timeline[RateBand] | None = _timeline(rows)
        self._hash: int | None = None
        self.growths = _Growths(self, None)

    @classmethod
    def flat(
        cls,
        rate: Decimal | int | str,
        first_day: dt.date,
        last_day: dt.date,
        *,
        citation: str = "a fixed rate",
    ) -> RateTable:
        """Return a table of one assumed rate (per cent a year) for every payee, marked projected.

        Both days are inclusive: the first is the earliest that can earn interest, the day after a deposit.
        """
        source = Citation("fixed-rate", citation, "Rate assumed by the user", Standing.PROJECTED)
        fixed = per_cent(rate, "fixed")
        return cls([RateBand(first_day, last_day, fixed, fixed, fixed, Standing.PROJECTED, source)])

    def _rows(self) -> Timeline[RateBand]:
        if self._timeline is None:
            self._timeline = _published()
        return self._timeline

    @property
    def bands(self) -> Sequence[RateBand]:
        """All bands, oldest first."""
        return self._rows().rows

    @property
    def first_day(self) -> dt.date:
        """First day with a rate."""
        return self.bands[0].first_day

    @property
    def last_day(self) -> dt.date:
        """Last day with a rate."""
        return self.bands[-1].last_day

    def at(self, day: dt.date) -> RateBand:
        """Return the band of `day`. Raises `RateNotPublishedError` outside the table's days."""
        require_date(day, "day")
        return self._rows().at(day)

    def rate(self, day: dt.date, payee: Payee | RateClass | str) -> Decimal:
        """Return the annual rate of `day` in per cent. Raises as `at` does."""
        return self.at(day).rate(payee)

    def bands_between(self, first_day: dt.date, last_day: dt.date) -> Sequence[RateBand]:
        """Return the bands with a day from `first_day` to `last_day` (both inclusive), oldest first."""
        # Interest spans lie near the end of the table, so the walk starts there.
        bands = self.bands
        end = len(bands)
        while end and bands[end - 1].first_day > last_day:
            end -= 1
        start = end
        while start and bands[start - 1].last_day >= first_day:
            start -= 1
        return bands[start:end]

    def projected(self, through: dt.date) -> RateTable:
        """Return a table that goes on to `through` (inclusive) at the last rates, marked as projected.

        A table that reaches `through` is returned as it is. For many entries, project once, to the last day
        of all. Raises `CoverageError` more than 100 years past the table.
        """
        require_date(through, "through")
        if through <= self.last_day:
            return self
        if through.year > self.last_day.year + _LONGEST_PROJECTION_YEARS:
            raise CoverageError(
                f"{through} is more than {_LONGEST_PROJECTION_YEARS} years past the last rate, "
                f"of {self.last_day}. Check the date."
            )
        return _projected(self, through)

    def with_rate(
        self,
        first_day: dt.date,
        last_day: dt.date,
        *,
        corporation: Decimal | int | str,
        other: Decimal | int | str,
        underpayment: Decimal | int | str | None = None,
        citation: Citation | str,
        standing: Standing = Standing.PUBLISHED,
    ) -> RateTable:
        """Return a table in which the days `first_day` to `last_day` (both inclusive) bear the given rates.

        Rates are per cent a year. Days of the table are replaced; days outside it must adjoin it, else
        `CoverageError`. Without `underpayment` the rate for `other` stands in: since 1999 the two are one by
        26 U.S.C. 6621(a). `citation` says where the rates are from; use `Standing.PROJECTED` for a guess.
        """
        if isinstance(citation, str):
            if not citation.strip():
                raise FieldError(
                    "citation is blank.", remedy="Say where the rates are from.", column="citation"
                )
            citation = Citation("given-rate", citation.strip(), "Rate given by the user", standing)
        given = RateBand(
            first_day,
            last_day,
            per_cent(other if underpayment is None else underpayment, "underpayment"),
            per_cent(corporation, "corporation"),
            per_cent(other, "other"),
            standing,
            citation,
        )
        if first_day.toordinal() > self.last_day.toordinal() + 1 or (
            last_day.toordinal() < self.first_day.toordinal() - 1
        ):
            raise CoverageError(
                f"the rates of {first_day} to {last_day} leave a gap: the table runs from {self.first_day} "
                f"to {self.last_day}. Give the days between first."
            )
        before = [
            replace(band, last_day=min(band.last_day, first_day - _DAY))
            for band in self.bands
            if band.first_day < first_day
        ]
        after = [
            replace(band, first_day=max(band.first_day, last_day + _DAY))
            for band in self.bands
            if band.last_day > last_day
        ]
        return RateTable([*before, given, *after])

    def _daily_steps(self, kind: RateClass, first_day: dt.date) -> Iterator[DailyStep]:
        for band in self.bands_between(first_day, self.last_day):
            ratio = band.rate(kind).as_integer_ratio()
            for _, last, basis in day_basis_spans(max(band.first_day, first_day), band.last_day):
                yield DailyStep.of(last.toordinal(), ratio, basis)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RateTable):
            return NotImplemented
        return self is other or self.bands == other.bands

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self.bands)
        return self._hash

    def __repr__(self) -> str:
        return f"<RateTable of {len(self.bands)} bands, {self.first_day} to {self.last_day}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        # The shipped table travels by name, so results that refer to it stay small.
        return "PUBLISHED_RATES" if self is PUBLISHED_RATES else (RateTable, (self.bands,))


def _timeline(rows: Iterable[RateBand]) -> Timeline[RateBand]:
    return Timeline(rows, "CBP's interest rate", RateNotPublishedError, _REMEDY)


@once
def _published() -> Timeline[RateBand]:
    return _timeline(published_bands())


# The cache spares a portfolio that asks for the same few days the copy of the whole growth table.
@once_for(64)
def _projected(table: RateTable, through: dt.date) -> RateTable:
    *bands, last = table.bands
    if last.standing is Standing.PROJECTED:
        longer = RateTable([*bands, replace(last, last_day=through)])
    else:
        ahead = replace(
            last,
            first_day=last.last_day + _DAY,
            last_day=through,
            standing=Standing.PROJECTED,
            note=f"No rate is published for these days; the last one known, of {last.last_day}, is repeated.",
        )
        longer = RateTable([*bands, last, ahead])
    longer.growths = _Growths(longer, table.growths)
    return longer


def _unread_table() -> RateTable:
    # Reading waits for the first question: most imports of this module never ask one.
    table = RateTable.__new__(RateTable)
    table._timeline = None
    table._hash = None
    table.growths = _Growths(table, None)
    return table


PUBLISHED_RATES = _unread_table()
"""The shipped table: 1974-07-01 to 2026-12-31. Rows of 2026Q3 and Q4 are inferred (see `RateBand.note`)."""


def annual_rate(day: dt.date, payee: Payee | RateClass | str, rates: RateTable = PUBLISHED_RATES) -> Decimal:
    """Return CBP's rate on `day` in per cent a year, for refunds to `payee` (or `RateClass.UNDERPAYMENT`).

    Raises `RateNotPublishedError` for a day outside the table; the text names its days and what to do.
    Source: 26 U.S.C. 6621(a)(1); 19 CFR 24.3a(c)(1).

    >>> annual_rate(dt.date(2026, 5, 1), Payee.CORPORATION)
    Decimal('5')
    """
    return rates.rate(day, payee)
