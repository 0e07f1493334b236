"""Laws of the masks: what may show of a number is what the documentation says, whatever stands around it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.entries.identifiers import (
    has_importer_dashes,
    mask_cell,
    mask_entry_number,
    mask_importer,
    mask_reference,
    mask_sentence,
    mask_tariff_number,
)

DASHES = st.sampled_from(["-", "\u2010", "\u2013", "\u2014", "\u2212", " ", ".", "\u00a0"])


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


SSN = st.builds("{0}{3}{1}{3}{2}".format, digits(3), digits(2), digits(4), DASHES)
SSN_DASHED = st.builds("{}-{}-{}".format, digits(3), digits(2), digits(4))
PLAIN_SSN = digits(9)
SUFFIX = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
IRS = st.builds("{}-{}{}".format, digits(2), digits(7), st.just("") | SUFFIX)
CBP = st.builds("{}-{}".format, digits(6), digits(5))
AROUND = st.sampled_from(["", " ", "'", "(", "x ", "No. ", ", "])
BEHIND = st.sampled_from(["", " ", "'", ")", ". ", ", "])
MASKS = (mask_cell, mask_entry_number, mask_tariff_number, mask_sentence, mask_reference)


@given(SSN | PLAIN_SSN | st.builds("{}{}".format, st.just("00"), digits(9)))
def test_nothing_of_a_social_security_number_shows(number: str) -> None:
    assert not any(map(str.isalnum, str(mask_importer(number))))


@given(AROUND, SSN, AROUND)
def test_nothing_of_one_shows_in_any_text(before: str, number: str, after: str) -> None:
    for mask in MASKS:
        assert not any(map(str.isdigit, str(mask(f"{before}{number}{after}")))), mask


@given(AROUND, PLAIN_SSN)
def test_nine_digits_alone_show_nothing(before: str, number: str) -> None:
    for mask in MASKS[:-1]:
        assert not any(map(str.isdigit, mask(f"{before}{number}"))), mask


@given(IRS | CBP)
def test_four_characters_show_at_most_and_the_shape_stays(number: str) -> None:
    masked = str(mask_importer(number))
    assert len(masked) == len(number)
    assert [at for at, one in enumerate(masked) if one == "-"] == [
        at for at, one in enumerate(number) if one == "-"
    ]
    assert sum(map(str.isalnum, masked)) <= 4
    assert masked.endswith(number[-4:]) or not any(map(str.isalnum, masked))
    assert has_importer_dashes(number)


@given(AROUND, IRS | CBP, BEHIND)
def test_importer_numbers_in_any_text_show_their_last_four(before: str, number: str, after: str) -> None:
    for mask in MASKS:
        shown = re.sub(r"\W", "", str(mask(f"{before}{number}{after}")))
        assert sum(map(str.isdigit, shown)) <= 4, mask


@given(st.text(max_size=120))
def test_an_importer_field_shows_four_characters_at_most(text: str) -> None:
    assert sum(map(str.isalnum, str(mask_importer(text)))) <= 4


@given(st.text(max_size=300))
def test_cells_are_cut_and_masked_once(text: str) -> None:
    for mask in MASKS[:3]:
        shown = mask(text)
        assert len(shown) <= 60
        assert not re.search("[0-9]{9}", shown) or mask is not mask_cell
        assert not re.search(r"[^\W\d_]{4}", shown) or any(word in shown.casefold() for word in WORDS)


WORDS = (
    "free", "none", "null", "infinity", "unknown", "true", "false", "total", "open", "blank", "date", "error", "value",
    "sept", "january", "february", "march", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=3, max_size=3), digits(8))
def test_entry_numbers_stay(filer: str, rest: str) -> None:
    for number in (filer + rest, f"{filer}-{rest[:7]}-{rest[7]}"):
        assert mask_entry_number(number) == number


@given(digits(10))
def test_tariff_numbers_stay(number: str) -> None:
    for text in (number, f"{number[:4]}.{number[4:6]}.{number[6:8]}.{number[8:]}"):
        assert mask_tariff_number(text) == text


@given(st.text("abcdefgh ,.()", max_size=80))
def test_the_words_of_a_sentence_stay(text: str) -> None:
    assert mask_sentence(text) == text
    assert mask_importer(None) is mask_reference(None) is None
