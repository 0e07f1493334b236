"""Dense look-up tables, filled by calling the scalar functions: days, growth factors, tariff numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ieeparefund.columns.kernels import Array, add_working_days
from ieeparefund.entries.codes import Payee
from ieeparefund.errors import CoverageError, IeepaRefundError
from ieeparefund.law.citations import Standing
from ieeparefund.law.clocks import clock
from ieeparefund.law.due_dates import entry_summary_due_date, periodic_statement_due_date
from ieeparefund.law.interest_factor import factor_units
from ieeparefund.law.once import once, once_for
from ieeparefund.law.rates import RateTable
from ieeparefund.law.working_days import add_working_days as scalar_add_working_days

__all__ = [
    "DayTable",
    "FactorTable",
    "clock_days",
    "day_number",
    "factor_table",
    "next_working_days",
    "to_date",
]

EPOCH = dt.date(1970, 1, 1).toordinal()


def day_number(day: dt.date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - EPOCH


def to_date(number: int) -> dt.date:
    """Return the date of a day number."""
    return dt.date.fromordinal(int(number) + EPOCH)


def clock_days(identifier: str) -> int:
    """Return the days a clock runs, as it stands in `clocks.toml`; it must be one of calendar days."""
    term = clock(identifier)
    if term.unit != "days":
        raise IeepaRefundError(f"clock {identifier!r} runs in {term.unit}, not in days.")
    return term.count


class DayTable:
    """A function of one day, tabulated for every day of the years given, both inclusive.

    A day outside is answered by the function itself, which then raises what it has to say about it.
    """

    def __init__(self, function: Callable[[dt.date], dt.date], first_year: int, last_year: int) -> None:
        self._function = function
        self.first = day_number(dt.date(first_year, 1, 1))
        self.last = day_number(dt.date(last_year, 12, 31))
        self.table = np.array(
            [day_number(function(to_date(day))) for day in range(self.first, self.last + 1)], np.int32
        )

    def __call__(self, days: NDArray[np.int32], out: Array | None = None) -> Array:
        """Return the function of each day."""
        if not len(days):
            return np.zeros(0, np.int32)
        if days.min() < self.first or days.max() > self.last:
            distinct, places = np.unique(days, return_inverse=True)
            found = np.array([day_number(self._function(to_date(day))) for day in distinct], np.int32)
            return found.take(places, out=out)
        return add_working_days(self.table, days, self.first, out)

    def known(self, days: NDArray[np.int32]) -> Array:
        """Return the function of each day, 0 where it raises `CoverageError`."""
        return np.array([self._or_zero(int(day)) for day in days], np.int32)

    def _or_zero(self, day: int) -> int:
        if self.first <= day <= self.last:
            return int(self.table[day - self.first])
        try:
            return day_number(self._function(to_date(day)))
        except CoverageError:
            return 0


# Entries that IEEPA duty can stand on, and the days CAPE can accept them, with years to spare on both sides.
_FIRST_YEAR, _LAST_YEAR = 2020, 2032


@once
def summary_due_days() -> DayTable:
    """The 10th working day after entry (19 USC 1505(a))."""
    return DayTable(entry_summary_due_date, _FIRST_YEAR, _LAST_YEAR)


@once
def periodic_due_days() -> DayTable:
    """The 15th working day of the month after entry (19 USC 1505(a))."""
    return DayTable(periodic_statement_due_date, _FIRST_YEAR, _LAST_YEAR)


@once
def working_days_after(count: int) -> DayTable:
    """The working day `count` working days after each day."""
    return DayTable(lambda day: scalar_add_working_days(day, count), _FIRST_YEAR, _LAST_YEAR)


def next_working_days() -> DayTable:
    """The working day after each day."""
    return working_days_after(1)


# A row costs as much as some hundred single answers, so that many entries must have asked for it.
_OFTEN = 500


class FactorTable:
    """Interest factors by deposit day and last day, in units of the 18th place, for one payee.

    A row for each last day is worked out, by the scalar function, when it is first asked for: the last days of a
    book are few. Pairs outside the dense years are worked out one by one, each distinct pair once.
    """

    def __init__(self, payee: Payee, rates: RateTable) -> None:
        self._payee, self._rates = payee, rates
        self.first = day_number(dt.date(_FIRST_YEAR, 1, 1))
        self.size = day_number(dt.date(_LAST_YEAR, 12, 31)) - self.first + 1
        # Rows are pages of zeros until they are filled, so only those in use take memory.
        self._table = np.zeros((self.size, self.size), np.int64)
        self._flat = self._table.reshape(-1)
        self._filled = np.zeros(self.size, np.bool_)
        self._wanted = np.zeros(self.size, np.int64)

    def _projected(self, end: int) -> RateTable:
        last = to_date(end)
        # As `accrue` does: to the end of the year of the last day.
        return (
            self._rates.projected(dt.date(last.year, 12, 31)) if last > self._rates.last_day else self._rates
        )

    def _fill(self, end: int) -> None:
        growth = self._projected(end + self.first).growths[self._payee]
        zero = self.first + EPOCH
        last = end + zero
        self._table[end, : end + 1] = [growth.factor_units(day, last) for day in range(zero, last + 1)]
        self._table[end, end + 1 :] = -1
        self._filled[end] = True

    def __call__(self, deposits: NDArray[np.int32], ends: NDArray[np.int32]) -> Array:
        """Return the factor of each pair. Raises as `interest_factor` where a day has no rate."""
        starts, lasts = deposits - np.int32(self.first), ends - np.int32(self.first)
        if len(starts) and (
            starts.min() < 0 or lasts.max() >= self.size or starts.max() >= self.size or lasts.min() < 0
        ):
            return self._pairs(deposits, ends)
        single = self._fill_wanted(lasts)
        found = self._flat.take(lasts * np.int32(self.size) + starts, mode="clip")
        if len(found) and found.min() < 0:
            single = (
                np.flatnonzero(found < 0) if single is None else np.union1d(single, np.flatnonzero(found < 0))
            )
        if single is not None:
            found[single] = self._pairs(deposits.take(single), ends.take(single))
        return found

    def _fill_wanted(self, lasts: Array) -> Array | None:
        """Fill the rows that are wanted often; return the places of the others, `None` where there are none."""
        filled = self._filled.take(lasts)
        if filled.all():
            return None
        distinct, counts = np.unique(lasts[~filled], return_counts=True)
        self._wanted[distinct] += counts
        often = distinct[self._wanted[distinct] >= _OFTEN]
        for end in often.tolist():
            self._fill(end)
        return np.flatnonzero(~self._filled.take(lasts)) if len(often) < len(distinct) else None

    def _pairs(self, deposits: Array, ends: Array) -> Array:
        keys = deposits.astype(np.int64) << 32 | ends.astype(np.int64)
        distinct, places = np.unique(keys, return_inverse=True)
        found = [
            factor_units(
                to_date(key >> 32), to_date(key & 0xFFFFFFFF), self._payee, self._projected(key & 0xFFFFFFFF)
            )
            for key in distinct.tolist()
        ]
        units: Array = np.array(found, np.int64)[places]
        return units


@once_for(8)
def factor_table(payee: Payee, rates: RateTable) -> FactorTable:
    """Return the table of a payee class under a rate table, kept between runs."""
    return FactorTable(payee, rates)


def projected_spans(rates: RateTable, through: int) -> list[tuple[int, int]]:
    """Return the first and last day of each projected band, `rates` carried on to the day `through`."""
    last = to_date(through)
    longer = rates.projected(dt.date(last.year, 12, 31)) if last > rates.last_day else rates
    return [
        (day_number(band.first_day), day_number(band.last_day))
        for band in longer.bands
        if band.standing is Standing.PROJECTED
    ]
