"""Entries and their tariff rows put together: which rows are whose, in order, none lost.

Three shapes come in: entries and tariff rows apart; tariff rows that repeat the entry's columns (the ES-003
report); entries with a list of tariff rows each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ieeparefund.columns import arrays
from ieeparefund.columns.arrays import pc
from ieeparefund.columns.kernels import Array, group_starts
from ieeparefund.columns.schema import ENTRY_COLUMNS, TARIFF_COLUMNS, Column, ColumnError

__all__ = ["TARIFFS", "Unit", "apart", "nested", "repeated", "take_columns"]

TARIFFS = "tariffs"
"""Name of the list column where entries hold their rows."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Entries with their rows. `starts` says where the rows of an entry begin, for the entries at `places`.

    `places` is `None` where every entry has rows. The arrays are in the types of the schema.
    """

    entries: Mapping[str, pa.Array]
    tariffs: Mapping[str, pa.Array]
    starts: Array
    places: Array | None

    @property
    def count(self) -> int:
        """Number of entries."""
        return len(self.entries["entry_number"])


def take_columns(
    batch: pa.RecordBatch, columns: tuple[Column, ...], *, restore_entry_type: bool = False
) -> dict[str, pa.Array]:
    """Return the columns of the schema that are there, in its types. Raises `ColumnError`."""
    found = {}
    for column in columns:
        place = batch.schema.get_field_index(column.name)
        if place >= 0:
            array = batch.column(place)
            found[column.name] = arrays.prepare(array, column, restore_entry_type=restore_entry_type)
        elif column.name in batch.schema.names:
            raise ColumnError(column.name, "two columns of the name", "one")
        elif column.required:
            raise ColumnError(column.name, "no such column", str(column.field.type), "Add the column.")
    return found


def apart(entries: Mapping[str, pa.Array], tariffs: Mapping[str, pa.Array]) -> Unit:
    """Put entries and tariff rows together by entry number; the rows of an entry may stand anywhere."""
    numbers, keys = arrays.numbers(entries["entry_number"])
    row_numbers, row_keys = arrays.numbers(tariffs["entry_number"], check=False)
    starts = group_starts(row_keys)
    _each_once(numbers, len(group_starts(keys)))
    entries = {**entries, "entry_number": numbers}
    if len(starts) == len(keys) and np.array_equal(row_keys.take(starts, axis=0), keys):
        return Unit(entries, tariffs, starts, None)
    _each_once(numbers, len(pc.unique(numbers)))
    groups = row_numbers.take(pa.array(starts))
    owner = pc.index_in(groups, value_set=numbers)
    if owner.null_count:
        spelled, _ = arrays.numbers(tariffs["entry_number"])
        if not spelled.equals(tariffs["entry_number"]):
            return apart(entries, {**tariffs, "entry_number": spelled})
        lost = groups.filter(owner.is_null())[0]
        raise ColumnError(
            "entry_number", f"tariff rows of {lost}", "numbers that are among the entries", "Add the entry."
        )
    places = owner.to_numpy()
    if (places[1:] <= places[:-1]).any():
        counts = np.diff(np.append(starts, len(row_keys)))
        order = np.argsort(np.repeat(places, counts), kind="stable")
        return apart(entries, {name: array.take(pa.array(order)) for name, array in tariffs.items()})
    return Unit(entries, tariffs, starts, places)


def _each_once(numbers: pa.Array, different: int) -> None:
    """Refuse an entry that comes twice: one of its answers would lack the rows."""
    if different < len(numbers):
        counted = pc.value_counts(numbers)
        number = counted.field("values")[pc.index(pc.greater(counted.field("counts"), 1), True).as_py()]
        raise ColumnError("entry_number", f"entry {number} twice", "each entry once", "Leave out the repeat.")


def repeated(rows: Mapping[str, pa.Array]) -> Unit:
    """Take the entries from tariff rows that repeat their columns; the rows of an entry stand together."""
    numbers, keys = arrays.numbers(rows["entry_number"])
    starts = group_starts(keys)
    first = pa.array(starts)
    entries = {"entry_number": numbers.take(first)}
    if len(pc.unique(entries["entry_number"])) < len(starts):
        raise ColumnError(
            "entry_number",
            "rows of an entry that do not stand together",
            "them one after the other",
            "Sort by it.",
        )
    for column in ENTRY_COLUMNS[1:]:
        array = rows.get(column.name)
        if array is not None:
            _same_within(array, starts, column, numbers)
            entries[column.name] = array.take(first)
    tariffs = {column.name: rows[column.name] for column in TARIFF_COLUMNS if column.name in rows}
    return Unit(entries, {**tariffs, "entry_number": numbers}, starts, None)


def _same_within(array: pa.Array, starts: Array, column: Column, numbers: pa.Array) -> None:
    """Refuse an entry whose rows say different things of it: an answer would rest on one of them by chance."""
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type).dictionary_encode().indices
    changed = pc.not_equal(array[1:], array[:-1]).fill_null(False).to_numpy(zero_copy_only=False)
    known = arrays.valid(array)
    if known is not None:
        changed = changed | (known[1:] != known[:-1])
    changed = changed.copy()
    changed[starts[1:] - 1] = False
    if changed.any():
        number = numbers[int(changed.argmax())]
        raise ColumnError(column.name, f"two values in the rows of entry {number}", "one value an entry")


def nested(entries: Mapping[str, pa.Array], lists: pa.Array) -> Unit:
    """Take the tariff rows from a list column: each entry holds its own."""
    kind = lists.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)) or not pa.types.is_struct(
        kind.value_type
    ):
        raise ColumnError(TARIFFS, str(kind), "list<struct> with the columns of a tariff row")
    counts = pc.list_value_length(lists).fill_null(0).to_numpy()
    values = lists.flatten()
    # Not `from_struct_array`: older pyarrow (17 to 20 seen) forgets there where a slice begins.
    flat = pa.RecordBatch.from_arrays(values.flatten(), schema=pa.schema(values.type))
    columns = tuple(column for column in TARIFF_COLUMNS if column.name != "entry_number")
    tariffs = take_columns(flat, columns)
    numbers, _ = arrays.numbers(entries["entry_number"])
    places = np.flatnonzero(counts)
    starts = (np.cumsum(counts) - counts).take(places)
    return Unit(
        {**entries, "entry_number": numbers}, tariffs, starts, None if len(places) == len(counts) else places
    )
