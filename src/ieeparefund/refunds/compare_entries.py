"""What CBP reports for an entry against what is expected: the difference, named part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.money import ZERO, format_dollars
from ieeparefund.refunds.accrual import accrue
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.payments import payment_date
from ieeparefund.refunds.reconcile_entries import EntryCheck, Reported
from ieeparefund.refunds.reconcile_inputs import is_held, is_returned
from ieeparefund.refunds.reconcile_items import Item, ItemKind, Result
from ieeparefund.refunds.tolerance import PARTS_AN_ENTRY, rounding_tolerance

__all__ = ["compare_entry"]


class _Comparison:
    """Takes named items off the differences of principal and interest, one after the other."""

    def __init__(self, estimate: RefundEstimate, reported: Reported, end: dt.date) -> None:
        self.estimate = estimate
        self.reported = reported
        self.end = end
        self.principal = estimate.refundable_duty
        self.interest = self._accrued(self.principal)
        self.due = self.principal + self.interest
        self.items: list[Item] = []

    def _accrued(self, principal: Decimal, deposited: dt.date | None = None) -> Decimal:
        estimate = self.estimate
        if deposited is None:
            if principal == estimate.refundable_duty and self.end == estimate.interest_to:
                return estimate.interest
            deposited = estimate.deposit_date
        return accrue(
            principal, deposited=deposited, ends=self.end, payee=estimate.payee, rates=estimate.rates
        ).amount

    def net(self, principal: Decimal, text: str) -> None:
        """Name a change of the principal with the interest that follows from it."""
        principal = max(ZERO, principal)
        interest = self._accrued(principal)
        change = principal + interest - self.principal - self.interest
        self.items.append(Item(ItemKind.NETTING, change, text))
        self.principal, self.interest = principal, interest

    def name_netting(self, netted: Decimal) -> None:
        """Name what was listed as netted, else an adjustment known to the file that CBP did not make."""
        if netted:
            self.net(
                self.principal - netted,
                f"Other changes of the entry, {format_dollars(netted)}, are netted (19 CFR 159.1).",
            )
            return
        known = self.estimate.entry.other_adjustments
        if known and self.reported.principal == self.principal + known:
            self.net(
                self.principal + known,
                f"CBP did not net the other changes of the entry, {format_dollars(known)}.",
            )

    def name_interest(self) -> None:
        """Name interest that has not come yet, or that differs by rounding."""
        reported = self.reported
        if reported.principal is None:
            rest = reported.amount - self.principal - self.interest
        elif reported.principal != self.principal:
            return
        else:
            if not reported.interest and self.interest:
                self.items.append(
                    Item(
                        ItemKind.INTEREST_OUTSTANDING,
                        -self.interest,
                        "The principal is reported, the interest not yet.",
                    )
                )
                self.interest = ZERO
                return
            rest = (reported.interest or ZERO) - self.interest
        if rest and abs(rest) <= rounding_tolerance(PARTS_AN_ENTRY):
            self.items.append(Item(ItemKind.ROUNDING, rest, "Interest differs by rounding."))
            self.interest += rest

    def doubt(self) -> str:
        """Return why the rest cannot be judged, blank where every fact is known."""
        estimate, reported = self.estimate, self.reported
        if reported.conflict:
            return reported.conflict
        paid = reported.principal
        if not estimate.duty.is_certain and (paid is None or estimate.duty.low <= paid <= estimate.duty.high):
            return (
                f"The refundable duty lies between {format_dollars(estimate.duty.low)} and "
                f"{format_dollars(estimate.duty.high)}: give the column 1 rate."
            )
        if paid is not None and paid != self.principal:
            return ""
        if reported.liquidation_date is None and estimate.end.assumed:
            return f"No liquidation date is reported and {estimate.end.date} is assumed: give the date."
        if self.end > estimate.rates.last_day:
            return (
                f"Rates after {estimate.rates.last_day} are not published: give a rate table that has them."
            )
        if estimate.deposit.assumption is None:
            return ""
        first, last = estimate.deposit.bounds(estimate.entry)
        low, high = self._accrued(self.principal, last), self._accrued(self.principal, first)
        if low <= reported.amount - self.principal <= high:
            return (
                f"The deposit date is assumed, and the interest lies within {format_dollars(low)} to "
                f"{format_dollars(high)} of the plausible dates: give the deposit date."
            )
        return ""

    def hint(self) -> str:
        """Return where to look for the rest."""
        reported = self.reported
        if reported.principal is None:
            return "Principal and interest are not reported apart: give the ES-022 report."
        if reported.principal != self.principal:
            told = f"CBP refunded a principal of {format_dollars(reported.principal)}."
            if reported.interest == self._accrued(max(ZERO, reported.principal)):
                return f"{told} The interest is right for it: ask what changed on the entry."
            return told
        return (
            f"Interest {format_dollars(reported.interest or ZERO)} instead of "
            f"{format_dollars(self.interest)}: explain_interest finds the assumptions that give it."
        )


def compare_entry(
    number: EntryNumber, estimate: RefundEstimate, reported: Reported, party: str | None, netted: Decimal
) -> EntryCheck:
    """Compare the figures CBP reports for an entry with what is expected at the reported (re)liquidation.

    `reported` has rows. `netted` is what was listed as netting for the entry, in dollars.
    """
    end = reported.liquidation_date or payment_date(estimate)
    work = _Comparison(estimate, reported, end)
    expected_principal, expected_interest = work.principal, work.interest
    unchecked = unexplained = ZERO
    doubt = note = ""
    if any(row.amount is not None for row in reported.rows):
        work.name_netting(netted)
        work.name_interest()
        rest = reported.amount - work.principal - work.interest
        doubt = work.doubt() if rest else reported.conflict
        if doubt:
            unchecked = rest
        elif rest:
            unexplained, note = rest, work.hint()
    elif is_held(reported.states):
        work.items.append(Item(ItemKind.HELD_FOR_ACH, -work.due, "Held for want of ACH data (REV-613)."))
    elif is_returned(reported.states):
        work.items.append(Item(ItemKind.RETURNED, -work.due, "The payment was returned."))
    else:
        unchecked, doubt = -work.due, "Reported without an amount: give ES-022 or REV-615."
    return EntryCheck(
        number,
        estimate,
        party,
        end,
        expected_principal,
        expected_interest,
        reported.principal,
        reported.interest,
        reported.amount,
        tuple(work.items),
        unexplained,
        unchecked,
        _result(unexplained, bool(doubt), work.items),
        reported.states,
        reported.rows,
        doubt or note,
    )


def _result(unexplained: Decimal, doubtful: bool, items: Sequence[Item]) -> Result:
    if doubtful:
        return Result.COULD_NOT_CHECK
    if unexplained:
        return Result.UNEXPLAINED
    return Result.EXPLAINED if items else Result.MATCHED
