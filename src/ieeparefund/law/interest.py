"""Interest on a refund of duty: from the deposit to the (re)liquidation, compounded daily, to the cent.

The factor is the exact product of the daily multipliers of the days `deposited < d <= liquidated`, minus one,
rounded half up at 18 decimal places (see `interest_factor`). Interest is principal times factor, rounded half
up to cents, once an entry. One balance runs across the quarters.

Sources: 19 U.S.C. 1505(c), 19 CFR 24.36(a)(1) (from when to when); 26 U.S.C. 6621(a)(1) (rates); 26 U.S.C.
6622, 26 CFR 301.6622-1 (daily compounding, 365 or 366). That the first day is left out and the last
counted is inferred from worked examples of the Treasury and the Department of Labor, which nothing else fits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError
from ieeparefund.law.citations import Citation, Standing, cite
from ieeparefund.law.growth import PLACE_18
from ieeparefund.law.interest_factor import factor_decimal, factor_units, interest_cents, interest_factor
from ieeparefund.law.rate_bands import RateBand, day_basis_spans
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import EXACT, ZERO, Money, exact_dollars, from_cents, half_up_ratio

__all__ = ["Interest", "InterestPeriod", "interest", "interest_cents", "interest_factor"]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InterestPeriod:
    """Days of one interest computation that share a rate and a length of the year.

    `first_day` and `last_day` are inclusive and both earn interest. `annual_rate` is in per cent, `day_basis`
    365 or 366. `interest` is what the period adds, in whole cents, `balance` principal and interest at its
    end.
    """

    first_day: dt.date
    last_day: dt.date
    days: int
    annual_rate: Decimal
    day_basis: int
    interest: Decimal
    balance: Decimal
    standing: Standing
    citation: Citation


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest on one refund, with what it was computed from. Amounts are dollars.

    `deposited` earns nothing, `liquidated` is the last day that does. `factor` has 18 places; `amount` is
    `principal` times `factor`, rounded half up to cents.
    """

    principal: Decimal
    deposited: dt.date
    liquidated: dt.date
    payee: Payee
    amount: Decimal
    factor: Decimal
    rates: RateTable = field(repr=False)

    @property
    def days(self) -> int:
        """Number of days that earn interest."""
        return (self.liquidated - self.deposited).days

    @property
    def standing(self) -> Standing:
        """How firmly the rates are known: the least firm of the bands used."""
        found = {band.standing for band in self._bands()}
        if Standing.PROJECTED in found:
            return Standing.PROJECTED
        return Standing.INFERRED if Standing.INFERRED in found else Standing.PUBLISHED

    @property
    def inferred(self) -> Decimal:
        """The part of `amount` that accrues on days whose rate is inferred, not published."""
        return self._part(Standing.INFERRED)

    @property
    def projected(self) -> Decimal:
        """The part of `amount` that accrues on days whose rate is projected past the last known quarter."""
        return self._part(Standing.PROJECTED)

    @property
    def periods(self) -> tuple[InterestPeriod, ...]:
        """The schedule: one period a rate band and day basis, in order of days.

        Cents are allotted as successive differences: the interest from the deposit to the end of the period,
        rounded half up, less the same to the end of the one before. So they add up to `amount` exactly, and a
        period may differ by a cent from one computed alone. Computed anew at each access.
        """
        return tuple(self._schedule())

    def explain(self) -> str:
        """Return the computation as numbered lines of text, with the citation of each step."""
        steps = [
            f"Principal {_dollars(self.principal)}; payee class: {self.payee}.",
            f"Interest runs from the deposit on {self.deposited}, that day not counted, to the "
            f"(re)liquidation on {self.liquidated}, that day counted: {self.days} days "
            f"({cite('19-usc-1505-c')}; the day count is inferred from worked examples).",
        ]
        steps += [
            f"{period.first_day} to {period.last_day}: {period.days} days at {period.annual_rate} % / "
            f"{period.day_basis} add {_dollars(period.interest)}, balance {_dollars(period.balance)} "
            f"({period.citation}; {period.standing})."
            for period in self._schedule()
        ]
        steps.append(
            f"Compounded daily, the factor is {self.factor:f} ({cite('26-usc-6622')}); principal x factor, "
            f"rounded half up once, is {_dollars(self.amount)}."
        )
        if self.inferred:
            steps.append(
                f"Of this, {_dollars(self.inferred)} rests on inferred rates: no CBP notice is known."
            )
        if self.projected:
            steps.append(f"Of this, {_dollars(self.projected)} rests on projected rates: none is published.")
        return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))

    def _repr_html_(self) -> str:
        from ieeparefund.law.interest_html import interest_html

        return interest_html(self)

    def _bands(self) -> list[RateBand]:
        if self.deposited == self.liquidated:
            return []
        return list(self.rates.bands_between(self.deposited + _DAY, self.liquidated))

    def _cents_through(self, day: dt.date) -> int:
        units = self.rates.growths[self.payee].factor_units(self.deposited.toordinal(), day.toordinal())
        return _share_cents(self.principal, units)

    def _part(self, standing: Standing) -> Decimal:
        cents = 0
        for band in self._bands():
            if band.standing is standing:
                before = max(self.deposited, band.first_day - _DAY)
                cents += self._cents_through(min(self.liquidated, band.last_day)) - self._cents_through(
                    before
                )
        return from_cents(cents)

    def _schedule(self) -> Iterator[InterestPeriod]:
        so_far = 0
        for band in self._bands():
            first, last = max(band.first_day, self.deposited + _DAY), min(band.last_day, self.liquidated)
            for start, end, basis in day_basis_spans(first, last):
                before, so_far = so_far, self._cents_through(end)
                yield InterestPeriod(
                    start,
                    end,
                    (end - start).days + 1,
                    band.rate(self.payee),
                    basis,
                    from_cents(so_far - before),
                    EXACT.add(self.principal, from_cents(so_far)),
                    band.standing,
                    band.citation,
                )


