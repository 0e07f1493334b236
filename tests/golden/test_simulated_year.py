"""A simulated year of a broker: entries, declarations, results, payments; then with faults put in.

3,500 entries by default, 35,000 with HYPOTHESIS_PROFILE=deep. CBP's side is computed by the oracle, apart from
the library. With nothing wrong, nothing is unexplained; each fault put in is named, and nothing else is.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from tests import oracles

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.law.eligibility import Outcome
from ieeparefund.refunds.declarations import plan_declarations
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.reconcile import Reconciliation, reconcile
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, Payment
from ieeparefund.refunds.reconcile_items import ItemKind, Result
from ieeparefund.refunds.reconcile_payments import PaymentCheck

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


@dataclass
class Year:
    """The broker's book at the end, and what CBP and the bank have sent."""

    book: list[RefundEstimate]
    rows: list[Payment]
    bank: list[BankLine]
    offsets: list[Offset] = field(default_factory=list)

    def refund(self, number: str) -> list[Payment]:
        return [row for row in self.rows if row.refund_number == number]

    def replace(self, old: Payment, **changes: Any) -> None:
        facts: dict[str, Any] = {
            "party": old.party,
            "liquidation_date": old.liquidation_date,
            "principal": old.principal,
            "interest": old.interest,
            "report": old.report,
        }
        place = next(place for place, row in enumerate(self.rows) if row is old)
        self.rows[place] = Payment(old.entry, old.refund_number, **(facts | changes))

    def rebank(self, number: str, *amounts: Decimal) -> None:
        """Let other lines than before come for a refund."""
        kept = [line for line in self.bank if number not in (line.reference or "")]
        lines = [BankLine(dt.date(2026, 9, 1), amount, f"CUSTOMS {number}") for amount in amounts]
        self.bank = kept + lines

    def reconciled(self) -> Reconciliation:
        return reconcile(self.book, self.rows, self.offsets, bank=self.bank, as_of=LAST_DAY)


def simulate() -> Year:
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
            cents = int(estimate.refundable_duty * 100)
            interest = oracles.interest_cents(cents, old.deposit_date, day, str(estimate.payee))
            key = (old.importer, day)
            amounts = (estimate.refundable_duty, Decimal(interest).scaleb(-2))
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
    return Year(book, rows, arrivals(payments, refunds, chance))


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
def honest_year() -> Year:
    return simulate()


def year() -> Year:
    found = honest_year()
    return Year(list(found.book), list(found.rows), list(found.bank))


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


def whole(rows: list[Payment]) -> Decimal:
    return sum((row.amount or Decimal(0) for row in rows), Decimal(0))


BILL = Decimal("750.00")
Named = tuple[ItemKind | Result, Decimal]
Fault = Callable[[Year, str], Named | None]


def offset_listed(found: Year, number: str) -> Named:
    found.offsets.append(Offset(BILL, refund_number=number, bill="B-1"))
    found.rebank(number, whole(found.refund(number)) - BILL)
    return ItemKind.OFFSET, -BILL


def offset_by_status(found: Year, number: str) -> Named:
    found.rows.append(Payment(refund_number=number, state="funds_diverted", report="REV-603"))
    found.rebank(number, whole(found.refund(number)) - BILL)
    return ItemKind.OFFSET, -BILL


def offset_untold(found: Year, number: str) -> Named:
    found.rebank(number, whole(found.refund(number)) - BILL)
    return Result.UNEXPLAINED, -BILL


def held(found: Year, number: str) -> Named:
    amount = whole(found.refund(number))
    found.rows.append(Payment(refund_number=number, state="ach_rejected", report="REV-613"))
    found.rebank(number)
    return ItemKind.HELD_FOR_ACH, -amount


def returned(found: Year, number: str) -> Named:
    amount = whole(found.refund(number))
    found.rows.append(Payment(refund_number=number, state="returned", report="REV-603"))
    found.rebank(number, amount, -amount)
    return ItemKind.RETURNED, -amount


def reissued(found: Year, number: str) -> None:
    amount = whole(found.refund(number))
    for state in ("returned", "reissued"):
        found.rows.append(Payment(refund_number=number, state=state, report="REV-603"))
    found.rebank(number, amount, -amount, amount)


