"""Polars LazyFrames: every shape, rows in any order, both engines, files as a stream, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.drawn import by_number, drawn_book, expected

from ieeparefund.columns.from_entries import entry_batch, nested_batch, row_batch, tariff_batch
from ieeparefund.columns.schema import ColumnError

pl = pytest.importorskip("polars", reason="the polars extra is not installed")

# Before 2.0 polars puts the error of a source into one of its own, with its words.
REFUSED = (ColumnError, pl.exceptions.ComputeError)

BOOK = drawn_book(250)
LINED = [entry for entry in BOOK if entry.lines]
TERMS: dict[str, Any] = {"as_of": dt.date(2026, 5, 15), "payee": "corporation"}
ENTRIES, ROWS, NESTED, REPEATED = (
    pl.from_arrow(made)
    for made in (entry_batch(BOOK), tariff_batch(BOOK), nested_batch(BOOK), row_batch(LINED))
)
engines = pytest.mark.parametrize("engine", ["in-memory", "streaming"])


def lazy(*frames: Any, **terms: Any) -> Any:
    from ieeparefund.columns.polars import estimate_lazy

    return estimate_lazy(*(frame.lazy() for frame in frames), **(terms or TERMS))


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    """Rows and entries."""
    made = tmp_path / "rows.parquet", tmp_path / "entries.parquet"
    ROWS.write_parquet(made[0])
    ENTRIES.write_parquet(made[1])
    return made


@engines
def test_rows_are_joined_to_their_entries(engine: str) -> None:
    assert lazy(ENTRIES, ROWS).collect(engine=engine).to_dicts() == expected(BOOK, **TERMS)


@engines
def test_rows_stand_anywhere_and_spell_their_number_with_dashes(engine: str) -> None:
    dashed = pl.col("entry_number").str.replace("^(...)(.{7})(.)$", "${1}-${2}-${3}").str.to_lowercase()
    mixed = ROWS.sample(fraction=1, shuffle=True, seed=3).with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(dashed).otherwise("entry_number").alias("entry_number")
    )
    assert lazy(ENTRIES, mixed).collect(engine=engine).to_dicts() == expected(BOOK, **TERMS)


@engines
def test_lists_of_rows_and_other_columns(engine: str) -> None:
    given: dict[str, Any] = {**TERMS, "payee": "other", "liquidated_on": dt.date(2026, 9, 30)}
    frame = NESTED.with_columns(importer=pl.lit("another column"))
    assert lazy(frame, **given).collect(engine=engine).to_dicts() == expected(BOOK, **given)


@engines
def test_rows_that_repeat_their_entry_in_any_order(engine: str) -> None:
    assert lazy(REPEATED).collect(engine=engine).to_dicts() == expected(LINED, **TERMS)
    mixed = lazy(REPEATED.sample(fraction=1, shuffle=True, seed=5)).collect(engine=engine).to_dicts()
    assert by_number(mixed) == by_number(expected(LINED, **TERMS))


def test_nothing_is_read_before_it_is_asked_for() -> None:
    answers = lazy(ENTRIES.with_columns(entry_type=pl.lit("no type")), ROWS)
    with pytest.raises(REFUSED, match="entry_type"):
        answers.collect()


def test_the_query_goes_on_after_the_answers() -> None:
    taken = pl.col("outcome") == "accepted"
    found = lazy(ENTRIES, ROWS).filter(taken).select(pl.col("refund_cents").sum()).collect().item()
    assert found == sum(
        row["refund_cents"] for row in expected(BOOK, **TERMS) if row["outcome"] == "accepted"
    )


@engines
def test_rows_without_an_entry_are_refused(engine: str) -> None:
    with pytest.raises(REFUSED, match=r"tariff rows of .*, expected numbers that are among the entries"):
        lazy(ENTRIES.head(20), ROWS).collect(engine=engine)


@engines
def test_an_entry_that_is_there_twice_is_refused(engine: str) -> None:
    with pytest.raises(REFUSED, match="entry ZT400000001 twice"):
        lazy(pl.concat([ENTRIES, ENTRIES.head(1)]), ROWS).collect(engine=engine)


@engines
def test_files_are_scanned(engine: str, paths: tuple[Path, Path]) -> None:
    from ieeparefund.columns.polars import scan_estimates

    answers, wanted = scan_estimates(paths[0], entries=paths[1], **TERMS), expected(BOOK, **TERMS)
    assert answers.collect(engine=engine).to_dicts() == wanted
    assert answers.head(7).collect(engine=engine).to_dicts() == wanted[:7]
    some = answers.filter(pl.col("outcome") == "rejected").select("entry_number", "refund_cents")
    assert some.collect(engine=engine).to_dicts() == [
        {name: row[name] for name in ("entry_number", "refund_cents")}
        for row in wanted
        if row["outcome"] == "rejected"
    ]


def test_a_scan_is_sunk_to_a_file(paths: tuple[Path, Path], tmp_path: Path) -> None:
    from ieeparefund.columns.polars import scan_estimates

    scan_estimates(paths[0], entries=paths[1], **TERMS).sink_parquet(tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").to_dicts() == expected(BOOK, **TERMS)


def test_unusable_terms_are_refused_at_once(paths: tuple[Path, Path]) -> None:
    from ieeparefund.columns.polars import scan_estimates
    from ieeparefund.errors import FieldError

    with pytest.raises(FieldError, match="payee"):
        scan_estimates(paths[0], as_of=TERMS["as_of"], payee="person")
    with pytest.raises(FieldError, match="payee"):
        lazy(NESTED, as_of=TERMS["as_of"], payee="person")
