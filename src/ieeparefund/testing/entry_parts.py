"""Strategies for the parts of an entry: its number, amounts, tariff rows and lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.law.heading_table import all_headings
from ieeparefund.testing.drawing import st

__all__ = [
    "ORIGINS",
    "any_tariff_numbers",
    "dollars",
    "entry_lines",
    "entry_numbers",
    "flags",
    "invalid_entry_numbers",
    "tariff_lines",
]

ORIGINS = ("CN", "HK", "CA", "XC", "MX", "BR", "IN", "DE", "JP", "KR", "VN", None)
"""Origins of each programme, a Canadian province as files have it, and one not known."""

_FILERS = st.from_regex(r"(?!000)[0-9A-Z]{3}", fullmatch=True)
_USUAL_NUMBERS = (
    "9903.01.01",
    "9903.01.10",
    "9903.01.24",
    "9903.01.25",
    "9903.01.26",
    "9903.01.33",
    "9903.01.63",
    "9903.01.77",
    "9903.02.09",
    "9903.02.19",
    "9903.02.20",
    "9903.02.69",
    "9903.02.73",
    "9903.03.01",
    "9903.88.03",
    "9903.94.05",
    "8471.30.01.00",
    "3926.90.99.89",
    "0901.11.00.25",
)
_OTHERS = (
    "9903.01.35",  # never assigned
    "9903.02.99",
    "9903.03.01",
    "9903.88.03",
    "9903.96.01",
    "9802.00.80.60",
    "8471.30.01.00",
    "3926.90.99.89",
    "0901.11.00.25",
    "8708.10.60.50",
    "4202.92.31.31",
    "A-570-979",
    "499",
)


@cache
def any_tariff_numbers() -> tuple[str, ...]:
    """Return every IEEPA heading there was, look-alikes, never assigned ones, ordinary and odd numbers."""
    return tuple(sorted({row.number for row in all_headings()} | set(_OTHERS)))


def dollars(largest: int = 10**7) -> st.SearchStrategy[Decimal]:
    """Amounts from zero to `largest` dollars, both included, with two places."""
    return st.integers(0, largest * 100).map(lambda cents: Decimal(cents).scaleb(-2))


def flags() -> st.SearchStrategy[bool | None]:
    """Known true, known false, not known."""
    return st.sampled_from([True, False, None])


@st.composite
def _first_ten(draw: st.DrawFn) -> str:
    filer = draw(_FILERS)
    return f"{filer}{draw(st.integers(0, 9_999_999)):07d}"


def entry_numbers() -> st.SearchStrategy[EntryNumber]:
    """Entry numbers whose check digit holds, with filer codes of digits, letters and both."""
    return _first_ten().map(lambda ten: EntryNumber(f"{ten}{entry_check_digit(ten)}"))


@st.composite
def invalid_entry_numbers(draw: st.DrawFn) -> str:
    """Text near an entry number that none may be read from: `EntryNumber.parse` refuses each of them.

    A wrong check digit, a character too few or too many, a letter among the digits, filer code 000, scientific
    notation, nothing.
    """
    ten = draw(_first_ten())
    right = entry_check_digit(ten)
    kind = draw(st.sampled_from(["digit", "short", "long", "letter", "filer", "scientific", "blank"]))
    if kind == "digit":
        return f"{ten}{(right + draw(st.integers(1, 9))) % 10}"
    if kind == "letter":
        place = draw(st.integers(3, 9))
        return f"{ten[:place]}{draw(st.sampled_from('OISZ'))}{ten[place + 1 :]}{right}"
    if kind == "filer":
        return f"000{ten[3:]}{entry_check_digit(f'000{ten[3:]}')}"
    if kind == "scientific":
        return f"{draw(st.integers(1, 9))}.{draw(st.integers(0, 99999)):05d}E+10"
    if kind == "blank":
        return draw(st.sampled_from(["", " ", "\u00a0", '=""', "-"]))
    return ten if kind == "short" else f"{ten}{right}{draw(st.integers(0, 9))}"


def tariff_lines(numbers: Sequence[str] | None = None) -> st.SearchStrategy[TariffLine]:
    """Tariff rows on any of `numbers`, whatever fits together or not: value and duty known, zero, below zero, blank.

    Without `numbers`, the IEEPA headings of most entries, their look-alikes and ordinary numbers;
    `any_tariff_numbers()` are all there are.
    """
    return st.builds(
        TariffLine,
        st.sampled_from(_USUAL_NUMBERS if numbers is None else tuple(numbers)),
        st.one_of(st.none(), dollars()),
        st.one_of(st.none(), st.just(Decimal("0.00")), dollars(), dollars(100).map(lambda amount: -amount)),
    )


@st.composite
def entry_lines(draw: st.DrawFn, number: int = 1, numbers: Sequence[str] | None = None) -> EntryLine:
    """A line with one to five rows of `tariff_lines(numbers)`, of any origin: rarely one that could be filed.

    For lines that could, see `filed_lines`.
    """
    return EntryLine(
        number,
        draw(st.sampled_from(ORIGINS)),
        draw(st.lists(tariff_lines(numbers), min_size=1, max_size=5)),
        special_program=draw(st.sampled_from([None, "S", "KR"])),
    )
