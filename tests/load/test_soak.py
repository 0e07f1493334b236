"""Memory stays flat over many books in one process, and over many rows in one file; no cache grows with the input."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="the report extra is not installed")

import ieeparefund

HERE = Path(__file__).parent
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
# Caches without a bound whose keys are those of the tables of law, of their days, or of the package itself.
OF_THE_TABLES = {
    "ieeparefund.columns.facts._clock_codes",
    "ieeparefund.columns.facts._code",
    "ieeparefund.columns.tables.working_days_after",
    "ieeparefund.law.clocks.clock",
    "ieeparefund.law.working_days._calendar",
    "ieeparefund.refunds.hypotheses._place",
    "ieeparefund.refunds.hypotheses.departure",
    "ieeparefund.refunds.trace_growth._weight",
}


def run(*arguments: object) -> str:
    return subprocess.run(
        [sys.executable, *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout.splitlines()[-1]


@LINUX
def test_estimates_of_mixed_books_in_flat_memory(tmp_path: Path) -> None:
    rounds, entries, bound = (320, 40, 24.0) if DEEP else (36, 45, 10.0)
    found = json.loads(run(HERE / "soak.py", rounds, entries, tmp_path))
    assert found["estimates"] > (10_000 if DEEP else 1_200)
    # What grows are the bounded caches on their way to being full.
    assert found["end_mb"] - found["warm_mb"] < bound, found


def caches() -> dict[str, Any]:
    """Every cached function and method of the package by name."""
    found = {}
    for module in pkgutil.walk_packages(ieeparefund.__path__, "ieeparefund."):
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:
            continue  # its extra is not installed
        holders = [loaded, *(one for one in vars(loaded).values() if inspect.isclass(one))]
        for holder in holders:
            for one in vars(holder).values():
                if hasattr(one, "cache_parameters"):
                    inner = inspect.unwrap(one)
                    if inner.__module__.startswith("ieeparefund."):
                        found[f"{inner.__module__}.{inner.__qualname__}"] = one
    return found


def test_no_cache_grows_with_the_input() -> None:
    found = caches()
    assert len(found) > 50
    unbounded = {
        name
        for name, one in found.items()
        if one.cache_parameters()["maxsize"] is None and inspect.signature(inspect.unwrap(one)).parameters
    }
    assert unbounded <= OF_THE_TABLES


PEAK = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from benchmarks.es003 import HEADINGS, rows, write
from ieeparefund.ace.es003 import read_entries
def peak():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) / 1024
path = Path({path!r})
if path.suffix == ".csv":
    write(path, {rows})
else:
    import xlsxwriter
    with xlsxwriter.Workbook(path, {{"constant_memory": True}}) as workbook:
        sheet = workbook.add_worksheet("Main Report")
        for at, cells in enumerate([HEADINGS, *rows({rows})]):
            sheet.write_row(at, 0, cells)
read_entries({small!r})
before = peak()
assert read_entries(path).totals.rows_used == {rows}
print(peak() - before)
"""


@LINUX
@pytest.mark.parametrize(("suffix", "bytes_of_a_row"), [(".csv", 700), (".xlsx", 4_500)])
def test_a_file_is_read_within_the_documented_memory(
    tmp_path: Path, suffix: str, bytes_of_a_row: int
) -> None:
    if suffix == ".xlsx":
        pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
        pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    count = (60_000 if suffix == ".csv" else 15_000) * (10 if DEEP else 1) // (1 if DEEP else 3)
    small = HERE.parents[1] / "examples" / "es003_small.csv"
    code = PEAK.format(
        root=str(HERE.parents[1]), path=str(tmp_path / f"b{suffix}"), rows=count, small=str(small)
    )
    grown = float(run("-c", code))
    # Beside the rows there is a constant part: caches of the reader, the libraries of the workbook.
    assert grown < 12 + count * bytes_of_a_row / 1e6, grown
