"""What a reader reports beside the entries: problems, repairs, notes, and control totals that tie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from ieeparefund.entries.entry import Entry
from ieeparefund.entries.identifiers import mask_sentence
from ieeparefund.errors import FieldError
from ieeparefund.money import ZERO, exactly

__all__ = [
    "EntryFile",
    "ExcludedRows",
    "Exclusion",
    "Note",
    "NoteKind",
    "Repair",
    "RepairKind",
    "RowProblem",
    "Totals",
]


class RepairKind(StrEnum):
    """A change that was made to a cell, or to the file, before it could be read. Values are never changed."""

    BYTE_ORDER_MARK = "byte order mark removed"
    UNWRAPPED = 'unwrapped from ="..." or an apostrophe'
    DASHES = "dashes removed"
    BLANKS = "blanks removed"
    UPPER_CASE = "letters put in upper case"
    ZEROS = "leading zeros restored"
    NUMBER_CELL = "number cell read as text"
    WHOLE_NUMBER = "empty decimal places dropped"
    SUFFIX = "00 appended to a chapter 99 number dropped"
    TWO_DIGIT_YEAR = "year of two digits completed"
    TIME_OF_DAY = "time of day dropped"
    SERIAL_DATE = "spreadsheet serial number read as a date"
    FREE = "FREE read as 0.00"


class NoteKind(StrEnum):
    """Something the reader of the entries should know, which changed no value and excluded no row."""

    ENCODING = "encoding"
    MISSING_COLUMN = "missing column"
    TWO_HEADINGS = "two headings for one field"
    CHECK_DIGIT = "check digit does not hold"
    UNKNOWN_WORD = "word outside the known vocabulary"
    CORRECTION_FILED = "correction filed"
    PROTEST_UNKNOWN = "protest number without a status"
    RATE_NOT_READ = "column 1 rate not read"
    BLANK_DUTY = "blank duty"
    LINE_LEVEL_DUTY = "line duty used"
    TOTAL_ROW = "total row"


class Exclusion(StrEnum):
    """Why a row is in no entry. Every row that is read is used or has exactly one of these."""

    BLANK = "blank row"
    TOTAL = "total row"
    DUPLICATE = "repeat of an earlier row"
    BAD = "row with a problem"
    ENTRY = "row of an entry that is left out"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row, or a whole entry, that could not be used.

    `row` counts as a spreadsheet does (the first row of the sheet is 1); `column` is the heading as the file
    spells it; `value` is the cell as found, importer numbers and names in it masked; `entry_number` is the
    eleven characters, where they were read.
    The whole entry is left out, since an answer from a part of its rows would be wrong.
    """

    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str
    sheet: str | None = None
    entry_number: str | None = None

    def __post_init__(self) -> None:
        # Readers mask by what the column is for. This is the last gate, whoever made the problem.
        object.__setattr__(self, "value", mask_sentence(self.value))
        object.__setattr__(self, "problem", mask_sentence(self.problem))

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.problem} {self.remedy}".rstrip()

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the problem with plain values, for JSON."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "problem": self.problem,
            "remedy": self.remedy,
            "entry_number": self.entry_number,
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """Repairs of one kind in one column: how many cells, the first row, and that cell before repair, masked.

    `column` and `first_row` are `None` for a repair of the file itself.
    """

    kind: RepairKind
    column: str | None
    count: int
    first_row: int | None
    example: str

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the repair with plain values, for JSON."""
        return {
            "kind": self.kind.value,
            "column": self.column,
            "count": self.count,
            "first_row": self.first_row,
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a column or the file; `text` is the sentence, the rest as in `Repair`."""

    kind: NoteKind
    text: str
    column: str | None = None
    count: int = 1
    first_row: int | None = None
    example: str = ""

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the note with plain values, for JSON."""
        return {
            "kind": self.kind.value,
            "text": self.text,
            "column": self.column,
            "count": self.count,
            "first_row": self.first_row,
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class ExcludedRows:
    """Number of rows excluded for one reason, and the sum of the duty that could be read in them."""

    reason: Exclusion
    rows: int
    duty: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Control totals of a file, in rows and in dollars of the duty column.

    `rows_read` counts every row below the header, blank ones too. `duty_read` is summed cell by cell as the
    rows are read, `duty_used` from the entries that are returned; so their tie says that nothing was lost or
    changed between. The duty cell of a total row counts in neither. `duty_unreadable` counts the duty cells
    that could not be read, whose amounts are in no sum.

    Raises `FieldError` where rows or cents do not tie.
    """

    rows_read: int
    rows_used: int
    duty_read: Decimal
    duty_used: Decimal
    duty_unreadable: int
    excluded: tuple[ExcludedRows, ...]

    @exactly
    def __post_init__(self) -> None:
        for name, read, used, excluded in (
            ("rows", self.rows_read, self.rows_used, self.rows_excluded),
            ("duty", self.duty_read, self.duty_used, self.duty_excluded),
        ):
            if read != used + excluded:
                raise FieldError(
                    f"{name}_read is {read}, not {name}_used {used} and {name}_excluded {excluded}.",
                    remedy="Control totals must tie.",
                    column=f"{name}_read",
                )

    @property
    def rows_excluded(self) -> int:
        """Rows that are in no entry, for whatever reason."""
        return sum(group.rows for group in self.excluded)

    @property
    @exactly
    def duty_excluded(self) -> Decimal:
        """Sum of the readable duty in the excluded rows, in dollars."""
        return sum((group.duty for group in self.excluded), ZERO)

    @property
    def rows_by_reason(self) -> Mapping[Exclusion, int]:
        """Excluded rows by reason; a reason that did not occur is 0."""
        found = {group.reason: group.rows for group in self.excluded}
        return MappingProxyType({reason: found.get(reason, 0) for reason in Exclusion})

    def to_dict(self) -> dict[str, object]:
        """Return the totals with plain values, for JSON; amounts are text with two places."""
        return {
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "rows_excluded": self.rows_excluded,
            "duty_read": str(self.duty_read),
            "duty_used": str(self.duty_used),
            "duty_excluded": str(self.duty_excluded),
            "duty_unreadable": self.duty_unreadable,
            "excluded": [
                {"reason": group.reason.value, "rows": group.rows, "duty": str(group.duty)}
                for group in self.excluded
            ],
        }


@dataclass(frozen=True, slots=True)
class EntryFile:
    """What a file held: entries in the order of their first row, and everything that happened on the way.

    `columns` maps each known field to its heading in the file; `ignored_columns` are the headings of no known
    field, such as columns a user added.
    """

    file: str
    sheet: str | None
    entries: tuple[Entry, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[Note, ...]
    totals: Totals
    columns: Mapping[str, str]
    ignored_columns: tuple[str, ...]
