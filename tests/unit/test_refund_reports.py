from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from ieeparefund.ace.column_map import ColumnMap
from ieeparefund.ace.refund_reports import RefundReport, RefundState, read_refund_report, refund_state
from ieeparefund.ace.row_totals import RowTotals, SumTotals
from ieeparefund.errors import FieldError, FileFormatError, InputError
from ieeparefund.problems import Exclusion, RepairKind

COLUMNS = {
    "refund_number": "Refund Number",
    "entry_number": "Entry",
    "declaration_number": "Claim",
    "importer_number": "Importer",
    "liquidation_date": "Liquidated",
    "principal": "Principal",
    "interest": "Interest",
    "status": "Status",
    "secondary_status": "Secondary",
    "refund_date": "Refund Date",
    "ach_trace": "Trace",
}
ES022 = ColumnMap("ES-022", COLUMNS)
REV615 = ColumnMap("REV-615", {"refund_number": "No", "total": "T"})
HEADER = ",".join(COLUMNS.values()) + "\n"


def read(tmp_path: Path, text: str, columns: ColumnMap = ES022) -> RefundReport:
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8")
    return read_refund_report(path, columns)


def test_a_whole_row(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER + '"=""00012345""",ZT4-0000123-1,90000000001,12-345678900,05/15/2026,"$4,000.00",210.11,'
        "Transmitted,Sent to Treasury,2026-06-12,021000021234567\n",
    )
    (row,) = found.rows
    assert (row.refund_number, row.ach_trace) == ("00012345", "021000021234567")
    assert row.entry_number is not None
    assert row.entry_number.compact == "ZT400001231"
    assert (row.declaration_number, row.importer_number) == ("90000000001", "12-345678900")
    assert (row.liquidation_date, row.refund_date) == (dt.date(2026, 5, 15), dt.date(2026, 6, 12))
    assert (row.principal, row.interest, row.total) == (Decimal("4000.00"), Decimal("210.11"), None)
    assert row.amount == Decimal("4210.11")
    assert (row.status, row.secondary_status) == ("Transmitted", "Sent to Treasury")
    assert row.state is RefundState.SENT_TO_TREASURY
    assert (found.report, found.sheet, row.row) == ("ES-022", None, 2)
    assert {repair.kind for repair in found.repairs} == {RepairKind.UNWRAPPED, RepairKind.DASHES}
    assert (found.problems, found.notes) == ((), ())
    assert found.totals.sums["principal"] == SumTotals(Decimal("4000.00"), Decimal("4000.00"), Decimal(0), 0)
    assert set(found.totals.sums) == {"principal", "interest"}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        # The words of CSMS 68536553, both spellings of the last two.
        ("Transmitted", RefundState.TRANSMITTED),
        ("Sent to Treasury", RefundState.SENT_TO_TREASURY),
        ("Treasury Issued", RefundState.TREASURY_ISSUED),
        ("Funds Diverted", RefundState.FUNDS_DIVERTED),
        ("Check/ACH Returned", RefundState.RETURNED),
        ("Check-ACH Returned", RefundState.RETURNED),
        ("Check/ACH Reissued", RefundState.REISSUED),
        ("check - ach  reissued", RefundState.REISSUED),
        ("Certified", None),
        ("", None),
        (None, None),
    ],
)
def test_states(text: str | None, state: RefundState | None) -> None:
    assert refund_state(text) is state


def test_an_unknown_status_is_kept_and_the_other_counts(tmp_path: Path) -> None:
    columns = ColumnMap("REV-603", {"refund_number": "No", "status": "Status", "secondary_status": "Second"})
    found = read(tmp_path, "No,Status,Second\nR1,Transmitted,Held somewhere\nR2,Odd,\n", columns)
    first, second = found.rows
    assert (first.state, first.secondary_status) == (RefundState.TRANSMITTED, "Held somewhere")
    assert (second.state, second.status, second.secondary_status) == (None, "Odd", None)
    assert (first.amount, first.principal) == (None, None)
    assert found.totals.sums == {}


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ("", RefundState.ACH_REJECTED),
        ("Check/ACH Returned", RefundState.ACH_REJECTED),
        ("Check/ACH Reissued", RefundState.REISSUED),
        ("Treasury Issued", RefundState.TREASURY_ISSUED),
    ],
)
def test_presence_in_rev_613_means_rejected_by_ach(tmp_path: Path, second: str, state: RefundState) -> None:
    columns = ColumnMap("REV-613", {"refund_number": "No", "secondary_status": "Second"})
    assert read(tmp_path, f"No,Second\nR1,{second}\n", columns).rows[0].state is state


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        (",1.00,", "1.00"),
        ("2.00,1.00,", "3.00"),
        ("2.00,,", "2.00"),
        ("2.00,1.00,2.75", "2.75"),
        (",,", None),
    ],
)
def test_the_amount_of_a_row(tmp_path: Path, cells: str, amount: str | None) -> None:
    columns = ColumnMap("REV-615", {"refund_number": "No", "principal": "P", "interest": "I", "total": "T"})
    (row,) = read(tmp_path, f"No,P,I,T\nR1,{cells}\n", columns).rows
    assert row.amount == (None if amount is None else Decimal(amount))


