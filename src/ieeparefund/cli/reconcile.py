"""`ieeparefund reconcile`: what CBP refunded, and the bank received, against what was due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from ieeparefund.ace.bank_lines import read_bank_lines
from ieeparefund.ace.book import Book, load_columns, read_book
from ieeparefund.ace.column_map import load_column_map
from ieeparefund.ace.offsets import read_offsets
from ieeparefund.ace.payments import bank_lines_of, merge_payments
from ieeparefund.ace.refund_reports import read_refund_report
from ieeparefund.cli.options import (
    AsOf,
    Column1Choice,
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
from ieeparefund.cli.reconcile_table import reconcile_tables
from ieeparefund.errors import InputError
from ieeparefund.problems import RowProblem
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.refunds.reconcile import reconcile as reconcile_refunds
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, Payment
from ieeparefund.refunds.reconcile_items import Result

__all__ = ["EXIT_CODES", "reconcile"]

EXIT_CODES: Mapping[Result, int] = MappingProxyType(
    {Result.MATCHED: 0, Result.EXPLAINED: 3, Result.UNEXPLAINED: 4, Result.COULD_NOT_CHECK: 5}
)
"""Exit code of each result; 1 stands for problems in the input, 2 for unusable input. The highest wins."""

_PROBLEMS = 1


@dataclass(frozen=True, slots=True)
class _Received:
    """What the files about refunds hold."""

    payments: tuple[Payment, ...]
    repeats: int
    bank: list[BankLine] | None
    offsets: tuple[Offset, ...]
    problems: list[RowProblem]


def _read(
    payments: Sequence[Path],
    columns: Sequence[Path],
    bank: Path | None,
    bank_columns: Path | None,
    bank_reference: str | None,
    offsets: Path | None,
) -> _Received:
    if len(columns) not in (1, len(payments)):
        raise InputError(
            f"there are {len(payments)} --payments and {len(columns)} --columns.",
            remedy="Give one column map for all, or one for each in the same order.",
            column="columns",
        )
    maps = [load_column_map(path, limits=limits_asked()) for path in columns]
    if len(maps) < len(payments):
        maps *= len(payments)
    reports = [
        read_refund_report(path, one, limits=limits_asked()) for path, one in zip(payments, maps, strict=True)
    ]
    rows, repeats = merge_payments(reports)
    problems = [problem for report in reports for problem in report.problems]
    lines = None
    if bank is not None:
        if bank_columns is None:
            raise InputError(
                "--bank is given without --bank-columns.",
                remedy="Give a column map for bank lines.",
                column="bank_columns",
            )
        statement = read_bank_lines(
            bank, load_column_map(bank_columns, limits=limits_asked()), limits=limits_asked()
        )
        lines = list(bank_lines_of(statement, bank_reference))
        problems += statement.problems
    listed: tuple[Offset, ...] = ()
    if offsets is not None:
        found = read_offsets(offsets, limits=limits_asked())
        listed = found.offsets
        problems += found.problems
    return _Received(rows, repeats, lines, listed, problems)


def reconcile(
    files: Exports,
    payments: Annotated[
        list[Path],
        typer.Option(
            "--payments", metavar="FILE", help="ES-022, REV-603, REV-613 or REV-615; may be repeated."
        ),
    ],
    columns: Annotated[
        list[Path],
        typer.Option(
            "--columns", metavar="MAP.toml", help="Column map: one for all reports, or one for each."
        ),
    ],
    payee: PayeeChoice,
    bank: Annotated[
        Path | None, typer.Option("--bank", metavar="FILE", help="Bank statement with the lines of refunds.")
    ] = None,
    bank_columns: Annotated[
        Path | None, typer.Option("--bank-columns", metavar="MAP.toml", help="Column map of the statement.")
    ] = None,
    bank_reference: Annotated[
        str | None,
        typer.Option("--bank-reference", metavar="TEXT", help="Take only bank lines with this text."),
    ] = None,
    offsets: Annotated[
        Path | None,
        typer.Option(
            "--offsets",
            metavar="FILE",
            help="Known set-offs: Refund Number, Entry Number, Amount, Kind, Bill.",
        ),
    ] = None,
    as_of: AsOf = None,
    declared_on: Annotated[
        dt.date | None,
        typer.Option(
            "--declared-on",
            parser=parse_day,
            metavar="DATE",
            help="Estimate as of this day, on which the entries were declared. Default: the day of the question.",
        ),
    ] = None,
    deposit_rule: DepositChoice = DepositRule.SUMMARY,
    column1: Column1Choice = Column1Source.GIVEN,
    entry_columns: Annotated[
        Path | None,
        typer.Option(
            "--entry-columns",
            metavar="MAP.toml",
            help="TOML file with your column names, for an ES-003 with other headings.",
        ),
    ] = None,
    output_format: FormatChoice = Format.TABLE,
    output: OutputFile = None,
) -> None:
    """Compare what CBP refunded, and the bank received, with what was due, and name every difference.

    Exit code 0: matched; 3: explained by named items; 4: something is unexplained; 5: something could not be
    checked; 1: problems in the input and nothing of these; 2: unusable input. The highest wins.

    Example: ieeparefund reconcile es003.csv --payments es022.csv --columns es022.toml --payee corporation
    """
    day = day_of_question(as_of)
    book = read_book(files, load_columns(entry_columns, limits=limits_asked()), limits=limits_asked())
    received = _read(payments, columns, bank, bank_columns, bank_reference, offsets)
    portfolio = estimate_portfolio(
        tracked(book.entries, "Estimating"),
        as_of=declared_on or day,
        payee=payee,
        deposit_rule=deposit_rule,
        column1=column1,
    )
    found = reconcile_refunds(
        portfolio.estimates, received.payments, received.offsets, bank=received.bank, as_of=day
    )
    problems = [*book.problems, *received.problems]
    if output_format is Format.JSON:
        result: dict[str, Any] = found.to_dict()
        result["totals"] = {
            **book.row_counts(),
            "payment_rows": len(received.payments),
            "payment_rows_repeated": received.repeats,
            **result["totals"],
        }
        result["problems"] = [problem.to_dict() for problem in problems]
        text = to_json(result)
    elif output_format is Format.CSV:
        text = rows_as_csv(found.to_rows())
    else:
        parts = reconcile_tables(found, problems, _rows_text(book, received))
        text = render(parts, colour=output is None and stdout_is_terminal())
    emit(text, output)
    code = max(EXIT_CODES[found.result], _PROBLEMS if problems else 0)
    if code:
        raise typer.Exit(code)


def _rows_text(book: Book, received: _Received) -> str:
    counts = book.row_counts()
    return (
        f"Rows: {counts['rows_read']} read = {counts['rows_used']} used + {counts['rows_excluded']} excluded"
        f"{book.exclusions_text()}. Report rows: {len(received.payments)} used, {received.repeats} that repeat "
        "a row of an earlier file left out."
    )
