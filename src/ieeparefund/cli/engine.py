"""Which engine answers `estimate`, and the columns engine's JSON and CSV, the same bytes as the scalar one's."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ieeparefund.ace.book import Book
from ieeparefund.cli.output import to_json, tracked
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.errors import MissingExtraError
from ieeparefund.law.findings import Finding
from ieeparefund.money import from_cents
from ieeparefund.refunds.plain import estimate_to_dict, estimate_to_row, finding_to_dict
from ieeparefund.refunds.portfolio import Portfolio
from ieeparefund.report.cells import neutral

if TYPE_CHECKING:
    from ieeparefund.columns.by_state import Answer, Model, StateBook

__all__ = [
    "MOST_SCALAR_ROWS",
    "Engine",
    "EngineChoice",
    "choose_engine",
    "columns_csv",
    "columns_json",
    "columns_portfolio",
    "with_book",
]

MOST_SCALAR_ROWS = 50_000
"""Above so many rows of input `--engine auto` takes the columns."""


class Engine(StrEnum):
    """Who does the arithmetic. The answers are the same."""

    AUTO = "auto"
    SCALAR = "scalar"
    COLUMNS = "columns"


EngineChoice = Annotated[
    Engine,
    typer.Option(
        "--engine",
        help=f"scalar: entry by entry; columns: many at once, needs the extra arrow; auto: columns above "
        f"{MOST_SCALAR_ROWS:,} rows. The output is the same, byte for byte.",
    ),
]


def choose_engine(asked: Engine, rows: int) -> Engine:
    """Return the engine for so many rows, and say on standard error when it is the columns, or should be.

    Raises `MissingExtraError` where columns are asked for and their extra is not installed.
    """
    large = rows > MOST_SCALAR_ROWS
    if asked is Engine.SCALAR or (asked is Engine.AUTO and not large):
        return Engine.SCALAR
    try:
        import ieeparefund.columns  # noqa: F401
    except MissingExtraError as error:
        if asked is Engine.COLUMNS:
            raise
        _say(f"Engine: scalar. {rows:,} rows go faster by columns. {error}")
        return Engine.SCALAR
    why = (
        f"{rows:,} rows, more than {MOST_SCALAR_ROWS:,}; choose with --engine"
        if asked is Engine.AUTO
        else "asked for"
    )
    _say(f"Engine: columns ({why}).")
    return Engine.COLUMNS


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


def with_book(result: dict[str, Any], book: Book) -> dict[str, Any]:
    """Put the counts of rows, the problems and the repairs of the files to a portfolio's JSON values."""
    result["totals"] = {**book.row_counts(), **result["totals"]}
    result["problems"] = [problem.to_dict() for problem in book.problems]
    result["repairs"] = [repair.to_dict() for repair in book.repairs]
    return result


def columns_portfolio(answers: StateBook) -> Portfolio:
    """Return the answers as a portfolio, for the tables."""
    estimates = tuple(answer.estimate for answer in tracked(answers, "Estimating"))
    return Portfolio(estimates, answers.as_of, answers.payee)


# Text between private-use characters stands for a value of the entry in the text of its state.
_MARK = "\ue000{}\ue001"
_MARKED = re.compile('"\ue000([a-z_]+)\ue001"')


def columns_json(answers: StateBook, book: Book) -> Iterator[str]:
    """Yield the text of `to_json` for the whole book, piece by piece, so that it never stands in memory."""
    result = {
        "as_of": answers.as_of.isoformat(),
        "payee": answers.payee.value,
        "totals": answers.totals.to_dict(),
        "by_outcome": {outcome.value: sums.to_dict() for outcome, sums in answers.by_outcome.items()},
        "entries": _MARK.format("entries"),
    }
    before, _, after = _MARKED.split(to_json(with_book(result, book)), maxsplit=1)
    yield before
    if not len(answers):
        yield "[]"
    for place, answer in enumerate(tracked(answers, "Estimating")):
        yield ",\n    " if place else "[\n    "
        yield _entry_text(answer)
    yield ("\n  ]" if len(answers) else "") + after


def _nested(value: Any, level: int) -> str:
    """Return JSON text as it stands at a level of an indented document; JSON has no line ends within strings."""
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n" + "  " * level)


class _StateText:
    """The text of an entry of one state: literal pieces, and the names of the values that go between them."""

    def __init__(self, model: Model) -> None:
        text = estimate_to_dict(model.estimate)
        for name in (*_OWN, "findings", "by_programme", "entry_number", "importer"):
            text[name] = _MARK.format(name)
        pieces = _MARKED.split(_nested(text, 2))
        self.literals, self.names = pieces[::2], pieces[1::2]
        self.findings = [_finding_text(finding) for finding in model.estimate.eligibility.findings]


# JSON keys and CSV columns that are an entry's own amounts, and what holds them.
_OWN = {
    "ieepa_duty": "ieepa_duty",
    "refundable_duty": "low",
    "refundable_low": "low",
    "refundable_high": "high",
    "interest": "interest",
    "interest_low": "interest_low",
    "interest_high": "interest_high",
    "interest_projected": "interest_projected",
    "refund": "refund",
}


def _finding_text(finding: Finding) -> str:
    return _nested(finding_to_dict(finding), 4)


def _entry_text(answer: Answer) -> str:
    state = answer.model.kept
    if state is None:
        state = answer.model.kept = _StateText(answer.model)
    duty, entry = answer.duty, answer.entry
    values = {name: f'"{_dollars(getattr(answer.amounts, own))}"' for name, own in _OWN.items()}
    values["entry_number"] = f'"{entry.number}"'
    values["importer"] = _quoted(mask_importer(entry.importer))
    values["findings"] = _list(
        state.findings + [_finding_text(finding) for finding in duty.findings], "[]", 3
    )
    programmes = [f'{_quoted(name)}: "{paid:.2f}"' for name, paid in duty.by_programme.items()]
    values["by_programme"] = _list(programmes, "{}", 3)
    parts = [state.literals[0]]
    for name, literal in zip(state.names, state.literals[1:], strict=True):
        parts += values[name], literal
    return "".join(parts)


@lru_cache(maxsize=4096)
def _quoted(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: list[str], brackets: str, level: int) -> str:
    """Put JSON texts in brackets, each on a line of its own, at a level of the document."""
    if not texts:
        return brackets
    space = "\n" + "  " * level
    return f"{brackets[0]}{space}  {(',' + space + '  ').join(texts)}{space}{brackets[1]}"


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents >= 0 else str(from_cents(cents))


def columns_csv(answers: StateBook) -> Iterator[str]:
    """Yield the text of `rows_as_csv(portfolio.to_rows())`, row by row."""
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for answer in tracked(answers, "Estimating"):
        row = _row(answer)
        if writer is None:
            writer = csv.DictWriter(out, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _row(answer: Answer) -> dict[str, Any]:
    model, amounts = answer.model, answer.amounts
    if model.kept is None:
        model.kept = estimate_to_row(model.estimate)
    importer = mask_importer(answer.entry.importer)
    rules = [finding.rule for finding in (*model.estimate.eligibility.findings, *answer.duty.findings)]
    return {
        **model.kept,
        "entry_number": str(answer.entry.number),
        "importer": importer if importer is None else neutral(importer),
        "rules": " ".join(rules),
        **{name: _dollars(getattr(amounts, own)) for name, own in _OWN.items() if name in model.kept},
    }
