"""Columnar files read as a stream of pieces: whole entries with all their rows, a bounded number at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ieeparefund.columns import arrays
from ieeparefund.columns.kernels import group_starts, words
from ieeparefund.columns.schema import ENTRY_COLUMNS, TARIFF_COLUMNS, Column, ColumnError, Kind
from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.files import open_text

__all__ = ["UNIT", "Piece", "read_batches", "read_pieces"]

UNIT = 131072
"""Entries in a unit: the batch that is read, worked on and written as one row group."""

_ROWS_COLUMNS = (*ENTRY_COLUMNS, *TARIFF_COLUMNS[1:])
_READ_AHEAD = 1 << 20
# A row of text is not longer than a block.
_BLOCK = 16 << 20
_LONGEST_HEAD = 1 << 20


def read_batches(path: Path, columns: tuple[Column, ...], size: int) -> Iterator[pa.RecordBatch]:
    """Yield a CSV or Parquet file in batches of about `size` rows, only the columns of the schema."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet", ".pq"):
        raise FileFormatError(
            "the kind of file is not known.", remedy="Give .parquet or .csv.", file=str(path)
        )
    remedy = "Days as 2026-04-20, amounts as whole cents." if kind == ".csv" else "Write the file anew."
    batches = _csv_batches(path, columns) if kind == ".csv" else _parquet_batches(path, columns, size)
    try:
        yield from batches
    except FileFormatError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        what = "" if kind == ".csv" else "not a Parquet file that can be read: "
        raise FileFormatError(f"{what}{error}.", remedy=remedy, file=str(path)) from None


def _parquet_batches(path: Path, columns: tuple[Column, ...], size: int) -> Iterator[pa.RecordBatch]:
    names = [column.name for column in columns]
    open_text(path, "utf-8").close()
    schema = pq.read_schema(path)
    there = schema.names
    codes = [
        column.name
        for column in columns
        if column.kind is Kind.CODE
        and column.name in there
        and not pa.types.is_integer(schema.field(column.name).type)
    ]
    with pq.ParquetFile(path, read_dictionary=codes, buffer_size=_READ_AHEAD) as file:
        wanted = [name for name in names if name in there]
        for groups in _row_groups(file.metadata, size):
            # A reader over all groups at once would hold on to what it has read.
            yield from file.iter_batches(
                batch_size=size, row_groups=groups, columns=wanted, use_threads=False
            )


def _row_groups(metadata: pq.FileMetaData, size: int) -> Iterator[list[int]]:
    """Row groups to read in one go: one, or several small ones with not more than `size` rows."""
    groups: list[int] = []
    rows = 0
    for group in range(metadata.num_row_groups):
        more = metadata.row_group(group).num_rows
        if groups and rows + more > size:
            yield groups
            groups, rows = [], 0
        groups.append(group)
        rows += more
    if groups:
        yield groups


def _csv_batches(path: Path, columns: tuple[Column, ...]) -> Iterator[pa.RecordBatch]:
    with open_text(path, "utf-8-sig") as file:
        head = file.readline(_LONGEST_HEAD)
    if len(head) == _LONGEST_HEAD:
        raise FileFormatError(
            f"the first line has more than {_LONGEST_HEAD:,} characters.",
            remedy="Put the names of the columns there, and a line end.",
            file=str(path),
            row=1,
        )
    there = [name.strip().strip('"') for name in head.rstrip("\r\n").split(",")]
    texts = (Kind.NUMBER, Kind.CODE)
    types = {
        column.name: pa.string() if column.kind in texts else column.field.type
        for column in columns
        if column.name in there
    }
    options = pa_csv.ConvertOptions(
        column_types=types, include_columns=list(types), null_values=[""], strings_can_be_null=True
    )
    with pa_csv.open_csv(
        path, convert_options=options, read_options=pa_csv.ReadOptions(block_size=_BLOCK)
    ) as batches:
        yield from batches


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole entries as they were read; `tariffs` is `None` where the rows repeat the entry's columns."""

    entries: pa.RecordBatch
    tariffs: pa.RecordBatch | None

    @property
    def rows(self) -> int:
        """Number of tariff rows."""
        return len(self.entries if self.tariffs is None else self.tariffs)


