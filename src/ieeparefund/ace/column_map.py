"""Column maps: which heading of a file holds which field, for reports whose layouts are not public.

A map is a small TOML file. `column_map_template` writes an empty one, `load_column_map` reads a filled one.
`suggest_columns` (in `column_suggestions`) guesses at headings; a suggestion is of another type than a map
and is never used until the user has confirmed it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ieeparefund.ace.headers import normalise_heading
from ieeparefund.ace.report_fields import ReportLayout, report_layout
from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.inputs.toml import parse_toml, read_toml

__all__ = [
    "ColumnMap",
    "column_map_template",
    "load_column_map",
    "map_toml",
    "parse_column_map",
]

_KEYS = ("report", "sheet", "columns")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which heading holds which field of a report.

    `report` is ES-022, REV-603, REV-613, REV-615 or bank; `columns` maps field names to headings as they
    stand in the file; `sheet` names the sheet of a workbook (`None`: the reader chooses). Raises `InputError`
    for an unknown report or field, a blank heading, one heading for two fields, and where the report needs a
    field that is not named.
    """

    report: str
    columns: Mapping[str, str]
    sheet: str | None = None

    def __post_init__(self) -> None:
        layout = report_layout(self.report)
        object.__setattr__(self, "report", layout.report)
        object.__setattr__(self, "columns", MappingProxyType(_checked(layout, self.columns)))

    def __hash__(self) -> int:
        return hash((self.report, tuple(sorted(self.columns.items())), self.sheet))

    def __reduce__(self) -> tuple[object, ...]:
        # A read-only view of a mapping cannot be pickled.
        return (ColumnMap, (self.report, dict(self.columns), self.sheet))

    @property
    def layout(self) -> ReportLayout:
        """The fields of the report."""
        return report_layout(self.report)

    def to_toml(self) -> str:
        """Return the map as TOML that `parse_column_map` reads back."""
        return map_toml(self.layout, self.columns, self.sheet)


def _checked(layout: ReportLayout, columns: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    taken: dict[str, str] = {}
    for field, heading in columns.items():
        if field not in layout.names:
            raise InputError(
                f"{field!r} is not a field of {layout.report}.",
                remedy=f"Use {', '.join(layout.names)}.",
                column=str(field),
            )
        if not isinstance(heading, str) or not normalise_heading(heading):
            raise InputError(
                f"{field} names the heading {heading!r}.",
                remedy="Give the heading as it stands in the file, or leave the field out.",
                column=field,
                value=str(heading),
            )
        other = taken.setdefault(normalise_heading(heading), field)
        if other != field:
            raise InputError(
                f"{other} and {field} both name the heading {heading!r}.",
                remedy="One column holds one field: leave one out.",
                column=field,
                value=heading,
            )
        kept[field] = heading
    for group in layout.required:
        if not any(field in kept for field in group):
            raise InputError(
                f"the column map of {layout.report} names no {' or '.join(group)}.",
                remedy=f"Say which heading holds {'it' if len(group) == 1 else 'one of them'}.",
                column=group[0],
            )
    return kept


def map_toml(layout: ReportLayout, columns: Mapping[str, str], sheet: str | None) -> str:
    """Return a column map as TOML with comments; fields that are not in `columns` are empty."""
    lines = [
        f"# Column map for {layout.report}: {layout.title}.",
        "# Give each field the heading of its column as it stands in the file; keep empty what the file does",
        "# not have.",
        *(f"# Needed: {' or '.join(group)}." for group in layout.required),
        "",
        f"report = {_quoted(layout.report)}",
        f"sheet = {_quoted(sheet)}"
        if sheet
        else '# sheet = ""   # of a workbook; without it the reader chooses',
        "",
        "[columns]",
    ]
    for field in layout.fields:
        lines.append(
            f"{field.name} = {_quoted(columns.get(field.name, ''))}  # {field.form}: {field.meaning}"
        )
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # Not json.dumps: it writes characters past U+FFFF as surrogate pairs, which TOML refuses.
    kept = (
        character if " " <= character <= "~" and character not in '"\\' else f"\\U{ord(character):08X}"
        for character in text
    )
    return f'"{"".join(kept)}"'


def column_map_template(report: str) -> str:
    """Return an empty column map for `report` as TOML with comments.

    Raises `InputError` for an unknown report.

    >>> print(column_map_template("bank").splitlines()[-3].split("  #")[0])
    date = ""
    """
    return map_toml(report_layout(report), {}, None)


def parse_column_map(text: str, *, file: str | None = None) -> ColumnMap:
    """Return the column map that TOML `text` holds. Empty headings count as left out.

    Raises `FileFormatError` where the text is not TOML of this shape, `InputError` as `ColumnMap` does; both
    name `file` where it is given.
    """
    return _column_map(parse_toml(text, "the column map", "Start from the template.", file=file), file)


def _column_map(table: Mapping[str, Any], file: str | None) -> ColumnMap:
    unknown = [key for key in table if key not in _KEYS]
    if unknown:
        raise FileFormatError(
            f"the column map has the key {unknown[0]!r}.", remedy=f"Use {', '.join(_KEYS)}.", file=file
        )
    report, sheet, columns = table.get("report"), table.get("sheet") or None, table.get("columns")
    if not isinstance(report, str) or not isinstance(columns, dict):
        raise FileFormatError(
            'the column map has no report = "..." or no [columns].',
            remedy="Start from the template.",
            file=file,
        )
    if not isinstance(sheet, str | None):
        raise FileFormatError("sheet is not text.", remedy="Give the name of the sheet.", file=file)
    try:
        return ColumnMap(
            report, {field: heading for field, heading in columns.items() if heading != ""}, sheet
        )
    except InputError as error:
        raise InputError(
            error.problem, remedy=error.remedy, file=file, column=error.column, value=error.value
        ) from None


def load_column_map(path: str | os.PathLike[str], *, limits: ReadLimits = DEFAULT_LIMITS) -> ColumnMap:
    """Return the column map in the TOML file at `path`. Raises as `parse_column_map` does.

    A file that cannot be opened, is not UTF-8 or past a limit raises `FileFormatError`.
    """
    file, table = read_toml(path, "the column map", "Start from the template.", limits)
    return _column_map(table, file)
