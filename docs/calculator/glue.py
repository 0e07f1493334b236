"""Between the calculator page and ieeparefund: plain texts in, plain texts out.

Runs in the browser's Python and in any other. It keeps the last answer, so that the page asks for an explanation
or a download by the place of the entry, and holds no rule of its own: every figure comes from the package.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ieeparefund.ace.book import Book, read_book
from ieeparefund.ace.cape_declaration import declaration_bytes
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import FieldError, IeepaRefundError, InputError
from ieeparefund.law.manifest import rules_version
from ieeparefund.law.working_days import is_working_day
from ieeparefund.money import format_dollars
from ieeparefund.problems import Exclusion
from ieeparefund.refunds.declarations import DeclarationPlan, plan_declarations
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio
from ieeparefund.report.cells import neutral
from ieeparefund.report.series import deadlines_ahead
from ieeparefund.report.words import OUTCOME_NAMES, grouped, package_version, words_of

Progress = Callable[[int, int], object]

_STEP = 100
"""Progress is told every so many entries."""
_FLAGS = (
    "statement_paid",
    "reconciliation_flagged",
    "reconciliation_filed",
    "on_drawback_claim",
    "paid_by_surety",
    "correction_pending",
)
_DATES = ("deposit_date", "entry_summary_date", "liquidation_date")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?")
_LINE_DIGITS = 5
_OF_A_LINE = {"country": "country of origin", "rate": "column 1 rate"}
_CODES = ("liquidation_status", "protest", "ad_cvd")


class Session:
    """The last answer of the page."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._portfolio: Portfolio | None = None
        self._book: Book | None = None

    def call(self, name: str, arguments: str) -> str:
        """Answer a call of the page: JSON in, JSON out, `{"value": ...}` or `{"error": {...}}`."""
        questions: dict[str, Callable[..., Any]] = {
            "about": self.about,
            "estimate_files": self.estimate_files,
            "estimate_entry": self.estimate_entry,
            "explain": self.explain,
            "results_csv": self.results_csv,
            "results_json": self.results_json,
            "declaration": self.declaration,
        }
        try:
            return json.dumps({"value": questions[name](**json.loads(arguments))}, ensure_ascii=False)
        except IeepaRefundError as error:
            column = error.column if isinstance(error, InputError) else None
            return json.dumps({"error": {"text": str(error), "field": column}}, ensure_ascii=False)

    def about(self) -> dict[str, str]:
        """Return the versions, and load what the first estimate would wait for."""
        is_working_day(dt.date(2026, 1, 2))
        return {"version": package_version(), "rules": rules_version()}

    def estimate_files(self, names: Sequence[str], terms: dict[str, str]) -> dict[str, Any]:
        """Read ES-003 exports in the current folder and estimate every entry."""
        return self._estimate(read_book(names), terms)

    def estimate_entry(self, facts: dict[str, Any], terms: dict[str, str]) -> dict[str, Any]:
        """Estimate one entry that was typed in."""
        entry = typed_entry(facts)
        rows = sum(len(line.tariffs) for line in entry.lines)
        return self._estimate(Book((entry,), (), (), (), rows, rows, dict.fromkeys(Exclusion, 0)), terms)

    def explain(self, place: int) -> str:
        """Return the reasoning for the entry at this place of the table."""
        return self._known()[0].estimates[place].explain()

    def results_csv(self) -> str:
        """Return what `ieeparefund estimate --format csv` writes."""
        rows = self._known()[0].to_rows()
        if not rows:
            return ""
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {name: neutral(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
            )
        return out.getvalue()

    def results_json(self) -> str:
        """Return what `ieeparefund estimate --format json` writes."""
        portfolio, book = self._known()
        result = portfolio.to_dict()
        result["totals"] = {**book.row_counts(), **result["totals"]}
        result["problems"] = [problem.to_dict() for problem in book.problems]
        result["repairs"] = [repair.to_dict() for repair in book.repairs]
        return json.dumps(result, indent=2, ensure_ascii=False) + "\n"

    def declaration(self, place: int) -> str:
        """Return the CAPE upload file at this place of the plan. It is ASCII."""
        portfolio, _ = self._known()
        return declaration_bytes(plan_declarations(portfolio.estimates)[place].numbers).decode("ascii")

    def _known(self) -> tuple[Portfolio, Book]:
        if self._portfolio is None or self._book is None:
            raise InputError("nothing has been estimated yet.", remedy="Give a file or an entry first.")
        return self._portfolio, self._book

    def _estimate(self, book: Book, terms: dict[str, str]) -> dict[str, Any]:
        portfolio = estimate_portfolio(
            self._counted(book.entries),
            as_of=day(terms["as_of"], "as_of"),
            payee=terms["payee"],
            deposit_rule=terms["deposit_rule"],
            column1=terms["column1"],
        )
        self._portfolio, self._book = portfolio, book
        return view(portfolio, book)

    def _counted(self, entries: Sequence[Entry]) -> Iterator[Entry]:
        for count, entry in enumerate(entries):
            if count % _STEP == 0:
                self._progress(count, len(entries))
            yield entry


def day(text: str, name: str) -> dt.date:
    """Read a day of the form, YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise FieldError(
            f"{text!r} is not a date.", remedy="Write YYYY-MM-DD.", column=name, value=text
        ) from None


def typed_entry(facts: dict[str, Any]) -> Entry:
    """Return the entry of the form; a blank field is a fact that is not known."""
    given: dict[str, Any] = {name: value for name, value in facts.items() if value not in ("", None)}
    if "entry_number" not in given:
        raise FieldError(
            "the entry number is blank.", remedy="Write all 11 characters.", column="entry_number"
        )
    if "entry_date" not in given:
        raise FieldError("the entry date is blank.", remedy="It decides the headings.", column="entry_date")
    if not facts["rows"]:
        raise FieldError(
            "no tariff number is given.", remedy="Give those of chapter 99 at least.", column="number"
        )
    known: dict[str, Any] = {name: day(given[name], name) for name in _DATES if name in given}
    known.update({name: given[name] for name in _CODES if name in given})
    known.update({name: given[name] == "yes" for name in _FLAGS if name in given})
    return Entry(
        EntryNumber.parse(given["entry_number"], pad=True),
        given["entry_type"],
        day(given["entry_date"], "entry_date"),
        typed_lines(facts["rows"]),
        already_refunded=amount(given.get("already_refunded", "")) or 0,
        **known,
    )


def typed_lines(rows: Sequence[dict[str, str]]) -> list[EntryLine]:
    """Return the lines of the form's rows, by line number; country and rate stand on any row of their line."""
    lines: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        lines.setdefault(line_number(row["line"]), []).append(row)
    found = []
    for number, own in sorted(lines.items()):
        country, rate = one_of(number, own, "country"), one_of(number, own, "rate")
        found.append(
            EntryLine(
                number,
                country,
                [TariffLine(row["number"], amount(row["value"]), amount(row["duty"])) for row in own],
                None if rate is None else Column1Rate(rate.removesuffix("%").rstrip()),
            )
        )
    return found


def line_number(text: str) -> int:
    """Read the number of a line; a blank one is the first."""
    if text and not (text.isascii() and text.isdecimal() and len(text) <= _LINE_DIGITS and int(text)):
        raise FieldError(
            f"line {text!r} is not a number of a line.",
            remedy="Lines count from 1.",
            column="line_number",
            value=text,
        )
    return int(text or 1)


def one_of(number: int, rows: Sequence[dict[str, str]], name: str) -> str | None:
    """Return what the rows of a line say of the whole line."""
    given = list(dict.fromkeys(row[name].upper() for row in rows if row[name]))
    if len(given) > 1:
        raise FieldError(
            f"line {number} has more than one {_OF_A_LINE[name]}: {', '.join(given)}.",
            remedy="Goods of another country or rate stand on a line of their own.",
            column="country_of_origin" if name == "country" else "ad_valorem",
            value=given[1],
        )
    return given[0] if given else None


def amount(text: str) -> str | None:
    """Return an amount of the form without its dollar sign and thousands commas; the package reads the rest."""
    plain = text.strip().removeprefix("$").lstrip()
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    return plain or None


def view(portfolio: Portfolio, book: Book) -> dict[str, Any]:
    """Return what the page shows: amounts as text, deadlines first."""
    places = {estimate.entry.number: place for place, estimate in enumerate(portfolio.estimates)}
    totals = portfolio.totals
    plan = plan_declarations(portfolio.estimates)
    counts = book.row_counts()
    return {
        "as_of": portfolio.as_of.isoformat(),
        "payee": portfolio.payee.value,
        "deadlines": [
            {
                "days": one.days_left,
                "day": one.day.isoformat(),
                "entry": str(one.estimate.entry.number),
                "place": places[one.estimate.entry.number],
                "at_stake": format_dollars(one.estimate.refund),
                "text": one.remedy.text,
            }
            for one in deadlines_ahead(portfolio.estimates, portfolio.as_of)
        ],
        "outcomes": [
            [
                OUTCOME_NAMES[outcome],
                f"{sums.entries:,}",
                *map(format_dollars, (sums.refundable_duty, sums.interest, sums.refund)),
            ]
            for outcome, sums in portfolio.by_outcome.items()
            if sums.entries
        ],
        "coming": list(map(format_dollars, (totals.refundable_duty, totals.interest, totals.refund))),
        "ieepa_duty": format_dollars(totals.ieepa_duty),
        "entries": [_row(estimate) for estimate in portfolio.estimates],
        "assumed": grouped(text for one in portfolio.estimates for text in one.assumed),
        "missing": grouped(text for one in portfolio.estimates for text in one.missing),
        "problems": [
            [
                problem.file,
                str(problem.row or ""),
                problem.column,
                problem.value,
                f"{problem.problem} {problem.remedy}",
            ]
            for problem in book.problems
        ],
        "notes": [note.text for note in book.notes]
        + [f"{one.kind.value.capitalize()}: {one.column or 'file'}, {one.count:,}." for one in book.repairs],
        "rows": f"Rows: {counts['rows_read']:,} read = {counts['rows_used']:,} used + "
        f"{counts['rows_excluded']:,} excluded{book.exclusions_text()}.",
        **_plan(plan),
    }


def _row(estimate: RefundEstimate) -> dict[str, Any]:
    cape = estimate.windows.get("cape")
    low, high = estimate.duty.low, estimate.duty.high
    return {
        "number": str(estimate.entry.number),
        "outcome": estimate.outcome.value,
        "outcome_text": OUTCOME_NAMES[estimate.outcome],
        "refundable": format_dollars(low) + ("" if low == high else f" to {format_dollars(high)}"),
        "interest": format_dollars(estimate.interest)
        + ("+" if estimate.end.open_ended and estimate.schedule else ""),
        "refund": format_dollars(estimate.refund),
        "cape": "" if cape is None else cape.closes.isoformat(),
        "why": words_of(estimate),
    }


def _plan(plan: DeclarationPlan) -> dict[str, Any]:
    return {
        "declarations": [
            {
                "name": f"cape_declaration_{place:04d}.csv",
                "entries": len(one.estimates),
                "principal": format_dollars(one.principal),
                "interest": format_dollars(one.interest),
            }
            for place, one in enumerate(plan, start=1)
        ],
        "excluded": [
            [
                str(one.estimate.entry.number),
                " ".join(f"{reason.reason} {reason.remedy}" for reason in one.reasons),
            ]
            for one in plan.excluded
        ],
    }
