"""Options that several commands share: dates, payee, formats, and what they turn into."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ieeparefund.entries.codes import Payee
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source

__all__ = [
    "AsOf",
    "Column1Choice",
    "ColumnMapFile",
    "DepositChoice",
    "Exports",
    "Format",
    "FormatChoice",
    "JsonFormat",
    "JsonFormatChoice",
    "OutputFile",
    "PayeeChoice",
    "ask_limits",
    "day_of_question",
    "limits_asked",
    "parse_day",
]

# Given before the command, so no function of a command takes them.
_limits: ContextVar[ReadLimits] = ContextVar("limits", default=DEFAULT_LIMITS)


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class JsonFormat(StrEnum):
    """How a short answer is written."""

    TABLE = "table"
    JSON = "json"


def limits_asked() -> ReadLimits:
    """Return the limits on what is read: those given before the command with `--limit`, else the usual ones."""
    return _limits.get()


def ask_limits(settings: Iterable[str]) -> None:
    """Set the limits of this run from `--limit`. Raises `FieldError` for what is no limit."""
    _limits.set(ReadLimits.parse(settings))


def parse_day(text: str) -> dt.date:
    """Read an ISO date; the parser error names what is expected."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write YYYY-MM-DD.") from None


AsOf = Annotated[
    dt.date | None,
    typer.Option(
        "--as-of",
        parser=parse_day,
        metavar="DATE",
        help="Day of the question, YYYY-MM-DD. Default: today, and it is printed.",
    ),
]
PayeeChoice = Annotated[
    Payee,
    typer.Option(
        "--payee", help="Who is refunded: a corporation, or anybody else. CBP pays corporations a lower rate."
    ),
]
DepositChoice = Annotated[
    DepositRule,
    typer.Option(
        "--deposit-rule",
        help="What stands in for an unknown deposit date: entry summary date, else 10th working day (summary); "
        "periodic monthly statement (periodic); entry date (entry).",
    ),
]
Column1Choice = Annotated[
    Column1Source,
    typer.Option(
        "--column1",
        help="Where the ordinary (column 1) rate of an all-in line comes from: the file alone, which may leave a "
        "range (given), or else the published tariff schedule (schedule).",
    ),
]
Exports = Annotated[list[Path], typer.Argument(metavar="FILE...", help="ES-003 exports, .csv or .xlsx.")]
ColumnMapFile = Annotated[
    Path | None,
    typer.Option(
        "--columns",
        metavar="MAP.toml",
        help="TOML file with your column names, for a file with other headings.",
    ),
]
FormatChoice = Annotated[Format, typer.Option("--format", help="table for people, json or csv for programs.")]
JsonFormatChoice = Annotated[
    JsonFormat, typer.Option("--format", help="table for people, json for programs.")
]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write the result to FILE instead of the screen."),
]


def day_of_question(as_of: dt.date | None) -> dt.date:
    """Return the day asked about: the one given, else today in this computer's time zone, said on stderr."""
    if as_of is not None:
        return as_of
    # The only place of the package that reads the clock.
    today = dt.date.today()  # noqa: DTZ011
    print(f"As of {today} (today; choose another day with --as-of).", file=sys.stderr)  # noqa: T201
    return today
