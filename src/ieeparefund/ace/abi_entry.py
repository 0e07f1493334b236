"""From the records of one entry summary in a query answer to an `Entry` and what stands around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.ace.abi_codes import (
    BILL_STATES,
    CAPE_REASON,
    COLLECTION_STATES,
    HOLDS,
    PROTESTS,
    SUMMARY_STATES,
)
from ieeparefund.ace.abi_records import RECORDS, Value
from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.money import from_cents

__all__ = ["AbiBill", "AbiCollection", "AbiRecord", "AbiSummary", "build_summary"]

_ONCE = ("JB", "JC", "JD", "JF", "JG", "JH")
_FLAGS = {"Y": True, "YS": True, "YES": True, "N": False, "NO": False}


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

    def error(self, problem: str, remedy: str, column: str | None = None, value: str | None = None) -> InputError:
        """Return the error that this record causes."""
        return InputError(problem, remedy=remedy, row=self.row, column=column or self.kind, value=value)


@dataclass(frozen=True, slots=True)
class AbiCollection:
    """Money CBP took in on the entry (record JL), in dollars; below zero it was given back."""

    date: dt.date | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class AbiBill:
    """A bill on the entry (record JK), in dollars. An open one may be set off against a refund."""

    number: str | None
    date: dt.date | None
    state: str | None
    total: Decimal | None
    paid: Decimal | None


@dataclass(frozen=True, slots=True)
class AbiSummary:
    """One entry summary of a query answer.

    `entry` holds the facts; `first_row` and `last_row` are its lines in the file (inclusive, from 1). `version`
    is that of the summary. `liquidation_code` is JB 43 as sent; `liquidation_reasons` and `hold_codes` are the
    codes as sent; `liquidated_by_cape` says that reason 36 is among them. `psc_filed` tells whether a post
    summary correction was filed, not whether one is pending. Amounts are dollars, `None` where not told.
    `notes` says in words what was doubtful, inferred or not known.
    """

    entry: Entry
    first_row: int
    last_row: int
    version: str | None
    liquidation_code: str | None
    liquidation_reasons: tuple[str, ...]
    liquidated_by_cape: bool
    liquidated_duty: Decimal | None
    liquidated_interest: Decimal | None
    hold_codes: tuple[str, ...]
    hold_date: dt.date | None
    psc_filed: bool | None
    psc_date: dt.date | None
    collections: tuple[AbiCollection, ...]
    bills: tuple[AbiBill, ...]
    protest_numbers: tuple[str, ...]
    notes: tuple[str, ...]


def _blank(kind: str, row: int) -> AbiRecord:
    return AbiRecord(row, kind, {field.name: None for field in RECORDS[kind]})


def _codes(record: AbiRecord, name: str, count: int) -> tuple[str, ...]:
    found = (record.text(f"{name} {place}") for place in range(1, count + 1))
    return tuple(code for code in found if code and code != "00")


def _hold_state(
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


def _summary_state(jc: AbiRecord, notes: list[str]) -> SummaryStatus | None:
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


def _deposit(jc: AbiRecord, collections: Sequence[AbiCollection], notes: list[str]) -> dt.date | None:
    """Return the deposit date: the first day on which money was collected (JL), else that of JC 21-26."""
    if jc.text("collection status") == "0":
        return None
    stated = jc.date("collection date")
    days = sorted({taken.date for taken in collections if taken.date and (taken.amount is None or taken.amount > 0)})
    if not days:
        return stated
    if len(days) > 1:
        notes.append(f"money was collected on {len(days)} days; the first, {days[0]}, is taken as the deposit date")
    elif stated and stated != days[0]:
        notes.append(f"collection dates differ: JL {days[0]} is taken, JC has {stated}")
    return days[0]


def _protest(jc: AbiRecord, protests: Sequence[AbiRecord], notes: list[str]) -> ProtestStatus | None:
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


def _reconciliation(jc: AbiRecord, notes: list[str]) -> tuple[bool | None, dt.date | None]:
    """Return whether either reconciliation flag is set, and the earlier due date."""
    flags: list[bool | None] = []
    dues: list[dt.date] = []
    for kind in ("FTA", "other"):
        shown, due = jc.text(f"{kind} reconciliation"), jc.date(f"{kind} reconciliation due")
        flag = _FLAGS.get(shown[:1]) if shown else None
        if shown and shown not in _FLAGS and shown.strip("0"):
            notes.append(f"{kind} reconciliation indicator {shown} is not spelled out by the layout")
        if due:
            dues.append(due)
            if flag is None:
                notes.append(f"{kind} reconciliation has a due date and no known indicator: read as flagged")
                flag = True
        flags.append(flag)
    flagged = True if True in flags else (None if None in flags else False)
    return flagged, min(dues, default=None)


def _lines(records: Iterable[AbiRecord]) -> list[EntryLine]:
    lines: list[tuple[AbiRecord, list[TariffLine]]] = []
    for record in records:
        if record.kind == "4A":
            lines.append((record, []))
        elif record.kind == "50":
            if not lines:
                raise record.error("a 50-record stands before the first 4A.", "Ask ACE again: a line record is lost.")
            number, value = record.text("tariff number"), record.whole("value")
            try:
                lines[-1][1].append(TariffLine(number or "", value, record.dollars("duty")))
            except InputError as error:
                raise record.error(error.problem, error.remedy, "50 3-12 tariff number", number) from None
    made: list[EntryLine] = []
    for record, tariffs in lines:
        number = record.whole("line number")
        try:
            # 0 is refused by EntryLine, so a blank number is too.
            made.append(EntryLine(number or 0, None, tariffs))
        except InputError as error:
            raise record.error(error.problem, error.remedy, "4A 3-7 line number", str(number)) from None
    return made


def _check_lines(records: Sequence[AbiRecord], lines: Sequence[EntryLine], require_lines: bool) -> None:
    expected = next((r.whole("line count") for r in records if r.kind == "JG"), None)
    if not lines:
        if require_lines:
            raise records[0].error(
                "the answer has no line details (4A and 50), so the duty is not known.",
                "Query with line details, or pass require_lines=False to take the states alone.",
                "4A",
            )
    elif expected is not None and expected != len(lines):
        raise records[0].error(
            f"JG counts {expected} lines, but {len(lines)} 4A records follow.",
            "Ask ACE again: records are lost or doubled.",
            "JG 16-18 line count",
            str(expected),
        )


def _check_total(records: Sequence[AbiRecord], notes: list[str]) -> None:
    totals = [r.whole("total duty") for r in records if r.kind == "90"]
    duty = sum(r.whole("duty") or 0 for r in records if r.kind == "50")
    if totals and totals[-1] is not None and totals[-1] != duty:
        notes.append(
            f"record 90 totals duty at {from_cents(totals[-1]):,.2f}, the 50-records add up to {from_cents(duty):,.2f}"
        )


def build_summary(records: Sequence[AbiRecord], *, require_lines: bool = True) -> AbiSummary:
    """Return the entry summary that `records` (a JB and what follows it) describe.

    Raises `InputError`, with the line and the columns, where a fact an `Entry` must have is missing or wrong,
    where a header record stands twice, and, with `require_lines`, where there are no line details.
    """
    jb = records[0]
    single: dict[str, AbiRecord] = {}
    for record in records:
        if record.kind in _ONCE and single.setdefault(record.kind, record) is not record:
            raise record.error(
                f"{record.kind} stands twice in one entry summary.", "Ask ACE again: a JB may be lost."
            )
    jc, jd, jf, jh = (single.get(kind) or _blank(kind, jb.row) for kind in ("JC", "JD", "JF", "JH"))
    entry_date = jd.date("entry date")
    if entry_date is None:
        raise jd.error("the entry date (JD 4-9) is missing.", "Ask ACE again.", "JD 4-9 entry date")
    notes: list[str] = []
    lines = _lines(records)
    _check_lines(records, lines, require_lines)
    _check_total(records, notes)
    collections = tuple(
        AbiCollection(r.date("collection date"), r.dollars("collected")) for r in records if r.kind == "JL"
    )
    protests = [record for record in records if record.kind == "JJ"]
    holds = _codes(jc, "hold code", 4)
    code = jb.text("liquidation status")
    status, ad_cvd = _hold_state(code, holds, notes)
    flagged, due = _reconciliation(jc, notes)
    paid = COLLECTION_STATES.get(jc.text("collection status") or "")
    if paid is None and jc.text("collection status"):
        notes.append(f"collection status {jc.text('collection status')} is not known")
    elif paid and paid.note:
        notes.append(f"collection status {jc.text('collection status')}: {paid.note}")
    reasons = _codes(jd, "liquidation reason", 3)
    if CAPE_REASON in reasons:
        notes.append("liquidation reason 36: liquidated or reliquidated by CAPE; the IEEPA duty is refunded already")
    psc = jb.text("PSC flag")
    if psc and psc not in _FLAGS:
        notes.append(f"PSC flag {psc} is not known")
    try:
        entry = Entry(
            EntryNumber.parse(f"{jb.text('filer code') or ''}{jb.text('entry number') or ''}", check=False),
            jf.text("entry type") or "",
            entry_date,
            lines,
            importer=jf.text("importer"),
            deposit_date=_deposit(jc, collections, notes),
            entry_summary_date=jf.date("filing date"),
            liquidation_date=jb.date("liquidation date"),
            liquidation_status=status,
            summary_status=_summary_state(jc, notes),
            statement_paid=paid.paid if paid else None,
            protest=_protest(jc, protests, notes),
            ad_cvd=ad_cvd,
            reconciliation_flagged=flagged,
            reconciliation_due=due,
            in_ace=True,
            notify_party=jh.text("4811 party"),
        )
    except InputError as error:
        raise jb.error(error.problem, error.remedy, error.column, error.value) from None
    if not entry.number.check_digit_valid:
        notes.append(f"the check digit of entry number {entry.number} does not hold")
    return AbiSummary(
        entry=entry,
        first_row=jb.row,
        last_row=records[-1].row,
        version=jb.text("version"),
        liquidation_code=code,
        liquidation_reasons=reasons,
        liquidated_by_cape=CAPE_REASON in reasons,
        liquidated_duty=jd.dollars("liquidated duty"),
        liquidated_interest=jd.dollars("liquidated interest"),
        hold_codes=holds,
        hold_date=jc.date("extension or suspension date"),
        psc_filed=_FLAGS.get(psc or ""),
        psc_date=jb.date("PSC date"),
        collections=collections,
        bills=tuple(
            AbiBill(
                record.text("bill number"),
                record.date("bill date"),
                BILL_STATES.get(record.text("bill collection") or "", record.text("bill collection")),
                record.dollars("bill total"),
                record.dollars("bill paid"),
            )
            for record in records
            if record.kind == "JK"
        ),
        protest_numbers=tuple(number for record in protests if (number := record.text("protest number"))),
        notes=tuple(notes),
    )
