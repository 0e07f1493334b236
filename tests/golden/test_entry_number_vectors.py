"""Real and damaged entry numbers: CBP ruling HQ H005628, public Form 7501 file names, constructed ones."""

from __future__ import annotations

import pytest

from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.errors import EntryNumberError
from ieeparefund.testing import EntryNumberVector, vectors

# CATAIR appendix E and public Form 7501 numbers: the ten characters and their check digit.
CHECK_DIGITS = [
    ("0026110316", 2),
    ("MYK2810374", 2),
    ("ABC1234567", 6),
    ("SP70000001", 4),
    ("N015000003", 7),
    ("SV90000000", 8),
    ("XYZ0000001", 5),
    ("9999999999", 0),
]


def test_the_vectors_are_there() -> None:
    assert len(vectors().entry_numbers) == 15


@pytest.mark.parametrize("case", vectors().entry_numbers, ids=lambda case: case.id)
def test_published_numbers(case: EntryNumberVector) -> None:
    if case.valid:
        number = EntryNumber.parse(case.entry_number)
        assert number.compact == case.compact
        assert str(number) == case.entry_number
        assert EntryNumber.parse(case.compact) == number
    else:
        with pytest.raises(EntryNumberError):
            EntryNumber.parse(case.entry_number)


@pytest.mark.parametrize(("ten", "digit"), CHECK_DIGITS)
def test_check_digits(ten: str, digit: int) -> None:
    assert entry_check_digit(ten) == digit
