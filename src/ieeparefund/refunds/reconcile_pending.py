"""Entries of which no report speaks yet: still to come, or overdue."""

from __future__ import annotations

import datetime as dt

from ieeparefund.law.due_dates import refund_due_date
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.refund_practice import refund_practice
from ieeparefund.money import ZERO
from ieeparefund.refunds.accrual import accrue
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.reconcile_entries import EntryCheck
from ieeparefund.refunds.reconcile_items import Item, ItemKind, Result

__all__ = ["is_coming", "known_liquidation", "pending_entry"]


def is_coming(estimate: RefundEstimate) -> bool:
    """Return whether a refund is to come: CAPE takes the entry, or has taken it, by the day of the estimate."""
    return estimate.outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED_DEFERRED)


def known_liquidation(estimate: RefundEstimate, as_of: dt.date) -> dt.date | None:
    """Return the day of the (re)liquidation that CAPE led to, where it is known and has come.

    That is the reliquidation, or a first liquidation after acceptance; where acceptance is not known, after
    the day of the estimate.
    """
    entry = estimate.entry
    day = entry.reliquidation_date
    if day is None and entry.liquidation_date is not None:
        accepted = entry.cape_accepted_on or estimate.as_of
        day = entry.liquidation_date if entry.liquidation_date > accepted else None
    return day if day is not None and day <= as_of else None


def pending_entry(estimate: RefundEstimate, party: str | None, as_of: dt.date, *, paid: bool) -> EntryCheck:
    """Return the line of an entry that no report names, as of `as_of`.

    `paid` says that the reports have a payment for its party and (re)liquidation date. An entry is overdue,
    and its amount unexplained, where that payment is there without it, where 30 days have passed since a known
    (re)liquidation (19 USC 1505(b)), or 90 since a known acceptance (practice). Otherwise it is not yet
    liquidated, as far as is known. Interest runs to the known (re)liquidation, else as estimated.
    """
    liquidated = known_liquidation(estimate, as_of)
    principal, interest = estimate.refundable_duty, estimate.interest
    if principal and liquidated is not None:
        interest = accrue(
            principal,
            deposited=estimate.deposit_date,
            ends=liquidated,
            payee=estimate.payee,
            rates=estimate.rates,
        ).amount
    amount = principal + interest
    overdue, text = _state(estimate, liquidated, as_of, paid=paid)
    return EntryCheck(
        estimate.entry.number,
        estimate,
        party,
        liquidated,
        principal,
        interest,
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
