from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from ieeparefund.ace.bank_lines import BankLine, BankLines, read_bank_lines
from ieeparefund.ace.column_map import ColumnMap
from ieeparefund.ace.row_totals import SumTotals
from ieeparefund.errors import InputError
from ieeparefund.problems import Exclusion

BANK = ColumnMap("bank", {"date": "Posting Date", "amount": "Credit", "reference": "Details"})


def read(tmp_path: Path, text: str, columns: ColumnMap = BANK) -> BankLines:
    path = tmp_path / "bank.csv"
    path.write_text(text, encoding="utf-8")
    return read_bank_lines(path, columns)


def test_equal_lines_are_all_kept(tmp_path: Path) -> None:
    text = "Posting Date;Details;Credit\n06/12/2026;US TREASURY 310;4,000.00\n"
    found = read(tmp_path, text + "06/12/2026;US TREASURY 310;4,000.00\n06/15/2026;;(10.00)\n")
    line = BankLine(2, dt.date(2026, 6, 12), Decimal("4000.00"), "US TREASURY 310")
    assert found.lines == (
        line,
        BankLine(3, line.date, line.amount, line.reference),
        BankLine(4, dt.date(2026, 6, 15), Decimal("-10.00"), None),
    )
    assert found.totals.sums["amount"] == SumTotals(Decimal(7990), Decimal(7990), Decimal(0), 0)
    assert (found.problems, found.repairs, found.notes, found.sheet) == ((), (), (), None)


def test_bad_lines_are_problems_and_sums_tie(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Posting Date,Credit,Details\n"
        ",5.00,x\n"
        "2026-06-12,,x\n"
        "2026-06-12,5 USD,x\n"
        "2026-06-12,7.00,x\n"
        ",12.00,Total\n",
    )
    assert [line.row for line in found.lines] == [5]
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (2, "Posting Date"),
        (3, "Credit"),
        (4, "Credit"),
    ]
    assert "blank" in found.problems[0].problem
    assert "not an amount" in found.problems[2].problem
    assert dict(found.totals.excluded) == {Exclusion.BAD: 3, Exclusion.TOTAL: 1}
    assert found.totals.sums["amount"] == SumTotals(Decimal(12), Decimal(7), Decimal(5), 1)


def test_without_a_reference_column(tmp_path: Path) -> None:
    columns = ColumnMap("bank", {"date": "Date", "amount": "Amount"})
    assert read(tmp_path, "Date,Amount\n2026-06-12,1\n", columns).lines[0].reference is None


def test_a_map_for_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is for REV-613"):
        read(tmp_path, "No\nR1\n", ColumnMap("REV-613", {"refund_number": "No"}))
