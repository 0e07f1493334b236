"""Speed of interest, in microseconds a call and against a plain day-by-day loop.

    python benchmarks/interest.py [--quick]

All candidates run in turns in one process over the same spans, and the best of all rounds counts, so that a
busy machine slows them alike. The last line is JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import time
from calendar import isleap
from collections.abc import Callable
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.law.growth import Growth
from ieeparefund.law.interest import interest, interest_cents, interest_factor
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import from_cents, round_to_cents

FIRST, LAST = dt.date(2025, 2, 4), dt.date(2026, 12, 31)
DAY = dt.timedelta(days=1)
PAYEE = Payee.CORPORATION
Case = tuple[int, Decimal, dt.date, dt.date]


def cases(count: int) -> list[Case]:
    """Principals and spans of the IEEPA years, the same at every run."""
    pick = random.Random(1505)
    found = []
    for _ in range(count):
        cents = pick.randrange(10_000, 100_000_000)
        deposited = FIRST + DAY * pick.randrange(380)
        liquidated = min(LAST, deposited + DAY * pick.randrange(250, 420))
        found.append((cents, from_cents(cents), deposited, liquidated))
    return found


def day_by_day(rows: list[Case]) -> list[Decimal]:
    """Multiply a balance once a day, as a spreadsheet would; the rates are at hand in a dictionary."""
    ends = {
        day: PUBLISHED_RATES.rate(day, PAYEE)
        for day in (FIRST + DAY * n for n in range((LAST - FIRST).days + 1))
    }
    found = []
    for _, principal, deposited, liquidated in rows:
        balance, day = principal, deposited
        while day < liquidated:
            day += DAY
            balance += balance * ends[day] / (36600 if isleap(day.year) else 36500)
        found.append(round_to_cents(balance - principal))
    return found


def full(rows: list[Case]) -> list[Decimal]:
    return [
        interest(money, deposited=start, liquidated=end, payee=PAYEE).amount for _, money, start, end in rows
    ]


def factors(rows: list[Case]) -> list[Decimal]:
    return [interest_factor(start, end, PAYEE) for _, _, start, end in rows]


def cents(rows: list[Case]) -> list[int]:
    return [interest_cents(cents, start, end, PAYEE) for cents, _, start, end in rows]


def schedules(rows: list[Case]) -> list[int]:
    return [
        len(interest(money, deposited=start, liquidated=end, payee=PAYEE).periods)
        for _, money, start, end in rows
    ]


def build(_: list[Case]) -> Growth:
    return RateTable(PUBLISHED_RATES.bands).growths[PAYEE]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    rows = cases(500)
    candidates: dict[str, tuple[Callable[[list[Case]], object], list[Case], int]] = {
        "interest_cents": (cents, rows, len(rows)),
        "interest_factor": (factors, rows, len(rows)),
        "interest": (full, rows, len(rows)),
        "interest with periods": (schedules, rows[:100], 100),
        "day by day in Decimal": (day_by_day, rows[:5], 5),
        "build of the table, once": (build, rows, 1),
    }
    if [from_cents(found) for found in cents(rows[:100])] != day_by_day(rows[:100]):
        raise SystemExit("interest_cents and the day-by-day loop disagree.")
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(10 if quick else 100):
        for name, (run, arguments, calls) in candidates.items():
            started = time.perf_counter()
            run(arguments)
            best[name] = min(best[name], (time.perf_counter() - started) / calls * 1e6)
    slowest = best["day by day in Decimal"]
    for name, microseconds in best.items():
        print(f"{name:26} {microseconds:10.2f} us   day by day / this = {slowest / microseconds:8.1f}")
    print(json.dumps({name: round(microseconds, 3) for name, microseconds in best.items()}))


if __name__ == "__main__":
    main()
