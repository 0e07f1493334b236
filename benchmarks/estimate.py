"""What one answer costs: import, eligibility, the estimate of a three-line entry. Best of interleaved rounds.

    python benchmarks/estimate.py [--quick]

The last line is one JSON object. Times are of this machine; the ratios compare within one process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from decimal import Decimal

from ieeparefund import (
    Entry,
    EntryLine,
    TariffLine,
    add_working_days,
    check_eligibility,
    estimate_refund,
    ieepa_duty,
    interest,
    windows,
)

DAY = dt.date(2026, 5, 15)


def three_lines() -> Entry:
    """A liquidated entry of China with three lines of four tariff numbers each."""
    rows = [
        TariffLine("9903.88.03", 0, "1250.00"),
        TariffLine("9903.01.24", 0, "500.00"),
        TariffLine("9903.01.25", 0, "500.00"),
        TariffLine("8471.30.01.00", 5000, 0),
    ]
    return Entry(
        "ABC-1234567-6",
        "01",
        dt.date(2025, 7, 1),
        [EntryLine(count, "CN", rows) for count in (1, 2, 3)],
        deposit_date=dt.date(2025, 7, 15),
        liquidation_date=dt.date(2026, 3, 20),
        liquidation_status="liquidated",
    )


def import_milliseconds(rounds: int) -> tuple[float, float]:
    """Best wall time of a bare interpreter, and of one that imports the package, in milliseconds."""
    best = {"pass": 1e9, "import ieeparefund": 1e9}
    for _ in range(rounds):
        for code in best:
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            best[code] = min(best[code], (time.perf_counter() - started) * 1000)
    return best["pass"], best["import ieeparefund"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    quick = parser.parse_args().quick
    rounds, calls = (3, 200) if quick else (25, 2000)
    entry = three_lines()
    principal = Decimal("3000.00")
    tasks: dict[str, Callable[[], object]] = {
        "estimate_refund": lambda: estimate_refund(entry, as_of=DAY, payee="corporation"),
        "ieepa_duty": lambda: ieepa_duty(entry),
        "check_eligibility": lambda: check_eligibility(entry, as_of=DAY),
        "interest": lambda: interest(
            principal, deposited=dt.date(2025, 7, 15), liquidated=DAY, payee="corporation"
        ),
        "windows": lambda: windows(entry, as_of=DAY),
        "add_working_days": lambda: add_working_days(DAY, 1),
    }
    best = dict.fromkeys(tasks, 1e9)
    for _ in range(rounds):
        for name, task in tasks.items():
            best[name] = min(best[name], timeit.timeit(task, number=calls) / calls * 1e6)
    bare, loaded = import_milliseconds(5 if quick else 25)
    print(f"Python {platform.python_version()}, {platform.machine()}, best of {rounds} rounds")
    for name, microseconds in best.items():
        print(f"{name:20} {microseconds:8.2f} us")
    print(f"{'import':20} {loaded - bare:8.2f} ms over a bare interpreter ({bare:.1f} ms)")
    figures = {f"{name}_us": round(value, 3) for name, value in best.items()}
    print(json.dumps({**figures, "import_ms": round(loaded - bare, 2)}))


if __name__ == "__main__":
    main()
