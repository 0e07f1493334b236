"""Entry numbers as people, spreadsheets and portals spell them."""

from __future__ import annotations

import pytest

from ieeparefund.entries.entry_number import EntryNumber
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
