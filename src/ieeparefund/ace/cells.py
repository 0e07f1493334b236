"""Cells to values: dates, money, identifiers and flags, by fixed forms. What fits no form is an error.

Every parser returns the value and the kinds of repair the cell needed (mostly none). Text from CSV stays
text: a number is a spreadsheet serial only where a workbook's cell was a number.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from ieeparefund.ace.cell_text import LONGEST, CellError, check_plain, clean, quoted, short
from ieeparefund.entries.codes import EntryType
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.entries.identifiers import mask_cell
from ieeparefund.entries.trusted import trusted_entry_number
from ieeparefund.errors import InputError
from ieeparefund.money import LARGEST_DOLLARS, ZERO, from_cents
from ieeparefund.problems import NoteKind, RepairKind

__all__ = [
    "Amount",
    "CellError",
    "Kinds",
    "Memo",
    "clean",
    "parse_amount",
    "parse_code",
    "parse_count",
    "parse_date",
    "parse_entry_number",
    "parse_entry_type",
    "parse_flag",
    "parse_line_number",
    "parse_name",
    "parse_rate",
    "parse_tariff_number",
    "parse_text",
    "plain_amount",
    "quoted",
]

Kinds: TypeAlias = tuple[RepairKind | NoteKind, ...]
Amount: TypeAlias = tuple[Decimal | None, Kinds]
"""Dollars with two places, `None` where blank, and the repairs."""

_T = TypeVar("_T")
_DASHES = re.compile("[-\u2010-\u2014\u2212]")
_WRAPPING = re.compile("[=\"'\u2018\u2019]")
_BLANK = re.compile("[\\s\ufeff\u200b\u200c\u200d\u2060]")
_COMPACT = re.compile(r"(?!000)[0-9A-Z]{3}[0-9]{8}")
_AMOUNT = re.compile(
    r"(?P<before>[-$( ]*)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]*))?(?P<after>[-) ]*)"
)
# What may stand before and after the digits, blanks apart, and whether it makes the amount negative.
_SIGNS = dict.fromkeys([("", ""), ("$", "")], False) | dict.fromkeys(
    [("-", ""), ("-$", ""), ("$-", ""), ("", "-"), ("$", "-"), ("(", ")"), ("($", ")"), ("$(", ")")], True
)
_TIME = r"(?:[ T]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?))?"
_MONTH_FIRST = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4}|[0-9]{2})" + _TIME)
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<mark>[-/])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})" + _TIME
)
_MIDNIGHT = re.compile(r"(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00(?:\.0+)?)? ?[Aa].*)")
_COUNT = re.compile(r"0*([1-9][0-9]{0,5})(\.0+)?")
_RATE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) ?%")
# 1899-12-30 makes serial 61 be 1900-03-01; the bounds are 2000-01-01 and 2099-12-31.
_SERIAL_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(36526, 73051)
# A formula on a blank cell shows days of early 1900; ACE holds nothing as old, nor anything past 2099.
_YEARS = range(1970, 2100)
_CENTURY_PIVOT = 70
# Short enough to lie below the largest amount.
_PLAIN_LENGTH = 12
_FLOAT_TOLERANCE = 1e-6
_FLAGS = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False, "": None}


class Memo(dict[Any, _T]):
    """Values by cell, worked out once for the first `limit` different cells, and each time for all others.

    A cell whose parser raises is not kept.
    """

    __slots__ = ("limit", "parse")

    def __init__(self, parse: Callable[[Any], _T], limit: int) -> None:
        super().__init__()
        self.parse = parse
        self.limit = limit

    def __missing__(self, cell: Any) -> _T:
        value = self.parse(cell)
        if len(self) < self.limit:
            self[cell] = value
        return value


def _trimmed(cell: object, text: str) -> Kinds:
    if not isinstance(cell, str) or cell == text:
        return ()
    return (RepairKind.UNWRAPPED if _WRAPPING.search(cell) else RepairKind.BLANKS,)


def parse_text(cell: object) -> tuple[str | None, Kinds]:
    """Return text, `None` where blank. A number cell becomes its digits, as a repair."""
    text = clean(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return text, (RepairKind.NUMBER_CELL,)
    return text or None, _trimmed(cell, text) if text else ()


def parse_name(cell: object) -> tuple[str | None, Kinds]:
    """Return a number or name that tells parties apart, as text; `None` where blank.

    Refused are characters nobody sees within it, such as a zero-width blank or a change of direction, and digits
    of other scripts: two numbers that look the same must not be two, nor two that differ become one.
    """
    text, kinds = parse_text(cell)
    if text is not None:
        check_plain(cell, text)
    return text, kinds


def parse_code(cell: object) -> tuple[str | None, Kinds]:
    """Return a code such as a country in upper case, `None` where blank."""
    text, kinds = parse_text(cell)
    if text is not None and not short(text).isascii():
        raise CellError("is no code: codes have letters A to Z and digits 0 to 9.", "Give the code of ACE.")
    return (text.upper() if text else None), kinds


def parse_entry_number(cell: object) -> tuple[EntryNumber | None, Kinds]:
    """Return the entry number, `None` where blank.

    Lost zeros are restored only if the check digit then holds. A wrong check digit on a full number is a note,
    never a refusal. In a number cell it must hold, since a filer code such as 12E makes it another number.
    """
    # Fast path: the eleven characters as ACE writes them.
    if isinstance(cell, str) and _COMPACT.fullmatch(cell):
        number = trusted_entry_number(cell)
        return number, () if number.check_digit_valid else (NoteKind.CHECK_DIGIT,)
    text = short(clean(cell))
    if not text:
        return None, ()
    numeric = not isinstance(cell, str)
    remedy = "Take the number from the entry summary, and keep the column as text."
    try:
        number = EntryNumber.parse(text, check=False, pad=True)
    except InputError as error:
        raise CellError(error.problem, remedy) from None
    valid = number.check_digit_valid
    if numeric and not valid:
        raise CellError("the number in a number cell fails the check digit: digits are lost.", remedy)
    raw = str(cell)
    kinds: list[RepairKind | NoteKind] = [
        kind
        for kind, found in (
            (RepairKind.UNWRAPPED, _WRAPPING.search(raw)),
            (RepairKind.DASHES, _DASHES.search(raw)),
            (RepairKind.BLANKS, _BLANK.search(raw)),
            (RepairKind.UPPER_CASE, raw.upper() != raw),
            (RepairKind.ZEROS, sum(map(str.isalnum, raw)) < len(number.compact)),
        )
        if found
    ]
    if numeric:
        kinds.append(RepairKind.NUMBER_CELL)
    elif not valid:
        kinds.append(NoteKind.CHECK_DIGIT)
    return number, tuple(kinds)


def parse_entry_type(cell: object) -> tuple[EntryType, Kinds]:
    """Return the entry type by its code of two digits; `1` is `01`."""
    text = short(clean(cell))
    try:
        kind = EntryType(text.zfill(2))
    except ValueError:
        raise CellError(
            f"{quoted(text)} is no CBP entry type." if text else "is blank.",
            "Give the two-digit code, such as 01 or 11.",
        ) from None
    return kind, _trimmed(cell, text) if len(text) > 1 else (RepairKind.ZEROS,)


def parse_tariff_number(cell: object) -> tuple[str, Kinds]:
    """Return the number in its one spelling; the forms of `normalise_tariff_number`."""
    text = short(clean(cell))
    if not text:
        raise CellError("is blank.", "Give the HTS number of the row.")
    if isinstance(cell, dt.date):
        raise CellError(f"the date {text} is no tariff number.", "Format the column as text.")
    try:
        number = normalise_tariff_number(text)
    except InputError as error:
        raise CellError(error.problem, error.remedy) from None
    kinds = _trimmed(cell, text)
    if text.endswith(".0"):
        kinds += (RepairKind.WHOLE_NUMBER,)
    given = len(text.removesuffix(".0").replace(".", "").replace("-", "").replace(" ", ""))
    kept = len(number.replace(".", "").replace("-", ""))
    if given < kept:
        kinds += (RepairKind.ZEROS,)
    elif given > kept:
        kinds += (RepairKind.SUFFIX,)
    return number, kinds


def parse_count(cell: object) -> tuple[int | None, Kinds]:
    """Return a whole number from 1 such as a line number, `None` where blank; `001` and `1.0` are 1."""
    text = short(clean(cell))
    if not text:
        return None, ()
    found = _COUNT.fullmatch(text)
    if not found:
        raise CellError(f"{quoted(text)} is not a whole number from 1.", "Give the number as in the report.")
    return int(found[1]), _trimmed(cell, text) + ((RepairKind.WHOLE_NUMBER,) if found[2] else ())


def parse_line_number(cell: object) -> tuple[int, Kinds]:
    """Return a line number, as `parse_count` does; a blank is refused."""
    number, kinds = parse_count(cell)
    if number is None:
        raise CellError("is blank.", "Give the line number in every row.")
    return number, kinds


def parse_date(cell: object) -> tuple[dt.date | None, Kinds]:
    """Return a date, `None` where blank: MM/DD/YYYY, MM/DD/YY, YYYY-MM-DD or YYYY/MM/DD, also with a time.

    The month goes first. A serial number counts only in a number cell, from 2000 to 2099. Days of early 1900,
    which a formula on a blank cell shows, and all outside 1970 to 2099 are refused.
    """
    kinds: Kinds = ()
    if isinstance(cell, dt.datetime):
        day = cell.date()
        kinds = () if cell.time() == dt.time() else (RepairKind.TIME_OF_DAY,)
    elif isinstance(cell, dt.date):
        day = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        # math.floor refuses NaN and infinity, which the comparison keeps away from it.
        if not _SERIALS.start <= cell < _SERIALS.stop:
            shown = mask_cell(str(cell))
            raise CellError(f"the number {shown} is no date.", "Format the column as dates, month first.")
        day = _SERIAL_ZERO + dt.timedelta(math.floor(cell))
        kinds = (RepairKind.SERIAL_DATE,)
    else:
        text = short(clean(cell))
        if not text:
            return None, ()
        day, kinds = _written_date(text)
        kinds = _trimmed(cell, text) + kinds
    if day.year not in _YEARS:
        raise CellError(
            f"the date {day} is no date of an entry; a formula on a blank cell shows such days."
            if day.year == 1900
            else f"the date {day} lies outside {_YEARS.start} to {_YEARS.stop - 1}.",
            "Leave the cell blank where there is no date, or correct it.",
        )
    return day, kinds


def _written_date(text: str) -> tuple[dt.date, Kinds]:
    found = _MONTH_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if not found:
        raise CellError(
            f"{quoted(text)} is not a date in a known form.", "Write MM/DD/YYYY (month first) or YYYY-MM-DD."
        )
    kinds: Kinds = ()
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= _CENTURY_PIVOT else 2000
        kinds = (RepairKind.TWO_DIGIT_YEAR,)
    if found["time"] and not _MIDNIGHT.fullmatch(found["time"]):
        kinds += (RepairKind.TIME_OF_DAY,)
    try:
        return dt.date(year, int(found["month"]), int(found["day"])), kinds
    except ValueError:
        raise CellError(
            f"{quoted(text)} is no day of the calendar; the month goes first.",
            "Write MM/DD/YYYY or YYYY-MM-DD, or leave the cell blank where there is no date.",
        ) from None


def plain_amount(cell: object) -> Decimal | None:
    """Return the dollars of a cell in the plain forms `1234` and `1234.50`, `None` for any other cell.

    These are the forms nearly all amounts have; `parse_amount` returns the same for them.
    """
    if isinstance(cell, str) and len(cell) <= _PLAIN_LENGTH:
        if cell in ("0", "0.00"):
            return ZERO
        # What is left between the outer digits tells the form: nothing, or one point before two of them.
        inner = cell.strip("0123456789")
        if inner == ".":
            if cell[-3:-2] == ".":
                return Decimal(cell)
        elif not inner and cell:
            return Decimal(cell + ".00")
    return None


def parse_amount(cell: object) -> Amount:
    """Return dollars: `1234.5`, `$1,234.50`, `(12.50)`, `-12.50`, `12.50-`, `FREE` (0); `None` where blank.

    A number cell is taken to cents within 0.000001. Part cents, NaN, infinity and any other form are refused.
    """
    if not isinstance(cell, str):
        return _number_amount(cell)
    text = short(clean(cell))
    if not text:
        return None, ()
    kinds = _trimmed(cell, text)
    if text.upper() == "FREE":
        return ZERO, (*kinds, RepairKind.FREE)
    found = _AMOUNT.fullmatch(text)
    negative = None
    if found and (found["whole"] or found["part"]):
        negative = _SIGNS.get((found["before"].replace(" ", ""), found["after"].replace(" ", "")))
    if not found or negative is None:
        raise CellError(
            f"{quoted(text)} is not an amount in a known form.",
            "Write dollars such as 1234.50, $1,234.50, (12.50) or -12.50.",
        )
    part = found["part"] or ""
    if part[2:].strip("0"):
        raise CellError(f"{quoted(text)} has part cents.", "Give dollars with two places.")
    cents = int(found["whole"].replace(",", "") + f"{part:0<2}"[:2])
    return _amount(-cents if negative else cents, kinds)


def _number_amount(value: object) -> Amount:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise CellError(f"{mask_cell(str(value))} is not an amount.", "Give dollars with two places.")
    if abs(value) > LARGEST_DOLLARS:
        raise CellError("is more than 10^13 dollars.", "Check the amount.")
    cents = round(value * 100)
    if abs(value - cents / 100) > _FLOAT_TOLERANCE:
        raise CellError(f"{mask_cell(str(value))} has part cents.", "Give dollars with two places.")
    return _amount(cents, ())


def _amount(cents: int, kinds: Kinds) -> Amount:
    if abs(cents) > LARGEST_DOLLARS * 100:
        raise CellError("is more than 10^13 dollars.", "Check the amount.")
    return (from_cents(cents) if cents else ZERO), kinds


def parse_flag(cell: object) -> tuple[bool | None, Kinds]:
    """Return Y or N (yes, no, true, false in any case) as a flag, `None` where blank; a note for other words."""
    text = clean(cell)
    flag = _FLAGS.get(text.casefold())
    if flag is None and text:
        return None, (NoteKind.UNKNOWN_WORD,)
    return flag, ()


def parse_rate(cell: object) -> tuple[Column1Rate | None, Kinds]:
    """Return a column 1 rate written `Free` or in per cent, such as `2.5%`; `None`, with a note, for others.

    A bare number such as 0.025 or 2.5 may be a fraction or per cent and is not read.
    """
    text = clean(cell)
    if not text:
        return None, ()
    if text.upper() == "FREE":
        return Column1Rate(), ()
    found = _RATE.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        return None, (NoteKind.RATE_NOT_READ,)
    return Column1Rate(Decimal(found[1])), ()