def test_bad_rows_are_problems_and_sums_tie(tmp_path: Path) -> None:
    columns = ColumnMap(
        "ES-022",
        {"refund_number": "No", "entry_number": "Entry", "principal": "P", "liquidation_date": "Day"},
    )
    found = read(
        tmp_path,
        "No,Entry,P,Day\n"
        "R1,ZT400001231,100.00,2026-05-15\n"
        "R2,,50.00,2026-05-15\n"
        ",,7.00,2026-05-15\n"
        "2.6E+10,,11.00,2026-05-15\n"
        "R5,ZT4000,abc,never\n"
        "R6,,abc,2026-05-15\n"
        "R7,,13.00,2026-02-30\n"
        "R8,,1,234.00,2026-05-15\n"
        "R1,ZT400001231,100.00,2026-05-15\n"
        ",,,\n"
        "Grand Total:,,281.00,\n",
        columns,
    )
    assert [row.row for row in found.rows] == [2, 3]
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (4, "No"),
        (5, "No"),
        (6, "Entry"),
        (7, "P"),
        (8, "Day"),
        (9, "No"),
    ]
    assert all(problem.remedy for problem in found.problems)
    assert dict(found.totals.excluded) == {
        Exclusion.BAD: 6,
        Exclusion.DUPLICATE: 1,
        Exclusion.BLANK: 1,
        Exclusion.TOTAL: 1,
    }
    assert (found.totals.rows_read, found.totals.rows_used) == (11, 2)
    # 100 + 50 used; 7 + 11 + 13 + 1 in bad rows, 100 repeated; two cells cannot be read.
    assert found.totals.sums["principal"] == SumTotals(Decimal(282), Decimal(150), Decimal(132), 2)


def test_a_row_without_an_entry_is_blamed_on_the_column_that_is_there(tmp_path: Path) -> None:
    columns = ColumnMap("ES-022", {"entry_number": "Entry", "principal": "P"})
    (problem,) = read(tmp_path, "Entry,P\n,5.00\n", columns).problems
    assert problem.column == "Entry"


def test_importer_numbers_are_masked_in_problems(tmp_path: Path) -> None:
    columns = ColumnMap("REV-613", {"refund_number": "No", "importer_number": "IOR"})
    (problem,) = read(tmp_path, "No,IOR\nR1,1.2E+11\n", columns).problems
    assert problem.value == "*******"


def test_rounded_numbers_in_a_workbook_are_refused(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the workbook is made by XlsxWriter")
    path = tmp_path / "rev615.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Data")
        sheet.write_row(0, 0, ["No", "Amount"])
        sheet.write_row(1, 0, [12.5, 100.25])
        sheet.write_row(2, 0, [12, 100.25])
    columns = ColumnMap("REV-615", {"refund_number": "No", "total": "Amount"}, "Data")
    found = read_refund_report(path, columns)
    assert [(row.refund_number, row.amount) for row in found.rows] == [("12", Decimal("100.25"))]
    assert [problem.row for problem in found.problems] == [2]
    assert found.sheet == "Data"
    with pytest.raises(FileFormatError, match=r"no sheet 'Other'\. Found: Data"):
        read_refund_report(path, ColumnMap("REV-615", dict(columns.columns), "Other"))


def test_a_damaged_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python_calamine = pytest.importorskip("python_calamine", reason="workbooks need python-calamine")
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the workbook is made by XlsxWriter")
    path = tmp_path / "rev615.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Main Report").write_row(0, 0, ["No", "Amount"])
        workbook.add_worksheet("Damaged")
    real = python_calamine.CalamineWorkbook.from_path

    class Spoilt:
        def __init__(self, book: object) -> None:
            self.book = book
            self.sheet_names = ["Main Report", "Damaged"]

        def get_sheet_by_name(self, name: str) -> object:
            if name == "Damaged":
                raise python_calamine.CalamineError("bad sheet")
            return real(path).get_sheet_by_name(name)

    class Reader:
        from_path = staticmethod(lambda path: Spoilt(real(path)))

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Reader)
    with pytest.raises(FileFormatError, match="bad sheet"):
        read_refund_report(path, ColumnMap("REV-615", {"refund_number": "No", "total": "Amount"}))


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        (
            "No,Amount\n",
            ColumnMap("REV-615", {"refund_number": "Number", "total": "Amount"}),
            "no column 'Number'",
        ),
        (
            "a,b\n",
            REV615,
            "'No' for refund_number or 'T'",
        ),
        (
            "No,T,t\n",
            REV615,
            "heading 'T' more than once",
        ),
        ("No,T\n", ColumnMap("REV-615", {"refund_number": "No", "total": "T"}, "Data"), "is text"),
        ("No,T\n", ColumnMap("bank", {"date": "No", "amount": "T"}), "for bank"),
        (
            ",".join(f"c{n}" for n in range(50)) + ",No\n",
            ColumnMap("REV-613", {"refund_number": "No", "total": "T"}),
            "and 11 more",
        ),
    ],
)
def test_files_and_maps_that_do_not_fit(tmp_path: Path, text: str, columns: ColumnMap, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, text, columns)


def test_totals_that_do_not_tie_are_refused() -> None:
    with pytest.raises(FieldError, match="rows: 3 read"):
        RowTotals(3, 1, {Exclusion.BAD: 1}, {})
    with pytest.raises(FieldError, match="principal: 3 read"):
        RowTotals(1, 1, {}, {"principal": SumTotals(Decimal(3), Decimal(1), Decimal(1), 0)})
