from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from ieeparefund.ace.column_map import parse_column_map
from ieeparefund.ace.column_suggestions import suggest_columns
from ieeparefund.ace.refund_reports import read_refund_report
from ieeparefund.errors import FileFormatError, InputError


@pytest.fixture
def es022(tmp_path: Path) -> Path:
    path = tmp_path / "es022.csv"
    path.write_text(
        "ES-022 of 2026-06-01\n\n"
        "Entry Summary Number;Entry Number;Refund No.;PRINCIPAL_AMOUNT;Interest;Filer\n"
        "ZT400001231;ZT400001231;R1;4000.00;210.11;ZT4\n",
        encoding="utf-8",
    )
    return path


def test_guesses_by_whole_headings(es022: Path) -> None:
    found = suggest_columns(es022, "es-022")
    assert (found.report, found.file, found.sheet) == ("ES-022", str(es022), None)
    assert dict(found.columns) == {
        "entry_number": "Entry Summary Number",
        "refund_number": "Refund No.",
        "principal": "PRINCIPAL_AMOUNT",
        "interest": "Interest",
    }
    assert dict(found.rivals) == {"entry_number": ("Entry Number",)}
    assert found.unused == ("Filer",)
    assert len(found.headings) == 6


def test_a_suggestion_is_used_only_once_confirmed(es022: Path) -> None:
    found = suggest_columns(es022, "ES-022")
    with pytest.raises(InputError, match=r"ColumnSuggestion, not a column map.*confirm"):
        read_refund_report(es022, cast(Any, found))
    confirmed = found.confirm({"entry_number": "Entry Number", "interest": None})
    assert dict(confirmed.columns) == {
        "entry_number": "Entry Number",
        "refund_number": "Refund No.",
        "principal": "PRINCIPAL_AMOUNT",
    }
    (row,) = read_refund_report(es022, confirmed).rows
    assert (row.refund_number, str(row.principal), row.interest) == ("R1", "4000.00", None)


def test_the_suggestion_as_toml_says_so_and_can_be_loaded(es022: Path) -> None:
    found = suggest_columns(es022, "ES-022")
    text = found.to_toml()
    assert text.startswith("# SUGGESTED")
    assert "# entry_number: also 'Entry Number'?\n" in text
    assert "# Without a guess: 'Filer'.\n" in text
    assert parse_column_map(text) == found.confirm()


def test_nothing_is_guessed_from_parts_of_a_heading(tmp_path: Path) -> None:
    path = tmp_path / "rev615.csv"
    path.write_text("Report\nNumber of refund,Amount of principal\n1,2\n", encoding="utf-8")
    found = suggest_columns(path, "REV-615")
    assert dict(found.columns) == {}
    assert found.headings == found.unused == ("Number of refund", "Amount of principal")
    with pytest.raises(InputError, match="names no refund_number or entry_number"):
        found.confirm()
    full = found.confirm({"refund_number": "Number of refund", "principal": "Amount of principal"})
    assert read_refund_report(path, full).rows[0].refund_number == "1"
    assert "Without a guess" in found.to_toml()


def test_nothing_to_say_about_what_is_guessed_whole(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Date,Amount\n2026-06-01,1.00\n", encoding="utf-8")
    assert "Without a guess" not in suggest_columns(path, "bank").to_toml()


@pytest.mark.parametrize("text", ["one\ntwo\n", 'one\n"two\nthree"\n', "Jane Doe,75-419312501,x\n"])
def test_a_file_without_headings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError, match="no row with two headings"):
        suggest_columns(path, "bank")


def test_a_workbook_with_several_sheets(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the workbook is made by XlsxWriter")
    path = tmp_path / "rev603.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Parameters").write_row(0, 0, ["Prompt", "Value"])
        sheet = workbook.add_worksheet("Refunds")
        sheet.write_row(0, 0, ["Refund Number", "Refund Status", "Refund Secondary Status"])
        sheet.write_row(1, 0, ["R1", "Transmitted", "Treasury Issued"])
    found = suggest_columns(path, "REV-603")
    assert found.sheet == "Refunds"
    confirmed = found.confirm()
    assert confirmed.sheet == "Refunds"
    assert read_refund_report(path, confirmed).rows[0].secondary_status == "Treasury Issued"
