"""Book-keeping of a reading: problems, repairs and notes by kind, excluded rows, control totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.ace.cells import CellError, Kinds, clean
from ieeparefund.ace.facts import PERSONAL_FIELDS
from ieeparefund.ace.headers import Layout, usual_heading
from ieeparefund.entries.identifiers import mask_cell, mask_entry_number, mask_importer, mask_tariff_number
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits, too_much
from ieeparefund.money import ZERO
from ieeparefund.problems import (
    ExcludedRows,
    Exclusion,
    Note,
    NoteKind,
    Repair,
    RepairKind,
    RowProblem,
    Totals,
)

__all__ = ["Ledger"]

_SHOWN = 60
_MASKS = {"entry_number": mask_entry_number, "hts": mask_tariff_number}
_SENTENCES: dict[NoteKind, str] = {
    NoteKind.CHECK_DIGIT: "the check digit does not hold; the number is kept. Compare it with the entry.",
    NoteKind.UNKNOWN_WORD: "the word is not one of the known ones; the fact counts as not known.",
    NoteKind.CORRECTION_FILED: "a post summary correction was filed; whether it is pending is not known.",
    NoteKind.PROTEST_UNKNOWN: "a protest number stands beside a blank status, which is not known.",
    NoteKind.RATE_NOT_READ: "the rate is not read: it is neither free nor one plain per cent for the line.",
    NoteKind.BLANK_DUTY: "the duty is blank, which is not zero: it counts as not known.",
}


@dataclass(slots=True)
class _Mark:
    count: int
    row: int
    example: str


class Ledger:
    """Takes down what happens to the rows of one sheet. `row` is the number a spreadsheet shows."""

    def __init__(
        self,
        file: str,
        sheet: str | None,
        layout: Layout,
        *,
        byte_order_mark: bool = False,
        limits: ReadLimits = DEFAULT_LIMITS,
    ) -> None:
        self._limits = limits
        self.file = file
        self.sheet = sheet
        self.layout = layout
        self.byte_order_mark = byte_order_mark
        self.rows_read = 0
        self.duty_read = ZERO
        self.unreadable = 0
        self._problems: list[RowProblem] = []
        self._marks: dict[tuple[RepairKind | NoteKind, str], _Mark] = {}
        self._notes: list[Note] = []
        self._excluded = {reason: ExcludedRows(reason, 0, ZERO) for reason in Exclusion}

    def heading(self, field: str) -> str:
        """Return the heading of a field in this file, or the usual one where the file has no such column."""
        return self.layout.heading(field) if field in self.layout.columns else usual_heading(field)

    def problem(self, row: int, field: str, cell: object, error: CellError, number: str | None) -> None:
        """Take down a cell that cannot be used. Importer numbers and names are masked.

        Raises `LimitError` where the file has more problems than are listed.
        """
        if len(self._problems) >= self._limits.problems:
            raise too_much("problems", self._limits, file=self.file, sheet=self.sheet, row=row)
        self._problems.append(
            RowProblem(
                file=self.file,
                row=row,
                column=self.heading(field),
                value=self._shown(field, cell),
                problem=error.problem,
                remedy=error.remedy,
                sheet=self.sheet,
                entry_number=number,
            )
        )

    def mark(self, kinds: Kinds, field: str, row: int, cell: object, count: int = 1) -> None:
        """Count repairs and notes of a cell, for `count` rows that hold the same."""
        for kind in kinds:
            found = self._marks.get((kind, field))
            if found is None:
                self._marks[kind, field] = _Mark(count, row, self._shown(field, cell))
            else:
                found.count += count

    def note(
        self, kind: NoteKind, text: str, column: str | None = None, first_row: int | None = None
    ) -> None:
        """Take down a note about the file or a column."""
        self._notes.append(Note(kind, text, column, first_row=first_row))

    def exclude(self, reason: Exclusion, duty: Decimal | None = None, rows: int = 1) -> None:
        """Count rows that are in no entry, with the duty read in them."""
        before = self._excluded[reason]
        self._excluded[reason] = ExcludedRows(reason, before.rows + rows, before.duty + (duty or ZERO))

    def problems(self) -> tuple[RowProblem, ...]:
        """Return the problems in the order of their rows."""
        return tuple(sorted(self._problems, key=lambda problem: problem.row))

    def repairs(self) -> tuple[Repair, ...]:
        """Return the repairs by kind and column, in the order they first occurred."""
        found = [
            Repair(kind, self.heading(field), mark.count, mark.row, mark.example)
            for (kind, field), mark in self._marks.items()
            if isinstance(kind, RepairKind)
        ]
        if self.byte_order_mark:
            found.insert(0, Repair(RepairKind.BYTE_ORDER_MARK, None, 1, None, "U+FEFF"))
        return tuple(found)

    def notes(self) -> tuple[Note, ...]:
        """Return the notes: those on the file first, then by kind and column."""
        return (
            *self._notes,
            *(
                Note(
                    kind,
                    f"{self.heading(field)}, {'1 row' if mark.count == 1 else f'{mark.count} rows'} from "
                    f"row {mark.row}: {_SENTENCES[kind]}",
                    self.heading(field),
                    mark.count,
                    mark.row,
                    mark.example,
                )
                for (kind, field), mark in self._marks.items()
                if isinstance(kind, NoteKind)
            ),
        )

    def totals(self, rows_used: int, duty_used: Decimal) -> Totals:
        """Return the control totals, which tie or raise."""
        return Totals(
            rows_read=self.rows_read,
            rows_used=rows_used,
            duty_read=self.duty_read,
            duty_used=duty_used,
            duty_unreadable=self.unreadable,
            excluded=tuple(group for group in self._excluded.values() if group.rows),
        )

    def _shown(self, field: str, cell: object) -> str:
        if field in PERSONAL_FIELDS:
            return mask_importer(clean(cell)[:_SHOWN]) or ""
        return _MASKS.get(field, mask_cell)(str(cell))
