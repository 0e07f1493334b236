"""Interest on a refund that is paid more than 30 days after liquidation (19 U.S.C. 1505(d)).

Between (re)liquidation and payment nothing accrues, but for this. It is a figure of its own, never part of
the interest refunded on liquidation. Whether CBP pays it on refunds held for want of bank data, at what rate,
and whether it compounds are open questions, so its standing is never better than inferred.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError
from ieeparefund.law.citations import Standing, cite
from ieeparefund.law.clocks import clock
from ieeparefund.law.interest import Interest, interest
from ieeparefund.law.rate_bands import require_date
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import Money

__all__ = ["LateInterest", "late_refund_interest"]


@dataclass(frozen=True, slots=True)
class LateInterest:
    """Interest on a late refund: whole periods of `period_days` after `liquidated`, the last one not counted.

    `interest` is the computation over the days that earn (no days where the refund came in time): its
    `principal` is the refund that was due, its first date the liquidation.
    """

    liquidated: dt.date
    paid: dt.date
    period_days: int
    period_count: int
    interest: Interest

    @property
    def amount(self) -> Decimal:
        """The interest in dollars."""
        return self.interest.amount

    @property
    def days_late(self) -> int:
        """Days from liquidation to payment beyond the term for payment; 0 where it was kept."""
        return max(0, (self.paid - self.liquidated).days - self.period_days)

    @property
    def standing(self) -> Standing:
        """Inferred, or projected where a projected rate was used: rate and compounding are open."""
        used = self.interest.standing
        return used if used is Standing.PROJECTED else Standing.INFERRED

    def explain(self) -> str:
        """Return the computation as numbered lines of text."""
        steps = [
            f"The refund of {self.interest.principal:,f} was due within {self.period_days} days of the "
            f"(re)liquidation on {self.liquidated} ({cite('19-usc-1505-b')}); it was paid on {self.paid}, "
            f"day {(self.paid - self.liquidated).days}.",
            f"Interest runs by {self.period_days}-day periods from the liquidation, none for the period of "
            f"payment: {self.period_count} periods earn ({cite('19-usc-1505-d')}; the count is inferred).",
            f"At the overpayment rate, compounded daily, to {self.interest.liquidated}: {self.amount:,.2f}. "
            "Rate and compounding are open: 1505(d) fixes neither, and no text of CBP is known that does.",
        ]
        return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def late_refund_interest(
    amount: Money,
    *,
    liquidated: dt.date,
    paid: dt.date,
    payee: Payee | str,
    rates: RateTable = PUBLISHED_RATES,
) -> LateInterest:
    """Return the interest of 19 U.S.C. 1505(d) on a refund of `amount` dollars (duty and its interest).

    A refund paid `n` days after (re)liquidation earns for `floor((n - 1) / 30)` whole periods of 30 days if
    `n` is above 30, and nothing otherwise (inferred from 1505(d)). The overpayment rate of the payee class
    and daily compounding are assumed; both are open. The 90-day term after a deemed liquidation is not
    applied.

    Raises as `interest` does, and `CoverageError` for a liquidation before the rule (1993-12-08).
    """
    require_date(liquidated, "liquidated")
    require_date(paid, "paid")
    if paid < liquidated:
        raise FieldError(
            f"paid, {paid}, is before liquidated, {liquidated}.",
            remedy="The refund follows the liquidation; check the two dates.",
            column="paid",
            value=str(paid),
        )
    # 1505(d) counts in periods as long as the term of 1505(b).
    term = clock("refund_due", liquidated).count
    elapsed = (paid - liquidated).days
    count = (elapsed - 1) // term if elapsed > term else 0
    earned = interest(
        amount,
        deposited=liquidated,
        liquidated=liquidated + dt.timedelta(days=term * count),
        payee=payee,
        rates=rates,
    )
    return LateInterest(liquidated, paid, term, count, earned)
