"""Rows of law that are in force from one day to another, and the look-up by day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from ieeparefund.errors import CoverageError

__all__ = ["DatedRow", "Timeline", "in_force"]


class DatedRow(Protocol):
    """A row with `first_day` and `last_day`, both inclusive; `last_day` `None` means still in force."""

    @property
    def first_day(self) -> dt.date:
        """First day in force."""
        ...

    @property
    def last_day(self) -> dt.date | None:
        """Last day in force, `None` while it lasts."""
        ...


Row = TypeVar("Row", bound=DatedRow)


def in_force(row: DatedRow, day: dt.date) -> bool:
    """Return whether `row` is in force on `day` (both ends inclusive)."""
    return row.first_day <= day and (row.last_day is None or day <= row.last_day)


class Timeline(Generic[Row]):
    """Rows that follow each other without gap or overlap, looked up by day.

    `what` names the table in the error raised outside its span.
    """

    def __init__(
        self, rows: Iterable[Row], what: str, error: type[CoverageError] = CoverageError, remedy: str = ""
    ) -> None:
        self.rows: Sequence[Row] = tuple(rows)
        self._starts = [row.first_day for row in self.rows]
        self._what, self._error, self._remedy = what, error, remedy
        for before, after in pairwise(self.rows):
            if before.last_day is None or after.first_day - before.last_day != dt.timedelta(days=1):
                raise ValueError(f"{what}: the row from {after.first_day} does not follow {before.last_day}.")

    def at(self, day: dt.date) -> Row:
        """Return the row in force on `day`; outside the covered span raise the table's error."""
        place = bisect_right(self._starts, day) - 1
        if place < 0 or not in_force(self.rows[place], day):
            last = self.rows[-1].last_day
            raise self._error(
                f"{self._what} is known from {self._starts[0]} to {last or 'further notice'}, not for {day}."
                + (f" {self._remedy}" if self._remedy else "")
            )
        return self.rows[place]
