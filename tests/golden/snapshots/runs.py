"""Days with the same answer put together, so that a change of law is one line of a diff and not a hundred."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

__all__ = ["every_day", "runs", "table"]


def every_day(first: dt.date, last: dt.date) -> list[dt.date]:
    """All days from the first to the last, both included."""
    return [dt.date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


def runs(days: Sequence[dt.date], answer: Callable[[dt.date], str]) -> Iterator[tuple[str, str]]:
    """Yield each run of days with one answer as `first..last` (both included), and the answer."""
    for text, same in groupby(days, answer):
        found = list(same)
        yield (f"{found[0]}..{found[-1]}" if len(found) > 1 else str(found[0])), text


def table(*cells: object) -> str:
    """One line; a blank cell is a dash."""
    return " | ".join("-" if cell is None or cell == "" else str(cell) for cell in cells)
