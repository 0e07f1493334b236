"""Layouts of the records of an entry summary query answer (ABI application ER), and the reading of one.

Records have 80 columns, counted from 1. Source: CBP, ACE ABI CATAIR, Entry Summary Query and Entry Summary
Create/Update, as restated from version 26 of May 2026 (citation `abi-catair-er`); secondary throughout, no
genuine transmission is public. Fields marked *inferred* in `note` are read with a meaning the restatement
does not spell out. Only the fields the package uses are laid out; the rest of a record is left alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from ieeparefund.entries.identifiers import mask_cell
from ieeparefund.errors import InputError

__all__ = [
    "RECORDS",
    "RECORD_LENGTH",
    "Field",
    "FieldKind",
    "Value",
    "parse_abi_date",
    "parse_record",
    "shown_record",
]

RECORD_LENGTH = 80

Value: TypeAlias = str | int | dt.date | None
"""What a field holds: text, a whole number (cents or units), a date, or `None` where it is blank."""

# Two-digit years: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069. ACE holds nothing older.
CENTURY_PIVOT = 70


class FieldKind(StrEnum):
    """How the characters of a field are read."""

    TEXT = "text"
    NUMBER = "number"
    CENTS = "cents"
    DATE = "date"
    LONG_DATE = "long date"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record. `start` and `end` are columns from 1, both inclusive.

    `CENTS` are whole cents (two implied decimals, a leading minus allowed); `DATE` is MMDDYY; `LONG_DATE` is
    MMDDYYYY or YYYYMMDD, or MMDDYY followed by blanks.
    """

    name: str
    start: int
    end: int
    kind: FieldKind = FieldKind.TEXT
    note: str = ""

    @property
    def columns(self) -> str:
        """The columns as text, such as `44-49`."""
        return str(self.start) if self.start == self.end else f"{self.start}-{self.end}"


_N, _C, _D, _L = FieldKind.NUMBER, FieldKind.CENTS, FieldKind.DATE, FieldKind.LONG_DATE

RECORDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "JB": (
            Field("filer code", 3, 5),
            Field("entry number", 8, 15),
            Field("version", 16, 20),
            Field("PSC flag", 35, 35, note="values inferred: Y or N"),
            Field("PSC date", 36, 41, _D),
            Field("liquidation status", 43, 43, note="2 liquidated; 1 unliquidated inferred; 3 not stated"),
            Field("liquidation date", 44, 49, _D),
        ),
        "JC": (
            Field("control status", 3, 3, note="1 trade, 2 CBP, 3 inactive"),
            Field("summary status", 4, 4, note="1 accepted, 2 rejected, 3 cancelled"),
            Field(
                "collection status",
                20,
                20,
                note="0 unpaid, 1 partial, 2 paid, 3 free, 5 drawback, 6 authorised",
            ),
            Field("collection date", 21, 26, _D),
            Field("extension or suspension date", 28, 33, _D),
            Field("protest", 42, 43, note="YS or NO"),
            Field("FTA reconciliation", 45, 47, note="values inferred: Y or N first"),
            Field("FTA reconciliation due", 50, 57, _L, note="form inferred"),
            Field("other reconciliation", 58, 60, note="values inferred: Y or N first"),
            Field("other reconciliation due", 63, 70, _L, note="form inferred"),
            Field("hold code 1", 71, 72),
            Field("hold code 2", 73, 74),
            Field("hold code 3", 75, 76),
            Field("hold code 4", 77, 78),
        ),
        "JD": (
            Field("entry date", 4, 9, _D),
            Field("liquidated duty", 10, 21, _C),
            Field("liquidated interest", 46, 57, _C),
            Field("liquidation reason 1", 70, 71),
            Field("liquidation reason 2", 72, 73),
            Field("liquidation reason 3", 74, 75),
        ),
        "JE": (),
        "JF": (
            Field("importer", 3, 14),
            Field("entry type", 15, 16),
            Field("filing date", 29, 34, _D, note="taken as the entry summary date: inferred"),
        ),
        "JG": (Field("line count", 16, 18, _N),),
        "JH": (Field("4811 party", 3, 14),),
        "JJ": (
            Field("protest number", 3, 14),
            Field("protest status", 16, 17, note="OP AP DN SP WD; NP, PD and UT are read by rule"),
            Field("decision date", 18, 23, _D),
        ),
        "JK": (
            Field("bill number", 3, 13),
            Field("bill date", 14, 19, _D),
            Field(
                "bill collection", 21, 22, note="01 unpaid, 04 paid, 05 partial, 06 cancelled, 09 written off"
            ),
            Field("bill total", 23, 33, _C, note="cents inferred"),
            Field("bill paid", 34, 44, _C, note="cents inferred"),
        ),
        "JL": (
            Field("collection date", 3, 8, _D),
            Field("collected", 9, 19, _C, note="cents inferred"),
        ),
        "JM": (),
        "4A": (Field("line number", 3, 7, _N),),
        "50": (
            Field("tariff number", 3, 12),
            Field("duty", 14, 23, _C),
            Field("value", 25, 34, _N, note="whole dollars"),
        ),
        "90": (Field("total duty", 3, 13, _C, note="cents inferred"),),
    }
)
"""The fields read from each record, by its two-character control identifier; empty = accepted, not read."""

