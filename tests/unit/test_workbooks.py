"""Workbooks: their sheets, their numbers, dates and truth values."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from tests.es003_files import HEADINGS, write_workbook

from ieeparefund.ace.es003 import read_entries
from ieeparefund.ace.sheets import WorkbookSheet, open_sheet
from ieeparefund.errors import FileFormatError, MissingExtraError
from ieeparefund.problems import RepairKind

calamine = pytest.importorskip("python_calamine", reason="the excel extra is not installed")

NUMERIC: list[object] = [
    100023456,
    1,
    75419312501,
    dt.date(2025, 4, 8),
    dt.datetime.fromisoformat("2025-04-21"),
    1,
    "CN",
    "",
    1,
    99030124,
    0,
    10783.87,
    45800,
    "",
    True,
    "N",
    "",
    "",
]


def workbook(path: Path, *rows: list[object], name: str = "Main Report") -> Path:
    return write_workbook(path / "book.xlsx", {name: [list(HEADINGS), *rows]})


def test_numbers_dates_and_truth_values_of_a_workbook(tmp_path: Path) -> None:
    found = read_entries(workbook(tmp_path, NUMERIC))
    assert not found.problems
    (entry,) = found.entries
    assert (entry.number.compact, entry.entry_type, entry.importer) == ("00100023456", "01", "75419312501")
    assert (entry.entry_date, entry.entry_summary_date) == (dt.date(2025, 4, 8), dt.date(2025, 4, 21))
    # Serial 45800 is 2025-05-23.
    assert entry.liquidation_date == dt.date(2025, 5, 23)
    assert entry.reconciliation_flagged is True
    assert entry.lines[0].tariffs[0].number == "9903.01.24"
    assert str(found.totals.duty_used) == "10783.87"
    assert found.sheet == "Main Report"
    kinds = {(repair.kind, repair.column) for repair in found.repairs}
    assert kinds == {
        (RepairKind.ZEROS, "Entry Summary Number"),
        (RepairKind.NUMBER_CELL, "Entry Summary Number"),
        (RepairKind.ZEROS, "Entry Type Code"),
        (RepairKind.NUMBER_CELL, "Importer Number"),
        (RepairKind.SERIAL_DATE, "Liquidation Date"),
    }


@pytest.mark.parametrize(
    ("place", "cell", "column"),
    [
        (0, 100023457, "Entry Summary Number"),
        (0, 2.61103e8 + 0.5, "Entry Summary Number"),
        (3, 5, "Entry Date"),
        (3, True, "Entry Date"),
        (11, 12.345, "Line Tariff Duty Amount"),
        (11, True, "Line Tariff Duty Amount"),
        (8, True, "Tariff Ordinal Number"),
        (9, dt.date(2025, 1, 1), "HTS Number - Full"),
    ],
)
def test_cells_of_a_workbook_that_cannot_be_read(
    tmp_path: Path, place: int, cell: object, column: str
) -> None:
    cells = [*NUMERIC]
    cells[place] = cell
    found = read_entries(workbook(tmp_path, cells))
    assert [(problem.row, problem.column, problem.sheet) for problem in found.problems] == [
        (2, column, "Main Report")
    ]
    assert found.entries == ()


def test_the_main_report_is_read_in_any_case(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "book.xlsx",
        {
            "Pivot": [[*HEADINGS, "Port of Entry Code"]],
            "MAIN report ": [list(HEADINGS), NUMERIC],
            "Parameters": [["", "Entry Summary Line Tariff Details"]],
        },
    )
    found = read_entries(path)
    assert (found.sheet, len(found.entries)) == ("MAIN report ", 1)


def test_else_the_sheet_with_most_known_headings(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "book.xlsx",
        {
            "Cover": [["Book of 2025"]],
            "Summary": [["Entry Summary Number", "Entry Date"]],
            "Export": [["made by us"], [], list(HEADINGS), [], NUMERIC],
            "Later": [list(HEADINGS)],
        },
    )
    found = read_entries(path)
    assert (found.sheet, len(found.entries)) == ("Export", 1)
    assert found.totals.rows_read == 2
    assert found.repairs[0].first_row == 5


def test_a_workbook_without_a_report(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "book.xlsx", {"Cover": [["Book of 2025"]], "Empty": []})
    with pytest.raises(FileFormatError, match="sheet Cover: none of the first 25 rows"):
        read_entries(path)


def test_a_workbook_without_sheets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Nothing:
        sheet_names: tuple[str, ...] = ()

        @classmethod
        def from_path(cls, _path: Path) -> Nothing:
            return cls()

    path = write_workbook(tmp_path / "book.xlsx", {"Cover": []})
    monkeypatch.setattr(calamine, "CalamineWorkbook", Nothing)
    with pytest.raises(FileFormatError, match="workbook without sheets"):
        open_sheet(path, None)


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path, NUMERIC)
    assert len(read_entries(path.rename(tmp_path / "export.csv")).entries) == 1


def test_without_the_extra_a_workbook_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = workbook(tmp_path, NUMERIC)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[excel\]"):
        read_entries(path)


def test_workbook_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "b.xlsx", {"a": [[], [], ["x", 1.0, 1.5, False]]})
    sheet, layout = open_sheet(path, None)
    assert isinstance(sheet, WorkbookSheet)
    assert list(sheet.rows()) == [["", "", "", ""], ["", "", "", ""], ["x", 1, 1.5, "FALSE"]]
    assert (sheet.name, sheet.encoding, layout) == ("a", None, None)


@pytest.mark.parametrize("data", [b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0 no workbook"])
def test_damaged_workbooks(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(FileFormatError, match="cannot be read as a workbook") as caught:
        read_entries(path)
    assert "without a password" in caught.value.remedy
