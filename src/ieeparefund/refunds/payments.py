"""The payments CBP is expected to make: one for each payee party and (re)liquidation date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.law.eligibility import Outcome
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.estimate import RefundEstimate

__all__ = ["ExpectedPayment", "expected_payments", "is_dated", "party_of", "payment_date"]


@dataclass(frozen=True, slots=True)
class ExpectedPayment:
    """One payment CBP is expected to make: all entries of a payee party with one (re)liquidation date.

    `party` is the Form 4811 party, else the importer of record, `None` where neither is known. Principal and
    interest, in dollars, come together (CSMS 68315804); `liquidation_date` is where interest ends, not the
    day of the money (see `cash_forecast`).
    """

    party: str | None = field(repr=False)
    liquidation_date: dt.date
    entries: tuple[EntryNumber, ...]
    principal: Decimal
    interest: Decimal

    @property
    @exactly
    def amount(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest


def party_of(entry: Entry) -> str | None:
    """Return whom CBP pays for an entry: the Form 4811 party, else the importer of record."""
    return entry.notify_party or entry.importer


def is_dated(estimate: RefundEstimate) -> bool:
    """Return whether a (re)liquidation is known or foreseen on which the refund follows.

    So for an accepted entry; for a deferred one only where its reliquidation date is known.
    """
    if estimate.outcome is Outcome.ACCEPTED:
        return True
    return estimate.outcome is Outcome.ACCEPTED_DEFERRED and estimate.entry.reliquidation_date is not None


def payment_date(estimate: RefundEstimate) -> dt.date:
    """Return the (re)liquidation date by which CBP groups the refund, known or assumed."""
    return estimate.interest_to or estimate.end.date


@exactly
def expected_payments(estimates: Iterable[RefundEstimate]) -> list[ExpectedPayment]:
    """Return one payment for each payee party and (re)liquidation date, in order of date, then party.

    Only entries with money to come on a date that is known or foreseen (`is_dated`).
    """
    groups: dict[tuple[dt.date, str | None], list[RefundEstimate]] = {}
    for estimate in estimates:
        if is_dated(estimate) and estimate.schedule is not None:
            groups.setdefault((payment_date(estimate), party_of(estimate.entry)), []).append(estimate)
    return [
        ExpectedPayment(
            party,
            day,
            tuple(estimate.entry.number for estimate in group),
            sum((estimate.refundable_duty for estimate in group), ZERO),
            sum((estimate.interest for estimate in group), ZERO),
        )
        for (day, party), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]