def interest_outstanding(found: Year, number: str) -> Named:
    interest = sum((row.interest or Decimal(0) for row in found.refund(number)), Decimal(0))
    found.rebank(number, whole(found.refund(number)) - interest)
    return ItemKind.INTEREST_OUTSTANDING, -interest


def changed_interest(found: Year, number: str, change: Decimal) -> None:
    row = found.refund(number)[0]
    assert row.interest is not None
    found.replace(row, interest=row.interest + change)
    found.rebank(number, whole(found.refund(number)))


def wrong_interest(found: Year, number: str) -> Named:
    changed_interest(found, number, Decimal("-12.34"))
    return Result.UNEXPLAINED, Decimal("-12.34")


def a_cent(found: Year, number: str) -> Named:
    changed_interest(found, number, Decimal("0.01"))
    return ItemKind.ROUNDING, Decimal("0.01")


def netted(found: Year, number: str) -> Named:
    row = max(found.refund(number), key=lambda row: row.principal or 0)
    estimate = next(one for one in found.book if one.entry.number == row.entry)
    assert row.principal is not None
    assert row.interest is not None
    assert estimate.entry.deposit_date is not None
    assert row.liquidation_date is not None
    cents = int((row.principal - 10) * 100)
    less = oracles.interest_cents(
        cents, estimate.entry.deposit_date, row.liquidation_date, str(estimate.payee)
    )
    interest = Decimal(less).scaleb(-2)
    found.offsets.append(Offset("10.00", entry=row.entry, kind="netting"))
    found.replace(row, principal=row.principal - 10, interest=interest)
    found.rebank(number, whole(found.refund(number)))
    return ItemKind.NETTING, interest - row.interest - 10


def forgotten(found: Year, number: str) -> Named:
    row = found.refund(number)[0]
    found.rows = [other for other in found.rows if other is not row]
    found.rebank(number, whole(found.refund(number)))
    assert row.amount is not None
    return Result.UNEXPLAINED, -row.amount


def paid_twice(found: Year, number: str) -> Named:
    amount = whole(found.refund(number))
    found.rebank(number, amount, amount)
    return Result.UNEXPLAINED, amount


def not_in_the_book(found: Year, number: str) -> Named:
    row = found.refund(number)[0]
    found.book = [one for one in found.book if one.entry.number != row.entry]
    assert row.amount is not None
    return Result.COULD_NOT_CHECK, row.amount


def without_amount(found: Year, number: str) -> Named:
    row = found.refund(number)[0]
    found.replace(row, principal=None, interest=None)
    found.rebank(number, whole(found.refund(number)))
    assert row.amount is not None
    return Result.COULD_NOT_CHECK, -row.amount


def to_the_notify_party(found: Year, number: str) -> Named:
    amount = whole(found.refund(number))
    inside = {row.entry for row in found.refund(number)}
    party = f"98-{number[2:]}000"
    for place, one in enumerate(found.book):
        if one.entry.number in inside:
            old = one.entry
            entry = rebuilt(
                old,
                notify_party=party,
                cape_accepted_on=old.cape_accepted_on,
                reliquidation_date=old.reliquidation_date,
            )
            found.book[place] = estimate_refund(entry, as_of=LAST_DAY, payee="corporation")
    for row in found.refund(number):
        found.replace(row, party=party.replace("-", ""))
    found.rebank(number)
    return ItemKind.NOTIFY_PARTY, -amount


FAULTS: tuple[Fault, ...] = (
    offset_listed,
    offset_by_status,
    offset_untold,
    held,
    returned,
    reissued,
    interest_outstanding,
    wrong_interest,
    a_cent,
    netted,
    forgotten,
    paid_twice,
    not_in_the_book,
    without_amount,
    to_the_notify_party,
)


def told(payment: PaymentCheck) -> list[Named]:
    found: list[Named] = [(item.kind, item.amount) for item in payment.items]
    if payment.unexplained:
        found.append((Result.UNEXPLAINED, payment.unexplained))
    if payment.unchecked:
        found.append((Result.COULD_NOT_CHECK, payment.unchecked))
    return found


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
