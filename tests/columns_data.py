"""Entries as Arrow columns, and scalar estimates as rows of the answers, to compare the two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from ieeparefund.columns import ENTRY_SCHEMA, ROW_SCHEMA, TARIFF_SCHEMA
from ieeparefund.columns.scalar import scalar_answer
from ieeparefund.columns.schema import ENTRY_COLUMNS
from ieeparefund.entries.entry import Entry
from ieeparefund.money import to_cents
from ieeparefund.refunds.estimate import estimate_refund

__all__ = ["answers", "entry_batch", "nested_batch", "row_batch", "tariff_batch"]


def _entry_row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"entry_number": entry.number.compact}
    for column in ENTRY_COLUMNS[1:]:
        if column.name.endswith("_cents"):
            row[column.name] = to_cents(getattr(entry, column.name.removesuffix("_cents")))
        else:
            value = getattr(entry, column.name)
            row[column.name] = str(value) if isinstance(value, str) else value
    return row


def _tariff_rows(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "entry_number": entry.number.compact,
            "line_number": line.line_number,
            "tariff_number": row.number,
            "duty_cents": None if row.duty is None else to_cents(row.duty),
            "value_cents": None if row.value is None else to_cents(row.value),
            "country_of_origin": line.country_of_origin,
            "special_program": line.special_program,
            "column1_rate": None if line.column1_rate is None else line.column1_rate.ad_valorem,
        }
        for line in entry.lines
        for row in line.tariffs
    ]


def entry_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Entries in the schema of entries."""
    return pa.RecordBatch.from_pylist([_entry_row(entry) for entry in entries], ENTRY_SCHEMA)


def tariff_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Their tariff rows in the schema of rows."""
    rows = [row for entry in entries for row in _tariff_rows(entry)]
    return pa.RecordBatch.from_pylist(rows, TARIFF_SCHEMA)


def row_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Tariff rows that repeat the entry's columns; entries without lines are lost."""
    rows = [{**_entry_row(entry), **row} for entry in entries for row in _tariff_rows(entry)]
    return pa.RecordBatch.from_pylist(rows, ROW_SCHEMA)


def nested_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Entries with their rows in a list."""
    inner = pa.struct([field for field in TARIFF_SCHEMA if field.name != "entry_number"])
    lists = pa.array(
        [
            [{name: value for name, value in row.items() if name != "entry_number"} for row in _tariff_rows(entry)]
            for entry in entries
        ],
        pa.list_(inner),
    )
    return entry_batch(entries).append_column(pa.field("tariffs", lists.type), lists)


def answers(entries: Sequence[Entry], **terms: Any) -> list[dict[str, Any]]:
    """The scalar answers of entries, in their order."""
    return [scalar_answer(estimate_refund(entry, **terms)) for entry in entries]
