"""Rows of an ES-003 export to entries: one test for each pitfall. Cases named *public case* are from reports of what
went wrong with other tools; their entry numbers are synthetic with a valid check digit."""

from __future__ import annotations

import datetime as dt
import decimal
import gc
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.es003_files import HEADINGS, csv_text, read_rows, row

from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.errors import FieldError
from ieeparefund.money import ZERO
from ieeparefund.problems import (
    EntryFile,
    ExcludedRows,
    Exclusion,
    NoteKind,
    RepairKind,
    Totals,
)

OTHER = "ZT400004565"
WITHOUT = {name: [heading for heading in HEADINGS if heading != name] for name in HEADINGS}


def where(found: EntryFile) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in found.problems]


def excluded(found: EntryFile) -> dict[Exclusion, int]:
    return {reason: rows for reason, rows in found.totals.rows_by_reason.items() if rows}


def notes(found: EntryFile, kind: NoteKind) -> list[str]:
    return [str(note) for note in found.notes if note.kind is kind]


# Rows, lines and entries


def test_a_good_file(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path,
        row(1, "99038803", "25.00"),
        row(2, "99030124", "20.00"),
        row(3, "8471300100", "0.00", Line_Tariff_Goods_Value_Amount="1000"),
        row(
            1,
            "8513102000",
            "3.50",
            Entry_Summary_Line_Number="002",
            Country_of_Origin_Code="xc",
            Line_SPI_Code="s+",
        ),
        row(1, Entry_Summary_Number=OTHER),
    )
    assert (found.problems, found.repairs, found.notes, found.ignored_columns) == ((), (), (), ())
    first, second = found.entries
    assert (str(first.number), str(second.number)) == ("ZT4-0000123-1", "ZT4-0000456-5")
    assert first.filer_code == "ZT4"
    assert (first.entry_type, first.importer) == ("01", "12-345678900")
    assert (first.entry_date, first.entry_summary_date) == (dt.date(2025, 4, 8), dt.date(2025, 4, 21))
    assert first.liquidation_status is LiquidationStatus.UNLIQUIDATED
    assert first.protest is ProtestStatus.NONE
    assert (first.reconciliation_flagged, first.correction_pending) == (False, False)
    for fact in (
        "deposit_date",
        "liquidation_date",
        "on_drawback_claim",
        "statement_paid",
        "payee",
        "ad_cvd",
    ):
        assert getattr(first, fact) is None
    assert (first.already_refunded, first.other_adjustments) == (ZERO, ZERO)
    one, two = first.lines
    assert [(t.number, t.value, t.duty) for t in one.tariffs] == [
        ("9903.88.03", ZERO, Decimal("25.00")),
        ("9903.01.24", ZERO, Decimal("20.00")),
        ("8471.30.01.00", Decimal("1000.00"), ZERO),
    ]
    assert (two.line_number, two.country_of_origin, two.special_program) == (2, "XC", "S+")
    assert found.totals == Totals(5, 5, Decimal("148.50"), Decimal("148.50"), 0, ())
    assert found.columns["hts"] == "HTS Number - Full"


def test_a_file_with_headings_only(tmp_path: Path) -> None:
    found = read_rows(tmp_path)
    assert (found.entries, found.totals.rows_read) == ((), 0)


def test_rows_of_an_entry_may_stand_anywhere(tmp_path: Path) -> None:
    rows = [
        row(1, "99030124", "1.00"),
        row(2, "8471300100", "2.00"),
        row(1, "99030125", "4.00", Entry_Summary_Line_Number="2"),
        row(2, "8513102000", "8.00", Entry_Summary_Line_Number="2"),
        row(1, "99030125", "16.00", Entry_Summary_Number=OTHER),
    ]
    usual = read_rows(tmp_path, *rows)
    for order in ((3, 4, 1, 2, 0), (1, 0, 3, 2, 4), (4, 3, 2, 1, 0), (0, 2, 1, 3, 4)):
        found = read_rows(tmp_path, *(rows[place] for place in order))
        assert found.problems == ()
        assert set(found.entries) == set(usual.entries)
        assert found.totals == usual.totals


def test_a_long_file_is_read_as_a_short_one(tmp_path: Path) -> None:
    numbers = ("99038803", "99030124", "8471300100")
    rows = [
        row(ordinal, hts, f"{line}.50", Entry_Summary_Line_Number=line)
        for line in range(1, 101)
        for ordinal, hts in enumerate(numbers, start=1)
    ]
    rows[200]["Line Tariff Duty Amount"] = "$67.50"
    long = read_rows(tmp_path, *rows)
    assert long.totals.rows_used == 300
    assert long.totals.duty_used == 3 * (5050 + 50)
    lines = long.entries[0].lines
    assert [line.line_number for line in lines] == list(range(1, 101))
    for at in (0, 66, 99):
        short = read_rows(tmp_path, *rows[3 * at : 3 * at + 3])
        assert short.entries[0].lines == (lines[at],)


