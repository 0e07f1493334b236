"""Encodings, delimiters, line ends and quotation marks of text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.es003_files import HEADINGS, csv_text, row

from ieeparefund.ace.es003 import read_entries
from ieeparefund.ace.sheets import CsvSheet
from ieeparefund.errors import FileFormatError
from ieeparefund.problems import EntryFile, RepairKind

NAMED = [row(1, Importer_Number="Société 12"), row(2, "8471300100", "0.00", Importer_Number="Société 12")]


def read(folder: Path, data: bytes, **options: Any) -> EntryFile:
    path = folder / "es003.csv"
    path.write_bytes(data)
    return read_entries(path, **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    data = csv_text(NAMED).encode(encoding)
    if encoding in ("utf-16-le", "utf-16-be"):
        data = "\ufeff".encode(encoding) + data
    found = read(tmp_path, data)
    assert [entry.importer for entry in found.entries] == ["Société 12"]
    assert found.totals.rows_used == 2
    marks = [repair for repair in found.repairs if repair.kind is RepairKind.BYTE_ORDER_MARK]
    assert len(marks) == (encoding == "utf-8-sig")
    assert any("cp1252" in str(note) for note in found.notes) == (encoding == "cp1252")


def test_a_long_file_with_one_late_odd_byte_is_cp1252(tmp_path: Path) -> None:
    data = csv_text([row(1, Entry_Summary_Number="ZT400001231")]).encode()
    data += csv_text(NAMED[:1]).encode("cp1252").split(b"\n", 1)[1] * 12000
    found = read(tmp_path, data)
    assert found.totals.rows_read == 12001
    assert any("cp1252" in str(note) for note in found.notes)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbfEntry Date,\xff", "is not text in utf-8"),
        (b"\xff\xfeE\x00n\x00", "none of the first 25 rows"),
        (b"\xff\xfeE\x00n", "is not text in utf-16"),
        (b"Entry Date,\x81", "is not text in utf-8 or cp1252"),
        (b"E\x00n\x00t\x00r\x00y\x00", "holds zero bytes"),
        (b"Entry Date", "none of the first 25 rows"),
        (b'"' + b"x" * 200_000, "none of the first 25 rows"),
    ],
)
def test_unusable_files(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, data)
    assert problem in str(caught.value)
    assert caught.value.remedy
    assert caught.value.file == str(tmp_path / "es003.csv")


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path, "zero\0byte.csv"):
        with pytest.raises(FileFormatError, match=r"cannot be opened|is no path|it is a folder"):
            read_entries(path)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = [row(1, duty="$2,567.49", Importer_Number="A;B|C,D\tE")]
    text = csv_text(rows, delimiter=delimiter).replace("\n", line_end)
    found = read(tmp_path, text.encode())
    assert str(found.totals.duty_used) == "2567.49"
    assert found.entries[0].importer == "A;B|C,D\tE"


def test_quoted_headings_may_hold_the_delimiter(tmp_path: Path) -> None:
    headings = ["Value, Dollars", *HEADINGS]
    found = read(tmp_path, csv_text([row()], headings).encode())
    assert found.ignored_columns == ("Value, Dollars",)
    assert found.totals.rows_used == 1


def test_a_line_break_in_quotation_marks_is_one_row(tmp_path: Path) -> None:
    rows = [{**row(1), "Notes": "asked,\nanswered"}, {**row(2, "8471300100", "x"), "Notes": "a\n\nb"}]
    found = read(tmp_path, csv_text(rows, [*HEADINGS, "Notes"]).encode())
    # The bad cell stands in row 3, as a spreadsheet shows, though in line 5 of the text.
    assert [problem.row for problem in found.problems] == [3]
    assert found.totals.rows_read == 2


@pytest.mark.parametrize("place", [2, 5])
@pytest.mark.parametrize("end", [2, 5])
def test_an_open_quotation_mark_never_hides_rows(tmp_path: Path, place: int, end: int) -> None:
    rows = [row(ordinal) for ordinal in (1, 2, 3, 4)]
    lines = csv_text(rows).splitlines()
    for at, cell in ((2, place), (3, end)):
        cells = lines[at].split(",")
        cells[cell] = f'"{cells[cell]}' if at == 2 else f'{cells[cell]}"'
        lines[at] = ",".join(cells)
    with pytest.raises(FileFormatError, match="row 3: a quotation mark opens here and is closed rows later"):
        read(tmp_path, "\n".join(lines).encode())


def test_a_mark_that_is_never_closed(tmp_path: Path) -> None:
    text = csv_text([row(ordinal) for ordinal in range(1, 6)]).replace("12-345678900", '"12-345678900', 2)
    with pytest.raises(FileFormatError, match="a quotation mark opens here"):
        read(tmp_path, text.encode())
    last = csv_text([row(1), row(2, "8471300100", Protest_Status="Open")]).replace(",Open", ',"')
    assert read(tmp_path, last.encode()).totals.rows_used == 2
    many = csv_text([row()]) + csv_text([row(2, Importer_Number="x," * 70_000)]).split("\n", 1)[1]
    with pytest.raises(FileFormatError, match="row 3: is no delimited text: field larger than field limit"):
        read(tmp_path, many.encode())


def test_rows_of_text_come_from_the_first_with_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\na,b\n\n", encoding="utf-8")
    sheet = CsvSheet(path, "utf-8", ",")
    assert list(sheet.rows()) == [[], ["a", "b"], []]
    assert list(sheet.rows()) == list(sheet.rows())
    assert sheet.name is None
