"""Laws of interest, against the exact oracle and on their own."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests import oracles

from ieeparefund.entries.codes import Payee
from ieeparefund.law.citations import Standing
from ieeparefund.law.growth import DailyStep, Growth
from ieeparefund.law.interest import interest, interest_cents, interest_factor
from ieeparefund.law.interest_bounds import interest_bounds
from ieeparefund.law.interest_factor import factor_units
from ieeparefund.law.late_interest import late_refund_interest
from ieeparefund.law.rate_bands import RateClass, day_basis_spans
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable, annual_rate
from ieeparefund.testing import rate_tables

D = dt.date
DAY = dt.timedelta(days=1)
FIRST, LAST = D(1982, 12, 31), D(2026, 12, 31)
LARGEST_CENTS = 10**13
PLACE_18 = 10**18
# 2026-12-31 stays the last day, so most tests need no projection.
days = st.dates(FIRST, LAST)
ieepa_days = st.dates(D(2025, 2, 4), LAST)
spans = st.one_of(
    st.tuples(days, days).map(lambda pair: (min(pair), max(pair))),
    st.tuples(ieepa_days, ieepa_days).map(lambda pair: (min(pair), max(pair))),
)
principals = st.integers(0, LARGEST_CENTS)
payees = st.sampled_from(Payee)
classes = st.sampled_from(RateClass)


@given(spans, classes)
@example((FIRST, LAST), RateClass.OTHER)
@example((D(2026, 3, 31), D(2026, 4, 1)), RateClass.CORPORATION)
@example((D(2023, 12, 31), D(2024, 1, 1)), RateClass.CORPORATION)
def test_factor_is_the_exact_daily_product(span: tuple[dt.date, dt.date], kind: RateClass) -> None:
    units = oracles.factor_units(*span, oracles.published(kind.value))
    assert interest_factor(*span, kind) * PLACE_18 == units
    assert PUBLISHED_RATES.growths[kind].exact_factor_units(*(day.toordinal() for day in span)) == units


@given(principals, spans, payees)
def test_cents_are_those_of_the_oracle(principal: int, span: tuple[dt.date, dt.date], payee: Payee) -> None:
    expected = oracles.interest_cents(principal, *span, payee.value)
    assert interest_cents(principal, *span, payee) == expected
    dollars = interest(Decimal(principal) / 100, deposited=span[0], liquidated=span[1], payee=payee)
    assert dollars.amount * 100 == expected
    assert dollars.amount.as_tuple().exponent == -2


@given(st.integers(0, 10**9), spans, payees, st.integers(-2, 2))
def test_principals_next_to_half_a_cent(
    half_cents: int, span: tuple[dt.date, dt.date], payee: Payee, step: int
) -> None:
    # The principal whose interest comes nearest to some cents and a half, and its neighbours.
    units = factor_units(*span, payee, PUBLISHED_RATES)
    assume(units)
    principal = (2 * half_cents + 1) * PLACE_18 // (2 * units) + step
    assume(0 <= principal <= LARGEST_CENTS)
    assert interest_cents(principal, *span, payee) == oracles.interest_cents(principal, *span, payee.value)


@given(st.decimals(0, 10**7, places=6, allow_nan=False), spans, payees)
def test_part_cents_of_principal_are_carried(
    principal: Decimal, span: tuple[dt.date, dt.date], payee: Payee
) -> None:
    found = interest(principal, deposited=span[0], liquidated=span[1], payee=payee)
    assert found.amount * 100 == oracles.interest_cents(Fraction(principal) * 100, *span, payee.value)


@given(rate_tables(), st.integers(0, 400), st.integers(0, 400), payees, principals)
def test_any_table_of_rates(table: RateTable, skip: int, count: int, payee: Payee, principal: int) -> None:
    rate_of: dict[dt.date, Fraction] = {}
    for band in table.bands:
        rate = Fraction(band.corporation if payee is Payee.CORPORATION else band.other)
        for place in range((band.last_day - band.first_day).days + 1):
            rate_of[band.first_day + place * DAY] = rate
    deposited = min(table.first_day - DAY + skip * DAY, table.last_day)
    liquidated = min(deposited + count * DAY, table.last_day)
    units = oracles.factor_units(deposited, liquidated, rate_of.__getitem__)
    assert factor_units(deposited, liquidated, payee, table) == units
    assert interest_cents(principal, deposited, liquidated, payee, table) == oracles.interest_cents_of(
        principal, units
    )


@given(st.integers(0, 10**12), st.integers(0, 3000))
def test_ties_of_the_factor_round_up(odd: int, before: int) -> None:
    # A day's rate of (2 k + 1) halves of the 18th place, after any number of days at 6 per cent.
    halves = 2 * odd + 1
    rate = Fraction(halves, 2 * PLACE_18) * 36500
    tie = DailyStep.of(before + 1, (rate.numerator, rate.denominator), 365)
    growth = Growth(0, [DailyStep.of(before, (6, 1), 365), tie])
    assert growth.factor_units(before, before + 1) == odd + 1


@given(principals, days, payees)
def test_no_days_or_no_principal_is_no_interest(principal: int, day: dt.date, payee: Payee) -> None:
    assert interest_cents(principal, day, day, payee) == 0
    assert interest_cents(0, FIRST, day, payee) == 0
    assert interest_factor(day, day, payee) == 0


@given(principals, principals, spans, payees)
def test_interest_grows_with_the_principal(
    one: int, two: int, span: tuple[dt.date, dt.date], payee: Payee
) -> None:
    low, high = sorted((one, two))
    assert interest_cents(low, *span, payee) <= interest_cents(high, *span, payee)


@given(principals, days, days, days, payees)
def test_interest_grows_with_the_days(
    principal: int, one: dt.date, two: dt.date, three: dt.date, payee: Payee
) -> None:
    first, middle, last = sorted((one, two, three))
    whole = interest_cents(principal, first, last, payee)
    assert interest_cents(principal, first, middle, payee) <= whole
    assert interest_cents(principal, middle, last, payee) <= whole
    if middle < last:
        assert interest_factor(first, middle, payee) < interest_factor(first, last, payee)


@given(days, days, days, payees)
def test_a_split_span_composes(one: dt.date, two: dt.date, three: dt.date, payee: Payee) -> None:
    first, middle, last = sorted((one, two, three))
    before, after, whole = (
        factor_units(*span, payee, PUBLISHED_RATES)
        for span in ((first, middle), (middle, last), (first, last))
    )
    growth_before, growth_after = 1 + Fraction(before, PLACE_18), 1 + Fraction(after, PLACE_18)
    composed = (growth_before * growth_after - 1) * PLACE_18
    # Three factors, each rounded by half a unit at most; the parts' roundings grow with the other part. (The
    # two roundings also multiply, to a quarter of 10**-18 units.)
    bound = (1 + growth_before + growth_after) / 2 + Fraction(1, PLACE_18)
    assert abs(composed - whole) <= bound


def test_split_spans_of_the_ieepa_years_compose_within_one_unit() -> None:
    # Fixed spans: once in many thousands the three roundings may add up to two units.
    pick = random.Random(1505)
    start, length = D(2025, 2, 4), (LAST - D(2025, 2, 4)).days
    for _ in range(2000):
        first, middle, last = sorted(start + DAY * pick.randrange(length + 1) for _ in range(3))
        before, after, whole = (
            factor_units(*span, "corporation", PUBLISHED_RATES)
            for span in ((first, middle), (middle, last), (first, last))
        )
        composed = oracles.half_up((PLACE_18 + before) * (PLACE_18 + after) - PLACE_18**2, PLACE_18)
        assert abs(composed - whole) <= 1


@given(principals, spans)
def test_corporations_never_get_more(principal: int, span: tuple[dt.date, dt.date]) -> None:
    corporation = interest_cents(principal, *span, "corporation")
    assert corporation <= interest_cents(principal, *span, "other")
    assert interest_cents(principal, *span, "other") <= interest_cents(principal, *span, "underpayment")


@given(principals, spans, payees)
def test_periods_cover_every_day_once_and_add_up(
    principal: int, span: tuple[dt.date, dt.date], payee: Payee
) -> None:
    found = interest(Decimal(principal) / 100, deposited=span[0], liquidated=span[1], payee=payee)
    day, balance = span[0], found.principal
    for period in found.periods:
        assert period.first_day == day + DAY
        assert period.days == (period.last_day - period.first_day).days + 1 > 0
        for end in (period.first_day, period.last_day):
            assert annual_rate(end, payee) == period.annual_rate
            assert period.day_basis == (D(end.year, 12, 31) - D(end.year - 1, 12, 31)).days
        assert period.interest >= 0
        balance += period.interest
        assert period.balance == balance
        day = period.last_day
    assert day == span[1]
    assert balance == found.principal + found.amount
    assert found.inferred == sum(p.interest for p in found.periods if p.standing is Standing.INFERRED)
    assert found.projected == 0
    numbers = [line.split(". ", 1)[0] for line in found.explain().splitlines()]
    assert numbers == [str(place + 1) for place in range(len(numbers))]
    assert len(numbers) == len(found.periods) + 3 + bool(found.inferred)


@given(days, days)
def test_day_basis_spans_partition_the_days(one: dt.date, two: dt.date) -> None:
    first, last = min(one, two), max(one, two)
    parts = list(day_basis_spans(first, last))
    assert parts[0][0] == first
    assert parts[-1][1] == last
    for (_, before, basis), (after, _, other) in pairwise(parts):
        assert before + DAY == after
        assert basis != other


@given(st.dates(D(2025, 2, 4), D(2029, 12, 31)), st.dates(D(2025, 2, 4), D(2029, 12, 31)), payees, principals)
def test_projection_changes_no_day_it_has_a_rate_for(
    one: dt.date, two: dt.date, payee: Payee, principal: int
) -> None:
    deposited, liquidated = min(one, two), max(one, two)
    table = PUBLISHED_RATES.projected(liquidated)
    found = interest(
        Decimal(principal) / 100, deposited=deposited, liquidated=liquidated, payee=payee, rates=table
    )
    if liquidated <= LAST:
        assert found == interest(
            Decimal(principal) / 100, deposited=deposited, liquidated=liquidated, payee=payee
        )
    rate_of = oracles.published(payee.value)
    expected = oracles.factor_units(deposited, liquidated, lambda day: rate_of(min(day, LAST)))
    assert found.factor * PLACE_18 == expected
    assert (found.standing is Standing.PROJECTED) == (liquidated > max(LAST, deposited))
    assert found.projected == sum(p.interest for p in found.periods if p.standing is Standing.PROJECTED)
    assert found.inferred == sum(p.interest for p in found.periods if p.standing is Standing.INFERRED)


@given(st.dates(D(1974, 7, 1), LAST), classes)
def test_rate_of_a_day_is_the_one_collected(day: dt.date, kind: RateClass) -> None:
    assert annual_rate(day, kind) == oracles.published(kind.value)(day)
    (band,) = PUBLISHED_RATES.bands_between(day, day)
    assert band == PUBLISHED_RATES.at(day)


@given(days, st.integers(0, 400), days, st.integers(0, 400), principals, payees, st.data())
def test_bounds_hold_for_every_pair_of_dates(
    deposit: dt.date,
    later: int,
    liquidation: dt.date,
    longer: int,
    principal: int,
    payee: Payee,
    data: st.DataObject,
) -> None:
    deposited = (deposit, min(deposit + later * DAY, LAST))
    liquidated = (liquidation, min(liquidation + longer * DAY, LAST))
    assume(deposited[0] <= liquidated[1])
    low, high = interest_bounds(
        Decimal(principal) / 100, deposited=deposited, liquidated=liquidated, payee=payee
    )
    start = data.draw(st.dates(deposited[0], min(deposited[1], liquidated[1])))
    end = data.draw(st.dates(max(start, liquidated[0]), liquidated[1]))
    inside = interest(Decimal(principal) / 100, deposited=start, liquidated=end, payee=payee)
    assert low.amount <= inside.amount <= high.amount
    for bound in (low, high):
        assert deposited[0] <= bound.deposited <= deposited[1]
        assert liquidated[0] <= bound.liquidated <= liquidated[1]


@given(principals, st.dates(D(1993, 12, 8), D(2025, 12, 31)), st.integers(0, 360), payees)
def test_late_interest_counts_whole_periods_before_the_payment(
    principal: int, liquidated: dt.date, elapsed: int, payee: Payee
) -> None:
    paid = liquidated + elapsed * DAY
    found = late_refund_interest(Decimal(principal) / 100, liquidated=liquidated, paid=paid, payee=payee)
    # The period of payment is the one that holds day `elapsed`, counted 1-30, 31-60, ...; none before day 31.
    whole = [n for n in range(1, 13) if 30 * n < elapsed]
    assert found.period_count == len(whole)
    end = liquidated + 30 * len(whole) * DAY
    assert end <= paid
    assert found.amount * 100 == interest_cents(principal, liquidated, end, payee)


def test_first_day_alone() -> None:
    # Guards the oracle itself: one day at 16 per cent (26 CFR 301.6622-1), by hand.
    assert oracles.factor_units(FIRST, D(1983, 1, 1), oracles.published("other")) == round(
        Fraction(16, 36500) * PLACE_18
    )
    with pytest.raises(KeyError):
        oracles.published("other")(D(2027, 1, 1))
