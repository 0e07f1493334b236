"""Estimate entries that hold their tariff rows in a list column with Ray Data.

python ray_job.py entries_with_rows.parquet estimates
"""

from __future__ import annotations

import datetime as dt
import sys

import pyarrow as pa
import ray.data

from ieeparefund.columns.distributed import PieceEstimator

PIECE = PieceEstimator(as_of=dt.date(2026, 5, 15), payee="corporation")


def estimate_block(block: pa.Table) -> pa.Table:
    return PIECE(block)


def run(source: str, out: str) -> None:
    # One row an entry, so Ray may cut where it likes.
    entries = ray.data.read_parquet(source)
    entries.map_batches(estimate_block, batch_format="pyarrow", batch_size=65_536).write_parquet(out)


if __name__ == "__main__":
    run(*sys.argv[1:])
