"""The payment level of a reconciliation: what the bank shows against what is expected and CBP reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_importer, mask_reference
from ieeparefund.money import ZERO, exactly, format_dollars
from ieeparefund.refunds.payment_facts import PaymentFacts
from ieeparefund.refunds.payment_gap import PaymentGap
from ieeparefund.refunds.reconcile_inputs import BankLine, PaymentState
from ieeparefund.refunds.reconcile_items import Item, ItemKind, Result, worst

__all__ = ["PaymentCheck", "compare_payment", "stray_line"]


@dataclass(frozen=True, slots=True)
class PaymentCheck:
    """One payment: a payee party and (re)liquidation date. Amounts are dollars.

    Always `expected + items + unexplained + unchecked == received`. `expected` is the sum over its entries;
    `reported` what CBP's reports give as refunded. `received` is the sum of `bank_lines`, or without a bank
    statement what the reports leave after what they say is held, returned or set off. `items`, `unexplained`
    and `unchecked` contain those of the entries.
    """

    party: str | None = field(repr=False)
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
    @exactly
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
                    "reference": mask_reference(line.reference),
                    "source": line.source,
                }
                for line in self.bank_lines
            ],
            "states": sorted(state.value for state in self.states),
            "note": self.note,
        }


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
        f"The line of {line.date} belongs to no reported refund: is a report missing, or is it no refund?",
    )


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
        work = PaymentGap(facts, -reported)
        work.listed()
        work.withheld()
        received, left = -work.gap, ZERO
        if PaymentState.FUNDS_DIVERTED in facts.states and not facts.offsets:
            note = "Status Funds Diverted: give the bank lines or the offset to see how much was taken."
    else:
        received = sum((line.amount for line in bank), ZERO)
        work = PaymentGap(facts, received - reported)
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
