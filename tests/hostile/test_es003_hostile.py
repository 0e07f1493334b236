"""Cells of ES-003 made to mislead: nothing changes beside them, and no two identifiers become one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.es003_files import HEADINGS, csv_text, row
from tests.hostile import targets
from tests.hostile.test_readers_hostile import examples, hostile_cells

from ieeparefund.ace.abi import read_query_output
from ieeparefund.ace.cells import CellError, parse_amount, parse_code, parse_date, parse_name
from ieeparefund.ace.claim_details import read_claim_details
from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import EntryNumberError, IeepaRefundError, LimitError
from ieeparefund.inputs.limits import ReadLimits
from ieeparefund.problems import EntryFile

GOOD = "ZT400001231"
OTHER = "MYK28103742"
# What stands in no file by accident, and what it would be taken for.
HIDDEN = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u200e",
    "\u2066",
    "\u00ad",
    "\x07",
    "\x1b",
]
FIGURES = ["Line Tariff Duty Amount", "Entry Date", "HTS Number - Full", "Tariff Ordinal Number"]
AMOUNTS: list[object] = [
    "9" * 5000, "1" + "0" * 30, "-" * 131_000 + "x", "(" * 131_000, "NaN", "Infinity", "-inf", "1e9", "1e9999999",
    "1_000", "0x10", "１２.00", "٣", 1e308, -1e308, float("nan"), float("inf"), 10**30, "=1+1", "1.234,56", "9" * 200,
]  # fmt: skip
DATES: list[object] = [
    "00/00/0000", "01/01/0000", "0001-01-01", "12/31/9999", "9999-12-31", "02/30/2025", "1/1/" + "2" * 5000,
    "０４/08/2025", "1/1/2025" + " " * 130_000 + "x", 1e308, -5, 10**30, float("nan"), 2**63,
]  # fmt: skip
DIGITS = ["１", "٣", "۴", "५", "𝟙"]


def read(rows: list[dict[str, object]]) -> EntryFile:
    path = targets.given(csv_text(rows, HEADINGS).encode("utf-8", "surrogatepass"), "beside.csv")
    return read_entries(path)


@settings(parent=examples("es003_csv"))
@given(st.dictionaries(st.sampled_from(HEADINGS[1:]), hostile_cells(), min_size=1, max_size=4), st.booleans())
def test_an_entry_beside_a_hostile_one_keeps_its_figures(cells: dict[str, str], first: bool) -> None:
    good = [row(1), row(2, "8471300100", "0.00")]
    (alone,) = read(good).entries
    hostile = [{**row(1), "Entry Summary Number": OTHER, **cells}]
    try:
        found = read(hostile + good if first else good + hostile)
    except IeepaRefundError:
        return
    targets.check_entry_file(found)
    assert alone in found.entries


@settings(parent=examples("es003_csv"))
@given(
    st.text(st.sampled_from([*"12-345678900", *HIDDEN, *DIGITS, " ", "\u00a0"]), min_size=1, max_size=14),
    st.text(st.sampled_from([*"12-345678900", *HIDDEN, *DIGITS, " "]), min_size=1, max_size=14),
)
def test_two_parties_never_become_one_in_silence(one: str, other: str) -> None:
    names = []
    for text in (one, other):
        try:
            name, kinds = parse_name(text)
        except CellError:
            return
        # A change of the cell is listed as a repair.
        assert kinds or name == text or (name is None and not text.strip("".join([*HIDDEN, " \u00a0"])))
        names.append(name)
    visible = [text.strip(" \u00a0\ufeff\u200b\u200c\u200d\u2060") for text in (one, other)]
    if visible[0] != visible[1]:
        assert names[0] != names[1]


@pytest.mark.parametrize("character", [*HIDDEN, *DIGITS])
def test_a_party_with_a_character_that_misleads_is_a_problem(character: str) -> None:
    found = read([row(1, Importer_Number=f"12-3456{character}78900"), row(1, Entry_Summary_Number=OTHER)])
    assert [entry.number.compact for entry in found.entries] == [OTHER]
    (problem,) = found.problems
    assert f"U+{ord(character):04X}" in problem.problem
    assert ("nobody sees" in problem.problem) == (character in HIDDEN)


@pytest.mark.parametrize("character", [*HIDDEN, *DIGITS, "\u0410", "\u0131"])
@pytest.mark.parametrize("heading", FIGURES)
def test_figures_with_such_a_character_are_never_another_figure(character: str, heading: str) -> None:
    usual = str(row(1)[heading])
    changed = usual[:2] + character + usual[2:]
    found = read([{**row(1), heading: changed}])
    if found.entries:
        # What nobody sees may be dropped, and is then listed.
        assert found.entries == read([row(1)]).entries
        assert [repair.column for repair in found.repairs] == [heading]
        assert character in HIDDEN
    else:
        assert {problem.column for problem in found.problems} == {heading}


@pytest.mark.parametrize(
    "text", ["ıT400001231", "ZT４00001231", "ZT40000123１", "ſT400001231", "ΖT400001231"]
)
def test_an_entry_number_has_latin_letters_and_plain_digits(text: str) -> None:
    with pytest.raises(EntryNumberError):
        EntryNumber.parse(text, check=False, pad=True)


def test_a_code_has_latin_letters() -> None:
    for text in ("ıT", "С\u200bN", "ＣＮ"):
        with pytest.raises(CellError, match="no code"):
            parse_code(text)
    assert parse_code("cn")[0] == "CN"


@pytest.mark.parametrize("cell", AMOUNTS, ids=range(len(AMOUNTS)))
def test_amounts_that_are_none(cell: object) -> None:
    began = time.perf_counter()
    with pytest.raises(CellError) as caught:
        parse_amount(cell)
    assert time.perf_counter() - began < 1
    assert len(caught.value.problem) < 300


@pytest.mark.parametrize("cell", DATES, ids=range(len(DATES)))
def test_dates_that_are_none(cell: object) -> None:
    began = time.perf_counter()
    with pytest.raises(CellError):
        parse_date(cell)
    assert time.perf_counter() - began < 1


def test_a_long_run_of_blanks_in_an_answer_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(
        f"ENTRY_NUMBER,CLAIM_NUMBER,STATUS,ERROR_DESCRIPTION\n{GOOD},9,Failed,a{' ' * 120_000}b;c\n",
        encoding="utf-8",
    )
    began = time.perf_counter()
    (result,) = read_claim_details(path).results
    assert time.perf_counter() - began < 2
    assert result.error_texts[1] == "c"


def test_vast_cells_of_every_column_are_problems_or_unread() -> None:
    for heading in HEADINGS:
        found = read([{**row(1), heading: "1" * 60_000}, row(1, Entry_Summary_Number=OTHER)])
        assert OTHER in [entry.number.compact for entry in found.entries]
        assert all(len(problem.value) < 100 and len(problem.problem) < 300 for problem in found.problems)


def test_records_of_abi_are_counted_before_they_are_kept() -> None:
    few = ReadLimits(rows=3, problems=2)
    with pytest.raises(LimitError, match="too many rows"):
        read_query_output(["JB"] * 4, limits=few)
    with pytest.raises(LimitError, match="too many problems"):
        read_query_output(["50"] * 3, limits=few)
    path = targets.given(b"JB\r\n" * 4, "many.txt")
    with pytest.raises(LimitError, match="too many rows"):
        read_query_output(path, limits=few)
    with pytest.raises(LimitError, match="too many rows"):
        read_query_output(path, limits=ReadLimits(rows=1))


def test_cut_records_are_counted_too() -> None:
    path = targets.given(b"JB".ljust(80) * 4, "cut.txt")
    with pytest.raises(LimitError, match="too many rows"):
        read_query_output(path, limits=ReadLimits(rows=3))


def test_problems_of_an_upload_file_are_counted() -> None:
    from ieeparefund.ace.cape_declaration import read_declaration

    with pytest.raises(LimitError, match="too many problems"):
        read_declaration(b"Entry Number\r\n" + b"x\r\n" * 3, limits=ReadLimits(problems=2))
    with pytest.raises(LimitError, match="too many bytes of a CAPE upload file"):
        read_declaration(b"x" * 50, limits=ReadLimits(document_bytes=49))


def test_rows_of_a_workbook_are_counted(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    from tests.hostile.seeds import workbook

    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook())
    for name in ("rows", "columns"):
        with pytest.raises(LimitError, match=f"sheet Main Report.*{name}="):
            read_entries(path, limits=ReadLimits(**{name: 3}))
