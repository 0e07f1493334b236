"""`ieeparefund working-days`: customs working days (Monday to Friday less national holidays)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated

import typer

from ieeparefund.cli.options import JsonFormat, JsonFormatChoice, parse_day
from ieeparefund.cli.output import emit, to_json
from ieeparefund.law.calendar_check import calendar_differences
from ieeparefund.law.working_days import add_working_days, nth_working_day, working_days_between

__all__ = ["app"]

app = typer.Typer(help="Count customs working days (19 CFR 101.1, 101.6(a)).", no_args_is_help=True)

Day = Annotated[
    dt.date, typer.Argument(parser=parse_day, metavar="DATE", help="The day to count from, YYYY-MM-DD.")
]
Closures = Annotated[
    bool,
    typer.Option(
        "--closures", help="Treat days on which an executive order closed the offices as no working days."
    ),
]


def _answer(value: dt.date | int, output_format: JsonFormat) -> None:
    shown = value.isoformat() if isinstance(value, dt.date) else value
    emit(to_json({"answer": shown}) if output_format is JsonFormat.JSON else f"{shown}\n", None)


# A count below zero begins with a dash and must not be read as an option.
@app.command("add", context_settings={"ignore_unknown_options": True})
def add(
    day: Day,
    count: Annotated[int, typer.Argument(metavar="N", help="Working days to go; below zero goes back.")],
    closures: Closures = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """Give the Nth working day after DATE, or before it if N is below zero; DATE itself is not counted.

    Example: ieeparefund working-days add 2025-02-04 10
    """
    _answer(add_working_days(day, count, closures=closures), output_format)


@app.command("between")
def between(
    start: Annotated[
        dt.date, typer.Argument(parser=parse_day, metavar="START", help="First date, itself not counted.")
    ],
    end: Annotated[dt.date, typer.Argument(parser=parse_day, metavar="END", help="Last date, counted.")],
    closures: Closures = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """Count the working days after START up to and including END; below zero if END lies before it.

    Example: ieeparefund working-days between 2025-02-04 2025-02-19
    """
    _answer(working_days_between(start, end, closures=closures), output_format)


@app.command("nth")
def nth(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="Such as 2025.")],
    month: Annotated[int, typer.Argument(metavar="MONTH", help="1 to 12.")],
    n: Annotated[int, typer.Argument(metavar="N", help="Which working day, from 1.")],
    closures: Closures = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """Give the Nth working day of a month; the 15th is that of the periodic monthly statement.

    Example: ieeparefund working-days nth 2025 6 15
    """
    _answer(nth_working_day(year, month, n, closures=closures), output_format)


@app.command("check")
def check(
    first_year: Annotated[int, typer.Argument(metavar="FIRST", help="First year, such as 2025.")],
    last_year: Annotated[int, typer.Argument(metavar="LAST", help="Last year, itself compared.")],
    output_format: JsonFormatChoice = JsonFormat.TABLE,
) -> None:
    """Compare the shipped calendar with the installed `holidays` package, which moves no deadline by itself.

    The exit code is 1 if they differ: one of the two does not know of a change of law.

    Example: ieeparefund working-days check 2025 2027
    """
    found = calendar_differences(first_year, last_year)
    if output_format is JsonFormat.JSON:
        rows = [{**asdict(one), "day": one.day.isoformat()} for one in found]
        emit(to_json({"first_year": first_year, "last_year": last_year, "differences": rows}), None)
    else:
        lines = [
            f"{one.day}: {_off(one.shipped_off)} here, {_off(one.package_off)} in the package"
            f"{f' ({one.name})' if one.name else ''}{', executive-order closure' if one.closure else ''}\n"
            for one in found
        ]
        emit("".join(lines) or f"No difference from {first_year} to {last_year}.\n", None)
    if found:
        raise typer.Exit(1)


def _off(value: bool) -> str:
    return "a day off" if value else "a working day"
