"""Several ES-003 exports as one book: overlapping exports repeat entries, and each may count once only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.inputs.toml import read_toml
from ieeparefund.money import exactly
from ieeparefund.problems import EntryFile, Exclusion, Note, Repair, RowProblem

__all__ = ["Book", "load_columns", "read_book"]


@dataclass(frozen=True, slots=True)
class Book:
    """The entries of one or more files, each once, with everything the readers reported.

    `rows_used` and `excluded` tie with `rows_read`, as in each file.
    """

    entries: tuple[Entry, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[Note, ...]
    rows_read: int
    rows_used: int
    excluded: Mapping[Exclusion, int]

    def row_counts(self) -> dict[str, int]:
        """Return the control totals of the rows."""
        return {
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "rows_excluded": sum(self.excluded.values()),
        }

    def exclusions_text(self) -> str:
        """Return the excluded rows by reason in brackets, blank where there are none."""
        parts = [f"{count} {reason.value}" for reason, count in self.excluded.items() if count]
        return f" ({', '.join(parts)})" if parts else ""


def load_columns(path: Path | str | None, *, limits: ReadLimits = DEFAULT_LIMITS) -> dict[str, str] | None:
    """Read a column map for `read_entries`: a TOML file with a table `[columns]` of field = "heading".

    `None` stays `None`. Raises `FileFormatError` for a file that is no such map.
    """
    if path is None:
        return None
    remedy = 'Write a table [columns] with lines such as tariff_duty = "Duty Paid".'
    file, found = read_toml(path, "the column map", remedy, limits)
    columns = found.get("columns")
    if not isinstance(columns, dict) or not all(isinstance(heading, str) for heading in columns.values()):
        raise FileFormatError("the column map has no table [columns] of texts.", remedy=remedy, file=file)
    return columns


@exactly
def read_book(
    paths: Sequence[Path | str],
    columns: Mapping[str, str] | None = None,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Book:
    """Read ES-003 exports into one book.

    An entry that stands in two files with the same facts counts once, its other rows as repeats. One whose
    facts differ is a problem and is left out, since nobody can tell which file is right. Errors as for
    `read_entries`.
    """
    files = [read_entries(path, columns=columns, limits=limits) for path in paths]
    first: dict[EntryNumber, tuple[Entry, EntryFile]] = {}
    differing: dict[EntryNumber, RowProblem] = {}
    excluded: Counter[Exclusion] = Counter()
    for file in files:
        for reason, rows in file.totals.rows_by_reason.items():
            excluded[reason] += rows
        for entry in file.entries:
            known = first.setdefault(entry.number, (entry, file))
            if known[0] is entry:
                continue
            if known[0] == entry:
                excluded[Exclusion.DUPLICATE] += _rows(entry)
            else:
                excluded[Exclusion.ENTRY] += _rows(entry)
                differing[entry.number] = _contradiction(entry, file, known[1])
    for number in differing:
        excluded[Exclusion.ENTRY] += _rows(first[number][0])
    entries = tuple(entry for number, (entry, _) in first.items() if number not in differing)
    return Book(
        entries,
        (*(problem for file in files for problem in file.problems), *differing.values()),
        tuple(repair for file in files for repair in file.repairs),
        tuple(note for file in files for note in file.notes),
        sum(file.totals.rows_read for file in files),
        sum(_rows(entry) for entry in entries),
        {reason: excluded[reason] for reason in Exclusion},
    )


def _rows(entry: Entry) -> int:
    return sum(len(line.tariffs) for line in entry.lines)


def _contradiction(entry: Entry, file: EntryFile, other: EntryFile) -> RowProblem:
    return RowProblem(
        file=file.file,
        row=0,
        column=file.columns["entry_number"],
        value=str(entry.number),
        problem=f"entry {entry.number} stands in {other.file} with other facts.",
        remedy="Export both spans again on the same day, or leave one of the files out.",
        sheet=file.sheet,
        entry_number=entry.number.compact,
    )
