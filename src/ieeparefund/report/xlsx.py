"""A document as an Excel workbook: a sheet a table, identifiers as text, real dates, no formula from any text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any, TypeAlias

from ieeparefund.errors import MissingExtraError
from ieeparefund.money import exactly
from ieeparefund.report.cells import starts_formula
from ieeparefund.report.model import Column, Document, Facts, Figure, Kind, Section, Steps, Table, Text, Value

__all__ = ["RECORD_SHEET", "workbook_bytes"]

Workbook: TypeAlias = Any
Worksheet: TypeAlias = Any
Format: TypeAlias = Any

RECORD_SHEET = "Record"
# An Excel cell holds 32,767 characters.
_LONGEST = 32_000
_WIDEST = 70
# One fixed day keeps the bytes of equal documents equal; nothing here reads the clock.
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001
_NUMBER_FORMATS = {
    Kind.TEXT: "General",
    Kind.NUMBER: "@",
    Kind.CODE: "@",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MONEY: "#,##0.00",
    Kind.COUNT: "#,##0",
    Kind.PERCENT: '0.0# "%"',
}


@exactly
def workbook_bytes(document: Document, envelope: Sequence[str] | None = None) -> bytes:
    """Return the document as an .xlsx file; `envelope` is the sealed record, for a sheet of its own.

    Sections without a table of their own stand in the sheet Summary. Raises `MissingExtraError` without
    XlsxWriter.
    """
    try:
        # By name: the package ships no types.
        xlsxwriter = import_module("xlsxwriter")
    except ModuleNotFoundError:
        raise MissingExtraError("Writing a workbook", "excel") from None
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"title": document.title, "comments": document.caveat, "created": _CREATED})
    writer = _Writer(book)
    writer.summary(document)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.sheet:
                writer.table_sheet(block)
    if envelope is not None:
        writer.record_sheet(envelope)
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def _format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **properties})
        return self._formats[key]

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def summary(self, document: Document) -> None:
        sheet = self._sheet("Summary")
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 8, 18)
        sheet.freeze_panes(1, 0)
        self._put(sheet, 0, 0, document.title, bold=True, font_size=14)
        row = 1
        for text in (document.subtitle, document.caveat):
            self._put(sheet, row, 0, text)
            row += 1
        for section in document.sections:
            row = self._summary_section(sheet, section, row + 1)

    def _summary_section(self, sheet: Worksheet, section: Section, row: int) -> int:
        blocks = [
            block
            for block in section.blocks
            if not (isinstance(block, Figure) or (isinstance(block, Table) and block.sheet))
        ]
        if not blocks:
            return row - 1
        self._put(sheet, row, 0, section.title, bold=True, font_size=12)
        row += 1
        for block in blocks:
            row = self._summary_block(sheet, block, row)
        return row

    def _summary_block(self, sheet: Worksheet, block: Text | Steps | Facts | Table, row: int) -> int:
        if isinstance(block, Text | Steps):
            sentences = block.paragraphs if isinstance(block, Text) else block.items
            for sentence in sentences:
                self._put(sheet, row, 0, sentence)
                row += 1
        elif isinstance(block, Facts):
            for label, value, kind in block.items:
                self._put(sheet, row, 0, label)
                self._put(sheet, row, 1, value, kind, align="right")
                row += 1
        else:
            row = self._rows(sheet, block, row)
        return row

    def table_sheet(self, table: Table) -> None:
        sheet = self._sheet(table.sheet)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        for place, column in enumerate(table.columns):
            lengths = [len(_text(row[place])) for row in table.rows]
            sheet.set_column(place, place, min(max([len(column.heading), 9, *lengths]) + 2, _WIDEST))
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        else:
            self._put(sheet, 1, 0, table.empty)
        self._rows(sheet, table, 0)

    def _rows(self, sheet: Worksheet, table: Table, row: int) -> int:
        for place, column in enumerate(table.columns):
            align = "right" if column.kind.is_number else "left"
            self._put(sheet, row, place, column.heading, bold=True, bottom=1, bg_color="#E8ECF1", align=align)
        for number, cells in enumerate(table.rows, 1):
            look = {"bg_color": "#FFF3D6"} if number - 1 in table.marked else {}
            self._cells(sheet, row + number, cells, table.columns, look)
        row += len(table.rows) + 1
        if table.total is not None and table.rows:
            self._cells(sheet, row, table.total, table.columns, {"bold": True, "top": 1})
            row += 1
        return row

    def _cells(
        self,
        sheet: Worksheet,
        row: int,
        cells: tuple[Value, ...],
        columns: tuple[Column, ...],
        look: dict[str, Any],
    ) -> None:
        for place, (value, column) in enumerate(zip(cells, columns, strict=True)):
            wrap = {"text_wrap": True} if column.kind is Kind.TEXT else {}
            self._put(sheet, row, place, value, column.kind, **look, **wrap)

    def record_sheet(self, envelope: Sequence[str]) -> None:
        sheet = self._sheet(RECORD_SHEET)
        sheet.set_column(0, 0, 100)
        for row, line in enumerate(envelope):
            # Blanks at the start of a line of JSON mean nothing, and a cell could lose them.
            text = line.lstrip()
            for place, start in enumerate(range(0, len(text), _LONGEST)):
                sheet.write_string(row, place, text[start : start + _LONGEST])

    def _put(
        self, sheet: Worksheet, row: int, place: int, value: Value, kind: Kind = Kind.TEXT, **look: Any
    ) -> None:
        """Write one cell by its type. Text is always text, with a quote mark where Excel might compute it."""
        number_format = _NUMBER_FORMATS[kind]
        if value is None:
            if look:
                sheet.write_blank(row, place, None, self._format(**look))
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, place, value, self._format(num_format="yyyy-mm-dd", **look))
        elif isinstance(value, int | Decimal):
            # Excel computes with binary floats of 15 digits, which hold every amount below 10^13 to the cent.
            sheet.write_number(row, place, float(value), self._format(num_format=number_format, **look))
        else:
            quote = {"quote_prefix": True} if starts_formula(value) else {}
            text = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
            sheet.write_string(row, place, text, self._format(num_format="@", **look, **quote))


def _text(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value or "")
