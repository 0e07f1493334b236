"""Reads, estimates, declares and reports mixed books, one after the other, and prints how memory grew.

Usage: `python soak.py ROUNDS ENTRIES FOLDER`. Every book has other entries, importers, days and goods. The last line is
JSON: estimates made, and resident megabytes after the warm-up and at the end (Linux).
"""

from __future__ import annotations

import csv
import datetime as dt
import gc
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.es003 import HEADINGS, rows

from ieeparefund.ace.declaration_files import finish_pending, write_declarations
from ieeparefund.ace.es003 import read_entries
from ieeparefund.refunds.declarations import plan_declarations
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.report.render import render
from ieeparefund.report.statement import statement

WARM_UP = 6
ROWS_OF_AN_ENTRY = 6


def resident() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def one(seed: int, entries: int, folder: Path) -> int:
    """Go through one book; the number of estimates."""
    book = folder / "book.csv"
    with book.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(entries * ROWS_OF_AN_ENTRY, seed=seed))
        # A row that cannot be read, with a text of its own, as problems hold them.
        writer.writerow([f"bad {seed}"] * len(HEADINGS))
    found = read_entries(book)
    day = dt.date(2026, 3, 1) + dt.timedelta(seed % 200)
    portfolio = estimate_portfolio(found.entries, as_of=day, payee=("corporation", "other")[seed % 2])
    json.dumps(portfolio.to_dict())
    portfolio.to_rows()
    place = folder / f"cape{seed}"
    write_declarations(plan_declarations(portfolio.estimates), place)
    for path in finish_pending(place):
        path.unlink()
    place.rmdir()
    if seed % 4 == 0:
        render(statement(portfolio), ("html", "md")[seed % 8 // 4])
    return len(portfolio.estimates)


def main() -> None:
    count, entries, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    made = 0
    warm = 0.0
    for seed in range(count):
        if seed == WARM_UP:
            warm = resident()
        made += one(seed, entries, folder)
    sys.stdout.write(json.dumps({"estimates": made, "warm_mb": warm, "end_mb": resident()}) + "\n")


if __name__ == "__main__":
    main()