def test_ordinals_with_gaps_are_kept_apart(tmp_path: Path) -> None:
    rows = [row(7, "99030124", "1.00"), row(5, "99030125", "2.00"), row("", "8471300100", "4.00")]
    other = row(1, Entry_Summary_Number=OTHER)
    found = read_rows(tmp_path, *rows[:2], other, rows[2], rows[0], other)
    assert [t.number for t in found.entries[0].lines[0].tariffs] == [
        "9903.01.25",
        "9903.01.24",
        "8471.30.01.00",
    ]
    assert excluded(found) == {Exclusion.DUPLICATE: 2}
    # The third row of the line comes late, after it had the ordinals 1 and 2 out of order.
    late = read_rows(tmp_path, row(2, duty="2.00"), other, row(1, duty="1.00"), other, row(3, duty="4.00"))
    assert [str(t.duty) for t in late.entries[0].lines[0].tariffs] == ["1.00", "2.00", "4.00"]


def test_two_lines_with_the_same_number_and_amount_are_no_repeat(tmp_path: Path) -> None:
    # Public case: other tools drop one of them.
    found = read_rows(
        tmp_path,
        row(1, "9903.01.24", "1200.00"),
        row(1, "9903.01.24", "1200.00", Entry_Summary_Line_Number="2"),
    )
    assert str(found.totals.duty_used) == "2400.00"
    assert excluded(found) == {}


def test_exact_repeats_are_dropped_and_counted(tmp_path: Path) -> None:
    rows = [
        {**row(1), "DIV": "A"},
        {**row(1, "9903.01.24.00", "$100", Entry_Summary_Number="zt4-0000123-1"), "DIV": "B"},
        {**row(1, Entry_Summary_Number=OTHER), "DIV": "A"},
        {**row(1), "DIV": "A"},
    ]
    found = read_rows(tmp_path, *rows, headings=[*HEADINGS, "DIV"])
    assert len(found.entries) == 2
    assert found.totals.excluded == (ExcludedRows(Exclusion.DUPLICATE, 2, Decimal("200.00")),)
    assert found.ignored_columns == ("DIV",)


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"duty": "100.01"}, "Line Tariff Duty Amount", "is 100.01 here, but 100.00 in an earlier row"),
        ({"duty": ""}, "Line Tariff Duty Amount", "is blank here, but 100.00"),
        ({"hts": "99030125"}, "HTS Number - Full", "is 9903.01.25 here, but 9903.01.24"),
        ({"Line_Tariff_Goods_Value_Amount": "5"}, "Line Tariff Goods Value Amount", "is 5.00 here, but 0.00"),
    ],
)
def test_the_same_place_with_other_amounts_leaves_the_entry_out(
    tmp_path: Path, change: dict[str, Any], column: str, words: str
) -> None:
    good = row(1, Entry_Summary_Number=OTHER)
    found = read_rows(tmp_path, row(1), row(2, "8471300100", "7.00"), good, row(1, **change))
    assert where(found) == [(5, column)]
    assert words in found.problems[0].problem
    assert found.problems[0].entry_number == "ZT400001231"
    assert [entry.number.compact for entry in found.entries] == [OTHER]
    assert excluded(found) == {Exclusion.BAD: 1, Exclusion.ENTRY: 2}


def test_without_ordinals_rows_are_told_apart_by_number(tmp_path: Path) -> None:
    headings = WITHOUT["Tariff Ordinal Number"]
    rows = [row(hts="99030125", duty="1.00"), row(hts="8471300100", duty="2.00")]
    other = row(Entry_Summary_Number=OTHER)
    found = read_rows(tmp_path, *rows, other, rows[1], row(hts="99030124", duty="4.00"), headings=headings)
    assert [t.number for t in found.entries[0].lines[0].tariffs] == [
        "9903.01.25",
        "8471.30.01.00",
        "9903.01.24",
    ]
    assert excluded(found) == {Exclusion.DUPLICATE: 1}
    assert "one number twice is a repeat" in notes(found, NoteKind.MISSING_COLUMN)[0]


# Rows that are not used