def interest(
    principal: Money,
    *,
    deposited: dt.date,
    liquidated: dt.date,
    payee: Payee | str,
    rates: RateTable = PUBLISHED_RATES,
) -> Interest:
    """Return the interest due on `principal` dollars refunded on liquidation or reliquidation.

    `deposited` is the day the duty was deposited, not the entry date; it earns nothing. `liquidated` is the
    (re)liquidation date, not the day of payment; it is the last day that earns. `principal` may have part
    cents, which are carried exactly. `payee` has no default: CBP pays corporations one point less.

    Raises `FloatMoneyError` for a float, `FieldError` for a negative principal, a date that is no plain date,
    dates out of order or an unknown payee class, `RateNotPublishedError` past the table's days, and
    `CoverageError` for a deposit before 1982-12-31, when interest was simple.

    >>> deposited, liquidated = dt.date(2025, 4, 15), dt.date(2026, 2, 23)
    >>> interest(10000, deposited=deposited, liquidated=liquidated, payee="corporation").amount
    Decimal('529.67')
    """
    dollars = exact_dollars(principal, "principal")
    if dollars < 0:
        raise FieldError(
            f"principal is {principal}, below zero.",
            remedy="Interest runs on a refund; for a bill, compute it on the amount owed.",
            column="principal",
            value=str(principal),
        )
    payee_class = payee if isinstance(payee, Payee) else _payee(payee)
    units = factor_units(deposited, liquidated, payee_class, rates)
    return Interest(
        dollars,
        deposited,
        liquidated,
        payee_class,
        from_cents(_share_cents(dollars, units)),
        factor_decimal(units),
        rates,
    )


def _share_cents(principal: Decimal, units: int) -> int:
    numerator, denominator = principal.as_integer_ratio()
    return half_up_ratio(100 * numerator * units, denominator * PLACE_18)


def _payee(payee: str) -> Payee:
    try:
        return Payee(payee)
    except ValueError:
        known = " or ".join(repr(member.value) for member in Payee)
        raise FieldError(
            f"payee is {payee!r}, not a payee class.",
            remedy=f"Pass {known}; CBP's rates differ, so there is no default.",
            column="payee",
            value=str(payee),
        ) from None


def _dollars(amount: Decimal) -> str:
    # Part cents, where a principal has them, are shown as they are.
    return f"{amount:,f}" if amount != EXACT.quantize(amount, ZERO) else f"{amount:,.2f}"
