"""The amount of one heading: rate x base, rounded half up to cents once. The base is the customs value in
whole dollars, less the parts that other rules take out; on an all-in heading the ordinary duty is inside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from ieeparefund.errors import FieldError
from ieeparefund.law.goods import Goods
from ieeparefund.law.headings import Heading, HeadingKind, heading_rows, ieepa_heading
from ieeparefund.law.stacking import Stacking, chapter_98_rule, least_us_content, stacking
from ieeparefund.money import ZERO, Money, exact_dollars, exactly, round_to_cents

__all__ = ["Amount", "heading_on", "row_amount", "whole_dollars"]

_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Amount:
    """The duty of a row: `rate` per cent of `base` dollars, less the ordinary duty on an all-in heading.

    Each is `None` where a fact that it needs is not known; `reason` says which, or how the duty came about.
    """

    rate: Decimal | None
    base: Decimal | None
    duty: Decimal | None
    reason: str


@exactly
def whole_dollars(value: Money, name: str = "value") -> Decimal:
    """Return a customs value in whole dollars: under 50 cents dropped, 50 and over counted as 1 (19 CFR
    159.3(a)).

    Raises `FieldError` for a value below zero or no amount, `FloatMoneyError` for a float.
    """
    amount = exact_dollars(value, name)
    if amount < 0:
        raise FieldError(
            f"{name} is {amount}, below zero.", remedy="Give the customs value of the line.", column=name
        )
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def heading_on(number: str, origin: str, goods: Goods) -> Heading | None:
    """Return the row of a heading for goods of an origin on their day, or one that could still be reported
    then.

    A heading that was ended retroactively could be reported until CBP said so (`Heading.reported_until`).
    """
    row = ieepa_heading(number, goods.day, origin)
    if row is not None:
        return row
    for old in heading_rows(number):
        if origin in old.countries and old.reportable_on(goods.day):
            return old
    return None


@exactly
def row_amount(row: Heading, value: Decimal, goods: Goods, ordinary_duty: Decimal | None = ZERO) -> Amount:
    """Return what a row bears on `value` dollars of goods that stand on it.

    `ordinary_duty` is the duty on the chapter 1-97 number; it tells the filing style of an all-in heading:
    zero means that the whole 15 per cent stands on the heading (CSMS 66319804).
    """
    if row.kind is HeadingKind.EXEMPTION:
        return Amount(ZERO, value, ZERO, f"{row.number} exempts the goods")
    if goods.chapter_98 is not None and row.programme not in chapter_98_rule(goods.chapter_98).owed:
        return Amount(ZERO, value, ZERO, f"nothing is owed on goods entered under {goods.chapter_98}")
    rate = row.cap_total if row.is_all_in else row.rate
    if not rate or (row.kind is HeadingKind.CAP and not row.is_all_in):
        return Amount(
            ZERO, value, ZERO, f"{row.number} imposes nothing" + ("" if row.cap_total else ": suspended")
        )
    base, how = _base(row, value, goods)
    if base is None:
        return Amount(rate, None, None, how)
    duty = round_to_cents(base * rate / _FULL)
    said = f"{rate} per cent of {base:f}{how}"
    if not row.is_all_in:
        return Amount(rate, base, duty, said)
    if base != value:
        return Amount(rate, base, None, "the parts of the value must stand on lines of their own")
    return _all_in(Amount(rate, base, duty, said), goods, ordinary_duty)


def _base(row: Heading, value: Decimal, goods: Goods) -> tuple[Decimal | None, str]:
    """The part of the value on which a rate falls, and how it differs from the value (or why it is not
    known).
    """
    metal = Decimal(0)
    law = None if goods.section_232 is None else stacking(goods.section_232, row.programme, goods.day)
    if law is not None and law.effect in (Stacking.DOUBTFUL, Stacking.OPEN):
        return None, f"what section 232 ({goods.section_232}) does to it is {law.effect}"
    if law is not None and law.effect is Stacking.ON_REST:
        if goods.metal_content is None:
            return None, "the goods owe section 232 duty and their metal content is not known (metal_content)"
        metal = goods.metal_content
    least, us_content = least_us_content(row.programme), goods.us_content or Decimal(0)
    if least is None or us_content < least:
        us_content = Decimal(0)
    if metal and us_content:
        return None, "how metal content and US content overlap is not known"
    taken = metal + us_content
    if not taken:
        return value, ""
    return value * (_FULL - taken) / _FULL, f", {taken} per cent of the value left out as " + (
        "metal content" if metal else "US content"
    )


def _all_in(whole: Amount, goods: Goods, ordinary_duty: Decimal | None) -> Amount:
    if ordinary_duty is None:
        return replace(
            whole, duty=None, reason="the duty on the chapter 1-97 number is not known, which tells the style"
        )
    if not ordinary_duty:
        return replace(whole, reason=f"{whole.reason}, the ordinary duty included")
    base, duty = whole.base or ZERO, whole.duty or ZERO
    column1 = ordinary_duty if goods.column1_rate is None else goods.column1_rate.duty(base)
    return replace(
        whole,
        duty=max(ZERO, duty - column1),
        reason=f"{whole.reason}, less the ordinary duty of {column1} on the chapter 1-97 number",
    )
