"""One band of interest rates: the days it governs, its three rates, its source; and how days are counted."""

from __future__ import annotations

import csv
import datetime as dt
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError, FloatMoneyError, brief
from ieeparefund.law.citations import Citation, Standing, cite, table_text

__all__ = [
    "COMPOUNDED_SINCE",
    "RateBand",
    "RateClass",
    "day_basis_spans",
    "per_cent",
    "published_bands",
    "rate_class",
    "require_date",
]

COMPOUNDED_SINCE = dt.date(1983, 1, 1)
"""First day on which interest compounds daily (26 U.S.C. 6622; IRM 20.2.6). Before it interest was simple."""

_DAY = dt.timedelta(days=1)
# No customs rate has passed 20 per cent. Above 100 the rate is surely in another unit, such as basis points.
_HIGHEST_PER_CENT = 100
# More places than any division at the default precision gives; keeps the exact fractions of the engine small.
_MOST_PLACES = 30


class RateClass(StrEnum):
    """The three rates of a notice: for underpayments, and for overpayments of corporations and of others."""

    UNDERPAYMENT = "underpayment"
    CORPORATION = "corporation"
    OTHER = "other"


def require_date(value: object, name: str) -> None:
    """Raise `FieldError` unless `value` is a plain `datetime.date`; a `datetime` has a clock time."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise FieldError(
            f"{name} is {value!r}, not a date.", remedy="Pass a datetime.date.", column=name, value=str(value)
        )


def rate_class(payee: Payee | RateClass | str) -> RateClass:
    """Return the rate class of a payee class. Raises `FieldError` for anything else: there is no default."""
    try:
        return RateClass(payee)
    except ValueError:
        raise FieldError(
            f"payee is {payee!r}, not a class that has a rate.",
            remedy='Pass Payee.CORPORATION or Payee.OTHER ("corporation" or "other").',
            column="payee",
            value=str(payee),
        ) from None


def per_cent(value: Decimal | int | str, name: str) -> Decimal:
    """Return `value` as an annual rate in per cent, from 0 to 100, else raise `FieldError`. No floats."""
    if isinstance(value, float):
        raise FloatMoneyError(f"{name} rate", value)
    try:
        # Decimal takes digits of every script; here only 0 to 9 are digits.
        odd = isinstance(value, bool) or (isinstance(value, str) and not value.isascii())
        rate = Decimal("NaN") if odd else Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        rate = Decimal("NaN")
    exponent = rate.as_tuple().exponent
    # The exponent of NaN and the infinities is a letter.
    if not isinstance(exponent, int) or not 0 <= rate <= _HIGHEST_PER_CENT or exponent < -_MOST_PLACES:
        raise FieldError(
            f"{name} rate is {brief(value)}, not a rate from 0 to {_HIGHEST_PER_CENT}.",
            remedy=f"Pass the annual rate in per cent, 6 for 6 per cent, with at most {_MOST_PLACES} places.",
            column=name,
            value=brief(value),
        )
    return rate


def day_basis_spans(first_day: dt.date, last_day: dt.date) -> Iterator[tuple[dt.date, dt.date, int]]:
    """Cut the days from `first_day` to `last_day` (both included) where the length of the year changes.

    Yields the first and last day of each part and its day basis: 366 in a leap year, else 365.
    """
    first = first_day
    while first <= last_day:
        year = first.year
        leap = isleap(year)
        while year < last_day.year and isleap(year + 1) == leap:
            year += 1
        last = min(last_day, dt.date(year, 12, 31))
        yield first, last, 366 if leap else 365
        if last == last_day:
            return
        first = last + _DAY


@dataclass(frozen=True, slots=True)
class RateBand:
    """Days under one set of rates: from `first_day` to `last_day`, both inclusive.

    `underpayment`, `corporation` and `other` are annual rates in per cent, compounded daily from 1983 on; the
    latter two are overpayment rates. `standing` says how firmly the overpayment rates are known.
    """

    first_day: dt.date
    last_day: dt.date
    underpayment: Decimal
    corporation: Decimal
    other: Decimal
    standing: Standing
    citation: Citation
    note: str = ""

    def __post_init__(self) -> None:
        require_date(self.first_day, "first_day")
        require_date(self.last_day, "last_day")
        if self.last_day < self.first_day:
            raise FieldError(
                f"last_day {self.last_day} is before first_day {self.first_day}.",
                remedy="Both days belong to the band; give them in order.",
                column="last_day",
            )
        for name in RateClass:
            object.__setattr__(self, name.value, per_cent(getattr(self, name.value), name.value))

    def rate(self, payee: Payee | RateClass | str) -> Decimal:
        """Return the annual rate in per cent for a payee class, or for `RateClass.UNDERPAYMENT`."""
        found: Decimal = getattr(self, rate_class(payee).value)
        return found


def published_bands() -> Iterator[RateBand]:
    """Read the shipped bands from `tables/interest_rates.csv`, oldest first."""
    for row in csv.DictReader(table_text("interest_rates.csv").splitlines()):
        yield RateBand(
            dt.date.fromisoformat(row["first_day"]),
            dt.date.fromisoformat(row["last_day"]),
            Decimal(row["underpayment"]),
            Decimal(row["corporation"]),
            Decimal(row["other"]),
            Standing(row["standing"]),
            cite(row["citation"]),
            row["note"],
        )
