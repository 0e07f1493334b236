"""CBP's report rows read together: the figures of each entry once, and which entries one payment covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.money import ZERO, format_dollars
from ieeparefund.refunds.payments import payment_date
from ieeparefund.refunds.reconcile_entries import EntryCheck, Reported
from ieeparefund.refunds.reconcile_inputs import Payment, party_key

__all__ = ["ReportedRows", "group_entries", "read_rows"]


@dataclass(frozen=True, slots=True)
class ReportedRows:
    """The rows of all reports by entry, and those that name a refund only, by refund number.

    `bare` holds the refunds of which no row names an entry.
    """

    by_entry: dict[EntryNumber, tuple[Payment, ...]]
    by_refund: dict[str, tuple[Payment, ...]]
    bare: tuple[str, ...]

    def reported(self, number: EntryNumber) -> Reported:
        """Return the figures of one entry: from the report that has principal apart, else the first with any.

        Rows of one report add up (principal and interest may come apart); two reports tell the same money.
        """
        rows = self.by_entry[number]
        reports: dict[str, list[Payment]] = {}
        for row in rows:
            if row.amount is not None:
                reports.setdefault(row.report, []).append(row)
        states = {row.state for row in self.all_rows(number) if row.state is not None}
        if not reports:
            return Reported(rows, _latest(rows), None, None, ZERO, frozenset(states), "")
        chosen = next(
            (name for name, found in reports.items() if any(row.principal is not None for row in found)),
            next(iter(reports)),
        )
        taken = reports[chosen]
        amount = _sum(row.amount for row in taken)
        conflict = ""
        for name, found in reports.items():
            other = _sum(row.amount for row in found)
            if other != amount:
                conflict = (
                    f"{chosen} gives {format_dollars(amount)} for the entry, {name} "
                    f"{format_dollars(other)}: ask CBP which is right."
                )
        principal, interest = _apart(taken)
        return Reported(
            tuple(taken),
            _latest(taken) or _latest(rows),
            principal,
            interest,
            amount,
            frozenset(states),
            conflict,
        )

    def all_rows(self, number: EntryNumber) -> tuple[Payment, ...]:
        """Return the rows of an entry and those of its refunds that name no entry."""
        rows = self.by_entry.get(number, ())
        refunds = dict.fromkeys(row.refund_number for row in rows if row.refund_number)
        return (*rows, *(row for refund in refunds for row in self.by_refund.get(refund, ())))


def read_rows(payments: Iterable[Payment]) -> ReportedRows:
    """Sort the rows of all reports."""
    by_entry: dict[EntryNumber, list[Payment]] = {}
    by_refund: dict[str, list[Payment]] = {}
    named: set[str] = set()
    for row in payments:
        if row.entry is not None:
            by_entry.setdefault(row.entry, []).append(row)
            if row.refund_number is not None:
                named.add(row.refund_number)
        else:
            # A row without an entry has a refund number.
            by_refund.setdefault(row.refund_number or "", []).append(row)
    return ReportedRows(
        {number: tuple(rows) for number, rows in by_entry.items()},
        {refund: tuple(rows) for refund, rows in by_refund.items()},
        tuple(refund for refund in by_refund if refund not in named),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _latest(rows: Sequence[Payment]) -> dt.date | None:
    return max((row.liquidation_date for row in rows if row.liquidation_date is not None), default=None)


def _apart(rows: Sequence[Payment]) -> tuple[Decimal | None, Decimal | None]:
    """Return principal and interest, `None` for both where a row has only their total."""
    principal = interest = ZERO
    told = False
    for row in rows:
        if row.principal is not None:
            principal += row.principal
            interest += (
                row.interest if row.interest is not None else (row.total or row.principal) - row.principal
            )
            told = True
        elif row.interest is not None:
            interest += row.interest
        else:
            return None, None
    return (principal, interest) if told else (ZERO, interest)


class _Sets:
    """Keys that belong together, directly or through others."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, key: Hashable) -> Hashable:
        parent = self._parent.setdefault(key, key)
        while parent != key:
            self._parent[key] = self._parent.setdefault(parent, parent)
            key, parent = parent, self._parent[parent]
        return key

    def join(self, first: Hashable, second: Hashable) -> None:
        self._parent[self.root(first)] = self.root(second)


def _keys(check: EntryCheck, rows: Sequence[Payment]) -> list[Hashable]:
    party = party_key(check.party)
    if rows:
        keys: list[Hashable] = [("refund", row.refund_number) for row in rows if row.refund_number]
        keys += [("trace", row.trace) for row in rows if row.trace]
        # Of unknown parties nobody knows whether they are one.
        if check.liquidation_date is not None and (party is not None or not keys):
            keys.append(("date", party, check.liquidation_date))
        return keys or [("entry", check.number)]
    if check.liquidation_date is not None:
        return [("date", party, check.liquidation_date)]
    foreseen = (
        None if check.estimate is None or check.estimate.end.open_ended else payment_date(check.estimate)
    )
    return [("pending", party, foreseen)]


def group_entries(
    checks: Sequence[EntryCheck], rows: ReportedRows
) -> list[tuple[tuple[EntryCheck, ...], tuple[Payment, ...]]]:
    """Return the payments as (entries, rows about them that carry no amount used), in the entries' order.

    Entries are in one payment that share a refund number, a trace number, or payee party and (re)liquidation
    date. Entries of which no report speaks are together by party and foreseen date.
    """
    sets = _Sets()
    first_keys: list[Hashable] = []
    for check in checks:
        keys = _keys(check, rows.all_rows(check.number))
        first_keys.append(keys[0])
        for key in keys[1:]:
            sets.join(key, keys[0])
    groups: dict[Hashable, list[EntryCheck]] = {}
    for check, key in zip(checks, first_keys, strict=True):
        groups.setdefault(sets.root(key), []).append(check)
    result = []
    for group in groups.values():
        used = {id(row) for check in group for row in check.rows}
        others = {
            id(row): row for check in group for row in rows.all_rows(check.number) if id(row) not in used
        }
        result.append((tuple(group), tuple(others.values())))
    return result
