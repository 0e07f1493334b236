"""The function that other engines carry about: pieces of any shape and order, streams, pickling, refusals."""

from __future__ import annotations

import datetime as dt
import importlib
import pickle
import sys
from decimal import Decimal
from typing import Any

import pytest
from tests.books import entry

from ieeparefund.columns.arrays import rates
from ieeparefund.columns.distributed import PieceEstimator, one_batch, plain_estimate_schema
from ieeparefund.columns.from_entries import answer_row, entry_batch, nested_batch, row_batch
from ieeparefund.columns.schema import ColumnError
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.errors import FieldError, MissingExtraError
from ieeparefund.refunds.estimate import estimate_refund

pa = pytest.importorskip("pyarrow", reason="the arrow extra is not installed")

TERMS: dict[str, Any] = {"as_of": dt.date(2026, 5, 15), "payee": "corporation"}
PIECE = PieceEstimator(**TERMS)


def two_lines(count: int) -> Any:
    rows = [TariffLine("9903.02.69", 0, 1000 + count), TariffLine("8471300100", 5000, 0)]
    return entry(count, lines=[EntryLine(1, "VN", rows), EntryLine(2, "VN", rows)])


BOOK = [two_lines(count) for count in range(1, 12)]
WANTED = [answer_row(estimate_refund(one, **TERMS)) for one in BOOK]


def table(batch: Any) -> Any:
    return pa.Table.from_batches([batch])


def test_a_piece_in_every_shape() -> None:
    assert PIECE(nested_batch(BOOK)).to_pylist() == WANTED
    assert PIECE(table(nested_batch(BOOK))).to_pylist() == WANTED
    assert PIECE(table(row_batch(BOOK))).to_pylist() == WANTED
    in_two = pa.concat_tables([table(row_batch(BOOK[:5])), table(row_batch(BOOK[5:]))])
    assert PIECE(in_two).to_pylist() == WANTED


def test_types_are_plain() -> None:
    found = PIECE(nested_batch(BOOK)).schema
    assert found == plain_estimate_schema()
    assert not any(pa.types.is_dictionary(field.type) for field in found)


def test_rows_in_any_order_are_brought_together() -> None:
    rows = table(row_batch(BOOK))
    backwards = rows.take(list(range(len(rows)))[::-1])
    assert PIECE(backwards).to_pylist() == WANTED[::-1]
    # Every second row first: the rows of an entry are torn apart.
    torn = rows.take([*range(0, len(rows), 2), *range(1, len(rows), 2)])
    assert PIECE(torn).to_pylist() == WANTED


def test_an_empty_piece_has_no_answers() -> None:
    assert PIECE(table(row_batch(BOOK)).slice(0, 0)).to_pylist() == []
    assert PIECE(pa.Table.from_batches([], nested_batch(BOOK).schema)).to_pylist() == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_the_rows_of_an_entry_go_on_in_the_next_batch(size: int) -> None:
    rows = row_batch(BOOK)
    batches = [rows.slice(first, size) for first in range(0, len(rows), size)]
    found = [row for batch in PIECE.stream([rows.slice(0, 0), *batches]) for row in batch.to_pylist()]
    assert found == WANTED


def test_batches_of_a_stream_may_have_dictionaries_of_their_own() -> None:
    batches = [row_batch(BOOK[:3]), row_batch(BOOK[3:])]
    assert [row for batch in PIECE.stream(batches) for row in batch.to_pylist()] == WANTED


def test_a_stream_of_entries_with_lists() -> None:
    whole = nested_batch(BOOK)
    batches = [whole.slice(first, 4) for first in range(0, len(whole), 4)]
    assert [row for batch in PIECE.stream(batches) for row in batch.to_pylist()] == WANTED


def test_a_stream_of_nothing() -> None:
    assert list(PIECE.stream([])) == []
    assert list(PIECE.stream([row_batch(BOOK).slice(0, 0)])) == []


def test_it_can_be_pickled_and_leaves_its_tables_behind() -> None:
    sent = pickle.dumps(PIECE)
    assert len(sent) < 10_000
    assert pickle.loads(sent)(nested_batch(BOOK)).to_pylist() == WANTED


def test_terms_are_checked_when_it_is_made() -> None:
    with pytest.raises(FieldError, match="payee"):
        PieceEstimator(as_of=dt.date(2026, 5, 15), payee="person")


def test_refusals() -> None:
    nested = nested_batch(BOOK)
    lost = nested.set_column(
        1, nested.schema.field(1).with_nullable(True), pa.nulls(len(nested), nested.schema.types[1])
    )
    with pytest.raises(ColumnError, match=f"tariff rows of {BOOK[0].number.compact}"):
        PIECE(lost)
    # Without rows it is the entry's own type that is missing.
    without = lost.set_column(len(lost.schema) - 1, "tariffs", pa.nulls(len(nested), nested.schema.types[-1]))
    with pytest.raises(ColumnError, match="entry_type"):
        PIECE(without)
    for batch in (
        row_batch(BOOK).drop_columns(["entry_number"]),
        entry_batch(BOOK).drop_columns(["entry_number"]),
    ):
        with pytest.raises(ColumnError, match="entry_number: found no such column"):
            PIECE(batch)
    for start in (PIECE, lambda batch: list(PIECE.stream([batch]))):
        with pytest.raises(ColumnError, match="line_number"):
            start(row_batch(BOOK).drop_columns(["line_number"]))
    with pytest.raises(ColumnError, match="tariff_number"):
        PIECE(entry_batch(BOOK))


@pytest.mark.parametrize(("module", "needs"), [("polars", "polars"), ("spark", "pyspark.sql")])
def test_engines_without_their_extra_name_it(
    module: str, needs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, needs, None)
    monkeypatch.delitem(sys.modules, f"ieeparefund.columns.{module}", raising=False)
    with pytest.raises(MissingExtraError, match=rf"install ieeparefund\[{module}\]"):
        importlib.import_module(f"ieeparefund.columns.{module}")


@pytest.mark.parametrize(
    "kind",
    [pa.dictionary(pa.uint32(), pa.string_view()), pa.dictionary(pa.int32(), pa.string()), pa.date32()],
)
def test_a_table_without_rows_is_a_batch_without_rows(kind: Any) -> None:
    schema = pa.schema([("entry_type", kind)])
    found = one_batch(pa.Table.from_batches([], schema))
    assert (len(found), found.schema) == (0, schema)


def test_no_rates_are_no_rates() -> None:
    assert rates(pa.array([], pa.decimal128(9, 6))).tolist() == []
    assert rates(pa.array([Decimal("2.5"), None], pa.decimal128(38, 16))).tolist() == [25 * 10**15, -1]
