"""Estimates and portfolios as plain JSON values: strings for money, ISO text for dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ieeparefund.entries.identifiers import mask_importer

if TYPE_CHECKING:
    from ieeparefund.law.eligibility import Remedy
    from ieeparefund.law.findings import Finding
    from ieeparefund.law.windows import Window
    from ieeparefund.refunds.estimate import RefundEstimate
    from ieeparefund.refunds.portfolio import Portfolio

__all__ = [
    "estimate_to_dict",
    "estimate_to_row",
    "finding_to_dict",
    "portfolio_to_dict",
    "remedy_to_dict",
]

# These three are always present, null where the entry has no such window.
_WINDOWS = ("cape", "reliquidation", "protest")


def _day(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def _window(window: Window | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {
        "opens": _day(window.opens),
        "closes": _day(window.closes),
        "citation": str(window.citation),
        "note": window.note,
    }


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON values."""
    return {
        "rule": finding.rule,
        "effect": finding.effect.value,
        "ace_text": finding.ace_text,
        "explanation": finding.explanation,
        "citation": str(finding.citation),
        "standing": finding.standing.value,
        "remedy": finding.remedy,
        "line": finding.line_number,
        "amount": None if finding.amount is None else f"{finding.amount:.2f}",
    }


def remedy_to_dict(remedy: Remedy) -> dict[str, Any]:
    """Return a next step as JSON values."""
    return {
        "action": remedy.action,
        "text": remedy.text,
        "opens": _day(remedy.opens),
        "by": _day(remedy.by),
        "citation": str(remedy.citation),
    }


def estimate_to_dict(estimate: RefundEstimate) -> dict[str, Any]:
    """Return one estimate with the fixed keys of the command line's JSON. The importer is masked."""
    entry = estimate.entry
    open_windows = estimate.windows
    low, high = estimate.interest_range
    return {
        "entry_number": str(entry.number),
        "entry_type": entry.entry_type.value,
        "importer": mask_importer(entry.importer),
        "entry_date": _day(entry.entry_date),
        "deposit_date": _day(estimate.deposit_date),
        "liquidation_date": _day(entry.liquidation_date),
        "outcome": estimate.outcome.value,
        "findings": [finding_to_dict(finding) for finding in estimate.findings],
        "assumed": list(estimate.assumed),
        "missing": list(estimate.missing),
        "ieepa_duty": f"{estimate.ieepa_duty:.2f}",
        "refundable_duty": f"{estimate.refundable_duty:.2f}",
        "refundable_low": f"{estimate.duty.low:.2f}",
        "refundable_high": f"{estimate.duty.high:.2f}",
        "by_programme": {str(name): f"{amount:.2f}" for name, amount in estimate.by_programme.items()},
        "interest_from": _day(estimate.interest_from),
        "interest_to": _day(estimate.interest_to),
        "interest_open_ended": estimate.end.open_ended,
        "interest": f"{estimate.interest:.2f}",
        "interest_low": f"{low:.2f}",
        "interest_high": f"{high:.2f}",
        "interest_projected": f"{estimate.interest_projected:.2f}",
        "provisional": estimate.provisional,
        "refund": f"{estimate.refund:.2f}",
        "windows": {
            name: _window(open_windows.get(name)) for name in dict.fromkeys((*_WINDOWS, *open_windows))
        },
        "remedies": [remedy_to_dict(remedy) for remedy in estimate.remedies],
    }


def estimate_to_row(estimate: RefundEstimate) -> dict[str, Any]:
    """Return one estimate as a flat row of text, `Decimal`, `date` and `bool` values. The importer is masked."""
    entry = estimate.entry
    open_windows = estimate.windows
    row: dict[str, Any] = {
        "entry_number": str(entry.number),
        "entry_type": entry.entry_type.value,
        "importer": mask_importer(entry.importer),
        "entry_date": entry.entry_date,
        "deposit_date": estimate.deposit_date,
        "liquidation_date": entry.liquidation_date,
        "outcome": estimate.outcome.value,
        "rules": " ".join(finding.rule for finding in estimate.findings),
        "ieepa_duty": estimate.ieepa_duty,
        "refundable_duty": estimate.refundable_duty,
        "interest_from": estimate.interest_from,
        "interest_to": estimate.interest_to,
        "interest": estimate.interest,
        "interest_projected": estimate.interest_projected,
        "provisional": estimate.provisional,
        "refund": estimate.refund,
    }
    for name in _WINDOWS:
        window = open_windows.get(name)
        row[f"{name}_closes"] = None if window is None else window.closes
    row["next_step"] = estimate.remedies[0].text if estimate.remedies else ""
    row["assumed"] = " ".join(estimate.assumed)
    row["missing"] = " ".join(estimate.missing)
    return row


def portfolio_to_dict(portfolio: Portfolio) -> dict[str, Any]:
    """Return a book of estimates with its totals; the caller adds the counts of rows and the problems."""
    return {
        "as_of": _day(portfolio.as_of),
        "payee": portfolio.payee.value,
        "totals": portfolio.totals.to_dict(),
        "by_outcome": {outcome.value: sums.to_dict() for outcome, sums in portfolio.by_outcome.items()},
        "entries": [estimate_to_dict(estimate) for estimate in portfolio.estimates],
    }
