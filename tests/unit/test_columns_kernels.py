"""Column arithmetic against Python's own whole numbers and against the scalar functions."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import oracles

from ieeparefund.columns import tables
from ieeparefund.columns.facts import CODE_LISTS
from ieeparefund.columns.headings import IEEPA, ROLE_SHIFT, Numbers, epochs, exempts
from ieeparefund.columns.kernels import group_starts, settle, share_cents, sum_by_group
from ieeparefund.columns.rules import fact_code
from ieeparefund.columns.schema import LARGEST_CENTS
from ieeparefund.columns.tables import (
    DayTable,
    FactorTable,
    clock_days,
    day_number,
    to_date,
    working_days_after,
)
from ieeparefund.entries.codes import Payee
from ieeparefund.errors import CoverageError, IeepaRefundError, RateNotPublishedError
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.cape_rules import cape_rules
from ieeparefund.law.duty_lines import Role
from ieeparefund.law.growth import PLACE_18
from ieeparefund.law.heading_table import all_headings
from ieeparefund.law.headings import ieepa_heading
from ieeparefund.law.interest import interest_cents
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.law.working_days import add_working_days

DAY = dt.timedelta(days=1)


def exactly(principal: int, factor: int) -> int:
    return (principal * factor + PLACE_18 // 2) // PLACE_18


def shared(principals: list[int], factors: list[int]) -> list[int]:
    return share_cents(np.array(principals, np.int64), np.array(factors, np.int64)).tolist()


@given(st.integers(0, LARGEST_CENTS), st.integers(0, 9 * PLACE_18))
def test_a_share_is_exact(principal: int, factor: int) -> None:
    assert shared([principal], [factor]) == [exactly(principal, factor)]


@given(st.integers(0, 10**15), st.integers(0, PLACE_18))
def test_a_share_below_one_is_exact_for_larger_amounts(principal: int, factor: int) -> None:
    assert shared([principal], [factor]) == [exactly(principal, factor)]


@given(st.integers(1, LARGEST_CENTS), st.integers(0, 10**12), st.integers(-3, 3))
def test_a_share_next_to_half_a_cent_is_exact(principal: int, cents: int, off: int) -> None:
    """The factor is chosen so that the product lies as near to a half as whole numbers allow."""
    factor = min(9 * PLACE_18, max(0, (2 * cents + 1) * PLACE_18 // (2 * principal) + off))
    assert shared([principal], [factor]) == [exactly(principal, factor)]


def test_exact_halves_go_up_and_columns_are_written_in_place() -> None:
    half = PLACE_18 // 2
    assert shared([1, 3, 5, 2], [half, half, half, half]) == [1, 2, 3, 1]
    out = np.empty(2, np.int64)
    assert share_cents(np.array([1, 3]), np.array([half, half]), out) is out
    assert out.tolist() == [1, 2]


def test_interest_of_a_column_is_the_scalar_interest_and_the_definition() -> None:
    """The definition is computed by `tests/oracles.py` from a table of rates of its own."""
    pick = np.random.default_rng(24)
    first = day_number(dt.date(2025, 2, 4))
    deposits = pick.integers(first, first + 380, 200).astype(np.int32)
    ends = deposits + pick.integers(0, 300, 200).astype(np.int32)
    money = pick.integers(0, LARGEST_CENTS, 200)
    for payee in Payee:
        factors = FactorTable(payee, PUBLISHED_RATES)
        # Twice: one by one, and then from rows filled for all.
        for _ in range(2):
            found = share_cents(money, factors(deposits, ends)).tolist()
            days = [(to_date(start), to_date(end)) for start, end in zip(deposits, ends, strict=True)]
            assert found == [
                interest_cents(cents, *pair, payee) for cents, pair in zip(money.tolist(), days, strict=True)
            ]
            factors._wanted[:] = 10**6
        assert found[:20] == [
            oracles.interest_cents(cents, *pair, str(payee))
            for cents, pair in zip(money[:20].tolist(), days, strict=False)
        ]


def test_factors_outside_the_dense_years_and_without_a_rate() -> None:
    factors = FactorTable(Payee.OTHER, PUBLISHED_RATES)
    old, new = day_number(dt.date(2001, 5, 1)), day_number(dt.date(2002, 5, 1))
    units = factors(np.array([old], np.int32), np.array([new], np.int32))
    assert units.tolist() == [
        oracles.factor_units(dt.date(2001, 5, 1), dt.date(2002, 5, 1), oracles.published("other"))
    ]
    short = RateTable.flat(5, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    early, late = (
        np.array([day_number(dt.date(2025, 6, 1))], np.int32),
        np.array([day_number(dt.date(2026, 6, 1))], np.int32),
    )
    with pytest.raises(RateNotPublishedError):
        FactorTable(Payee.OTHER, short)(early, late)
    table = FactorTable(Payee.OTHER, short)
    table._wanted[:] = 10**6
    with pytest.raises(RateNotPublishedError):
        table(early, late)
    assert table(late, late).tolist() == [0]
    assert table(late[:0], late[:0]).tolist() == []


@given(st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31)), st.integers(1, 30))
def test_working_days_of_a_column(day: dt.date, count: int) -> None:
    found = working_days_after(count)(np.array([day_number(day)], np.int32))
    assert to_date(found[0]) == add_working_days(day, count)


def test_working_days_known_from_elsewhere() -> None:
    """19 CFR 142.12(b) with the federal holidays of 2025: the 10th working day after 2025-02-04 is 02-19."""
    days = np.array([day_number(dt.date(2025, 2, 4))], np.int32)
    assert to_date(tables.summary_due_days()(days)[0]) == dt.date(2025, 2, 19)
    assert to_date(tables.next_working_days()(days)[0]) == dt.date(2025, 2, 5)


def test_a_day_table_outside_its_years_asks_the_function() -> None:
    table = DayTable(lambda day: add_working_days(day, 1), 2025, 2025)
    days = np.array([day_number(dt.date(2025, 1, 2)), day_number(dt.date(2026, 1, 2))], np.int32)
    assert [to_date(day) for day in table(days)] == [dt.date(2025, 1, 3), dt.date(2026, 1, 5)]
    assert table(days[:0]).tolist() == []
    far = np.array([day_number(dt.date(2060, 1, 1))], np.int32)
    with pytest.raises(CoverageError, match="2049"):
        table(far)
    assert table.known(np.concatenate((days, far))).tolist() == [*table(days).tolist(), 0]


def test_only_clocks_of_days_are_columns() -> None:
    assert clock_days("cape") == 80
    with pytest.raises(IeepaRefundError, match="runs in years"):
        clock_days("deemed_liquidation")


@given(st.lists(st.integers(0, 3), max_size=40))
def test_groups_are_runs(keys: list[int]) -> None:
    column = np.array(keys, np.int64)
    starts = group_starts(column)
    expected = [place for place, key in enumerate(keys) if place == 0 or key != keys[place - 1]]
    assert starts.tolist() == expected
    ends = [*expected[1:], len(keys)][: len(expected)]
    sums = [sum(keys[first:last]) for first, last in zip(expected, ends, strict=True)]
    assert sum_by_group(column, starts).tolist() == sums


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6), st.integers(-(10**6), 10**6))
def test_settling_stops_at_zero(amount: int, returned: int, adjusted: int) -> None:
    found = settle(np.array([amount]), np.array([returned]), np.array([adjusted]))[0]
    left = max(0, amount - returned) if returned else amount
    assert found == max(0, left - adjusted)


def test_the_rule_file_lists_codes_and_flags_in_the_order_of_the_columns() -> None:
    facts = cape_rules().facts
    for column, members in CODE_LISTS.items():
        assert facts["liquidation" if column == "liquidation_status" else column].values == members
    assert all(row.values == (True, False) for row in facts.values() if True in row.values)
    assert (fact_code("protest", None), fact_code("in_ace", True), fact_code("in_ace", False)) == (0, 1, 2)


def test_every_heading_is_tabulated_as_the_scalar_code_answers_it() -> None:
    numbers = Numbers()
    texts = sorted({row.number for row in all_headings()})
    kinds = numbers.codes.table(pa.array(texts))
    words = numbers.table(kinds).reshape(len(texts), -1)
    assert max(Role) < 1 << (16 - ROLE_SHIFT)
    day = dt.date(2025, 1, 15)
    while day < dt.date(2026, 12, 1):
        epoch = int(epochs(np.array([day_number(day)], np.int32))[0])
        for place, number in enumerate(texts):
            heading = ieepa_heading(number, day, "CN")
            assert exempts(number, epoch, "CN") == (heading is not None and heading.kind == "exemption")
            assert bool(words[place, epoch] & IEEPA) == is_ieepa_number(number)
        day += 9 * DAY
