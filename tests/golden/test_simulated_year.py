"""A simulated year of a broker: entries, declarations, results, payments; then with faults put in.

3,500 entries by default, 35,000 with HYPOTHESIS_PROFILE=deep. CBP's side is computed by the oracle, apart from
the library. With nothing wrong, nothing is unexplained; each fault put in is named, and nothing else is.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from tests import oracles

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.law.eligibility import Outcome
from ieeparefund.refunds.declarations import plan_declarations
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.reconcile_inputs import BankLine, Payment
from ieeparefund.refunds.reconcile_items import ItemKind, Result
from ieeparefund.testing.payment_faults import FAULTS, Named, RefundBook, told

SIZE = 35_000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 3_500
IMPORTERS = 40
LAST_DAY = dt.date(2026, 11, 30)
DECLARED = [dt.date(2026, 4, 27), dt.date(2026, 5, 26), dt.date(2026, 6, 22)]


def numbered(serial: int) -> EntryNumber:
    ten = f"QZ7{serial:07d}"
    return EntryNumber(f"{ten}{entry_check_digit(ten)}")


def made(serial: int, chance: random.Random, **changes: Any) -> Entry:
    entered = dt.date(2025, 3, 3) + dt.timedelta(days=7 * (serial % 50))
    state = chance.choices(["unliquidated", "liquidated", "suspended", "drawback"], [70, 20, 6, 4])[0]
    declared = DECLARED[serial % 3]
    facts: dict[str, Any] = {
        "number": numbered(serial),
        "entry_type": "01",
        "entry_date": entered,
        "lines": [
            EntryLine(
                1, "VN", [TariffLine("9903.01.25", 0, Decimal(chance.randint(100, 9_000_000)).scaleb(-2))]
            )
        ],
        "importer": f"75-4193{serial % IMPORTERS:05d}",
        "deposit_date": entered + dt.timedelta(days=14),
        "liquidation_status": "suspended" if state == "suspended" else "unliquidated",
        "on_drawback_claim": state == "drawback",
        "protest": "none",
        "payee": "other" if serial % IMPORTERS == 7 else "corporation",
    }
    if state == "liquidated":
        facts["liquidation_status"] = "liquidated"
        facts["liquidation_date"] = declared - dt.timedelta(days=chance.randint(5, 60))
    return Entry(**(facts | changes))


def friday_after(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=(4 - day.weekday()) % 7)


def oracle_interest(principal: Decimal, deposited: dt.date, liquidated: dt.date, payee: str) -> Decimal:
    """Interest by the oracle, which shares no code with the library."""
    return Decimal(oracles.interest_cents(int(principal * 100), deposited, liquidated, payee)).scaleb(-2)


def simulate() -> RefundBook:
    chance = random.Random(2026)
    entries = {numbered(serial): (serial, made(serial, chance)) for serial in range(SIZE)}
    book: list[RefundEstimate] = []
    rows: list[Payment] = []
    payments: dict[tuple[str, dt.date], list[tuple[Decimal, Decimal]]] = {}
    refunds: dict[tuple[str, dt.date], str] = {}
    for declared in DECLARED:
        batch = [entry for serial, entry in entries.values() if DECLARED[serial % 3] == declared]
        estimates = [estimate_refund(entry, as_of=declared, payee="corporation") for entry in batch]
        plan = plan_declarations(estimates, group_by="importer", allow=["last_days"])
        book += [left.estimate for left in plan.excluded]
        for estimate in (estimate for declaration in plan for estimate in declaration.estimates):
            old = estimate.entry
            serial = entries[old.number][0]
            accepted = declared + dt.timedelta(days=1)
            if serial % 97 == 0:
                # CAPE refuses it after all: a protest nobody knew of. The results are read in.
                known = rebuilt(old, protest="open")
                book.append(estimate_refund(known, as_of=LAST_DAY, payee="corporation"))
                continue
            if estimate.outcome is Outcome.ACCEPTED_DEFERRED:
                book.append(estimate)
                continue
            first = old.liquidation_date
            day = friday_after(accepted + dt.timedelta(days=45)) if first is None else friday_after(accepted)
            changes = {"liquidation_date": day} if first is None else {"reliquidation_date": day}
            known = rebuilt(old, cape_accepted_on=accepted, liquidation_status="liquidated", **changes)
            book.append(estimate_refund(known, as_of=LAST_DAY, payee="corporation"))
            assert old.deposit_date is not None
            assert old.importer is not None
            principal = estimate.refundable_duty
            key = (old.importer, day)
            amounts = (principal, oracle_interest(principal, old.deposit_date, day, str(estimate.payee)))
            payments.setdefault(key, []).append(amounts)
            number = refunds.setdefault(key, f"RF{100_000 + len(refunds)}")
            rows.append(
                Payment(
                    old.number,
                    number,
                    party=old.importer.replace("-", ""),
                    liquidation_date=day,
                    principal=amounts[0],
                    interest=amounts[1],
                    state="treasury_issued",
                    report="ES-022",
                )
            )
    return RefundBook(book, rows, arrivals(payments, refunds, chance), LAST_DAY, interest_on=oracle_interest)


def rebuilt(entry: Entry, **changes: Any) -> Entry:
    names = ("number", "entry_type", "entry_date", "lines", "importer", "deposit_date", "liquidation_date")
    names += ("liquidation_status", "on_drawback_claim", "protest", "payee")
    return Entry(**({name: getattr(entry, name) for name in names} | changes))


def arrivals(
    payments: dict[tuple[str, dt.date], list[tuple[Decimal, Decimal]]],
    refunds: dict[tuple[str, dt.date], str],
    chance: random.Random,
) -> list[BankLine]:
    """The bank's lines: whole, principal and interest apart, or in three parts; some without a reference."""
    bank = []
    for key, amounts in payments.items():
        principal = sum((part for part, _ in amounts), Decimal(0))
        interest = sum((part for _, part in amounts), Decimal(0))
        way = chance.choices(["whole", "bare", "apart", "parts"], [70, 15, 10, 5])[0]
        text = f"CUSTOMS {refunds[key]}"
        parts = [principal + interest]
        if way == "apart":
            parts, text = [principal, interest], chance.choice([text, "CUSTOMS"])
        elif way == "parts":
            parts = [principal - Decimal("30.00"), Decimal("30.00"), interest]
        elif way == "bare":
            text = "CUSTOMS"
        paid = key[1] + dt.timedelta(days=chance.randint(10, 30))
        bank += [BankLine(paid + dt.timedelta(days=late), part, text) for late, part in enumerate(parts)]
    chance.shuffle(bank)
    return bank


