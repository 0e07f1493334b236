"""From the records of one entry summary in a query answer to an `Entry` and what stands around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.ace.abi_codes import BILL_STATES, CAPE_REASON, COLLECTION_STATES
from ieeparefund.ace.abi_records import RECORDS
from ieeparefund.ace.abi_states import (
    FLAGS,
    AbiCollection,
    AbiRecord,
    deposit_date,
    hold_state,
    protest_state,
    reconciliation,
    summary_state,
)
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.money import from_cents

__all__ = ["AbiBill", "AbiSummary", "build_summary"]

_ONCE = ("JB", "JC", "JD", "JF", "JG", "JH")


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

    `entry` holds the facts; `first_row` and `last_row` are its lines in the file (inclusive, from 1).
    `version` is that of the summary. `liquidation_code` is JB 43 as sent; `liquidation_reasons` and
    `hold_codes` are the codes as sent; `liquidated_by_cape` says that reason 36 is among them. `psc_filed`
    tells whether a post summary correction was filed, not whether one is pending. Amounts are dollars, `None`
    where not told. `notes` says in words what was doubtful, inferred or not known.
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


def _lines(records: Iterable[AbiRecord]) -> list[EntryLine]:
    lines: list[tuple[AbiRecord, list[TariffLine]]] = []
    for record in records:
        if record.kind == "4A":
            lines.append((record, []))
        elif record.kind == "50":
            if not lines:
                raise record.error(
                    "a 50-record stands before the first 4A.", "Ask ACE again: a line record is lost."
                )
            number, value = record.text("tariff number"), record.whole("value")
            try:
                lines[-1][1].append(TariffLine(number or "", value, record.dollars("duty")))
            except InputError as error:
                raise record.error(error.problem, error.remedy, "50 3-12 tariff number", number) from None
    made: list[EntryLine] = []
    for record, tariffs in lines:
        place = record.whole("line number")
        try:
            # 0 is refused by EntryLine, so a blank number is too.
            made.append(EntryLine(place or 0, None, tariffs))
        except InputError as error:
            raise record.error(error.problem, error.remedy, "4A 3-7 line number", str(place)) from None
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


def _check_total(records: Sequence[AbiRecord], notes: list[str], *, refuse: bool) -> None:
    grand = next((r for r in records if r.kind == "90"), None)
    stated = grand.whole("total duty") if grand else None
    duty = sum(r.whole("duty") or 0 for r in records if r.kind == "50")
    if grand is None or stated is None or stated == duty:
        return
    problem = (
        f"record 90 totals duty at {from_cents(stated):,.2f}, "
        f"the 50-records add up to {from_cents(duty):,.2f}"
    )
    if refuse:
        raise grand.error(
            f"{problem}.",
            "Ask ACE again: a record is lost or spoilt. If every entry is so, pass check_totals=False.",
            "90 3-13 total duty",
            str(stated),
        )
    notes.append(problem)


def build_summary(
    records: Sequence[AbiRecord], *, require_lines: bool = True, check_totals: bool = True
) -> AbiSummary:
    """Return the entry summary that `records` (a JB and what follows it) describe.

    Raises `InputError`, with the line and the columns, where a fact an `Entry` must have is missing or wrong,
    where a header record stands twice; with `require_lines`, where there are no line details; with `check_totals`,
    where the duty of a 90-record is not the sum of the 50-records.
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
    _check_total(records, notes, refuse=check_totals)
    collections = tuple(
        AbiCollection(r.date("collection date"), r.dollars("collected")) for r in records if r.kind == "JL"
    )
    protests = [record for record in records if record.kind == "JJ"]
    holds = _codes(jc, "hold code", 4)
    code = jb.text("liquidation status")
    status, ad_cvd = hold_state(code, holds, notes)
    flagged, due = reconciliation(jc, notes)
    paid = COLLECTION_STATES.get(jc.text("collection status") or "")
    if paid is None and jc.text("collection status"):
        notes.append(f"collection status {jc.text('collection status')} is not known")
    elif paid and paid.note:
        notes.append(f"collection status {jc.text('collection status')}: {paid.note}")
    reasons = _codes(jd, "liquidation reason", 3)
    if CAPE_REASON in reasons:
        notes.append(
            "liquidation reason 36: liquidated or reliquidated by CAPE; the IEEPA duty is refunded already"
        )
    psc = jb.text("PSC flag")
    if psc and psc not in FLAGS:
        notes.append(f"PSC flag {psc} is not known")
    try:
        entry = Entry(
            EntryNumber.parse(f"{jb.text('filer code') or ''}{jb.text('entry number') or ''}", check=False),
            jf.text("entry type") or "",
            entry_date,
            lines,
            importer=jf.text("importer"),
            deposit_date=deposit_date(jc, collections, notes),
            entry_summary_date=jf.date("filing date"),
            liquidation_date=jb.date("liquidation date"),
            liquidation_status=status,
            summary_status=summary_state(jc, notes),
            statement_paid=paid.paid if paid else None,
            protest=protest_state(jc, protests, notes),
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
        psc_filed=FLAGS.get(psc or ""),
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
