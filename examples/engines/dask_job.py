"""Estimate tariff rows that repeat their entry's columns with Dask, partition by partition.

python dask_job.py rows.parquet estimates
"""

from __future__ import annotations

import datetime as dt
import sys

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa

from ieeparefund.columns.distributed import PieceEstimator, plain_estimate_schema

PIECE = PieceEstimator(as_of=dt.date(2026, 5, 15), payee="corporation")
META = plain_estimate_schema().empty_table().to_pandas(types_mapper=pd.ArrowDtype)


def estimate_partition(rows: pd.DataFrame) -> pd.DataFrame:
    table = pa.Table.from_pandas(rows, preserve_index=False)
    return PIECE(table).to_pandas(types_mapper=pd.ArrowDtype)


def run(source: str, out: str) -> None:
    # Arrow types: with pandas' own, unknown days and flags would become floats and objects.
    rows = dd.read_parquet(source, dtype_backend="pyarrow")
    # All rows of an entry must come to one partition.
    whole = rows.shuffle(on="entry_number")
    answers = whole.map_partitions(estimate_partition, meta=META, enforce_metadata=False)
    answers.to_parquet(out, write_index=False)


if __name__ == "__main__":
    run(*sys.argv[1:])