def test_blank_and_total_rows(tmp_path: Path) -> None:
    blank = dict.fromkeys(HEADINGS, "")
    rows = [
        row(1),
        {**blank, "Entry Date": "\xa0 "},
        row(2, "8471300100", "5.00"),
        {**blank, "Entry Summary Number": "Total", "Line Tariff Duty Amount": "105.00"},
        blank,
    ]
    found = read_rows(tmp_path, *rows)
    assert excluded(found) == {Exclusion.BLANK: 2, Exclusion.TOTAL: 1}
    assert (found.totals.rows_read, found.totals.rows_used) == (5, 2)
    assert (str(found.totals.duty_read), str(found.totals.duty_excluded)) == ("105.00", "0.00")
    assert notes(found, NoteKind.TOTAL_ROW) == ["Row 5 is taken as a total and left out."]


def test_rows_blank_but_for_user_columns_are_blank(tmp_path: Path) -> None:
    rows = [{**row(1), "SELF FILER": "no"}, {"SELF FILER": "no"}]
    assert excluded(read_rows(tmp_path, *rows, headings=[*HEADINGS, "SELF FILER"])) == {Exclusion.BLANK: 1}


@pytest.mark.parametrize(
    ("name", "duty", "text"),
    [
        ("Sum:", "99.00", "; its duty 99.00 is not the sum of the rows above, 100.00."),
        ("", "100.00", "taken as a total and left out."),
        ("", "", "taken as a total and left out."),
        ("Grand Total", "all", "; its duty '***' is no amount."),
    ],
)
def test_a_total_is_compared(tmp_path: Path, name: str, duty: str, text: str) -> None:
    total = {"Entry Summary Number": name, "Line Tariff Duty Amount": duty, "Importer Number": "all"}
    found = read_rows(tmp_path, row(1), total)
    assert found.problems == ()
    assert notes(found, NoteKind.TOTAL_ROW)[0].endswith(text)


@pytest.mark.parametrize("name", ["Total", ""])
@pytest.mark.parametrize("after", [row(2), {**row(2), "Entry Date": "x"}, {"Entry Summary Number": "Total"}])
def test_a_total_in_the_middle_is_a_problem(tmp_path: Path, name: str, after: dict[str, Any]) -> None:
    found = read_rows(tmp_path, row(1), {"Entry Summary Number": name, "Line Tariff Duty Amount": "1"}, after)
    assert where(found)[0] == (3, "Entry Summary Number")
    assert found.problems[0].value == name
    assert found.totals.rows_by_reason[Exclusion.BAD] >= 1


def test_a_total_before_a_row_that_is_too_wide(tmp_path: Path) -> None:
    text = csv_text([row(1), {"Entry Summary Number": "Total"}, row(2)])
    path = tmp_path / "f.csv"
    path.write_text(text.rstrip("\n") + ",,beyond\n", encoding="utf-8")
    assert where(read_entries(path)) == [(3, "Entry Summary Number"), (4, "beyond the last heading")]


def test_an_entry_number_is_never_filled_down(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(1), row(2, Entry_Summary_Number=""), row(3, Entry_Summary_Number="\xa0"))
    # The last row too: it has a tariff number, so it is no total.
    assert where(found) == [(3, "Entry Summary Number"), (4, "Entry Summary Number")]
    assert "never filled" in found.problems[0].remedy
    assert found.totals.rows_used == 1


def test_short_rows_are_filled_and_wide_ones_refused(tmp_path: Path) -> None:
    headings = ["Protest Status", *WITHOUT["Protest Status"], "Notes"]
    text = csv_text([row(1), row(2), row(1, Entry_Summary_Number=OTHER)], headings)
    lines = text.splitlines()
    lines[1] = lines[1].rstrip(",")
    lines[2] += ",,Inc."
    lines[3] += ", ,"
    path = tmp_path / "f.csv"
    path.write_text("\n".join([*lines, "Total" + "," * 30 + "x"]), encoding="utf-8")
    found = read_entries(path)
    assert where(found) == [(3, "beyond the last heading"), (5, "beyond the last heading")]
    assert "the row has 21 cells for 19 headings" in found.problems[0].problem
    assert found.problems[0].entry_number == "ZT400001231"
    assert [entry.number.compact for entry in found.entries] == [OTHER]
    assert excluded(found) == {Exclusion.BAD: 2, Exclusion.ENTRY: 1}
    assert found.totals.duty_unreadable == 2


