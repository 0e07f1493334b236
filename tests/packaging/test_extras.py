"""Without an extra the rest works, and what needs it says which extra to install.

What an extra brings is made absent in a process of its own, so this holds wherever it is run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.strict import STRICT

BOOK = Path(__file__).resolve().parents[2] / "examples" / "es003_small.csv"
BROUGHT = {
    "cli": ("typer", "rich"),
    "excel": ("python_calamine", "xlsxwriter"),
    "arrow": ("numpy", "pyarrow"),
    "duckdb": ("duckdb",),
    "polars": ("polars",),
    "pandas": ("pandas",),
    "report": ("jinja2", "matplotlib"),
    "mcp": ("mcp",),
}
_BOOK_IN = f"""
import datetime as dt
import ieeparefund as ir
file = ir.read_entries({str(BOOK)!r})
book = ir.estimate_portfolio(file.entries, as_of=dt.date(2026, 5, 15), payee="corporation")
"""
_RENDER = """
from ieeparefund.report.render import Form, render
from ieeparefund.report.statement import statement
render(statement(book), Form.{form})
"""
# The extra, what is done without it, and the modules that must be there for that to be tried.
NEEDS = [
    ("arrow", "import ieeparefund.columns", ()),
    ("arrow", f"{_BOOK_IN}book.to_arrow()", ()),
    ("pandas", f"{_BOOK_IN}book.to_pandas()", ("pyarrow",)),
    ("polars", f"{_BOOK_IN}book.to_polars()", ("pyarrow",)),
    ("polars", "import ieeparefund.columns.polars", ("pyarrow",)),
    ("report", _BOOK_IN + _RENDER.format(form="HTML"), ()),
    ("report", f"{_BOOK_IN}from ieeparefund.report.charts import outcome_chart; outcome_chart(book)", ()),
    ("excel", _BOOK_IN + _RENDER.format(form="WORKBOOK"), ()),
    ("cli", "import sys; from ieeparefund.cli import main; sys.argv = ['ieeparefund', 'rates']; main()", ()),
    (
        "mcp",
        "import sys; from ieeparefund.cli import main; sys.argv = ['ieeparefund', 'mcp']; main()",
        ("typer",),
    ),
]


def run_without(code: str, *extras: str) -> subprocess.CompletedProcess[str]:
    absent = [module for extra in extras for module in BROUGHT[extra]]
    hidden = f"import sys; sys.modules.update(dict.fromkeys({absent!r}))\n"
    return subprocess.run(
        [sys.executable, *STRICT, "-c", hidden + code], capture_output=True, text=True, check=False
    )


def test_the_core_answers_without_any_extra() -> None:
    code = f"{_BOOK_IN}\nprint(book.totals.refund, file.totals.duty_read, book.estimates[0].explain()[:2])"
    found = run_without(code, *BROUGHT)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.split()[::2] == ["417997.14", "1."]


@pytest.mark.parametrize(("extra", "code", "needed"), NEEDS)
def test_an_absent_extra_is_named(extra: str, code: str, needed: tuple[str, ...]) -> None:
    for module in needed:
        pytest.importorskip(module, reason=f"what needs {extra} needs {module} first, which is not installed")
    found = run_without(code, extra)
    assert found.returncode != 0
    assert f"ieeparefund[{extra}]" in found.stderr.splitlines()[-1]


def test_every_extra_has_a_case() -> None:
    # DuckDB is asked for by the name of an engine, tested in tests/unit/test_columns_files.py.
    assert {extra for extra, _, _ in NEEDS} == BROUGHT.keys() - {"duckdb"}
