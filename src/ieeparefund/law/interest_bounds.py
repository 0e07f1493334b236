"""The least and the most interest where a date is known only as a range."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, TypeAlias

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError
from ieeparefund.law.interest import Interest, interest
from ieeparefund.law.rate_bands import require_date
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import Money

__all__ = ["DateRange", "InterestBounds", "interest_bounds"]

DateRange: TypeAlias = dt.date | tuple[dt.date, dt.date]
"""One date, or the first and last day it may be, both inclusive."""


class InterestBounds(NamedTuple):
    """The least and the most interest; each is a full computation with its own dates."""

    low: Interest
    high: Interest


def interest_bounds(
    principal: Money,
    *,
    deposited: DateRange,
    liquidated: DateRange,
    payee: Payee | str,
    rates: RateTable = PUBLISHED_RATES,
) -> InterestBounds:
    """Return the least and the most interest for a deposit and a (re)liquidation known to a range of days.

    Interest grows with the days counted, so the least is from the last deposit day to the first liquidation
    day, the most from the first to the last. Where the ranges overlap, the least is that of no days at all.

    Raises as `interest` does, and `FieldError` for a range out of order or where every liquidation day comes
    before every deposit day.
    """
    first_deposit, last_deposit = _range(deposited, "deposited")
    first_liquidation, last_liquidation = _range(liquidated, "liquidated")
    if last_deposit > first_liquidation:
        # Both on one day is possible; `high` below refuses ranges that do not even touch.
        last_deposit = first_liquidation = max(first_deposit, first_liquidation)
    high = interest(principal, deposited=first_deposit, liquidated=last_liquidation, payee=payee, rates=rates)
    low = interest(principal, deposited=last_deposit, liquidated=first_liquidation, payee=payee, rates=rates)
    return InterestBounds(low, high)


def _range(value: DateRange, name: str) -> tuple[dt.date, dt.date]:
    first, last = value if isinstance(value, tuple) else (value, value)
    require_date(first, name)
    require_date(last, name)
    if last < first:
        raise FieldError(
            f"{name} runs from {first} to {last}, out of order.",
            remedy="Pass (first, last), both inclusive.",
            column=name,
            value=f"{first}, {last}",
        )
    return first, last
