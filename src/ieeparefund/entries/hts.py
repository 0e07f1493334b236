"""Numbers that stand on a tariff row: HTSUS numbers, AD/CVD case numbers, fee class codes.

Source: HTSUS general statistical note 3 (8-digit legal text, 10-digit statistical numbers); the spellings are
those seen in ACE exports and broker systems.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ieeparefund.entries.identifiers import mask_tariff_number
from ieeparefund.errors import HtsNumberError, brief

__all__ = ["is_chapter_99", "normalise_tariff_number"]

_CASE = re.compile(r"([AC])-?([0-9]{3})-?([0-9]{3})(?:-?([0-9]{3}))?")
_CLASS = re.compile(r"[0-9]{3}")
_DIGITS = re.compile(r"[0-9]+")
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0")


@lru_cache(maxsize=65536)
def normalise_tariff_number(text: str) -> str:
    """Return the tariff number in its one spelling: `9903.01.25`, `8471.30.01.00`, `A-570-979`, `499`.

    Accepts digits with or without dots, blanks or dashes, a lost leading zero (7 or 9 digits), a whole float as
    spreadsheets write it (`99030125.0`), and chapter 99 numbers to which a system appended `00` (ten digits
    become eight). Raises `HtsNumberError` for anything else.

    >>> normalise_tariff_number("99030125"), normalise_tariff_number("9903.01.25.00")
    ('9903.01.25', '9903.01.25')
    """
    if not isinstance(text, str):
        raise HtsNumberError(
            f"tariff number is {mask_tariff_number(brief(text))}, a {type(text).__name__}.",
            remedy='Pass text such as "9903.01.25".',
        )
    bare = text.strip().upper()
    whole = _WHOLE_FLOAT.fullmatch(bare)
    digits = whole[1] if whole else bare.replace(".", "").replace(" ", "").replace("-", "")
    case = _CASE.fullmatch(bare)
    if case:
        return "-".join(part for part in case.groups() if part)
    if _CLASS.fullmatch(bare):
        return bare
    if _DIGITS.fullmatch(digits):
        # Only a bare number can have lost a zero; dots show where the digits belong.
        if len(digits) in (7, 9) and (whole or digits == bare):
            digits = "0" + digits
        if len(digits) == 10 and digits.startswith("99") and digits.endswith("00"):
            digits = digits[:8]
        if len(digits) in (8, 10):
            dotted = f"{digits[:4]}.{digits[4:6]}.{digits[6:8]}"
            return f"{dotted}.{digits[8:]}" if len(digits) == 10 else dotted
    raise HtsNumberError(
        f"tariff number {mask_tariff_number(text)!r} has neither 8 nor 10 digits.",
        remedy="Give the HTSUS number with or without dots, such as 9903.01.25 or 8471300100.",
        value=mask_tariff_number(text),
    )


def is_chapter_99(number: str) -> bool:
    """Return whether a normalised number belongs to HTSUS chapter 99."""
    return number.startswith("99") and len(number) > 3
