"""Masks: what of a number, a cell or a sentence may be printed."""

from __future__ import annotations

import pytest

from ieeparefund.entries.identifiers import (
    mask_cell,
    mask_entry_number,
    mask_importer,
    mask_reference,
    mask_sentence,
    mask_tariff_number,
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("75-419312501", "**-*****2501"),
        ("75-4193125XX", "**-*****25XX"),
        ("262601-12345", "******-*2345"),  # assigned by CBP (19 CFR 24.5)
        ("123-45-6789", "***-**-****"),
        ("00123456789", "***********"),  # nine digits filled up with zeros
        ("X0123456789", "***********"),
    ],
)
def test_importer_numbers(text: str, masked: str) -> None:
    assert mask_importer(text) == masked


def test_a_code_is_let_be_in_its_own_column_only() -> None:
    assert mask_entry_number("75419312501") == "75419312501"
    assert mask_cell("75419312501") == mask_tariff_number("75419312501") == "*******2501"
    assert mask_tariff_number("8471300100") == "8471300100"
    assert mask_cell("8471300100") == mask_entry_number("8471300100") == "******0100"


def test_what_a_bank_prints_keeps_no_word_and_four_digits() -> None:
    assert mask_reference("ACH CREDIT JANE DOE 036000012345678") == "*** ****** **** *** ***********5678"
    assert mask_reference("NO 1234") == "** 1234"
    assert mask_reference(None) is None


def test_a_sentence_keeps_its_words() -> None:
    assert mask_sentence("payee is '123-45-6789'.") == "payee is '***-**-****'."
    assert mask_sentence("it is 123456789 here") == "it is ********* here"
    assert mask_sentence("1,123456789.00 is money") == "1,123456789.00 is money"


@pytest.mark.parametrize(("length", "shown"), [(59, 59), (60, 60), (61, 60), (90, 60)])
def test_sixty_characters_show_at_most(length: int, shown: int) -> None:
    text = "1 " * (length // 2) + "2" * (length % 2)
    masked = mask_cell(text)
    assert len(masked) == shown
    assert masked.endswith("…") is (length > 60)
    assert masked[: shown - 1] == text[: shown - 1]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Jane Doe", "**** ***"),
        ("Jane Doe 7", "**** Doe 7"),  # beside a digit, three letters may be a filer code
        ("Al 7", "Al 7"),
        ("Al", "Al"),
        ("Free", "Free"),
        ("Total 7", "Total 7"),
        ("february", "february"),
        ("Tuesday", "*******"),
    ],
)
def test_words_that_may_be_names_are_masked(text: str, masked: str) -> None:
    assert mask_cell(text) == masked
