"""`ieeparefund windows`: every deadline that runs from a liquidation or an entry date."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer

from ieeparefund.cli.options import JsonFormat, JsonFormatChoice, OutputFile, parse_day
from ieeparefund.cli.output import emit, plain_table, render, stdout_is_terminal, to_json
from ieeparefund.law import windows as law
from ieeparefund.law.clocks import clock

__all__ = ["window_rows", "windows", "windows_to_json"]

_Row = tuple[str, dt.date | None, dt.date, str, str]


def window_rows(liquidated: dt.date | None, entered: dt.date | None) -> list[_Row]:
    """Return rule, first day, last day, citation and note of each window that runs from the dates given."""
    rows: list[_Row] = []
    if liquidated is not None:
        for window in (
            law.cape_window(liquidated),
            law.voluntary_reliquidation_window(liquidated),
            law.protest_window(liquidated),
        ):
            rows.append((window.rule, window.opens, window.closes, str(window.citation), window.note))
        rows.append(_due("refund_due", law.refund_due_date(liquidated), "refund_due"))
    if entered is not None:
        expected = law.expected_liquidation_date(entered)
        correction = law.post_summary_correction_window(entered, expected)
        rows.append(_due("entry_summary_due", law.entry_summary_due_date(entered), "entry_summary"))
        rows.append(
            _due("periodic_statement_due", law.periodic_statement_due_date(entered), "periodic_statement")
        )
        rows.append(
            (correction.rule, correction.opens, correction.closes, str(correction.citation), correction.note)
        )
        rows.append(_due("expected_liquidation", expected, "normal_liquidation"))
        rows.append(_due("deemed_liquidation", law.deemed_liquidation_date(entered), "deemed_liquidation"))
    return rows


def _due(rule: str, day: dt.date, identifier: str) -> _Row:
    """A single day, with the source and the note of the clock that gives it."""
    term = clock(identifier)
    return rule, None, day, str(term.citation), term.note


def windows_to_json(rows: list[_Row]) -> dict[str, Any]:
    """Return the windows as JSON values by rule."""
    return {
        rule: {
            "opens": None if opens is None else opens.isoformat(),
            "closes": closes.isoformat(),
            "citation": citation,
            "note": note,
        }
        for rule, opens, closes, citation, note in rows
    }


def windows(
    liquidated: Annotated[
        dt.date | None,
        typer.Option("--liquidated", parser=parse_day, metavar="DATE", help="Liquidation date, YYYY-MM-DD."),
    ] = None,
    entered: Annotated[
        dt.date | None,
        typer.Option("--entered", parser=parse_day, metavar="DATE", help="Entry date, YYYY-MM-DD."),
    ] = None,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
    output: OutputFile = None,
) -> None:
    """List the windows after a liquidation date or an entry date; first and last days are both included.

    Example: ieeparefund windows --liquidated 2026-01-30
    """
    if (liquidated is None) == (entered is None):
        raise typer.BadParameter("give one of --liquidated and --entered.")
    rows = window_rows(liquidated, entered)
    if output_format is JsonFormat.JSON:
        text = to_json(windows_to_json(rows))
    else:
        table = plain_table(
            None,
            [("Rule", False), ("First day", True), ("Last day", True), ("Citation and note", False)],
            [
                (
                    rule,
                    "" if opens is None else opens.isoformat(),
                    closes.isoformat(),
                    f"{citation}. {note}".strip(),
                )
                for rule, opens, closes, citation, note in rows
            ],
        )
        text = render([table], colour=output is None and stdout_is_terminal())
    emit(text, output)
