"""What goes wrong when refunds arrive, put into a book in which nothing is wrong; and what it must be called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from ieeparefund.law.interest import interest
from ieeparefund.money import ZERO
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.reconcile import Reconciliation, reconcile
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, Payment
from ieeparefund.refunds.reconcile_items import ItemKind, Result
from ieeparefund.refunds.reconcile_payments import PaymentCheck

__all__ = ["BILL", "FAULTS", "Fault", "Named", "RefundBook", "told"]

BILL = Decimal("750.00")
"""The bill that is set off where a fault is a set-off."""

Named: TypeAlias = tuple[ItemKind | Result, Decimal]
"""What a difference is called, and how large it is: below zero where less was received than expected."""

InterestOn: TypeAlias = Callable[[Decimal, dt.date, dt.date, str], Decimal]


def _interest_on(principal: Decimal, deposited: dt.date, liquidated: dt.date, payee: str) -> Decimal:
    return interest(principal, deposited=deposited, liquidated=liquidated, payee=payee).amount


@dataclass
class RefundBook:
    """A book at the end, and what CBP and the bank have sent. Refund numbers stand in the bank's references.

    `interest_on` gives the interest on a principal from deposit to liquidation for a class of payee; another
    than the library's may stand in.
    """

    book: list[RefundEstimate]
    rows: list[Payment]
    bank: list[BankLine]
    as_of: dt.date
    offsets: list[Offset] = field(default_factory=list)
    interest_on: InterestOn = _interest_on

    def refund(self, number: str) -> list[Payment]:
        """Return the report's rows of a refund."""
        return [row for row in self.rows if row.refund_number == number]

    def total(self, number: str) -> Decimal:
        """Return what the report says was refunded."""
        return sum((row.amount or ZERO for row in self.refund(number)), ZERO)

    def change(self, old: Payment, **changes: Any) -> None:
        """Put a row in the place of another, with `changes`."""
        facts: dict[str, Any] = {
            name: getattr(old, name)
            for name in ("party", "liquidation_date", "principal", "interest", "report")
        }
        place = next(place for place, row in enumerate(self.rows) if row is old)
        self.rows[place] = Payment(old.entry, old.refund_number, **(facts | changes))

    def rebank(self, number: str, *amounts: Decimal) -> None:
        """Let other lines than before come for a refund."""
        kept = [line for line in self.bank if number not in (line.reference or "")]
        self.bank = kept + [BankLine(dt.date(2026, 9, 1), amount, f"CUSTOMS {number}") for amount in amounts]

    def reconciled(self) -> Reconciliation:
        """Return what `reconcile` finds."""
        return reconcile(self.book, self.rows, self.offsets, bank=self.bank, as_of=self.as_of)


Fault: TypeAlias = Callable[[RefundBook, str], Named | None]
"""Puts something wrong into one refund of a book and returns what it must be called, `None` for nothing at all."""


def told(payment: PaymentCheck) -> list[Named]:
    """Return what a reconciliation calls the differences of a payment."""
    found: list[Named] = [(item.kind, item.amount) for item in payment.items]
    if payment.unexplained:
        found.append((Result.UNEXPLAINED, payment.unexplained))
    if payment.unchecked:
        found.append((Result.COULD_NOT_CHECK, payment.unchecked))
    return found


def offset_listed(found: RefundBook, number: str) -> Named:
    """A bill was set off, and the list of set-offs says so."""
    found.offsets.append(Offset(BILL, refund_number=number, bill="B-1"))
    found.rebank(number, found.total(number) - BILL)
    return ItemKind.OFFSET, -BILL


def offset_by_status(found: RefundBook, number: str) -> Named:
    """A bill was set off, and only the status of the refund says so."""
    found.rows.append(Payment(refund_number=number, state="funds_diverted", report="REV-603"))
    found.rebank(number, found.total(number) - BILL)
    return ItemKind.OFFSET, -BILL


def offset_untold(found: RefundBook, number: str) -> Named:
    """Less came, and nothing says why."""
    found.rebank(number, found.total(number) - BILL)
    return Result.UNEXPLAINED, -BILL


def held(found: RefundBook, number: str) -> Named:
    """CBP holds the refund for want of ACH data."""
    amount = found.total(number)
    found.rows.append(Payment(refund_number=number, state="ach_rejected", report="REV-613"))
    found.rebank(number)
    return ItemKind.HELD_FOR_ACH, -amount


