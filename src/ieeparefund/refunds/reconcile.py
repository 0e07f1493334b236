"""Did CBP pay what is due? Estimates against CBP's refund reports and the bank, by entry and by payment.

Every difference is split into named items and the rest, to the cent, so that nothing is lost between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.law.rate_bands import require_date
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.bank_matching import match_bank_lines
from ieeparefund.refunds.compare_entries import compare_entry
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.payment_facts import PaymentFacts, bank_target
from ieeparefund.refunds.payment_groups import ReportedRows, group_entries, read_rows
from ieeparefund.refunds.payments import party_of
from ieeparefund.refunds.reconcile_entries import EntryCheck, unknown_entry
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, OffsetKind, Payment, party_key
from ieeparefund.refunds.reconcile_items import LevelTotals, Result, level_totals, worst
from ieeparefund.refunds.reconcile_payments import PaymentCheck, compare_payment, stray_line
from ieeparefund.refunds.reconcile_pending import is_coming, known_liquidation, pending_entry

__all__ = ["Reconciliation", "reconcile"]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of a reconciliation as of one day. Made by `reconcile`.

    `entries` are the entries with money to come and those CBP reports; `left_out` are the rest of the book:
    rejected or undetermined, and not paid. `payments` are the payments of these entries, refunds of unknown
    entries, and bank lines that belong to none; `bank` says whether a bank statement was given.
    """

    as_of: dt.date
    entries: tuple[EntryCheck, ...]
    payments: tuple[PaymentCheck, ...]
    left_out: tuple[EntryNumber, ...]
    bank: bool

    @property
    def result(self) -> Result:
        """The worst result of any entry or payment."""
        return worst([*(line.result for line in self.entries), *(line.result for line in self.payments)])

    @property
    @exactly
    def entry_totals(self) -> LevelTotals:
        """Sums over the entries."""
        return level_totals(self.entries)

    @property
    @exactly
    def payment_totals(self) -> LevelTotals:
        """Sums over the payments."""
        return level_totals(self.payments)

    @exactly
    def to_rows(self) -> list[dict[str, Any]]:
        """Return one flat row of text, `Decimal` and `date` values for each line, entries first."""
        rows = [_entry_row(check) for check in self.entries]
        return rows + [_payment_row(check) for check in self.payments]

    @exactly
    def to_dict(self) -> dict[str, Any]:
        """Return the whole as JSON values; importer numbers are masked."""
        return {
            "as_of": self.as_of.isoformat(),
            "result": self.result.value,
            "bank": self.bank,
            "totals": {"entries": self.entry_totals.to_dict(), "payments": self.payment_totals.to_dict()},
            "entries": [check.to_dict() for check in self.entries],
            "payments": [check.to_dict() for check in self.payments],
            "left_out": [str(number) for number in self.left_out],
        }


def _entry_row(check: EntryCheck) -> dict[str, Any]:
    return _row("entry", str(check.number), check)


def _payment_row(check: PaymentCheck) -> dict[str, Any]:
    return _row("payment", " ".join(check.refund_numbers), check)


def _row(level: str, name: str, check: EntryCheck | PaymentCheck) -> dict[str, Any]:
    return {
        "level": level,
        "number": name,
        "liquidation_date": check.liquidation_date,
        "result": check.result.value,
        "expected": check.expected,
        "items": " ".join(f"{item.kind.value}={item.amount}" for item in check.items),
        "unexplained": check.unexplained,
        "unchecked": check.unchecked,
        "received": check.received,
        "note": check.note,
    }


@exactly
def reconcile(
    estimates: Iterable[RefundEstimate],
    payments: Iterable[Payment],
    offsets: Iterable[Offset] = (),
    *,
    bank: Iterable[BankLine] | None = None,
    as_of: dt.date | None = None,
) -> Reconciliation:
    """Compare estimates with CBP's refund reports and, where given, the bank; explain every difference.

    `payments` are rows of ES-022, REV-603, REV-613 and REV-615 in any mix; a report must name the entries
    (ES-022 or REV-615) for its refund to be checked. `bank` are the lines of the statement that come from
    Treasury, `None` where there is no statement. `offsets` are known set-offs and nettings. `as_of` is the
    day up to which all of them reach, by default the latest day of the estimates.

    At the **entry level** the interest expected is computed anew to the (re)liquidation date that CBP
    reports; at the **payment level** entries with one payee party and (re)liquidation date, one refund number
    or one trace number stand together. At each level, for each line and in total, to the cent: expected +
    named items + unexplained + unchecked = received. What cannot be judged for want of a fact is `unchecked`
    and its result could_not_check: it is not called wrong.

    Raises `InputError` for an entry that is estimated twice, an offset whose refund or entry is nowhere, and
    without estimates where `as_of` is not given.
    """
    book = _book(estimates)
    day = _day(book, as_of)
    rows = read_rows(payments)
    given = tuple(offsets)
    checks = _entry_checks(book, rows, given, day)
    facts = _payment_facts(checks, rows, given)
    if bank is None:
        lines = [compare_payment(one, None, as_of=day, statement_end=None) for one in facts]
    else:
        statement = tuple(bank)
        found, strays = match_bank_lines([bank_target(one) for one in facts], statement)
        end = max((line.date for line in statement), default=None)
        lines = [
            compare_payment(one, matched, as_of=day, statement_end=end)
            for one, matched in zip(facts, found, strict=True)
        ]
        lines += map(stray_line, strays)
    seen = {check.number for check in checks}
    return Reconciliation(
        day,
        tuple(checks),
        tuple(sorted(lines, key=_order)),
        tuple(number for number in book if number not in seen),
        bank is not None,
    )


