"""Which law a duty rests on, told from the tariff number it is reported under.

Only HTSUS 9903.01 and 9903.02 are IEEPA. Many other chapter 99 headings look like them;
`tables/look_alikes.csv` lists them by range with their authority.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import FieldError
from ieeparefund.law.citations import Standing, table_text
from ieeparefund.law.once import once

__all__ = ["Authority", "LookAlike", "authority", "is_ieepa_number", "look_alike", "look_alikes"]

_IEEPA = re.compile(r"9903\.0[12]\.\d\d")
# Chapter 98 is a special way of entering goods at ordinary rates, so it stands with chapters 1 to 97.
_CHAPTER_99 = "99"
_CLASS_CODE_LENGTH = 3


class Authority(StrEnum):
    """The law a tariff number's duty rests on.

    `OTHER` is every other chapter 99 provision and the fee class codes, also a 9903 number this table does
    not know; `NONE` is the ordinary duty of chapters 1 to 97 and of chapter 98.
    """

    IEEPA = "ieepa"
    SECTION_122 = "section_122"
    SECTION_201 = "section_201"
    SECTION_232 = "section_232"
    SECTION_301 = "section_301"
    AD_CVD = "ad_cvd"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A range of headings or codes that is not IEEPA and must never count.

    `spans` are first and last eight-digit numbers, both inclusive (none for case numbers and class codes);
    `mirrors_ieepa` marks the ranges that copy the wording, countries or all-in pairs of the IEEPA headings.
    """

    heading_range: str
    name: str
    authority: Authority
    rate_and_dates: str
    note: str
    confidence: str
    spans: tuple[tuple[str, str], ...]
    mirrors_ieepa: bool

    @property
    def standing(self) -> Standing:
        """How firmly the row is known: `primary` sources are published, `secondary` ones inferred."""
        return Standing.PUBLISHED if self.confidence == "primary" else Standing.INFERRED


@once
def look_alikes() -> tuple[LookAlike, ...]:
    """Return every row of `look_alikes.csv`, in its order."""
    rows = csv.DictReader(table_text("look_alikes.csv").splitlines())
    return tuple(
        LookAlike(
            row["heading_range"],
            row["authority"],
            Authority(row["authority_code"]),
            row["rate_and_dates"],
            row["note"],
            row["confidence"],
            tuple((span[:8], span[9:]) for span in row["spans"].split("|") if span),
            row["mirrors_ieepa"] == "yes",
        )
        for row in rows
    )


@lru_cache(maxsize=65536)
def look_alike(number: str) -> LookAlike | None:
    """Return the row of `look_alikes` whose range holds a chapter 99 number, `None` where none does.

    Raises `HtsNumberError` for text that is no tariff number.
    """
    digits = normalise_tariff_number(number).replace(".", "")[:8]
    for row in look_alikes():
        for first, last in row.spans:
            if first <= digits <= last:
                return row
    return None


@lru_cache(maxsize=65536)
def is_ieepa_number(number: str) -> bool:
    """Return whether a number lies in HTSUS 9903.01 or 9903.02, whether or not it ever had a rate line."""
    return _IEEPA.match(normalise_tariff_number(number)) is not None


@lru_cache(maxsize=65536)
def _authority(number: str) -> Authority:
    known = normalise_tariff_number(number)
    if known.startswith(("A", "C")):
        return Authority.AD_CVD
    if len(known) == _CLASS_CODE_LENGTH:
        return Authority.OTHER
    if not known.startswith(_CHAPTER_99):
        return Authority.NONE
    if _IEEPA.match(known):
        return Authority.IEEPA
    row = look_alike(known)
    return row.authority if row is not None else Authority.OTHER


def authority(number: str, on: dt.date | None = None) -> Authority:
    """Return the law the duty under `number` rests on.

    Total on every number of 8 or 10 digits with or without dots, on AD/CVD case numbers (`A-570-979`) and on
    fee class codes (`499`); other text raises `HtsNumberError`. Every number of 9903.01 and 9903.02 is IEEPA,
    also one that never had a rate line (9903.01.35): duty reported there is an error, but an error made in
    the IEEPA range. 9903.96.01 and .02 lift IEEPA duty and are not IEEPA themselves (`OTHER`).

    `on` is the entry date. No number has changed its authority since 2025-02-04, so it decides nothing today;
    pass it, and a number that is used again for another law will need no change in the calling code.
    Source: HTSUS chapter 99, subchapter III.

    >>> str(authority("9903.01.24")), str(authority("99030301")), str(authority("8471.30.01.00"))
    ('ieepa', 'section_122', 'none')
    """
    if on is not None and not isinstance(on, dt.date):
        raise FieldError(f"on is {on!r}, not a date.", remedy="Pass a datetime.date.", column="on")
    return _authority(number)
