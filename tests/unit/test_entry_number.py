"""Entry numbers as people, spreadsheets and portals spell them."""

from __future__ import annotations

from typing import Any

import pytest

from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.errors import EntryNumberError


@pytest.mark.parametrize(
    "text",
    [
        "ZT4-0000123-1",
        "zt4 – 0000123 – 1",
        '="ZT400001231"',
        "='ZT400001231",
        "'ZT400001231",
        "\u2019ZT400001231",
        "\ufeffZT400001231\u00a0",
        "ZT4\u20140000123\u20141",
    ],
)
def test_spellings_of_one_number(text: str) -> None:
    number = EntryNumber.parse(text)
    assert number.compact == "ZT400001231"
    assert str(number) == "ZT4-0000123-1"
    assert number.filer_code == "ZT4"
    assert number.check_digit_valid


def test_filer_codes_that_look_like_exponents_are_numbers() -> None:
    assert EntryNumber.parse("12E98005788").filer_code == "12E"
    assert EntryNumber.parse("1E2-0000000-7", check=False).compact == "1E200000007"


@pytest.mark.parametrize("text", ["2.61103E+08", "9.28793E+08", "2.61E+9", "1e+10"])
def test_scientific_notation_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(EntryNumberError, match="digits are lost"):
        EntryNumber.parse(text, pad=True)


@pytest.mark.parametrize("text", ["", "ABC", "ABC-123456-7", "AB$-1234567-6", "00012345678", "ABC123456X6"])
def test_other_shapes_are_refused(text: str) -> None:
    with pytest.raises(EntryNumberError, match="three letters or digits") as caught:
        EntryNumber.parse(text)
    assert "ABC-1234567-6" in caught.value.remedy


def test_lost_zeros_come_back_only_when_asked_and_safe() -> None:
    with pytest.raises(EntryNumberError, match="pad=True"):
        EntryNumber.parse("100023456")
    assert EntryNumber.parse("100023456", pad=True).compact == "00100023456"
    with pytest.raises(EntryNumberError, match="check digit fails"):
        EntryNumber.parse("100023457", pad=True)
    # Filled up this one would have the filer code 000, which is never issued.
    with pytest.raises(EntryNumberError, match="check digit fails"):
        EntryNumber.parse("000000000", pad=True)
    # A dashed number shows its shape: a digit is missing in the middle.
    with pytest.raises(EntryNumberError, match="three letters or digits"):
        EntryNumber.parse("002-611031-2", pad=True)


def test_wrong_check_digit() -> None:
    with pytest.raises(EntryNumberError, match="its check digit is 6"):
        EntryNumber.parse("ABC-1234567-7")
    assert not EntryNumber.parse("ABC-1234567-7", check=False).check_digit_valid


def test_numbers_are_text() -> None:
    with pytest.raises(EntryNumberError, match="Read the column as text"):
        EntryNumber.parse(26110316)  # type: ignore[arg-type]  # the mistake the error is for


def test_the_constructor_takes_only_the_compact_form() -> None:
    assert EntryNumber("ABC12345676").compact == "ABC12345676"
    with pytest.raises(EntryNumberError, match=r"EntryNumber\.parse"):
        EntryNumber("ABC-1234567-6")


def test_order_and_hash_follow_the_number() -> None:
    first, second = EntryNumber("ABC12345676"), EntryNumber("ZT400001231")
    assert sorted([second, first]) == [first, second]
    assert len({first, EntryNumber.parse("abc-1234567-6")}) == 1


