"""A book of entries: every estimate, totals that tie, and the payments to expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source, RefundEstimate, as_payee, estimate_refund
from ieeparefund.refunds.payments import ExpectedPayment, expected_payments

if TYPE_CHECKING:
    from ieeparefund.refunds.cash import CashForecast

__all__ = ["ExpectedPayment", "OutcomeTotals", "Portfolio", "PortfolioTotals", "estimate_portfolio"]

_COMING = (Outcome.ACCEPTED, Outcome.ACCEPTED_DEFERRED)


@dataclass(frozen=True, slots=True)
class OutcomeTotals:
    """Sums over the entries of one outcome, in dollars; for rejected and undetermined ones what is at stake."""

    entries: int
    refundable_duty: Decimal
    interest: Decimal
    refund: Decimal

    def to_dict(self) -> dict[str, Any]:
        """Return the sums as JSON values."""
        return {
            "entries": self.entries,
            "refundable_duty": f"{self.refundable_duty:.2f}",
            "interest": f"{self.interest:.2f}",
            "refund": f"{self.refund:.2f}",
        }


@dataclass(frozen=True, slots=True)
class PortfolioTotals:
    """Sums over a book, in dollars. `ieepa_duty` covers every entry, the others accepted and deferred ones."""

    entries: int
    ieepa_duty: Decimal
    refundable_duty: Decimal
    interest: Decimal
    refund: Decimal

    def to_dict(self) -> dict[str, Any]:
        """Return the sums as JSON values."""
        return {
            "entries": self.entries,
            "ieepa_duty": f"{self.ieepa_duty:.2f}",
            "refundable_duty": f"{self.refundable_duty:.2f}",
            "interest": f"{self.interest:.2f}",
            "refund": f"{self.refund:.2f}",
        }


def _sums(estimates: Iterable[RefundEstimate]) -> OutcomeTotals:
    count, duty, interest = 0, ZERO, ZERO
    for estimate in estimates:
        count += 1
        duty += estimate.refundable_duty
        interest += estimate.interest
    return OutcomeTotals(count, duty, interest, duty + interest)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The estimates of a book of entries, in the order given. Made by `estimate_portfolio`."""

    estimates: tuple[RefundEstimate, ...]
    as_of: dt.date
    payee: Payee

    @property
    @exactly
    def by_outcome(self) -> dict[Outcome, OutcomeTotals]:
        """Sums for each of the four outcomes, also where no entry has it."""
        return {
            outcome: _sums(estimate for estimate in self.estimates if estimate.outcome is outcome)
            for outcome in Outcome
        }

    @property
    @exactly
    def totals(self) -> PortfolioTotals:
        """Sums over the book."""
        coming = _sums(estimate for estimate in self.estimates if estimate.outcome in _COMING)
        return PortfolioTotals(
            len(self.estimates),
            sum((estimate.ieepa_duty for estimate in self.estimates), ZERO),
            coming.refundable_duty,
            coming.interest,
            coming.refund,
        )

    def expected_payments(self) -> list[ExpectedPayment]:
        """Return one payment for each payee party and (re)liquidation date, in order of date, then party.

        Entries with money to come on a date that is known or foreseen: a deferred entry has none, unless its
        reliquidation date is known.
        """
        return expected_payments(self.estimates)

    def cash_forecast(self) -> CashForecast:
        """Return when the money comes, week by week, in a low, an expected and a high case (see `cash`)."""
        from ieeparefund.refunds.cash import cash_forecast

        return cash_forecast(self.estimates, as_of=self.as_of)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one flat row for each entry: text, `Decimal` and `date` values, the importer masked."""
        from ieeparefund.refunds.plain import estimate_to_row

        return [estimate_to_row(estimate) for estimate in self.estimates]

    def to_arrow(self) -> Any:
        """Return the rows as a `pyarrow.Table`, amounts as exact decimals (see `frames`)."""
        from ieeparefund.refunds.frames import to_arrow

        return to_arrow(self)

    def to_pandas(self) -> Any:
        """Return the rows as a `pandas.DataFrame`, amounts as exact decimals (see `frames`)."""
        from ieeparefund.refunds.frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> Any:
        """Return the rows as a `polars.DataFrame`, amounts as exact decimals (see `frames`)."""
        from ieeparefund.refunds.frames import to_polars

        return to_polars(self)

    def _repr_html_(self) -> str:
        from ieeparefund.refunds.notebook import portfolio_html

        return portfolio_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the book as plain JSON values, with the keys of the command line's `estimate`."""
        from ieeparefund.refunds.plain import portfolio_to_dict

        return portfolio_to_dict(self)


@exactly
def estimate_portfolio(
    entries: Iterable[Entry],
    *,
    as_of: dt.date,
    payee: Payee | str,
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
    column1: Column1Source | str = Column1Source.GIVEN,
) -> Portfolio:
    """Estimate every entry of a book as of one day. Arguments as for `estimate_refund`.

    An entry number that comes twice would be paid twice on paper and raises `InputError`.
    """
    estimates: list[RefundEstimate] = []
    seen: set[EntryNumber] = set()
    for entry in entries:
        if entry.number in seen:
            raise InputError(
                f"entry {entry.number} is given twice.",
                remedy="Leave out the repeat, or merge its lines into one entry.",
                value=str(entry.number),
            )
        seen.add(entry.number)
        estimates.append(
            estimate_refund(
                entry,
                as_of=as_of,
                payee=payee,
                liquidated_on=liquidated_on,
                rates=rates,
                deposit_rule=deposit_rule,
                column1=column1,
            )
        )
    return Portfolio(tuple(estimates), as_of, as_payee(payee))
