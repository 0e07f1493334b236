"""`ieeparefund ledger`: record CBP's results, and read the ledger out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from ieeparefund.ace.claim_details import ClaimState, read_claim_details
from ieeparefund.cli.options import Format, FormatChoice, OutputFile, limits_asked, parse_day
from ieeparefund.cli.output import emit, plain_table, render, rows_as_csv, stdout_is_terminal, to_json
from ieeparefund.entries.identifiers import mask_sentence
from ieeparefund.errors import FileFormatError
from ieeparefund.refunds.ledger import TEXTS_APART, Ledger, Result, ResultState

__all__ = ["app"]

app = typer.Typer(help="Keep the ledger: what was declared, and what CBP answered.", no_args_is_help=True)

LedgerFile = Annotated[
    Path, typer.Argument(metavar="LEDGER", help="The ledger, as made by declare --ledger.")
]


def _open(path: Path) -> Ledger:
    if not path.exists():
        raise FileFormatError(
            "there is no such ledger.", remedy="Make one with `ieeparefund declare --ledger`.", file=str(path)
        )
    return Ledger.open(path)


@app.command("record")
def record(
    ledger_file: LedgerFile,
    claim_details: Annotated[Path, typer.Argument(metavar="FILE", help="CAPE Claim Details, .csv.")],
    on: Annotated[
        dt.date,
        typer.Option(
            "--on", parser=parse_day, metavar="DATE", help="Day the file was downloaded, YYYY-MM-DD."
        ),
    ],
) -> None:
    """Record CBP's results from a CAPE Claim Details file; doing it again changes nothing.

    Example: ieeparefund ledger record cape.db claim_details.csv --on 2026-05-18
    """
    found = read_claim_details(claim_details, limits=limits_asked())
    results = [
        Result(
            row.entry_number,
            ResultState.ACCEPTED if row.state is ClaimState.UPDATED else ResultState.REJECTED,
            row.claim_number,
            TEXTS_APART.join(row.error_texts) or None,
        )
        for row in found.results
        if row.state is not None
    ]
    with _open(ledger_file) as ledger:
        new = ledger.record(results, recorded_on=on)
    emit(f"{len(results)} results read, {new} of them new.\n", None)
    unclear = [row for row in found.results if row.state is None]
    for row in unclear:
        typer.echo(
            f"row {row.row}: status {mask_sentence(row.status)!r} of {row.entry_number} is not known; not recorded.",
            err=True,
        )
    for problem in found.problems:
        typer.echo(str(problem), err=True)
    if unclear or found.problems:
        raise typer.Exit(1)


@app.command("export")
def export(
    ledger_file: LedgerFile, output_format: FormatChoice = Format.JSON, output: OutputFile = None
) -> None:
    """Write out everything the ledger holds; csv and table give one row for each declared entry.

    Example: ieeparefund ledger export cape.db --format csv
    """
    with _open(ledger_file) as ledger:
        tables = ledger.export()
    if output_format is Format.JSON:
        emit(to_json(tables), output)
        return
    answers = {(row["declaration_id"], row["entry_number"]): row for row in tables["result"]}
    files = {row["id"]: row for row in tables["declaration"]}
    rows = []
    for row in tables["declared_entry"]:
        answer = answers.get((row["declaration_id"], row["entry_number"]), {})
        rows.append(
            {
                "file": files[row["declaration_id"]]["file_name"],
                "as_of": files[row["declaration_id"]]["as_of"],
                "entry_number": row["entry_number"],
                "state": answer.get("state", "no result yet"),
                "claim_number": answer.get("claim_number", ""),
                "ace_text": answer.get("ace_text", ""),
            }
        )
    if output_format is Format.CSV:
        emit(rows_as_csv(rows), output)
        return
    headings = ("File", "As of", "Entry", "State", "Claim", "ACE text")
    table = plain_table(
        None, [(heading, False) for heading in headings], [tuple(row.values()) for row in rows]
    )
    emit(render([table], colour=output is None and stdout_is_terminal()), output)
