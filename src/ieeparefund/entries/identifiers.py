"""Importer numbers and their masked form for anything that is printed.

An importer number is an IRS number `NN-NNNNNNNXX`, a social security number `NNN-NN-NNNN` or a number CBP
assigned `YYDDPP-NNNNN` (19 CFR 24.5). A social security number is personal data and is masked whole.
"""

from __future__ import annotations

import re

__all__ = ["mask_importer"]

_SSN = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}")
_SHOWN = 4


def mask_importer(number: str | None) -> str | None:
    """Return an importer number with all but its last four characters masked; dashes stay.

    A number of the shape of a social security number, and any number of four characters or fewer, is masked
    whole. `None` stays `None`.

    >>> mask_importer("75-419312501"), mask_importer("123-45-6789")
    ('**-*****2501', '***-**-****')
    """
    if number is None:
        return None
    text = number.strip()
    shown = 0 if _SSN.fullmatch(text) or len(text) <= _SHOWN else _SHOWN
    cut = len(text) - shown
    return re.sub(r"[^-]", "*", text[:cut]) + text[cut:]
