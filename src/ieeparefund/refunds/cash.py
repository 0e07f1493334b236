"""When the money comes: a weekly forecast with a low, an expected and a high case.

The three cases differ in day and in amount:

* **low**: 90 days after acceptance, the least amount the facts allow;
* **expected**: 75 days after acceptance, half way from 60 to 90, the amount estimated. For an entry that was
  unliquidated this is also day 30 after its liquidation, the last of 19 USC 1505(b);
* **high**: the earlier of 60 days after acceptance and 18 days after (re)liquidation, the most the facts allow.

The 60 and 90 days are CBP's announcement (CSMS 68340863; published), the 18 an average observed in May 2026
(inferred); they are practice, not law, and stand in `law/tables/refund_practice.toml`. Amounts differ where
the deposit date is assumed (interest over the plausible dates) or the file leaves a range of refundable duty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.law.clocks import clock
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.refund_practice import refund_practice
from ieeparefund.law.working_days import is_working_day, next_working_day
from ieeparefund.money import ZERO
from ieeparefund.refunds.accrual import accrue
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.payments import is_dated, party_of, payment_date

__all__ = ["CashForecast", "CashPayment", "CashSum", "CashWeek", "cash_forecast"]

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CashSum:
    """Amounts of the three cases in dollars; `principal` and `interest` are the two parts of `expected`."""

    low: Decimal = ZERO
    principal: Decimal = ZERO
    interest: Decimal = ZERO
    high: Decimal = ZERO

    @property
    def expected(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest

    def __add__(self, other: CashSum) -> CashSum:
        return CashSum(
            self.low + other.low,
            self.principal + other.principal,
            self.interest + other.interest,
            self.high + other.high,
        )

    def to_dict(self) -> dict[str, str]:
        """Return the amounts as JSON values."""
        return {
            name: f"{getattr(self, name):.2f}"
            for name in ("low", "expected", "high", "principal", "interest")
        }


@dataclass(frozen=True, slots=True)
class CashPayment:
    """One expected payment with the days its money may come. Amounts as in `sums`.

    `high_on` is the earliest, `expected_on` the expected and `low_on` the latest of the three days; each is a
    working day, none lies before the day of the question. `overdue` says that the latest day has passed.
    `acceptance_assumed` says that for an entry of it no acceptance date is known: it is then taken as 45 days
    before a known reliquidation, else as the day of the question.
    """

    party: str | None
    liquidation_date: dt.date
    entries: tuple[EntryNumber, ...]
    sums: CashSum
    high_on: dt.date
    expected_on: dt.date
    low_on: dt.date
    acceptance_assumed: bool
    overdue: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the payment as JSON values, the party masked."""
        return {
            "party": mask_importer(self.party),
            "liquidation_date": self.liquidation_date.isoformat(),
            "entries": len(self.entries),
            **self.sums.to_dict(),
            "high_on": self.high_on.isoformat(),
            "expected_on": self.expected_on.isoformat(),
            "low_on": self.low_on.isoformat(),
            "acceptance_assumed": self.acceptance_assumed,
            "overdue": self.overdue,
        }


@dataclass(frozen=True, slots=True)
class CashWeek:
    """What comes in the week that starts on `monday`: each case by its own day."""

    monday: dt.date
    sums: CashSum


@dataclass(frozen=True, slots=True)
class CashForecast:
    """The forecast of a book as of one day. Made by `cash_forecast`.

    `weeks` run without a gap from the first to the last week with money. `undated` are accepted entries whose
    liquidation is on hold (outcome accepted, deferred) and which have no date; their interest runs to `as_of`
    only. Every dollar of refundable duty and interest of the book's totals is in exactly one week or in
    `undated`.
    """

    as_of: dt.date
    payments: tuple[CashPayment, ...]
    weeks: tuple[CashWeek, ...]
    by_year: Mapping[int, CashSum]
    undated: CashSum
    undated_entries: tuple[EntryNumber, ...]

    @property
    def total(self) -> CashSum:
        """Every week and what is undated."""
        return sum((week.sums for week in self.weeks), self.undated)

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only view of a mapping cannot be pickled.
        return (
            _rebuild,
            (self.as_of, self.payments, self.weeks, dict(self.by_year), self.undated, self.undated_entries),
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one flat row a week: its Monday and the amounts."""
        return [
            {
                "week": week.monday,
                "low": week.sums.low,
                "expected": week.sums.expected,
                "high": week.sums.high,
                "principal": week.sums.principal,
                "interest": week.sums.interest,
            }
            for week in self.weeks
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the forecast as JSON values."""
        return {
            "as_of": self.as_of.isoformat(),
            "weeks": [{"week": week.monday.isoformat(), **week.sums.to_dict()} for week in self.weeks],
            "by_year": {str(year): sums.to_dict() for year, sums in self.by_year.items()},
            "undated": {
                "entries": [str(number) for number in self.undated_entries],
                **self.undated.to_dict(),
            },
            "total": self.total.to_dict(),
            "payments": [payment.to_dict() for payment in self.payments],
        }


def _rebuild(
    as_of: dt.date,
    payments: tuple[CashPayment, ...],
    weeks: tuple[CashWeek, ...],
    by_year: dict[int, CashSum],
    undated: CashSum,
    undated_entries: tuple[EntryNumber, ...],
) -> CashForecast:
    return CashForecast(as_of, payments, weeks, MappingProxyType(by_year), undated, undated_entries)


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
    """Move a day into what is possible: on or after the liquidation and the day of the question, a working day."""
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
