"""Code lists of the entry summary query answer, and what each code means for an `Entry`.

Source: CBP, ACE ABI CATAIR and liquidation notices as restated; secondary. Meanings marked *inferred* are not
in the restatement; they are put in a note on every entry they touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus, ProtestStatus, SummaryStatus

__all__ = [
    "BILL_STATES",
    "CAPE_REASON",
    "COLLECTION_STATES",
    "HOLDS",
    "PROTESTS",
    "SUMMARY_STATES",
    "Hold",
    "Paid",
    "ProtestCode",
]


@dataclass(frozen=True, slots=True)
class Hold:
    """An extension or suspension code: its meaning, the state it puts the entry in, its AD/CVD state."""

    meaning: str
    status: LiquidationStatus
    ad_cvd: AdCvdStatus | None = None


def _holds() -> dict[str, Hold]:
    extended, suspended = LiquidationStatus.EXTENDED, LiquidationStatus.SUSPENDED
    awaiting = AdCvdStatus.SUSPENDED
    return {
        "43": Hold("countervailing duty", suspended, awaiting),
        "44": Hold("antidumping duty", suspended, awaiting),
        "45": Hold("antidumping and countervailing duty", suspended, awaiting),
        "46": Hold("court order", suspended),
        "47": Hold("actual use", suspended),
        "48": Hold("other suspension", suspended),
        "49": Hold("extension by Customs", extended),
        "50": Hold("extension by the importer", extended),
        "51": Hold("other extension", extended),
        "65": Hold("EAPA investigation", suspended),
        "66": Hold("injunction", suspended),
        # The codes of older notices.
        "01": Hold("extension", extended),
        "02": Hold("extension", extended),
        "03": Hold("extension", extended),
        "04": Hold("countervailing duty", suspended, awaiting),
        "05": Hold("antidumping duty", suspended, awaiting),
        "06": Hold("court order", suspended),
        "07": Hold("actual use", suspended),
        "08": Hold("other suspension", suspended),
    }


HOLDS: Mapping[str, Hold] = MappingProxyType(_holds())
"""Extension and suspension codes (JC 71-78)."""

CAPE_REASON = "36"
"""The liquidation reason of a CAPE refund, in use from 2026-05-12."""

SUMMARY_STATES: Mapping[str, SummaryStatus] = MappingProxyType(
    {"1": SummaryStatus.ACCEPTED, "2": SummaryStatus.REJECTED, "3": SummaryStatus.CANCELLED}
)
"""Entry summary status (JC 4)."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A collection status: whether the statement is paid, and the note it needs."""

    paid: bool | None
    note: str = ""


COLLECTION_STATES: Mapping[str, Paid] = MappingProxyType(
    {
        "0": Paid(False),
        "1": Paid(False, "paid in part: counted as unpaid"),
        "2": Paid(True),
        "3": Paid(None, "free of duty: nothing was to be paid"),
        "5": Paid(None, "settled against drawback: whether a statement was paid is not told"),
        "6": Paid(False, "payment authorised, not yet collected: counted as unpaid"),
    }
)
"""Collection status (JC 20)."""


@dataclass(frozen=True, slots=True)
class ProtestCode:
    """A protest status: its state while undecided and once a decision date stands beside it."""

    undecided: ProtestStatus | None
    decided: ProtestStatus | None
    note: str = ""


def _protests() -> dict[str, ProtestCode]:
    state = ProtestStatus
    denied = "read as closed without relief, which is inferred"
    return {
        "OP": ProtestCode(state.OPEN, state.OPEN),
        "AP": ProtestCode(state.APPROVED, state.APPROVED),
        "DN": ProtestCode(state.DENIED, state.DENIED),
        "SP": ProtestCode(state.SUSPENDED, state.SUSPENDED),
        "WD": ProtestCode(state.WITHDRAWN, state.WITHDRAWN),
        "NP": ProtestCode(None, state.DENIED, denied),
        "UT": ProtestCode(None, state.DENIED, denied),
        "PD": ProtestCode(
            None, state.DENIED, "read as denied in part where a decision date stands, which is inferred"
        ),
    }


PROTESTS: Mapping[str, ProtestCode] = MappingProxyType(_protests())
"""Protest status (JJ 16-17). NP, UT and PD are not spelled out by the source."""

BILL_STATES: Mapping[str, str] = MappingProxyType(
    {"01": "unpaid", "04": "paid", "05": "paid in part", "06": "cancelled", "09": "written off"}
)
"""Collection state of a bill (JK 21-22)."""
