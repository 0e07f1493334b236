from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from ieeparefund.ace import cape_declaration
from ieeparefund.ace.cape_declaration import DeclarationFile, declaration_bytes, read_declaration
from ieeparefund.ace.file_repairs import FileRepairKind
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.errors import CoverageError, EntryNumberError, FileFormatError, InputError
from ieeparefund.law.declaration_file import declaration_limits
from ieeparefund.problems import RepairKind

ONE, TWO = "ZT400001231", "ZT400004565"


def many(count: int) -> list[str]:
    tens = (f"ZT4{place:07d}" for place in range(count))
    return [f"{ten}{entry_check_digit(ten)}" for ten in tens]


def test_numbers_in_any_spelling_and_their_order() -> None:
    data = declaration_bytes(["zt4-0000456-5", EntryNumber.parse(ONE)])
    assert data == b"Entry Number\r\nZT400004565\r\nZT400001231\r\n"


def test_line_end_is_a_choice() -> None:
    assert declaration_bytes([ONE], line_end="lf") == b"Entry Number\nZT400001231\n"
    with pytest.raises(InputError, match="crlf"):
        declaration_bytes([ONE], line_end="cr")  # type: ignore[arg-type]  # what an untyped caller may pass


def test_the_limit_of_entries() -> None:
    # CSMS 68315804: at most 9,999; a full file has about 130 KB.
    data = declaration_bytes(many(9999))
    assert data.count(b"\r\n") == 10_000
    assert len(data) == 14 + 9999 * 13
    with pytest.raises(InputError, match=r"10,000 entries.*9,999.*68315804"):
        declaration_bytes(many(10_000))


