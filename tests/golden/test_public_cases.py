"""Public cases of what goes wrong in IEEPA refund work, each with the right answer and where it is from.

Cases 8 to 13 are in `test_reconcile_cases.py`. Entry numbers are synthetic with a valid check digit.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import ieeparefund as ir
from ieeparefund.ace.ace_texts import Action, advice
from ieeparefund.ace.cape_declaration import declaration_bytes, read_declaration
from ieeparefund.ace.cells import parse_amount
from ieeparefund.entries.entry_number import entry_check_digit
from ieeparefund.refunds.ledger import Result, ResultState

D = dt.date
A, B, C = "ZT400001231", "ZT400004565", "ZT400007899"


def earned(principal: str, first: dt.date, last: dt.date, payee: str = "corporation") -> Decimal:
    return ir.interest(principal, deposited=first, liquidated=last, payee=payee).amount


def entry(number: str = A, *rows: tuple[str, str], **changes: Any) -> ir.Entry:
    """An entry with one line of IEEPA and other rows, (number, duty)."""
    tariffs = [ir.TariffLine(code, None, duty) for code, duty in rows or (("9903.01.25", "1000.00"),)]
    facts: dict[str, Any] = {
        "number": number,
        "entry_type": "01",
        "entry_date": D(2025, 6, 10),
        "lines": [ir.EntryLine(1, "VN", tariffs)],
        "importer": "12-345678900",
        "liquidation_status": "unliquidated",
    }
    return ir.Entry(**(facts | changes))


def asked(made: ir.Entry, as_of: dt.date) -> ir.RefundEstimate:
    return ir.estimate_refund(made, as_of=as_of, payee="corporation")


def test_case_1_when_interest_starts_and_stops() -> None:
    # icpainc.org, Answer the Membership (mid 2026); 19 USC 1505(c).
    assert earned("10000.00", D(2025, 4, 15), D(2026, 2, 23)) == Decimal("529.67")
    assert earned("10000.00", D(2025, 4, 15), D(2026, 3, 20)) == Decimal(
        "573.03"
    )  # run on to the ACH date: wrong
    result = ir.interest("10000", deposited=D(2025, 4, 15), liquidated=D(2026, 2, 23), payee="corporation")
    assert result.days == 314


def test_case_2_interest_stops_at_liquidation_and_money_comes_later() -> None:
    # Consulting blog (2026) against a guide (2026-05-04).
    assert earned("250000.00", D(2025, 4, 22), D(2026, 1, 30)) == Decimal("11903.90")
    late = ir.late_refund_interest(
        Decimal("261903.90"), liquidated=D(2026, 1, 30), paid=D(2026, 3, 31), payee="corporation"
    )
    assert late.days_late == 30  # sixty days after liquidation, thirty past the term
    traced = ir.explain_interest(
        "14499.63",
        "250000.00",
        deposited=D(2025, 4, 22),
        liquidated=D(2026, 1, 30),
        payee="corporation",
        paid_on=D(2026, 3, 31),
    )
    assert traced.matches


def test_case_3_simple_instead_of_compound() -> None:
    # Method pages of another tool; 26 USC 6622.
    assert earned("100000.00", D(2025, 6, 20), D(2026, 3, 27)) == Decimal("4709.91")
    traced = ir.explain_interest(
        "4602.74", "100000.00", deposited=D(2025, 6, 20), liquidated=D(2026, 3, 27), payee="corporation"
    )
    assert any("simple" in departure for departure in traced.matches[0].departures)


def test_case_4_compounding_crosses_a_quarter() -> None:
    assert earned("1000000.00", D(2025, 6, 30), D(2025, 7, 1)) == Decimal("164.38")


def test_case_5_corporate_or_not() -> None:
    # FR 2026-01175; internationaltradetoday.com 2025-09-26.
    assert earned("10000.00", D(2025, 7, 1), D(2026, 1, 1), "corporation") == Decimal("307.06")
    assert earned("10000.00", D(2025, 7, 1), D(2026, 1, 1), "other") == Decimal("359.14")


def test_case_6_an_unpublished_quarter_is_refused_or_provisional() -> None:
    # FR Doc. 2026-01175: corporations 6 per cent in 2026Q1, not 7.
    assert ir.annual_rate(D(2026, 2, 1), "corporation") == 6
    with pytest.raises(ir.RateNotPublishedError, match="2026-12-31"):
        ir.annual_rate(D(2027, 1, 1), "corporation")
    answer = ir.estimate_refund(
        entry(), as_of=D(2026, 5, 15), payee="corporation", liquidated_on=D(2027, 2, 1)
    )
    assert answer.provisional


def test_case_7_periodic_monthly_statement() -> None:
    # icpainc.org; CSMS 68340863.
    assert ir.periodic_statement_due_date(D(2025, 5, 12)) == D(2025, 6, 23)
    assert earned("50000.00", D(2025, 6, 23), D(2026, 2, 20)) == Decimal("2028.96")
    assert earned("50000.00", D(2025, 5, 12), D(2026, 2, 20)) == Decimal("2389.39")


def test_case_14_exactly_one_column() -> None:
    # chpowell.com (CBP update 2026-05-26): a third of declarations failed file validation.
    numbers = [ir.EntryNumber.parse(A), ir.EntryNumber.parse(B)]
    assert declaration_bytes(numbers, line_end="lf") == f"Entry Number\n{A}\n{B}\n".encode("ascii")


def test_case_15_byte_order_mark_crlf_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "upload.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"Entry Number\r\n{A} \r\n\r\n".encode("ascii"))
    found = read_declaration(path)
    assert [number.compact for number in found.numbers] == [A]
    assert len(found.repairs) == 3


def test_case_16_leading_zeros() -> None:
    assert ir.EntryNumber.parse("100023456", pad=True).compact == "00100023456"


@pytest.mark.parametrize("text", [f'="{A}"', f"'{A}", f"\u2019{A}"])
def test_case_17_wrapped_cells(text: str) -> None:
    assert ir.EntryNumber.parse(text).compact == A


def test_case_18_dashes_spaces_case() -> None:
    assert ir.EntryNumber.parse("zt4 – 0000123 – 1").compact == A


def test_case_19_more_than_9999_entries() -> None:
    # CSMS 68315804.
    one = asked(entry(), D(2026, 5, 15))
    many = []
    for count in range(20_000):
        ten = f"ZT4{count:07d}"
        number = ir.EntryNumber(f"{ten}{entry_check_digit(ten)}")
        many.append(replace(one, entry=replace(one.entry, number=number)))
    plan = ir.plan_declarations(many)
    assert [len(declaration.numbers) for declaration in plan] == [9999, 9999, 2]


HEADER = (
    "Entry Summary Number,Entry Type Code,Entry Date,Entry Summary Line Number,Tariff Ordinal Number,"
    "HTS Number - Full,Line Tariff Duty Amount"
)


def read(tmp_path: Path, *rows: str, header: str = HEADER) -> ir.EntryFile:
    path = tmp_path / "es003.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return ir.read_entries(path)


def test_case_20_one_row_a_tariff_number(tmp_path: Path) -> None:
    # CSMS 69056483; three lines of one entry and one of another.
    file = read(
        tmp_path,
        *(f"{A},01,06/10/2025,{line},1,99030125,100.00" for line in (1, 2, 3)),
        f"{B},01,06/10/2025,1,1,99030125,100.00",
    )
    assert file.totals.rows_used == 4
    assert [entry.number.compact for entry in file.entries] == [A, B]


def test_case_21_two_lines_with_the_same_code_and_amount(tmp_path: Path) -> None:
    file = read(tmp_path, *(f"{A},01,06/10/2025,{line},1,99030124,1200.00" for line in (1, 2)))
    assert ir.ieepa_duty(file.entries[0]).paid == Decimal("2400.00")
    assert file.totals.rows_excluded == 0


def test_case_22_without_liquidation_columns_the_state_is_unknown(tmp_path: Path) -> None:
    (made,) = read(tmp_path, f"{A},01,06/10/2025,1,1,99030125,100.00").entries
    assert made.liquidation_status is None
    answer = asked(made, D(2026, 5, 15))
    assert answer.outcome is ir.Outcome.UNDETERMINED
    assert any("Liquidation Date" in sentence for sentence in answer.missing)


def test_case_23_an_ieepa_number_with_zero_duty() -> None:
    answer = asked(entry(A, ("9903.01.33", "0.00")), D(2026, 5, 15))
    assert answer.outcome is ir.Outcome.REJECTED
    assert "NO IEEPA HTS" in {finding.ace_text for finding in answer.findings}


def test_case_24_section_122_is_not_ieepa() -> None:
    # CSMS 67844987.
    assert ir.authority("9903.03.01") is ir.Authority.SECTION_122
    assert ir.ieepa_duty(entry(A, ("9903.03.01", "900.00"))).refundable == 0


def test_case_25_sections_301_and_232_on_the_same_entry() -> None:
    made = entry(A, ("9903.88.03", "5000.00"), ("9903.01.24", "8500.00"))
    assert ir.ieepa_duty(made).refundable == Decimal("8500.00")


def test_case_26_potash_at_10_per_cent() -> None:
    # CSMS 64336037.
    heading = ir.ieepa_heading("9903.01.15", D(2025, 6, 10))
    assert heading is not None
    assert (heading.kind, heading.rate) == (ir.HeadingKind.DUTY, 10)
    assert ir.ieepa_duty(entry(A, ("9903.01.15", "1000.00"))).refundable == Decimal("1000.00")


def test_case_27_codes_without_dots_or_with_ten_digits() -> None:
    spelled = {ir.TariffLine(text).number for text in ("99030125", "9903.01.25.00", "9903.01.25")}
    assert spelled == {"9903.01.25"}


def test_case_28_amounts_in_brackets() -> None:
    assert Decimal("-1250.00") in parse_amount("(1,250.00)")


def test_case_29_first_and_last_day_of_a_rate() -> None:
    # CSMS 66749380.
    rates = [ir.ieepa_heading("9903.01.24", day, "CN") for day in (D(2025, 11, 9), D(2025, 11, 10))]
    assert [row.rate for row in rates if row is not None] == [20, 10]


def test_case_30_duty_paid_against_duty_computed() -> None:
    rows = [ir.TariffLine("9903.01.25", 0, "2000.00"), ir.TariffLine("8471300100", 20000, 0)]
    line = ir.EntryLine(1, "VN", rows)
    assert ir.ieepa_duty(entry(lines=[line])).refundable == Decimal("2000.00")
    assert ir.expected_duty("9903.01.25", 20000, D(2025, 6, 10), "VN", us_content=0, mode="air") == Decimal(
        "2000.00"
    )


def test_case_31_past_80_days() -> None:
    # CSMS 68315804; newscard.xyz.
    made = entry(liquidation_status="liquidated", liquidation_date=D(2026, 1, 30))
    assert asked(made, D(2026, 4, 20)).outcome is ir.Outcome.ACCEPTED
    assert asked(made, D(2026, 4, 21)).outcome is ir.Outcome.REJECTED
    assert ir.cape_window(D(2026, 1, 30)).closes == D(2026, 4, 20)


def test_case_32_days_81_to_90() -> None:
    day = D(2026, 2, 6)
    closes = [
        window.closes
        for window in (ir.cape_window(day), ir.voluntary_reliquidation_window(day), ir.protest_window(day))
    ]
    assert closes == [D(2026, 4, 27), D(2026, 5, 7), D(2026, 8, 5)]
    answer = asked(entry(liquidation_status="liquidated", liquidation_date=day), D(2026, 5, 1))
    assert answer.outcome is ir.Outcome.REJECTED
    assert {remedy.by for remedy in answer.remedies} >= {D(2026, 5, 7), D(2026, 8, 5)}


def test_case_33_blank_liquidation_date() -> None:
    assert ir.cape_window(None) is None
    assert "cape" not in asked(entry(), D(2026, 5, 15)).windows


def test_case_34_day_180_on_a_holiday_weekend() -> None:
    # liebermanpllc.com.
    window = ir.protest_window(D(2026, 1, 5))
    assert window.closes == D(2026, 7, 4)
    assert "2026-07-06" in window.note
    assert "UNSAFE" in window.note


def test_case_35_open_protest() -> None:
    # CSMS 68340863.
    made = entry(protest="open", liquidation_status="liquidated", liquidation_date=D(2026, 4, 5))
    answer = asked(made, D(2026, 5, 15))
    assert answer.outcome is ir.Outcome.REJECTED
    assert "withdraw_protest" in {remedy.action for remedy in answer.remedies}


def test_case_36_reconciliation_due_in_under_30_days() -> None:
    # CSMS 69035485; tuttlelaw.com 2026-06-25.
    made = entry(reconciliation_flagged=True, reconciliation_filed=False, reconciliation_due=D(2026, 7, 20))
    assert asked(made, D(2026, 6, 28)).outcome is ir.Outcome.REJECTED
    answer = asked(made, D(2026, 7, 1))
    assert answer.outcome is ir.Outcome.ACCEPTED
    assert answer.remedies[0].action == "file_reconciliation_first"


def test_case_37_suspended_antidumping_is_taken_without_a_date() -> None:
    # mannpublications.com 2026-03-30.
    answer = asked(entry(entry_type="03", liquidation_status="suspended"), D(2026, 5, 15))
    assert answer.outcome is ir.Outcome.ACCEPTED_DEFERRED
    book = ir.estimate_portfolio([answer.entry], as_of=D(2026, 5, 15), payee="corporation")
    assert book.expected_payments() == []


def test_case_38_warehouse_entries_need_the_day() -> None:
    # CSMS 69127837 as restated by the BoxC knowledge base.
    made = entry(entry_type="21")
    assert asked(made, D(2026, 7, 6)).outcome is ir.Outcome.ACCEPTED_DEFERRED
    answer = asked(made, D(2026, 7, 7))
    assert answer.outcome is ir.Outcome.REJECTED
    assert "ENTRY TYPE NOT ALLOWED" in {finding.ace_text for finding in answer.findings}


def test_case_39_a_dropped_text_is_resubmitted_unchanged() -> None:
    # CSMS 69056483.
    said = advice("HTS RELATIONSHIP/SEQUENCE MISMATCH", D(2026, 5, 2), D(2026, 7, 10))
    assert said.action is Action.RESUBMIT_UNCHANGED


def test_case_40_the_correction_window() -> None:
    # ncbfaa.org 2026-05-18.
    window = ir.post_summary_correction_window(D(2025, 8, 1), D(2026, 5, 29))
    assert window.closes == D(2026, 5, 14)


def test_case_41_account_mismatch() -> None:
    made = asked(entry(importer="98-7654321XX"), D(2026, 5, 15))
    plan = ir.plan_declarations([made], account=ir.Account(importer="12-3456789XX"))
    assert list(plan) == []
    assert "ACCOUNT MISMATCH" in plan.excluded[0].reasons[0].reason


def test_case_42_filed_twice() -> None:
    # freightright.com: an accepted entry stays away, a rejected one comes back.
    estimates = [asked(entry(number), D(2026, 5, 15)) for number in (A, B, C)]
    with ir.Ledger.open(":memory:") as ledger:
        with ledger.transaction():
            first = ir.plan_declarations(estimates[:2], ledger)
            ledger.add_declaration(first[0], file_name="1.csv", folder="f", sha256="0")
        ledger.record(
            [
                Result(ir.EntryNumber(A), ResultState.ACCEPTED, "90000000001"),
                Result(ir.EntryNumber(B), ResultState.REJECTED, "90000000001"),
            ],
            recorded_on=D(2026, 5, 18),
        )
        again = ir.plan_declarations(estimates, ledger)
    assert [number.compact for number in again[0].numbers] == [B, C]


def test_case_43_whole_book_figures_tie(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        f"{A},01,06/10/2025,1,1,99030125,100.10",
        f"{A},01,06/10/2025,1,1,99030125,100.10",
        f"{B},01,13/45/2025,1,1,99030125,7.77",
        ",,,,,,",
    )
    totals = file.totals
    assert totals.rows_read == totals.rows_used + totals.rows_excluded == 4
    assert totals.duty_read == totals.duty_used + totals.duty_excluded == Decimal("207.97")


def test_every_case_is_here_or_in_the_reconciliation_cases() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for path in (Path(__file__), Path(__file__).with_name("test_reconcile_cases.py"))
    ]
    found = {int(count) for text in texts for count in re.findall(r"def test_case_(\d+)_", text)}
    assert found == set(range(1, 44))
