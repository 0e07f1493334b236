"""An `Eligibility` as a table for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ieeparefund.notebook import html_table

if TYPE_CHECKING:
    from ieeparefund.law.eligibility import Eligibility

__all__ = ["eligibility_html"]


def eligibility_html(eligibility: Eligibility) -> str:
    """Return the findings, next steps, assumptions and missing facts as an HTML table."""
    rows: list[tuple[object, ...]] = [
        (finding.effect.value, finding.explanation, None, finding.citation)
        for finding in eligibility.findings
    ]
    rows += [("next", remedy.text, remedy.by, remedy.citation) for remedy in eligibility.remedies]
    rows += [("assumed", sentence, None, None) for sentence in eligibility.assumed]
    rows += [("missing", sentence, None, None) for sentence in eligibility.missing]
    return html_table(
        f"CAPE on {eligibility.as_of}, entry {eligibility.entry.number}: {eligibility.outcome.replace('_', ', ')}",
        ("What", "Sentence", "By", "Citation"),
        rows,
    )
