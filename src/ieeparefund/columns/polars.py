"""Estimates as polars LazyFrames: from LazyFrames, joined, or from files, as a stream in bounded memory.

Needs the extra `polars`. Nothing is read until the result is collected or sunk. No law is written in polars: the
batch function does that part.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pyarrow as pa

from ieeparefund.columns import arrays
from ieeparefund.columns.batch import estimate_unit, lines_fall, unit_of
from ieeparefund.columns.distributed import PieceEstimator, in_line_order, one_batch, plain_answers
from ieeparefund.columns.estimator import Estimator
from ieeparefund.columns.files import arrow_answers
from ieeparefund.columns.readers import read_pieces
from ieeparefund.columns.schema import ENTRY_COLUMNS, ESTIMATE_COLUMNS, TARIFF_COLUMNS, Kind
from ieeparefund.columns.units import TARIFFS
from ieeparefund.entries.codes import Payee
from ieeparefund.errors import MissingExtraError
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.deposit import DepositRule

try:
    import polars as pl
    from polars.io.plugins import register_io_source
except ImportError:
    raise MissingExtraError("ieeparefund.columns.polars", "polars") from None

__all__ = ["estimate_lazy", "scan_estimates"]

_ROW_NAMES = {column.name for column in TARIFF_COLUMNS}
_KNOWN = {column.name for column in ENTRY_COLUMNS} | _ROW_NAMES | {TARIFFS}
_TYPES = {
    Kind.NUMBER: pl.String,
    Kind.CODE: pl.String,
    Kind.DAY: pl.Date,
    Kind.FLAG: pl.Boolean,
    Kind.CENTS: pl.Int64,
}


def estimate_lazy(
    entries: pl.LazyFrame,
    tariffs: pl.LazyFrame | None = None,
    *,
    as_of: dt.date,
    payee: Payee | str,
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
) -> pl.LazyFrame:
    """Return the estimates of a LazyFrame of entries as a LazyFrame, one row an entry, in their order.

    `entries` has the columns of `ENTRY_SCHEMA`, with the tariff rows in `tariffs` (`TARIFF_SCHEMA`), which are
    joined by entry number, or in a list column `tariffs` of structs; or `entries` holds tariff rows that repeat
    the entry's columns (`ROW_SCHEMA`). Rows may stand in any order. Other columns are left behind: join them to
    the answers by entry number. The terms are those of `estimate_refund`.

    With lists, polars' streaming engine works piece by piece, in bounded memory. Joined rows, and rows that repeat
    their entry, are all held in memory; for files larger than that there is `scan_estimates`. Errors are those of
    `estimate_batch`.
    """
    names = [name for name in entries.collect_schema().names() if name in _KNOWN]
    if tariffs is not None:
        estimator = Estimator(as_of, payee, liquidated_on, rates, deposit_rule)
        rows = tariffs.select(name for name in tariffs.collect_schema().names() if name in _ROW_NAMES)
        return _joined(entries.select(name for name in names if name != TARIFFS), rows, estimator)
    piece = PieceEstimator(as_of, payee, liquidated_on, rates, deposit_rule)

    def work(frame: pl.DataFrame) -> pl.DataFrame:
        return _frame(piece(_table(frame)))

    return entries.select(names).map_batches(work, schema=_schema(), streamable=TARIFFS in names)


def _joined(entries: pl.LazyFrame, tariffs: pl.LazyFrame, estimator: Estimator) -> pl.LazyFrame:
    """Put rows and entries together outside polars: a join of its own would make a list of rows for each entry."""

    def answers() -> Iterator[pl.DataFrame]:
        own, rows = (_batch(frame) for frame in pl.collect_all([entries, tariffs], engine="streaming"))
        unit = unit_of(own, rows)
        if lines_fall(arrays.counts(unit.tariffs["line_number"]), unit.starts):
            unit = unit_of(own, in_line_order(pa.RecordBatch.from_pydict(dict(unit.tariffs))))
        yield _frame(pa.Table.from_batches([plain_answers(estimate_unit(unit, estimator))]))

    return _source(answers)


def scan_estimates(
    src: str | os.PathLike[str],
    *,
    entries: str | os.PathLike[str] | None = None,
    as_of: dt.date,
    payee: Payee | str,
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
    restore_entry_type: bool = False,
) -> pl.LazyFrame:
    """Return the estimates of a CSV or Parquet file as a LazyFrame, one row an entry, in the order of the entries.

    The files are those of `estimate_file`: tariff rows that repeat the entry's columns, or with `entries` tariff
    rows alone, both in the same order of entries. They are worked through piece by piece, so memory does not grow
    with them where what follows streams too: `scan_estimates(...).sink_parquet(...)`. Terms and errors are those of
    `estimate_file`.
    """
    estimator = Estimator(as_of, payee, liquidated_on, rates, deposit_rule)
    rows_path, entries_path = Path(src), None if entries is None else Path(entries)

    def answers() -> Iterator[pl.DataFrame]:
        for _, batch in arrow_answers(read_pieces(rows_path, entries_path), estimator, restore_entry_type):
            yield _frame(pa.Table.from_batches([plain_answers(batch)]))

    return _source(answers)


def _source(answers: Callable[[], Iterator[pl.DataFrame]]) -> pl.LazyFrame:
    """Answers as they come as a LazyFrame."""

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, _batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        left = n_rows
        for found in answers():
            frame = found
            if left is not None:
                frame = frame.head(left)
                left -= frame.height
            if predicate is not None:
                frame = frame.filter(predicate)
            yield frame if with_columns is None else frame.select(with_columns)
            if left == 0:
                return

    return register_io_source(source, schema=_schema(), is_pure=True)


def _schema() -> pl.Schema:
    return pl.Schema({column.name: _TYPES[column.kind]() for column in ESTIMATE_COLUMNS})


def _frame(table: pa.Table) -> pl.DataFrame:
    # Of a table, never of an array, so never a series.
    return cast(pl.DataFrame, pl.from_arrow(table, rechunk=False))


def _batch(frame: pl.DataFrame) -> pa.RecordBatch:
    # In one piece before it is handed over: Arrow takes far longer to join pieces.
    return one_batch(frame.rechunk().to_arrow(compat_level=pl.CompatLevel.newest()))


def _table(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