def _order(check: PaymentCheck) -> tuple[dt.date, str]:
    return check.liquidation_date or dt.date.max, check.party or ""


def _book(estimates: Iterable[RefundEstimate]) -> dict[EntryNumber, RefundEstimate]:
    book: dict[EntryNumber, RefundEstimate] = {}
    for estimate in estimates:
        number = estimate.entry.number
        if number in book:
            raise InputError(
                f"entry {number} is estimated twice.", remedy="Pass each entry once.", value=str(number)
            )
        book[number] = estimate
    return book


def _day(book: dict[EntryNumber, RefundEstimate], as_of: dt.date | None) -> dt.date:
    if as_of is not None:
        require_date(as_of, "as_of")
        return as_of
    if not book:
        raise InputError("there are no estimates and no as_of.", remedy="Pass as_of.", column="as_of")
    return max(estimate.as_of for estimate in book.values())


def _entry_checks(
    book: dict[EntryNumber, RefundEstimate], rows: ReportedRows, offsets: Sequence[Offset], as_of: dt.date
) -> list[EntryCheck]:
    netted: dict[EntryNumber, Decimal] = {}
    for offset in offsets:
        if offset.kind is OffsetKind.NETTING and offset.entry is not None:
            if offset.entry not in rows.by_entry:
                raise _nowhere(offset, f"entry {offset.entry}")
            netted[offset.entry] = netted.get(offset.entry, ZERO) + offset.amount
    checks = {number: _reported_entry(number, book, rows, netted) for number in rows.by_entry}
    paid = {(party_key(check.party), check.liquidation_date) for check in checks.values() if check.received}
    found = []
    for number, estimate in book.items():
        check = checks.pop(number, None)
        if check is None:
            if not is_coming(estimate):
                continue
            party = party_of(estimate.entry)
            key = (party_key(party), known_liquidation(estimate, as_of))
            check = pending_entry(estimate, party, as_of, paid=key in paid)
        found.append(check)
    return [*found, *checks.values()]


def _reported_entry(
    number: EntryNumber,
    book: dict[EntryNumber, RefundEstimate],
    rows: ReportedRows,
    netted: dict[EntryNumber, Decimal],
) -> EntryCheck:
    reported = rows.reported(number)
    named = next((row.party for row in rows.all_rows(number) if row.party), None)
    estimate = book.get(number)
    if estimate is None:
        return unknown_entry(number, reported, named)
    return compare_entry(
        number, estimate, reported, named or party_of(estimate.entry), netted.get(number, ZERO)
    )


def _payment_facts(
    checks: Sequence[EntryCheck], rows: ReportedRows, offsets: Sequence[Offset]
) -> list[PaymentFacts]:
    groups = group_entries(checks, rows)
    groups += [((), rows.by_refund[refund]) for refund in rows.bare]
    by_entry: dict[EntryNumber, int] = {}
    by_refund: dict[str, int] = {}
    for place, (members, others) in enumerate(groups):
        by_entry.update((check.number, place) for check in members)
        amounts = (row for check in members for row in check.rows)
        by_refund.update((row.refund_number, place) for row in (*amounts, *others) if row.refund_number)
    belonging: dict[int, list[Offset]] = {}
    for offset in offsets:
        if offset.kind is OffsetKind.OFFSET:
            home = by_refund.get(offset.refund_number or "")
            if home is None and offset.entry is not None:
                home = by_entry.get(offset.entry)
            if home is None:
                raise _nowhere(
                    offset,
                    f"refund {offset.refund_number}" if offset.refund_number else f"entry {offset.entry}",
                )
            belonging.setdefault(home, []).append(offset)
    return [
        PaymentFacts(members, others, tuple(belonging.get(place, ())))
        for place, (members, others) in enumerate(groups)
    ]


def _nowhere(offset: Offset, name: str) -> InputError:
    return InputError(
        f"an offset of {offset.amount} names {name}, which no report has.",
        remedy="Correct the number, or leave the offset out until the refund is reported.",
        column="entry" if offset.entry is not None else "refund_number",
        value=name,
    )
