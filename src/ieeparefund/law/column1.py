"""The general and the Korean rate of duty of every HTSUS rate line, for the 2025 and early 2026 schedules.

On an all-in heading the IEEPA part is 15 per cent less the column-1 duty (HTSUS chapter 99 U.S. note 2(v)),
so the column-1 rate decides the refund. The rates stand in `tables/column1_rates.csv`, their source and the
days for which they hold in `tables/column1_rates.toml`.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.law.citations import Citation, cite, table_text
from ieeparefund.law.once import once
from ieeparefund.law.rate_bands import require_date
from ieeparefund.money import Money, exact_dollars, exactly

__all__ = ["ListedRate", "column1_rate", "listed_rate"]

_FREE = "Free"
_NO_RATE = "none"
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_AD_VALOREM = re.compile(rf"{_NUMBER}%")
# "86.5¢/kg", "$1.13/m3", "0.9¢ each", "11.7¢/kg + 3.7%": one amount a unit, and at most one per cent.
_SPECIFIC = re.compile(rf"(?:{_NUMBER}¢|\${_NUMBER})(?:/| )([^+]+?)(?: \+ {_NUMBER}%)?")


@dataclass(frozen=True, slots=True)
class ListedRate:
    """A rate line of the schedule from `first_day` to `last_day`, both inclusive.

    `general` and `korea` are the texts of the rate as printed (`Free`, `2.5%`, `86.5¢/kg`); `korea` is `None`
    where the schedule names no rate for the SPI KR.
    """

    number: str
    general: str
    korea: str | None
    first_day: dt.date
    last_day: dt.date

    @property
    def citation(self) -> Citation:
        """The schedule and its editions."""
        return cite(_facts()["citation"])

    def text(self, special_program: str | None = None) -> str | None:
        """Return the rate as printed for a claimed preference; `None` where it is not in the table.

        No preference: the general rate. `KR`: the special rate. Another SPI: `Free` if the general rate is
        Free, else `None`, for the table has no other special rates.
        """
        program = (special_program or "").strip().upper()
        if not program:
            return self.general
        if program == "KR":
            return self.korea
        return _FREE if self.general == _FREE else None

    def unit(self, special_program: str | None = None) -> str | None:
        """Return the unit in which a quantity is wanted, such as `kg`; `None` where none is of use."""
        text = self.text(special_program)
        formula = _formula(text) if text else None
        return formula[2] if formula else None

    @exactly
    def rate(self, special_program: str | None = None, quantity: Money | None = None) -> Column1Rate | None:
        """Return the rate to compute with, or `None`: no such rate, a formula not computed, or no quantity.

        `quantity` is in units of `unit()`; only a specific or compound rate uses it. Raises `FieldError`
        for a quantity below zero, `FloatMoneyError` for a float.
        """
        text = self.text(special_program)
        formula = _formula(text) if text else None
        if formula is None:
            return None
        ad_valorem, specific, unit = formula
        if unit is None:
            return Column1Rate(ad_valorem)
        if quantity is None:
            return None
        return Column1Rate(ad_valorem, specific, exact_dollars(quantity, "quantity"))


@once
def _facts() -> dict[str, Any]:
    return tomllib.loads(table_text("column1_rates.toml"))


@once
def _table() -> dict[str, tuple[ListedRate, ...]]:
    facts = _facts()
    start, end = facts["first_day"], facts["last_day"]
    table: dict[str, tuple[ListedRate, ...]] = {}
    for number, general, korea, first, last in list(csv.reader(table_text("column1_rates.csv").splitlines()))[
        1:
    ]:
        row = ListedRate(
            f"{number[:4]}.{number[4:6]}.{number[6:]}",
            general,
            None if korea == _NO_RATE else korea or _FREE,
            dt.date.fromisoformat(first) if first else start,
            dt.date.fromisoformat(last) if last else end,
        )
        table[row.number] = (*table.get(row.number, ()), row)
    return table


@lru_cache(maxsize=1024)
def _formula(text: str) -> tuple[Decimal, Decimal, str | None] | None:
    """Return per cent, dollars a unit and the unit, or `None` for a text that is not computed.

    Left out on purpose: rates on a part of the goods ("on the case", "on lead content"), sliding rates, and
    rates that point to another article.
    """
    zero = Decimal(0)
    if text == _FREE:
        return zero, zero, None
    if simple := _AD_VALOREM.fullmatch(text):
        return Decimal(simple[1]), zero, None
    if compound := _SPECIFIC.fullmatch(text):
        cents, dollars, unit, per_cent = compound.groups()
        if name := _facts()["units"].get(unit):
            return Decimal(per_cent or 0), Decimal(dollars) if dollars else Decimal(cents) / 100, name
    return None


@exactly
def listed_rate(number: str, on: dt.date) -> ListedRate | None:
    """Return the rate line of an HTSUS number of 8 or 10 digits in force on the entry date `on`.

    `None` where the table has no such line on that day: a number of chapter 98 or 99, one that does not
    exist, a day before 2025 or past the last edition read. Raises `HtsNumberError` for text that is no tariff
    number, `FieldError` for a day that is not a date.

    >>> import datetime
    >>> listed_rate("4202.92.3131", datetime.date(2025, 9, 1)).general
    '17.6%'
    """
    require_date(on, "on")
    for row in _table().get(normalise_tariff_number(number)[:10], ()):
        if row.first_day <= on <= row.last_day:
            return row
    return None


@exactly
def column1_rate(
    number: str, on: dt.date, *, special_program: str | None = None, quantity: Money | None = None
) -> Column1Rate | None:
    """Return the column-1 rate of an HTSUS number on the entry date, or `None` where it is not known.

    `special_program` is the SPI claimed on the line: none gives the general rate, `KR` the Korean one;
    another gives `None` unless the general rate is Free. `quantity` is in the unit of the rate
    (`listed_rate(...).unit()`). `None` also where the rate needs a quantity and none is given, and for
    formulas not computed. Raises `HtsNumberError` for text that is no tariff number, `FieldError` for a
    quantity below zero or a day that is not a date, `FloatMoneyError` for a float.
    Source: HTSUS 2025 and 2026, rates of duty, column 1.

    >>> import datetime
    >>> column1_rate("8708.10.60", datetime.date(2025, 9, 1)).ad_valorem
    Decimal('2.5')
    """
    row = listed_rate(number, on)
    return row.rate(special_program, quantity) if row else None
