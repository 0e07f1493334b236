"""A list of known set-offs and nettings, as the user keeps it. The layout is this package's own."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ieeparefund.ace.cells import CellError, Kinds, parse_amount, parse_entry_number, parse_text, quoted
from ieeparefund.ace.headers import normalise_heading
from ieeparefund.ace.mapped_rows import RowCells
from ieeparefund.ace.report_rows import ReportRow, TableReading, open_table, parse_identifier
from ieeparefund.ace.row_totals import RowTotals
from ieeparefund.errors import FieldError, FileFormatError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.money import ZERO, exactly
from ieeparefund.problems import Repair, RowProblem
from ieeparefund.refunds.reconcile_inputs import Offset, OffsetKind

__all__ = ["OffsetFile", "read_offsets"]

_HEADINGS = {
    "Refund Number": "refund_number",
    "Entry Number": "entry_number",
    "Amount": "amount",
    "Kind": "kind",
    "Bill": "bill",
}


@dataclass(frozen=True, slots=True)
class OffsetFile:
    """The offsets of a file in the order of its rows, with problems, repairs and control totals."""

    file: str
    offsets: tuple[Offset, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[Repair, ...]
    totals: RowTotals


def _parse_kind(cell: object) -> tuple[OffsetKind | None, Kinds]:
    text, kinds = parse_text(cell)
    if text is None:
        return None, kinds
    try:
        return OffsetKind(text.casefold()), kinds
    except ValueError:
        raise CellError(f"{quoted(text)} is no kind.", "Write offset or netting; blank is offset.") from None


def _offset(reading: TableReading, row: ReportRow) -> Offset | None:
    cells = RowCells(reading, row)
    amount = cells.value("amount", parse_amount)
    entry = cells.value("entry_number", parse_entry_number)
    refund = cells.value("refund_number", parse_identifier)
    kind = cells.value("kind", _parse_kind)
    bill = cells.value("bill", parse_identifier)
    if amount is None:
        cells.fail("amount", "the amount is blank.", "Give what was taken, above zero.")
    elif cells.fault is None:
        try:
            return Offset(
                amount,
                entry=entry,
                refund_number=refund,
                kind=kind or OffsetKind.OFFSET,
                bill=bill or "",
                source=f"{reading.table.file} row {row.number}",
            )
        except FieldError as error:
            cells.fail("amount", error.problem, error.remedy)
    cells.refused(entry.compact if entry else None)
    return None


@exactly
def read_offsets(path: str | os.PathLike[str], *, limits: ReadLimits = DEFAULT_LIMITS) -> OffsetFile:
    """Read set-offs from CSV or a workbook with the headings Refund Number, Entry Number, Amount, Kind, Bill.

    `Amount` is needed, and of the first two what names the refund; `Kind` is offset (also where blank) or
    netting. Raises `FileFormatError` where the file cannot be read or has no heading Amount.
    """
    wanted = {normalise_heading(heading): field for heading, field in _HEADINGS.items()}
    table = open_table(path, wanted, limits=limits)
    if table is None or "amount" not in table.layout.columns:
        raise FileFormatError(
            "has no heading Amount.",
            remedy=f"Use the headings {', '.join(_HEADINGS)}.",
            file=os.fspath(path),
        )
    reading = TableReading(table, ("amount",), limits)
    found = [
        offset
        for row in reading.rows(("refund_number", "entry_number"))
        if (offset := _offset(reading, row)) is not None
    ]
    return OffsetFile(
        table.file,
        tuple(found),
        reading.ledger.problems(),
        reading.ledger.repairs(),
        reading.totals(len(found), {"amount": sum((offset.amount for offset in found), ZERO)}),
    )
