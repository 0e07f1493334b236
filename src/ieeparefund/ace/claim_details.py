"""CAPE's Claim Details: what ACE answered for each entry of a declaration.

The portal's CSV has `ENTRY_NUMBER, CLAIM_NUMBER, STATUS, ERROR_DESCRIPTION` with numbers wrapped as `="..."`
(secondary: readers written against real downloads; no genuine file is public).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ieeparefund.ace.ace_texts import Advice, advice
from ieeparefund.ace.cells import CellError, parse_entry_number, parse_text
from ieeparefund.ace.headers import HEADER_ROWS, normalise_heading
from ieeparefund.ace.report_rows import (
    ReportRow,
    TableReading,
    open_table,
    parse_identifier,
    shown_headings,
)
from ieeparefund.ace.row_totals import RowTotals
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.problems import Exclusion, Note, Repair, RowProblem

__all__ = ["ClaimResult", "ClaimResults", "ClaimState", "read_claim_details"]


class ClaimState(StrEnum):
    """What became of an entry on a declaration. A status outside this list is kept as text."""

    UPDATED = "Entry Summary Updated"
    FAILED = "Failed"


_HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "entry_number": ("ENTRY_NUMBER", "Entry Summary Number", "Entry No", "Entry"),
        "claim_number": ("CLAIM_NUMBER", "CAPE Claim Number", "Claim No", "Claim"),
        "status": ("STATUS", "Filing Status", "Claim Status"),
        "error": ("ERROR_DESCRIPTION", "Error Detail", "CAPE Error Detail", "Error"),
    }
)
_FIELDS = {normalise_heading(heading): field for field, found in _HEADINGS.items() for heading in found}
_STATES = {state.value.casefold(): state for state in ClaimState}
_BETWEEN = re.compile(r"[;|\r\n]")


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One row: an entry, its claim, its state, and the texts ACE gave.

    `state` is `None` where `status` is a word outside the known two. `error_texts` are kept as printed;
    several texts in one cell, parted by `;`, `|` or a line end, are told apart. `row` counts as a spreadsheet
    does.
    """

    entry_number: EntryNumber
    claim_number: str | None
    state: ClaimState | None
    status: str
    error_texts: tuple[str, ...]
    row: int

    def advice(self, seen_on: dt.date | None, as_of: dt.date) -> tuple[Advice, ...]:
        """Return what each text means and what to do about it on `as_of` (see `ace_texts.advice`)."""
        return tuple(advice(text, seen_on, as_of) for text in self.error_texts)


@dataclass(frozen=True, slots=True)
class ClaimResults:
    """What a Claim Details file held, in the order of its rows, with problems, repairs, notes and totals."""

    file: str
    results: tuple[ClaimResult, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[Note, ...]
    totals: RowTotals

    @property
    def accepted(self) -> tuple[EntryNumber, ...]:
        """The entries ACE took: their summaries were updated."""
        return tuple(found.entry_number for found in self.results if found.state is ClaimState.UPDATED)

    @property
    def failed(self) -> tuple[EntryNumber, ...]:
        """The entries ACE refused."""
        return tuple(found.entry_number for found in self.results if found.state is ClaimState.FAILED)


def _result(reading: TableReading, row: ReportRow) -> ClaimResult | None:
    number, fault = reading.parse(row, "entry_number", parse_entry_number, None)
    if number is None:
        blank = CellError("the entry number is blank.", "Give it in every row; nothing is filled from above.")
        reading.refuse(row, "entry_number", fault or blank)
        return None
    claim, fault = reading.parse(row, "claim_number", parse_identifier, None)
    if fault is not None:
        reading.refuse(row, "claim_number", fault, number.compact)
        return None
    status, _ = reading.parse(row, "status", parse_text, None)
    error, _ = reading.parse(row, "error", parse_text, None)
    if status is None:
        reading.refuse(
            row, "status", CellError("the status is blank.", "Download the file again."), number.compact
        )
        return None
    texts = tuple(text for part in _BETWEEN.split(error) if (text := part.strip())) if error else ()
    return ClaimResult(
        number, claim, _STATES.get(" ".join(status.split()).casefold()), status, texts, row.number
    )


def read_claim_details(path: str | os.PathLike[str], *, limits: ReadLimits = DEFAULT_LIMITS) -> ClaimResults:
    """Read CAPE's Claim Details from CSV or a workbook.

    An exact repeat of a row is dropped. An entry that stands twice on one claim with different answers is a
    problem: neither row is used. Several claims in one file are kept apart.

    Raises `LimitError` past a limit, `FileFormatError` where no row holds the headings of entry number and
    status, or the file cannot be read.
    """
    table = open_table(path, _FIELDS, limits=limits)
    found = {} if table is None else table.layout.columns
    lost = [_HEADINGS[field][0] for field in ("entry_number", "status") if field not in found]
    if table is None or lost:
        raise FileFormatError(
            f"has no heading {' or '.join(lost)} in its first {HEADER_ROWS} rows."
            + (f" Found: {shown_headings(table.layout.headings)}." if table else ""),
            remedy="Download Claim Details from the Claim Status tab and leave its headings as they are.",
            file=os.fspath(path),
        )
    reading = TableReading(table, limits=limits)
    kept: dict[tuple[str, str | None], list[tuple[ReportRow, ClaimResult]]] = {}
    for row in reading.rows(("entry_number",)):
        result = _result(reading, row)
        if result is not None:
            kept.setdefault((result.entry_number.compact, result.claim_number), []).append((row, result))
    results: list[ClaimResult] = []
    for (number, _), same in kept.items():
        answers = {(result.status, result.error_texts) for _, result in same}
        if len(answers) > 1:
            clash = CellError(
                f"entry {number} has {len(answers)} different answers on one claim.",
                "Keep the latest download.",
            )
            for row, _ in same:
                reading.refuse(row, "entry_number", clash, number)
            continue
        results.append(same[0][1])
        for row, _ in same[1:]:
            reading.exclude(row, Exclusion.DUPLICATE)
    return ClaimResults(
        table.file,
        tuple(sorted(results, key=lambda result: result.row)),
        reading.ledger.problems(),
        reading.ledger.repairs(),
        reading.ledger.notes(),
        reading.totals(len(results), {}),
    )
