"""`ieeparefund report`: a statement of a book, the sealed exhibit of one entry, and the check of an exhibit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from ieeparefund.ace.book import load_columns, read_book
from ieeparefund.cli.options import (
    AsOf,
    ColumnMapFile,
    DepositChoice,
    Exports,
    JsonFormat,
    JsonFormatChoice,
    OutputFile,
    PayeeChoice,
    day_of_question,
    limits_asked,
    parse_day,
)
from ieeparefund.cli.output import emit, emit_bytes, to_json, tracked
from ieeparefund.cli.words import printable
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio
from ieeparefund.report.exhibit import exhibit
from ieeparefund.report.model import Document
from ieeparefund.report.render import form_of, render
from ieeparefund.report.statement import statement
from ieeparefund.report.verify import Verification, verify_exhibit

__all__ = ["app"]

_EXAMPLES = """Example: ieeparefund report es003.csv --as-of 2026-05-15 --payee corporation --output statement.html

Example: ieeparefund report es003.csv --entry 12E-1121865-8 --as-of 2026-05-15 --payee corporation --output exhibit.md

Example: ieeparefund report verify exhibit.md"""


class _WriteByDefault(TyperGroup):
    """A group whose command `write` need not be named: `report FILE...` is `report write FILE...`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer.Context is the context it gets
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["write", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_WriteByDefault,
    no_args_is_help=True,
    help="Write a statement of a book, or one entry as a sealed exhibit; check an exhibit. `report FILE...` is short "
    f"for `report write FILE...`.\n\n{_EXAMPLES}",
)


@app.command("write")
def write(
    files: Exports,
    output: Annotated[
        Path,
        typer.Option(
            "--output", metavar="FILE", help="The statement: a name that ends in .html, .md or .xlsx."
        ),
    ],
    payee: PayeeChoice,
    entry: Annotated[
        str | None,
        typer.Option("--entry", metavar="NUMBER", help="Write the sealed exhibit of this entry only."),
    ] = None,
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
    columns: ColumnMapFile = None,
    show_importers: Annotated[
        bool,
        typer.Option("--show-importers", help="Write importer numbers in full; they are masked otherwise."),
    ] = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """Write the statement of ES-003 exports, or the exhibit of one entry, as HTML, Markdown or an Excel workbook.

    Example: ieeparefund report write es003.csv --as-of 2026-05-15 --payee corporation --output statement.html
    """
    form = form_of(output)
    wanted = None if entry is None else EntryNumber.parse(entry, check=False, pad=True)
    day = day_of_question(as_of)
    book = read_book(files, load_columns(columns, limits=limits_asked()), limits=limits_asked())
    chosen = [one for one in book.entries if wanted is None or one.number == wanted]
    if wanted is not None and not chosen:
        raise InputError(
            f"entry {wanted} is not among the {len(book.entries)} usable entries.",
            remedy="Check the number, and the problems that `ieeparefund estimate` lists for the file.",
            value=entry,
        )
    portfolio = estimate_portfolio(
        tracked(chosen, "Estimating"),
        as_of=day,
        payee=payee,
        liquidated_on=liquidated_on,
        deposit_rule=deposit_rule,
    )
    document = (
        statement(portfolio, book=book, show_importers=show_importers)
        if wanted is None
        else exhibit(portfolio.estimates[0], show_importers=show_importers)
    )
    emit_bytes(render(document, form), output)
    if output_format is JsonFormat.JSON:
        emit(to_json(_written(document, portfolio, output)), None)
    elif document.seal is not None:
        emit(f"Seal: sha256 {document.seal}\n", None)
    if book.problems:
        raise typer.Exit(1)


def _written(document: Document, portfolio: Portfolio, output: Path) -> dict[str, object]:
    return {
        "output": str(output),
        "title": document.title,
        "as_of": portfolio.as_of.isoformat(),
        "payee": portfolio.payee.value,
        "totals": portfolio.totals.to_dict(),
        "seal": document.seal,
    }


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An exhibit: .html, .md or .xlsx.")],
    output_format: JsonFormatChoice = JsonFormat.TABLE,
    output: OutputFile = None,
) -> None:
    """Say whether an exhibit is as it was sealed, and what differs. Exit 0: intact; 1: something differs.

    Example: ieeparefund report verify exhibit.html
    """
    found = verify_exhibit(file, limits=limits_asked())
    if output_format is JsonFormat.JSON:
        emit(to_json(found.to_dict()), output)
    else:
        emit(printable("\n".join(_lines(found)) + "\n"), output)
    if not found.intact:
        raise typer.Exit(1)


def _lines(found: Verification) -> list[str]:
    verdict = (
        f"{found.file}: intact. The record gives the seal, and the words are those of the record."
        if found.intact
        else f"{found.file}: NOT as it was sealed."
    )
    return [
        verdict,
        f"Entry {found.entry_number}, law tables {found.rules_version}.",
        f"Seal: sha256 {found.seal}",
        *found.notes,
        *found.differences,
        "The seal is no signature: compare it with the one noted when the exhibit was made.",
    ]
