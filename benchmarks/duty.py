"""Speed of the duty of an entry and of heading look-ups, in microseconds a call.

    python benchmarks/duty.py [--quick]

The floor is a plain sum over the rows whose number begins with 9903.01 or 9903.02: what a spreadsheet formula
does, without kinds, all-in headings, netting or findings. All candidates run in turns in one process over the
same entries, and the best round of each counts. The last line is JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.duty_split import split_duty
from ieeparefund.law.headings import authority, ieepa_heading, ieepa_headings
from ieeparefund.money import ZERO, from_cents

TARGET = 15.0
CHINA = ("9903.88.03", "9903.01.24", "9903.01.25", "8513.10.20.00")
EUROPE = ("9903.02.20", "9506.91.00.30")


def lines(
    pick: random.Random, numbers: Sequence[str], country: str, rate: Column1Rate | None
) -> list[EntryLine]:
    """Three lines under the same numbers, with amounts of their own."""
    return [
        EntryLine(
            place,
            country,
            [
                TariffLine(
                    number, None if number[:2] == "99" else 10_000, from_cents(pick.randrange(1, 10**6))
                )
                for number in numbers
            ],
            column1_rate=rate,
        )
        for place in (1, 2, 3)
    ]


def book(
    size: int, numbers: Sequence[str], country: str, on: dt.date, rate: Column1Rate | None = None
) -> list[Entry]:
    """Entries of three lines, the same at every run."""
    pick = random.Random(9903)
    return [Entry("ABC-1234567-6", "01", on, lines(pick, numbers, country, rate)) for _ in range(size)]


def plain_sum(entry: Entry) -> Decimal:
    """The floor: add up whatever begins like an IEEPA number."""
    total = ZERO
    for line in entry.lines:
        for row in line.tariffs:
            if row.number.startswith(("9903.01", "9903.02")) and row.duty is not None:
                total += row.duty
    return total


def per_call(function: Callable[..., object], *columns: Sequence[Any]) -> float:
    """Microseconds a call over one pass; `map` adds next to nothing of its own."""
    start = time.perf_counter()
    deque(map(function, *columns), maxlen=0)
    return (time.perf_counter() - start) / len(columns[0]) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run of a second or two")
    rounds, size = (3, 300) if parser.parse_args().quick else (25, 2000)
    summer = dt.date(2025, 7, 1)
    china = book(size, CHINA, "CN", summer)
    europe = book(size, EUROPE, "DE", dt.date(2025, 10, 1), Column1Rate(Decimal("2.5")))
    numbers = [row.number for row in ieepa_headings()]
    on = [row.first_day for row in ieepa_headings()]
    candidates: dict[str, Callable[[], float]] = {
        "plain sum, 3 lines of 4 numbers": lambda: per_call(plain_sum, china),
        "ieepa_duty, 3 lines of 4 numbers": lambda: per_call(ieepa_duty, china),
        "ieepa_duty, 3 all-in lines with column-1 rate": lambda: per_call(ieepa_duty, europe),
        "findings of a clean entry": lambda: per_call(lambda entry: ieepa_duty(entry).findings, china),
        "split_duty, 3 lines of 4 numbers": lambda: per_call(split_duty, china),
        "ieepa_heading": lambda: per_call(ieepa_heading, numbers, on),
        "authority": lambda: per_call(authority, numbers),
    }
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, run in candidates.items():
            best[name] = min(run(), best.get(name, float("inf")))
    for name, found in best.items():
        print(f"{name:48} {found:8.2f} us")
    duty, floor = best["ieepa_duty, 3 lines of 4 numbers"], best["plain sum, 3 lines of 4 numbers"]
    print(f"target: {TARGET} us; found {duty:.2f} us, {duty / floor:.1f} plain sums")
    figures = {name: round(found, 3) for name, found in best.items()}
    print(json.dumps({"microseconds": figures, "target": TARGET}))


if __name__ == "__main__":
    main()
