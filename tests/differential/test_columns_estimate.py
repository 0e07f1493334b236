"""Every column of every answer equals the scalar code's, whatever is known of the entries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from benchmarks.generate import AS_OF, blocks
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import dates, dollars, entries

from ieeparefund.columns import estimate_batch
from ieeparefund.columns.batch import unit_of
from ieeparefund.columns.duckdb import DuckEngine
from ieeparefund.columns.estimator import CHUNK, Estimator
from ieeparefund.columns.from_entries import answer_row, entry_batch, nested_batch, row_batch, tariff_batch
from ieeparefund.columns.scalar import scalar_answers
from ieeparefund.columns.units import Unit
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import estimate_refund
from ieeparefund.testing import any_tariff_numbers

COUNTRIES = ["CN", "HK", "CA", "XC", "MX", "BR", "IN", "DE", "JP", "KR", "GB", "CH", "VN", "RU", None, "ZZ"]
# Days on which rules, quarters or leap years turn.
TURNS = [
    dt.date.fromisoformat(f"{year}-{day}")
    for year, days in (
        (
            2026,
            (
                "01-15",
                "02-24",
                "04-19",
                "04-20",
                "06-22",
                "06-23",
                "06-24",
                "06-25",
                "06-28",
                "06-29",
                "06-30",
            ),
        ),
        (2026, ("07-01", "07-06", "07-07", "09-29", "09-30", "11-16", "11-17", "12-31")),
        (2027, ("01-04", "12-31")),
        (2028, ("02-29",)),
    )
    for day in days
]


def tariffs() -> st.SearchStrategy[TariffLine]:
    amounts = st.one_of(
        st.none(), st.just(Decimal("0.00")), dollars(), dollars(100), dollars(100).map(lambda amount: -amount)
    )
    return st.builds(TariffLine, st.sampled_from(any_tariff_numbers()), amounts, amounts)


@st.composite
def lines(draw: st.DrawFn, number: int) -> EntryLine:
    rate = draw(st.one_of(st.none(), st.none(), st.integers(0, 400_000)))
    return EntryLine(
        number,
        draw(st.sampled_from(COUNTRIES)),
        draw(st.lists(tariffs(), min_size=1, max_size=5)),
        None if rate is None else Column1Rate(Decimal(rate).scaleb(-4)),
        draw(st.sampled_from([None, "S", "KR"])),
    )


@st.composite
def wild_lines(draw: st.DrawFn) -> list[EntryLine]:
    return [draw(lines(number)) for number in range(1, draw(st.integers(0, 3)) + 1)]


def wild_entries() -> st.SearchStrategy[Entry]:
    """Entries as `entries` draws them, with lines on any heading of the table and sometimes a payee."""
    return entries(lines=wild_lines(), payees=st.sampled_from([None, None, *Payee]))


books = st.lists(wild_entries(), min_size=1, max_size=12, unique_by=lambda entry: entry.number)
terms = st.fixed_dictionaries(
    {
        "as_of": st.one_of(st.sampled_from(TURNS), dates("2025-03-01", "2027-12-31")),
        "payee": st.sampled_from(Payee),
        "liquidated_on": st.one_of(st.none(), st.none(), dates("2026-04-20", "2027-12-31")),
        "deposit_rule": st.sampled_from(DepositRule),
    }
)


def differences(book: list[Entry], found: list[dict[str, Any]], **given: Any) -> list[tuple[Any, ...]]:
    expected = [answer_row(estimate_refund(entry, **given)) for entry in book]
    assert len(found) == len(expected)
    return [
        (place, name, mine[name], theirs[name])
        for place, (mine, theirs) in enumerate(zip(found, expected, strict=True))
        for name in theirs
        if mine[name] != theirs[name]
    ]


@settings(max_examples=25, deadline=None)
@given(books, terms)
def test_entries_and_rows_apart(book: list[Entry], given: dict[str, Any]) -> None:
    found = estimate_batch(entry_batch(book), tariff_batch(book), **given).to_pylist()
    assert differences(book, found, **given) == []


@settings(max_examples=10, deadline=None)
@given(books, terms)
def test_entries_with_a_list_of_rows(book: list[Entry], given: dict[str, Any]) -> None:
    found = estimate_batch(nested_batch(book), **given).to_pylist()
    assert differences(book, found, **given) == []


@settings(max_examples=10, deadline=None)
@given(books, terms)
def test_rows_that_repeat_the_entry(book: list[Entry], given: dict[str, Any]) -> None:
    book = [entry for entry in book if entry.lines]
    found = estimate_batch(row_batch(book), **given).to_pylist()
    assert differences(book, found, **given) == []


@settings(max_examples=25, deadline=None)
@given(books, terms)
def test_duckdb_on_any_entries(book: list[Entry], given: dict[str, Any]) -> None:
    found = by_duckdb(unit_of(entry_batch(book), tariff_batch(book)), **given)
    assert differences(book, found.to_pylist(), **given) == []


@settings(max_examples=10, deadline=None)
@given(st.lists(entries(), min_size=1, max_size=12, unique_by=lambda entry: entry.number), terms)
def test_usual_entries(book: list[Entry], given: dict[str, Any]) -> None:
    found = estimate_batch(entry_batch(book), tariff_batch(book), **given).to_pylist()
    assert differences(book, found, **given) == []


def by_duckdb(unit: Unit, **given: Any) -> pa.RecordBatch:
    engine = DuckEngine(Estimator(**given))
    try:
        return engine.estimate(unit)
    finally:
        engine.close()


@pytest.mark.parametrize("as_of", TURNS, ids=str)
def test_a_made_up_caseload_on_every_day_that_rules_turn(as_of: dt.date) -> None:
    own, rows = next(blocks(600, seed=as_of.toordinal()))
    found = estimate_batch(own, rows, as_of=as_of, payee="other").to_pylist()
    assert found == scalar_answers(own.to_pylist(), rows.to_pylist(), as_of=as_of, payee="other")
    by_sql = by_duckdb(unit_of(own, rows), as_of=as_of, payee="other")
    assert by_sql.to_pylist() == found


def test_one_batch_of_several_chunks() -> None:
    own, rows = next(blocks(3 * CHUNK // 2, seed=7))
    found = estimate_batch(own, rows, as_of=AS_OF, payee="corporation")
    # Scalar answers for a few of them are enough: the chunks are cut by one code.
    places = range(0, len(own), 97)
    some, wanted = own.take(list(places)), {own["entry_number"][place].as_py() for place in places}
    few = rows.filter(pc.is_in(rows["entry_number"], pa.array(sorted(wanted))))
    assert found.take(list(places)).to_pylist() == scalar_answers(
        some.to_pylist(), few.to_pylist(), as_of=AS_OF, payee="corporation"
    )
