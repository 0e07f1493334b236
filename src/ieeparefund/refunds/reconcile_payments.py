"""The payment level of a reconciliation: what the bank shows against what is expected and CBP reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.law.due_dates import refund_due_date
from ieeparefund.money import ZERO, format_dollars
from ieeparefund.refunds.bank_matching import BankTarget
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
from ieeparefund.refunds.reconcile_items import Item, ItemKind, Result, worst

__all__ = ["PaymentCheck", "PaymentFacts", "bank_target", "compare_payment", "stray_line"]


@dataclass(frozen=True, slots=True)
class PaymentCheck:
    """One payment: a payee party and (re)liquidation date. Amounts are dollars.

    Always `expected + items + unexplained + unchecked == received`. `expected` is the sum over its entries;
    `reported` what CBP's reports give as refunded. `received` is the sum of `bank_lines`, or without a bank
    statement what the reports leave after what they say is held, returned or set off. `items`, `unexplained`
    and `unchecked` contain those of the entries.
    """

    party: str | None
    liquidation_date: dt.date | None
    refund_numbers: tuple[str, ...]
    entries: tuple[EntryNumber, ...]
    expected: Decimal
    reported: Decimal
    received: Decimal
    bank_lines: tuple[BankLine, ...]
    items: tuple[Item, ...]
    unexplained: Decimal
    unchecked: Decimal
    result: Result
    states: frozenset[PaymentState]
    note: str

    @property
    def difference(self) -> Decimal:
        """Received less expected."""
        return self.received - self.expected

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON values, the party masked."""
        return {
            "party": mask_importer(self.party),
            "liquidation_date": None if self.liquidation_date is None else self.liquidation_date.isoformat(),
            "refund_numbers": list(self.refund_numbers),
            "entries": [str(number) for number in self.entries],
            "result": self.result.value,
            "expected": f"{self.expected:.2f}",
            "reported": f"{self.reported:.2f}",
            "items": [item.to_dict() for item in self.items],
            "unexplained": f"{self.unexplained:.2f}",
            "unchecked": f"{self.unchecked:.2f}",
            "received": f"{self.received:.2f}",
            "bank_lines": [
                {
                    "date": line.date.isoformat(),
                    "amount": f"{line.amount:.2f}",
                    "reference": line.reference,
                    "source": line.source,
                }
                for line in self.bank_lines
            ],
            "states": sorted(state.value for state in self.states),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What belongs to one payment before it is compared.

    `rows` are rows of the reports that name the refund only; their amounts count where no entry is known.
    """

    entries: tuple[EntryCheck, ...]
    rows: tuple[Payment, ...]
    offsets: tuple[Offset, ...]

    @property
    def amount_rows(self) -> tuple[Payment, ...]:
        """The rows that carry the reported amount, each dollar once."""
        if self.entries:
            return tuple(row for check in self.entries for row in check.rows)
        first = next((row.report for row in self.rows if row.amount is not None), None)
        return tuple(row for row in self.rows if row.report == first)

    @property
    def reported(self) -> Decimal:
        """What CBP's reports give as refunded."""
        return sum((row.amount or ZERO for row in self.amount_rows), ZERO)

    @property
    def offset(self) -> Decimal:
        """What was listed as set off."""
        return sum((offset.amount for offset in self.offsets), ZERO)

    @property
    def states(self) -> frozenset[PaymentState]:
        """Every state the reports give the refunds."""
        named = {row.state for row in self.rows if row.state is not None}
        return frozenset(named.union(*(check.states for check in self.entries)))

    @property
    def refund_numbers(self) -> tuple[str, ...]:
        """The numbers of the refunds, in the order they come."""
        rows = (*self.amount_rows, *self.rows)
        return tuple(dict.fromkeys(row.refund_number for row in rows if row.refund_number))

    @property
    def liquidation_date(self) -> dt.date | None:
        """The earliest known (re)liquidation date of its entries."""
        days = [check.liquidation_date for check in self.entries if check.liquidation_date is not None]
        return min(days, default=None)

    @property
    def party(self) -> str | None:
        """The party of the first entry that has one."""
        return next((check.party for check in self.entries if check.party is not None), None)

    def amounts_where(self, test: Callable[[frozenset[PaymentState]], bool]) -> list[Decimal]:
        """Return the reported amounts of the entries in these states, or of the bare refund."""
        if not self.entries:
            return [self.reported] if test(self.states) else []
        return [check.received for check in self.entries if test(check.states) and check.received > 0]

    def interest(self) -> Decimal:
        """Return the reported interest."""
        return sum((row.interest or ZERO for row in self.amount_rows), ZERO)

    def by_refund(self) -> tuple[Decimal, ...]:
        """Return the reported amount of each refund number."""
        sums: dict[str | None, Decimal] = {}
        for row in self.amount_rows:
            sums[row.refund_number] = sums.get(row.refund_number, ZERO) + (row.amount or ZERO)
        return tuple(sums.values())


def bank_target(facts: PaymentFacts) -> BankTarget:
    """Return what the payment may look like at the bank."""
    reported, interest = facts.reported, facts.interest()
    rows = (*facts.amount_rows, *facts.rows)
    marks = {mark for row in rows for mark in (row.refund_number, row.trace) if mark}
    withheld = sum(facts.amounts_where(_is_withheld), ZERO)
    due = reported - withheld
    principal = reported - interest
    return BankTarget(
        frozenset(marks),
        (
            (reported - facts.offset,),
            (reported,),
            (due - facts.offset,),
            (due,),
            (principal - facts.offset, interest),
            (principal, interest),
            facts.by_refund(),
        ),
        ((principal - facts.offset,), (principal,)),
        facts.liquidation_date,
        due,
        PaymentState.FUNDS_DIVERTED in facts.states,
    )


def _is_withheld(states: frozenset[PaymentState]) -> bool:
    return is_held(states) or is_returned(states)


def _is_only_returned(states: frozenset[PaymentState]) -> bool:
    return is_returned(states) and not is_held(states)


def stray_line(line: BankLine) -> PaymentCheck:
    """Return the line of money at the bank that belongs to no payment."""
    return PaymentCheck(
        None,
        None,
        (),
        (),
        ZERO,
        ZERO,
        line.amount,
        (line,),
        (),
        line.amount,
        ZERO,
        Result.UNEXPLAINED,
        frozenset(),
        f"Bank line of {line.date} belongs to no reported refund: a report may be missing, or it is no refund.",
    )


class _Gap:
    """What the bank has less than the reports, named part by part. Below zero money is missing."""

    def __init__(self, facts: PaymentFacts, gap: Decimal) -> None:
        self.facts = facts
        self.gap = gap
        self.items: list[Item] = []

    def name(self, kind: ItemKind, amount: Decimal, text: str) -> None:
        self.items.append(Item(kind, -amount, text))
        self.gap += amount

    def listed(self) -> None:
        """Name the offsets that were listed. Before a refund is reported nothing was set off against it."""
        for offset in self.facts.offsets if self.facts.reported else ():
            bill = f" for bill {offset.bill}" if offset.bill else ""
            self.name(ItemKind.OFFSET, offset.amount, f"Set off{bill} (19 CFR 24.72).")

    def withheld(self) -> None:
        """Name what is held or came back, as far as it is missing."""
        for kind, test, text in (
            (ItemKind.HELD_FOR_ACH, is_held, "Held for want of ACH data (REV-613)."),
            (ItemKind.RETURNED, _is_only_returned, "The payment was returned and not issued again."),
        ):
            amounts = self.facts.amounts_where(test)
            if sum(amounts, ZERO) > -self.gap:
                # Some have come since: of the others one must make up the gap.
                amounts = [amount for amount in amounts if amount == -self.gap][:1]
            if amounts:
                self.name(kind, sum(amounts, ZERO), text)

    def interest(self) -> None:
        """Name the interest where exactly that is missing."""
        interest = self.facts.interest()
        if interest > 0 and self.gap == -interest:
            self.name(
                ItemKind.INTEREST_OUTSTANDING, interest, "The principal has come, the interest not yet."
            )

    def diverted(self) -> None:
        """Name what is missing of a refund whose status is Funds Diverted, where no offset was listed."""
        amounts = self.facts.amounts_where(lambda states: PaymentState.FUNDS_DIVERTED in states)
        if not self.facts.offsets and self.gap < 0 and -self.gap <= sum(amounts, ZERO):
            self.name(ItemKind.OFFSET, -self.gap, "Status Funds Diverted (19 CFR 24.72): ask for the bill.")

    def notify_party(self) -> None:
        """Name what went to the Form 4811 party."""
        for check in self.facts.entries:
            estimate = check.estimate
            if estimate is None or estimate.entry.notify_party is None:
                return
            if party_key(check.party) != party_key(estimate.entry.notify_party):
                return
        if self.facts.entries and self.gap < 0:
            self.name(ItemKind.NOTIFY_PARTY, -self.gap, "Paid to the Form 4811 party, not to the importer.")

    def doubt(self, as_of: dt.date, statement_end: dt.date | None) -> str:
        """Return why nothing can be said of what is missing, blank where the money should be there."""
        rows = (*self.facts.amount_rows, *self.facts.rows)
        days = [row.paid_on for row in rows if row.paid_on is not None]
        if days and (statement_end is None or max(days) > statement_end):
            return f"Paid {max(days)}, after the last line of the bank statement."
        liquidated = self.facts.liquidation_date
        if liquidated is not None and not days:
            due = refund_due_date(liquidated)
            if as_of <= due:
                return f"Not at the bank yet; the refund is due by {due}."
        return ""


def compare_payment(
    facts: PaymentFacts,
    bank: Sequence[BankLine] | None,
    *,
    as_of: dt.date,
    statement_end: dt.date | None,
) -> PaymentCheck:
    """Compare what CBP reports for a payment with its bank lines, `None` where there is no statement."""
    reported = facts.reported
    note = ""
    doubt = ""
    if bank is None:
        work = _Gap(facts, -reported)
        work.listed()
        work.withheld()
        received, left = -work.gap, ZERO
        if PaymentState.FUNDS_DIVERTED in facts.states and not facts.offsets:
            note = "Status Funds Diverted: give the bank lines or the offset to see how much was taken."
    else:
        received = sum((line.amount for line in bank), ZERO)
        work = _Gap(facts, received - reported)
        work.listed()
        if work.gap < 0:
            work.withheld()
        work.interest()
        work.diverted()
        if not bank:
            work.notify_party()
        left = work.gap
        if left and not bank:
            doubt = work.doubt(as_of, statement_end)
        if left:
            note = doubt or _hint(left, reported)
    if not facts.entries:
        doubt = note = (
            f"Refund {facts.refund_numbers[0]} stands in no row with an entry: give ES-022 or REV-615."
        )
        left += reported
    items = _merged([*(item for check in facts.entries for item in check.items), *work.items])
    unexplained = sum((check.unexplained for check in facts.entries), ZERO if doubt else left)
    unchecked = sum((check.unchecked for check in facts.entries), left if doubt else ZERO)
    own = Result.UNEXPLAINED if left else Result.EXPLAINED if work.items else Result.MATCHED
    return PaymentCheck(
        facts.party,
        facts.liquidation_date,
        facts.refund_numbers,
        tuple(check.number for check in facts.entries),
        sum((check.expected for check in facts.entries), ZERO),
        reported,
        received,
        tuple(bank or ()),
        items,
        unexplained,
        unchecked,
        worst([*(check.result for check in facts.entries), Result.COULD_NOT_CHECK if doubt else own]),
        facts.states,
        note,
    )


def _hint(left: Decimal, reported: Decimal) -> str:
    if left > 0:
        return (
            f"The bank has {format_dollars(left)} more than CBP reports: paid twice, or an offset not taken?"
        )
    if left == -reported:
        return "Reported as refunded, and nothing of it is at the bank."
    return f"The bank has {format_dollars(-left)} less than CBP reports: an offset that is not listed?"


def _merged(items: Sequence[Item]) -> tuple[Item, ...]:
    """Add up items of one kind; the text of the first stands for them."""
    found: dict[ItemKind, Item] = {}
    for item in items:
        known = found.get(item.kind)
        found[item.kind] = item if known is None else Item(item.kind, known.amount + item.amount, known.text)
    return tuple(found.values())
