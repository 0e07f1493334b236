"""`ieeparefund explain`: the reasoning for one entry, step by step with citations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ieeparefund.ace.book import load_columns, read_book
from ieeparefund.cli.options import (
    AsOf,
    Column1Choice,
    ColumnMapFile,
    DepositChoice,
    JsonFormat,
    JsonFormatChoice,
    OutputFile,
    PayeeChoice,
    day_of_question,
    limits_asked,
)
from ieeparefund.cli.output import emit, to_json
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source, estimate_refund

__all__ = ["explain"]


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An ES-003 export, .csv or .xlsx.")],
    entry: Annotated[str, typer.Option("--entry", metavar="NUMBER", help="The entry number, dashed or not.")],
    payee: PayeeChoice,
    as_of: AsOf = None,
    deposit_rule: DepositChoice = DepositRule.SUMMARY,
    column1: Column1Choice = Column1Source.GIVEN,
    columns: ColumnMapFile = None,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
    output: OutputFile = None,
) -> None:
    """Explain the refund of one entry: facts, rules, citations, schedule by quarter, deadlines.

    Example: ieeparefund explain es003.csv --entry 009-6131459-8 --as-of 2026-05-15 --payee corporation
    """
    number = EntryNumber.parse(entry, check=False, pad=True)
    day = day_of_question(as_of)
    book = read_book([file], load_columns(columns, limits=limits_asked()), limits=limits_asked())
    found = next((one for one in book.entries if one.number == number), None)
    if found is None:
        raise InputError(
            f"entry {number} is not among the {len(book.entries)} usable entries.",
            remedy="Check the number, and the problems that `ieeparefund estimate` lists for the file.",
            file=str(file),
            value=entry,
        )
    answer = estimate_refund(found, as_of=day, payee=payee, deposit_rule=deposit_rule, column1=column1)
    if output_format is JsonFormat.JSON:
        emit(to_json({**answer.to_dict(), "explanation": answer.explain().splitlines()}), output)
    else:
        emit(answer.explain() + "\n", output)