def test_the_limit_of_size(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(declaration_limits(), size=27)
    monkeypatch.setattr(cape_declaration, "declaration_limits", lambda _: small)
    with pytest.raises(InputError, match="27 bytes; a file must stay under 27"):
        declaration_bytes([ONE])
    found = read_declaration(b"Entry Number\r\nZT400001231\r\n")
    assert [entry.compact for entry in found.numbers] == [ONE]
    assert "must stay under 27" in found.problems[0].problem


@pytest.mark.parametrize("text", ["", "  ", "2.61103E+08", "ZT4-0000123", "Total"])
def test_what_is_no_entry_number_is_refused(text: str) -> None:
    with pytest.raises(EntryNumberError):
        declaration_bytes([ONE, text])


def test_empty_and_repeated_lists_are_refused() -> None:
    with pytest.raises(InputError, match="no entry"):
        declaration_bytes([])
    with pytest.raises(InputError, match=r"ZT400001231\. CBP refuses the whole file"):
        declaration_bytes([ONE, TWO, "ZT4-0000123-1"])
    with pytest.raises(InputError, match="and 2 more"):
        declaration_bytes(many(7) * 2)


def test_before_cape_there_is_no_file() -> None:
    assert declaration_bytes([ONE], on=dt.date(2026, 4, 20))
    with pytest.raises(CoverageError):
        declaration_bytes([ONE], on=dt.date(2026, 4, 19))
    with pytest.raises(CoverageError):
        read_declaration(b"Entry Number\n", on=dt.date(2026, 4, 19))


def kinds(found: DeclarationFile) -> list[tuple[str, int | None]]:
    return [(repair.kind.name, repair.row) for repair in found.repairs]


def test_a_file_as_written_needs_no_repair(tmp_path: Path) -> None:
    path = tmp_path / "cape_declaration_0001.csv"
    path.write_bytes(declaration_bytes([ONE, TWO]))
    for source in (path, str(path)):
        found = read_declaration(source)
        assert [entry.compact for entry in found.numbers] == [ONE, TWO]
        assert found.file == str(path)
        assert (found.problems, found.repairs, found.check_digits) == ((), (), ())
        assert (found.rows_read, found.rows_excluded) == (2, 0)


@pytest.mark.parametrize(
    ("data", "repairs"),
    [
        (b"Entry Number\rZT400001231\rZT400004565\r", [("LINE_END", None)]),
        (b"\n\nEntry Number\nZT400001231\nZT400004565", [("BLANK_ROW", 1), ("BLANK_ROW", 2)]),
        (b"entry_number\nZT400001231\nZT400004565\n", [("HEADER_SPELLING", 1)]),
        (b"ZT400001231\nZT400004565\n", [("HEADER_MISSING", 1)]),
        (b"Entry Number,\nZT400001231,,\nZT400004565\n", [("EMPTY_COLUMN", 1), ("EMPTY_COLUMN", 2)]),
        (b"Entry Number\nZT4-0000123-1\nzt400004565\n", [("DASHES", 2), ("UPPER_CASE", 3)]),
        (b'Entry Number\n"=""ZT400001231"""\n\'ZT400004565\n', [("UNWRAPPED", 2), ("UNWRAPPED", 3)]),
        (b"Entry Number\nZT400001231\nZT400001231\nZT400004565\n", [("REPEAT", 3)]),
        (
            b"Entry Number\nZT400001231\n\n , \nZT400004565\n",
            [("BLANK_ROW", 3), ("EMPTY_COLUMN", 4), ("BLANK_ROW", 4)],
        ),
    ],
)
def test_what_others_wrote_is_repaired_and_listed(data: bytes, repairs: list[tuple[str, int | None]]) -> None:
    found = read_declaration(data)
    assert [entry.compact for entry in found.numbers] == [ONE, TWO]
    assert found.problems == ()
    assert kinds(found) == repairs
    assert found.rows_read == len(found.numbers) + found.rows_excluded


def test_repairs_are_told_in_words() -> None:
    found = read_declaration(b"Entry Number\nZT4-0000123-1\r")
    assert [str(repair) for repair in found.repairs] == [
        "file: carriage returns alone taken as line ends (1 lines)",
        "row 2: dashes removed (ZT4-0000123-1)",
    ]


def test_bad_rows_never_hide_the_others() -> None:
    found = read_declaration(
        b"Entry Number\nZT400001231,12-345678900\n2.61103E+08\nZT400004565\n" + b'"' + b"x" * 140_000 + b"\n"
    )
    assert [entry.compact for entry in found.numbers] == [TWO]
    assert [problem.row for problem in found.problems] == [2, 3, 5]
    first, second, third = found.problems
    assert "2 columns" in first.problem
    assert "scientific" in second.problem
    assert "no delimited text" in third.problem
    assert len(third.value) == 60
    assert (found.rows_read, found.rows_excluded) == (4, 3)


def test_a_check_digit_that_does_not_hold_is_told_not_refused() -> None:
    found = read_declaration(b"Entry Number\nZT400001232\n")
    assert found.numbers == found.check_digits == (EntryNumber("ZT400001232"),)
    assert found.repairs == ()


def test_a_file_over_the_limit_is_read_and_reported() -> None:
    data = "\n".join(["Entry Number", *many(10_000)]).encode()
    found = read_declaration(data)
    assert len(found.numbers) == 10_000
    (problem,) = found.problems
    assert (problem.row, problem.value) == (1, "10000")
    assert "9,999" in problem.problem


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"Entry Number\n\xff\xfe", "byte 14"),
        (b"Importer,Entry Number\n", "neither the header"),
        (b"Importer\n", "neither the header"),
        (b",\n", "neither the header"),
    ],
)
def test_files_that_are_no_declaration(data: bytes, words: str) -> None:
    with pytest.raises(FileFormatError, match=words):
        read_declaration(data)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", "none\0.csv"):
        with pytest.raises(FileFormatError, match=r"cannot be opened|is no path"):
            read_declaration(path)


def test_the_kinds_used_here_are_told_apart() -> None:
    assert FileRepairKind.BLANK_ROW.value != RepairKind.BLANKS.value
