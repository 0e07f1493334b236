"""Files for the jobs of examples/engines, and the jobs themselves, for the tests that run them."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.drawn import by_number, drawn_book, expected

from ieeparefund.columns.from_entries import entry_batch, nested_batch, row_batch, tariff_batch
from ieeparefund.entries.entry import Entry

__all__ = ["BOOK", "JOBS", "LINED", "TERMS", "answers_in", "job", "wanted", "write"]

JOBS = Path(__file__).parents[2] / "examples" / "engines"
TERMS: dict[str, Any] = {"as_of": dt.date(2026, 5, 15), "payee": "corporation"}
"""The terms the jobs have in them."""
BOOK = drawn_book(300)
LINED = [entry for entry in BOOK if entry.lines]
"""Those that have a row, where rows repeat their entry."""


def job(name: str) -> ModuleType:
    """Import a job by its file name."""
    spec = importlib.util.spec_from_file_location(name, JOBS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def write(folder: Path) -> dict[str, str]:
    """Write the book in every shape, in row groups of 50, and return the paths."""
    tables = {
        "entries": entry_batch(BOOK),
        "tariffs": tariff_batch(BOOK),
        "nested": nested_batch(BOOK),
        "rows": row_batch(LINED),
    }
    for name, batch in tables.items():
        pq.write_table(pa.Table.from_batches([batch]), folder / f"{name}.parquet", row_group_size=50)
    return {name: str(folder / f"{name}.parquet") for name in tables}


def answers_in(folder: Path) -> list[dict[str, Any]]:
    """The answers a job wrote, by entry number."""
    return by_number(pq.read_table(folder).to_pylist())


def wanted(book: Sequence[Entry], **terms: Any) -> list[dict[str, Any]]:
    """The scalar answers, by entry number."""
    return by_number(expected(book, **(terms or TERMS)))