# Bad cells: the whole entry is left out


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Entry Date", "13/45/2025"),
        ("Entry Date", ""),
        ("Entry Date", "01/00/1900"),
        ("Entry Type Code", "99"),
        ("Entry Summary Date", "no"),
        ("Liquidation Date", "02/30/2026"),
        ("Liquidation Date", "04/07/2025"),  # before the entry date
        ("Entry Summary Line Number", ""),
        ("Entry Summary Line Number", "1.5"),
        ("Tariff Ordinal Number", "x"),
        ("HTS Number - Full", ""),
        ("HTS Number - Full", "9.90301E+07"),
        ("Line Tariff Goods Value Amount", "1.234,56"),
        ("Line Tariff Duty Amount", "12.345"),
    ],
)
def test_one_bad_cell_leaves_the_entry_out(tmp_path: Path, heading: str, cell: str) -> None:
    good = row(1, Entry_Summary_Number=OTHER)
    found = read_rows(tmp_path, row(1), {**row(2), heading: cell}, row(3), good)
    assert where(found) == [(3, heading)]
    problem = found.problems[0]
    assert (problem.file, problem.value) == (str(tmp_path / "es003.csv"), cell)
    assert problem.problem
    assert problem.remedy
    assert problem.entry_number == "ZT400001231"
    assert [entry.number.compact for entry in found.entries] == [OTHER]
    assert excluded(found) == {Exclusion.BAD: 1, Exclusion.ENTRY: 2}
    unreadable = heading == "Line Tariff Duty Amount"
    assert found.totals.duty_unreadable == unreadable
    assert found.totals.duty_read == Decimal("300.00" if unreadable else "400.00")


def test_all_bad_cells_of_a_row_are_listed(tmp_path: Path) -> None:
    bad = row("x", "", "free of duty", Entry_Date="x", Entry_Type_Code="x", Liquidation_Date="x")
    found = read_rows(
        tmp_path, {**bad, "Entry Summary Line Number": "0", "Line Tariff Goods Value Amount": "?"}
    )
    assert {column for _, column in where(found)} == {
        "Entry Date",
        "Entry Type Code",
        "Liquidation Date",
        "Entry Summary Line Number",
        "Tariff Ordinal Number",
        "HTS Number - Full",
        "Line Tariff Goods Value Amount",
        "Line Tariff Duty Amount",
    }
    assert excluded(found) == {Exclusion.BAD: 1}


def test_every_row_of_an_unreadable_entry_is_listed(tmp_path: Path) -> None:
    rows = [row(ordinal, Entry_Summary_Number="9.28793E+08") for ordinal in (1, 2)]
    found = read_rows(tmp_path, *rows, row(3, Entry_Date="never"), row(4, Entry_Date="never"))
    assert where(found) == [
        (2, "Entry Summary Number"),
        (3, "Entry Summary Number"),
        (4, "Entry Date"),
        (5, "Entry Date"),
    ]
    assert found.problems[0].entry_number is None
    assert str(found.totals.duty_excluded) == "400.00"


@pytest.mark.parametrize(
    ("heading", "cell", "words"),
    [
        ("Entry Date", "04/09/2025", "is 2025-04-09 here, but 2025-04-08 in row 2 of the same entry"),
        ("Entry Type Code", "11", "is 11 here, but 01 in row 2"),
        ("Liquidation Status", "Liquidated", "is liquidated here, but unliquidated in row 2"),
        ("Liquidation Status", "", "is blank or not known here, but unliquidated"),
        ("Liquidation Date", "03/13/2026", "is 2026-03-13 here, but blank or not known in row 2"),
        # An importer number may be a social security number: never shown whole.
        ("Importer Number", "123-45-6789", "is ***-**-**** here, but **-*****8900 in row 2"),
    ],
)
def test_entry_columns_must_agree(tmp_path: Path, heading: str, cell: str, words: str) -> None:
    found = read_rows(tmp_path, row(1), row(2), {**row(3), heading: cell}, row(4))
    assert where(found) == [(4, heading)]
    assert words in found.problems[0].problem
    assert found.entries == ()
    assert excluded(found) == {Exclusion.BAD: 1, Exclusion.ENTRY: 3}
    assert "123-45-6789" not in repr(found)


def test_the_same_fact_in_other_words_agrees(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(1), row(2, Entry_Date="2025-04-08", Entry_Type_Code="1"))
    assert found.problems == ()
    assert found.totals.rows_used == 2


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [("Country of Origin Code", "CN", "HK"), ("Line SPI Code", "S", "KR")],
)
def test_line_columns_must_agree(tmp_path: Path, heading: str, first: str, second: str) -> None:
    one, two = {**row(1), heading: first}, {**row(2), heading: second}
    found = read_rows(tmp_path, one, {**row(3), heading: first}, two, {**row(4), heading: first})
    assert where(found) == [(4, heading)]
    assert f"of line 1 is {second} here, but {first} in another row" in found.problems[0].problem
    assert excluded(found) == {Exclusion.BAD: 1, Exclusion.ENTRY: 3}
    # The same with rows of another entry and of another line between.
    far = {**row(1, Entry_Summary_Line_Number="2"), heading: first}
    later = read_rows(
        tmp_path,
        one,
        row(1, Entry_Summary_Number=OTHER),
        far,
        two,
        {**row(2, Entry_Summary_Line_Number="2"), heading: first},
    )
    assert where(later) == [(5, heading)]
    assert excluded(later) == {Exclusion.BAD: 1, Exclusion.ENTRY: 3}


