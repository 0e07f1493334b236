"""Reconciliation, branch by branch: report rows, netting, doubts, pending entries, bank lines, offsets, errors."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import FieldError, FloatMoneyError, InputError
from ieeparefund.refunds.bank_matching import BankTarget, match_bank_lines
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.reconcile import Reconciliation, reconcile
from ieeparefund.refunds.reconcile_entries import EntryCheck
from ieeparefund.refunds.reconcile_inputs import (
    BankLine,
    Offset,
    Payment,
    PaymentState,
    is_held,
    is_returned,
    party_key,
)
from ieeparefund.refunds.reconcile_items import ItemKind, Result, worst
from ieeparefund.refunds.reconcile_payments import PaymentCheck
from ieeparefund.refunds.tolerance import rounding_tolerance

A, B = "ZT400001231", "ZT400004565"
FRIDAY = dt.date(2026, 6, 12)
DAY = dt.date(2026, 6, 30)
PAID = dt.date(2026, 6, 25)
NET = Decimal("100.00")


def estimate(
    number: str = A, duty: str = "1000.00", *, as_of: dt.date = DAY, **changes: Any
) -> RefundEstimate:
    # Deposited on the day of liquidation, so that no interest runs, unless said otherwise.
    facts: dict[str, Any] = {
        "number": number,
        "entry_type": "01",
        "entry_date": dt.date(2025, 6, 2),
        "lines": [EntryLine(1, "VN", [TariffLine("9903.01.25", 0, duty)])],
        "importer": "75-419312501",
        "deposit_date": FRIDAY,
        "liquidation_status": "unliquidated",
        "cape_accepted_on": dt.date(2026, 4, 28),
    }
    return estimate_refund(Entry(**(facts | changes)), as_of=as_of, payee="corporation")


def old(number: str = A, **changes: Any) -> RefundEstimate:
    """An estimate with interest: 57.79 to FRIDAY, on a deposit of 2025-06-16."""
    return estimate(number, **({"deposit_date": dt.date(2025, 6, 16)} | changes))


def row(number: str | None = A, principal: Any = "1000.00", interest: Any = "0.00", **facts: Any) -> Payment:
    return Payment(
        number, **({"liquidation_date": FRIDAY, "principal": principal, "interest": interest} | facts)
    )


def only_entry(found: Reconciliation) -> EntryCheck:
    (check,) = found.entries
    return check


def only_payment(found: Reconciliation) -> PaymentCheck:
    (check,) = found.payments
    return check


def named(line: EntryCheck | PaymentCheck) -> list[tuple[ItemKind, Decimal]]:
    return [(item.kind, item.amount) for item in line.items]


def due(made: RefundEstimate) -> Decimal:
    return only_entry(reconcile([made], [row()])).expected_interest


# Reading the rows


def test_rows_of_one_report_add_up_and_two_reports_tell_the_same_money() -> None:
    interest = due(old())
    apart = [row(interest=None, report="ES-022"), row(principal=None, interest=interest, report="ES-022")]
    again = [row(principal=None, interest=None, total=1000 + interest, report="REV-615")]
    check = only_entry(reconcile([old()], [*again, *apart]))
    assert check.result is Result.MATCHED
    assert (check.paid_principal, check.paid_interest) == (Decimal("1000.00"), interest)


def test_principal_with_a_total_gives_the_interest() -> None:
    interest = due(old())
    assert (
        only_entry(reconcile([old()], [row(interest=None, total=1000 + interest)])).paid_interest == interest
    )


def test_a_total_alone_is_compared_and_rounded() -> None:
    interest = due(old())
    total = [row(principal=None, interest=None, total=1000 + interest)]
    check = only_entry(reconcile([old()], total))
    assert check.result is Result.MATCHED
    assert check.paid_principal is None
    assert check.interest_case is None
    cent = only_entry(reconcile([old()], [row(principal=None, interest=None, total="1000.01")]))
    assert cent.result is Result.UNEXPLAINED
    assert "ES-022" in cent.note
    near = only_entry(
        reconcile([old()], [row(principal=None, interest=None, total=Decimal("999.99") + interest)])
    )
    assert named(near) == [(ItemKind.ROUNDING, Decimal("-0.01"))]


def test_a_row_of_interest_alone_leaves_the_principal_unexplained() -> None:
    check = only_entry(reconcile([old()], [row(principal=None, interest="57.00")]))
    assert check.paid_principal == 0
    assert check.result is Result.UNEXPLAINED
    assert check.interest_case is None


def test_reports_that_disagree_cannot_be_checked() -> None:
    rows = [row(report="ES-022"), row(principal="900.00", report="REV-615")]
    check = only_entry(reconcile([estimate()], rows))
    assert check.result is Result.COULD_NOT_CHECK
    assert check.unchecked == 0
    assert "ES-022 gives 1,000.00" in check.note
    reverse = only_entry(reconcile([estimate()], rows[::-1]))
    assert reverse.unchecked == -NET


def test_rows_without_amounts() -> None:
    bare = {"principal": None, "interest": None}
    held = only_entry(reconcile([estimate()], [row(**bare, state="ach_rejected")]))
    assert named(held) == [(ItemKind.HELD_FOR_ACH, Decimal("-1000.00"))]
    back = only_entry(reconcile([estimate()], [row(**bare, state="returned")]))
    assert named(back) == [(ItemKind.RETURNED, Decimal("-1000.00"))]
    silent = only_entry(reconcile([estimate()], [row(**bare)]))
    assert silent.result is Result.COULD_NOT_CHECK
    assert silent.unchecked == -1000


# Naming the difference


def test_listed_netting_with_its_interest() -> None:
    made = old()
    interest = due(made)
    less = only_entry(reconcile([old(duty="900.00")], [row(principal="900.00")])).expected_interest
    found = reconcile(
        [made], [row(principal="900.00", interest=less)], [Offset(NET, entry=A, kind="netting")]
    )
    assert named(only_entry(found)) == [(ItemKind.NETTING, less - interest - 100)]
    assert found.result is Result.EXPLAINED
    much = reconcile([made], [row(principal="0.00")], [Offset("5000", entry=A, kind="netting")] * 2)
    assert named(only_entry(much)) == [(ItemKind.NETTING, -1000 - interest)]


def test_an_adjustment_of_the_file_that_cbp_did_not_make() -> None:
    made = estimate(other_adjustments=NET)
    check = only_entry(reconcile([made], [row()]))
    assert check.expected == Decimal("900.00")
    assert named(check) == [(ItemKind.NETTING, NET)]
    assert only_entry(reconcile([made], [row(principal="900.00")])).result is Result.MATCHED


def test_interest_outstanding_and_rounding() -> None:
    interest = due(old())
    for nothing in (None, "0.00"):
        check = only_entry(reconcile([old()], [row(interest=nothing)]))
        assert named(check) == [(ItemKind.INTEREST_OUTSTANDING, -interest)]
    cent = only_entry(reconcile([old()], [row(interest=interest + Decimal("0.01"))]))
    assert named(cent) == [(ItemKind.ROUNDING, Decimal("0.01"))]
    two = only_entry(reconcile([old()], [row(interest=interest + Decimal("0.02"))]))
    assert two.unexplained == Decimal("0.02")
    assert "explain_interest" in two.note
    assert two.interest_case is not None
    assert two.interest_case.deposited == dt.date(2025, 6, 16)


def test_a_principal_is_never_rounded_and_the_note_says_whether_its_interest_fits() -> None:
    check = only_entry(reconcile([estimate()], [row(principal="999.99")]))
    assert check.unexplained == Decimal("-0.01")
    assert "ask what changed" in check.note
    odd = only_entry(reconcile([old()], [row(principal="900.00", interest="1.00")]))
    assert odd.note == "CBP refunded a principal of 900.00."
    assert odd.result is Result.UNEXPLAINED
    for wrong in (row(principal="-10.00"), row(interest="-10.00")):
        assert only_entry(reconcile([estimate()], [wrong])).interest_case is None


@pytest.mark.parametrize(
    ("made", "reported", "why"),
    [
        # The deposit is assumed (10th working day); interest from the entry date is within the bounds.
        (estimate(deposit_date=None), row(interest="60.00"), "deposit date is assumed"),
        (old(cape_accepted_on=None), row(interest="50.00", liquidation_date=None), "No liquidation date"),
        (old(), row(interest="90.00", liquidation_date=dt.date(2027, 1, 8)), "not published"),
    ],
)
def test_what_cannot_be_judged(made: RefundEstimate, reported: Payment, why: str) -> None:
    check = only_entry(reconcile([made], [reported]))
    assert check.result is Result.COULD_NOT_CHECK
    assert why in check.note
    assert check.unchecked == check.difference != 0


def test_an_assumed_deposit_is_no_excuse_for_any_figure() -> None:
    check = only_entry(reconcile([estimate(deposit_date=None)], [row(interest="20.00")]))
    assert check.result is Result.UNEXPLAINED


def test_a_range_of_duty_cannot_be_judged_within() -> None:
    rows = [TariffLine("9903.02.20", 10000, "1500.00"), TariffLine("3926.90.99.89", 10000, 0)]
    made = estimate(lines=[EntryLine(1, "DE", rows)], entry_date=dt.date(2025, 9, 2))
    assert not made.duty.is_certain
    inside = only_entry(reconcile([made], [row(principal=made.duty.low + 1)]))
    assert inside.result is Result.COULD_NOT_CHECK
    assert "column 1 rate" in inside.note
    total = only_entry(reconcile([made], [row(principal=None, interest=None, total=made.duty.low + 1)]))
    assert total.result is Result.COULD_NOT_CHECK
    outside = only_entry(reconcile([made], [row(principal="1600.00")]))
    assert outside.result is Result.UNEXPLAINED


def test_a_refund_of_a_rejected_entry_is_compared_with_what_was_at_stake() -> None:
    made = estimate(on_drawback_claim=True, cape_accepted_on=None)
    assert made.outcome.value == "rejected"
    assert reconcile([made], [row()]).result is Result.MATCHED
    assert reconcile([made], []).left_out == (made.entry.number,)


# Entries no report names


def test_pending_and_overdue_entries() -> None:
    liquidated = {"liquidation_date": FRIDAY, "liquidation_status": "liquidated"}
    waiting = only_entry(reconcile([estimate(**liquidated)], []))
    assert named(waiting) == [(ItemKind.NOT_YET_LIQUIDATED, Decimal("-1000.00"))]
    assert "is due by 2026-07-12" in waiting.note
    late = only_entry(reconcile([estimate(**liquidated)], [], as_of=dt.date(2026, 7, 13)))
    assert late.unexplained == -1000
    assert "was due by 2026-07-12" in late.note
    again = {
        "liquidation_date": dt.date(2026, 4, 3),
        "reliquidation_date": FRIDAY,
        "liquidation_status": "liquidated",
    }
    other = estimate(B, "500.00", **again)
    missing = reconcile([estimate(**liquidated), other], [row()])
    assert missing.entries[1].result is Result.UNEXPLAINED
    assert "is not in it" in missing.entries[1].note
    assert len(missing.payments) == 1
    future = only_entry(reconcile([estimate(**again)], [], as_of=dt.date(2026, 6, 1)))
    assert future.liquidation_date is None
    before = only_entry(reconcile([estimate(**(liquidated | {"liquidation_date": dt.date(2026, 4, 3)}))], []))
    assert before.liquidation_date is None


def test_a_liquidation_after_the_day_of_the_estimate_is_known_once_it_has_come() -> None:
    declared = dt.date(2026, 4, 27)
    made = estimate(cape_accepted_on=None, liquidation_date=FRIDAY, as_of=declared)
    assert only_entry(reconcile([made], [], as_of=DAY)).liquidation_date == FRIDAY
    assert only_entry(reconcile([made], [])).liquidation_date is None
    other = estimate(B, "500.00")
    missing = reconcile([made, other], [row(B, "500.00")], as_of=DAY)
    assert missing.entries[0].result is Result.UNEXPLAINED


def test_pending_without_a_date() -> None:
    assert "on hold" in only_entry(reconcile([estimate(liquidation_status="suspended")], [])).note
    assert "no acceptance is known" in only_entry(reconcile([estimate(cape_accepted_on=None)], [])).note
    assert "no liquidation is reported yet" in only_entry(reconcile([estimate()], [])).note
    late = only_entry(reconcile([estimate()], [], as_of=dt.date(2026, 7, 28)))
    assert late.result is Result.UNEXPLAINED
    assert "2026-07-27" in late.note


def test_interest_of_a_pending_entry_runs_to_its_known_liquidation() -> None:
    made = old(liquidation_date=FRIDAY, liquidation_status="liquidated")
    assert only_entry(reconcile([made], [])).expected_interest == due(old())


def test_an_entry_netted_to_nothing_is_matched_by_nothing() -> None:
    made = estimate(other_adjustments=Decimal("1000.00"))
    check = only_entry(reconcile([made], []))
    assert check.result is Result.MATCHED
    assert check.expected == check.received == 0


def test_an_entry_that_is_not_in_the_book() -> None:
    found = reconcile([], [row(refund_number="R-1001")], as_of=DAY)
    check = only_entry(found)
    assert check.result is Result.COULD_NOT_CHECK
    assert check.unchecked == 1000
    assert check.interest_case is None
    assert found.payment_totals.unchecked == 1000


# Payments


def test_without_a_statement_payments_follow_the_reports() -> None:
    rows = [
        row(refund_number="R-1001"),
        Payment(refund_number="R-1001", state="funds_diverted", report="REV-603"),
    ]
    told = only_payment(reconcile([estimate()], rows))
    assert told.result is Result.MATCHED
    assert "Funds Diverted" in told.note
    listed = only_payment(reconcile([estimate()], rows, [Offset(NET, entry=A)]))
    assert named(listed) == [(ItemKind.OFFSET, -NET)]
    assert listed.received == 900
    assert listed.note == ""


def test_a_refund_of_which_no_entry_is_known() -> None:
    rows = [
        Payment(refund_number="R-1001", total="70.00", report="REV-603"),
        Payment(refund_number="R-1001", total="70.00", report="REV-613", state="ach_rejected"),
    ]
    held = only_payment(reconcile([], rows, as_of=DAY))
    assert held.result is Result.COULD_NOT_CHECK
    assert (held.expected, held.reported, held.received, held.unchecked) == (0, 70, 0, 70)
    assert named(held) == [(ItemKind.HELD_FOR_ACH, Decimal("-70.00"))]
    open_ = only_payment(
        reconcile([], rows[:1], [Offset("5", refund_number="R-1001")], bank=[BankLine(PAID, 65)], as_of=DAY)
    )
    assert (open_.received, open_.unchecked) == (65, 70)


def test_what_is_missing_at_the_bank() -> None:
    one = [row(refund_number="R-1001")]
    waiting = only_payment(reconcile([estimate()], one, bank=[]))
    assert waiting.result is Result.COULD_NOT_CHECK
    assert "due by 2026-07-12" in waiting.note
    gone = only_payment(reconcile([estimate()], one, bank=[], as_of=dt.date(2026, 7, 20)))
    assert gone.result is Result.UNEXPLAINED
    assert "nothing of it" in gone.note
    short = only_payment(reconcile([estimate()], one, bank=[BankLine(PAID, 900)]))
    assert short.unexplained == -NET
    assert "not listed" in short.note
    more = only_payment(
        reconcile([estimate()], one, bank=[BankLine(PAID, 1000, "R1001"), BankLine(PAID, 1, "R-1001")])
    )
    assert more.unexplained == 1
    assert "paid twice" in more.note


def test_a_refund_later_than_the_statement() -> None:
    rows = [row(paid_on=DAY, refund_number="R-1001"), row(B, "500.00", refund_number="R-1002", party="98")]
    found = reconcile(
        [estimate(), estimate(B, "500.00")], rows, bank=[BankLine(PAID, 500)], as_of=dt.date(2026, 8, 1)
    )
    late = next(line for line in found.payments if line.refund_numbers == ("R-1001",))
    assert late.result is Result.COULD_NOT_CHECK
    assert "after the last line" in late.note
    earlier = [row(paid_on=PAID, refund_number="R-1001")]
    gone = reconcile([estimate()], earlier, bank=[BankLine(DAY, 5, "x"), BankLine(DAY, 6)], as_of=DAY)
    assert gone.payments[0].result is Result.UNEXPLAINED


def test_held_refunds_of_which_some_have_come() -> None:
    book = [estimate(), estimate(B, "500.00")]
    rows = [
        row(refund_number="R-1001", state="ach_rejected"),
        row(B, "500.00", refund_number="R-1002", state="ach_rejected"),
    ]
    both = only_payment(reconcile(book, rows, bank=[]))
    assert named(both) == [(ItemKind.HELD_FOR_ACH, Decimal("-1500.00"))]
    one = only_payment(reconcile(book, rows, bank=[BankLine(PAID, 500, "R-1002")]))
    assert named(one) == [(ItemKind.HELD_FOR_ACH, Decimal("-1000.00"))]
    odd = only_payment(reconcile(book, rows, bank=[BankLine(PAID, 501, "R-1002")]))
    assert odd.unexplained == -999
    come = only_payment(reconcile(book, rows, bank=[BankLine(PAID, 1500)]))
    assert come.result is Result.MATCHED
    mixed = [rows[0], row(B, "500.00", refund_number="R-1002", state="returned")]
    named_both = only_payment(reconcile(book, mixed, bank=[]))
    assert dict(named(named_both)) == {
        ItemKind.HELD_FOR_ACH: Decimal(-1000),
        ItemKind.RETURNED: Decimal(-500),
    }
    half = [rows[0], row(B, "500.00", refund_number="R-1002")]
    assert only_payment(reconcile(book, half, bank=[BankLine(PAID, 500)])).result is Result.EXPLAINED


def test_the_notify_party_is_paid_elsewhere() -> None:
    made = estimate(notify_party="98-765432100")
    rows = [row(refund_number="R-1001", party="98765432100")]
    away = only_payment(reconcile([made], rows, bank=[]))
    assert named(away) == [(ItemKind.NOTIFY_PARTY, Decimal("-1000.00"))]
    here = only_payment(reconcile([made], [row(party="75-419312501")], bank=[], as_of=dt.date(2026, 8, 1)))
    assert here.result is Result.UNEXPLAINED
    unknown = reconcile([], [Payment(refund_number="R-1001", total=5)], bank=[], as_of=DAY)
    assert unknown.payments[0].result is Result.COULD_NOT_CHECK
    pending = only_payment(reconcile([made], [], bank=[]))
    assert named(pending) == [(ItemKind.NOT_YET_LIQUIDATED, Decimal("-1000.00"))]


def test_items_of_one_kind_are_added_up() -> None:
    book = [estimate(), estimate(B, "500.00")]
    rows = [row(refund_number="R-1001"), row(B, "500.00")]
    offsets = [Offset(NET, refund_number="R-1001", bill="77"), Offset("50", entry=B)]
    (line,) = reconcile(book, rows, offsets, bank=[BankLine(PAID, 1350)]).payments
    assert named(line) == [(ItemKind.OFFSET, Decimal("-150.00"))]
    assert line.result is Result.EXPLAINED
    assert "bill 77" in line.items[0].text


def test_an_offset_waits_for_its_refund() -> None:
    pending = only_payment(reconcile([estimate()], [], [Offset(NET, entry=A)], bank=[]))
    assert named(pending) == [(ItemKind.NOT_YET_LIQUIDATED, Decimal("-1000.00"))]


def test_parties_that_are_not_known_are_not_one() -> None:
    book = [estimate(importer=None), estimate(B, "500.00", importer=None)]
    rows = [row(refund_number="R-1001"), row(B, "500.00", refund_number="R-1002")]
    assert len(reconcile(book, rows).payments) == 2
    together = [row(), row(B, "500.00")]
    assert len(reconcile(book, together).payments) == 1
    one_trace = [
        row(refund_number="R-1001", trace="T-9001"),
        row(B, "500.00", refund_number="R-1002", trace="T-9001"),
    ]
    assert len(reconcile(book, one_trace).payments) == 1
    undated = [row(liquidation_date=None), row(B, "500.00", liquidation_date=None)]
    assert len(reconcile([], undated, as_of=DAY).payments) == 2


# Bank lines


def target(*amounts: Any, marks: Any = (), **facts: Any) -> BankTarget:
    whole = tuple((Decimal(amount),) for amount in amounts)
    usual: dict[str, Any] = {
        "whole": whole,
        "part": (),
        "not_before": None,
        "most": sum((Decimal(amount) for amount in amounts), Decimal(0)),
        "diverted": False,
    }
    return BankTarget(frozenset(marks), **(usual | facts))


def test_a_reference_goes_before_an_amount() -> None:
    first, second = BankLine(PAID, 5, "ref RF-2001."), BankLine(PAID, 5, "RF2002")
    found, left = match_bank_lines(
        [target(5, marks=["RF2002"]), target(5, marks=["RF-2001"])], [first, second]
    )
    assert found == [[second], [first]]
    assert left == []
    both = BankLine(PAID, 10, "RF2001 and RF2002")
    found, left = match_bank_lines([target(4, marks=["RF2002"]), target(4, marks=["RF-2001"])], [both])
    assert found == [[], []]
    assert left == [both]
    short = BankLine(PAID, 9, "of 12 June")
    assert match_bank_lines([target(4, marks=["12"]), target(4)], [short]) == ([[], []], [short])


def test_all_amounts_of_a_set_or_none() -> None:
    apart = target(whole=((Decimal(3), Decimal(2)),), most=Decimal(5))
    lines = [BankLine(PAID, 3), BankLine(PAID, 9)]
    assert match_bank_lines([apart, target(7)], lines) == ([[], []], lines)
    lines.append(BankLine(PAID, 2))
    assert match_bank_lines([apart, target(7)], lines)[0][0] == [lines[0], lines[2]]


def test_no_line_before_the_liquidation() -> None:
    early = BankLine(dt.date(2026, 6, 1), 5)
    late = BankLine(PAID, 5)
    assert match_bank_lines([target(5, not_before=FRIDAY)], [early, late]) == ([[late]], [early])
    small = BankLine(dt.date(2026, 6, 1), 4)
    assert match_bank_lines([target(5, not_before=FRIDAY)], [small]) == ([[]], [small])


def test_a_diverted_payment_takes_the_only_line_that_fits() -> None:
    two = [BankLine(PAID, 4), BankLine(PAID, 3)]
    assert match_bank_lines([target(5, diverted=True)], two) == ([[]], two)
    found, left = match_bank_lines([target(5, diverted=True), target(90)], [*two[:1], BankLine(PAID, 8)])
    assert found[0] == two[:1]
    assert [line.amount for line in left] == [8]


# Values and errors


def test_results_and_states() -> None:
    assert worst([]) is Result.MATCHED
    assert worst([Result.EXPLAINED, Result.COULD_NOT_CHECK, Result.UNEXPLAINED]) is Result.COULD_NOT_CHECK
    assert is_held({PaymentState.ACH_REJECTED})
    assert not is_held({PaymentState.ACH_REJECTED, PaymentState.REISSUED})
    assert not is_returned({PaymentState.RETURNED, PaymentState.REISSUED})
    assert party_key(None) is party_key("--") is None


def test_plain_values() -> None:
    rows = [row(refund_number="R-1001", party="75-419312501", state="treasury_issued")]
    found = reconcile([estimate(), estimate(B)], rows, bank=[BankLine(PAID, 900, "R-1001")])
    plain = found.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["result"] == "unexplained"
    assert plain["payments"][0]["party"] == "**-*****2501"
    assert plain["payments"][0]["bank_lines"][0]["amount"] == "900.00"
    assert plain["totals"]["entries"]["by_result"]["matched"] == 1
    assert plain["entries"][1]["liquidation_date"] is None
    assert plain["entries"][1]["paid_principal"] is None
    assert plain["payments"][1]["liquidation_date"] is None
    flat = found.to_rows()
    assert [line["level"] for line in flat] == ["entry", "entry", "payment", "payment"]
    assert flat[1]["items"] == f"not_yet_liquidated=-{found.entries[1].expected}"
    assert {line.keys() == flat[0].keys() for line in flat} == {True}


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Payment(), FieldError, "neither an entry nor a refund"),
        (lambda: Payment(A, principal=1.5), FloatMoneyError, "float"),
        (lambda: Payment(A, principal="1.005"), FieldError, "part cents"),
        (lambda: Payment(A, liquidation_date="2026-06-12"), FieldError, "liquidation_date"),
        (lambda: BankLine("2026-06-12", 5), FieldError, "date"),
        (lambda: Offset(0, entry=A), FieldError, "amount of an offset is 0.00"),
        (lambda: Payment(A, state="lost"), FieldError, "state is 'lost'. Use one of transmitted"),
        (lambda: Offset(5, entry=A, kind="gift"), FieldError, "kind is 'gift'"),
        (lambda: Offset(5), FieldError, "Name the refund number or an entry"),
        (lambda: Offset(5, refund_number="R-1001", kind="netting"), FieldError, "Name the entry"),
        (lambda: rounding_tolerance(-1), FieldError, "parts is -1"),
        (lambda: reconcile([], []), InputError, "no as_of"),
        (lambda: reconcile([], [], as_of="2026-06-12"), FieldError, "as_of"),
        (lambda: reconcile([estimate(), estimate()], []), InputError, "estimated twice"),
        (
            lambda: reconcile([estimate()], [], [Offset(5, entry=A, kind="netting")]),
            InputError,
            "which no report has",
        ),
        (lambda: reconcile([], [], [Offset(5, entry=A)], as_of=DAY), InputError, "names entry ZT4-0000123-1"),
        (
            lambda: reconcile([], [], [Offset(5, refund_number="R-7")], as_of=DAY),
            InputError,
            "names refund R-7",
        ),
    ],
)
def test_errors(make: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make()
