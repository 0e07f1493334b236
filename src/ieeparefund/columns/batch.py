"""One batch of entries in, one batch of answers out: the unit every engine is made of."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from ieeparefund.columns import arrays
from ieeparefund.columns.estimator import CHUNK, Estimator
from ieeparefund.columns.kernels import Array
from ieeparefund.columns.rows import Rows
from ieeparefund.columns.rules import OUTCOMES
from ieeparefund.columns.schema import (
    ENTRY_COLUMNS,
    ESTIMATE_COLUMNS,
    TARIFF_COLUMNS,
    ColumnError,
    Kind,
    estimate_schema,
)
from ieeparefund.columns.units import TARIFFS, Unit, apart, nested, repeated, take_columns
from ieeparefund.entries.codes import Payee
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.deposit import DepositRule

__all__ = ["check_lines", "estimate_batch", "estimate_unit", "lines_fall", "unit_of"]

_DTYPES = {Kind.CENTS: np.int64, Kind.DAY: np.int32, Kind.FLAG: np.bool_}
_ANSWERS = ESTIMATE_COLUMNS[1:]
# Answers that repeat another column are not worked out twice.
_SAME = {"refundable_cents": "refundable_low_cents"}
_OUTCOMES = pa.array([str(outcome) for outcome in OUTCOMES], pa.string())


def estimate_batch(
    batch: pa.RecordBatch,
    tariffs: pa.RecordBatch | None = None,
    *,
    as_of: dt.date,
    payee: Payee | str,
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
    restore_entry_type: bool = False,
) -> pa.RecordBatch:
    """Return the estimates of a batch of entries, one row an entry, in their order (`estimate_schema()`).

    `batch` holds entries (`ENTRY_SCHEMA`), with the tariff rows in `tariffs` (`TARIFF_SCHEMA`) or in a list
    column `tariffs` of its own; or it holds tariff rows that repeat the entry's columns (`ROW_SCHEMA`), those of
    an entry one after the other. The terms are those of `estimate_refund`. A batch must hold whole entries.

    Raises `ColumnError` for a column that is missing, of another type or out of range, and where rows do not fit
    the entries; what the scalar functions raise for a day without a rate is raised too.
    """
    unit = unit_of(batch, tariffs, restore_entry_type=restore_entry_type)
    return estimate_unit(unit, Estimator(as_of, payee, liquidated_on, rates, deposit_rule))


def unit_of(
    batch: pa.RecordBatch, tariffs: pa.RecordBatch | None = None, *, restore_entry_type: bool = False
) -> Unit:
    """Return a batch in any of the three shapes with its rows assigned. Raises `ColumnError`."""
    entries = take_columns(batch, ENTRY_COLUMNS, restore_entry_type=restore_entry_type)
    if tariffs is not None:
        return apart(entries, take_columns(tariffs, TARIFF_COLUMNS))
    place = batch.schema.get_field_index(TARIFFS)
    if place >= 0:
        return nested(entries, batch.column(place))
    if batch.schema.get_field_index("tariff_number") < 0:
        raise ColumnError(
            "tariff_number", "no tariff rows", "tariff rows", "Pass tariffs, or a column of lists."
        )
    return repeated({**entries, **take_columns(batch, TARIFF_COLUMNS)})


def estimate_unit(unit: Unit, estimator: Estimator) -> pa.RecordBatch:
    """Return the estimates of entries whose rows are assigned, worked out in chunks of `CHUNK` entries."""
    count = unit.count
    out: dict[str, Array] = {
        column.name: np.empty(count, _DTYPES.get(column.kind, np.int32))
        for column in _ANSWERS
        if column.name not in _SAME
    }
    reader = _RowReader(unit, estimator)
    for first in range(0, count, CHUNK):
        size = min(CHUNK, count - first)
        rows, places = reader.rows(first, size)
        estimator.chunk(unit.entries, first, size, rows, places, out)
    columns = [unit.entries["entry_number"]]
    columns += [
        _arrow(out[_SAME.get(column.name, column.name)], column.kind, column.required) for column in _ANSWERS
    ]
    return pa.RecordBatch.from_arrays(columns, schema=estimate_schema())


def _arrow(values: Array, kind: Kind, required: bool) -> pa.Array:
    """Wrap an array without a copy; a day 0 is null."""
    count = len(values)
    if kind is Kind.FLAG:
        bits = pa.py_buffer(np.packbits(values, bitorder="little"))
        return pa.Array.from_buffers(pa.bool_(), count, [None, bits], 0)
    if kind is Kind.CODE:
        return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), _OUTCOMES)
    if kind is Kind.CENTS or required:
        return pa.Array.from_buffers(
            pa.int64() if kind is Kind.CENTS else pa.date32(), count, [None, pa.py_buffer(values)], 0
        )
    known = values != 0
    validity = pa.py_buffer(np.packbits(known, bitorder="little"))
    missing = count - int(np.count_nonzero(known))
    return pa.Array.from_buffers(pa.date32(), count, [validity, pa.py_buffer(values)], missing)


class _RowReader:
    """Cuts the tariff rows of a unit for a chunk of its entries."""

    def __init__(self, unit: Unit, estimator: Estimator) -> None:
        self._unit, self._numbers = unit, estimator.numbers
        self._total = len(unit.tariffs["tariff_number"])
        dictionary = unit.tariffs["tariff_number"].dictionary
        self._table = self._numbers.table(self._numbers.codes.table(dictionary))

    def rows(self, first: int, size: int) -> tuple[Rows | None, Array | None]:
        """Return the rows of `size` entries from `first` on, and which of these have rows (`None`: all)."""
        starts, places = self._unit.starts, self._unit.places
        low, high = first, first + size
        if places is not None:
            low, high = (int(place) for place in np.searchsorted(places, (low, high)))
        if low == high:
            return None, None
        begin = int(starts[low])
        end = int(starts[high]) if high < len(starts) else self._total
        mine = starts[low:high] - begin
        here = None
        if places is not None and high - low < size:
            here = places[low:high] - first
        return self._read(begin, end, mine), here

    def _read(self, begin: int, end: int, starts: Array) -> Rows:
        cut = {name: array.slice(begin, end - begin) for name, array in self._unit.tariffs.items()}
        count = end - begin
        lines = arrays.counts(cut["line_number"])
        check_lines(lines, starts)
        numbers, duty, value = cut["tariff_number"], cut["duty_cents"], cut.get("value_cents")
        return Rows(
            starts=starts,
            counts=np.diff(starts, append=count),
            lines=lines,
            places=arrays.indices(numbers),
            numbers=numbers.dictionary,
            table=self._table,
            epochs=self._numbers.epochs,
            duty=arrays.cents(duty, "duty_cents"),
            duty_known=arrays.valid(duty),
            value=np.zeros(count, np.int64) if value is None else arrays.cents(value, "value_cents"),
            value_known=np.zeros(count, np.bool_) if value is None else arrays.valid(value),
            country=cut.get("country_of_origin"),
            rate=arrays.rates(cut["column1_rate"]) if "column1_rate" in cut else None,
        )


def lines_fall(lines: Array, starts: Array) -> bool:
    """Return whether the line number falls within an entry."""
    falls = np.zeros(len(lines), np.bool_)
    np.less(lines[1:], lines[:-1], out=falls[1:])
    falls[starts] = False
    return bool(falls.any())


def check_lines(lines: Array, starts: Array) -> None:
    """Refuse lines that do not count from 1, or fall within an entry: else two stretches could be one line."""
    if lines_fall(lines, starts) or lines.min() < 1:
        raise ColumnError("line_number", "numbers that fall within an entry, or below 1", "1, 2, 3 in order")
