"""The application: its commands and what they share."""

from __future__ import annotations

from typing import Annotated

import typer

from ieeparefund import __version__
from ieeparefund.cli import (
    check,
    columns,
    declare,
    estimate,
    explain,
    headings,
    interest,
    ledger,
    mcp,
    rates,
    reconcile,
    report,
    windows,
    working_days,
)
from ieeparefund.cli.options import ask_limits

__all__ = ["app"]

app = typer.Typer(
    name="ieeparefund",
    help="Refunds of US IEEPA duty through CBP's CAPE process: which entries, by when, how much, with how much "
    "interest. No legal advice, no CBP product; nothing leaves this computer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ieeparefund {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    limit: Annotated[
        list[str] | None,
        typer.Option(
            "--limit",
            metavar="NAME=NUMBER",
            help="Raise or lower a limit on the files that are read, such as rows=8000000; may be repeated.",
        ),
    ] = None,
    _version_flag: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    ask_limits(limit or ())


app.command("estimate")(estimate.estimate)
app.command("explain")(explain.explain)
app.command("check")(check.check)
app.command("declare")(declare.declare)
app.add_typer(ledger.app, name="ledger")
app.command("reconcile")(reconcile.reconcile)
app.command("columns")(columns.columns)
app.add_typer(report.app, name="report")
app.command("interest")(interest.interest)
app.command("windows")(windows.windows)
app.add_typer(working_days.app, name="working-days")
app.command("rates")(rates.rates)
app.command("headings")(headings.headings)
app.command("mcp")(mcp.mcp)
