"""Every engine gives the scalar code's answer in every column: drawn books, near half cents, days law turns on."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.differential.test_columns_estimate import books, terms
from tests.drawn import drawn_book, expected, half_cent_book
from tests.strategies import dates

from ieeparefund.columns import estimate_batch
from ieeparefund.columns.batch import unit_of
from ieeparefund.columns.by_state import StateBook
from ieeparefund.columns.distributed import PieceEstimator
from ieeparefund.columns.estimator import Estimator
from ieeparefund.columns.files import estimate_file
from ieeparefund.columns.frame import estimate_frame
from ieeparefund.columns.from_entries import answer_row, entry_batch, nested_batch, row_batch, tariff_batch
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.law.interest import interest_factor
from ieeparefund.testing import turning_days

Rows = list[dict[str, Any]]
Engine = Callable[..., Rows]


def by_batch(book: Sequence[Entry], **given: Any) -> Rows:
    return estimate_batch(entry_batch(book), tariff_batch(book), **given).to_pylist()


def by_lists(book: Sequence[Entry], **given: Any) -> Rows:
    return estimate_batch(nested_batch(book), **given).to_pylist()


def by_duckdb(book: Sequence[Entry], **given: Any) -> Rows:
    pytest.importorskip("duckdb", reason="the duckdb extra is not installed")
    from ieeparefund.columns.duckdb import DuckEngine

    engine = DuckEngine(Estimator(**given))
    try:
        return engine.estimate(unit_of(entry_batch(book), tariff_batch(book))).to_pylist()
    finally:
        engine.close()


@contextmanager
def files(book: Sequence[Entry]) -> Iterator[tuple[Path, Path, Path]]:
    """Rows, entries and a place for the answers."""
    with tempfile.TemporaryDirectory() as folder:
        rows, own, out = (Path(folder) / f"{name}.parquet" for name in ("rows", "entries", "out"))
        pq.write_table(pa.Table.from_batches([tariff_batch(book)]), rows)
        pq.write_table(pa.Table.from_batches([entry_batch(book)]), own)
        yield rows, own, out


def by_file(book: Sequence[Entry], *, engine: str = "arrow", **given: Any) -> Rows:
    with files(book) as (rows, own, out):
        estimate_file(rows, out, entries=own, engine=engine, **given)
        return pq.read_table(out).to_pylist()


def by_duckdb_file(book: Sequence[Entry], **given: Any) -> Rows:
    pytest.importorskip("duckdb", reason="the duckdb extra is not installed")
    return by_file(book, engine="duckdb", **given)


def by_polars(book: Sequence[Entry], **given: Any) -> Rows:
    pl = pytest.importorskip("polars", reason="the polars extra is not installed")
    from ieeparefund.columns.polars import estimate_lazy

    own, rows = pl.from_arrow(entry_batch(book)), pl.from_arrow(tariff_batch(book))
    found: Rows = estimate_lazy(own.lazy(), rows.lazy(), **given).collect().to_dicts()
    return found


def by_polars_files(book: Sequence[Entry], **given: Any) -> Rows:
    pytest.importorskip("polars", reason="the polars extra is not installed")
    from ieeparefund.columns.polars import scan_estimates

    with files(book) as (rows, own, _):
        found: Rows = scan_estimates(rows, entries=own, **given).collect(engine="streaming").to_dicts()
        return found


def by_pandas(book: Sequence[Entry], **given: Any) -> Rows:
    pd = pytest.importorskip("pandas", reason="the pandas extra is not installed")
    own, rows = (
        pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)
        for batch in (entry_batch(book), tariff_batch(book))
    )
    return pa.table(estimate_frame(own, rows, **given)).to_pylist()


def by_pieces(book: Sequence[Entry], **given: Any) -> Rows:
    """Batches of three entries, as an engine that cuts tables would send them."""
    whole, piece = nested_batch(book), PieceEstimator(**given)
    batches = (whole.slice(first, 3) for first in range(0, len(book), 3))
    return [row for batch in piece.stream(batches) for row in batch.to_pylist()]


def by_state(book: Sequence[Entry], **given: Any) -> Rows:
    return [answer_row(answer.estimate) for answer in StateBook(book, **given)]


ENGINES: dict[str, Engine] = {
    "batch": by_batch,
    "lists": by_lists,
    "duckdb": by_duckdb,
    "file": by_file,
    "duckdb file": by_duckdb_file,
    "polars": by_polars,
    "polars files": by_polars_files,
    "pandas": by_pandas,
    "pieces": by_pieces,
    "state": by_state,
}
# Each example of these costs a start of threads or a file.
SLOW = {"file", "duckdb file", "polars files", "duckdb"}
every_engine = pytest.mark.parametrize("engine", list(ENGINES))


def same(engine: str, book: Sequence[Entry], **given: Any) -> None:
    found = ENGINES[engine](book, **given)
    wanted = expected(book, **given)
    assert found == wanted, [
        (mine["entry_number"], name, mine[name], theirs[name])
        for mine, theirs in zip(found, wanted, strict=True)
        for name in theirs
        if mine[name] != theirs[name]
    ]


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine not in SLOW])
@settings(max_examples=15, deadline=None)
@given(books, terms)
def test_drawn_books(engine: str, book: list[Entry], given: dict[str, Any]) -> None:
    same(engine, book, **given)


@pytest.mark.parametrize("engine", sorted(SLOW))
@settings(max_examples=4, deadline=None)
@given(books, terms)
def test_drawn_books_through_files(engine: str, book: list[Entry], given: dict[str, Any]) -> None:
    same(engine, book, **given)


@every_engine
@settings(max_examples=3, deadline=None)
@given(
    dates("2025-02-04", "2026-02-23"),
    dates("2026-04-20", "2028-03-31"),
    st.sampled_from(Payee),
    st.integers(1, 10**13 - 10**7),
)
def test_interest_within_a_millionth_of_half_a_cent(
    engine: str, deposited: dt.date, ended: dt.date, payee: Payee, first: int
) -> None:
    ended = min(ended, dt.date(2026, 12, 31))
    book = half_cent_book(deposited, ended, payee, first)
    same(engine, book, as_of=dt.date(2026, 5, 15), payee=payee, liquidated_on=ended)


def test_floats_fail_where_the_interest_is_within_a_millionth_of_half_a_cent() -> None:
    """The books above are hard ones: without them an engine that computes in floats could pass."""
    deposited, ended = dt.date(2025, 3, 7), dt.date(2026, 12, 31)
    book = half_cent_book(deposited, ended, "corporation", 10**12)
    given: dict[str, Any] = {"as_of": dt.date(2026, 5, 15), "payee": "corporation", "liquidated_on": ended}
    factor = float(interest_factor(deposited, ended, "corporation"))
    wrong = [
        row["interest_cents"] - int(row["refundable_cents"] * factor + 0.5) for row in expected(book, **given)
    ]
    assert any(wrong)


@every_engine
@pytest.mark.parametrize("as_of", turning_days()[::4], ids=str)
def test_a_drawn_book_on_days_law_turns(engine: str, as_of: dt.date) -> None:
    same(engine, drawn_book(60), as_of=as_of, payee="corporation")


@pytest.mark.parametrize("as_of", turning_days(), ids=str)
def test_a_drawn_book_on_every_day_law_turns(as_of: dt.date) -> None:
    same("batch", drawn_book(60), as_of=as_of, payee="other")


@every_engine
@pytest.mark.parametrize("payee", Payee)
@pytest.mark.parametrize("deposit_rule", ["periodic", "entry"])
def test_a_larger_drawn_book(engine: str, payee: Payee, deposit_rule: str) -> None:
    same(engine, drawn_book(250), as_of=dt.date(2026, 6, 30), payee=payee, deposit_rule=deposit_rule)


@pytest.mark.parametrize("engine", ["arrow", "duckdb"])
def test_rows_that_repeat_the_entry_in_csv(engine: str, tmp_path: Path) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb", reason="the duckdb extra is not installed")
    book = [entry for entry in drawn_book(250) if entry.lines]
    rows, out = tmp_path / "rows.csv", tmp_path / "out.parquet"
    plain = [
        column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for column in row_batch(book).columns
    ]
    pa_csv.write_csv(pa.table(plain, names=row_batch(book).schema.names), rows)
    given: dict[str, Any] = {"as_of": dt.date(2026, 6, 30), "payee": "corporation"}
    estimate_file(rows, out, engine=engine, **given)
    assert pq.read_table(out).to_pylist() == expected(book, **given)
