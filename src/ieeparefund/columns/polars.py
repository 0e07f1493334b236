"""Estimates as polars LazyFrames: from LazyFrames, joined, or from files, as a stream in bounded memory.

Needs the extra `polars`. Nothing is read until the result is collected or sunk. No law is written in polars: the
batch function does that part.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pyarrow as pa

from ieeparefund.columns.distributed import PieceEstimator, plain_answers
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

_KEY = "_entry_key"
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

    With lists, polars' streaming engine works piece by piece; a join holds the tariff rows in memory; rows that
    repeat their entry are all needed at once. Errors of `estimate_batch` come inside polars' `ComputeError`.
    """
    piece = PieceEstimator(as_of, payee, liquidated_on, rates, deposit_rule)
    names = entries.collect_schema().names()
    streamable = tariffs is not None or TARIFFS in names
    if tariffs is not None:
        entries, names = _joined(entries, tariffs), [*names, TARIFFS]

    def work(frame: pl.DataFrame) -> pl.DataFrame:
        return _frame(piece(frame.to_arrow(compat_level=pl.CompatLevel.oldest())))

    wanted = [name for name in names if name in _KNOWN]
    return entries.select(wanted).map_batches(work, schema=_schema(), streamable=streamable)


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

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, _batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        left = n_rows
        for _, answers in arrow_answers(read_pieces(rows_path, entries_path), estimator, restore_entry_type):
            frame = _frame(pa.Table.from_batches([plain_answers(answers)]))
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


_KNOWN = {column.name for column in (*ENTRY_COLUMNS, *TARIFF_COLUMNS)} | {TARIFFS}


def _key() -> pl.Expr:
    """The number without dashes, so that two spellings of one number come together."""
    return (
        pl.col("entry_number").cast(pl.String).str.to_uppercase().str.replace_all("[^0-9A-Z]", "").alias(_KEY)
    )


def _joined(entries: pl.LazyFrame, tariffs: pl.LazyFrame) -> pl.LazyFrame:
    there = tariffs.collect_schema().names()
    names = [column.name for column in TARIFF_COLUMNS[1:] if column.name in there]
    # The order of rows within a line says nothing.
    lists = tariffs.group_by(_key()).agg(pl.struct(names).sort_by("line_number").alias(TARIFFS))
    # Rows without an entry stay in sight, to be refused; an entry that is there twice is refused by the join.
    joined = entries.with_columns(_key()).join(
        lists, on=_KEY, how="full", coalesce=True, validate="1:1", maintain_order="left"
    )
    return joined.with_columns(pl.coalesce("entry_number", _KEY).alias("entry_number")).drop(_KEY)
