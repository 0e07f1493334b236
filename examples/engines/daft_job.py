"""Estimate entries that hold their tariff rows in a list column with Daft.

python daft_job.py entries_with_rows.parquet estimates
"""

from __future__ import annotations

import datetime as dt
import sys

import daft
import pyarrow as pa
from daft import DataType, Series

from ieeparefund.columns.distributed import PieceEstimator, plain_estimate_schema

PIECE = PieceEstimator(as_of=dt.date(2026, 5, 15), payee="corporation")
ANSWER = DataType.struct(
    {field.name: DataType.from_arrow_type(field.type) for field in plain_estimate_schema()}
)


# One row an entry in and out, so Daft may cut where it likes.
@daft.func.batch(return_dtype=ANSWER, unnest=True)
def estimate(entry: Series) -> Series:
    rows = pa.RecordBatch.from_struct_array(entry.to_arrow())
    return Series.from_arrow(PIECE(rows).to_struct_array().combine_chunks())


def run(source: str, out: str) -> None:
    entries = daft.read_parquet(source)
    columns = [daft.col(name) for name in entries.column_names]
    entries.select(estimate(daft.functions.to_struct(*columns))).write_parquet(out)


if __name__ == "__main__":
    run(*sys.argv[1:])
