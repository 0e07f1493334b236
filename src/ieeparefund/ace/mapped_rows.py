"""Rows of a file whose columns a column map names, as values."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from ieeparefund.ace.cells import CellError, Kinds
from ieeparefund.ace.column_map import ColumnMap
from ieeparefund.ace.headers import HEADER_ROWS, normalise_heading
from ieeparefund.ace.report_rows import ReportRow, TableReading, open_table, shown_headings
from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.inputs.limits import ReadLimits

__all__ = ["AMOUNTS", "RowCells", "open_mapped"]

AMOUNTS = ("principal", "interest", "total")
"""The columns of amounts of a refund report."""

_T = TypeVar("_T")


def open_mapped(
    path: str | os.PathLike[str], columns: ColumnMap, *, bank: bool, limits: ReadLimits
) -> TableReading:
    """Return the reading of a file through a column map for bank lines, or for a refund report.

    Raises `InputError` where `columns` is no column map or one of the other kind, `FileFormatError` where the
    file cannot be read, lacks a heading the map names, or has it twice.
    """
    if not isinstance(columns, ColumnMap):
        raise InputError(
            f"columns is a {type(columns).__name__}, not a column map.",
            remedy="Load a map, or call confirm() on a suggestion you have checked.",
            column="columns",
        )
    if bank is not (columns.report == "bank"):
        raise InputError(
            f"the column map is for {columns.report}.",
            remedy="Use read_bank_lines for bank lines and read_refund_report for reports.",
            column="report",
            value=columns.report,
        )
    wanted = {normalise_heading(heading): field for field, heading in columns.columns.items()}
    table = open_table(path, wanted, columns.sheet, limits)
    found = () if table is None else table.layout.columns
    lost = [f"{heading!r} for {field}" for field, heading in columns.columns.items() if field not in found]
    file = os.fspath(path)
    if table is None or lost:
        raise FileFormatError(
            f"has no column {' or '.join(lost)} in its first {HEADER_ROWS} rows."
            + (f" Found: {shown_headings(table.layout.headings)}." if table else ""),
            remedy="Correct the column map, or export the report with its headings.",
            file=file,
        )
    if table.layout.rivals:
        field = next(iter(table.layout.rivals))
        raise FileFormatError(
            f"has the heading {table.layout.heading(field)!r} more than once.",
            remedy="Rename or remove the other column.",
            file=file,
            sheet=table.sheet.name,
            row=table.layout.row,
        )
    return TableReading(table, ("amount",) if bank else AMOUNTS, limits)


class RowCells:
    """The cells of one row as values; keeps the first fault."""

    def __init__(self, reading: TableReading, row: ReportRow) -> None:
        self.reading = reading
        self.row = row
        self.fault: tuple[str, CellError] | None = None

    def value(self, field: str, parser: Callable[[Any], tuple[_T | None, Kinds]]) -> _T | None:
        """Return the value of a field; `None` where it has no column, is blank or unfit."""
        found, error = self.reading.parse(self.row, field, parser, None)
        if error is not None:
            self.fail(field, error.problem, error.remedy)
        return found

    def fail(self, field: str, problem: str, remedy: str) -> None:
        """Take down a fault, if it is the first."""
        if self.fault is None:
            self.fault = (field, CellError(problem, remedy))

    def refused(self, number: str | None = None) -> bool:
        """Exclude the row if it has a fault, and say so."""
        if self.fault is None:
            return False
        self.reading.refuse(self.row, *self.fault, number)
        return True
