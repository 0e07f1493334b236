"""Arrow columns to numpy arrays, strictly: a column of another kind is refused, nothing is rounded or guessed.

In the arrays a day is its number since 1970-01-01 and 0 where it is not known; a code is its place in a list of
members, counted from 1, and 0 where it is not known; a flag is 0 unknown, 1 true, 2 false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.ma
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from ieeparefund.columns.kernels import Array, words
from ieeparefund.columns.schema import LARGEST_CENTS, Column, ColumnError, Kind
from ieeparefund.entries.entry_number import EntryNumber

# numpy.ma is imported above for numpy's sake: np.unique would import it when first called, and a process forked by
# another thread at that moment would wait for the import for ever.

__all__ = [
    "Array",
    "Codes",
    "cents",
    "code_column",
    "counts",
    "days",
    "flags",
    "indices",
    "members",
    "numbers",
    "pc",
    "prepare",
    "rates",
    "valid",
]

# Its functions are made when it is loaded, so no type checker knows them.
pc: Any = pyarrow.compute

_LAST_DAY = 2932896  # 9999-12-31
_NUMBER_LENGTH = 11
_PLACES = 16  # per cent at 16 places are units of the 18th place of the fraction
_FILER = re.compile("(?!000)[0-9A-Z]{3}")
_HIGH, _THREES, _SIXES = (np.uint64(byte * 0x0101010101010101) for byte in (0xF0, 0x30, 0x06))
_EXPECTED = {
    Kind.NUMBER: "text",
    Kind.CODE: "text",
    Kind.DAY: "date32",
    Kind.FLAG: "bool",
    Kind.CENTS: "int64 cents",
    Kind.COUNT: "int32",
    Kind.RATE: "decimal128 per cent",
}


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def prepare(array: pa.Array, column: Column, *, restore_entry_type: bool = False) -> pa.Array:
    """Return the array in the column's Arrow type (codes as dictionaries). Raises `ColumnError`.

    Taken as they are meant: smaller whole numbers for cents and counts, days in date64 or in timestamps without
    zone at midnight, any text type, an all-null column of type null. Never: floats, zones, whole numbers for
    entry types unless `restore_entry_type` asks to put back the zero that was lost.
    """
    kind, found = column.kind, array.type
    refused = ColumnError(column.name, str(found), _EXPECTED[kind])
    if column.required and array.null_count and not column.blanks:
        raise ColumnError(column.name, f"{array.null_count} nulls", "a value in every row")
    if pa.types.is_null(found):
        return pa.nulls(len(array), column.field.type if kind is not Kind.CODE else pa.string()).cast(
            column.field.type
        )
    if kind is Kind.CODE:
        if pa.types.is_dictionary(found):
            if _is_text(found.value_type):
                return array
        elif _is_text(found):
            return array.cast(pa.string()).dictionary_encode()
        elif column.name == "entry_type" and pa.types.is_integer(found):
            if not restore_entry_type:
                raise ColumnError(
                    column.name,
                    str(found),
                    "text of two digits",
                    "A leading zero may be lost: pass restore_entry_type=True to put it back.",
                )
            return pc.utf8_lpad(array.cast(pa.string()), 2, "0").dictionary_encode()
    elif kind is Kind.NUMBER:
        if pa.types.is_dictionary(found) and _is_text(found.value_type):
            array = array.cast(found.value_type)
        if _is_text(array.type):
            return array.cast(pa.string())
    elif kind is Kind.DAY:
        return _as_days(array, column)
    elif kind is Kind.FLAG:
        if pa.types.is_boolean(found):
            return array
    elif kind is Kind.RATE:
        if pa.types.is_decimal(found):
            try:
                return array.cast(pa.decimal128(38, _PLACES))
            except pa.ArrowInvalid:
                raise ColumnError(column.name, str(found), f"at most {_PLACES} decimal places") from None
    elif pa.types.is_integer(found):
        try:
            return array.cast(column.field.type)
        except pa.ArrowInvalid:
            raise ColumnError(column.name, f"{found} beyond {column.field.type}", _EXPECTED[kind]) from None
    if pa.types.is_floating(found) and kind is Kind.CENTS:
        refused = ColumnError(
            column.name,
            str(found),
            "int64 cents",
            "A float cannot hold cents exactly: read the amounts as text or decimals and pass whole cents.",
        )
    raise refused


def _as_days(array: pa.Array, column: Column) -> pa.Array:
    found = array.type
    if pa.types.is_date32(found):
        return array
    if pa.types.is_timestamp(found) and found.tz is not None:
        raise ColumnError(
            column.name,
            str(found),
            "date32",
            "A moment in a time zone can be two dates: convert it to the date that is meant.",
        )
    if pa.types.is_date64(found) or pa.types.is_timestamp(found):
        whole = array.cast(pa.date32())
        if not pc.all(pc.equal(whole.cast(found), array), min_count=0).as_py():
            raise ColumnError(
                column.name, f"{found} with a time of day", "date32", "Drop the time of day first."
            )
        return whole
    raise ColumnError(column.name, str(found), "date32")


def valid(array: pa.Array) -> NDArray[np.bool_] | None:
    """Return which values are known, `None` where all are."""
    if not array.null_count:
        return None
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    first = array.offset
    unpacked = np.unpackbits(bits[first >> 3 : (first + len(array) + 7) >> 3], bitorder="little")
    return unpacked[first & 7 : (first & 7) + len(array)].view(np.bool_)


def _values(array: pa.Array, dtype: type[np.generic]) -> Array:
    """Return the values, zero where null."""
    known = valid(array)
    if not len(array):
        return np.zeros(0, dtype)
    raw: Array = np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]
    return raw if known is None else raw * known


def days(array: pa.Array, name: str) -> Array:
    """Return days as int32, 0 where not known. Days outside 1970-01-02 to 9999-12-31 are refused."""
    found = _values(array, np.int32)
    if len(found) and (found.min() < 0 or found.max() > _LAST_DAY or _epoch(array, found)):
        raise ColumnError(name, "a day outside 1970-01-02 to 9999-12-31", "days of that span")
    return found


def _epoch(array: pa.Array, found: Array) -> bool:
    # Day 0 is kept for unknown, so a known 1970-01-01 must not pass for it.
    return bool(np.count_nonzero(found == 0) != array.null_count)


def cents(array: pa.Array, name: str) -> Array:
    """Return cents as int64, 0 where null. More than `LARGEST_CENTS` either way is refused."""
    found = _values(array, np.int64)
    if len(found) and (found.max() > LARGEST_CENTS or found.min() < -LARGEST_CENTS):
        worst = max(found.max(), found.min(), key=abs)
        raise ColumnError(
            name, f"{worst} cents", f"at most {LARGEST_CENTS} cents either way", "Check the unit."
        )
    return found


def counts(array: pa.Array) -> Array:
    """Return whole numbers as int32."""
    return _values(array, np.int32)


def rates(array: pa.Array) -> Array:
    """Return per cent as int64 units of the 18th decimal place of the fraction, -1 where not known."""
    known = valid(array)
    if not len(array):
        return np.zeros(0, np.int64)
    halves = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = halves[::2], halves[1::2]
    bad = (low < 0) | (high != 0)
    if known is not None:
        bad &= known
    if bad.any():
        raise ColumnError("column1_rate", "a rate below zero or above 900", "per cent from 0 to 900")
    return low.copy() if known is None else np.where(known, low, -1)


def flags(array: pa.Array) -> Array:
    """Return 1 where true, 2 where false, 0 where not known, as uint8."""
    length, first = len(array), array.offset
    bits = np.frombuffer(array.buffers()[1], np.uint8) if length else np.zeros(0, np.uint8)
    unpacked = np.unpackbits(bits[first >> 3 : (first + length + 7) >> 3], bitorder="little")
    found = np.uint8(2) - unpacked[first & 7 : (first & 7) + length]
    known = valid(array)
    if known is not None:
        found *= known.view(np.uint8)
    return found


class Codes:
    """The dictionaries of one column over a run: text to number, looked up once per distinct text."""

    def __init__(self, look_up: Callable[[str], int]) -> None:
        self._known: dict[str, int] = {}
        self._look_up = look_up
        self._lock = Lock()

    def table(self, dictionary: pa.Array) -> Array:
        """Return the number of each text of a dictionary, as uint16."""
        known = self._known
        texts = dictionary.to_pylist()
        try:
            found = [known[text] for text in texts]
        except KeyError:
            with self._lock:
                known.update((text, self._look_up(text)) for text in texts if text not in known)
            found = [known[text] for text in texts]
        return np.array(found, np.uint16)


def members(name: str, known: Sequence[str]) -> Codes:
    """Return the codes of a closed list: the place of the text in it, counted from 1."""
    places: Mapping[str, int] = {text: place for place, text in enumerate(known, 1)}

    def look_up(text: str) -> int:
        try:
            return places[text]
        except KeyError:
            raise ColumnError(name, repr(text), f"one of {', '.join(known)}") from None

    return Codes(look_up)


def indices(array: pa.DictionaryArray) -> Array:
    """Return the places in the dictionary, 0 where null (see `valid`)."""
    found = array.indices
    if not pa.types.is_int32(found.type):
        found = found.cast(pa.int32())
    return _values(found, np.int32)


def code_column(array: pa.DictionaryArray, codes: Codes) -> Array:
    """Return the codes of a dictionary column as uint8, 0 where null."""
    if not len(array.dictionary):
        return np.zeros(len(array), np.uint8)
    found: Array = codes.table(array.dictionary).astype(np.uint8).take(indices(array), mode="clip")
    known = valid(array)
    return found if known is None else found * known


def numbers(array: pa.StringArray, *, check: bool = True) -> tuple[pa.StringArray, Array]:
    """Return entry numbers in eleven characters and, for comparing them, the same bytes as an (n, 11) array.

    Numbers in another spelling go through `EntryNumber.parse`, which refuses what is none; check digits are not
    tested. Without `check` any text of eleven characters is let through.
    """
    length = len(array)
    if not length:
        return array, np.zeros((0, _NUMBER_LENGTH), np.uint8)
    offsets = np.frombuffer(array.buffers()[1], np.int32)[array.offset : array.offset + length + 1]
    data = np.frombuffer(array.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    if len(data) == _NUMBER_LENGTH * length and (np.diff(offsets) == _NUMBER_LENGTH).all():
        found = data.reshape(length, _NUMBER_LENGTH)
        if not check or _are_compact(found):
            return array, found
    spelled = array.dictionary_encode()
    parsed = pa.array(
        [EntryNumber.parse(text, check=False).compact for text in spelled.dictionary.to_pylist()], pa.string()
    )
    return numbers(parsed.take(spelled.indices), check=False)


def _are_compact(found: Array) -> bool:
    """Whether every row is a filer code and eight digits, looked at eight bytes at a time."""
    head, tail = words(found)
    # A byte is a digit if its high half is 3 and adding 6 leaves it so.
    if not (((tail & _HIGH) == _THREES) & (((tail + _SIXES) & _HIGH) == _THREES)).all():
        return False
    codes = head & np.uint64(0xFFFFFF)
    turns = np.concatenate((codes[:1], codes[1:][codes[1:] != codes[:-1]]))
    return all(
        _FILER.fullmatch(int(code).to_bytes(3, "little").decode("latin-1")) for code in np.unique(turns)
    )