def read_pieces(rows: Path, entries: Path | None, size: int = UNIT) -> Iterator[Piece]:
    """Yield pieces of about `size` entries. The rows of an entry must stand together in the file.

    With `entries` apart, both files must be in the same order of entries; an entry may have no rows.
    """
    if entries is None:
        return _repeated_pieces(read_batches(rows, _ROWS_COLUMNS, 3 * size))
    return _paired_pieces(read_batches(entries, ENTRY_COLUMNS, size), _Rows(rows, size))


def _repeated_pieces(batches: Iterator[pa.RecordBatch]) -> Iterator[Piece]:
    """The last entry of a batch may go on in the next, so it waits."""
    left: pa.RecordBatch | None = None
    for batch in batches:
        whole = batch if left is None else _joined([left, batch])
        starts = group_starts(_keys(whole))
        cut = int(starts[-1]) if len(starts) else 0
        left = whole.slice(cut)
        if cut:
            yield Piece(whole.slice(0, cut), None)
    if left is not None:
        yield Piece(left, None)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    return pa.concat_batches(batches) if not _has_dictionaries(batches[0]) else _unified(batches)


def _has_dictionaries(batch: pa.RecordBatch) -> bool:
    return any(pa.types.is_dictionary(field.type) for field in batch.schema)


def _unified(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Join batches whose dictionaries may differ."""
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]


def _keys(batch: pa.RecordBatch) -> arrays.Array:
    place = batch.schema.get_field_index("entry_number")
    if place < 0:
        raise ColumnError("entry_number", "no such column", "text", "Add the column.")
    return arrays.numbers(arrays.prepare(batch.column(place), TARIFF_COLUMNS[0]), check=False)[1]


class _Rows:
    """The tariff rows of a file, given out entry batch by entry batch."""

    def __init__(self, path: Path, size: int) -> None:
        self._batches = read_batches(path, TARIFF_COLUMNS, 3 * size)
        self._held: list[pa.RecordBatch] = []

    def _next(self) -> pa.RecordBatch | None:
        return next(self._batches, None)

    def until(self, following: arrays.Array | None, mine: arrays.Array) -> pa.RecordBatch:
        """Return the rows before those of the entry `following` (all that are left where `None`).

        `mine` are the keys of the entries the rows belong to; they settle it where `following` has no rows.
        """
        taken: list[pa.RecordBatch] = []
        while True:
            batch = self._held.pop() if self._held else self._next()
            if batch is None:
                break
            cut = len(batch) if following is None else self._cut(_keys(batch), following, mine)
            if cut:
                taken.append(batch.slice(0, cut))
            if cut < len(batch):
                self._held.append(batch.slice(cut))
                break
        return _joined(taken) if taken else _no_rows()

    @staticmethod
    def _cut(keys: arrays.Array, following: arrays.Array, mine: arrays.Array) -> int:
        """Return how many rows of a batch belong to the entries at hand."""
        found = _find(keys, following)
        if found < len(keys):
            return found
        if not len(keys) or _find(mine, keys[-1:]) < len(mine):
            return len(keys)
        # The next entry has no rows, and the batch goes beyond it: the first entry that is not at hand.
        starts = group_starts(keys)
        known = {bytes(key) for key in mine}
        return next(int(start) for start in starts.tolist() if bytes(keys[start]) not in known)


def _no_rows() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [], pa.schema([column.field for column in TARIFF_COLUMNS if column.required])
    )


def _find(keys: arrays.Array, key: arrays.Array) -> int:
    """Return the first place of a key, the length where there is none."""
    head, tail = words(keys)
    first, last = words(key)
    hits = (head == first[0]) & (tail == last[0])
    place = int(hits.argmax()) if len(hits) else 0
    return place if len(hits) and hits[place] else len(keys)


def _paired_pieces(batches: Iterator[pa.RecordBatch], rows: _Rows) -> Iterator[Piece]:
    batch = next(batches, None)
    while batch is not None:
        following = next(batches, None)
        while following is not None and not len(following):
            following = next(batches, None)
        yield Piece(batch, rows.until(None if following is None else _keys(following)[:1], _keys(batch)))
        batch = following
    left = rows.until(None, np.zeros((0, 11), np.uint8))
    if len(left):
        raise ColumnError(
            "entry_number",
            f"tariff rows of {left.column('entry_number')[0]}",
            "the entry in the file of entries",
        )
