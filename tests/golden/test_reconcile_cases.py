"""Public cases of what goes wrong when refunds arrive: CBP's messages and reports by users, 2026.

The case numbers are those of a list collected from guides, trade press and court filings; each test names the
source of its case. Entry numbers are made up and have valid check digits.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.rates import PUBLISHED_RATES
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.refunds.reconcile import reconcile
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, Payment
from ieeparefund.refunds.reconcile_items import ItemKind, Result
from ieeparefund.refunds.trace import trace_case

A, B, C = "ZT400001231", "ZT400004565", "ZT400007899"
FRIDAY = dt.date(2026, 6, 12)
DAY = dt.date(2026, 7, 31)


def entry(number: str, duty: str, **changes: Any) -> Entry:
    # Deposited on the day of liquidation unless a case is about interest: then none runs.
    facts: dict[str, Any] = {
        "number": number,
        "entry_type": "01",
        "entry_date": dt.date(2025, 6, 10),
        "lines": [EntryLine(1, "VN", [TariffLine("9903.01.25", 0, duty)])],
        "importer": "75-419312501",
        "deposit_date": FRIDAY,
        "liquidation_status": "unliquidated",
        "cape_accepted_on": dt.date(2026, 4, 28),
    }
    return Entry(**(facts | changes))


def estimate(number: str, duty: str, **changes: Any) -> RefundEstimate:
    return estimate_refund(entry(number, duty, **changes), as_of=DAY, payee="corporation")


def test_case_8_interest_and_principal_arrive_apart() -> None:
    # A public guide: "interest outstanding" comes before "short". The rate is chosen so that the interest is
    # the figure of the case.
    rates = PUBLISHED_RATES.with_rate(
        dt.date(2025, 6, 13), FRIDAY, corporation="5.1198", other="6.1198", citation="made up for the case"
    )
    made = entry(A, "4000.00", deposit_date=dt.date(2025, 6, 12))
    due = estimate_refund(made, as_of=DAY, payee="corporation", rates=rates)
    rows = [Payment(A, "8000000017", liquidation_date=FRIDAY, principal="4000.00", interest="210.11")]
    first = BankLine(dt.date(2026, 6, 30), "4000.00")
    second = BankLine(dt.date(2026, 7, 3), "210.11")
    found = reconcile([due], rows, bank=[first, second])
    assert found.result is Result.MATCHED
    (payment,) = found.payments
    assert payment.bank_lines == (first, second)
    assert payment.refund_numbers == ("8000000017",)

    early = reconcile([due], rows, bank=[first])
    assert early.result is Result.EXPLAINED
    assert [(item.kind, item.amount) for item in early.payments[0].items] == [
        (ItemKind.INTEREST_OUTSTANDING, Decimal("-210.11"))
    ]


def test_case_9_the_wrong_rate_of_interest_is_unexplained_and_can_be_traced() -> None:
    # A public guide (2026-05-04); precedent: CSMS 18-000440 of 2018-07-18, wrong interest on reconciliations.
    liquidated = dt.date(2026, 2, 20)
    due = estimate(A, "50000.00", deposit_date=dt.date(2025, 6, 20))
    rows = [Payment(A, "8000000018", liquidation_date=liquidated, principal="50000.00", interest="2405.15")]
    found = reconcile([due], rows)
    assert found.result is Result.UNEXPLAINED
    (check,) = found.entries
    assert check.expected_interest == Decimal("2054.63")
    assert check.unexplained == Decimal("350.52")
    assert "explain_interest" in check.note
    assert check.interest_case is not None
    best = trace_case(check.interest_case).best
    assert best is not None
    assert best.departures == ("rate:other",)


def test_case_10_one_payment_for_several_entries_of_a_liquidation_date() -> None:
    # CSMS 68340863 as restated by a public guide.
    later = dt.date(2026, 6, 19)
    dates = {A: FRIDAY, B: FRIDAY, C: later}
    duties = {A: "1000.00", B: "500.00", C: "200.00"}
    entries = [
        entry(
            number,
            duties[number],
            reliquidation_date=day,
            liquidation_date=dt.date(2026, 5, 8),
            deposit_date=day,
        )
        for number, day in dates.items()
    ]
    book = estimate_portfolio(entries, as_of=DAY, payee="corporation")
    assert [(paid.liquidation_date, paid.amount) for paid in book.expected_payments()] == [
        (FRIDAY, Decimal("1500.00")),
        (later, Decimal("200.00")),
    ]
    rows = [
        Payment(number, liquidation_date=day, principal=duties[number], interest=0)
        for number, day in dates.items()
    ]
    bank = [BankLine(dt.date(2026, 7, 7), "200.00"), BankLine(dt.date(2026, 7, 1), "1500.00")]
    found = reconcile(book.estimates, rows, bank=bank)
    assert found.result is Result.MATCHED
    assert [(paid.liquidation_date, paid.received) for paid in found.payments] == [
        (FRIDAY, Decimal("1500.00")),
        (later, Decimal("200.00")),
    ]


def test_case_11_an_offset_explains_the_whole_difference() -> None:
    # A public guide; status Funds Diverted of CSMS 68536553, set-off of 19 CFR 24.72.
    due = estimate(A, "12000.00")
    rows = [
        Payment(A, "8000000019", liquidation_date=FRIDAY, principal="12000.00", interest=0),
        Payment(refund_number="8000000019", state="funds_diverted", report="REV-603"),
    ]
    bank = [BankLine(dt.date(2026, 7, 1), "11250.00")]
    listed = [Offset("750.00", refund_number="8000000019", bill="B-77")]
    for offsets in (listed, []):
        found = reconcile([due], rows, offsets, bank=bank)
        assert found.result is Result.EXPLAINED
        (payment,) = found.payments
        assert (payment.expected, payment.received) == (Decimal("12000.00"), Decimal("11250.00"))
        assert [(item.kind, item.amount) for item in payment.items] == [(ItemKind.OFFSET, Decimal("-750.00"))]
        assert payment.unexplained == 0
    assert "Funds Diverted" in payment.items[0].text


def test_case_12_only_what_has_liquidated_is_compared() -> None:
    # A public guide: a declaration liquidates in parts.
    book = [estimate(A, "1000.00"), estimate(B, "500.00"), estimate(C, "200.00")]
    rows = [Payment(A, "8000000020", liquidation_date=FRIDAY, principal="1000.00", interest=0)]
    july = dt.date(2026, 7, 10)
    found = reconcile(book, rows, bank=[BankLine(dt.date(2026, 7, 1), "1000.00")], as_of=july)
    assert found.result is Result.EXPLAINED
    assert [check.result for check in found.entries] == [Result.MATCHED, Result.EXPLAINED, Result.EXPLAINED]
    for check in found.entries[1:]:
        assert [(item.kind, item.amount) for item in check.items] == [
            (ItemKind.NOT_YET_LIQUIDATED, -check.expected)
        ]
    totals = found.payment_totals
    assert (
        totals.expected + totals.items[ItemKind.NOT_YET_LIQUIDATED] == Decimal("1000.00") == totals.received
    )
    # 90 days after acceptance the money was to be there.
    late = reconcile(book, rows, as_of=dt.date(2026, 7, 28))
    assert late.result is Result.UNEXPLAINED


def test_case_13_held_for_want_of_ach_data() -> None:
    # CBP filing of May 2026: 4,185 consolidated refunds were held (swapupdate.in; demarconsultinggroup.com).
    due = estimate(A, "1000.00", deposit_date=dt.date(2025, 6, 20))
    interest = estimate_refund(due.entry, as_of=DAY, payee="corporation", liquidated_on=FRIDAY).interest
    rows = [
        Payment(
            A, "8000000021", liquidation_date=FRIDAY, principal="1000.00", interest=interest, report="ES-022"
        ),
        Payment(refund_number="8000000021", state="ach_rejected", report="REV-613"),
    ]
    for bank in ([], None):
        found = reconcile([due], rows, bank=bank)
        assert found.result is Result.EXPLAINED
        (check,), (payment,) = found.entries, found.payments
        assert check.liquidation_date == FRIDAY  # the end of interest stays
        assert check.expected_interest == interest
        assert [(item.kind, item.amount) for item in payment.items] == [
            (ItemKind.HELD_FOR_ACH, -payment.expected)
        ]
        assert payment.received == 0


def test_case_43_control_totals_tie() -> None:
    # CBP's own counts do not (declaration of 2026-08-04 as reported).
    book = [estimate(A, "1000.00"), estimate(B, "500.00")]
    rows = [Payment(A, principal="900.00", interest=0, liquidation_date=FRIDAY)]
    found = reconcile(book, rows, bank=[BankLine(DAY, "100.00")], as_of=dt.date(2026, 7, 10))
    for totals in (found.entry_totals, found.payment_totals):
        named = sum(totals.items.values())
        assert totals.expected + named + totals.unexplained + totals.unchecked == totals.received
        assert sum(totals.by_result.values()) == totals.lines