def returned(found: RefundBook, number: str) -> Named:
    """The payment came and went back."""
    amount = found.total(number)
    found.rows.append(Payment(refund_number=number, state="returned", report="REV-603"))
    found.rebank(number, amount, -amount)
    return ItemKind.RETURNED, -amount


def reissued(found: RefundBook, number: str) -> None:
    """The payment came, went back, and came again."""
    amount = found.total(number)
    for state in ("returned", "reissued"):
        found.rows.append(Payment(refund_number=number, state=state, report="REV-603"))
    found.rebank(number, amount, -amount, amount)


def interest_outstanding(found: RefundBook, number: str) -> Named:
    """The principal has come, the interest has not."""
    due = sum((row.interest or ZERO for row in found.refund(number)), ZERO)
    found.rebank(number, found.total(number) - due)
    return ItemKind.INTEREST_OUTSTANDING, -due


def _change_interest(found: RefundBook, number: str, change: Decimal) -> None:
    row = found.refund(number)[0]
    found.change(row, interest=(row.interest or ZERO) + change)
    found.rebank(number, found.total(number))


def wrong_interest(found: RefundBook, number: str) -> Named:
    """CBP reports and pays 12.34 too little interest on one entry."""
    _change_interest(found, number, Decimal("-12.34"))
    return Result.UNEXPLAINED, Decimal("-12.34")


def a_cent(found: RefundBook, number: str) -> Named:
    """CBP rounds the interest of one entry the other way."""
    _change_interest(found, number, Decimal("0.01"))
    return ItemKind.ROUNDING, Decimal("0.01")


def netted(found: RefundBook, number: str) -> Named:
    """Ten dollars owed on another line of an entry are taken off, with the interest on them."""
    row = max(found.refund(number), key=lambda row: row.principal or ZERO)
    estimate = next(one for one in found.book if one.entry.number == row.entry)
    deposited, liquidated = estimate.entry.deposit_date, row.liquidation_date
    if row.principal is None or row.interest is None or deposited is None or liquidated is None:
        raise ValueError(f"refund {number} lacks an amount or a date, so nothing can be netted in it.")
    less = found.interest_on(row.principal - 10, deposited, liquidated, str(estimate.payee))
    found.offsets.append(Offset("10.00", entry=row.entry, kind="netting"))
    found.change(row, principal=row.principal - 10, interest=less)
    found.rebank(number, found.total(number))
    return ItemKind.NETTING, less - row.interest - 10


def forgotten(found: RefundBook, number: str) -> Named:
    """One entry of the refund is missing from the report and from the payment."""
    row = found.refund(number)[0]
    found.rows = [other for other in found.rows if other is not row]
    found.rebank(number, found.total(number))
    return Result.UNEXPLAINED, -(row.amount or ZERO)


def paid_twice(found: RefundBook, number: str) -> Named:
    """The bank has the payment twice."""
    amount = found.total(number)
    found.rebank(number, amount, amount)
    return Result.UNEXPLAINED, amount


def not_in_the_book(found: RefundBook, number: str) -> Named:
    """CBP refunds an entry that the book does not have."""
    row = found.refund(number)[0]
    found.book = [one for one in found.book if one.entry.number != row.entry]
    return Result.COULD_NOT_CHECK, row.amount or ZERO


def without_amount(found: RefundBook, number: str) -> Named:
    """One row of the report has no amounts, and nothing came for it."""
    row = found.refund(number)[0]
    found.change(row, principal=None, interest=None)
    found.rebank(number, found.total(number))
    return Result.COULD_NOT_CHECK, -(row.amount or ZERO)


def to_the_notify_party(found: RefundBook, number: str) -> Named:
    """The Form 4811 party of the entries was paid, so nothing comes to the importer's account."""
    amount = found.total(number)
    inside = {row.entry for row in found.refund(number)}
    party = f"98-{number[2:]}000"
    for place, one in enumerate(found.book):
        if one.entry.number in inside:
            entry = replace(one.entry, notify_party=party)
            found.book[place] = estimate_refund(entry, as_of=found.as_of, payee=one.payee)
    for row in found.refund(number):
        found.change(row, party=party.replace("-", ""))
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
"""Every fault, each for a refund of three entries or more that the bank names."""
