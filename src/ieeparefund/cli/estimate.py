"""`ieeparefund estimate`: an ES-003 export in, refunds and deadlines out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from ieeparefund.ace.book import load_columns, read_book
from ieeparefund.cli.estimate_table import estimate_tables
from ieeparefund.cli.options import (
    AsOf,
    Column1Choice,
    DepositChoice,
    Format,
    FormatChoice,
    OutputFile,
    PayeeChoice,
    day_of_question,
    parse_day,
)
from ieeparefund.cli.output import emit, render, rows_as_csv, stdout_is_terminal, to_json, tracked
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source
from ieeparefund.refunds.portfolio import estimate_portfolio

__all__ = ["estimate"]


def estimate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="ES-003 exports, .csv or .xlsx.")],
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
    columns: Annotated[
        Path | None,
        typer.Option(
            "--columns",
            metavar="MAP.toml",
            help="TOML file with your column names, for a file with other headings.",
        ),
    ] = None,
    output_format: FormatChoice = Format.TABLE,
    output: OutputFile = None,
) -> None:
    """Say for each entry what CAPE does with it, what comes back, and every deadline.

    Example: ieeparefund estimate es003.csv --as-of 2026-05-15 --payee corporation
    """
    day = day_of_question(as_of)
    book = read_book(files, load_columns(columns))
    portfolio = estimate_portfolio(
        tracked(book.entries, "Estimating"),
        as_of=day,
        payee=payee,
        liquidated_on=liquidated_on,
        deposit_rule=deposit_rule,
        column1=column1,
    )
    if output_format is Format.JSON:
        result: dict[str, Any] = portfolio.to_dict()
        result["totals"] = {**book.row_counts(), **result["totals"]}
        result["problems"] = [problem.to_dict() for problem in book.problems]
        result["repairs"] = [repair.to_dict() for repair in book.repairs]
        text = to_json(result)
    elif output_format is Format.CSV:
        text = rows_as_csv(portfolio.to_rows())
    else:
        text = render(estimate_tables(portfolio, book), colour=output is None and stdout_is_terminal())
    emit(text, output)
    if book.problems:
        raise typer.Exit(1)
