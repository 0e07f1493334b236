"""Reasons not to put an entry on a CAPE declaration, each with a name by which it can be overridden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ieeparefund.law.clocks import clock, clock_end
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.findings import Effect

if TYPE_CHECKING:
    from ieeparefund.refunds.estimate import RefundEstimate

__all__ = ["Account", "Stop", "StopReason", "stop_reasons"]

_LAST_DAYS = 1
"""With so many days left or fewer the validation may come too late (day 79 and day 80)."""


class Stop(StrEnum):
    """A pre-flight stop. All but `NOT_ACCEPTED` and `DECLARED` may be overridden by name."""

    PENDING_CORRECTION = "pending_correction"
    OPEN_PROTEST = "open_protest"
    DRAWBACK_CLAIM = "drawback_claim"
    UNPAID_STATEMENT = "unpaid_statement"
    SURETY_PAID = "surety_paid"
    LAST_DAYS = "last_days"
    OTHER_ACCOUNT = "other_account"
    NOT_ACCEPTED = "not_accepted"
    DECLARED = "declared"


# The rules of the decision table that are stops of their own; any other rejecting rule is NOT_ACCEPTED.
_RULES = {
    "protest_open": Stop.OPEN_PROTEST,
    "drawback_claim": Stop.DRAWBACK_CLAIM,
    "statement_unpaid": Stop.UNPAID_STATEMENT,
    "paid_by_surety": Stop.SURETY_PAID,
}
FINAL = frozenset({Stop.NOT_ACCEPTED, Stop.DECLARED})


@dataclass(frozen=True, slots=True)
class Account:
    """The ACE account that uploads: the importer of record it is for, the filer code it files under, or both."""

    importer: str | None = field(default=None, repr=False)
    filer_code: str | None = None


@dataclass(frozen=True, slots=True)
class StopReason:
    """Why an entry is left out, and what to do about it."""

    stop: Stop
    reason: str
    remedy: str


def stop_reasons(
    estimate: RefundEstimate, allow: Collection[Stop] = (), account: Account | None = None
) -> list[StopReason]:
    """Return the stops that hold for an estimate, those in `allow` left out; an empty list means: list it.

    An entry that CAPE rejects is stopped by the reason it rejects for. Where every rejecting rule is a stop
    in `allow`, the entry is let through, since CBP may know better than the file.
    """
    found = list(_rejections(estimate))
    entry = estimate.entry
    if entry.correction_pending:
        found.append(
            StopReason(
                Stop.PENDING_CORRECTION,
                "A post summary correction is pending.",
                "Wait until it is decided: once CAPE accepts the entry, corrections are refused.",
            )
        )
    if _in_last_days(estimate):
        found.append(
            StopReason(
                Stop.LAST_DAYS,
                f"{_days(estimate)} of the {clock('cape').count} days have passed on {estimate.as_of};"
                " the validation may come too late.",
                f"Override it with {Stop.LAST_DAYS} to file at once, and prepare the protest.",
            )
        )
    found += _account_stops(estimate, account)
    return [reason for reason in found if reason.stop not in allow or reason.stop in FINAL]


def _rejections(estimate: RefundEstimate) -> list[StopReason]:
    remedy = estimate.remedies[0].text if estimate.remedies else "See the findings of the entry."
    if estimate.outcome is Outcome.UNDETERMINED:
        reason = " ".join(estimate.missing) or "Whether CAPE takes such entries is not known."
        return [StopReason(Stop.NOT_ACCEPTED, reason, "Add what is missing and estimate again.")]
    if estimate.outcome is not Outcome.REJECTED:
        return []
    return [
        StopReason(
            _RULES.get(finding.rule, Stop.NOT_ACCEPTED),
            f"{finding.explanation} [{finding.citation}]",
            finding.remedy or remedy,
        )
        for finding in estimate.eligibility.findings
        if finding.effect is Effect.REJECT
    ]


def _last_liquidation(estimate: RefundEstimate) -> dt.date | None:
    known = [
        day
        for day in (estimate.entry.liquidation_date, estimate.entry.reliquidation_date)
        if day is not None and day <= estimate.as_of
    ]
    return max(known, default=None)


def _days(estimate: RefundEstimate) -> int:
    liquidated = _last_liquidation(estimate)
    return 0 if liquidated is None else (estimate.as_of - liquidated).days


def _in_last_days(estimate: RefundEstimate) -> bool:
    liquidated = _last_liquidation(estimate)
    if liquidated is None:
        return False
    return 0 <= (clock_end("cape", liquidated) - estimate.as_of).days <= _LAST_DAYS


def _account_stops(estimate: RefundEstimate, account: Account | None) -> list[StopReason]:
    if account is None:
        return []
    entry = estimate.entry
    found = []
    if account.importer is not None and not _same_importer(account.importer, entry.importer):
        found.append("the importer of record")
    if account.filer_code is not None and account.filer_code.upper() != entry.filer_code.upper():
        found.append("the filer code")
    return [
        StopReason(
            Stop.OTHER_ACCOUNT,
            f"The account does not own the entry: {what} differs. ACE prints ACCOUNT MISMATCH.",
            "Upload it from the account of the importer of record or of the filer of the entry summary.",
        )
        for what in found
    ]


def _same_importer(account: str, importer: str | None) -> bool:
    """Compare importer numbers: the base must agree; a suffix that one side lacks is unknown, not different."""
    if importer is None:
        return True
    left, right = (text.replace("-", "").replace(" ", "").upper() for text in (account, importer))
    base = min(len(left), len(right))
    return left[:base] == right[:base] if base >= 9 else left == right
