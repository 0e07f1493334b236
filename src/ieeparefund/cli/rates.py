"""`ieeparefund rates`: CBP's quarterly interest rates with their sources."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ieeparefund.cli.options import Format, FormatChoice, OutputFile, parse_day
from ieeparefund.cli.output import emit, plain_table, render, rows_as_csv, stdout_is_terminal, to_json
from ieeparefund.law.rates import PUBLISHED_RATES

__all__ = ["rates"]


def rates(
    on: Annotated[
        dt.date | None,
        typer.Option("--on", parser=parse_day, metavar="DATE", help="Only the band of this day."),
    ] = None,
    output_format: FormatChoice = Format.TABLE,
    output: OutputFile = None,
) -> None:
    """List the interest rates on duties, per cent a year; first and last days are both included.

    Example: ieeparefund rates --on 2026-05-15
    """
    bands = PUBLISHED_RATES.bands if on is None else (PUBLISHED_RATES.at(on),)
    rows = [
        {
            "first_day": band.first_day.isoformat(),
            "last_day": band.last_day.isoformat(),
            "underpayment": str(band.underpayment),
            "corporation": str(band.corporation),
            "other": str(band.other),
            "standing": band.standing.value,
            "citation": str(band.citation),
        }
        for band in bands
    ]
    if output_format is Format.JSON:
        text = to_json(rows)
    elif output_format is Format.CSV:
        text = rows_as_csv(rows)
    else:
        table = plain_table(
            "Per cent a year, compounded daily (simple before 1983)",
            [
                ("From", True),
                ("To", True),
                ("Underpaid", True),
                ("Corporation", True),
                ("Other", True),
                ("Standing", False),
                ("Source", False),
            ],
            [tuple(row.values()) for row in rows],
        )
        text = render([table], colour=output is None and stdout_is_terminal())
    emit(text, output)
