"""Adding ten working days: the library against numpy.busday_offset and holidays' get_nth_working_day.

All three run in one process over the same dates, in interleaved rounds, and the best round of each counts, so
that a busy machine slows them alike. numpy gets a prepared busdaycalendar and is called once per date, as
code that handles one entry at a time must; a second row hands it prepared datetime64 values. Building the
library's calendar is timed by itself. The last line is JSON. `--quick` is a smoke run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import holidays
import numpy as np

from ieeparefund.entries.entry import Entry
from ieeparefund.law import working_days
from ieeparefund.law.windows import cape_window, windows
from ieeparefund.law.working_days import add_working_days, is_working_day, working_days_between

DAYS = 10
Columns = tuple[Sequence[Any], ...]
TARGETS = {"numpy.busday_offset": 12, "holidays.get_nth_working_day": 50}


def per_call(function: Callable[..., object], columns: Columns) -> float:
    """Seconds a call over one pass; `map` adds next to nothing of its own."""
    start = time.perf_counter()
    deque(map(function, *columns), maxlen=0)
    return (time.perf_counter() - start) / len(columns[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run of a second or two")
    quick = parser.parse_args().quick
    rounds, size = (5, 1000) if quick else (25, 4000)

    start = time.perf_counter()
    is_working_day(dt.date(2025, 2, 4))
    first_call = time.perf_counter() - start
    start = time.perf_counter()
    working_days._calendar.__wrapped__(False)
    build = time.perf_counter() - start

    chance = random.Random(20250204)
    first, last = dt.date(1991, 1, 1).toordinal(), dt.date(2048, 12, 31).toordinal()
    dates = [dt.date.fromordinal(chance.randint(first, last)) for _ in range(size)]
    federal = holidays.country_holidays("US", years=range(1990, 2051))
    weekdays_off = sorted(day for day in federal if day.weekday() < 5)
    calendar = np.busdaycalendar(holidays=np.array(weekdays_off, dtype="datetime64[D]"))

    def numpy_offset(day: Any, count: int) -> object:
        # From a day off, "backward" counts as the library does.
        return np.busday_offset(day, count, "backward", busdaycal=calendar)

    for day in dates[:200]:
        expected = add_working_days(day, DAYS)
        assert numpy_offset(day, DAYS) == np.datetime64(expected)
        assert federal.get_nth_working_day(day, DAYS) == expected

    tens = [DAYS] * size
    few = max(20, size // 20)
    prepared = [np.datetime64(day) for day in dates]
    liquidations = [dt.date(2026, 1, 2) + dt.timedelta(k % 100) for k in range(200)]
    entries = [
        Entry("ABC-1234567-6", "01", dt.date(2025, 2, 4) + dt.timedelta(k), (), liquidation_date=liquidated)
        for k, day in enumerate(liquidations)
        for liquidated in (None, day)
    ]
    subjects: dict[str, tuple[Callable[..., object], Columns]] = {
        "add_working_days": (add_working_days, (dates, tens)),
        "numpy.busday_offset": (numpy_offset, (dates, tens)),
        "numpy.busday_offset, datetime64 given": (numpy_offset, (prepared, tens)),
        "holidays.get_nth_working_day": (federal.get_nth_working_day, (dates[:few], tens[:few])),
        "is_working_day": (is_working_day, (dates,)),
        "working_days_between": (working_days_between, (dates, dates[::-1])),
        "cape_window": (cape_window, (liquidations,)),
        "windows": (lambda entry: windows(entry, as_of=dt.date(2026, 4, 20)), (entries,)),
    }
    best = dict.fromkeys(subjects, float("inf"))
    for _ in range(rounds):
        for name, (function, columns) in subjects.items():
            best[name] = min(best[name], per_call(function, columns))

    ours = best["add_working_days"]
    print(f"{'':40}{'ns a call':>12}{'times ours':>12}{'target':>8}")
    for name, seconds in best.items():
        ratio = f"{seconds / ours:.1f}" if name.startswith(("numpy", "holidays")) else ""
        print(f"{name:40}{seconds * 1e9:12.0f}{ratio:>12}{TARGETS.get(name, ''):>8}")
    print(f"{'first call, which builds the calendar':40}{first_call * 1e3:9.1f} ms")
    print(f"{'building the calendar again':40}{build * 1e3:9.1f} ms")
    print(
        json.dumps(
            {
                "benchmark": "working_days",
                "quick": quick,
                "ns_per_call": {name: round(seconds * 1e9) for name, seconds in best.items()},
                "ratios": {name: round(best[name] / ours, 1) for name in TARGETS},
                "targets": TARGETS,
                "build_ms": round(build * 1e3, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
