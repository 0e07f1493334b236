"""Guesses at the columns of a report whose layout is not public, for the user to confirm."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from ieeparefund.ace.cells import clean
from ieeparefund.ace.column_map import ColumnMap, map_toml
from ieeparefund.ace.headers import HEADER_ROWS, normalise_heading
from ieeparefund.ace.report_fields import ReportLayout, report_layout
from ieeparefund.ace.report_rows import open_table, sheets_of
from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits

__all__ = ["ColumnSuggestion", "suggest_columns"]

_DIGITS_OF_DATA = 5


@dataclass(frozen=True, slots=True)
class ColumnSuggestion:
    """Guesses at the columns of a file; not a column map, so that no reader takes it.

    `columns` maps fields to the headings guessed for them, `rivals` to further headings that would do as
    well; `headings` are all headings of the row that was looked at, `unused` those without a guess. `sheet`
    is the sheet of a workbook.
    """

    report: str
    file: str
    sheet: str | None
    headings: tuple[str, ...]
    columns: Mapping[str, str]
    rivals: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    def to_toml(self) -> str:
        """Return the guesses as a column map in TOML, to be checked, saved and loaded."""
        lines = ["# SUGGESTED from the headings alone. Check every line against the file before use."]
        lines += [f"# {field}: also {' or '.join(map(repr, also))}?" for field, also in self.rivals.items()]
        if self.unused:
            lines.append(f"# Without a guess: {', '.join(map(repr, self.unused))}.")
        return "\n".join(lines) + "\n" + map_toml(report_layout(self.report), self.columns, self.sheet)

    def confirm(self, changes: Mapping[str, str | None] | None = None) -> ColumnMap:
        """Return the guesses as a column map, once the user has confirmed them.

        `changes` replaces a guess, adds a field, or takes one out (`None`). Raises as `ColumnMap` does.
        """
        columns: dict[str, str | None] = {**self.columns, **(changes or {})}
        return ColumnMap(
            self.report,
            {field: heading for field, heading in columns.items() if heading is not None},
            self.sheet,
        )


def _aliases(layout: ReportLayout) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in layout.fields:
        for alias in (field.name, *field.aliases):
            found.setdefault(normalise_heading(alias), field.name)
    return found


def suggest_columns(
    path: str | os.PathLike[str], report: str, *, limits: ReadLimits = DEFAULT_LIMITS
) -> ColumnSuggestion:
    """Guess which heading of the file at `path` holds which field of `report`.

    Headings are compared whole with the aliases of each field; nothing is guessed from their parts or from
    the cells. Where no heading is known, the first row with two cells or more is listed without a guess; a row
    with a cell of five digits or more is taken for data, and is not shown.

    Raises `InputError` for an unknown report, `FileFormatError` for a file that cannot be read or has no such
    row.
    """
    layout = report_layout(report)
    file = os.fspath(path)
    table = open_table(path, _aliases(layout), limits=limits)
    if table is None:
        sheet, headings = _first_row(file, limits)
        return ColumnSuggestion(
            layout.report, file, sheet, headings, MappingProxyType({}), MappingProxyType({}), headings
        )
    found = table.layout
    return ColumnSuggestion(
        layout.report,
        file,
        table.sheet.name,
        tuple(heading for heading in found.headings if heading),
        MappingProxyType({field: found.headings[place] for field, place in found.columns.items()}),
        MappingProxyType(
            {
                field: tuple(found.headings[place] for place in places)
                for field, places in found.rivals.items()
            }
        ),
        found.ignored,
    )


def _is_data(cell: str) -> bool:
    return sum(map(str.isdigit, cell)) >= _DIGITS_OF_DATA


def _first_row(file: str, limits: ReadLimits) -> tuple[str | None, tuple[str, ...]]:
    best: tuple[str | None, tuple[str, ...]] = (None, ())
    for sheet in sheets_of(file, None, limits):
        try:
            for row in islice(sheet.rows(), HEADER_ROWS):
                headings = tuple(text for cell in row if (text := clean(cell)))
                if len(headings) > max(1, len(best[1])) and not any(map(_is_data, headings)):
                    best = (sheet.name, headings)
                    break
        except FileFormatError:
            continue
    if not best[1]:
        raise FileFormatError(
            f"has no row with two headings or more in its first {HEADER_ROWS} rows.",
            remedy="Export the report with its headings.",
            file=file,
        )
    return best
