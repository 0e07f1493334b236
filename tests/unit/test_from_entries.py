"""Entries as Arrow columns: what goes in, what is refused, what fits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.books import entry
from tests.strategies import entries

from ieeparefund.columns.from_entries import (
    entry_batch,
    fits_columns,
    nested_batch,
    row_batch,
    tariff_batch,
)
from ieeparefund.columns.scalar import entry_of_row
from ieeparefund.columns.schema import ENTRY_SCHEMA, LARGEST_CENTS, ROW_SCHEMA, TARIFF_SCHEMA, ColumnError
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import FieldError

pytest.importorskip("pyarrow", reason="the arrow extra is not installed")


def with_rate(rate: Column1Rate | None) -> Entry:
    return entry(lines=[EntryLine(1, "JP", [TariffLine("9903.02.73", 100, 15)], column1_rate=rate)])


@settings(max_examples=40)
@given(st.lists(entries(), max_size=5, unique_by=lambda one: one.number))
def test_entries_come_back_from_their_columns(book: list[Entry]) -> None:
    own, rows = entry_batch(book), tariff_batch(book)
    assert own.schema == ENTRY_SCHEMA
    assert rows.schema == TARIFF_SCHEMA
    found = [
        entry_of_row(row, [one for one in rows.to_pylist() if one["entry_number"] == row["entry_number"]])
        for row in own.to_pylist()
    ]
    for back, given_one in zip(found, book, strict=True):
        # No column holds these three.
        for name in set(Entry.__slots__) - {"importer", "filer_code", "notify_party"}:
            assert getattr(back, name) == getattr(given_one, name)
    assert [len(rows) for rows in nested_batch(book)["tariffs"].to_pylist()] == [
        sum(len(line.tariffs) for line in one.lines) for one in book
    ]


def test_lines_are_put_in_order() -> None:
    rows = [TariffLine("9903.02.69", 0, 1)]
    made = entry(lines=[EntryLine(2, "VN", rows), EntryLine(1, "VN", rows)])
    assert tariff_batch([made])["line_number"].to_pylist() == [1, 2]


def test_rows_repeat_their_entry() -> None:
    found = row_batch([entry(1), entry(2)])
    assert found.schema == ROW_SCHEMA
    assert found["entry_number"].to_pylist() == [entry(1).number.compact] * 2 + [entry(2).number.compact] * 2
    assert found["duty_cents"].to_pylist() == [100000, 0] * 2
    with pytest.raises(FieldError, match="has no lines"):
        row_batch([entry(1), entry(2, lines=[])])


def test_plain_rates_are_taken_and_others_refused() -> None:
    assert tariff_batch([with_rate(Column1Rate(Decimal("2.5")))])["column1_rate"].to_pylist() == [
        Decimal("2.5")
    ]
    for rate in (
        Column1Rate(Decimal("2.5"), Decimal("0.01"), Decimal(10)),
        Column1Rate(Decimal("0.0000001")),
        Column1Rate(Decimal(901)),
    ):
        with pytest.raises(ColumnError, match="column1_rate"):
            tariff_batch([with_rate(rate)])
        assert not fits_columns(with_rate(rate))
    assert fits_columns(with_rate(None))


LARGEST = Decimal(LARGEST_CENTS) / 100


def test_what_fits() -> None:
    assert fits_columns(entry())
    assert fits_columns(entry(duty=str(LARGEST)))
    assert fits_columns(entry(duty=str(-LARGEST)))
    assert not fits_columns(entry(duty=str(LARGEST + 1)))
    assert not fits_columns(entry(already_refunded=LARGEST + 1))
    assert not fits_columns(entry(lines=[EntryLine(1, "VN", [TariffLine("9903.02.69", LARGEST + 1, None)])]))
    half = TariffLine("9903.02.69", 0, LARGEST / 2 + 1)
    assert not fits_columns(entry(lines=[EntryLine(1, "VN", [half, half])]))
    assert not fits_columns(entry(deposit_date=dt.date(1970, 1, 1)))
    assert fits_columns(entry(deposit_date=dt.date(1970, 1, 2)))
