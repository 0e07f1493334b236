"""What the codes of a query answer say about the state of an entry, with a note where they leave doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.ace.abi_codes import HOLDS, PROTESTS, SUMMARY_STATES
from ieeparefund.ace.abi_records import Value
from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.errors import InputError
from ieeparefund.money import from_cents

__all__ = [
    "FLAGS",
    "AbiCollection",
    "AbiRecord",
    "deposit_date",
    "hold_state",
    "protest_state",
    "reconciliation",
    "summary_state",
]

FLAGS = {"Y": True, "YS": True, "YES": True, "N": False, "NO": False}
"""Words of a flag. Blank is not known."""


@dataclass(frozen=True, slots=True)
class AbiRecord:
    """One record of the file: its line number from 1, its identifier, its fields by name."""

    row: int
    kind: str
    fields: dict[str, Value]

    def text(self, name: str) -> str | None:
        """Return a text field."""
        value = self.fields[name]
        return value if isinstance(value, str) else None

    def whole(self, name: str) -> int | None:
        """Return a field that counts: cents, dollars or pieces."""
        value = self.fields[name]
        return value if isinstance(value, int) else None

    def date(self, name: str) -> dt.date | None:
        """Return a date field."""
        value = self.fields[name]
        return value if isinstance(value, dt.date) else None

    def dollars(self, name: str) -> Decimal | None:
        """Return a field in cents as dollars."""
        cents = self.whole(name)
        return None if cents is None else from_cents(cents)

    def error(
        self, problem: str, remedy: str, column: str | None = None, value: str | None = None
    ) -> InputError:
        """Return the error that this record causes."""
        return InputError(problem, remedy=remedy, row=self.row, column=column or self.kind, value=value)


@dataclass(frozen=True, slots=True)
class AbiCollection:
    """Money CBP took in on the entry (record JL), in dollars; below zero it was given back."""

    date: dt.date | None
    amount: Decimal | None


def hold_state(
    code: str | None, holds: Sequence[str], notes: list[str]
) -> tuple[LiquidationStatus | None, AdCvdStatus | None]:
    """Return the liquidation and AD/CVD states: 2 is liquidated; else a suspension, else an extension."""
    known = [HOLDS[hold] for hold in holds if hold in HOLDS]
    notes += [f"extension or suspension code {hold} is not known" for hold in holds if hold not in HOLDS]
    if code == "2":
        if known:
            notes.append("extension or suspension codes stand beside a liquidation: taken as lifted")
        return LiquidationStatus.LIQUIDATED, None
    if code not in ("1", None):
        notes.append(f"liquidation status {code} is not explained by the layout: status left unknown")
        return None, None
    awaiting = AdCvdStatus.SUSPENDED if any(hold.ad_cvd for hold in known) else None
    states = {hold.status for hold in known}
    for state in (LiquidationStatus.SUSPENDED, LiquidationStatus.EXTENDED):
        if state in states:
            return state, awaiting
    return (LiquidationStatus.UNLIQUIDATED if code else None), None


def summary_state(jc: AbiRecord, notes: list[str]) -> SummaryStatus | None:
    """Return the state of the summary; an accepted one under trade control is not accepted for CAPE."""
    code, control = jc.text("summary status"), jc.text("control status")
    state = SUMMARY_STATES.get(code or "")
    if code and state is None:
        notes.append(f"summary status {code} is not known")
    if state not in (None, SummaryStatus.ACCEPTED) or (code and state is None):
        return state
    if control == "1":
        return SummaryStatus.TRADE_CONTROL
    if control == "3":
        notes.append("control status 3, inactive: summary status left unknown")
        return None
    return state


def deposit_date(jc: AbiRecord, collections: Sequence[AbiCollection], notes: list[str]) -> dt.date | None:
    """Return the deposit date: the first day on which money was collected (JL), else that of JC 21-26."""
    if jc.text("collection status") == "0":
        return None
    stated = jc.date("collection date")
    days = sorted(
        {taken.date for taken in collections if taken.date and (taken.amount is None or taken.amount > 0)}
    )
    if not days:
        return stated
    if len(days) > 1:
        notes.append(
            f"money was collected on {len(days)} days; the first, {days[0]}, is taken as the deposit date"
        )
    elif stated and stated != days[0]:
        notes.append(f"collection dates differ: JL {days[0]} is taken, JC has {stated}")
    return days[0]


def protest_state(jc: AbiRecord, protests: Sequence[AbiRecord], notes: list[str]) -> ProtestStatus | None:
    """Return the state that weighs most: open, suspended, then the latest decision."""
    flag = jc.text("protest")
    if not protests:
        if flag == "NO":
            return ProtestStatus.NONE
        if flag == "YS":
            notes.append("a protest is on file but its state is not told: read as open")
            return ProtestStatus.OPEN
        if flag:
            notes.append(f"protest flag {flag} is not known")
        return None
    if flag == "NO":
        notes.append("JC says no protest, yet JJ names one: JJ is taken")
    found: list[tuple[dt.date, ProtestStatus]] = []
    for record in protests:
        code, decided = record.text("protest status"), record.date("decision date")
        meaning = PROTESTS.get(code or "")
        state = meaning and (meaning.decided if decided else meaning.undecided)
        if state:
            found.append((decided or dt.date.min, state))
        if meaning is None or state is None:
            notes.append(f"protest {record.text('protest number')} has status {code}: its state is not known")
        elif meaning.note:
            notes.append(f"protest {record.text('protest number')} has status {code}: {meaning.note}")
    states = {state for _, state in found}
    for state in (ProtestStatus.OPEN, ProtestStatus.SUSPENDED):
        if state in states:
            return state
    return max(found, key=lambda pair: pair[0])[1] if found else None


def reconciliation(jc: AbiRecord, notes: list[str]) -> tuple[bool | None, dt.date | None]:
    """Return whether either reconciliation flag is set, and the earlier due date."""
    flags: list[bool | None] = []
    dues: list[dt.date] = []
    for kind in ("FTA", "other"):
        shown, due = jc.text(f"{kind} reconciliation"), jc.date(f"{kind} reconciliation due")
        flag = FLAGS.get(shown[:1]) if shown else None
        if shown and shown not in FLAGS and shown.strip("0"):
            notes.append(f"{kind} reconciliation indicator {shown} is not spelled out by the layout")
        if due:
            dues.append(due)
            if flag is None:
                notes.append(f"{kind} reconciliation has a due date and no known indicator: read as flagged")
                flag = True
        flags.append(flag)
    flagged = True if True in flags else (None if None in flags else False)
    return flagged, min(dues, default=None)
