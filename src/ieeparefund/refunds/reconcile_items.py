"""Results and named items of a reconciliation, and the line whose amounts tie to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from ieeparefund.money import ZERO

__all__ = ["Item", "ItemKind", "LevelTotals", "Result", "level_totals", "worst"]


class Result(StrEnum):
    """What came of a comparison, from best to worst; the later one wins over many lines.

    `MATCHED`: equal to the cent. `EXPLAINED`: named items make up the whole difference. `UNEXPLAINED`: a part
    of the difference has no name. `COULD_NOT_CHECK`: a fact that is needed is not known, so nothing is said.
    """

    MATCHED = "matched"
    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"
    COULD_NOT_CHECK = "could_not_check"


_ORDER = {result: place for place, result in enumerate(Result)}


def worst(results: Iterable[Result]) -> Result:
    """Return the worst of `results`; `MATCHED` where there are none."""
    return max(results, key=_ORDER.__getitem__, default=Result.MATCHED)


class ItemKind(StrEnum):
    """The named items. There is no kind for the rest: what has no name is unexplained.

    * `OFFSET`: set off against an open bill before payment, "Funds Diverted" (19 CFR 24.72).
    * `NETTING`: an increase on another line of the entry was taken off, with its interest (19 CFR 159.1).
    * `INTEREST_OUTSTANDING`: the principal has come, the interest has not yet.
    * `HELD_FOR_ACH`: CBP holds the refund for want of ACH data (REV-613). Interest has ended all the same.
    * `RETURNED`: the payment was returned and has not been issued again.
    * `NOT_YET_LIQUIDATED`: no (re)liquidation with a refund is reported, and none is overdue.
    * `NOTIFY_PARTY`: paid to the Form 4811 party, so not to the importer's own account.
    * `ROUNDING`: interest within the tolerance of `rounding_tolerance`.
    """

    OFFSET = "offset"
    NETTING = "netting"
    INTEREST_OUTSTANDING = "interest_outstanding"
    HELD_FOR_ACH = "held_for_ach"
    RETURNED = "returned"
    NOT_YET_LIQUIDATED = "not_yet_liquidated"
    NOTIFY_PARTY = "notify_party"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Item:
    """One named part of a difference, in dollars: below zero where less was received than expected."""

    kind: ItemKind
    amount: Decimal
    text: str

    def to_dict(self) -> dict[str, str]:
        """Return the item as JSON values."""
        return {"kind": self.kind.value, "amount": f"{self.amount:.2f}", "text": self.text}


@dataclass(frozen=True, slots=True)
class LevelTotals:
    """Sums over the lines of one level, in dollars.

    Always `expected + items + unexplained + unchecked == received`. `unexplained` and `unchecked` are net
    sums; the lines have the parts.
    """

    lines: int
    expected: Decimal
    items: dict[ItemKind, Decimal]
    unexplained: Decimal
    unchecked: Decimal
    received: Decimal
    by_result: dict[Result, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the totals as JSON values."""
        return {
            "lines": self.lines,
            "expected": f"{self.expected:.2f}",
            "items": {kind.value: f"{amount:.2f}" for kind, amount in self.items.items()},
            "unexplained": f"{self.unexplained:.2f}",
            "unchecked": f"{self.unchecked:.2f}",
            "received": f"{self.received:.2f}",
            "by_result": {result.value: count for result, count in self.by_result.items()},
        }


class _Line(Protocol):
    """A compared line of either level."""

    @property
    def result(self) -> Result: ...
    @property
    def expected(self) -> Decimal: ...
    @property
    def items(self) -> tuple[Item, ...]: ...
    @property
    def unexplained(self) -> Decimal: ...
    @property
    def unchecked(self) -> Decimal: ...
    @property
    def received(self) -> Decimal: ...


def level_totals(lines: Iterable[_Line]) -> LevelTotals:
    """Add up the lines of one level."""
    count, expected, unexplained, unchecked, received = 0, ZERO, ZERO, ZERO, ZERO
    items = dict.fromkeys(ItemKind, ZERO)
    results = dict.fromkeys(Result, 0)
    for line in lines:
        count += 1
        results[line.result] += 1
        expected += line.expected
        unexplained += line.unexplained
        unchecked += line.unchecked
        received += line.received
        for item in line.items:
            items[item.kind] += item.amount
    return LevelTotals(count, expected, items, unexplained, unchecked, received, results)
