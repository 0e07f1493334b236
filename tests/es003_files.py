"""Small ES-003 files for tests: rows as dicts by heading, written as CSV or workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ieeparefund.ace.es003 import read_entries
from ieeparefund.problems import EntryFile
from ieeparefund.testing.es003_book import HEADINGS as ALL_HEADINGS

__all__ = ["HEADINGS", "csv_text", "read_rows", "row", "write_workbook"]

# Without the column that no field is read from.
HEADINGS = ALL_HEADINGS[:-1]
_USUAL: Mapping[str, Any] = {
    "Entry Summary Number": "ZT400001231",
    "Entry Type Code": "01",
    "Importer Number": "12-345678900",
    "Entry Date": "04/08/2025",
    "Entry Summary Date": "04/21/2025",
    "Entry Summary Line Number": "1",
    "Country of Origin Code": "CN",
    "Tariff Ordinal Number": "1",
    "HTS Number - Full": "99030124",
    "Line Tariff Goods Value Amount": "0",
    "Line Tariff Duty Amount": "100.00",
    "Liquidation Status": "Unliquidated",
    "Reconciliation Indicator": "N",
    "Post Summary Correction Indicator": "N",
}


def row(
    ordinal: object = 1, hts: object = "99030124", duty: object = "100.00", **changes: object
) -> dict[str, Any]:
    """One row of a good entry. Keyword changes name headings with `_` for a blank, such as `Entry_Date`."""
    given = {
        "Tariff Ordinal Number": ordinal,
        "HTS Number - Full": hts,
        "Line Tariff Duty Amount": duty,
        **{name.replace("_", " "): value for name, value in changes.items()},
    }
    return {**_USUAL, **given}


def csv_text(
    rows: Iterable[Mapping[str, object]], headings: Sequence[str] = HEADINGS, delimiter: str = ","
) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(
        out, headings, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_rows(
    folder: Path, *rows: Mapping[str, object], headings: Sequence[str] = HEADINGS, **options: Any
) -> EntryFile:
    """Write the rows as CSV and read them."""
    path = folder / "es003.csv"
    path.write_text(csv_text(rows, headings), encoding="utf-8")
    return read_entries(path, **options)


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write sheets of rows of cells."""
    import xlsxwriter

    options = {"default_date_format": "mm/dd/yyyy", "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                sheet.write_row(at, 0, cells)
    return path