@cache
def honest_year() -> RefundBook:
    return simulate()


def year() -> RefundBook:
    found = honest_year()
    return replace(found, book=list(found.book), rows=list(found.rows), bank=list(found.bank), offsets=[])


def test_with_nothing_wrong_nothing_is_unexplained() -> None:
    found = year().reconciled()
    entries, payments = found.entry_totals, found.payment_totals
    assert entries.unexplained == entries.unchecked == payments.unexplained == payments.unchecked == 0
    assert found.result is Result.EXPLAINED
    assert entries.by_result[Result.MATCHED] == len(honest_year().rows) > SIZE * 3 // 4
    # What is named is what is on hold, and nothing else.
    deferred = [one for one in honest_year().book if one.outcome is Outcome.ACCEPTED_DEFERRED]
    assert entries.by_result[Result.EXPLAINED] == len(deferred) > 0
    assert entries.items[ItemKind.NOT_YET_LIQUIDATED] == -sum(one.refund for one in deferred)
    assert sum(map(bool, entries.items.values())) == 1
    assert payments.items == entries.items
    # Every entry is in the comparison or left out, and every dollar that came belongs to one payment.
    assert len(found.entries) + len(found.left_out) == SIZE
    assert len(found.left_out) > 0
    assert payments.received == entries.received == sum(line.amount for line in honest_year().bank)


def test_each_fault_is_named_and_nothing_else_is() -> None:
    broken = year()
    # Refunds with a reference at the bank, so that each is known there; of three entries or more.
    sizes: dict[str, int] = {}
    for row in broken.rows:
        sizes[row.refund_number or ""] = sizes.get(row.refund_number or "", 0) + 1
    marked = {(line.reference or "").removeprefix("CUSTOMS ") for line in broken.bank}
    chosen = [number for number, size in sizes.items() if size >= 3 and number in marked][: len(FAULTS) * 2]
    assert len(chosen) == 2 * len(FAULTS)
    wanted: dict[str, Named | None] = {}
    for number, fault in zip(chosen, (*FAULTS, *FAULTS), strict=True):
        wanted[number] = fault(broken, number)
    broken.bank.append(BankLine(LAST_DAY, "4321.99", "WIRE FROM A CUSTOMER"))
    found = broken.reconciled()
    assert found.result is Result.COULD_NOT_CHECK

    strays = 0
    for payment in found.payments:
        if payment.refund_numbers:
            expected = wanted.get(payment.refund_numbers[0])
            assert told(payment) == ([expected] if expected else []), payment
        elif payment.bank_lines:
            strays += 1
            assert payment.unexplained == Decimal("4321.99")
        else:
            assert {kind for kind, _ in told(payment)} == {ItemKind.NOT_YET_LIQUIDATED}
    assert strays == 1
    named: dict[Any, Decimal] = {}
    for one in wanted.values():
        if one is not None:
            named[one[0]] = named.get(one[0], Decimal(0)) + one[1]
    totals = found.payment_totals
    assert totals.unexplained == named.pop(Result.UNEXPLAINED) + Decimal("4321.99")
    assert totals.unchecked == named.pop(Result.COULD_NOT_CHECK)
    del totals.items[ItemKind.NOT_YET_LIQUIDATED]
    assert {kind: amount for kind, amount in totals.items.items() if amount} == named
