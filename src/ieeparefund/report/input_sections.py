"""What the readers reported about the files of a statement: problems, repairs, control totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

from ieeparefund.problems import Exclusion, Note, Repair, RowProblem
from ieeparefund.report.model import Column, Facts, Kind, Section, Table, Text

__all__ = ["ReadBook", "input_sections"]


class ReadBook(Protocol):
    """What the readers report about a book of files, such as `ieeparefund.ace.book.Book`."""

    @property
    def problems(self) -> Sequence[RowProblem]:
        """Rows and entries left out."""
        ...

    @property
    def repairs(self) -> Sequence[Repair]:
        """Cells mended before reading."""
        ...

    @property
    def notes(self) -> Sequence[Note]:
        """What the reader of the statement should know of the files."""
        ...

    @property
    def rows_read(self) -> int:
        """Rows below the headings."""
        ...

    @property
    def rows_used(self) -> int:
        """Rows that are in an entry."""
        ...

    @property
    def excluded(self) -> Mapping[Exclusion, int]:
        """Rows that are in none, by reason."""
        ...


def input_sections(book: ReadBook) -> list[Section]:
    """Return the sections about the files: what was left out or mended, and rows that tie."""
    left_out = sum(book.excluded.values())
    control = [("Rows read", book.rows_read, Kind.COUNT), ("Rows used", book.rows_used, Kind.COUNT)]
    control += [
        (f"Excluded: {reason.value}", count, Kind.COUNT) for reason, count in book.excluded.items() if count
    ]
    problems = Table(
        "Problems in the input (these entries are left out)",
        (
            Column("File"),
            Column("Row", Kind.COUNT),
            Column("Column"),
            Column("Value"),
            Column("Problem"),
            Column("What to do"),
        ),
        tuple(
            (PurePath(one.file).name, one.row or None, one.column, one.value, one.problem, one.remedy)
            for one in book.problems
        ),
        sheet="Problems",
        empty="No problem was found.",
    )
    changes = Table(
        "Repairs and notes (no value was changed)",
        (
            Column("What"),
            Column("Column"),
            Column("Cells", Kind.COUNT),
            Column("First row", Kind.COUNT),
            Column("Example"),
        ),
        (
            *((one.kind.value, one.column, one.count, one.first_row, one.example) for one in book.repairs),
            *((one.text, one.column, one.count, one.first_row, one.example) for one in book.notes),
        ),
        sheet="Repairs",
        empty="Every cell could be read as it stands.",
    )
    tie = Text((f"{book.rows_read:,} read = {book.rows_used:,} used + {left_out:,} excluded.",))
    return [
        Section("problems", "Problems in the input", (problems, changes)),
        Section("control", "Control totals", (tie, Facts("Rows of the files", tuple(control)))),
    ]
