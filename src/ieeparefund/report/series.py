"""The figures behind the charts: payments by week, interest over time, deadlines ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.law.eligibility import Remedy
from ieeparefund.law.interest import Interest
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.cash import CashForecast
from ieeparefund.refunds.estimate import RefundEstimate

__all__ = [
    "Deadline",
    "DeadlineBand",
    "PaymentWeek",
    "accrual_points",
    "deadline_bands",
    "deadlines_ahead",
    "payment_weeks",
]

_WEEK = dt.timedelta(days=7)
_BANDS = ((0, 7), (8, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, None))


@dataclass(frozen=True, slots=True)
class PaymentWeek:
    """Payments expected in the week from `monday`: `principal` and `interest`, and the range of their sum, dollars."""

    monday: dt.date
    principal: Decimal
    interest: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for a next step of one entry, today or ahead."""

    day: dt.date
    days_left: int
    estimate: RefundEstimate
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class DeadlineBand:
    """Entries whose nearest deadline is `first` to `last` days ahead (both inclusive; `None`: no end)."""

    first: int
    last: int | None
    entries: int
    amount: Decimal

    @property
    def label(self) -> str:
        """The days in words."""
        return f"over {self.first - 1} days" if self.last is None else f"{self.first} to {self.last} days"


@exactly
def payment_weeks(forecast: CashForecast) -> tuple[PaymentWeek, ...]:
    """Return the payments of a forecast by the week of their expected day, without gaps between the weeks."""
    found: dict[dt.date, list[Decimal]] = {}
    for payment in forecast.payments:
        monday = payment.expected_on - dt.timedelta(days=payment.expected_on.weekday())
        sums = found.setdefault(monday, [ZERO] * 4)
        parts = (payment.sums.principal, payment.sums.interest, payment.sums.low, payment.sums.high)
        found[monday] = [before + part for before, part in zip(sums, parts, strict=True)]
    weeks: list[PaymentWeek] = []
    monday, last = min(found, default=dt.date.max), max(found, default=dt.date.min)
    while monday <= last:
        weeks.append(PaymentWeek(monday, *found.get(monday, [ZERO] * 4)))
        monday += _WEEK
    return tuple(weeks)


@exactly
def accrual_points(schedule: Interest) -> tuple[tuple[dt.date, Decimal], ...]:
    """Return the interest accrued by the end of each period, from zero on the day of deposit."""
    points = [(schedule.deposited, ZERO)]
    for period in schedule.periods:
        points.append((period.last_day, points[-1][1] + period.interest))
    return tuple(points)


@exactly
def deadlines_ahead(estimates: Iterable[RefundEstimate], as_of: dt.date) -> list[Deadline]:
    """Return every dated step of entries with money at stake, from `as_of` on: by day, then the largest first."""
    found = [
        Deadline(remedy.by, (remedy.by - as_of).days, estimate, remedy)
        for estimate in estimates
        if estimate.refund > 0
        for remedy in estimate.remedies
        if remedy.by is not None and remedy.by >= as_of
    ]
    return sorted(found, key=lambda one: (one.day, -one.estimate.refund, one.estimate.entry.number.compact))


@exactly
def deadline_bands(deadlines: Iterable[Deadline]) -> tuple[DeadlineBand, ...]:
    """Return entries and dollars by the days left to each entry's nearest deadline. An entry counts once."""
    nearest: dict[str, Deadline] = {}
    for one in deadlines:
        known = nearest.setdefault(one.estimate.entry.number.compact, one)
        if one.days_left < known.days_left:
            nearest[one.estimate.entry.number.compact] = one
    bands = []
    for first, last in _BANDS:
        inside = [
            one
            for one in nearest.values()
            if first <= one.days_left and (last is None or one.days_left <= last)
        ]
        bands.append(
            DeadlineBand(first, last, len(inside), sum((one.estimate.refund for one in inside), ZERO))
        )
    return tuple(bands)
