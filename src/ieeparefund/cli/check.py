"""`ieeparefund check`: what is wrong or doubtful in a filing, before CAPE rejects it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ieeparefund.ace.book import load_columns, read_book
from ieeparefund.cli.options import (
    AsOf,
    ColumnMapFile,
    Exports,
    Format,
    FormatChoice,
    OutputFile,
    day_of_question,
    limits_asked,
)
from ieeparefund.cli.output import (
    emit,
    plain_table,
    render,
    rows_as_csv,
    stdout_is_terminal,
    to_json,
    tracked,
)
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.findings import Effect
from ieeparefund.law.line_findings import entry_findings, merge_findings

__all__ = ["check"]


def check(
    files: Exports,
    as_of: AsOf = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Show notes too, not only warnings and rejections.")
    ] = False,
    columns: ColumnMapFile = None,
    output_format: FormatChoice = Format.TABLE,
    output: OutputFile = None,
) -> None:
    """List filing faults line by line: wrong dates, countries, partners, values, merged or doubled duty.

    Example: ieeparefund check es003.csv --as-of 2026-07-15
    """
    day = day_of_question(as_of)
    book = read_book(files, load_columns(columns, limits=limits_asked()), limits=limits_asked())
    rows: list[dict[str, Any]] = [
        {
            "entry_number": str(entry.number),
            "line": finding.line_number,
            "rule": finding.rule,
            "effect": finding.effect.value,
            "ace_text": finding.ace_text,
            "explanation": finding.explanation,
            "remedy": finding.remedy,
            "citation": str(finding.citation),
            "standing": finding.standing.value,
            "amount": None if finding.amount is None else f"{finding.amount:.2f}",
        }
        for entry in tracked(book.entries, "Checking")
        for finding in merge_findings(entry_findings(entry, as_of=day), ieepa_duty(entry).findings)
        if notes or finding.effect is not Effect.NOTE
    ]
    if output_format is Format.JSON:
        problems = [problem.to_dict() for problem in book.problems]
        text = to_json({"as_of": day.isoformat(), "findings": rows, "problems": problems})
    elif output_format is Format.CSV:
        text = rows_as_csv(rows)
    else:
        text = render(_parts(rows, len(book.entries)), colour=output is None and stdout_is_terminal())
    emit(text, output)
    if book.problems:
        raise typer.Exit(1)


def _parts(rows: list[dict[str, Any]], entries: int) -> list[object]:
    if not rows:
        return [f"Nothing to mend in {entries} entries."]
    table = plain_table(
        None,
        [("Entry", True), ("Line", True), ("Effect", False), ("What is wrong, and what to do", False)],
        [
            (
                row["entry_number"],
                "" if row["line"] is None else str(row["line"]),
                row["effect"],
                " ".join(
                    part
                    for part in (
                        row["explanation"],
                        f"ACE prints {row['ace_text']}." if row["ace_text"] else "",
                        row["remedy"] or "",
                    )
                    if part
                ),
            )
            for row in rows
        ],
    )
    concerned = len({row["entry_number"] for row in rows})
    return [table, "", f"{len(rows)} findings in {concerned} of {entries} entries."]
