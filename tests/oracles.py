"""Slow and exact answers to compare the library with. Nothing here is imported from it.

The rates are read from a copy of their own, in the columns they were collected in.
"""

from __future__ import annotations

import csv
import datetime as dt
from calendar import isleap
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import groupby
from math import floor
from pathlib import Path

DATA = Path(__file__).parent / "golden" / "data"
_COLUMNS = {
    "underpayment": "underpayment_pct",
    "corporation": "overpayment_corporate_pct",
    "other": "overpayment_noncorporate_pct",
}

RateOfDay = Callable[[dt.date], Fraction]


@cache
def rate_rows() -> tuple[dict[str, str], ...]:
    """Rows of the collected rate table."""
    with (DATA / "cbp_interest_rates.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def _rates_by_day(column: str) -> dict[dt.date, Fraction]:
    found = {}
    for row in rate_rows():
        day, last = dt.date.fromisoformat(row["begin"]), dt.date.fromisoformat(row["end"])
        while day <= last:
            found[day] = Fraction(row[_COLUMNS[column]])
            day += dt.timedelta(days=1)
    return found


def published(payee: str) -> RateOfDay:
    """Rate of a day in per cent a year, from the collected table."""
    return _rates_by_day(payee).__getitem__


def product(deposited: dt.date, liquidated: dt.date, rate_of: RateOfDay) -> tuple[int, int]:
    """Growth of one dollar as numerator and denominator, one day after the other, never rounded."""
    numerator = denominator = 1
    days = (deposited + dt.timedelta(days=count) for count in range(1, (liquidated - deposited).days + 1))
    # Days with one rate and one length of year are multiplied in one go; a running Fraction would be reduced each time.
    for (rate, length), run in groupby(days, lambda day: (rate_of(day), 366 if isleap(day.year) else 365)):
        step, count = 1 + rate / 100 / length, sum(1 for _ in run)
        numerator *= step.numerator**count
        denominator *= step.denominator**count
    return numerator, denominator


def half_up(numerator: int, denominator: int) -> int:
    """Nearest whole number, halves up; for amounts of zero and more."""
    return floor(Fraction(numerator, denominator) + Fraction(1, 2))


@cache
def _published_units(deposited: dt.date, liquidated: dt.date, payee: str) -> int:
    return factor_units(deposited, liquidated, published(payee))


def factor_units(deposited: dt.date, liquidated: dt.date, rate_of: RateOfDay) -> int:
    """Factor by its definition, in units of the 18th decimal place."""
    numerator, denominator = product(deposited, liquidated, rate_of)
    return (2 * 10**18 * (numerator - denominator) + denominator) // (2 * denominator)


def interest_cents(
    principal_cents: Fraction | int, deposited: dt.date, liquidated: dt.date, payee: str
) -> int:
    """Interest by its definition, at the published rates; part cents of principal are carried."""
    return interest_cents_of(principal_cents, _published_units(deposited, liquidated, payee))


def interest_cents_of(principal_cents: Fraction | int, units: int) -> int:
    """Interest from a factor in units of its 18th place."""
    exact = Fraction(principal_cents) * units
    return half_up(exact.numerator, exact.denominator * 10**18)
