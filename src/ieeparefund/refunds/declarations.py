"""Which entries go on which CAPE declaration: urgent ones first, none twice, none lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.errors import FieldError, InputError
from ieeparefund.law.declaration_file import declaration_limits
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.preflight import FINAL, Account, Stop, StopReason, stop_reasons

__all__ = ["Declaration", "DeclarationPlan", "Excluded", "GroupBy", "History", "plan_declarations"]


class GroupBy(StrEnum):
    """What a declaration holds the entries of one of."""

    IMPORTER = "importer"
    FILER = "filer"


class History(Protocol):
    """What a ledger tells the plan about an entry."""

    def reason_to_leave_out(self, estimate: RefundEstimate) -> StopReason | None:
        """Return why the entry is not declared again, or `None` to list it."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The entries of one upload file, most urgent first. `group` is the importer or filer, where grouped."""

    estimates: tuple[RefundEstimate, ...]
    group: str | None = field(repr=False)
    as_of: dt.date

    @property
    def numbers(self) -> tuple[EntryNumber, ...]:
        """The entry numbers in the order of the file."""
        return tuple(estimate.entry.number for estimate in self.estimates)

    @property
    @exactly
    def principal(self) -> Decimal:
        """Refundable duty, dollars."""
        return sum((estimate.refundable_duty for estimate in self.estimates), ZERO)

    @property
    @exactly
    def interest(self) -> Decimal:
        """Interest, dollars."""
        return sum((estimate.interest for estimate in self.estimates), ZERO)

    @exactly
    def by_importer(self) -> dict[str, dict[str, Any]]:
        """Return count, principal and interest for each importer, masked; unknown ones under `unknown`.

        Two importers whose masked numbers look alike are kept apart by a running number.
        """
        sums: dict[str | None, list[Any]] = {}
        for estimate in self.estimates:
            row = sums.setdefault(estimate.entry.importer, [0, ZERO, ZERO])
            row[0] += 1
            row[1] += estimate.refundable_duty
            row[2] += estimate.interest
        shown: dict[str, dict[str, Any]] = {}
        for importer, (count, principal, interest) in sums.items():
            name = label = mask_importer(importer) or "unknown"
            place = 1
            while label in shown:
                place += 1
                label = f"{name} ({place})"
            shown[label] = {
                "entries": count,
                "principal": f"{principal:.2f}",
                "interest": f"{interest:.2f}",
            }
        return shown


@dataclass(frozen=True, slots=True)
class Excluded:
    """An entry that is on no declaration, with every reason."""

    estimate: RefundEstimate
    reasons: tuple[StopReason, ...]


class DeclarationPlan(list[Declaration]):
    """The declarations in the order to upload them; `excluded` are the entries on none of them."""

    def __init__(self, declarations: Iterable[Declaration], excluded: Iterable[Excluded]) -> None:
        super().__init__(declarations)
        self.excluded: tuple[Excluded, ...] = tuple(excluded)


@exactly
def plan_declarations(
    estimates: Iterable[RefundEstimate],
    ledger: History | None = None,
    group_by: GroupBy | str | None = None,
    *,
    allow: Collection[Stop | str] = (),
    account: Account | None = None,
    most_entries: int | None = None,
) -> DeclarationPlan:
    """Split estimates into declarations of at most 9,999 entries; every entry is on one of them or excluded.

    The entries with the fewest days left come first. `ledger` leaves out what was accepted or awaits an
    answer; `group_by` makes files of one importer or filer; `allow` names stops to override (`Stop`);
    `account` is the uploading ACE account; `most_entries` makes smaller files. Raises `InputError` for an
    entry given twice, `FieldError` for an unknown name and for `most_entries` out of range.
    Source: CSMS 68315804 (9,999 entries, several declarations, no duplicates).
    """
    overridden = {_stop(name) for name in allow}
    grouping = None if group_by is None else _grouping(group_by)
    going: list[RefundEstimate] = []
    excluded: list[Excluded] = []
    seen: set[EntryNumber] = set()
    for estimate in estimates:
        number = estimate.entry.number
        if number in seen:
            raise InputError(
                f"entry {number} is given twice.", remedy="Leave out the repeat.", value=str(number)
            )
        seen.add(number)
        reasons = stop_reasons(estimate, overridden, account)
        known = ledger.reason_to_leave_out(estimate) if ledger is not None else None
        if known is not None:
            reasons.insert(0, known)
        if reasons:
            excluded.append(Excluded(estimate, tuple(reasons)))
        else:
            going.append(estimate)
    return DeclarationPlan(_split(going, grouping, most_entries), excluded)


def _stop(name: Stop | str) -> Stop:
    try:
        stop = Stop(name)
    except ValueError:
        stop = None
    if stop is None or stop in FINAL:
        known = ", ".join(member for member in Stop if member not in FINAL)
        raise FieldError(
            f"{name!r} is no stop that can be overridden.",
            remedy=f"Use {known}.",
            column="allow",
            value=str(name),
        )
    return stop


def _grouping(name: GroupBy | str) -> GroupBy:
    try:
        return GroupBy(name)
    except ValueError:
        raise FieldError(
            f"group_by is {name!r}.", remedy="Use importer or filer.", column="group_by", value=str(name)
        ) from None


def _urgency(estimate: RefundEstimate) -> tuple[dt.date, str]:
    cape = estimate.windows.get("cape")
    # Without a liquidation date no day of CAPE runs out: last.
    return (dt.date.max if cape is None else cape.closes, estimate.entry.number.compact)


def _split(
    going: list[RefundEstimate], grouping: GroupBy | None, most_entries: int | None
) -> list[Declaration]:
    if not going:
        return []
    limit = declaration_limits(going[0].as_of).entries
    size = limit if most_entries is None else most_entries
    if not 1 <= size <= limit:
        raise FieldError(
            f"most_entries is {size}.", remedy=f"A file holds 1 to {limit} entries.", column="most_entries"
        )
    groups: dict[str | None, list[RefundEstimate]] = {}
    for estimate in sorted(going, key=_urgency):
        groups.setdefault(_group_of(estimate, grouping), []).append(estimate)
    return [
        Declaration(tuple(members[start : start + size]), group, members[start].as_of)
        for group, members in groups.items()
        for start in range(0, len(members), size)
    ]


def _group_of(estimate: RefundEstimate, grouping: GroupBy | None) -> str | None:
    if grouping is GroupBy.IMPORTER:
        return estimate.entry.importer
    if grouping is GroupBy.FILER:
        return estimate.entry.filer_code
    return None
