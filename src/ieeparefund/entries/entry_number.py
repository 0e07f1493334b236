"""Entry numbers: filer code, seven digits, check digit (19 CFR 142.3a; CATAIR appendix E)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ieeparefund.entries.identifiers import has_importer_dashes, mask_entry_number
from ieeparefund.errors import EntryNumberError, brief

__all__ = ["EntryNumber", "entry_check_digit"]

# 19 CFR 142.3a(b): NNN from 001, or one or two letters in the places the regulation lists; no all-letter limit.
_COMPACT = re.compile(r"(?!000)[0-9A-Z]{3}[0-9]{8}")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d*)?[Ee][+-]?\d+")
_WRAPPED = re.compile(r'="?([^"]*)"?')
# Blanks and marks that spreadsheets, mail and word processors put into numbers.
_NOISE = str.maketrans(
    "",
    "",
    " \t\r\n\u00a0\u2007\u2009\u200a\u202f\u200b\u200c\u200d\u2060\ufeff-\u2010\u2011\u2012\u2013\u2014\u2212",
)
_VALUES = {str(n): n for n in range(10)}
_VALUES |= {letter: index % 9 + 1 for index, letter in enumerate("ABCDEFGHIJKLMNOPQR")}
_VALUES |= {letter: index + 2 for index, letter in enumerate("STUVWXYZ")}
_DOUBLED = {character: value * 2 - 9 if value > 4 else value * 2 for character, value in _VALUES.items()}


def entry_check_digit(first_ten: str) -> int:
    """Return the check digit for the filer code and seven digits of an entry number.

    Letters count A-I and J-R as 1-9 and S-Z as 2-9; every second character is doubled and the digits of the
    products are added; the check digit brings the sum to a multiple of ten.

    >>> entry_check_digit("MYK2810374"), entry_check_digit("ABC1234567")
    (2, 6)
    """
    plain = sum(map(_VALUES.__getitem__, first_ten[::2]))
    return -(plain + sum(map(_DOUBLED.__getitem__, first_ten[1::2]))) % 10


@dataclass(frozen=True, slots=True, order=True)
class EntryNumber:
    """An entry number, kept as eleven characters. Make one with `EntryNumber.parse`.

    `str()` gives the dashed form `ABC-1234567-6` used on Form 7501; `compact` the eleven characters of the
    CAPE upload file.
    """

    compact: str

    def __post_init__(self) -> None:
        if not _COMPACT.fullmatch(self.compact):
            raise EntryNumberError(
                f"entry number {mask_entry_number(self.compact)!r} is not three letters or digits and eight digits.",
                remedy="Use EntryNumber.parse for other spellings.",
                value=mask_entry_number(self.compact),
            )

    @staticmethod
    def parse(text: str, check: bool = True, *, pad: bool = False) -> EntryNumber:
        """Return the entry number that `text` spells.

        Dashes of any kind, blanks, lower case, `="..."` and a leading apostrophe are removed. With `check`
        (the default) a wrong check digit is refused; with `check=False` it is let through and
        `check_digit_valid` tells. With `pad` a number of nine or ten digits that lost its leading zeros
        is filled up, but only if the check digit then holds (one false pass in ten).

        Raises `EntryNumberError` for scientific notation, whose digits are gone, for a number with the dashes of
        an importer number (`NN-NNNNNNNXX`, `YYDDPP-NNNNN`), and for any other text.

        >>> EntryNumber.parse("abc 1234567–6").compact
        'ABC12345676'
        """
        return _parse(text, check, pad)

    @property
    def filer_code(self) -> str:
        """The three characters of the filer (broker or self-filing importer)."""
        return self.compact[:3]

    @property
    def check_digit_valid(self) -> bool:
        """Whether the last digit is the check digit of the other ten."""
        return entry_check_digit(self.compact[:10]) == int(self.compact[10])

    def __str__(self) -> str:
        return f"{self.compact[:3]}-{self.compact[3:10]}-{self.compact[10]}"


def _unwrap(text: str) -> str:
    shown = text.strip().lstrip("\ufeff").strip()
    wrapped = _WRAPPED.fullmatch(shown)
    return (wrapped[1].strip() if wrapped else shown).lstrip("'\u2018\u2019")


@lru_cache(maxsize=4096)
def _parse(text: str, check: bool, pad: bool) -> EntryNumber:
    if not isinstance(text, str):
        raise EntryNumberError(
            f"entry number is {mask_entry_number(brief(text))}, a {type(text).__name__}: leading zeros may be lost.",
            remedy="Read the column as text.",
            value=mask_entry_number(brief(text)),
        )
    shown = _unwrap(text)
    bare = shown.translate(_NOISE)
    # Some letters become others in upper case, such as the dotless i: only ASCII may.
    bare = bare.upper() if bare.isascii() else bare
    if has_importer_dashes(shown):
        raise EntryNumberError(
            "the dashes are those of an importer number, not of an entry number.",
            remedy="Give the filer code, seven digits and the check digit, such as ABC-1234567-6.",
            value=mask_entry_number(text),
        )
    short = bare.isascii() and bare.isdigit() and len(bare) in (9, 10)
    # A dashed number shows its shape: what is missing there is a digit, not a leading zero.
    if pad and short and shown.strip().isdigit():
        bare = bare.zfill(11)
        if not _COMPACT.fullmatch(bare) or entry_check_digit(bare[:10]) != int(bare[10]):
            raise EntryNumberError(
                f"entry number {mask_entry_number(shown)!r} is short, and with leading zeros its check digit fails.",
                remedy="Take the number from the entry summary.",
                value=mask_entry_number(text),
            )
    if not _COMPACT.fullmatch(bare):
        # Looked at only now, since filer codes such as 12E make good numbers look like exponents.
        if _SCIENTIFIC.fullmatch(shown):
            raise EntryNumberError(
                f"entry number {shown!r} is in scientific notation: its digits are lost.",
                remedy="Export the report again and keep the column as text.",
                value=mask_entry_number(text),
            )
        raise EntryNumberError(
            f"entry number {mask_entry_number(shown)!r} is not three letters or digits and eight digits.",
            remedy="Leading zeros may be lost: read the column as text, or pass pad=True."
            if short
            else "Give the filer code, seven digits and the check digit, such as ABC-1234567-6.",
            value=mask_entry_number(text),
        )
    number = EntryNumber(bare)
    if check and not number.check_digit_valid:
        raise EntryNumberError(
            f"entry number {shown!r} ends in {bare[10]}, but its check digit is {entry_check_digit(bare[:10])}.",
            remedy="Compare it with the entry summary, or pass check=False to keep it.",
            value=mask_entry_number(text),
        )
    return number
