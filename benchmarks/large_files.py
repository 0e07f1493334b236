"""A million rows: reading them from CSV and from a workbook, and `estimate` of the command line on them.

Usage: `python benchmarks/large_files.py [--rows N] [--quick] [--only csv|xlsx]`. The files are those of
`benchmarks/es003.py`, synthetic and seeded, with 34 columns. Each figure is of a fresh process: wall time with its
start, and peak resident memory. The last line is JSON. Without the extra `excel` the workbook is skipped.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import es003

ROWS, QUICK_ROWS = 1_000_000, 3_000
FORMATS = ("json", "csv", "table")
_READ = """from ieeparefund.ace.es003 import read_entries
kept = read_entries({path!r})
assert kept.totals.rows_used == {rows}, kept.totals
"""
_ESTIMATE = """import sys
sys.argv = ["ieeparefund", "estimate", {path!r}, "--as-of", "2026-05-15", "--payee", "corporation",
            "--format", {form!r}, "--output", {output!r}]
from ieeparefund.cli import main
main()
"""
# At the very end: the command line leaves by SystemExit.
_PEAK = """import atexit
atexit.register(lambda: print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1]))
"""


def measure(code: str) -> dict[str, float]:
    """Return wall seconds and peak MB of a fresh interpreter that runs `code` (Linux)."""
    start = time.perf_counter()
    found = subprocess.run([sys.executable, "-c", _PEAK + code], check=True, capture_output=True, text=True)
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "peak_mb": round(int(found.stdout.split()[-1]) / 1024),
    }


def write_workbook(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Main Report")
        sheet.write_row(0, 0, es003.HEADINGS)
        for at, cells in enumerate(es003.rows(count), start=1):
            for place, cell in enumerate(cells):
                if cell:
                    sheet.write_string(at, place, cell)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="at most 1,048,575, the most a sheet holds")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROWS:,} rows, estimates as CSV only")
    parser.add_argument("--only", choices=("csv", "xlsx"))
    options = parser.parse_args()
    count = QUICK_ROWS if options.quick else options.rows
    kinds = [options.only] if options.only else ["csv", "xlsx"]
    if importlib.util.find_spec("xlsxwriter") is None or importlib.util.find_spec("python_calamine") is None:
        kinds = [kind for kind in kinds if kind != "xlsx"]
    result: dict[str, object] = {"rows": count, "columns": len(es003.HEADINGS), "bare": measure("pass")}
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            path = Path(folder) / f"es003.{kind}"
            (es003.write if kind == "csv" else write_workbook)(path, count)
            found: dict[str, object] = {"megabytes": round(path.stat().st_size / 1e6, 1)}
            found["read"] = measure(_READ.format(path=str(path), rows=count))
            for form in ("csv",) if options.quick or kind == "xlsx" else FORMATS:
                output = str(Path(folder) / f"estimates.{form}")
                found[f"estimate_{form}"] = measure(
                    _ESTIMATE.format(path=str(path), form=form, output=output)
                )
            result[kind] = found
            print(f"{kind}: {found}")
            path.unlink()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
