"""Speed of the interest trace: milliseconds an entry, and entries a second of a book.

    python benchmarks/trace.py [--quick]

The floor is one call of `interest_cents` for as many hypotheses as the trace has tried: the fastest exact figure
there is, by the law only, without dates to find, rates to change or departures to tell. All candidates run in
turns in one process, and the best round of each counts; the first trace of a process, which builds the growth
tables and the calendar, is given apart. The last line is JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import time
from collections.abc import Callable
from typing import Any

from ieeparefund.law.interest import interest_cents
from ieeparefund.money import from_cents
from ieeparefund.refunds.trace import InterestCase, InterestTrace, explain_interest
from ieeparefund.refunds.trace_book import BookTrace, explain_interest_book

TARGET_MS = 20.0
TARGET_HYPOTHESES = 2000
DEPOSITED, LIQUIDATED = dt.date(2025, 6, 20), dt.date(2026, 2, 20)


def plain(paid: str = "2405.15") -> InterestTrace:
    """The five facts nobody lacks."""
    return explain_interest(paid, "50000.00", deposited=DEPOSITED, liquidated=LIQUIDATED, payee="corporation")


def usual() -> InterestTrace:
    """The same with the entry and the payment date."""
    return explain_interest(
        "2405.15",
        "50000.00",
        deposited=DEPOSITED,
        liquidated=LIQUIDATED,
        payee="corporation",
        entry_date=dt.date(2025, 5, 12),
        paid_on=dt.date(2026, 3, 13),
    )


def full() -> InterestTrace:
    """Every fact known, over the rate changes of 2026, and a figure nothing explains."""
    return explain_interest(
        "3333.11",
        "60000.00",
        deposited=dt.date(2025, 6, 23),
        liquidated=dt.date(2026, 8, 7),
        payee="corporation",
        entry_date=dt.date(2025, 5, 12),
        entry_summary_date=dt.date(2025, 5, 23),
        reliquidated=dt.date(2026, 8, 14),
        certified=dt.date(2026, 8, 20),
        paid_on=dt.date(2026, 8, 28),
        netted="777.00",
    )


def floor(hypotheses: int) -> int:
    """The figure of the law as often as there are hypotheses."""
    total = 0
    for principal in range(5_000_000, 5_000_000 + hypotheses):
        total += interest_cents(principal, DEPOSITED, LIQUIDATED, "corporation")
    return total


def book(size: int) -> list[InterestCase]:
    """Entries of 2025 paid at the rate for others, the same at every run."""
    pick = random.Random(1505)
    cases = []
    for place in range(size):
        entered = dt.date(2025, 2, 4) + dt.timedelta(days=pick.randrange(300))
        deposited = entered + dt.timedelta(days=pick.randrange(8, 45))
        liquidated = dt.date(2026, 5, 1) + dt.timedelta(days=7 * pick.randrange(10))
        principal = pick.randrange(10**4, 10**8)
        cases.append(
            InterestCase(
                from_cents(interest_cents(principal, deposited, liquidated, "other")),
                from_cents(principal),
                deposited=deposited,
                liquidated=liquidated,
                payee="corporation",
                entry_date=entered,
                id=str(place),
            )
        )
    return cases


def milliseconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds and a small book: a smoke test")
    quick = parser.parse_args().quick
    first = milliseconds(plain)
    tried = {"plain": plain().tried, "usual": usual().tried, "full": full().tried}
    runs: dict[str, Callable[[], Any]] = {
        "plain": plain,
        "usual": usual,
        "full": full,
        "floor": lambda: floor(tried["usual"]),
    }
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(3 if quick else 25):
        for name, run in runs.items():
            best[name] = min(best[name], milliseconds(run))
    cases = book(20 if quick else 500)
    found: list[BookTrace] = []
    elapsed = milliseconds(lambda: found.append(explain_interest_book(cases))) / 1000
    winner = found[0].best
    assert winner is not None
    assert winner.departures == ("rate:other",)
    assert not winner.unexplained
    assert min(tried.values()) >= TARGET_HYPOTHESES

    print(f"first trace of the process      {first:8.1f} ms")
    for name in ("plain", "usual", "full"):
        print(f"{name:6} {tried[name]:6,} hypotheses       {best[name]:8.1f} ms   target {TARGET_MS:.0f} ms")
    print(f"floor, {tried['usual']:,} figures by law    {best['floor']:8.1f} ms")
    print(f"book of {len(cases)}                  {len(cases) / elapsed:8.0f} entries/s")
    print(
        json.dumps(
            {
                "benchmark": "trace",
                "first_ms": round(first, 1),
                "ms": {name: round(value, 2) for name, value in best.items()},
                "hypotheses": tried,
                "book_entries_per_second": round(len(cases) / elapsed),
                "within_target": {name: best[name] <= TARGET_MS for name in tried},
            }
        )
    )


if __name__ == "__main__":
    main()
