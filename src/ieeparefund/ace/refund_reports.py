"""Refund reports ES-022, REV-603, REV-613 and REV-615, read through a column map.

What the reports hold is told by CSMS 68536553; their headings are not public, so each file needs a map that
the user has made or confirmed. Nothing is read by a guess.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from ieeparefund.ace.cells import parse_amount, parse_date, parse_entry_number, parse_text
from ieeparefund.ace.column_map import ColumnMap
from ieeparefund.ace.mapped_rows import AMOUNTS, RowCells, open_mapped
from ieeparefund.ace.report_rows import ReportRow, TableReading, parse_identifier, parse_party
from ieeparefund.ace.row_totals import RowTotals
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.money import ZERO, exactly
from ieeparefund.problems import Exclusion, Note, Repair, RowProblem

__all__ = [
    "RefundReport",
    "RefundRow",
    "RefundState",
    "read_refund_report",
    "refund_state",
]


class RefundState(StrEnum):
    """Where a refund stands on its way to the bank (CSMS 68536553). Unknown words stay text.

    `FUNDS_DIVERTED`: set off against an open bill after liquidation and before issue (19 CFR 24.72).
    `RETURNED`: the payment came back, for want of ACH enrolment. `ACH_REJECTED`: named in REV-613, held until
    ACH data are there.
    """

    TRANSMITTED = "transmitted"
    SENT_TO_TREASURY = "sent_to_treasury"
    TREASURY_ISSUED = "treasury_issued"
    FUNDS_DIVERTED = "funds_diverted"
    RETURNED = "returned"
    REISSUED = "reissued"
    ACH_REJECTED = "ach_rejected"


_STATES: Mapping[str, RefundState] = MappingProxyType(
    {
        "transmitted": RefundState.TRANSMITTED,
        "sent to treasury": RefundState.SENT_TO_TREASURY,
        "treasury issued": RefundState.TREASURY_ISSUED,
        "funds diverted": RefundState.FUNDS_DIVERTED,
        "check ach returned": RefundState.RETURNED,
        "check returned": RefundState.RETURNED,
        "ach returned": RefundState.RETURNED,
        "check ach reissued": RefundState.REISSUED,
        "check reissued": RefundState.REISSUED,
        "ach reissued": RefundState.REISSUED,
    }
)
_MOVED_ON = (RefundState.TREASURY_ISSUED, RefundState.REISSUED)


def refund_state(text: str | None) -> RefundState | None:
    """Return the state a status text names, `None` where it is blank or not known.

    Case, blanks, `/` and `-` do not matter: `Check/ACH Returned` and `Check-ACH Returned` are one.

    >>> refund_state("Check-ACH Returned").value
    'returned'
    """
    if text is None:
        return None
    return _STATES.get(" ".join(text.replace("/", " ").replace("-", " ").casefold().split()))


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One row of a refund report. What has no column, or a blank cell, is `None`. Amounts are dollars.

    `total` is principal and interest together where the report has them so. `state` is that of the secondary
    status, else of the status; in REV-613 it is `ACH_REJECTED` unless the refund was issued since. Texts of
    both are kept as printed. `row` counts as a spreadsheet does.
    """

    row: int
    refund_number: str | None
    entry_number: EntryNumber | None
    declaration_number: str | None
    importer_number: str | None = field(repr=False)
    liquidation_date: dt.date | None
    principal: Decimal | None
    interest: Decimal | None
    total: Decimal | None
    status: str | None
    secondary_status: str | None
    state: RefundState | None
    refund_date: dt.date | None
    ach_trace: str | None = field(repr=False)

    @property
    @exactly
    def amount(self) -> Decimal | None:
        """The whole refund in dollars: `total`, else principal and interest; `None` where none is told."""
        if self.total is not None or (self.principal is None and self.interest is None):
            return self.total
        return (self.principal or ZERO) + (self.interest or ZERO)


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What a refund report held, in the order of its rows, with problems, repairs, notes and totals."""

    report: str
    file: str
    sheet: str | None
    rows: tuple[RefundRow, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[Note, ...]
    totals: RowTotals


def _refund_row(reading: TableReading, row: ReportRow, report: str) -> RefundRow | None:
    cells = RowCells(reading, row)
    entry = cells.value("entry_number", parse_entry_number)
    status = cells.value("status", parse_text)
    secondary = cells.value("secondary_status", parse_text)
    state = refund_state(secondary) or refund_state(status)
    if report == "REV-613" and state not in _MOVED_ON:
        state = RefundState.ACH_REJECTED
    found = RefundRow(
        row=row.number,
        refund_number=cells.value("refund_number", parse_identifier),
        entry_number=entry,
        declaration_number=cells.value("declaration_number", parse_identifier),
        importer_number=cells.value("importer_number", parse_party),
        liquidation_date=cells.value("liquidation_date", parse_date),
        principal=cells.value("principal", parse_amount),
        interest=cells.value("interest", parse_amount),
        total=cells.value("total", parse_amount),
        status=status,
        secondary_status=secondary,
        state=state,
        refund_date=cells.value("refund_date", parse_date),
        ach_trace=cells.value("ach_trace", parse_identifier),
    )
    if found.refund_number is None and entry is None:
        key = "refund_number" if "refund_number" in row.cells else "entry_number"
        cells.fail(
            key, "the row names neither a refund nor an entry.", "Nothing is filled from the row above."
        )
    return None if cells.refused(entry.compact if entry else None) else found


@exactly
def read_refund_report(
    path: str | os.PathLike[str], columns: ColumnMap, *, limits: ReadLimits = DEFAULT_LIMITS
) -> RefundReport:
    """Read ES-022, REV-603, REV-613 or REV-615 from CSV or a workbook through a column map.

    A row whose cells all repeat an earlier row is dropped and counted. The control totals have the sums of
    the columns of principal, interest and total.

    Raises `InputError` where `columns` is no column map or one for bank lines, `FileFormatError` where the
    file cannot be read, lacks a heading the map names, or has it twice.
    """
    reading = open_mapped(path, columns, bank=False, limits=limits)
    rows: list[RefundRow] = []
    seen: set[tuple[str, ...]] = set()
    for row in reading.rows(("refund_number", "entry_number")):
        if row.texts in seen:
            reading.exclude(row, Exclusion.DUPLICATE)
            continue
        seen.add(row.texts)
        found = _refund_row(reading, row, columns.report)
        if found is not None:
            rows.append(found)
    sums = {
        name: sum((value for found in rows if (value := getattr(found, name)) is not None), ZERO)
        for name in AMOUNTS
    }
    table, ledger = reading.table, reading.ledger
    return RefundReport(
        columns.report,
        table.file,
        table.sheet.name,
        tuple(rows),
        ledger.problems(),
        ledger.repairs(),
        ledger.notes(),
        reading.totals(len(rows), sums),
    )
