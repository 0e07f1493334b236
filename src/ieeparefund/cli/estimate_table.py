"""The table `estimate` prints: urgent deadlines first, totals, entries, assumptions, problems."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator

from rich.table import Table

from ieeparefund.ace.book import Book
from ieeparefund.cli.output import plain_table
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.findings import Effect
from ieeparefund.money import format_dollars
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.portfolio import Portfolio

__all__ = ["SOON", "estimate_tables"]

SOON = 14
"""Deadlines of the next so many days are shown first."""

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_NAMES = {
    Outcome.ACCEPTED: "accepted",
    Outcome.ACCEPTED_DEFERRED: "accepted, deferred",
    Outcome.REJECTED: "rejected",
    Outcome.UNDETERMINED: "undetermined",
}


def estimate_tables(portfolio: Portfolio, book: Book) -> Iterator[Table | str]:
    """Yield the parts of the table output from top to bottom."""
    yield (
        f"IEEPA refunds as of {portfolio.as_of}, payee class {portfolio.payee.value}. "
        "No legal advice, no CBP product."
    )
    yield ""
    yield from _deadlines(portfolio)
    yield from _totals(portfolio)
    yield from _entries(portfolio)
    yield from _sentences("Assumed", [sentence for one in portfolio.estimates for sentence in one.assumed])
    yield from _sentences("Missing", [sentence for one in portfolio.estimates for sentence in one.missing])
    yield from _problems(book)
    counts = book.row_counts()
    yield (
        f"Rows: {counts['rows_read']} read = {counts['rows_used']} used + {counts['rows_excluded']} excluded"
        f"{book.exclusions_text()}."
    )


def _due(portfolio: Portfolio) -> list[tuple[dt.date, RefundEstimate, str]]:
    found = [
        (remedy.by, estimate, remedy.text)
        for estimate in portfolio.estimates
        if estimate.refund > 0
        for remedy in estimate.remedies
        if remedy.by is not None and 0 <= (remedy.by - portfolio.as_of).days <= SOON
    ]
    return sorted(found, key=lambda item: (item[0], -item[1].refund))


def _deadlines(portfolio: Portfolio) -> Iterator[Table | str]:
    due = _due(portfolio)
    if not due:
        yield f"No deadline within {SOON} days."
        yield ""
        return
    yield plain_table(
        f"Deadlines within {SOON} days",
        [("Days", True), ("Last day", True), ("Entry", True), ("At stake", True), ("What to do", False)],
        [
            (
                str((day - portfolio.as_of).days),
                day.isoformat(),
                str(estimate.entry.number),
                format_dollars(estimate.refund),
                text,
            )
            for day, estimate, text in due
        ],
    )
    yield ""


def _totals(portfolio: Portfolio) -> Iterator[Table | str]:
    rows = [
        (
            _NAMES[outcome],
            str(sums.entries),
            format_dollars(sums.refundable_duty),
            format_dollars(sums.interest),
            format_dollars(sums.refund),
        )
        for outcome, sums in portfolio.by_outcome.items()
        if sums.entries
    ]
    totals = portfolio.totals
    rows.append(
        (
            "coming back (accepted and deferred)",
            "",
            format_dollars(totals.refundable_duty),
            format_dollars(totals.interest),
            format_dollars(totals.refund),
        )
    )
    yield plain_table(
        "By outcome (for rejected and undetermined entries: what is at stake)",
        [("Outcome", False), ("Entries", True), ("Refundable", True), ("Interest", True), ("Refund", True)],
        rows,
    )
    yield f"IEEPA duty paid in {totals.entries} entries: {format_dollars(totals.ieepa_duty)}."
    yield ""


def _entries(portfolio: Portfolio) -> Iterator[Table | str]:
    rows = []
    for estimate in portfolio.estimates:
        cape = estimate.windows.get("cape")
        rows.append(
            (
                str(estimate.entry.number),
                _NAMES[estimate.outcome],
                format_dollars(estimate.refundable_duty),
                format_dollars(estimate.interest)
                + ("+" if estimate.end.open_ended and estimate.schedule else ""),
                format_dollars(estimate.refund),
                cape.closes.isoformat() if cape is not None else "",
                _why(estimate),
            )
        )
    yield plain_table(
        "Entries (interest marked + runs on until a (re)liquidation)",
        [
            ("Entry", True),
            ("Outcome", False),
            ("Refundable", True),
            ("Interest", True),
            ("Refund", True),
            ("CAPE until", True),
            ("Why", False),
        ],
        rows,
    )
    yield ""


def _why(estimate: RefundEstimate) -> str:
    reasons = [
        finding.ace_text or finding.rule.replace("_", " ")
        for finding in estimate.eligibility.findings
        if finding.effect in (Effect.REJECT, Effect.DEFER)
    ]
    return "; ".join(dict.fromkeys(reasons))


def _sentences(title: str, sentences: list[str]) -> Iterator[Table | str]:
    if not sentences:
        return
    counts = Counter(_DATE.sub("...", sentence) for sentence in sentences)
    yield plain_table(
        title, [("Entries", True), ("", False)], [(str(count), text) for text, count in counts.most_common()]
    )
    yield ""


def _problems(book: Book) -> Iterator[Table | str]:
    if not book.problems:
        return
    yield plain_table(
        "Problems in the input (these rows are left out)",
        [("Row", True), ("Column", False), ("Value", False), ("Problem", False)],
        [
            (
                str(problem.row or ""),
                problem.column or "",
                problem.value or "",
                f"{problem.problem} {problem.remedy}",
            )
            for problem in book.problems
        ],
    )
    yield ""
