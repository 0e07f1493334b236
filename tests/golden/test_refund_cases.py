"""Public cases about what CBP paid: what the reports say, and what the bank says.

Cases 8, 11, 13 and 28 of the public cases on IEEPA refund work. Sources: guides; the CBP filing of May 2026
as reported by swapupdate.in; demarconsultinggroup.com (2026-05-05); CSMS 68536553 for the words of the
statuses.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from ieeparefund.ace.bank_lines import read_bank_lines
from ieeparefund.ace.column_map import ColumnMap
from ieeparefund.ace.refund_reports import RefundState, read_refund_report

BANK = ColumnMap("bank", {"date": "Date", "amount": "Amount"})


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_case_8_interest_and_principal_arrive_apart(tmp_path: Path) -> None:
    columns = ColumnMap("ES-022", {"entry_number": "Entry", "principal": "Principal", "interest": "Interest"})
    report = write(tmp_path / "es022.csv", "Entry,Principal,Interest\nZT400001231,4000.00,210.11\n")
    (refund,) = read_refund_report(report, columns).rows
    bank = write(tmp_path / "bank.csv", "Date,Amount\n2026-06-12,4000.00\n2026-06-15,210.11\n")
    lines = read_bank_lines(bank, BANK).lines
    assert [line.amount for line in lines] == [refund.principal, refund.interest]
    assert refund.amount == sum(line.amount for line in lines) == Decimal("4210.11")
    assert lines[1].date - lines[0].date == dt.timedelta(days=3)


def test_case_11_funds_diverted(tmp_path: Path) -> None:
    columns = ColumnMap(
        "REV-603", {"refund_number": "No", "secondary_status": "Secondary", "total": "Refund Amount"}
    )
    report = write(tmp_path / "rev603.csv", 'No,Secondary,Refund Amount\nR1,Funds Diverted,"12,000.00"\n')
    (refund,) = read_refund_report(report, columns).rows
    assert refund.state is RefundState.FUNDS_DIVERTED
    assert refund.secondary_status == "Funds Diverted"
    (line,) = read_bank_lines(write(tmp_path / "bank.csv", "Date,Amount\n2026-06-12,11250\n"), BANK).lines
    assert refund.amount is not None
    assert refund.amount - line.amount == Decimal("750.00")


def test_case_13_no_ach_data(tmp_path: Path) -> None:
    columns = ColumnMap("REV-613", {"refund_number": "Refund Number"})
    (refund,) = read_refund_report(write(tmp_path / "rev613.csv", "Refund Number\nR1\n"), columns).rows
    assert refund.state is RefundState.ACH_REJECTED
    assert refund.liquidation_date is None


def test_case_28_amounts_in_brackets_are_never_dropped(tmp_path: Path) -> None:
    bank = write(tmp_path / "bank.csv", 'Date,Amount\n2026-06-12,"(1,250.00)"\n2026-06-13,1250 CR\n')
    found = read_bank_lines(bank, BANK)
    assert [line.amount for line in found.lines] == [Decimal("-1250.00")]
    assert [problem.row for problem in found.problems] == [3]