_NUMBER = re.compile(r"[0-9]+")
_CENTS = re.compile(r"-?[0-9]+")
_REMEDY = "Ask ACE again, or correct the record in the file."


def _bad(record: str, field: Field, shown: str, what: str) -> InputError:
    return InputError(
        f"{record} {field.name} is {mask_cell(shown)!r}, {what}.",
        remedy=_REMEDY,
        column=f"{record} {field.columns} {field.name}",
        value=mask_cell(shown),
    )


def parse_abi_date(text: str) -> dt.date | None:
    """Return the date MMDDYY, MMDDYYYY or YYYYMMDD that `text` spells; blank or all zeros is `None`.

    Two-digit years 70 to 99 belong to the twentieth century, 00 to 69 to this one. Raises `ValueError`.
    """
    shown = text.strip()
    if not shown.strip("0"):
        return None
    if not (shown.isascii() and shown.isdigit()):
        raise ValueError(shown)
    if len(shown) == 6:
        short = int(shown[4:])
        return dt.date(short + (1900 if short >= CENTURY_PIVOT else 2000), int(shown[:2]), int(shown[2:4]))
    if len(shown) == 8:
        # No month is 19 or 20, so the two forms cannot be taken for each other.
        if shown[:2] not in ("19", "20"):
            shown = shown[4:] + shown[:4]
        if shown[:2] in ("19", "20"):
            return dt.date(int(shown[:4]), int(shown[4:6]), int(shown[6:]))
    raise ValueError(shown)


def _value(record: str, field: Field, raw: str) -> Value:
    shown = raw.strip()
    if field.kind is FieldKind.TEXT or not shown:
        return shown or None
    if field.kind is FieldKind.NUMBER:
        if _NUMBER.fullmatch(shown):
            return int(shown)
        raise _bad(record, field, raw, "not a whole number")
    if field.kind is FieldKind.CENTS:
        if _CENTS.fullmatch(shown):
            return int(shown)
        raise _bad(record, field, raw, "not an amount in cents")
    try:
        return parse_abi_date(raw)
    except ValueError:
        form = "MMDDYY" if field.kind is FieldKind.DATE else "MMDDYYYY"
        raise _bad(record, field, raw, f"not a date {form}") from None


def shown_record(text: str) -> str:
    """Return a record as a message shows it, at most 60 columns; of JF and JH, which name parties, two."""
    return text[:2] if text[:2] in ("JF", "JH") else text[:60].rstrip()


def parse_record(text: str) -> dict[str, Value]:
    """Return the fields of one record by name, blank ones as `None`.

    `text` is the record as sent; blanks cut off its end are put back. Raises `InputError`, naming the field
    and its columns, for a record of more than 80 columns and for a field that is not of its kind. A record
    whose identifier is not in `RECORDS` has no fields.

    >>> parse_record("4A00001")
    {'line number': 1}
    """
    record = text[:2]
    if len(text.rstrip()) > RECORD_LENGTH:
        raise InputError(
            f"record {record} has {len(text.rstrip())} columns, more than {RECORD_LENGTH}.",
            remedy="One record a line: look for a lost line end.",
            column=record,
            value=shown_record(text),
        )
    return {
        field.name: _value(record, field, text[field.start - 1 : field.end])
        for field in RECORDS.get(record, ())
    }
