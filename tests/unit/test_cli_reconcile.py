"""`reconcile` on the shipped sample, with reports, a bank statement and offsets made from its own estimates."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")

from tests.unit.test_cli import ASKED, MESSY, SAMPLE, as_json, run

from ieeparefund.ace.refund_reports import RefundState
from ieeparefund.refunds.reconcile_inputs import PaymentState

AT = ("--as-of", "2026-07-31", "--declared-on", "2026-05-15", "--payee", "corporation")
REPORT_MAP = """report = "ES-022"
[columns]
refund_number = "Refund"
entry_number = "Entry"
importer_number = "Importer"
liquidation_date = "Liquidated"
principal = "Principal"
interest = "Interest"
secondary_status = "Secondary"
"""
BANK_MAP = """report = "bank"
[columns]
date = "Date"
amount = "Amount"
reference = "Text"
"""


class Files:
    """The files of one reconciliation; every accepted entry of the sample is refunded as estimated."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = as_json("estimate", SAMPLE, *ASKED)
        self.rows = [
            [
                f"R-{place:04d}",
                one["entry_number"],
                "",
                one["interest_to"],
                one["refundable_duty"],
                one["interest"],
                "",
            ]
            for place, one in enumerate(found["entries"])
            if one["outcome"] == "accepted"
        ]
        self.others = [one for one in found["entries"] if one["outcome"] != "accepted"]
        self.deferred = [one for one in found["entries"] if one["outcome"] == "accepted_deferred"]
        self.bank = [
            ["2026-07-20", str(Decimal(row[4]) + Decimal(row[5])), f"CUSTOMS {row[0]}"] for row in self.rows
        ]
        self.offsets: list[list[str]] = []

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def table(self, name: str, header: str, rows: list[list[str]]) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([header.split(","), *rows])
        return self.write(name, out.getvalue())

    def options(self) -> list[str]:
        header = "Refund,Entry,Importer,Liquidated,Principal,Interest,Secondary"
        return [
            SAMPLE,
            "--payments",
            self.table("es022.csv", header, self.rows),
            "--columns",
            self.write("es022.toml", REPORT_MAP),
            *AT,
        ]

    def with_bank(self) -> list[str]:
        return [
            *self.options(),
            "--bank",
            self.table("bank.csv", "Date,Amount,Text", self.bank),
            "--bank-columns",
            self.write("bank.toml", BANK_MAP),
        ]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_what_came_as_estimated_is_explained_by_what_is_on_hold(files: Files) -> None:
    found = as_json("reconcile", *files.with_bank(), code=3 if files.deferred else 0)
    totals = found["totals"]
    assert totals["rows_read"] == totals["rows_used"] + totals["rows_excluded"]
    assert totals["entries"]["unexplained"] == totals["payments"]["unexplained"] == "0.00"
    assert totals["entries"]["by_result"]["matched"] == len(files.rows)
    assert totals["payments"]["received"] == str(sum(Decimal(line[1]) for line in files.bank))
    assert found["problems"] == []


def test_every_state_of_a_report_is_one_of_a_payment() -> None:
    assert {state.value for state in RefundState} == {state.value for state in PaymentState}


def spoil_bank(files: Files) -> list[str]:
    files.bank[0][1] = "1.00"
    return files.with_bank()


def unknown_entry(files: Files) -> list[str]:
    files.rows.append(["R-9999", "ABC-1234567-6", "", "2026-06-12", "10.00", "1.00", ""])
    return files.options()


def offset(files: Files) -> list[str]:
    files.bank[0][1] = str(Decimal(files.bank[0][1]) - 7)
    listed = files.table("offsets.csv", "Refund Number,Amount,Bill", [[files.rows[0][0], "7.00", "B-1"]])
    return [*files.with_bank(), "--offsets", listed]


@pytest.mark.parametrize(("change", "code"), [(spoil_bank, 4), (unknown_entry, 5), (offset, 3)])
def test_exit_codes(files: Files, change: Callable[[Files], list[str]], code: int) -> None:
    out = run("reconcile", *change(files), code=code).stdout
    assert max(map(len, out.splitlines())) <= 100
    assert "From expected to received" in out


