"""Masks for what is printed: importer numbers, and cells that may hold a number or a name in the wrong column.

An importer number is an IRS number `NN-NNNNNNNXX`, a social security number `NNN-NN-NNNN` or a number CBP
assigned `YYDDPP-NNNNN` (19 CFR 24.5). A social security number is personal data and is masked whole.
"""

from __future__ import annotations

import re

__all__ = [
    "has_importer_dashes",
    "mask_cell",
    "mask_entry_number",
    "mask_importer",
    "mask_reference",
    "mask_sentence",
    "mask_tariff_number",
]

_SHOWN = 4
# What is looked at of a cell, and what shows of it: a number that the first cuts lies beyond the second.
_LOOKED_AT, _LONGEST = 80, 60
_SSN_DIGITS = 9
_DASHED = r"[0-9]{2}-[0-9]{7}(?:[0-9A-Z]{2})?|[0-9]{6}-[0-9]{5}"
_SPELT = re.compile(rf"{_DASHED}|[0-9]{{9}}[0-9A-Z]{{2}}", re.I)
_BETWEEN = "[-.\\s\u2010-\u2015\u2212]"
# Behind a letter the dash may be the first of an entry number, which ends in a dash and its check digit.
_IN_TEXT = re.compile(
    rf"(?<![0-9])[0-9]{{3}}{_BETWEEN}[0-9]{{2}}{_BETWEEN}[0-9]{{4}}(?![0-9])"
    rf"|(?<![0-9A-Z])(?:{_DASHED})(?![0-9A-Z])|(?<![0-9])(?:{_DASHED})(?![0-9A-Z]|-[0-9](?![0-9A-Z]))",
    re.I,
)
_NINE_ALONE = re.compile(r"(?<![0-9A-Z.,/\\])[0-9]{9}(?![0-9A-Z]|[.,/\\][0-9A-Z])", re.I)
_DASHED_ONLY = re.compile(rf"[0-9]{{3}}-[0-9]{{2}}-[0-9]{{4}}|{_DASHED}", re.I)
_TOKEN = re.compile(r"[0-9A-Z]+", re.I)
_LONG_RUN = re.compile(r"[0-9]{9,}")
_NUMBER = re.compile(r"[0-9]{5,}")
_WORD = re.compile(r"[^\W\d_]+")
_ENTRY_NUMBER = re.compile(r"[0-9A-Z]{3}[0-9]{8}", re.I)
_TARIFF_NUMBER = re.compile(r"[0-9]{10}")
# Codes have up to three letters in a row, beside digits.
_CODE_LETTERS = 3
# Words of spreadsheets and of the columns that are read; nobody's name.
_PLAIN = frozenset(
    re.findall(
        r"\w+",
        "free none null nan inf infinity na tbd unknown usd yes no true false total open blank date error value am"
        " pm jan feb mar apr jun jul aug sep sept oct nov dec january february march june july august september"
        " october november december",
    )
)


def mask_importer(number: str | None) -> str | None:
    """Return an importer number with all but its last four characters masked; dashes stay.

    The four show only where the text has the form of an IRS number with its dash or suffix, or of one CBP
    assigned. A social security number, also one filled up with zeros, nine digits without a dash, a name and
    any other text are masked whole. `None` stays `None`.

    >>> mask_importer("75-419312501"), mask_importer("123-45-6789"), mask_importer("123456789")
    ('**-*****2501', '***-**-****', '*********')
    """
    if number is None:
        return None
    text = number.strip()
    return _tail(text) if _SPELT.fullmatch(text) else _whole(text)


def has_importer_dashes(text: str) -> bool:
    """Return whether text has the dashes of an importer number, which are no dashes of an entry number.

    >>> has_importer_dashes("75-419312501"), has_importer_dashes("ABC-1234567-6")
    (True, False)
    """
    return _DASHED_ONLY.fullmatch(text.strip()) is not None


def mask_cell(text: str) -> str:
    """Return a cell that does not fit its column as it may be printed, at most sixty characters of it.

    Importer numbers known by their dashes are masked as by `mask_importer`; of nine digits in a row at most
    the last four show; words of four letters or more are masked, of three where there is no digit.

    >>> mask_cell("02/30/2025"), mask_cell("Jane Doe"), mask_cell("75419312501")
    ('02/30/2025', '**** ***', '*******2501')
    """
    return _masked(text, None)


def mask_entry_number(text: str) -> str:
    """Return text meant as an entry number as `mask_cell` does, but eleven characters of its form are let be.

    >>> mask_entry_number("12E-1121865-9"), mask_entry_number("75419312501"), mask_entry_number("123-45-6789")
    ('12E-1121865-9', '75419312501', '***-**-****')
    """
    return _masked(text, _ENTRY_NUMBER)


def mask_tariff_number(text: str) -> str:
    """Return text meant as a tariff number as `mask_cell` does, but ten digits are let be.

    >>> mask_tariff_number("8471300100"), mask_tariff_number("75419312501")
    ('8471300100', '*******2501')
    """
    return _masked(text, _TARIFF_NUMBER)


def mask_reference(text: str | None) -> str | None:
    """Return what a bank prints beside a payment without its words; of five digits or more the last four show.

    >>> mask_reference("ACH CREDIT JANE DOE 036000012345678")
    '*** ****** **** *** ***********5678'
    """
    if text is None:
        return None
    return _WORD.sub(
        lambda found: _whole(found[0]), _NUMBER.sub(lambda found: _tail(found[0]), _mask_dashed(text))
    )


def mask_sentence(text: str) -> str:
    """Return a sentence for people with the importer numbers in it masked; its words stay.

    >>> mask_sentence("payee is '123-45-6789'.")
    "payee is '***-**-****'."
    """
    return _NINE_ALONE.sub(lambda found: _whole(found[0]), _mask_dashed(text))


def _whole(text: str) -> str:
    return re.sub(r"[^-]", "*", text)


def _tail(number: str) -> str:
    """Mask all but the last four, and those too where zeros before it may have filled up nine digits."""
    if number.isdigit() and len(number.lstrip("0")) <= _SSN_DIGITS:
        return _whole(number)
    return _whole(number[:-_SHOWN]) + number[-_SHOWN:]


def _masked(text: str, code: re.Pattern[str] | None) -> str:
    def masked_token(found: re.Match[str]) -> str:
        if code is not None and code.fullmatch(found[0]):
            return found[0]
        return _LONG_RUN.sub(lambda run: _tail(run[0]), found[0])

    shown = _mask_words(_TOKEN.sub(masked_token, _mask_dashed(text[:_LOOKED_AT])))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _mask_dashed(text: str) -> str:
    return _IN_TEXT.sub(lambda found: str(mask_importer(found[0])), text)


def _mask_words(text: str) -> str:
    least = _CODE_LETTERS if any(map(str.isdigit, text)) else _CODE_LETTERS - 1
    return _WORD.sub(
        lambda found: (
            found[0] if len(found[0]) <= least or found[0].casefold() in _PLAIN else _whole(found[0])
        ),
        text,
    )
