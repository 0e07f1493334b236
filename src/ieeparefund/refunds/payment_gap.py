"""What lies between CBP's reports and the bank, named part by part."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ieeparefund.law.due_dates import refund_due_date
from ieeparefund.money import ZERO
from ieeparefund.refunds.payment_facts import PaymentFacts
from ieeparefund.refunds.reconcile_inputs import PaymentState, is_held, is_returned, party_key
from ieeparefund.refunds.reconcile_items import Item, ItemKind

__all__ = ["PaymentGap"]


def _is_only_returned(states: frozenset[PaymentState]) -> bool:
    return is_returned(states) and not is_held(states)


class PaymentGap:
    """What the bank has less than the reports, named part by part. Below zero money is missing."""

    def __init__(self, facts: PaymentFacts, gap: Decimal) -> None:
        self.facts = facts
        self.gap = gap
        self.items: list[Item] = []

    def name(self, kind: ItemKind, amount: Decimal, text: str) -> None:
        """Take a named amount off the gap."""
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
