"""`ieeparefund estimate`: an ES-003 export in, refunds and deadlines out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ieeparefund.ace.book import Book, load_columns, read_book
from ieeparefund.cli.engine import (
    Engine,
    EngineChoice,
    choose_engine,
    columns_csv,
    columns_json,
    columns_portfolio,
    with_book,
)
from ieeparefund.cli.estimate_table import estimate_tables
from ieeparefund.cli.options import (
    AsOf,
    Column1Choice,
    ColumnMapFile,
    DepositChoice,
    Exports,
    Format,
    FormatChoice,
    OutputFile,
    PayeeChoice,
    day_of_question,
    limits_asked,
    parse_day,
)
from ieeparefund.cli.output import emit, render, rows_as_csv, stdout_is_terminal, to_json, tracked
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio

__all__ = ["estimate"]


def estimate(
    files: Exports,
    payee: PayeeChoice,
    as_of: AsOf = None,
    liquidated_on: Annotated[
        dt.date | None,
        typer.Option(
            "--liquidated-on",
            parser=parse_day,
            metavar="DATE",
            help="End all interest on this day, as if everything were (re)liquidated then.",
        ),
    ] = None,
    deposit_rule: DepositChoice = DepositRule.SUMMARY,
    column1: Column1Choice = Column1Source.GIVEN,
    columns: ColumnMapFile = None,
    engine: EngineChoice = Engine.AUTO,
    output_format: FormatChoice = Format.TABLE,
    output: OutputFile = None,
) -> None:
    """Say for each entry what CAPE does with it, what comes back, and every deadline.

    Example: ieeparefund estimate es003.csv --as-of 2026-05-15 --payee corporation
    """
    day = day_of_question(as_of)
    book = read_book(files, load_columns(columns, limits=limits_asked()), limits=limits_asked())
    terms: dict[str, Any] = {
        "as_of": day,
        "payee": payee,
        "liquidated_on": liquidated_on,
        "deposit_rule": deposit_rule,
        "column1": column1,
    }
    if choose_engine(engine, book.rows_read) is Engine.COLUMNS:
        text = _by_columns(book, terms, output_format, output)
    else:
        portfolio = estimate_portfolio(tracked(book.entries, "Estimating"), **terms)
        text = _by_entry(portfolio, book, output_format, output)
    emit(text, output)
    if book.problems:
        raise typer.Exit(1)


def _by_entry(portfolio: Portfolio, book: Book, output_format: Format, output: Path | None) -> str:
    if output_format is Format.JSON:
        return to_json(with_book(portfolio.to_dict(), book))
    if output_format is Format.CSV:
        return rows_as_csv(portfolio.to_rows())
    return render(estimate_tables(portfolio, book), colour=output is None and stdout_is_terminal())


def _by_columns(
    book: Book, terms: dict[str, Any], output_format: Format, output: Path | None
) -> str | Iterator[str]:
    from ieeparefund.columns.by_state import StateBook

    answers = StateBook(book.entries, **terms)
    if output_format is Format.JSON:
        return columns_json(answers, book)
    if output_format is Format.CSV:
        return columns_csv(answers)
    return _by_entry(columns_portfolio(answers), book, output_format, output)