def test_a_blank_line_column_says_nothing(tmp_path: Path) -> None:
    rows = [
        row(1, Country_of_Origin_Code="", Line_SPI_Code="S"),
        row(2, Country_of_Origin_Code="CN", Line_SPI_Code=""),
        row(3, Country_of_Origin_Code="CN", Line_SPI_Code="S"),
    ]
    (entry,) = read_rows(tmp_path, *rows).entries
    assert (entry.lines[0].country_of_origin, entry.lines[0].special_program) == ("CN", "S")


# What the states say


@pytest.mark.parametrize(
    ("status", "date", "expected"),
    [
        ("Liquidated", "03/13/2026", LiquidationStatus.LIQUIDATED),
        ("Unliquidated", "", LiquidationStatus.UNLIQUIDATED),
        ("Pending", "03/13/2027", LiquidationStatus.UNLIQUIDATED),
        ("Pending  Liquidation", "", LiquidationStatus.UNLIQUIDATED),
        ("EXTENDED", "", LiquidationStatus.EXTENDED),
        ("Suspended", "", LiquidationStatus.SUSPENDED),
        ("Under Review", "", LiquidationStatus.UNDER_REVIEW),
        ("", "", LiquidationStatus.UNLIQUIDATED),
        ("", "03/13/2026", None),
        ("Set aside", "", None),
    ],
)
def test_liquidation(tmp_path: Path, status: str, date: str, expected: LiquidationStatus | None) -> None:
    found = read_rows(tmp_path, row(Liquidation_Status=status, Liquidation_Date=date))
    assert found.entries[0].liquidation_status is expected
    assert bool(notes(found, NoteKind.UNKNOWN_WORD)) == (status == "Set aside")


def test_missing_liquidation_columns_are_unknown_and_not_unliquidated(tmp_path: Path) -> None:
    # Public case: an export without the two columns was read as unliquidated.
    headings = [name for name in HEADINGS if not name.startswith("Liquidation")]
    found = read_rows(tmp_path, row(), headings=headings)
    entry = found.entries[0]
    assert (entry.liquidation_date, entry.liquidation_status) == (None, None)
    assert [note.column for note in found.notes] == ["Liquidation Date", "Liquidation Status"]
    assert "no column 'Liquidation Date': liquidation dates are not known" in str(found.notes[0])


def test_one_of_the_liquidation_columns(tmp_path: Path) -> None:
    # Public case: a blank liquidation date means no deadline, status unliquidated (a spreadsheet showed 1900-03-20).
    dated = read_rows(
        tmp_path,
        row(),
        row(Entry_Summary_Number=OTHER, Liquidation_Date="03/13/2026"),
        headings=WITHOUT["Liquidation Status"],
    )
    assert [entry.liquidation_status for entry in dated.entries] == [LiquidationStatus.UNLIQUIDATED, None]
    bare = read_rows(tmp_path, row(Liquidation_Status=""), headings=WITHOUT["Liquidation Date"])
    assert bare.entries[0].liquidation_status is LiquidationStatus.UNLIQUIDATED


@pytest.mark.parametrize(
    ("status", "number", "expected"),
    [
        ("", "", ProtestStatus.NONE),
        ("Open", "120292610001", ProtestStatus.OPEN),
        ("denied", "", ProtestStatus.DENIED),
        ("Withdrawn", "", ProtestStatus.WITHDRAWN),
        ("Suspended", "", ProtestStatus.SUSPENDED),
        ("Approved", "", ProtestStatus.APPROVED),
        ("", "120292610001", None),
        ("In mediation", "", None),
    ],
)
def test_protests(tmp_path: Path, status: str, number: str, expected: ProtestStatus | None) -> None:
    found = read_rows(tmp_path, row(Protest_Status=status, Protest_Number=number))
    assert found.entries[0].protest is expected
    assert bool(notes(found, NoteKind.PROTEST_UNKNOWN)) == (not status and bool(number))


def test_a_protest_column_that_is_missing(tmp_path: Path) -> None:
    assert read_rows(tmp_path, row(), headings=WITHOUT["Protest Status"]).entries[0].protest is None
    bare = read_rows(tmp_path, row(), headings=WITHOUT["Protest Number"])
    assert bare.entries[0].protest is ProtestStatus.NONE


