"""Rows of the small reports CAPE gives: find the sheet and the header row, go through the rows, add up.

Headings are compared whole after normalising, as for ES-003; only the headings asked for count.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from ieeparefund.ace.cells import CellError, Kinds, clean, parse_amount, parse_name, quoted
from ieeparefund.ace.headers import HEADER_ROWS, Layout, normalise_heading
from ieeparefund.ace.ledger import Ledger
from ieeparefund.ace.row_totals import RowTotals, SumTotals
from ieeparefund.ace.sheets import Cell, CsvSheet, Sheet, open_sheet, workbook_sheets
from ieeparefund.entries.identifiers import has_importer_dashes
from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.money import ZERO
from ieeparefund.problems import Exclusion

__all__ = [
    "ReportRow",
    "Table",
    "TableReading",
    "open_table",
    "parse_identifier",
    "parse_party",
    "sheets_of",
    "shown_headings",
]

_DELIMITERS = (",", "\t", ";", "|")
_TOTAL_WORDS = ("total", "totals", "sum", "grand total")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?[Ee][+-]?[0-9]+")
_SHOWN = 40
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet and where the fields stand in it."""

    file: str
    sheet: Sheet
    layout: Layout


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row: its number in the file, its cells by field, all its cells as text.

    A field without a column is not there.
    """

    number: int
    cells: Mapping[str, Cell]
    texts: tuple[str, ...]


def sheets_of(
    path: str | os.PathLike[str], name: str | None, limits: ReadLimits = DEFAULT_LIMITS
) -> Sequence[Sheet]:
    """Return the sheets a file may be read as: text under each delimiter, or the sheets of a workbook.

    With `name` only the sheet of that name. Raises `FileFormatError` for a file that cannot be read or is past
    a limit and for a name that is not there, `MissingExtraError` where python-calamine is needed.
    """
    file = os.fspath(path)
    sheet, _ = open_sheet(Path(file), None, limits)
    if not isinstance(sheet, CsvSheet):
        return workbook_sheets(Path(file), name, limits)
    if name is not None:
        raise FileFormatError(
            f"is text, yet the column map names the sheet {name!r}.", remedy="Leave sheet out.", file=file
        )
    return [replace(sheet, delimiter=delimiter) for delimiter in _DELIMITERS]


def _layout(number: int, cells: Sequence[Cell], fields: Mapping[str, str]) -> Layout:
    headings = tuple(" ".join(clean(cell).split()) for cell in cells)
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        field = fields.get(normalise_heading(heading))
        if field:
            places.setdefault(field, []).append(place)
    known = {place for found in places.values() for place in found}
    return Layout(
        number,
        headings,
        {field: found[0] for field, found in places.items()},
        {field: tuple(found[1:]) for field, found in places.items() if len(found) > 1},
        tuple(heading for place, heading in enumerate(headings) if heading and place not in known),
        len(places),
    )


def open_table(
    path: str | os.PathLike[str],
    fields: Mapping[str, str],
    name: str | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Table | None:
    """Return the sheet and row with most of the headings asked for, `None` where none stands anywhere.

    `fields` maps normalised headings to fields. Of equals the first counts. Raises as `sheets_of` does.
    """
    best: Table | None = None
    for sheet in sheets_of(path, name, limits):
        try:
            top = list(islice(sheet.rows(), HEADER_ROWS))
        except FileFormatError:
            # Under a wrong delimiter quotation marks stand anywhere; under the right one rows raise again.
            continue
        for number, cells in enumerate(top, start=1):
            layout = _layout(number, cells, fields)
            if layout.known > (best.layout.known if best else 0):
                best = Table(os.fspath(path), sheet, layout)
    return best


def shown_headings(headings: Sequence[str]) -> str:
    """Return headings as text for a message, at most forty."""
    named = [heading for heading in headings if heading]
    return ", ".join(named[:_SHOWN]) + (f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else "")


def parse_identifier(cell: Cell) -> tuple[str | None, Kinds]:
    """Return the number of a refund, claim, payment or bill, as text.

    Raises `CellError` where its digits are lost, and for an importer number, which is none of these.
    """
    text, kinds = parse_party(cell)
    if text is not None and has_importer_dashes(text):
        raise CellError(
            "the dashes are those of an importer number.", "Look whether the columns are named aright."
        )
    return text, kinds


def parse_party(cell: Cell) -> tuple[str | None, Kinds]:
    """Return the number of an importer or another party, as text. Raises `CellError` where its digits are lost."""
    text, kinds = parse_name(cell)
    if text is not None and (_SCIENTIFIC.fullmatch(text) or isinstance(cell, float)):
        raise CellError(
            f"{quoted(text)} is a rounded number: its digits are lost.", "Export it again as text."
        )
    return text, kinds


class TableReading:
    """One pass over the rows of a table. Problems and repairs go to `ledger`."""

    def __init__(
        self, table: Table, amounts: Sequence[str] = (), limits: ReadLimits = DEFAULT_LIMITS
    ) -> None:
        encoding = table.sheet.encoding or ""
        self.ledger = Ledger(
            table.file,
            table.sheet.name,
            table.layout,
            byte_order_mark=encoding in ("utf-8-sig", "utf-16"),
            limits=limits,
        )
        self.table = table
        self.read = 0
        self._excluded = dict.fromkeys(Exclusion, 0)
        self._read = {field: ZERO for field in amounts if field in table.layout.columns}
        self._excluded_sums = dict(self._read)
        self._unreadable = dict.fromkeys(self._read, 0)

    def rows(self, keys: Sequence[str]) -> Iterator[ReportRow]:
        """Yield the rows below the header. Blank rows, total rows and rows too wide are excluded.

        A total row is one whose `keys` are blank or say so, and of whose cells one says so.
        """
        layout = self.table.layout
        width = len(layout.headings)
        for number, row in enumerate(islice(self.table.sheet.rows(), layout.row, None), start=layout.row + 1):
            self.read += 1
            texts = tuple(clean(cell) for cell in row)
            if not any(texts):
                self._excluded[Exclusion.BLANK] += 1
                continue
            row += [""] * (width - len(row))
            found = ReportRow(number, {field: row[place] for field, place in layout.columns.items()}, texts)
            if self._is_total(found, keys):
                self._excluded[Exclusion.TOTAL] += 1
                continue
            self._add(self._read, found, count=True)
            if any(texts[width:]):
                error = CellError(
                    f"the row has {len(row)} cells, the header {width}: some belong to no column.",
                    "Quote cells that hold the delimiter, or export the report again.",
                )
                self.refuse(found, next(iter(layout.columns)), error)
                continue
            yield found

    def _is_total(self, row: ReportRow, keys: Sequence[str]) -> bool:
        def says_total(text: str) -> bool:
            return text.casefold().rstrip(" :") in _TOTAL_WORDS

        shown = [clean(row.cells[key]) for key in keys if key in row.cells]
        return all(not text or says_total(text) for text in shown) and any(map(says_total, row.texts))

    def _add(self, sums: dict[str, Decimal], row: ReportRow, *, count: bool = False) -> None:
        for field in sums:
            try:
                sums[field] += parse_amount(row.cells[field])[0] or ZERO
            except CellError:
                self._unreadable[field] += count

    def parse(
        self, row: ReportRow, field: str, parser: Callable[[Cell], tuple[_T, Kinds]], blank: _T
    ) -> tuple[_T, CellError | None]:
        """Return the value of a field, `blank` where it has no column, and the error of an unfit cell."""
        if field not in row.cells:
            return blank, None
        cell = row.cells[field]
        try:
            value, kinds = parser(cell)
        except CellError as error:
            return blank, error
        if kinds:
            self.ledger.mark(kinds, field, row.number, cell)
        return value, None

    def refuse(self, row: ReportRow, field: str, error: CellError, number: str | None = None) -> None:
        """Exclude a row with a problem."""
        self.ledger.problem(row.number, field, row.cells.get(field, ""), error, number)
        self.exclude(row, Exclusion.BAD)

    def exclude(self, row: ReportRow, reason: Exclusion) -> None:
        """Exclude a row with its amounts."""
        self._excluded[reason] += 1
        self._add(self._excluded_sums, row)

    def totals(self, used: int, sums: Mapping[str, Decimal]) -> RowTotals:
        """Return the control totals; `sums` are those of the rows that were used, by field."""
        return RowTotals(
            self.read,
            used,
            MappingProxyType({reason: count for reason, count in self._excluded.items() if count}),
            MappingProxyType(
                {
                    field: SumTotals(read, sums[field], self._excluded_sums[field], self._unreadable[field])
                    for field, read in self._read.items()
                }
            ),
        )
