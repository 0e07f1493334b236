"""The synthetic ES-003 samples: 40 entries as an export, and a book as spreadsheets spoil it.

The samples and what is expected of them were made outside this package; row numbers are those a spreadsheet shows.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.entry import Entry
from ieeparefund.money import ZERO
from ieeparefund.problems import EntryFile, Exclusion, RepairKind

DATA = Path(__file__).parent / "data"


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "expected" / name).read_text(encoding="utf-8"))
    return found


def read(name: str) -> EntryFile:
    if name.endswith(".xlsx"):
        pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    return read_entries(DATA / name)


def simple_sum(entry: Entry) -> Decimal:
    """Duty on the headings of the IEEPA subchapters, which in the samples is the IEEPA duty."""
    rows = [
        row for line in entry.lines for row in line.tariffs if row.number.startswith(("9903.01.", "9903.02."))
    ]
    return sum((row.duty or ZERO for row in rows), ZERO)


@pytest.mark.parametrize(
    ("sample", "answers"),
    [
        ("es003_small.csv", "es003_small.json"),
        ("es003_small.xlsx", "es003_small.json"),
        ("es003_messy.csv", "es003_messy.json"),
    ],
)
def test_entries_rows_and_duty(sample: str, answers: str) -> None:
    found, wanted = read(sample), expected(answers)
    assert found.totals.rows_used == wanted["totals"]["rows_used"]
    assert {str(entry.number): str(simple_sum(entry)) for entry in found.entries} == {
        entry["entry_number"]: entry["ieepa_duty"] for entry in wanted["entries"]
    }


@pytest.mark.parametrize("sample", ["es003_small.csv", "es003_small.xlsx"])
def test_the_small_sample_is_clean(sample: str) -> None:
    found = read(sample)
    assert expected("es003_small.json")["clean"] is True
    assert (found.problems, found.repairs, found.notes, found.ignored_columns) == ((), (), (), ())
    assert found.totals.rows_read == 184
    assert len(found.columns) == 34


def test_the_workbook_says_the_same_as_the_text() -> None:
    assert read("es003_small.xlsx").entries == read("es003_small.csv").entries


def test_the_messy_sample_excludes_exactly_what_is_expected() -> None:
    found, wanted = read("es003_messy.csv"), expected("es003_messy.json")
    assert wanted["clean"] is False
    assert [{"row": one.row, "column": one.column} for one in found.problems] == wanted["bad_rows"]
    assert found.totals.rows_by_reason == {
        Exclusion.BLANK: wanted["blank_rows"],
        Exclusion.TOTAL: 0,
        Exclusion.DUPLICATE: wanted["duplicate_rows"],
        Exclusion.BAD: len(wanted["bad_rows"]),
        Exclusion.ENTRY: 0,
    }
    assert found.totals.rows_read == 228
    assert found.ignored_columns == ("DIV", "SELF FILER", "Notes")


def test_the_messy_sample_lists_its_repairs() -> None:
    kinds = {(repair.kind, repair.column) for repair in read("es003_messy.csv").repairs}
    number, hts = "Entry Summary Number", "HTS Number - Full"
    assert kinds == {
        (RepairKind.BYTE_ORDER_MARK, None),
        (RepairKind.UNWRAPPED, number),
        (RepairKind.DASHES, number),
        (RepairKind.BLANKS, number),
        (RepairKind.UPPER_CASE, number),
        (RepairKind.ZEROS, number),
        (RepairKind.ZEROS, "Entry Type Code"),
        (RepairKind.WHOLE_NUMBER, hts),
        (RepairKind.SUFFIX, hts),
        (RepairKind.FREE, "Line Tariff Duty Amount"),
    }
