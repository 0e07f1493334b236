"""`ieeparefund columns`: column maps for reports whose layout is not public."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ieeparefund.ace.column_map import column_map_template
from ieeparefund.ace.column_suggestions import suggest_columns
from ieeparefund.ace.report_fields import REPORTS
from ieeparefund.cli.options import OutputFile, limits_asked
from ieeparefund.cli.output import emit

__all__ = ["columns"]


def columns(
    report: Annotated[
        str | None,
        typer.Argument(metavar="[REPORT]", help=f"One of {', '.join(REPORTS)}. Default: list them."),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print an empty map to fill in.")] = False,
    suggest: Annotated[
        Path | None,
        typer.Option(
            "--suggest", metavar="FILE", help="Print a map guessed from the headings of FILE, to check."
        ),
    ] = None,
    output: OutputFile = None,
) -> None:
    """Make a column map (TOML) that says which heading of a refund report or bank statement is which field.

    Example: ieeparefund columns REV-615 --template --output rev615.toml
    """
    if template and suggest is not None:
        raise typer.BadParameter("give --template or --suggest, not both.")
    if suggest is not None:
        if report is None:
            raise typer.BadParameter("say which report FILE is.")
        # A guess is a suggestion only: `reconcile` reads a map from a file somebody has looked at.
        emit(suggest_columns(suggest, report, limits=limits_asked()).to_toml(), output)
    elif report is not None:
        emit(column_map_template(report), output)
    elif template:
        emit("\n".join(column_map_template(name) for name in REPORTS), output)
    else:
        emit("".join(f"{name}: {layout.title}\n" for name, layout in REPORTS.items()), output)