def test_matched_is_0_and_problems_are_1(files: Files) -> None:
    # Without the entries that are on hold, rejected or undetermined.
    gone = {one["entry_number"].replace("-", "") for one in files.others}
    lines = Path(SAMPLE).read_text(encoding="utf-8").splitlines()
    kept = files.write("kept.csv", "\n".join(line for line in lines if line.split(",")[0] not in gone) + "\n")
    rest = files.options()[1:]
    out = run("reconcile", kept, *rest).stdout
    assert "No bank statement was given" in out
    assert "Entries that are not simply matched" not in out
    files.rows.append(["R-9999", "no entry", "", "2026-06-12", "10.00", "1.00", ""])
    found = as_json("reconcile", kept, *files.options()[1:], code=1)
    assert len(found["problems"]) == 1
    text = run("reconcile", kept, *files.options()[1:], code=1).stdout
    assert "Problems in the input" in text


def test_csv_to_a_file_and_lines_by_reference(files: Files, tmp_path: Path) -> None:
    files.bank.append(["2026-07-21", "55.00", "A CUSTOMER"])
    run("reconcile", *files.with_bank(), code=4)
    target = tmp_path / "out.csv"
    wanted = ["--bank-reference", "customs", "--format", "csv", "--output", str(target)]
    run("reconcile", *files.with_bank(), *wanted, code=3)
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert {row["level"] for row in rows} == {"entry", "payment"}
    assert sum(Decimal(row["received"]) for row in rows if row["level"] == "payment") == sum(
        Decimal(line[1]) for line in files.bank[:-1]
    )


def test_two_reports_with_a_map_each(files: Files) -> None:
    rev = files.write("rev613.csv", f"Number\n{files.rows[0][0]}\n")
    columns = files.write("rev613.toml", 'report = "REV-613"\n[columns]\nrefund_number = "Number"\n')
    found = as_json("reconcile", *files.options(), "--payments", rev, "--columns", columns, code=3)
    held = Decimal(files.rows[0][4]) + Decimal(files.rows[0][5])
    assert found["totals"]["payments"]["items"]["held_for_ach"] == f"-{held}"


def test_overlapping_files_of_one_report_count_once(files: Files) -> None:
    options = files.options()
    once = as_json("reconcile", *options, code=3)["totals"]
    twice = as_json("reconcile", *options, "--payments", options[2], code=3)["totals"]
    assert twice.pop("payment_rows_repeated") == len(files.rows)
    assert once.pop("payment_rows_repeated") == 0
    assert twice == once


def test_unusable_arguments(files: Files) -> None:
    options = files.options()
    run("reconcile", *options, "--columns", options[4], "--columns", options[4], code=2)
    run("reconcile", *options, "--bank", options[2], code=2)
    run("reconcile", *options, "--offsets", options[2], code=2)
    run("reconcile", *options, "--offsets", files.write("empty.csv", "x\n1\n"), code=2)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["R-1", "", "", "", ""], "the amount is blank."),
        (["", "", "5.00", "", ""], "an offset of 5.00 belongs to nothing."),
        (["R-1", "", "5.00", "gift", ""], "'****' is no kind."),
        (["", "ZT400001231", "-5.00", "netting", ""], "amount of an offset is -5.00."),
    ],
)
def test_bad_offsets_are_problems(files: Files, row: list[str], problem: str) -> None:
    listed = files.table("offsets.csv", "Refund Number,Entry Number,Amount,Kind,Bill", [row])
    found: Any = as_json("reconcile", *files.options(), "--offsets", listed, code=3)
    assert [one["problem"] for one in found["problems"]] == [problem]


def test_a_good_netting_row(files: Files) -> None:
    row = files.rows[0]
    principal = Decimal(row[4])
    row[4] = str(principal - 1)
    row[5] = "0.00"
    listed = files.table("offsets.csv", "Entry Number,Amount,Kind", [[row[1], "1.00", "Netting"]])
    found = as_json("reconcile", *files.options(), "--offsets", listed, code=3)
    assert Decimal(found["totals"]["entries"]["items"]["netting"]) <= -1


def test_problems_of_the_export_count(files: Files) -> None:
    found = as_json("reconcile", MESSY, *files.options()[1:], code=5)
    assert len(found["problems"]) == 14
