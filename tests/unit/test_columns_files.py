"""Files and frames: the same answers whatever the container, in order, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from benchmarks.generate import AS_OF, blocks

from ieeparefund.columns import ColumnError, estimate_batch, estimate_file, estimate_frame, estimate_schema
from ieeparefund.columns.files import _Ahead
from ieeparefund.columns.readers import Piece, read_pieces
from ieeparefund.columns.schema import ENTRY_COLUMNS
from ieeparefund.columns.units import take_columns
from ieeparefund.errors import FieldError, FileFormatError, MissingExtraError

TERMS: dict[str, Any] = {"as_of": AS_OF, "payee": "corporation"}
Pair = tuple[pa.RecordBatch, pa.RecordBatch]


@pytest.fixture(scope="module")
def book() -> Pair:
    return next(blocks(700, seed=11))


@pytest.fixture(scope="module")
def expected(book: Pair) -> list[dict[str, Any]]:
    return estimate_batch(*book, **TERMS).to_pylist()


def plain(batch: pa.RecordBatch) -> pa.Table:
    """The same without dictionaries, which CSV and pandas do not have."""
    table = pa.Table.from_batches([batch])
    return pa.table(
        {
            name: table[name].cast(pa.string())
            if pa.types.is_dictionary(table.schema.field(name).type)
            else table[name]
            for name in table.column_names
        }
    )


def repeated(book: Pair) -> pa.Table:
    return (
        plain(book[1])
        .join(plain(book[0]), "entry_number")
        .sort_by([("entry_number", "ascending"), ("line_number", "ascending")])
    )


def write(table: pa.Table | pa.RecordBatch, path: Path) -> Path:
    table = table if isinstance(table, pa.Table) else pa.Table.from_batches([table])
    if path.suffix == ".csv":
        pa_csv.write_csv(plain(table.combine_chunks().to_batches()[0]), path)
    else:
        pq.write_table(table, path, row_group_size=10)
    return path


@pytest.mark.parametrize("engine", ["auto", "arrow", "duckdb"])
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_two_files_in_one_file_out(
    book: Pair, expected: list[dict[str, Any]], tmp_path: Path, suffix: str, engine: str
) -> None:
    own, rows = (
        write(table, tmp_path / f"{name}{suffix}") for name, table in zip(("own", "rows"), book, strict=True)
    )
    done: list[int] = []
    found = estimate_file(
        rows, tmp_path / "out.parquet", entries=own, engine=engine, progress=done.append, **TERMS
    )
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == expected
    assert (found.entries, found.rows) == (len(book[0]), len(book[1]))
    assert found.engine == ("arrow" if engine == "auto" else engine)
    assert done[-1] == len(book[0])
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out.parquet"]


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_one_file_with_rows_that_repeat_the_entry(
    book: Pair, expected: list[dict[str, Any]], tmp_path: Path, suffix: str
) -> None:
    source = write(repeated(book), tmp_path / f"rows{suffix}")
    estimate_file(source, tmp_path / "out.parquet", **TERMS)
    found = {row["entry_number"]: row for row in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    assert found == {row["entry_number"]: row for row in expected}


@pytest.mark.parametrize("size", [1, 2, 5, 50, 1000])
def test_pieces_of_any_size_lose_nothing(book: Pair, tmp_path: Path, size: int) -> None:
    """Some entries have no rows: at the beginning, in the middle, several in a row, at the end."""
    own, rows = book[0].slice(0, 40), book[1]
    kept = [
        number
        for place, number in enumerate(own["entry_number"].to_pylist())
        if place % 7 and place not in (20, 39)
    ]
    rows = rows.filter(pc.is_in(rows["entry_number"], pa.array(kept)))
    paths = write(own, tmp_path / "own.parquet"), write(rows, tmp_path / "rows.parquet")
    seen = []
    for piece in read_pieces(paths[1], paths[0], size):
        assert piece.tariffs is not None
        numbers = set(piece.entries["entry_number"].to_pylist())
        assert set(piece.tariffs["entry_number"].to_pylist()) <= numbers
        seen += piece.tariffs["entry_number"].to_pylist()
    assert seen == rows["entry_number"].to_pylist()
    joined = write(repeated((own, rows)), tmp_path / "joined.parquet")
    pieces = [piece.entries["entry_number"].to_pylist() for piece in read_pieces(joined, None, size)]
    assert sum(len(piece) for piece in pieces) == len(rows)
    assert all(not set(before) & set(after) for before, after in pairwise(pieces))


def test_an_empty_file_gives_an_empty_file(book: Pair, tmp_path: Path) -> None:
    nothing = repeated(book).slice(0, 0)
    for name in ("none.parquet", "none.csv"):
        found = estimate_file(write_table(nothing, tmp_path / name), tmp_path / "out.parquet", **TERMS)
        assert (found.entries, found.rows) == (0, 0)
        assert pq.read_table(tmp_path / "out.parquet").schema.names == estimate_schema().names


def write_table(table: pa.Table, path: Path) -> Path:
    if path.suffix == ".csv":
        pa_csv.write_csv(table, path)
    else:
        pq.write_table(table, path)
    return path


def test_rows_whose_entry_does_not_come_are_refused_and_nothing_is_left(book: Pair, tmp_path: Path) -> None:
    rows = write(book[1], tmp_path / "rows.parquet")
    for few in (book[0].slice(0, 600), book[0].slice(0, 0)):
        own = write(few, tmp_path / "own.parquet")
        with pytest.raises(ColumnError, match="tariff rows of"):
            estimate_file(rows, tmp_path / "out.parquet", entries=own, **TERMS)
    assert {path.name for path in tmp_path.iterdir()} == {"own.parquet", "rows.parquet"}


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_text("not parquet")
    (tmp_path / "rows.csv").write_text("entry_number,entry_date\nABC12345676,07/01/2025\n")
    (tmp_path / "rows.txt").write_text("")
    (tmp_path / "none.csv").write_text("other\n1\n")
    for name, problem in (
        ("rows.parquet", "not a Parquet"),
        ("rows.csv", "2026-04-20"),
        ("rows.txt", "not known"),
    ):
        with pytest.raises(FileFormatError, match=problem):
            estimate_file(tmp_path / name, tmp_path / "out.parquet", **TERMS)
    with pytest.raises(ColumnError, match="no such column"):
        estimate_file(tmp_path / "none.csv", tmp_path / "out.parquet", **TERMS)
    with pytest.raises(FieldError, match="engine"):
        estimate_file(tmp_path / "rows.csv", tmp_path / "out.parquet", engine="abacus", **TERMS)


def test_entry_types_that_lost_their_zero(book: Pair, expected: list[dict[str, Any]], tmp_path: Path) -> None:
    own = plain(book[0])
    own = own.set_column(1, "entry_type", own["entry_type"].cast(pa.int32()))
    rows = write(book[1], tmp_path / "rows.parquet")
    path = write(own, tmp_path / "own.parquet")
    with pytest.raises(ColumnError, match="restore_entry_type=True"):
        estimate_file(rows, tmp_path / "out.parquet", entries=path, **TERMS)
    estimate_file(rows, tmp_path / "out.parquet", entries=path, restore_entry_type=True, **TERMS)
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == expected


def test_a_reader_stops_when_nobody_asks_any_more(book: Pair) -> None:
    reading = _Ahead(Piece(book[0], book[1]) for _ in range(10))
    next(iter(reading))
    reading.stop()
    assert not reading._thread.is_alive()


FRAMES: dict[str, Callable[[pa.Table], Any]] = {
    "pyarrow": lambda table: table,
    "batch": lambda table: table.combine_chunks().to_batches()[0],
    "pandas": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.from_arrow,
    "duckdb": duckdb.from_arrow,
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    if isinstance(frame, pa.RecordBatch):
        return frame.to_pylist()
    return pa.table(frame).to_pylist()


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_of_each_library_in_and_out(book: Pair, expected: list[dict[str, Any]], kind: str) -> None:
    own, rows = (FRAMES[kind](plain(batch)) for batch in book)
    found = estimate_frame(own, rows, **TERMS)
    assert type(found) is type(own)
    assert rows_of(found) == expected


def test_a_frame_of_another_library_gives_a_table_and_other_things_are_refused(
    book: Pair, expected: list[dict[str, Any]]
) -> None:
    class Stream:
        def __init__(self, batch: pa.RecordBatch) -> None:
            self._table = pa.Table.from_batches([batch])

        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return self._table.__arrow_c_stream__(requested_schema)

    found: Any = estimate_frame(Stream(book[0]), Stream(book[1]), **TERMS)
    assert isinstance(found, pa.Table)
    assert found.to_pylist() == expected
    with pytest.raises(FieldError, match="no __arrow_c_stream__"):
        estimate_frame([1, 2], **TERMS)
    assert (
        len(
            estimate_frame(
                pa.table({name: book[0][name].slice(0, 0) for name in book[0].schema.names}),
                Stream(book[1].slice(0, 0)),
                **TERMS,
            )
        )
        == 0
    )


def test_nullable_whole_numbers_that_pandas_made_floats_are_refused(book: Pair) -> None:
    frame = plain(book[0]).to_pandas()
    with pytest.raises(ColumnError, match="float cannot hold cents"):
        estimate_frame(frame, plain(book[1]), **TERMS)


def test_the_engine_names_its_extra(monkeypatch: pytest.MonkeyPatch, book: Pair, tmp_path: Path) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    own, rows = write(book[0], tmp_path / "own.parquet"), write(book[1], tmp_path / "rows.parquet")
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[duckdb\]"):
        estimate_file(rows, tmp_path / "out.parquet", entries=own, engine="duckdb", **TERMS)


def test_the_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib
    import sys

    for name in [name for name in sys.modules if name.startswith("ieeparefund.columns")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[arrow\]"):
        importlib.import_module("ieeparefund.columns")


def test_columns_beyond_the_schema_are_left_alone(book: Pair) -> None:
    wider = book[0].append_column("memo", pa.array(["x"] * len(book[0])))
    assert "memo" not in take_columns(wider, ENTRY_COLUMNS)


def test_a_tariff_row_past_the_last_entry_is_refused(book: Pair, tmp_path: Path) -> None:
    entries, tariffs = plain(book[0]), plain(book[1])
    last = entries["entry_number"][-1]
    stray = tariffs.slice(tariffs.num_rows - 1).set_column(
        tariffs.schema.get_field_index("entry_number"), "entry_number", pa.array(["ZZZ99999999"])
    )
    write(entries, tmp_path / "entries.parquet")
    write(pa.concat_tables([tariffs, stray]), tmp_path / "rows.parquet")
    assert last.as_py() < "ZZZ99999999"
    with pytest.raises(ColumnError, match="ZZZ99999999"):
        estimate_file(
            tmp_path / "rows.parquet", tmp_path / "out.parquet", entries=tmp_path / "entries.parquet", **TERMS
        )


def test_files_without_a_row_give_a_file_without_a_row(book: Pair, tmp_path: Path) -> None:
    for name, table in (("entries", plain(book[0])), ("rows", plain(book[1]))):
        with pq.ParquetWriter(tmp_path / f"{name}.parquet", table.schema):
            pass
    done = estimate_file(
        tmp_path / "rows.parquet", tmp_path / "out.parquet", entries=tmp_path / "entries.parquet", **TERMS
    )
    assert done.entries == 0
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_a_dictionary_without_a_word_says_nothing(book: Pair) -> None:
    entries, tariffs = book
    at = entries.schema.get_field_index("liquidation_status")
    empty = pa.DictionaryArray.from_arrays(pa.nulls(len(entries), pa.int8()), pa.array([], pa.string()))
    silent = entries.set_column(at, "liquidation_status", empty)
    without = entries.set_column(at, "liquidation_status", pa.nulls(len(entries), pa.string()))
    assert estimate_batch(silent, tariffs, **TERMS).equals(estimate_batch(without, tariffs, **TERMS))


def test_a_dictionary_of_numbers_is_no_code(book: Pair) -> None:
    entries, tariffs = book
    at = entries.schema.get_field_index("liquidation_status")
    numbers = pa.DictionaryArray.from_arrays(pa.array([0] * len(entries), pa.int8()), pa.array([2]))
    with pytest.raises(ColumnError, match="liquidation_status"):
        estimate_batch(entries.set_column(at, "liquidation_status", numbers), tariffs, **TERMS)


def test_codes_of_a_dictionary_without_words() -> None:
    from ieeparefund.columns import arrays

    nothing = pa.DictionaryArray.from_arrays(pa.nulls(3, pa.int8()), pa.array([], pa.string()))
    assert arrays.code_column(nothing, arrays.Codes(("01", "11"))).tolist() == [0, 0, 0]


def test_a_batch_without_rows_between_others_is_passed_over(book: Pair) -> None:
    from ieeparefund.columns.readers import _paired_pieces

    class NoRows:
        def until(self, *_: object) -> pa.RecordBatch:
            return book[1].slice(0, 0)

    entries = book[0]
    pieces = list(_paired_pieces(iter([entries, entries.slice(0, 0), entries.slice(1, 1)]), NoRows()))  # type: ignore[arg-type]  # stands in for the row reader
    assert [len(piece.entries) for piece in pieces] == [len(entries), 1]
