"""`ieeparefund working-days`: customs working days (Monday to Friday less national holidays)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ieeparefund.cli.options import JsonFormat, JsonFormatChoice, parse_day
from ieeparefund.cli.output import emit, to_json
from ieeparefund.law.working_days import add_working_days, nth_working_day, working_days_between

__all__ = ["app"]

app = typer.Typer(help="Count customs working days (19 CFR 101.1, 101.6(a)).", no_args_is_help=True)

Day = Annotated[dt.date, typer.Argument(parser=parse_day, metavar="DATE")]
Closures = Annotated[
    bool,
    typer.Option("--closures", help="Count days on which an executive order closed the offices as closed."),
]


def _answer(value: dt.date | int, output_format: JsonFormat) -> None:
    shown = value.isoformat() if isinstance(value, dt.date) else value
    emit(to_json({"answer": shown}) if output_format is JsonFormat.JSON else f"{shown}\n", None)


@app.command("add")
def add(
    day: Day,
    count: Annotated[
        int, typer.Argument(metavar="N", help="Working days to go; write -- before a negative one.")
    ],
    closures: Closures = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """The Nth working day after DATE (before it if N is negative); DATE itself is not counted.

    Example: ieeparefund working-days add 2025-02-04 10
    """
    _answer(add_working_days(day, count, closures=closures), output_format)


@app.command("between")
def between(
    start: Day, end: Day, closures: Closures = False, output_format: JsonFormatChoice = JsonFormat.TABLE
) -> None:
    """Count the working days after the first date up to and including the second.

    Example: ieeparefund working-days between 2025-02-04 2025-02-19
    """
    _answer(working_days_between(start, end, closures=closures), output_format)


@app.command("nth")
def nth(
    year: int,
    month: int,
    n: int,
    closures: Closures = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """The Nth working day of a month.

    Example: ieeparefund working-days nth 2025 6 15
    """
    _answer(nth_working_day(year, month, n, closures=closures), output_format)
