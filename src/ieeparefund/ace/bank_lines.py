"""Lines of a bank statement, read through a column map."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field
from decimal import Decimal

from ieeparefund.ace.cells import parse_amount, parse_date, parse_text
from ieeparefund.ace.column_map import ColumnMap
from ieeparefund.ace.mapped_rows import RowCells, open_mapped
from ieeparefund.ace.report_rows import ReportRow, TableReading
from ieeparefund.ace.row_totals import RowTotals
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.money import ZERO, exactly
from ieeparefund.problems import Note, Repair, RowProblem

__all__ = ["BankLine", "BankLines", "read_bank_lines"]


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a bank statement, in dollars; below zero money went out."""

    row: int
    date: dt.date
    amount: Decimal
    reference: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class BankLines:
    """The lines of a bank statement, in the order of its rows, with problems, repairs, notes and totals."""

    file: str
    sheet: str | None
    lines: tuple[BankLine, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[Note, ...]
    totals: RowTotals


def _bank_line(reading: TableReading, row: ReportRow) -> BankLine | None:
    cells = RowCells(reading, row)
    date = cells.value("date", parse_date)
    amount = cells.value("amount", parse_amount)
    reference = cells.value("reference", parse_text)
    if date is None:
        cells.fail("date", "the date is blank.", "Give the day of every line.")
    if amount is None:
        cells.fail("amount", "the amount is blank.", "Give the amount of every line; zero is 0.00.")
    if cells.refused() or date is None or amount is None:
        return None
    return BankLine(row.number, date, amount, reference)


@exactly
def read_bank_lines(
    path: str | os.PathLike[str], columns: ColumnMap, *, limits: ReadLimits = DEFAULT_LIMITS
) -> BankLines:
    """Read the lines of a bank statement from CSV or a workbook through a column map for `bank`.

    Equal lines are all kept: a bank may pay the same amount twice on one day.

    Raises `InputError` where `columns` is no column map for bank lines, `FileFormatError` where the file
    cannot be read, lacks a heading the map names, or has it twice.
    """
    reading = open_mapped(path, columns, bank=True, limits=limits)
    lines = [line for row in reading.rows(("date",)) if (line := _bank_line(reading, row)) is not None]
    table, ledger = reading.table, reading.ledger
    return BankLines(
        table.file,
        table.sheet.name,
        tuple(lines),
        ledger.problems(),
        ledger.repairs(),
        ledger.notes(),
        reading.totals(len(lines), {"amount": sum((line.amount for line in lines), ZERO)}),
    )
