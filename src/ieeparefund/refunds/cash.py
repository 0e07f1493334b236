"""When the money comes: a weekly forecast with a low, an expected and a high case.

The three cases differ in day and in amount:

* **low**: 90 days after acceptance, the least amount the facts allow;
* **expected**: 75 days after acceptance, half way from 60 to 90, the amount estimated. For an entry that
  was unliquidated this is also day 30 after its liquidation, the last of 19 USC 1505(b);
* **high**: the earlier of 60 days after acceptance and 18 days after (re)liquidation, the most the facts
  allow.

The 60 and 90 days are CBP's announcement (CSMS 68340863; published), the 18 an average observed in May 2026
(inferred); they are practice, not law, and stand in `law/tables/refund_practice.toml`. Amounts differ where
the deposit date is assumed (interest over the plausible dates) or the file leaves a range of refundable duty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ieeparefund.law.clocks import clock
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.refund_practice import refund_practice
from ieeparefund.law.working_days import is_working_day, next_working_day
from ieeparefund.money import exactly
from ieeparefund.refunds.accrual import accrue
from ieeparefund.refunds.cash_results import CashForecast, CashPayment, CashSum, CashWeek
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.payments import is_dated, party_of, payment_date

__all__ = ["CashForecast", "CashPayment", "CashSum", "CashWeek", "cash_forecast"]

_WEEK = dt.timedelta(days=7)


def _sums(estimate: RefundEstimate) -> CashSum:
    """Return the amounts of one entry: equal where deposit date and duty are known for certain."""
    duty, interest = estimate.refundable_duty, estimate.interest
    if estimate.deposit.assumption is None and estimate.duty.is_certain:
        return CashSum(duty + interest, duty, interest, duty + interest)
    low, high = estimate.interest_range
    if not estimate.duty.is_certain:
        first, _ = estimate.deposit.bounds(estimate.entry)
        high = accrue(
            estimate.duty.high,
            deposited=first,
            ends=payment_date(estimate),
            payee=estimate.payee,
            rates=estimate.rates,
        ).amount
    return CashSum(duty + low, duty, interest, estimate.duty.high + high)


def _acceptance(estimate: RefundEstimate) -> tuple[dt.date, bool]:
    entry = estimate.entry
    if entry.cape_accepted_on is not None:
        return entry.cape_accepted_on, False
    if entry.reliquidation_date is not None:
        return entry.reliquidation_date - dt.timedelta(days=clock("cape_unliquidated").count), True
    return estimate.as_of, True


def _money_day(day: dt.date, liquidation: dt.date, as_of: dt.date) -> dt.date:
    """Move a day into what is possible: a working day on or after the liquidation and `as_of`."""
    day = max(day, liquidation, as_of)
    return day if is_working_day(day) else next_working_day(day)


def _payment(
    party: str | None, liquidation: dt.date, group: list[RefundEstimate], as_of: dt.date
) -> CashPayment:
    acceptances = [_acceptance(estimate) for estimate in group]
    first, last = min(day for day, _ in acceptances), max(day for day, _ in acceptances)
    practice = refund_practice()
    days = dt.timedelta
    late = last + days(practice.most_days)
    early = min(first + days(practice.least_days), liquidation + days(practice.observed_days))
    return CashPayment(
        party,
        liquidation,
        tuple(estimate.entry.number for estimate in group),
        sum((_sums(estimate) for estimate in group), CashSum()),
        high_on=_money_day(early, liquidation, as_of),
        expected_on=_money_day(last + days(practice.middle_days), liquidation, as_of),
        low_on=_money_day(late, liquidation, as_of),
        acceptance_assumed=any(assumed for _, assumed in acceptances),
        overdue=max(late, liquidation) < as_of,
    )


def _spread(payments: Iterable[CashPayment]) -> Iterable[tuple[dt.date, CashSum]]:
    """Yield the amounts of each case on its own day."""
    for payment in payments:
        sums = payment.sums
        yield payment.low_on, CashSum(low=sums.low)
        yield payment.expected_on, CashSum(principal=sums.principal, interest=sums.interest)
        yield payment.high_on, CashSum(high=sums.high)


@exactly
def cash_forecast(estimates: Iterable[RefundEstimate], *, as_of: dt.date) -> CashForecast:
    """Return the weekly cash forecast of estimates made as of `as_of`. Weeks start on Monday.

    Takes the entries that are accepted or accepted, deferred; the others have nothing to come. What has been
    paid already is not known here: leave such entries out. A day that falls on a weekend or holiday moves to
    the next working day, a day that has passed to `as_of`. The cases are those of the module's text. The year
    of payment is that of each case's own day.
    """
    groups: dict[tuple[dt.date, str | None], list[RefundEstimate]] = {}
    undated: list[RefundEstimate] = []
    for estimate in estimates:
        if estimate.duty.high <= 0:
            continue
        if is_dated(estimate):
            groups.setdefault((payment_date(estimate), party_of(estimate.entry)), []).append(estimate)
        elif estimate.outcome is Outcome.ACCEPTED_DEFERRED:
            undated.append(estimate)
    payments = tuple(
        _payment(party, day, group, as_of)
        for (day, party), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    )
    weeks: dict[dt.date, CashSum] = {}
    years: dict[int, CashSum] = {}
    for day, sums in _spread(payments):
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, CashSum()) + sums
        years[day.year] = years.get(day.year, CashSum()) + sums
    return CashForecast(
        as_of,
        payments,
        tuple(_without_gaps(weeks)),
        MappingProxyType(dict(sorted(years.items()))),
        sum((_sums(estimate) for estimate in undated), CashSum()),
        tuple(estimate.entry.number for estimate in undated),
    )


def _without_gaps(weeks: Mapping[dt.date, CashSum]) -> Iterable[CashWeek]:
    if not weeks:
        return
    monday, last = min(weeks), max(weeks)
    while monday <= last:
        yield CashWeek(monday, weeks.get(monday, CashSum()))
        monday += _WEEK
