"""Estimate the entries of two Parquet files on a Spark cluster.

spark-submit spark_job.py entries.parquet tariff_rows.parquet estimates.parquet
"""

from __future__ import annotations

import datetime as dt
import sys

from pyspark.sql import SparkSession

from ieeparefund.columns.spark import estimate_spark


def run(spark: SparkSession, entries: str, tariff_rows: str, out: str) -> None:
    answers = estimate_spark(
        spark.read.parquet(entries),
        spark.read.parquet(tariff_rows),
        as_of=dt.date(2026, 5, 15),
        payee="corporation",
    )
    answers.write.mode("overwrite").parquet(out)


if __name__ == "__main__":
    run(SparkSession.builder.appName("ieepa-refunds").getOrCreate(), *sys.argv[1:])