def test_flags(tmp_path: Path) -> None:
    changes = {"Reconciliation Indicator": "Y", "Post Summary Correction Indicator": "Y"}
    found = read_rows(tmp_path, {**row(1), **changes}, {**row(2), **changes})
    entry = found.entries[0]
    assert (entry.reconciliation_flagged, entry.correction_pending) == (True, None)
    assert (
        "2 rows from row 2: a post summary correction was filed" in notes(found, NoteKind.CORRECTION_FILED)[0]
    )
    blank = read_rows(tmp_path, {**row(), **dict.fromkeys(changes, "")}).entries[0]
    assert (blank.reconciliation_flagged, blank.correction_pending) == (None, None)
    odd = read_rows(tmp_path, {**row(), **dict.fromkeys(changes, "perhaps")})
    assert len(notes(odd, NoteKind.UNKNOWN_WORD)) == 2
    assert odd.entries[0].reconciliation_flagged is None


# Columns


def test_a_map_reads_facts_no_heading_of_ace_is_known_for(tmp_path: Path) -> None:
    headings = [
        *("Number" if name == "Entry Summary Number" else name for name in HEADINGS),
        *(
            "Paid On",
            "Drawback",
            "Surety",
            "Paid",
            "Filed",
            "Due",
            "AD/CVD",
            "Summary",
            "ACE",
            "Party",
            "Took",
            "Relq",
        ),
    ]
    columns = {
        "entry_number": "NUMBER",
        "deposit_date": "paid on",
        "on_drawback_claim": "Drawback",
        "paid_by_surety": "Surety",
        "statement_paid": "Paid",
        "reconciliation_filed": "Filed",
        "reconciliation_due": "Due",
        "ad_cvd": "AD/CVD",
        "summary_status": "Summary",
        "in_ace": "ACE",
        "notify_party": "Party",
        "cape_accepted_on": "Took",
        "reliquidation_date": "Relq",
    }
    given = {
        **row(),
        "Number": "ZT400001231",
        "Paid On": "2025-05-01",
        "Drawback": "N",
        "Surety": "no",
        "Paid": "Y",
        "Filed": "false",
        "Due": "07/20/2026",
        "AD/CVD": "Liquidation_Pending",
        "Summary": "Accepted",
        "ACE": "Y",
        "Party": "98-765432100",
        "Took": "05/01/2026",
        "Relq": "05/04/2026",
        "Liquidation Date": "03/13/2026",
    }
    found = read_rows(tmp_path, given, headings=headings, columns=columns)
    entry = found.entries[0]
    assert (entry.deposit_date, entry.reconciliation_due) == (dt.date(2025, 5, 1), dt.date(2026, 7, 20))
    assert (entry.on_drawback_claim, entry.paid_by_surety, entry.statement_paid) == (False, False, True)
    assert (entry.reconciliation_filed, entry.in_ace) == (False, True)
    assert (entry.ad_cvd, entry.summary_status) == (AdCvdStatus.LIQUIDATION_PENDING, SummaryStatus.ACCEPTED)
    assert (entry.cape_accepted_on, entry.reliquidation_date) == (dt.date(2026, 5, 1), dt.date(2026, 5, 4))
    assert entry.notify_party == "98-765432100"
    assert found.notes == ()
    blank = {**given, "AD/CVD": "", "Summary": "", "Relq": "03/12/2026"}
    late = read_rows(tmp_path, blank, headings=headings, columns=columns)
    assert late.problems[0].problem == "2026-03-12 lies before the liquidation date 2026-03-13."
    unknown = read_rows(tmp_path, {**blank, "Relq": ""}, headings=headings, columns=columns).entries[0]
    assert (unknown.ad_cvd, unknown.summary_status) == (None, None)


def test_two_headings_for_one_field(tmp_path: Path) -> None:
    headings = ["Duty Paid", *HEADINGS, "LIQ DATE", "Liq. Date"]
    rows = [
        {**row(1), "Duty Paid": "7"},
        {**row(2), "Duty Paid": "100.00", "LIQ DATE": "03/13/2026", "Liq. Date": "03/13/2026"},
        {**row(3), "LIQ DATE": "03/13/2026"},
    ]
    rows[0]["LIQ DATE"] = "03/13/2026"
    path = tmp_path / "f.csv"
    path.write_text(csv_text(rows, headings) + "short\n", encoding="utf-8")
    found = read_entries(path)
    assert found.entries[0].liquidation_date == dt.date(2026, 3, 13)
    assert str(found.totals.duty_used) == "300.00"
    assert notes(found, NoteKind.TWO_HEADINGS) == [
        "column 13 'Line Tariff Duty Amount' is read for tariff_duty; column 1 'Duty Paid' is not, and differs in 1 "
        "rows from row 2.",
        "column 20 'LIQ DATE' is read for liquidation_date; column 14 'Liquidation Date', column 21 'Liq. Date' is "
        "not, and says nothing else.",
    ]
    assert [note.first_row for note in found.notes] == [2, None]


