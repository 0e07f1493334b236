"""Sheets of rows, from CSV text in several encodings and from workbooks, without a guess about their cells."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from ieeparefund.ace.headers import HEADER_ROWS, Layout, find_layout
from ieeparefund.ace.quoted_rows import QuotedRows
from ieeparefund.errors import FileFormatError, LimitError
from ieeparefund.inputs.files import open_binary, open_text
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits, too_much
from ieeparefund.inputs.workbooks import OLE_MARK, ZIP_MARK, LoadedSheet, Workbook

__all__ = ["Cell", "CsvSheet", "Row", "Sheet", "WorkbookSheet", "open_sheet", "workbook_sheets"]

Cell: TypeAlias = Any
"""Text; from a workbook also int, float, date, datetime, time or timedelta. A blank cell is `""`."""
Row: TypeAlias = list[Cell]

MAIN_SHEET = "Main Report"
_DELIMITERS = (",", "\t", ";", "|")
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Sheet(Protocol):
    """A table of rows that can be gone through more than once."""

    @property
    def name(self) -> str | None:
        """The name of the sheet in its workbook; `None` for text."""

    @property
    def encoding(self) -> str | None:
        """The encoding of the text; `None` for a workbook."""

    def rows(self) -> Iterator[Row]:
        """Yield every row from the first, blank ones too, so that the n-th is row n of a spreadsheet."""
        ...


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """Delimited text. `encoding` and `delimiter` were found by `open_sheet`."""

    path: Path
    encoding: str
    delimiter: str
    limits: ReadLimits = DEFAULT_LIMITS

    @property
    def name(self) -> None:
        """Text has no sheets."""
        return None

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows, as the csv module does. Raises `FileFormatError` where an open quotation mark hides rows,
        and past a limit.

        A line without a quotation mark is split at its delimiters: the same row, in half the time.
        """
        delimiter, limits = self.delimiter, self.limits
        least = min(limits.field_characters, limits.row_characters)
        width = count = 0
        with open_text(self.path, self.encoding) as file:
            quoted = QuotedRows(file, delimiter, str(self.path), limits)
            for count, line in enumerate(islice(file, limits.rows), start=1):
                if '"' in line:
                    row = quoted.row(line, width, count)
                else:
                    text = line.rstrip("\r\n")
                    row = text.split(delimiter) if text else []
                if width < len(row):
                    width = len(row)
                    if width > limits.columns:
                        raise too_much("columns", limits, width, file=str(self.path), row=count)
                if len(line) > least:
                    self._check_characters(line, row, count)
                yield row
            if count == limits.rows and next(file, None) is not None:
                raise too_much("rows", limits, file=str(self.path))

    def _check_characters(self, line: str, row: list[str], count: int) -> None:
        found = {
            "row_characters": len(line.rstrip("\r\n")),
            "field_characters": max(map(len, row), default=0),
        }
        for name, length in found.items():
            if length > getattr(self.limits, name):
                raise too_much(name, self.limits, length, file=str(self.path), row=count)


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook, read by python-calamine: all numbers arrive as floats, errors as blanks."""

    name: str
    file: str
    sheet: LoadedSheet
    limits: ReadLimits

    @property
    def encoding(self) -> None:
        """Workbooks carry their own."""
        return None

    def rows(self) -> Iterator[Row]:
        """Yield the rows; whole floats become ints, since most are codes or counts, and truth values text."""
        for count, row in enumerate(self.sheet.rows(), start=1):
            if count > self.limits.rows:
                raise too_much("rows", self.limits, file=self.file, sheet=self.name)
            if len(row) > self.limits.columns:
                raise too_much("columns", self.limits, len(row), file=self.file, sheet=self.name, row=count)
            yield [_plain_cell(cell) if isinstance(cell, float | bool) else cell for cell in row]


def _plain_cell(cell: object) -> Cell:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return str(cell).upper() if isinstance(cell, bool) else cell


def open_sheet(
    path: Path, columns: Mapping[str, str] | None, limits: ReadLimits = DEFAULT_LIMITS
) -> tuple[Sheet, Layout | None]:
    """Return the sheet that holds the report, and the layout of its headings, `None` where there are none.

    A workbook is known by its content, not by its name. Its sheet is `Main Report` in any case, else the one
    with most known headings. Raises `FileFormatError` for a file that cannot be read or is past a limit,
    `MissingExtraError` where python-calamine is needed and not installed.
    """
    with open_binary(path, limits) as file:
        head = file.read(4096)
    if head.startswith((ZIP_MARK, OLE_MARK)):
        return _open_workbook(path, columns, limits)
    return _open_text(path, head, columns, limits)


def _open_text(
    path: Path, head: bytes, columns: Mapping[str, str] | None, limits: ReadLimits
) -> tuple[Sheet, Layout | None]:
    encoding = _encoding(path, head, limits)
    best: tuple[Sheet, Layout | None] = (CsvSheet(path, encoding, _DELIMITERS[0], limits), None)
    most = 0
    past: LimitError | None = None
    for delimiter in _DELIMITERS:
        sheet = CsvSheet(path, encoding, delimiter, limits)
        top: list[Row] = []
        try:
            for row in islice(sheet.rows(), HEADER_ROWS):
                top.append(row)
        except LimitError as error:
            past = past or error
        except FileFormatError:
            # Under a wrong delimiter quotation marks stand anywhere; under the right one rows raise again.
            pass
        layout = find_layout(top, columns)
        if layout is not None and layout.known > most:
            best, most = (sheet, layout), layout.known
    if past is not None and not most:
        raise past
    return best


def _encoding(path: Path, head: bytes, limits: ReadLimits) -> str:
    if not head:
        raise FileFormatError("is empty.", remedy="Export the report again.", file=str(path))
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    if marked is None and b"\0" in head:
        raise FileFormatError(
            "holds zero bytes: it is neither CSV text nor a workbook.",
            remedy="Save it as CSV UTF-8 or as .xlsx.",
            file=str(path),
        )
    for name in (marked,) if marked else ("utf-8", "cp1252"):
        if _decodes(path, name, limits):
            return name
    tried = marked.removesuffix("-sig") if marked else "utf-8 or cp1252"
    raise FileFormatError(f"is not text in {tried}.", remedy="Save it as CSV UTF-8.", file=str(path))


def _decodes(path: Path, encoding: str, limits: ReadLimits) -> bool:
    """Return whether the whole file is text in the encoding. Raises `FileFormatError` for a line past the limit.

    So nobody who goes through the lines later can be handed one that fills the memory.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = returns = feeds = 0
    with open_binary(path, limits) as file:
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                ends = [place for mark in "\r\n" if (place := text.find(mark)) >= 0]
                if line + (min(ends) if ends else len(text)) > limits.row_characters:
                    row = max(returns, feeds) + 1
                    raise too_much("row_characters", limits, file=str(path), row=row)
                line = len(text) - 1 - max(map(text.rfind, "\r\n")) if ends else line + len(text)
                returns, feeds = returns + text.count("\r"), feeds + text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _open_workbook(
    path: Path, columns: Mapping[str, str] | None, limits: ReadLimits
) -> tuple[Sheet, Layout | None]:
    workbook = Workbook(path, limits)
    names = workbook.sheet_names
    main = [name for name in names if name.strip().casefold() == MAIN_SHEET.casefold()]
    best: tuple[Sheet, Layout | None] | None = None
    most = -1
    for sheet in _sheets(workbook, main[:1] or names, path, limits):
        layout = find_layout(list(islice(sheet.rows(), HEADER_ROWS)), columns)
        known = 0 if layout is None else layout.known
        if known > most:
            best, most = (sheet, layout), known
    if best is None:
        raise FileFormatError(
            "is a workbook without sheets.", remedy="Export the report again.", file=str(path)
        )
    return best


def _sheets(
    workbook: Workbook, names: Iterable[str], path: Path, limits: ReadLimits
) -> Iterator[WorkbookSheet]:
    for name in names:
        yield WorkbookSheet(name, str(path), workbook.sheet(name), limits)


def workbook_sheets(path: Path, name: str | None, limits: ReadLimits) -> list[WorkbookSheet]:
    """Return all sheets of a workbook, or the one of that name. Raises `FileFormatError` where there is none."""
    workbook = Workbook(path, limits)
    found = list(
        _sheets(workbook, [one for one in workbook.sheet_names if name in (None, one)], path, limits)
    )
    if not found:
        raise FileFormatError(
            f"has no sheet {name!r}. Found: {', '.join(workbook.sheet_names)}.",
            remedy="Correct sheet in the column map.",
            file=str(path),
        )
    return found
