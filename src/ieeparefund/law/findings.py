"""A finding: one rule that matched one entry, with its effect, its source and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ieeparefund.law.citations import Citation, Standing

__all__ = ["Effect", "Finding"]


class Effect(StrEnum):
    """What a finding does: CAPE refuses the entry, takes it but pays later, or the filer should look."""

    REJECT = "reject"
    DEFER = "defer"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that matched.

    `rule` is the stable identifier; `ace_text` the words ACE prints, where known; `standing` says how firmly
    the rule is known; `line_number` and `amount` (dollars) say where and how much, where that applies.
    """

    rule: str
    effect: Effect
    explanation: str
    citation: Citation
    ace_text: str | None = None
    standing: Standing = Standing.PUBLISHED
    remedy: str | None = None
    line_number: int | None = None
    amount: Decimal | None = None
