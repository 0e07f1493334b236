"""Names and short phrases that every face of a result shares."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from importlib.metadata import version

from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.findings import Effect
from ieeparefund.law.manifest import rules_version
from ieeparefund.law.once import once
from ieeparefund.money import format_dollars
from ieeparefund.refunds.estimate import RefundEstimate

__all__ = [
    "CAVEAT",
    "OUTCOME_NAMES",
    "grouped",
    "money",
    "package_version",
    "plural",
    "provenance",
    "window_name",
    "words_of",
]

CAVEAT = (
    "This is no legal advice and no CBP product. It is computed from the facts in the file and the rules of the day "
    "it names; what was not known is listed under the assumptions."
)
OUTCOME_NAMES = {
    Outcome.ACCEPTED: "accepted",
    Outcome.ACCEPTED_DEFERRED: "accepted, deferred",
    Outcome.REJECTED: "rejected",
    Outcome.UNDETERMINED: "undetermined",
}
_WINDOW_NAMES = {
    "cape": "CAPE declaration",
    "reliquidation": "CBP's own reliquidation",
    "residual_suit": "suit under 28 U.S.C. 1581(i)",
}
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@once
def package_version() -> str:
    """Return the version of the installed package."""
    return version("ieeparefund")


def window_name(rule: str) -> str:
    """Return the words for a window's rule, such as `post summary correction`."""
    return _WINDOW_NAMES.get(rule, rule.replace("_", " "))


def words_of(estimate: RefundEstimate) -> str:
    """Return why an entry is not paid on CAPE's track: ACE's words, else the rule's; blank where it is."""
    reasons = [
        finding.ace_text or finding.rule.replace("_", " ")
        for finding in estimate.eligibility.findings
        if finding.effect in (Effect.REJECT, Effect.DEFER)
    ]
    return "; ".join(dict.fromkeys(reasons))


def grouped(sentences: Iterable[str]) -> list[tuple[int, str]]:
    """Return how often each sentence comes, dates left open, the most frequent first."""
    return [
        (count, text)
        for text, count in Counter(_DATE.sub("…", sentence) for sentence in sentences).most_common()
    ]


def money(amount: Decimal) -> str:
    """Return dollars with their sign, such as `$1,234.50`."""
    return f"-${format_dollars(-amount)}" if amount < 0 else f"${format_dollars(amount)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: `1 entry`, `2 entries`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def provenance(as_of: dt.date) -> str:
    """Return the line that says as of when, by which tables and in which unit a figure holds."""
    return f"As of {as_of} · law tables {rules_version()} · US dollars"
