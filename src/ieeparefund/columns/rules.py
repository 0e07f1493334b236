"""The rule file compiled to look-up tables: the outcome of many entries from the codes of their facts.

Each row of `cape_rules.toml` in force on the day is evaluated by `cape_rules.matches` for every combination of
the facts it tests, and what it does to the outcome becomes bits of a table. Facts that some row tests together
share a table; tables are multiplied out as far as they stay small, so that a few look-ups and an *or* answer all.
Unknown facts are a code of their own, so three-valued logic is in the tables, not in the columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from ieeparefund.columns.kernels import Array
from ieeparefund.law.cape_rules import (
    ONLY_ACE_KNOWS,
    CapeRule,
    FactDefinition,
    FactValue,
    RuleEffect,
    cape_rules,
    matches,
    rules_in_force,
)
from ieeparefund.law.eligibility import Outcome, outcome_of
from ieeparefund.law.once import once_for

__all__ = ["EFFECTS", "OUTCOMES", "REFUSING", "CompiledRules", "compiled_rules", "fact_code"]

OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)

EFFECTS = (
    RuleEffect.SETTLED,
    RuleEffect.REJECT,
    RuleEffect.UNDETERMINED,
    RuleEffect.DEFER,
    RuleEffect.ACCEPT,
)
_BIT = {effect: 1 << place for place, effect in enumerate(EFFECTS)}
# A refusing row that is unknown leaves the outcome open, which is what an undetermined row does.
_OPEN = _BIT[RuleEffect.UNDETERMINED]
REFUSING = (RuleEffect.REJECT, RuleEffect.UNDETERMINED)
# A table of bytes that stays in the nearest cache.
_LARGEST_TABLE = 16384


def fact_code(name: str, value: FactValue) -> int:
    """Return the code of a fact's value: its place in the list of values from 1, 0 where not known."""
    return 0 if value is None else 1 + cape_rules().facts[name].values.index(value)


def _domain(definition: FactDefinition) -> tuple[FactValue, ...]:
    """The values of a fact by code, with what stands in for unknown at 0."""
    if definition.name == ONLY_ACE_KNOWS:
        return (definition.absent,)  # No column holds it.
    return (definition.absent, *definition.values)


class _Table:
    """What the rows that test some facts do to the outcome, by the codes of these facts."""

    def __init__(self, names: Sequence[str], rules: Iterable[CapeRule]) -> None:
        facts = cape_rules().facts
        self.names = tuple(names)
        domains = [_domain(facts[name]) for name in names]
        self.sizes = tuple(len(domain) for domain in domains)
        self.bits = np.array(
            [_bits(rules, dict(zip(names, values, strict=True))) for values in product(*domains)], np.uint8
        )

    def runs(self) -> list[tuple[int, list[tuple[str, int]]]]:
        """The facts in runs whose places fit a byte, which is what arithmetic is fastest on."""
        found: list[tuple[int, list[tuple[str, int]]]] = []
        for name, size in zip(self.names, self.sizes, strict=True):
            if size == 1:
                continue
            if found and found[-1][0] * size <= 1 << 8:
                found[-1] = (found[-1][0] * size, [*found[-1][1], (name, size)])
            else:
                found.append((size, [(name, size)]))
        return found

    def times(self, other: _Table) -> _Table:
        both = object.__new__(_Table)
        both.names, both.sizes = self.names + other.names, self.sizes + other.sizes
        both.bits = (self.bits[:, None] | other.bits[None, :]).reshape(-1)
        return both


def _bits(rules: Iterable[CapeRule], facts: dict[str, FactValue]) -> int:
    found = 0
    for rule in rules:
        answer = matches(rule.when, facts)
        if answer:
            found |= _BIT[rule.effect]
        elif answer is None and rule.effect in REFUSING:
            found |= _OPEN
    return found


def _tables(rules: Sequence[CapeRule]) -> list[_Table]:
    """One table for each set of facts that hang together through a row."""
    groups: list[tuple[set[str], list[CapeRule]]] = []
    for rule in rules:
        names = {name for name, _ in rule.when}
        members = [rule]
        for group in [group for group in groups if group[0] & names or not (group[0] or names)]:
            groups.remove(group)
            names |= group[0]
            members += group[1]
        groups.append((names, members))
    order = list(cape_rules().facts)
    return [_Table(sorted(names, key=order.index), members) for names, members in groups]


def _packed(tables: list[_Table]) -> list[_Table]:
    """Multiply tables out while they stay small, the largest first."""
    packed: list[_Table] = []
    for table in sorted(tables, key=lambda table: -len(table.bits)):
        for place, other in enumerate(packed):
            if len(other.bits) * len(table.bits) <= _LARGEST_TABLE:
                packed[place] = other.times(table)
                break
        else:
            packed.append(table)
    return packed


class CompiledRules:
    """The rows in force on a day. `facts` are the names of the facts the outcome turns on."""

    def __init__(self, as_of: dt.date) -> None:
        rules = [rule for rule in rules_in_force(as_of) if rule.effect in EFFECTS]
        self._tables = [(table.bits, table.runs()) for table in _packed(_tables(rules))]
        self.facts = tuple(name for _, runs in self._tables for _, run in runs for name, _ in run)
        any_rule = cape_rules().rules[0]
        by_effect = {effect: replace(any_rule, effect=effect) for effect in EFFECTS}
        # The order of precedence is the scalar one, asked for every set of effects.
        self.precedence = np.array(
            [
                OUTCOMES.index(
                    outcome_of([by_effect[effect] for effect in EFFECTS if bits & _BIT[effect]], [])
                )
                for bits in range(1 << len(EFFECTS))
            ],
            np.uint8,
        )

    def outcomes(self, code: Callable[[str], Array | None], count: int) -> Array:
        """Return the place in `OUTCOMES` of each entry; `code` gives the column of a fact, `None`: all unknown."""
        bits = np.zeros(count, np.uint8)
        for effects, runs in self._tables:
            place: Array | None = None
            for size, run in runs:
                part = np.zeros(count, np.uint8)
                for name, values in run:
                    column = code(name)
                    part *= np.uint8(values)
                    if column is not None:
                        part += column
                place = part.astype(np.uint16) if place is None else place * np.uint16(size) + part
            # Without facts there is one answer for all.
            bits |= effects[0] if place is None else effects.take(place, mode="clip")
        return self.precedence.take(bits, mode="clip")


@once_for(64)
def compiled_rules(as_of: dt.date) -> CompiledRules:
    """Return the rows in force on `as_of`, compiled."""
    return CompiledRules(as_of)