def test_two_headings_without_any_value(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(), headings=[*HEADINGS, "liq date"])
    assert found.columns["liquidation_date"] == "Liquidation Date"


LINE_LEVEL = ["Line Duty Amount" if name == "Line Tariff Duty Amount" else name for name in HEADINGS]


def test_line_duty_is_never_taken_for_tariff_duty(tmp_path: Path) -> None:
    one = {**row(1), "Line Duty Amount": "120.00"}
    two = {**row(2, "8471300100"), "Line Duty Amount": "120.00"}
    alone = {**row(1, Entry_Summary_Number=OTHER), "Line Duty Amount": "50.00"}
    found = read_rows(tmp_path, one, two, alone, headings=LINE_LEVEL)
    assert where(found) == [(2, "Line Duty Amount")]
    assert "line 1 has 2 HTS numbers: which of them bore it is not known" in found.problems[0].problem
    assert "Line Tariff Duty Amount" in found.problems[0].remedy
    assert [entry.number.compact for entry in found.entries] == [OTHER]
    assert str(found.totals.duty_used) == "50.00"
    assert excluded(found) == {Exclusion.ENTRY: 2}
    assert len(notes(found, NoteKind.LINE_LEVEL_DUTY)) == 1
    both = read_rows(tmp_path, one, two, headings=[*HEADINGS, "Line Duty Amount"])
    assert str(both.totals.duty_used) == "200.00"
    assert both.notes == ()


def test_a_line_value_is_not_a_tariff_value(tmp_path: Path) -> None:
    headings = [
        "Line Goods Value Amount" if name == "Line Tariff Goods Value Amount" else name for name in HEADINGS
    ]
    found = read_rows(tmp_path, {**row(), "Line Goods Value Amount": "5000"}, headings=headings)
    assert found.entries[0].lines[0].tariffs[0].value is None
    assert "values are not known" in notes(found, NoteKind.MISSING_COLUMN)[0]


RATED = [*HEADINGS, "Column 1 Current Primary Duty Rate"]


def rated(tmp_path: Path, *cells: tuple[str, str]) -> EntryFile:
    rows = [{**row(ordinal, hts), RATED[-1]: rate} for ordinal, (hts, rate) in enumerate(cells, start=1)]
    return read_rows(tmp_path, *rows, headings=RATED)


@pytest.mark.parametrize(
    ("cells", "rate", "noted"),
    [
        ([("99030220", "The duty + 10%"), ("8471300100", "Free")], Column1Rate(), False),
        ([("8513102000", "3.5%"), ("99030220", "50%")], Column1Rate(Decimal("3.5")), False),
        ([("8513102000", "3.5%"), ("8513104000", "3.5%")], Column1Rate(Decimal("3.5")), False),
        ([("8513102000", "3.5%"), ("8513104000", "4%"), ("8513109000", "3.5%")], None, True),
        ([("8513102000", "0.035")], None, True),
        ([("8513102000", "")], None, False),
        ([("8513102000", ""), ("8513104000", "4%")], None, True),
    ],
)
def test_column_1_rates(
    tmp_path: Path, cells: list[tuple[str, str]], rate: Column1Rate | None, noted: bool
) -> None:
    found = rated(tmp_path, *cells)
    assert found.entries[0].lines[0].column1_rate == rate
    assert bool(notes(found, NoteKind.RATE_NOT_READ)) == noted


def test_column_1_rates_of_rows_that_stand_apart(tmp_path: Path) -> None:
    other = {**row(Entry_Summary_Number=OTHER), RATED[-1]: ""}
    rows = [
        {**row(1, "99030220"), RATED[-1]: ""},
        {**row(2, "8513102000"), RATED[-1]: "3.5%"},
        {**row(3, "99030124"), RATED[-1]: "20%"},
    ]
    found = read_rows(tmp_path, rows[0], other, rows[1], other, rows[2], headings=RATED)
    assert found.entries[0].lines[0].column1_rate == Column1Rate(Decimal("3.5"))
    differing = {**row(4, "8513104000"), RATED[-1]: "4%"}
    lost = read_rows(
        tmp_path,
        rows[1],
        other,
        differing,
        other,
        {**differing, "Tariff Ordinal Number": "5"},
        headings=RATED,
    )
    assert lost.entries[0].lines[0].column1_rate is None


# What is reported


