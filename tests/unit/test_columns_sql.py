"""Cents of the SQL engine: exact on both sides of the bound where it divides in BIGINT."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ieeparefund.columns.schema import LARGEST_CENTS
from ieeparefund.columns.sql import cents_sql
from ieeparefund.law.growth import PLACE_18

duckdb = pytest.importorskip("duckdb", reason="the duckdb extra is not installed")

LARGEST_UNITS = 92 * 10**17
# Products from here on do not fit a BIGINT once 18 binary places are taken off.
BOUND = 1 << 81

pairs = st.tuples(st.integers(0, LARGEST_CENTS), st.integers(0, LARGEST_UNITS))
near_the_bound = st.tuples(st.integers(BOUND // LARGEST_UNITS + 1, LARGEST_CENTS), st.integers(-3, 3)).map(
    lambda pair: (pair[0], BOUND // pair[0] + pair[1])
)
near_half_a_cent = st.tuples(st.integers(1, LARGEST_CENTS), st.integers(0, 9), st.integers(0, 2)).map(
    lambda three: (three[0], (three[1] * PLACE_18 + PLACE_18 // 2) // three[0] + three[2])
)


@settings(max_examples=20)
@given(st.lists(pairs | near_the_bound | near_half_a_cent, min_size=1, max_size=50))
def test_cents_of_sql_are_those_of_whole_numbers(given_pairs: list[tuple[int, int]]) -> None:
    rows = ", ".join(f"({amount}::BIGINT, {units}::BIGINT)" for amount, units in given_pairs)
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT {cents_sql('a', 'u')} FROM (VALUES {rows}) t(a, u)").fetchall()
    assert [cents for (cents,) in found] == [
        (2 * amount * units + PLACE_18) // (2 * PLACE_18) for amount, units in given_pairs
    ]


def test_by_hand() -> None:
    """1000.00 at a factor of 0.0675 is 67.50; 0.10 at 0.05 is half a cent, which goes up."""
    with duckdb.connect() as connection:
        ((first, second),) = connection.sql(
            f"SELECT {cents_sql('100000', str(675 * 10**14))}, {cents_sql('10', str(5 * 10**16))}"
        ).fetchall()
    assert (first, second) == (6750, 1)
