"""What a cash forecast says: sums of the three cases, payments, weeks, years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.money import ZERO, exactly

__all__ = ["CashForecast", "CashPayment", "CashSum", "CashWeek"]


@dataclass(frozen=True, slots=True)
class CashSum:
    """Amounts of the three cases in dollars; `principal` and `interest` are the two parts of `expected`."""

    low: Decimal = ZERO
    principal: Decimal = ZERO
    interest: Decimal = ZERO
    high: Decimal = ZERO

    @property
    @exactly
    def expected(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest

    @exactly
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

    party: str | None = field(repr=False)
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
    @exactly
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
