"""`read_entries` against the csv module's own pass over the same file: paired wall times, and peak memory.

Usage: `python benchmarks/es003.py [--rows N] [--quick]`. The file is synthetic and seeded: 34 columns, some six
rows to an entry, amounts nearly all different. The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.entry_number import entry_check_digit

HEADINGS = [
    "Entry Summary Number",
    "Entry Type Code",
    "Importer Number",
    "Port of Entry Code",
    "Entry Date",
    "Entry Summary Date",
    "Initial Entry Summary Create Date",
    "Entry Summary Line Number",
    "Review Team Number",
    "Country of Origin Code",
    "Country of Export Code",
    "Manufacturer ID",
    "Foreign Exporter ID",
    "Line SPI Code",
    "Standard Visa Number",
    "Textile Category Code",
    "Textile Category",
    "Tariff Ordinal Number",
    "HTS Number - Full",
    "Line Tariff Quantity (1)",
    "Line Tariff UOM (1) Code",
    "Line Tariff Quantity (2)",
    "Line Tariff UOM (2) Code",
    "Line Tariff Quantity (3)",
    "Line Tariff UOM (3) Code",
    "Line Tariff Goods Value Amount",
    "Line Tariff Duty Amount",
    "Importer Name",
    "Liquidation Date",
    "Liquidation Status",
    "Reconciliation Indicator",
    "Post Summary Correction Indicator",
    "Protest Number",
    "Protest Status",
]
CHAPTER_99 = ("99030124", "99030125", "99038803", "99038815", "99030133")
GOODS = ("8708106050", "8471300100", "4202923131", "3926909989", "9403608081", "6110202079")


def number(serial: int) -> str:
    """Return the entry number of a serial, under an invented filer code."""
    ten = f"ZT4{serial:07d}"
    return f"{ten}{entry_check_digit(ten)}"


def rows(count: int, seed: int = 2026) -> Iterator[list[str]]:
    """Yield `count` rows."""
    draw = random.Random(seed)
    made = serial = 0
    while made < count:
        serial += 1
        entered = dt.date(2025, 2, 10) + dt.timedelta(draw.randrange(370))
        filed = entered + dt.timedelta(14)
        liquidated = "" if draw.random() < 0.5 else f"{entered + dt.timedelta(314):%m/%d/%Y}"
        importer = draw.randrange(40)
        head = [
            number(serial),
            draw.choice(("01", "01", "01", "11", "03")),
            f"{10 + importer}-4193125{importer:02d}",
        ]
        head += ["3901", f"{entered:%m/%d/%Y}", f"{filed:%m/%d/%Y}", f"{entered:%m/%d/%Y}"]
        tail = [
            f"Sample Importer {importer}",
            liquidated,
            "Liquidated" if liquidated else "Unliquidated",
            "N",
            "N",
            "",
            "",
        ]
        for line in range(1, draw.choice((1, 1, 2, 3, 5)) + 1):
            country = draw.choice(("CN", "CN", "HK", "VN", "JP", "IN", "XC"))
            value = draw.randrange(500, 90000)
            middle = [str(line), "539", country, country, f"{country}SAMPLE{importer}XYZ", "", "", "", "", ""]
            numbers = [*draw.sample(CHAPTER_99, draw.choice((1, 1, 2, 2))), draw.choice(GOODS)]
            for ordinal, hts in enumerate(numbers, start=1):
                goods = not hts.startswith("99")
                cents = value * draw.randrange(0, 2500) // 10
                quantity = [str(value // 40), "NO"] if goods else ["", ""]
                amounts = [str(value if goods else 0), f"{cents // 100}.{cents % 100:02d}"]
                yield [*head, *middle, str(ordinal), hts, *quantity, "", "", "", "", *amounts, *tail]
                made += 1
                if made == count:
                    return


def write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))


def csv_pass(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def timed(work: Callable[[Path], object], path: Path) -> float:
    start = time.perf_counter()
    work(path)
    return time.perf_counter() - start


def peak_of(code: str) -> float:
    """Return the peak resident memory in MB of a fresh interpreter that runs `code` (Linux)."""
    # getrusage would start from the peak of this process, which the child inherits for a moment.
    script = f"{code}\nprint(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return int(found.stdout.split()[-1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--quick", action="store_true", help="20,000 rows, two pairs")
    options = parser.parse_args()
    count = 20_000 if options.quick else options.rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "es003.csv"
        write(path, count)
        pairs = [(timed(csv_pass, path), timed(read_entries, path)) for _ in range(2 if options.quick else 5)]
        bare = peak_of("pass")
        full = peak_of(
            f"from ieeparefund.ace.es003 import read_entries\nkept = read_entries({str(path)!r})\n"
            f"assert kept.totals.rows_used == {count}"
        )
        result = {
            "rows": count,
            "columns": len(HEADINGS),
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "csv_seconds": round(min(base for base, _ in pairs), 3),
            "read_seconds": round(min(read for _, read in pairs), 3),
            "ratio": round(statistics.median(read / base for base, read in pairs), 2),
            "peak_mb_over_interpreter": round(full - bare, 1),
        }
    print(
        f"{count} rows: csv {result['csv_seconds']} s, read_entries {result['read_seconds']} s, "
        f"ratio {result['ratio']}; peak {result['peak_mb_over_interpreter']} MB over the interpreter."
    )
    print(json.dumps(result))


if __name__ == "__main__":
    main()
