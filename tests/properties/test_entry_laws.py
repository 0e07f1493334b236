"""Laws of entry numbers, tariff numbers, money and masks."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.strategies import entry_numbers

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.entries.hts import is_chapter_99, normalise_tariff_number
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.errors import EntryNumberError, HtsNumberError, IeepaRefundError
from ieeparefund.money import (
    as_dollars,
    exact_dollars,
    format_dollars,
    from_cents,
    half_up_ratio,
    round_to_cents,
    to_cents,
)

CENTS = st.integers(-(10**15), 10**15)


@given(entry_numbers())
def test_parse_undoes_every_spelling(number: EntryNumber) -> None:
    for text in (str(number), number.compact, f'="{number.compact}"', f" {number.compact.lower()} "):
        assert EntryNumber.parse(text) == number
    assert number.check_digit_valid


@given(entry_numbers(), st.integers(0, 10), st.characters(codec="ascii", categories=["Lu", "Nd"]))
def test_one_wrong_character_is_caught_unless_it_counts_the_same(
    number: EntryNumber, place: int, other: str
) -> None:
    changed = number.compact[:place] + other + number.compact[place + 1 :]
    assume(place < 3 or other.isdigit())
    assume(not changed.startswith("000"))
    same = entry_check_digit(changed[:10]) == int(changed[10])
    assert EntryNumber.parse(changed, check=False).check_digit_valid is same
    if changed != number.compact and place >= 3:
        # Digits never share a value, so a single wrong digit is always caught.
        with pytest.raises(EntryNumberError):
            EntryNumber.parse(changed)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_clear_error(text: str) -> None:
    try:
        number = EntryNumber.parse(text, pad=True)
    except EntryNumberError as error:
        assert error.remedy
    else:
        assert EntryNumber.parse(str(number)) == number


@given(st.from_regex(r"[0-9]{8}([0-9]{2})?", fullmatch=True))
def test_tariff_numbers_normalise_once(digits: str) -> None:
    number = normalise_tariff_number(digits)
    assert normalise_tariff_number(number) == number
    bare = number.replace(".", "")
    assert bare == digits or (digits.startswith("99") and bare + "00" == digits)
    assert is_chapter_99(number) is digits.startswith("99")


@given(st.text(max_size=14))
def test_any_text_is_a_tariff_number_or_a_clear_error(text: str) -> None:
    try:
        number = normalise_tariff_number(text)
    except HtsNumberError as error:
        assert error.remedy
    else:
        assert normalise_tariff_number(number) == number


@given(CENTS)
def test_cents_and_dollars_round_trip(cents: int) -> None:
    dollars = from_cents(cents)
    assert dollars.as_tuple().exponent == -2
    assert to_cents(dollars) == cents
    assert as_dollars(dollars) == dollars
    assert Decimal(format_dollars(dollars).replace(",", "")) == dollars


@given(CENTS, st.integers(1, 10**18))
def test_half_up_ratio_is_half_up(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = half_up_ratio(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_rounding_to_cents_is_half_up(value: Decimal) -> None:
    assert round_to_cents(value) == value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert exact_dollars(value) == value


@given(st.one_of(st.floats(), st.booleans(), st.none(), st.text(max_size=6), st.decimals()))
def test_amounts_are_taken_exactly_or_refused(value: object) -> None:
    try:
        dollars = as_dollars(value)  # type: ignore[arg-type]  # wrong kinds are the point
    except (IeepaRefundError, TypeError) as error:
        assert str(error)
    else:
        assert dollars == Decimal(str(value).strip())


@given(st.text(alphabet="0123456789-AB", max_size=14))
def test_masks_keep_the_shape_and_show_four_characters_at_most(text: str) -> None:
    masked = mask_importer(text)
    assert masked is not None
    assert len(masked) == len(text.strip())
    assert sum(shown not in "*-" for shown in masked) <= 4


@given(
    st.decimals(0, 100, places=3),
    st.decimals(0, 1000, places=4),
    st.decimals(0, 10**6, places=2),
    st.decimals(1, 10**7, places=2),
)
def test_ad_valorem_equivalent_gives_the_duty_back(
    ad_valorem: Decimal, specific: Decimal, quantity: Decimal, value: Decimal
) -> None:
    rate = Column1Rate(ad_valorem, specific, quantity)
    equivalent = rate.ad_valorem_equivalent(value)
    assert equivalent is not None
    assert abs(rate.duty(value) - value * equivalent / 100) <= Decimal("0.0051")
