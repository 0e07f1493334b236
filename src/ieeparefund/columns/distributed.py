"""One function for engines that cut tables into pieces and send them about: a piece of entries in, answers out.

It takes the pieces as Spark, Dask, Ray, Daft and Polars hand them over, and gives plain Arrow types, which all of
them read: text, int64, date32, bool. It can be pickled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ieeparefund.columns import arrays
from ieeparefund.columns.batch import estimate_unit, unit_of
from ieeparefund.columns.estimator import Estimator
from ieeparefund.columns.kernels import group_starts
from ieeparefund.columns.schema import TARIFF_COLUMNS, ColumnError, estimate_schema
from ieeparefund.columns.units import TARIFFS
from ieeparefund.entries.codes import Payee
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.deposit import DepositRule

__all__ = [
    "PieceEstimator",
    "in_line_order",
    "one_batch",
    "plain_answers",
    "plain_estimate_schema",
    "plain_type",
]


_NUMBER, _LINE = TARIFF_COLUMNS[:2]


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values of a dictionary, any other type as it is."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def plain_estimate_schema() -> pa.Schema:
    """Return `estimate_schema` with text in place of dictionaries."""
    return pa.schema([field.with_type(plain_type(field.type)) for field in estimate_schema()])


@dataclass(frozen=True)
class PieceEstimator:
    """Estimates pieces of a table on one set of terms, those of `estimate_refund`.

    A piece holds whole entries: one row an entry with a list column `tariffs`, or tariff rows that repeat the
    entry's columns (`ROW_SCHEMA`), in any order.
    """

    as_of: dt.date
    payee: Payee | str
    liquidated_on: dt.date | None = None
    rates: RateTable = PUBLISHED_RATES
    deposit_rule: DepositRule | str = DepositRule.SUMMARY

    def __post_init__(self) -> None:
        _ = self._estimator  # Terms that cannot be used are refused here, not on a far machine.

    @cached_property
    def _estimator(self) -> Estimator:
        return Estimator(self.as_of, self.payee, self.liquidated_on, self.rates, self.deposit_rule)

    def __getstate__(self) -> dict[str, object]:
        # Its tables are filled anew where it arrives: they are larger than the time they save.
        return {name: value for name, value in self.__dict__.items() if name != "_estimator"}

    def __call__(self, piece: pa.Table | pa.RecordBatch) -> pa.Table:
        """Return the answers of a piece, one row an entry, in the order of the entries' first rows.

        Raises as `estimate_batch`.
        """
        batch = one_batch(piece)
        if TARIFFS not in batch.schema.names:
            batch = in_line_order(batch)
        return pa.Table.from_batches([self._answers(batch)])

    def stream(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the answers of batches that come one after the other.

        Tariff rows must stand together by entry; the rows of an entry may go on in the next batch.
        """
        for batch in _whole_entries(batches):
            yield self._answers(batch)

    def _answers(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        _refuse_lost_rows(batch)
        return plain_answers(estimate_unit(unit_of(batch), self._estimator))


def plain_answers(answers: pa.RecordBatch) -> pa.RecordBatch:
    """Return answers with text in place of dictionaries."""
    schema = plain_estimate_schema()
    columns = [column.cast(field.type) for column, field in zip(answers.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def one_batch(piece: pa.Table | pa.RecordBatch) -> pa.RecordBatch:
    """Return a table as one batch."""
    if isinstance(piece, pa.RecordBatch):
        return piece
    batches = piece.unify_dictionaries().combine_chunks().to_batches()
    if batches:
        return batches[0]
    # Not from_pylist, which knows no dictionaries of string views.
    columns = [column.combine_chunks() for column in piece.schema.empty_table().columns]
    return pa.RecordBatch.from_arrays(columns, schema=piece.schema)


def _keys(batch: pa.RecordBatch) -> tuple[pa.Array, arrays.Array]:
    place = batch.schema.get_field_index("entry_number")
    if place < 0:
        raise ColumnError("entry_number", "no such column", "text", "Add the column.")
    return arrays.numbers(arrays.prepare(batch.column(place), _NUMBER), check=False)


def in_line_order(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Sort tariff rows by entry and line unless they stand so already."""
    numbers, keys = _keys(batch)
    place = batch.schema.get_field_index(_LINE.name)
    if place < 0:
        return batch  # Refused with the other columns that must be there.
    lines = arrays.prepare(batch.column(place), _LINE)
    starts = group_starts(keys)
    falls = np.diff(arrays.counts(lines)) < 0
    falls[starts[1:] - 1] = False
    if len(starts) == pc.count_distinct(numbers).as_py() and not falls.any():
        return batch
    # Entries in the order of their first rows.
    order = pa.table({"entry": numbers.dictionary_encode().indices, "line": lines})
    return batch.take(pc.sort_indices(order, [("entry", "ascending"), ("line", "ascending")]))


def _whole_entries(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches of whole entries: the last entry of a batch of rows may go on in the next, so it waits."""
    left: pa.RecordBatch | None = None
    for batch in batches:
        if TARIFFS in batch.schema.names:
            yield batch
            continue
        whole = batch if left is None else one_batch(pa.Table.from_batches([left, batch]))
        starts = group_starts(_keys(whole)[1])
        cut = int(starts[-1]) if len(starts) else 0
        left = whole.slice(cut)
        if cut:
            yield whole.slice(0, cut)
    if left is not None and len(left):
        yield left


def _refuse_lost_rows(batch: pa.RecordBatch) -> None:
    """Refuse tariff rows whose entry is missing: a full join leaves all else of such an entry null."""
    lists, kinds = (batch.schema.get_field_index(name) for name in (TARIFFS, "entry_type"))
    if lists < 0 or kinds < 0 or not batch.column(kinds).null_count:
        return
    lost = pc.and_(batch.column(kinds).is_null(), batch.column(lists).is_valid())
    if pc.any(lost, min_count=0).as_py():
        number = batch.column("entry_number").filter(lost)[0]
        raise ColumnError(
            "entry_number", f"tariff rows of {number}", "numbers that are among the entries", "Add the entry."
        )
