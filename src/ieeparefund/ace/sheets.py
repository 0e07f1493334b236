"""Sheets of rows, from CSV text in several encodings and from workbooks, without a guess about their cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from ieeparefund.ace.headers import HEADER_ROWS, Layout, find_layout
from ieeparefund.errors import FileFormatError, MissingExtraError

__all__ = ["Cell", "CsvSheet", "Row", "Sheet", "WorkbookSheet", "open_sheet"]

Cell: TypeAlias = Any
"""Text; from a workbook also int, float, date, datetime, time or timedelta. A blank cell is `""`."""
Row: TypeAlias = list[Cell]

MAIN_SHEET = "Main Report"
_DELIMITERS = (",", "\t", ";", "|")
_CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
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

    @property
    def name(self) -> None:
        """Text has no sheets."""
        return None

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows, as the csv module does. Raises `FileFormatError` where an open quotation mark hides rows.

        A line without a quotation mark is split at its delimiters: the same row, in half the time.
        """
        delimiter = self.delimiter
        held: list[str] = []
        width = 0
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(_held_first(held, file), delimiter=delimiter)
            for count, line in enumerate(file, start=1):
                if '"' in line:
                    held.append(line)
                    row = self._quoted_row(reader, width, count)
                else:
                    text = line.rstrip("\r\n")
                    row = text.split(delimiter) if text else []
                if width < len(row):
                    width = len(row)
                yield row

    def _quoted_row(self, reader: Any, width: int, count: int) -> list[str]:
        """Return the row that begins with the line held for the reader; `width` is that of the rows before."""
        before = reader.line_num
        try:
            row: list[str] = next(reader)
        except csv.Error as error:
            raise FileFormatError(
                f"is no delimited text: {error}.",
                remedy="Look for a quotation mark that is not closed, or export the report again.",
                file=str(self.path),
                row=count,
            ) from None
        # A row of several lines holds a line break in quotation marks. If it also holds the delimiters of as
        # many rows, or too many cells, it is rows behind an unclosed mark.
        span = reader.line_num - before
        if span > 1 and width > 0:
            delimiters = len(row) - 1 + sum(cell.count(self.delimiter) for cell in row)
            if len(row) > width or delimiters >= span * (width - 1):
                raise FileFormatError(
                    "a quotation mark opens here and is closed rows later, which hides rows.",
                    remedy="Remove the mark, or write it twice inside quoted text.",
                    file=str(self.path),
                    row=count,
                )
        return row


def _held_first(held: list[str], file: Iterator[str]) -> Iterator[str]:
    """Yield the line that is held, if any, else the next of the file, until both are at an end."""
    while True:
        line = held.pop() if held else next(file, None)
        if line is None:
            return
        yield line


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook, read by python-calamine: all numbers arrive as floats, errors as blanks."""

    name: str
    sheet: Any

    @property
    def encoding(self) -> None:
        """Workbooks carry their own."""
        return None

    def rows(self) -> Iterator[Row]:
        """Yield the rows; whole floats become ints, since most are codes or counts, and truth values text."""
        for row in self.sheet.iter_rows():
            yield [_plain_cell(cell) if isinstance(cell, float | bool) else cell for cell in row]


def _plain_cell(cell: object) -> Cell:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return str(cell).upper() if isinstance(cell, bool) else cell


def open_sheet(path: Path, columns: Mapping[str, str] | None) -> tuple[Sheet, Layout | None]:
    """Return the sheet that holds the report, and the layout of its headings, `None` where there are none.

    A workbook is known by its content, not by its name. Its sheet is `Main Report` in any case, else the one
    with most known headings. Raises `FileFormatError` for a file that cannot be read, `MissingExtraError`
    where python-calamine is needed and not installed.
    """
    if "\0" in str(path):
        raise FileFormatError("is no path: it holds a zero byte.", remedy="Check the path.", file=str(path))
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith((_ZIP, _OLE)):
            return _open_workbook(path, columns)
        return _open_text(path, head, columns)
    except OSError as error:
        raise FileFormatError(
            f"cannot be opened: {error.strerror or error}.", remedy="Check the path.", file=str(path)
        ) from None


def _open_text(path: Path, head: bytes, columns: Mapping[str, str] | None) -> tuple[Sheet, Layout | None]:
    encoding = _encoding(path, head)
    best: tuple[Sheet, Layout | None] = (CsvSheet(path, encoding, _DELIMITERS[0]), None)
    most = 0
    for delimiter in _DELIMITERS:
        sheet = CsvSheet(path, encoding, delimiter)
        top: list[Row] = []
        # Under a wrong delimiter quotation marks stand anywhere; under the right one rows raise again.
        with suppress(FileFormatError):
            for row in islice(sheet.rows(), HEADER_ROWS):
                top.append(row)
        layout = find_layout(top, columns)
        if layout is not None and layout.known > most:
            best, most = (sheet, layout), layout.known
    return best


def _encoding(path: Path, head: bytes) -> str:
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
        if _decodes(path, name):
            return name
    tried = marked.removesuffix("-sig") if marked else "utf-8 or cp1252"
    raise FileFormatError(f"is not text in {tried}.", remedy="Save it as CSV UTF-8.", file=str(path))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _open_workbook(path: Path, columns: Mapping[str, str] | None) -> tuple[Sheet, Layout | None]:
    try:
        import python_calamine
    except ImportError:
        raise MissingExtraError("Reading a workbook", "excel") from None
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        names = workbook.sheet_names
        main = [name for name in names if name.strip().casefold() == MAIN_SHEET.casefold()]
        best: tuple[Sheet, Layout | None] | None = None
        most = -1
        for name in main[:1] or names:
            sheet = WorkbookSheet(name, workbook.get_sheet_by_name(name))
            layout = find_layout(list(islice(sheet.rows(), HEADER_ROWS)), columns)
            known = 0 if layout is None else layout.known
            if known > most:
                best, most = (sheet, layout), known
    except python_calamine.CalamineError as error:
        raise FileFormatError(
            f"cannot be read as a workbook: {error}.",
            remedy="Open it and save it again as .xlsx without a password, or export as CSV.",
            file=str(path),
        ) from None
    if best is None:
        raise FileFormatError(
            "is a workbook without sheets.", remedy="Export the report again.", file=str(path)
        )
    return best
