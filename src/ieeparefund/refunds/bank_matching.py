"""Which bank lines pay which payment: by reference, else by amount. No line is used twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.refunds.reconcile_inputs import BankLine

__all__ = ["BankTarget", "match_bank_lines"]

_WORD = re.compile(r"[0-9A-Za-z]+")
# A shorter number would be found in dates and amounts that a bank prints.
_SHORTEST_MARK = 4


@dataclass(frozen=True, slots=True)
class BankTarget:
    """What a payment may look like at the bank.

    `marks` are its refund and trace numbers. Each of `whole` and then of `part` is a set of amounts that must
    all be there, on or after `not_before`; sets of zero are passed over. `most` is what may still
    come, zero where all is held; `diverted` says that less may come.
    """

    marks: frozenset[str]
    whole: tuple[tuple[Decimal, ...], ...]
    part: tuple[tuple[Decimal, ...], ...]
    not_before: dt.date | None
    most: Decimal
    diverted: bool


class _Pool:
    """The lines that are not yet used, by amount, in order of date."""

    def __init__(self, lines: Iterable[BankLine]) -> None:
        self._by_amount: dict[Decimal, list[BankLine]] = {}
        for line in sorted(lines, key=lambda line: line.date):
            self._by_amount.setdefault(line.amount, []).append(line)

    def take(self, amounts: tuple[Decimal, ...], not_before: dt.date | None) -> list[BankLine]:
        """Take one line for each amount, or none at all."""
        taken: list[BankLine] = []
        for amount in amounts:
            lines = self._by_amount.get(amount, [])
            found = next((line for line in lines if not_before is None or line.date >= not_before), None)
            if found is None:
                for line in taken:
                    self._by_amount[line.amount].insert(0, line)
                return []
            lines.remove(found)
            taken.append(found)
        return taken

    def left(self) -> list[BankLine]:
        """Return what is left, in order of date."""
        return sorted(
            (line for lines in self._by_amount.values() for line in lines), key=lambda line: line.date
        )


def _bare(text: str) -> str:
    return "".join(_WORD.findall(text.upper()))


def _words(reference: str) -> set[str]:
    """Return what may be a number in a reference: its words, with and without the dashes inside."""
    return {*_WORD.findall(reference.upper()), *map(_bare, reference.split())}


def match_bank_lines(
    targets: Sequence[BankTarget], lines: Iterable[BankLine]
) -> tuple[list[list[BankLine]], list[BankLine]]:
    """Return the lines of each target, and those that belong to none.

    In this order: a reference that names a mark; the whole amount, or the amounts it may come in; a part; for
    a diverted payment, or the only one left, the only line that is smaller.
    """
    by_mark = {
        mark: place
        for place, target in enumerate(targets)
        for mark in map(_bare, target.marks)
        if len(mark) >= _SHORTEST_MARK
    }
    found: list[list[BankLine]] = [[] for _ in targets]
    free: list[BankLine] = []
    for line in lines:
        places = {by_mark[word] for word in _words(line.reference or "") if word in by_mark}
        if len(places) == 1:
            found[places.pop()].append(line)
        else:
            free.append(line)
    pool = _Pool(free)
    for attribute in ("whole", "part"):
        for place, target in enumerate(targets):
            for amounts in getattr(target, attribute):
                if found[place]:
                    break
                wanted = tuple(amount for amount in amounts if amount)
                found[place] = pool.take(wanted, target.not_before) if wanted else []
    open_places = [place for place, target in enumerate(targets) if not found[place] and target.most > 0]
    for place in open_places:
        target = targets[place]
        if target.diverted or len(open_places) == 1:
            fits = [line for line in pool.left() if 0 < line.amount < target.most and _in_time(line, target)]
            if len(fits) == 1:
                found[place] = pool.take((fits[0].amount,), target.not_before)
    return found, pool.left()


def _in_time(line: BankLine, target: BankTarget) -> bool:
    return target.not_before is None or line.date >= target.not_before
