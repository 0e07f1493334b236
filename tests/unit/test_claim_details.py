from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ieeparefund.ace.ace_texts import Action
from ieeparefund.ace.claim_details import ClaimResults, ClaimState, read_claim_details
from ieeparefund.errors import FileFormatError
from ieeparefund.problems import Exclusion, NoteKind, RepairKind

HEADER = "ENTRY_NUMBER,CLAIM_NUMBER,STATUS,ERROR_DESCRIPTION\n"


def read(tmp_path: Path, text: str | bytes) -> ClaimResults:
    path = tmp_path / "claim_details.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_claim_details(path)


def test_rows_with_their_states_and_texts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER + '"=""ZT400001231""","=""90000000001""",Entry Summary Updated,\n'
        '"=""ZT400004565""","=""90000000001""",failed,NO IEEPA HTS; ENTRY ON DRAWBACK|\n'
        "ZT4-0000789-9,,In progress,\n",
    )
    first, second, third = found.results
    assert (first.entry_number.compact, first.claim_number, first.row) == ("ZT400001231", "90000000001", 2)
    assert (first.state, first.status, first.error_texts) == (ClaimState.UPDATED, "Entry Summary Updated", ())
    assert second.state is ClaimState.FAILED
    assert second.error_texts == ("NO IEEPA HTS", "ENTRY ON DRAWBACK")
    assert (third.state, third.status, third.claim_number) == (None, "In progress", None)
    assert found.accepted == (first.entry_number,)
    assert found.failed == (second.entry_number,)
    assert found.problems == ()
    assert {repair.kind for repair in found.repairs} == {RepairKind.UNWRAPPED, RepairKind.DASHES}
    assert (found.totals.rows_read, found.totals.rows_used, found.totals.rows_excluded) == (3, 3, 0)


def test_advice_for_each_text(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "ZT400001231,1,Failed,PROTEST ON ENTRY;SOMETHING NEW\n")
    told = found.results[0].advice(dt.date(2026, 5, 2), dt.date(2026, 5, 3))
    assert [one.action for one in told] == [Action.WITHDRAW_PROTEST, None]


def test_bad_rows_are_problems_and_totals_tie(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER + "ZT400001231,1,Failed,NO IEEPA HTS\n"
        ",1,Failed,NO IEEPA HTS\n"
        "2.61103E+08,1,Failed,\n"
        "ZT400004565,9E+10,Failed,\n"
        "ZT400007899,1,,\n"
        "ZT400007899,1,Failed,NO IEEPA HTS,too much\n"
        "\n"
        "Total,,1,\n",
    )
    assert [result.entry_number.compact for result in found.results] == ["ZT400001231"]
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (3, "ENTRY_NUMBER"),
        (4, "ENTRY_NUMBER"),
        (5, "CLAIM_NUMBER"),
        (6, "STATUS"),
        (7, "ENTRY_NUMBER"),
    ]
    assert "digits are lost" in found.problems[2].problem
    assert found.problems[2].entry_number == "ZT400004565"
    assert "5 cells" in found.problems[4].problem
    assert dict(found.totals.excluded) == {Exclusion.BAD: 5, Exclusion.BLANK: 1, Exclusion.TOTAL: 1}
    assert (found.totals.rows_read, found.totals.rows_used) == (8, 1)


def test_repeats_are_dropped_and_contradictions_are_problems(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER + "ZT400001231,1,Failed,NO IEEPA HTS\n"
        '"=""ZT400001231""",1,Failed,NO IEEPA HTS\n'
        "ZT400001231,2,Entry Summary Updated,\n"
        "ZT400004565,1,Failed,NO IEEPA HTS\n"
        "ZT400004565,1,Entry Summary Updated,\n",
    )
    assert [(result.row, result.claim_number) for result in found.results] == [(2, "1"), (4, "2")]
    assert [problem.row for problem in found.problems] == [5, 6]
    assert "2 different answers" in found.problems[0].problem
    assert dict(found.totals.excluded) == {Exclusion.BAD: 2, Exclusion.DUPLICATE: 1}


def test_a_check_digit_that_does_not_hold_is_noted(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "ZT400001232,1,Failed,NO IEEPA HTS\n")
    assert len(found.results) == 1
    assert [note.kind for note in found.notes] == [NoteKind.CHECK_DIGIT]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_delimiter_encoding_and_place_of_the_header(tmp_path: Path, delimiter: str) -> None:
    lines = ["CAPE Claim Details", "", "Status,Entry Number,Claim No", "Failed,ZT400001231,1"]
    text = "\r\n".join(lines).replace(",", delimiter)
    for data in (text.encode(), text.encode("utf-16"), text.encode("utf-8-sig")):
        found = read(tmp_path, data)
        assert [(result.row, result.claim_number) for result in found.results] == [(4, "1")]
        marked = [repair.kind for repair in found.repairs] == [RepairKind.BYTE_ORDER_MARK]
        assert marked is (data != text.encode())


def test_a_file_without_error_column(tmp_path: Path) -> None:
    found = read(tmp_path, "Entry Summary Number,Filing Status\nZT400001231,Failed\n")
    assert (found.results[0].claim_number, found.results[0].error_texts) == (None, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "ENTRY_NUMBER,CLAIM_NUMBER\nZT400001231,1\n",
            "no heading STATUS .*Found: ENTRY_NUMBER, CLAIM_NUMBER",
        ),
        ("a,b\n1,2\n", "no heading ENTRY_NUMBER or STATUS in its first 25 rows"),
        ("", "empty"),
    ],
)
def test_files_that_are_no_claim_details(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FileFormatError, match=words):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be opened"):
        read_claim_details(tmp_path / "none.csv")
    with pytest.raises(FileFormatError):
        read_claim_details("none\0.csv")


def test_a_workbook(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the workbook is made by XlsxWriter")
    path = tmp_path / "claims.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Cover").write(0, 0, "CAPE")
        sheet = workbook.add_worksheet("Details")
        sheet.write_row(0, 0, ["ENTRY_NUMBER", "CLAIM_NUMBER", "STATUS"])
        sheet.write_row(1, 0, ["ZT400001231", 90000000001, "Failed"])
        sheet.write_row(2, 0, [261103162, 90000000001, "Failed"])
    found = read_claim_details(path)
    assert [(r.entry_number.compact, r.claim_number) for r in found.results] == [
        ("ZT400001231", "90000000001"),
        ("00261103162", "90000000001"),
    ]
    assert {RepairKind.NUMBER_CELL, RepairKind.ZEROS} <= {repair.kind for repair in found.repairs}
