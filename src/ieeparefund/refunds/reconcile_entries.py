"""The entry level of a reconciliation: what CBP reports for an entry against what is expected of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.reconcile_inputs import Payment, PaymentState
from ieeparefund.refunds.reconcile_items import Item, Result
from ieeparefund.refunds.trace_case import InterestCase

__all__ = ["EntryCheck", "Reported", "unknown_entry"]


@dataclass(frozen=True, slots=True)
class Reported:
    """What the reports say of one entry: `rows` carry its amounts, each dollar once.

    `principal` and `interest` are `None` where no row has them apart; `amount` is all of it. `conflict` says
    in a sentence that two reports disagree.
    """

    rows: tuple[Payment, ...]
    liquidation_date: dt.date | None
    principal: Decimal | None
    interest: Decimal | None
    amount: Decimal
    states: frozenset[PaymentState]
    conflict: str


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """One entry: expected, named items, the rest, and what CBP reports as refunded. Amounts are dollars.

    Always `expected + items + unexplained + unchecked == received`. `expected_interest` runs to
    `liquidation_date`: the one CBP reports, else the one estimated. `received` is what the reports give as
    refunded for the entry, zero where they give nothing. `estimate` is `None` for an entry that is not in the
    book. `party` is whom CBP pays. `note` says what to know or to do.
    """

    number: EntryNumber
    estimate: RefundEstimate | None
    party: str | None = field(repr=False)
    liquidation_date: dt.date | None
    expected_principal: Decimal
    expected_interest: Decimal
    paid_principal: Decimal | None
    paid_interest: Decimal | None
    received: Decimal
    items: tuple[Item, ...]
    unexplained: Decimal
    unchecked: Decimal
    result: Result
    states: frozenset[PaymentState]
    rows: tuple[Payment, ...]
    note: str

    @property
    @exactly
    def expected(self) -> Decimal:
        """Principal and interest."""
        return self.expected_principal + self.expected_interest

    @property
    @exactly
    def difference(self) -> Decimal:
        """Received less expected."""
        return self.received - self.expected

    @property
    @exactly
    def interest_case(self) -> InterestCase | None:
        """The facts for `trace_case`, which finds how CBP came to its interest.

        `None` where principal, interest or liquidation date is not reported, or no principal was paid.
        """
        estimate = self.estimate
        if estimate is None or not self.paid_principal or self.paid_principal < 0:
            return None
        if self.paid_interest is None or self.paid_interest < 0 or self.liquidation_date is None:
            return None
        return InterestCase(
            self.paid_interest,
            self.paid_principal,
            deposited=estimate.deposit_date,
            liquidated=self.liquidation_date,
            payee=estimate.payee,
            entry_date=estimate.entry.entry_date,
            entry_summary_date=estimate.entry.entry_summary_date,
            id=str(self.number),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON values."""
        return {
            "entry_number": str(self.number),
            "result": self.result.value,
            "liquidation_date": None if self.liquidation_date is None else self.liquidation_date.isoformat(),
            "expected_principal": f"{self.expected_principal:.2f}",
            "expected_interest": f"{self.expected_interest:.2f}",
            "paid_principal": None if self.paid_principal is None else f"{self.paid_principal:.2f}",
            "paid_interest": None if self.paid_interest is None else f"{self.paid_interest:.2f}",
            "expected": f"{self.expected:.2f}",
            "items": [item.to_dict() for item in self.items],
            "unexplained": f"{self.unexplained:.2f}",
            "unchecked": f"{self.unchecked:.2f}",
            "received": f"{self.received:.2f}",
            "states": sorted(state.value for state in self.states),
            "note": self.note,
        }


def unknown_entry(number: EntryNumber, reported: Reported, party: str | None) -> EntryCheck:
    """Return the line of an entry that CBP refunded and that is not in the book: it cannot be checked."""
    return EntryCheck(
        number,
        None,
        party,
        reported.liquidation_date,
        ZERO,
        ZERO,
        reported.principal,
        reported.interest,
        reported.amount,
        (),
        ZERO,
        reported.amount,
        Result.COULD_NOT_CHECK,
        reported.states,
        reported.rows,
        "The entry is not in the book: add its rows to the ES-003 export.",
    )
