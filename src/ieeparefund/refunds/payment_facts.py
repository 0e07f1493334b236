"""What is known of one payment before it is compared: its entries, report rows and set-offs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.money import ZERO
from ieeparefund.refunds.bank_matching import BankTarget
from ieeparefund.refunds.reconcile_entries import EntryCheck
from ieeparefund.refunds.reconcile_inputs import Offset, Payment, PaymentState, is_held, is_returned

__all__ = ["PaymentFacts", "bank_target"]


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