def test_repairs_are_counted_by_kind_and_column(tmp_path: Path) -> None:
    wrapped = '="ZT400001231"'
    found = read_rows(
        tmp_path,
        row(1, "99030124.0", Entry_Summary_Number=wrapped),
        row(2, "99030125.0", Entry_Summary_Number=wrapped),
        row(3, "8471300100", "free", Entry_Summary_Number=wrapped, Country_of_Origin_Code=" CN"),
        row(4, "8471300100", Entry_Summary_Number="ZT400001231"),
        row(1, Entry_Summary_Number="ZT4-0000456-5", Importer_Number=" 123-45-6789"),
    )
    assert [(r.kind, r.column, r.count, r.first_row, r.example) for r in found.repairs] == [
        (RepairKind.WHOLE_NUMBER, "HTS Number - Full", 2, 2, "99030124.0"),
        (RepairKind.FREE, "Line Tariff Duty Amount", 1, 4, "free"),
        (RepairKind.BLANKS, "Country of Origin Code", 1, 4, " CN"),
        (RepairKind.UNWRAPPED, "Entry Summary Number", 3, 2, wrapped),
        (RepairKind.DASHES, "Entry Summary Number", 1, 6, "ZT4-0000456-5"),
        (RepairKind.BLANKS, "Importer Number", 1, 6, "***-**-****"),
    ]
    assert found.repairs[0].to_dict() == {
        "kind": "empty decimal places dropped",
        "column": "HTS Number - Full",
        "count": 2,
        "first_row": 2,
        "example": "99030124.0",
    }


def test_lost_zeros_are_restored_only_with_the_check_digit(tmp_path: Path) -> None:
    # Public case: 100023456 is 00100023456.
    found = read_rows(tmp_path, row(Entry_Summary_Number="100023456"), row(Entry_Summary_Number="100023457"))
    assert [entry.number.compact for entry in found.entries] == ["00100023456"]
    assert found.repairs[0].kind is RepairKind.ZEROS
    assert where(found) == [(3, "Entry Summary Number")]


def test_a_wrong_check_digit_is_a_note_and_the_entry_is_used(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, row(1, Entry_Summary_Number="ZT400001232"), row(2, Entry_Summary_Number="ZT400001232")
    )
    assert len(found.entries) == 1
    (note,) = found.notes
    assert (note.kind, note.count, note.first_row) == (NoteKind.CHECK_DIGIT, 2, 2)
    assert str(note).startswith("Entry Summary Number, 2 rows from row 2: the check digit does not hold")
    assert json.loads(json.dumps(note.to_dict()))["example"] == "ZT400001232"


def test_a_blank_duty_is_missing_and_not_zero(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(1, duty=""), row(2, "8471300100", "5"))
    assert found.entries[0].lines[0].tariffs[0].duty is None
    assert notes(found, NoteKind.BLANK_DUTY) == [
        "Line Tariff Duty Amount, 1 row from row 2: the duty is blank, which is not zero: it counts as not known."
    ]
    assert found.totals.duty_used == 5
    left_out = read_rows(tmp_path, row(1, duty=""), row(2, duty="x"))
    assert left_out.totals.duty_read == 0


def test_negative_duty_is_kept(tmp_path: Path) -> None:
    # Public case: another tool dropped the row without a word.
    found = read_rows(tmp_path, row(1, duty="(1,250.00)"), row(2, "99030125", "1,000.00"))
    assert str(found.totals.duty_used) == "-250.00"


def test_what_is_reported_is_plain_json(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(1, duty="x" * 100), row(Entry_Summary_Number=OTHER))
    problem = json.loads(json.dumps(found.problems[0].to_dict()))
    assert problem["value"] == "*" * 59 + "…"
    assert list(problem) == ["file", "sheet", "row", "column", "value", "problem", "remedy", "entry_number"]
    assert str(found.problems[0]).startswith("row 2, Line Tariff Duty Amount: '***")
    totals = json.loads(json.dumps(found.totals.to_dict()))
    assert totals == {
        "rows_read": 2,
        "rows_used": 1,
        "rows_excluded": 1,
        "duty_read": "100.00",
        "duty_used": "100.00",
        "duty_excluded": "0.00",
        "duty_unreadable": 1,
        "excluded": [{"reason": "row with a problem", "rows": 1, "duty": "0.00"}],
    }


def test_totals_that_do_not_tie_are_refused() -> None:
    with pytest.raises(FieldError, match="rows_read is 2, not rows_used 1 and rows_excluded 0"):
        Totals(2, 1, ZERO, ZERO, 0, ())
    with pytest.raises(FieldError, match=r"duty_read is 0\.00, not duty_used 1\.00"):
        Totals(1, 1, ZERO, Decimal("1.00"), 0, ())


def test_the_callers_context_and_collector_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(csv_text([row(1, duty="123456789.12"), row(2, "8471300100", "$1.00")]), encoding="utf-8")
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact])):
        found = read_entries(path)
    assert str(found.totals.duty_used) == "123456790.12"
    assert gc.isenabled()
    gc.disable()
    try:
        read_entries(str(path))
        assert not gc.isenabled()
    finally:
        gc.enable()
