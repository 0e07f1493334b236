"""What one IEEPA heading should bear: a check on what was paid, never the refund.

Rate x customs value in whole dollars (19 CFR 159.3(a)), rounded half up to cents once. The heading answers
for goods that stand on it; facts that say they do not give zero, facts that are needed and not known give
`None`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Unpack

from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import FieldError
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.citations import Standing
from ieeparefund.law.eastern import Moment, has_old_minute
from ieeparefund.law.goods import Goods, GoodsFacts, read_goods
from ieeparefund.law.grounds import fit
from ieeparefund.law.heading_amount import Amount, heading_on, row_amount, whole_dollars
from ieeparefund.law.heading_table import all_headings
from ieeparefund.law.headings import Heading, heading_rows, origin_country
from ieeparefund.law.once import once
from ieeparefund.money import ZERO, Money, exact_dollars, exactly

__all__ = [
    "ExpectedDuty",
    "expected_duty",
    "expected_heading_duty",
    "minute_variants",
]

_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.time()


@dataclass(frozen=True, slots=True)
class ExpectedDuty:
    """The duty one heading should bear, with how it came about. Made by `expected_heading_duty`.

    `day` is the day whose law was applied, `heading` the row in force (`None`: none), `value` the customs
    value in whole dollars; `rate`, `base`, `duty` and `reason` as in `Amount`. `assumed` lists facts that are
    not known and were taken as the heading says; `clock_time` what would change in the first minute of the
    day.
    """

    number: str
    country: str
    day: dt.date
    heading: Heading | None
    value: Decimal
    rate: Decimal | None
    base: Decimal | None
    duty: Decimal | None
    reason: str
    assumed: tuple[str, ...] = ()
    clock_time: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        """How firmly the row is known; without a row, as published."""
        return Standing.PUBLISHED if self.heading is None else self.heading.standing


@once
def _loading_days() -> frozenset[dt.date]:
    return frozenset(
        row.in_transit_loaded_before.date() for row in all_headings() if row.in_transit_loaded_before
    )


def minute_variants(goods: Goods) -> tuple[tuple[str, Goods], ...]:
    """Return the goods as if in the first minute of a day known as a date only, each with words that say so.

    Empty where no change of law falls on the day of entry, and no in-transit cut-off on that of loading.
    """
    found = []
    if goods.entered.clock is None and has_old_minute(goods.entered.day):
        day = goods.entered.day
        found.append((f"Entered before 12:01 a.m. eastern on {day}", goods.on(day - _DAY)))
    loaded = goods.loaded
    if loaded is not None and loaded.clock is None and loaded.day in _loading_days():
        earlier = replace(goods, loaded=Moment(loaded.day, _MIDNIGHT))
        found.append((f"Loaded before 12:01 a.m. eastern on {loaded.day}", earlier))
    return tuple(found)


@exactly
def expected_heading_duty(
    number: str,
    value: Money,
    entry_date: dt.date | dt.datetime,
    country: str,
    *,
    ordinary_duty: Money | None = ZERO,
    **goods: Unpack[GoodsFacts],
) -> ExpectedDuty:
    """Return the duty one heading should bear, with its row, rate and base, and what it turns on.

    Arguments and errors as of `expected_duty`.

    >>> import datetime as dt
    >>> found = expected_heading_duty("9903.01.24", 20000, dt.date(2025, 11, 10), "CN")
    >>> found.duty, found.reason
    (Decimal('2000.00'), '10 per cent of 20000')
    >>> found.clock_time
    ('Entered before 12:01 a.m. eastern on 2025-11-10: 4000.00, 20 per cent of 20000.',)
    """
    known, origin = normalise_tariff_number(number), origin_country(country)
    if origin is None:
        raise FieldError(
            f"country is {country!r}.",
            remedy="Give the country of origin, such as CN.",
            column="country",
            value=str(country),
        )
    dollars = whole_dollars(value)
    ordinary = None if ordinary_duty is None else exact_dollars(ordinary_duty, "ordinary_duty")
    facts = read_goods(entry_date, **goods)
    answer = _answer(known, dollars, origin, facts, ordinary)
    notes = []
    for words, variant in minute_variants(facts):
        other = _answer(known, dollars, origin, variant, ordinary)
        doubt = () if answer.assumed else other.assumed
        if other.duty != answer.duty or doubt:
            shown = "not known" if other.duty is None else str(other.duty)
            notes.append(f"{words}: {shown}, {'; '.join((other.reason, *doubt))}.")
    return replace(answer, clock_time=tuple(notes))


def _answer(
    number: str, value: Decimal, origin: str, goods: Goods, ordinary_duty: Decimal | None
) -> ExpectedDuty:
    row = heading_on(number, origin, goods)

    def answer(amount: Amount, assumed: tuple[str, ...] = ()) -> ExpectedDuty:
        return ExpectedDuty(
            number,
            origin,
            goods.day,
            row,
            value,
            amount.rate,
            amount.base,
            amount.duty,
            amount.reason,
            assumed,
        )

    if row is None:
        if not is_ieepa_number(number) and not heading_rows(number):
            return answer(Amount(None, None, None, "not an IEEPA heading"))
        why = "not in force" if heading_rows(number) else "a number that never had a rate line"
        return answer(Amount(ZERO, value, ZERO, f"{why} for goods of {origin} on {goods.day}"))
    column1 = None if goods.column1_rate is None else goods.column1_rate.ad_valorem_equivalent(value)
    stands = fit(row, origin, goods, column1)
    if stands.holds is False:
        return answer(Amount(ZERO, value, ZERO, f"the goods do not stand on it: {stands.reason}"))
    return answer(
        row_amount(row, value, goods, ordinary_duty), (stands.reason,) if stands.holds is None else ()
    )


@exactly
def expected_duty(
    number: str,
    value: Money,
    entry_date: dt.date | dt.datetime,
    country: str,
    *,
    ordinary_duty: Money | None = ZERO,
    **goods: Unpack[GoodsFacts],
) -> Decimal | None:
    """Return the duty one heading should bear, in dollars, to hold against what was paid on it.

    `value` is the customs value on the chapter 1-97 number, `country` the origin (ISO alpha-2, or a Canadian
    province code). `entry_date` is a date, or a clock time with a zone; a rate changes at 12:01 a.m. eastern,
    and a date alone counts as after that minute. `ordinary_duty` is the duty on the chapter 1-97 number,
    which tells the filing style of an all-in heading: zero, the default, puts the whole 15 per cent on the
    heading. The other keywords are those of `GoodsFacts`; what is left out is not known, and the goods are
    then taken to stand on the heading as it says. Zero: the heading is not in force, is for other goods or
    imposes nothing. `None`: a fact is missing that the amount needs (metal content of goods that owe section
    232 duty), the law is not settled, or the number is no IEEPA heading. `expected_heading_duty` gives the
    reason.

    Raises `FieldError` for a value below zero, a blank country, a clock time without zone or a bad fact;
    `HtsNumberError` for text that is no tariff number; `FloatMoneyError` for a float.
    Source: HTSUS chapter 99 subchapter III U.S. note 2; 19 CFR 141.68, 159.3(a).

    >>> import datetime as dt
    >>> [expected_duty("9903.01.24", 20000, dt.date(2025, 11, day), "CN") for day in (9, 10)]
    [Decimal('4000.00'), Decimal('2000.00')]
    """
    return expected_heading_duty(
        number, value, entry_date, country, ordinary_duty=ordinary_duty, **goods
    ).duty