@pytest.mark.parametrize(
    ("text", "options", "problem", "shown", "remedy"),
    [
        (26110316, {}, "is 26110316, a int: leading zeros", "26110316", "Read the column as text"),
        ("100023457", {"pad": True}, "is short, and with leading zeros", "*********", "entry summary"),
        (
            "2.61103E+08",
            {},
            "'2.61103E+08' is in scientific notation",
            "2.61103E+08",
            "Export the report again",
        ),
        ("100023456", {}, "'*********' is not three letters", "*********", "pass pad=True"),
        ("ABC-123456-7", {}, "'ABC-123456-7' is not three letters", "ABC-123456-7", "Give the filer code"),
        ("ABC-1234567-7", {}, "ends in 7, but its check digit is 6", "ABC-1234567-7", "check=False"),
    ],
)
def test_a_refusal_gives_value_and_remedy(
    text: Any, options: dict[str, bool], problem: str, shown: str, remedy: str
) -> None:
    with pytest.raises(EntryNumberError) as caught:
        EntryNumber.parse(text, **options)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    # Nine digits in a row may be a social security number and are masked.
    assert caught.value.value == shown


def test_the_constructor_says_what_it_was_given() -> None:
    with pytest.raises(EntryNumberError) as caught:
        EntryNumber("ABC-1234567-6")
    assert caught.value.value == "ABC-1234567-6"
    assert "'ABC-1234567-6' is not three letters or digits" in caught.value.problem


@pytest.mark.parametrize(
    ("first_ten", "digit"),
    [
        # 19 CFR 142.3a and CATAIR appendix E: the worked examples of the appendix's method, done by hand.
        # A=1 doubled-not, B=2 doubled 4, C=3, 1 doubled 2, 2, 3 doubled 6, 4, 5 doubled 10 -> 1, 6, 7 doubled 14 -> 5:
        # 1+4+3+2+2+6+4+1+6+5 = 34, so 6.
        ("ABC1234567", 6),
        # 0 throughout, and a sum that is a multiple of ten already: the digit is 0.
        ("0010000000", 9),
        ("0050000000", 5),
        ("0000000000", 0),
    ],
)
def test_check_digits_by_hand(first_ten: str, digit: int) -> None:
    assert entry_check_digit(first_ten) == digit


LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", [*range(1, 10), *range(1, 10), *range(2, 10)], strict=True))


@pytest.mark.parametrize(("letter", "value"), LETTERS.items())
def test_letters_count_as_the_appendix_lists_them(letter: str, value: int) -> None:
    assert entry_check_digit(f"{letter}000000000") == -value % 10


def test_ten_digits_that_lost_one_zero_come_back_too() -> None:
    # 0 1 0 0 0 2 3 4 5 6 with the digit that the method gives.
    whole = f"0100023456{entry_check_digit('0100023456')}"
    assert EntryNumber.parse(whole[1:], pad=True).compact == whole
    with pytest.raises(EntryNumberError, match="three letters or digits"):
        EntryNumber.parse(whole[3:], pad=True)
    assert EntryNumber.parse(whole, pad=True).compact == whole


@pytest.mark.parametrize("text", ['\ufeff="ZT400001231"', "\ufeff'ZT4-0000123-1", ' ="ZT4-0000123-1" '])
def test_a_byte_order_mark_before_the_wrapping_is_no_part_of_it(text: str) -> None:
    assert EntryNumber.parse(text).compact == "ZT400001231"


def test_a_filer_code_may_begin_with_any_letter() -> None:
    for code in ("XX1", "XYZ", "'XX1"):
        bare = code.lstrip("'")
        whole = f"{bare}0000123{entry_check_digit(f'{bare}0000123')}"
        assert EntryNumber.parse(code + whole[3:]).compact == whole


def test_letters_beyond_ascii_do_not_become_letters_of_the_code() -> None:
    # The dotless i is I in upper case; no filer code has it.
    with pytest.raises(EntryNumberError, match="three letters or digits"):
        EntryNumber.parse("\u0131BC-1234567-6", check=False)


def test_an_importer_number_in_the_place_of_an_entry_number_is_named_and_not_shown() -> None:
    with pytest.raises(EntryNumberError, match="the dashes are those of an importer number") as caught:
        EntryNumber.parse("98-7654321AB", check=False)
    assert caught.value.value == "**-*****21AB"
