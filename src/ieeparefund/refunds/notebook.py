"""Estimates and portfolios as tables for notebooks."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ieeparefund.law.manifest import rules_version
from ieeparefund.money import format_dollars
from ieeparefund.notebook import html_table

if TYPE_CHECKING:
    from ieeparefund.refunds.estimate import RefundEstimate
    from ieeparefund.refunds.portfolio import Portfolio

__all__ = ["MOST_ROWS", "estimate_html", "portfolio_html"]

MOST_ROWS = 20
"""Entries a portfolio shows; the rest is counted."""


def estimate_html(estimate: RefundEstimate) -> str:
    """Return the estimate as an HTML table of its figures and the windows still open."""
    rows: list[tuple[object, ...]] = [
        ("CAPE's answer", estimate.outcome.replace("_", ", ")),
        ("IEEPA duty paid", format_dollars(estimate.ieepa_duty)),
        ("Refundable duty", format_dollars(estimate.refundable_duty)),
        ("Interest", format_dollars(estimate.interest)),
        ("Refund", format_dollars(estimate.refund)),
    ]
    rows += [
        (
            f"{window.rule.replace('_', ' ')} until",
            f"{window.closes}, {window.days_left(estimate.as_of)} days left",
        )
        for window in estimate.windows.values()
        if window.is_open(estimate.as_of)
    ]
    rows.append(("Assumptions", len(estimate.assumed)))
    return html_table(
        f"Entry {estimate.entry.number} as of {estimate.as_of}",
        ("What", "Answer"),
        rows,
        numbers=(1,),
        note=f"US dollars, payee class {estimate.payee}, law tables {rules_version()}. The steps: .explain()",
    )


def portfolio_html(portfolio: Portfolio) -> str:
    """Return totals by outcome and the first entries as HTML tables."""
    totals = portfolio.totals
    outcomes: list[tuple[object, ...]] = [
        (
            outcome.replace("_", ", "),
            sums.entries,
            format_dollars(sums.refundable_duty),
            format_dollars(sums.interest),
            format_dollars(sums.refund),
        )
        for outcome, sums in portfolio.by_outcome.items()
    ]
    coming = (totals.refundable_duty, totals.interest, totals.refund)
    outcomes.append(("accepted and deferred", "", *(format_dollars(amount) for amount in coming)))
    entries = [
        (
            one.entry.number,
            one.outcome.replace("_", ", "),
            format_dollars(one.refundable_duty),
            format_dollars(one.interest),
            format_dollars(one.refund),
        )
        for one in islice(portfolio.estimates, MOST_ROWS)
    ]
    more = len(portfolio.estimates) - len(entries)
    amounts = ("Refundable duty", "Interest", "Refund")
    return html_table(
        f"IEEPA refunds as of {portfolio.as_of}, {totals.entries:,} entries",
        ("Outcome", "Entries", *amounts),
        outcomes,
        numbers=(1, 2, 3, 4),
        note=f"US dollars, payee class {portfolio.payee}, law tables {rules_version()}. "
        "For rejected and undetermined entries: what is at stake.",
    ) + html_table(
        "Entries",
        ("Entry", "Outcome", *amounts),
        entries,
        numbers=(2, 3, 4),
        note=f"and {more:,} more: .to_rows()" if more else "",
    )
