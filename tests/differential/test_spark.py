"""Spark in local mode: every shape, rows in any order, equal to the scalar code in every column."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.differential.jobs import BOOK, LINED, TERMS, answers_in, job, wanted, write
from tests.drawn import by_number

pytest.importorskip("pyspark", reason="the spark extra is not installed")

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Of Spark's own code: it warns of the newest pandas, which is not used here.
pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("ieeparefund tests")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "3",
        # Small, so that entries go on in the next batch.
        "spark.sql.execution.arrow.maxRecordsPerBatch": "37",
        "spark.sql.adaptive.enabled": "false",
    }.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        # The workers need this interpreter, not the first python3 of the path.
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return write(tmp_path_factory.mktemp("book"))


def answers(frame: DataFrame) -> list[dict[str, Any]]:
    return by_number(frame.toArrow().to_pylist())


def test_the_job_of_the_page(spark: SparkSession, paths: dict[str, str], tmp_path: Path) -> None:
    job("spark_job").run(spark, paths["entries"], paths["tariffs"], str(tmp_path / "out"))
    assert answers_in(tmp_path / "out") == wanted(BOOK)


def test_entries_with_arrays_of_rows(spark: SparkSession, paths: dict[str, str]) -> None:
    from ieeparefund.columns.spark import estimate_spark

    given: dict[str, Any] = {**TERMS, "payee": "other", "deposit_rule": "periodic"}
    assert answers(estimate_spark(spark.read.parquet(paths["nested"]), **given)) == wanted(BOOK, **given)


def test_rows_in_any_order_with_dashed_numbers(spark: SparkSession, paths: dict[str, str]) -> None:
    from pyspark.sql import functions as sql

    from ieeparefund.columns.spark import estimate_spark

    rows = spark.read.parquet(paths["rows"]).orderBy(sql.rand(7))
    dashed = sql.regexp_replace("entry_number", "^(...)(.{7})(.)$", "$1-$2-$3")
    # Half of the rows of an entry in one spelling, half in the other.
    mixed = rows.withColumn(
        "entry_number", sql.when(sql.rand(8) < 0.5, dashed).otherwise(sql.col("entry_number"))
    )
    assert answers(estimate_spark(mixed, **TERMS)) == wanted(LINED)


def test_rows_of_an_unknown_entry_are_refused(spark: SparkSession, paths: dict[str, str]) -> None:
    from pyspark.errors import PythonException

    from ieeparefund.columns.spark import estimate_spark

    entries = spark.read.parquet(paths["entries"]).limit(20)
    with pytest.raises(PythonException, match="expected numbers that are among the entries"):
        answers(estimate_spark(entries, spark.read.parquet(paths["tariffs"]), **TERMS))
