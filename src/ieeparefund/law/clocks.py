"""The legal clocks: how many days, months or years run from which event, as dated rows with citations.

`windows` turns them into windows, `eligibility` tests against them; the numbers stand in `tables/clocks.toml`
and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache

from ieeparefund.errors import CoverageError, IeepaRefundError
from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.dated import in_force
from ieeparefund.law.once import once

__all__ = ["Clock", "clock", "clock_end"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. `count` of `unit` runs from `anchor`, the day itself not counted.

    `unit` is "days", "working_days", "months" or "years". `first_day` and `last_day` bound the days on which
    this row is the rule (inclusive; `None` = still). `roll` says what is known on moving a last day that is
    not a working day; it is empty where the question does not arise.
    """

    id: str
    unit: str
    count: int
    anchor: str
    first_day: dt.date
    last_day: dt.date | None
    citation: Citation
    standing: Standing
    note: str
    roll: str = ""

    def end(self, start: dt.date, steps: int = 1) -> dt.date:
        """Return the last day of the clock that starts on `start`, never moved for a weekend or holiday.

        Months and years run to the same day of the month; from 29 February to 28 February in a common year.
        `steps` clocks in a row are taken in one stride, so that four years from 29 February end on a
        29 February again; a negative number counts back.
        Raises `CoverageError` where the result leaves the calendar (year 9999) and `IeepaRefundError` for a
        clock in working days, which needs the calendar of `working_days`.
        """
        count = self.count * steps
        if self.unit == "working_days":
            raise IeepaRefundError(
                f"clock {self.id!r} counts working days: use add_working_days({start}, {count})."
            )
        try:
            if self.unit == "days":
                return start + dt.timedelta(days=count)
            return _after_months(start, count if self.unit == "months" else count * 12)
        except (OverflowError, ValueError):
            raise CoverageError(
                f"{count} {self.unit} from {start} lie beyond the calendar. Check the date."
            ) from None


@lru_cache(maxsize=4096)
def _after_months(start: dt.date, months: int) -> dt.date:
    # Imported here because day clocks, by far the most used, do not need it.
    from dateutil.relativedelta import relativedelta

    return start + relativedelta(months=months)


@once
def _clocks() -> dict[str, tuple[Clock, ...]]:
    table = tomllib.loads(table_text("clocks.toml"))
    return {
        key: tuple(
            Clock(
                key,
                row["unit"],
                row["count"],
                row["anchor"],
                row["from"],
                row.get("to"),
                cite(row["citation"]),
                Standing(row["standing"]),
                row["note"],
                row.get("roll", ""),
            )
            for row in rows
        )
        for key, rows in table.items()
    }


@cache
def clock(identifier: str, on: dt.date | None = None) -> Clock:
    """Return the clock `identifier` as it stands on the day `on`, or its newest row where `on` is `None`.

    Raises `IeepaRefundError` for an unknown clock and `CoverageError` for a day on which no row is in force.
    """
    try:
        rows = _clocks()[identifier]
    except KeyError:
        raise IeepaRefundError(f"clock {identifier!r} is not in law/tables/clocks.toml.") from None
    if on is None:
        return rows[-1]
    for row in rows:
        if in_force(row, on):
            return row
    raise CoverageError(
        f"clock {identifier!r} has no rule in force on {on}; its first is of {rows[0].first_day}."
    )


def clock_end(identifier: str, start: dt.date, on: dt.date | None = None) -> dt.date:
    """Return the last day of the clock `identifier` that starts on `start` (see `Clock.end`)."""
    return clock(identifier, on).end(start)
