"""Estimates of Spark DataFrames by `mapInArrow`: the batch function itself runs there, no law is written for Spark.

Needs the extra `spark` (pyspark and Java); the executors need `ieeparefund[arrow]`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ieeparefund.columns.distributed import PieceEstimator
from ieeparefund.columns.schema import ESTIMATE_COLUMNS, TARIFF_COLUMNS, Kind
from ieeparefund.columns.units import TARIFFS
from ieeparefund.entries.codes import Payee
from ieeparefund.errors import MissingExtraError
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.deposit import DepositRule

try:
    from pyspark.sql import functions as sql
except ImportError:
    raise MissingExtraError("ieeparefund.columns.spark", "spark") from None

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

__all__ = ["estimate_spark"]

_KEY = "_entry_key"
_SQL_TYPES = {
    Kind.NUMBER: "string",
    Kind.CODE: "string",
    Kind.DAY: "date",
    Kind.FLAG: "boolean",
    Kind.CENTS: "bigint",
}


def estimate_spark(
    entries: DataFrame,
    tariffs: DataFrame | None = None,
    *,
    as_of: dt.date,
    payee: Payee | str,
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
) -> DataFrame:
    """Return the estimates of a Spark DataFrame of entries as a DataFrame, one row an entry, in no order.

    `entries` has the columns of `ENTRY_SCHEMA`, with the tariff rows in `tariffs` (`TARIFF_SCHEMA`), which are
    joined by entry number, or in an array column `tariffs` of structs; or `entries` holds tariff rows that repeat
    the entry's columns (`ROW_SCHEMA`), which are brought together by entry number. Rows may stand in any order.
    Other columns are left behind: join them to the answers by entry number. The terms are those of
    `estimate_refund`.

    Spark works when the answers are asked for, and an error of `estimate_batch` then comes inside its own.
    """
    piece = PieceEstimator(as_of, payee, liquidated_on, rates, deposit_rule)
    if tariffs is not None:
        entries = _joined(entries, tariffs)
    elif TARIFFS not in entries.columns:
        entries = entries.repartition(_key("entry_number")).sortWithinPartitions(
            _key("entry_number"), "line_number"
        )
    schema = ", ".join(f"{column.name} {_SQL_TYPES[column.kind]}" for column in ESTIMATE_COLUMNS)
    return entries.mapInArrow(piece.stream, schema)


def _key(name: str) -> Column:
    """The number without dashes, so that two spellings of one number come together."""
    return sql.regexp_replace(sql.upper(sql.col(name)), "[^0-9A-Z]", "")


def _joined(entries: DataFrame, tariffs: DataFrame) -> DataFrame:
    names = [column.name for column in TARIFF_COLUMNS[1:] if column.name in tariffs.columns]
    lists: Any = tariffs.groupBy(_key("entry_number").alias(_KEY)).agg(
        # Structs are sorted by their first field, the line.
        sql.sort_array(sql.collect_list(sql.struct(*names))).alias(TARIFFS)
    )
    # Rows without an entry stay in sight, to be refused.
    joined = entries.withColumn(_KEY, _key("entry_number")).join(lists, _KEY, "full_outer")
    return joined.withColumn("entry_number", sql.coalesce("entry_number", _KEY)).drop(_KEY)
