"""`ieeparefund declare`: CAPE upload files from ES-003 exports, with a manifest and a ledger."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ieeparefund.ace.book import load_columns, read_book
from ieeparefund.ace.declaration_files import (
    WrittenDeclaration,
    finish_pending,
    recover,
    write_declarations,
)
from ieeparefund.cli.options import (
    AsOf,
    Column1Choice,
    ColumnMapFile,
    DepositChoice,
    Exports,
    JsonFormat,
    JsonFormatChoice,
    PayeeChoice,
    day_of_question,
    limits_asked,
)
from ieeparefund.cli.output import emit, plain_table, render, stdout_is_terminal, to_json, tracked
from ieeparefund.money import format_dollars
from ieeparefund.refunds.declarations import DeclarationPlan, GroupBy, plan_declarations
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source
from ieeparefund.refunds.ledger import Ledger
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.refunds.preflight import FINAL, Account, Stop

__all__ = ["declare"]


class LineEnd(StrEnum):
    """Line end of the upload file."""

    CRLF = "crlf"
    LF = "lf"


_STOPS = ", ".join(stop for stop in Stop if stop not in FINAL)


def declare(
    files: Exports,
    payee: PayeeChoice,
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder for the upload files.")],
    as_of: AsOf = None,
    ledger_file: Annotated[
        Path | None,
        typer.Option(
            "--ledger",
            metavar="FILE",
            help="Ledger that keeps entries from being declared twice; made if it is not there.",
        ),
    ] = None,
    group_by: Annotated[
        GroupBy | None,
        typer.Option("--group-by", help="Make files that hold one importer, or one filer, each."),
    ] = None,
    line_end: Annotated[
        LineEnd, typer.Option("--line-end", help="Line end of the upload files.")
    ] = LineEnd.CRLF,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            metavar="STOP",
            help=f"List entries in spite of this stop; may be repeated. Stops: {_STOPS}.",
        ),
    ] = None,
    account_importer: Annotated[
        str | None,
        typer.Option(
            "--account-importer", metavar="NUMBER", help="Importer of record of the ACE account that uploads."
        ),
    ] = None,
    account_filer: Annotated[
        str | None,
        typer.Option("--account-filer", metavar="CODE", help="Filer code of the ACE account that uploads."),
    ] = None,
    deposit_rule: DepositChoice = DepositRule.SUMMARY,
    column1: Column1Choice = Column1Source.GIVEN,
    columns: ColumnMapFile = None,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """Write CAPE upload files of the entries CAPE takes, most urgent first, and list the others with reasons.

    Example: ieeparefund declare es003.csv --as-of 2026-05-15 --payee corporation --output cape --ledger cape.db
    """
    day = day_of_question(as_of)
    book = read_book(files, load_columns(columns, limits=limits_asked()), limits=limits_asked())
    portfolio = estimate_portfolio(
        tracked(book.entries, "Estimating"),
        as_of=day,
        payee=payee,
        deposit_rule=deposit_rule,
        column1=column1,
    )
    account = Account(account_importer, account_filer) if account_importer or account_filer else None
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger.open(ledger_file)) if ledger_file is not None else None
        if ledger is not None:
            recover(ledger)
        with ExitStack() as held:
            if ledger is not None:
                held.enter_context(ledger.transaction())
            plan = plan_declarations(
                portfolio.estimates, ledger, group_by, allow=allow or (), account=account
            )
            written = write_declarations(plan, output, line_end=line_end.value, ledger=ledger)
        finish_pending(output, ledger)
    result = _result(written, plan, day)
    result["problems"] = [problem.to_dict() for problem in book.problems]
    if output_format is JsonFormat.JSON:
        text = to_json(result)
    else:
        text = render(_tables(written, plan), colour=stdout_is_terminal())
    emit(text, None)
    if book.problems:
        raise typer.Exit(1)


def _result(written: list[WrittenDeclaration], plan: DeclarationPlan, day: dt.date) -> dict[str, Any]:
    return {
        "as_of": day.isoformat(),
        "files": [
            {
                "file": str(item.path),
                "sha256": item.sha256,
                "entries": len(item.declaration.estimates),
                "principal": f"{item.declaration.principal:.2f}",
                "interest": f"{item.declaration.interest:.2f}",
            }
            for item in written
        ],
        "excluded": [
            {
                "entry_number": str(item.estimate.entry.number),
                "reasons": [
                    {"stop": reason.stop.value, "reason": reason.reason, "remedy": reason.remedy}
                    for reason in item.reasons
                ],
            }
            for item in plan.excluded
        ],
    }


def _tables(written: list[WrittenDeclaration], plan: DeclarationPlan) -> list[object]:
    parts: list[object] = []
    if written:
        parts.append(
            plain_table(
                f"Written to {written[0].path.parent}",
                [("File", False), ("Entries", True), ("Principal", True), ("Interest", True)],
                [
                    (
                        item.path.name,
                        str(len(item.declaration.estimates)),
                        format_dollars(item.declaration.principal),
                        format_dollars(item.declaration.interest),
                    )
                    for item in written
                ],
            )
        )
    else:
        parts.append("Nothing to declare.")
    parts.append("")
    if plan.excluded:
        parts.append(
            plain_table(
                "Left out",
                [("Entry", True), ("Stop", False), ("Reason and what to do", False)],
                [
                    (str(item.estimate.entry.number), reason.stop.value, f"{reason.reason} {reason.remedy}")
                    for item in plan.excluded
                    for reason in item.reasons
                ],
            )
        )
    return parts
