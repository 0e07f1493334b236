"""Laws of the column-1 table over every rate line, day, preference and quantity."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.law.citations import table_text
from ieeparefund.law.column1 import column1_rate, listed_rate

NUMBERS = sorted({row["number"] for row in csv.DictReader(table_text("column1_rates.csv").splitlines())})
numbers = st.sampled_from(NUMBERS)
days = st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 8))
programs = st.sampled_from([None, "", "KR", "kr", "AU", "S", "JP"])
quantities = st.none() | st.integers(0, 10**9) | st.decimals(0, 10**6, places=3)
suffixes = st.integers(0, 99).map(lambda n: f"{n:02}")


@given(numbers, days, programs, quantities)
def test_never_negative(
    number: str, on: dt.date, program: str | None, quantity: Decimal | int | None
) -> None:
    rate = column1_rate(number, on, special_program=program, quantity=quantity)
    if rate is not None:
        assert rate.ad_valorem >= 0
        assert rate.specific >= 0
        assert rate.duty(Decimal(1000)) >= 0


@given(numbers, days, programs, quantities, suffixes)
def test_ten_digits_have_the_rate_of_their_eight(
    number: str, on: dt.date, program: str | None, quantity: Decimal | int | None, suffix: str
) -> None:
    eight = column1_rate(number, on, special_program=program, quantity=quantity)
    assert column1_rate(number + suffix, on, special_program=program, quantity=quantity) == eight
    assert listed_rate(number + suffix, on) == listed_rate(number, on)


@given(numbers, days)
def test_a_unit_is_named_exactly_where_a_quantity_decides(number: str, on: dt.date) -> None:
    row = listed_rate(number, on)
    assert row is not None
    for program in (None, "KR"):
        with_quantity, without = row.rate(program, 1), row.rate(program)
        assert (row.unit(program) is not None) == (with_quantity is not None and without is None)


@given(numbers, days, st.integers(0, 10**7), st.integers(1, 10**6))
def test_the_korean_rate_is_never_above_the_general_one(
    number: str, on: dt.date, value: int, quantity: int
) -> None:
    general = column1_rate(number, on, quantity=quantity)
    korea = column1_rate(number, on, special_program="KR", quantity=quantity)
    if general is not None and korea is not None:
        assert korea.duty(Decimal(value)) <= general.duty(Decimal(value))


@given(numbers, st.sampled_from(["2025-01-01", "2026-01-01"]), st.integers(0, 150))
def test_the_rate_is_constant_within_a_year(number: str, new_year: str, days_later: int) -> None:
    start = dt.date.fromisoformat(new_year)
    later = start + dt.timedelta(days=days_later)
    for program in (None, "KR"):
        assert column1_rate(number, start, special_program=program, quantity=3) == column1_rate(
            number, later, special_program=program, quantity=3
        )
