"""Entries of which no report speaks yet: still to come, or overdue."""

from __future__ import annotations

import datetime as dt

from ieeparefund.law.due_dates import refund_due_date
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.refund_practice import refund_practice
from ieeparefund.money import ZERO
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.reconcile_entries import EntryCheck
from ieeparefund.refunds.reconcile_items import Item, ItemKind, Result

__all__ = ["known_liquidation", "pending_entry"]


def known_liquidation(estimate: RefundEstimate, as_of: dt.date) -> dt.date | None:
    """Return the day of the reliquidation that CAPE led to, where it is known and has come."""
    day = estimate.entry.reliquidation_date
    return day if day is not None and day <= as_of else None


def pending_entry(estimate: RefundEstimate, party: str | None, as_of: dt.date, *, paid: bool) -> EntryCheck:
    """Return the line of an entry that no report names, as of `as_of`.

    `paid` says that the reports have a payment for its party and reliquidation date. An entry is overdue, and
    its amount unexplained, where that payment is there without it, where 30 days have passed since a known
    reliquidation (19 USC 1505(b)), or 90 since a known acceptance (practice). Otherwise it is not yet
    liquidated, as far as is known.
    """
    amount = estimate.refund
    liquidated = known_liquidation(estimate, as_of)
    overdue, text = _state(estimate, liquidated, as_of, paid=paid)
    return EntryCheck(
        estimate.entry.number,
        estimate,
        party,
        liquidated,
        estimate.refundable_duty,
        estimate.interest,
        None,
        None,
        ZERO,
        () if overdue or not amount else (Item(ItemKind.NOT_YET_LIQUIDATED, -amount, text),),
        -amount if overdue else ZERO,
        ZERO,
        (Result.UNEXPLAINED if overdue else Result.EXPLAINED) if amount else Result.MATCHED,
        frozenset(),
        (),
        text,
    )


def _state(
    estimate: RefundEstimate, liquidated: dt.date | None, as_of: dt.date, *, paid: bool
) -> tuple[bool, str]:
    if liquidated is not None:
        if paid:
            return True, f"The reports have a payment for {liquidated}, and the entry is not in it."
        due = refund_due_date(liquidated)
        if as_of > due:
            return True, f"Liquidated {liquidated}, the refund was due by {due}; none is reported."
        return False, f"Liquidated {liquidated}, the refund is due by {due}; none is reported yet."
    if estimate.outcome is Outcome.ACCEPTED_DEFERRED:
        return False, "Accepted, liquidation on hold: no date is known."
    accepted = estimate.entry.cape_accepted_on
    if accepted is None:
        return False, "No liquidation and no acceptance is known."
    late = accepted + dt.timedelta(days=refund_practice().most_days)
    if as_of > late:
        return True, f"Accepted {accepted}; the money was to come by {late}, and no refund is reported."
    return False, f"Accepted {accepted}; no liquidation is reported yet."
