"""The interest factor of a span of days, and interest in whole cents: the computation without the paper.

The factor is the exact product of `1 + rate(d) / 100 / N` over the days `deposited < d <= liquidated`, minus
one, rounded half up at 18 decimal places; `N` is 366 where `d` lies in a leap year and 365 elsewhere.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import CoverageError, FieldError
from ieeparefund.law.citations import cite
from ieeparefund.law.growth import PLACE_18
from ieeparefund.law.rate_bands import COMPOUNDED_SINCE, RateClass, require_date
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import EXACT

__all__ = ["factor_decimal", "factor_units", "interest_cents", "interest_factor"]

_HALF = PLACE_18 // 2
_date = dt.date
_DAY = dt.timedelta(days=1)


def factor_decimal(units: int) -> Decimal:
    """Return a factor in units of its 18th decimal place as a `Decimal` with 18 places."""
    return EXACT.scaleb(Decimal(units), -18)


def interest_factor(
    deposited: dt.date,
    liquidated: dt.date,
    payee: Payee | RateClass | str,
    rates: RateTable = PUBLISHED_RATES,
) -> Decimal:
    """Return the interest on one dollar, exact to 18 decimal places (rounded half up there).

    Days and errors as in `interest`; `RateClass.UNDERPAYMENT` is taken too.
    """
    return factor_decimal(factor_units(deposited, liquidated, payee, rates))


def interest_cents(
    principal_cents: int,
    deposited: dt.date,
    liquidated: dt.date,
    payee: Payee | RateClass | str,
    rates: RateTable = PUBLISHED_RATES,
) -> int:
    """Return the interest in whole cents on a principal of whole cents: `interest` without the paper.

    Days and errors as in `interest`; `RateClass.UNDERPAYMENT` is taken too.
    """
    if type(principal_cents) is not int or principal_cents < 0:
        raise FieldError(
            f"principal_cents is {principal_cents!r}.",
            remedy="Pass whole cents as an int, zero or more.",
            column="principal_cents",
            value=str(principal_cents),
        )
    # The steps of `factor_units` and `half_up_ratio` written out: a call less each, for columns of entries.
    if type(deposited) is not _date or type(liquidated) is not _date:
        require_date(deposited, "deposited")
        require_date(liquidated, "liquidated")
    units = rates.growths[payee].factor_units(deposited.toordinal(), liquidated.toordinal())
    if units < 0:
        units = _outside_table(deposited, liquidated, rates)
    return (principal_cents * units + _HALF) // PLACE_18


def factor_units(
    deposited: dt.date, liquidated: dt.date, payee: Payee | RateClass | str, rates: RateTable
) -> int:
    """Return the factor in whole units of its 18th decimal place. Days and errors as in `interest`."""
    if type(deposited) is not _date or type(liquidated) is not _date:
        require_date(deposited, "deposited")
        require_date(liquidated, "liquidated")
    units = rates.growths[payee].factor_units(deposited.toordinal(), liquidated.toordinal())
    return units if units >= 0 else _outside_table(deposited, liquidated, rates)


def _outside_table(deposited: dt.date, liquidated: dt.date, rates: RateTable) -> int:
    """Return the factor of no days, or raise what is wrong with two dates the growth table does not hold."""
    if liquidated < deposited:
        raise FieldError(
            f"liquidated, {liquidated}, is before deposited, {deposited}.",
            remedy="Interest runs from the deposit to the liquidation; check the two dates.",
            column="liquidated",
            value=str(liquidated),
        )
    if deposited < COMPOUNDED_SINCE - _DAY:
        raise CoverageError(
            f"deposited is {deposited}, but interest compounds daily only since {COMPOUNDED_SINCE} "
            f"({cite('26-usc-6622')}); before it was simple, which is not computed here. Pass the balance of "
            f"{COMPOUNDED_SINCE - _DAY} as principal, deposited on that day."
        )
    if deposited != liquidated:
        # One of the two has no rate; the table says which, what it covers and what to do.
        rates.at(deposited + _DAY)
        rates.at(liquidated)
    return 0
