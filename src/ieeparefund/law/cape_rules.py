"""The decision table of CAPE as data, and the one small evaluator that reads it.

The rows stand in `tables/cape_rules.toml`, whose head describes the format. Facts are discrete and
three-valued: one of a few named values, or `None` for unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

from ieeparefund.errors import FileFormatError, IeepaRefundError, brief
from ieeparefund.inputs.toml import parse_toml
from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.dated import in_force
from ieeparefund.law.once import once

__all__ = [
    "ONLY_ACE_KNOWS",
    "CapeRule",
    "CapeRules",
    "Condition",
    "FactDefinition",
    "FactValue",
    "RemedyRule",
    "RuleEffect",
    "ace_text_rules",
    "cape_rules",
    "is_known_ace_text",
    "matches",
    "rules_in_force",
]

FactValue: TypeAlias = str | bool | None
"""A fact: one of its named values, or `None` where it is not known."""

ONLY_ACE_KNOWS = "ace_refusal"
"""The fact behind texts no file of the filer can foretell, such as UNABLE TO CALCULATE DUTY."""

Condition: TypeAlias = tuple[tuple[str, frozenset[str | bool]], ...]
"""Facts with the values that match; all must match. An empty condition always does."""


class RuleEffect(StrEnum):
    """What a row does to the outcome; see the head of `cape_rules.toml`."""

    SETTLED = "settled"
    REJECT = "reject"
    UNDETERMINED = "undetermined"
    DEFER = "defer"
    ACCEPT = "accept"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One fact of the closed list: its values, what stands in for unknown, and the sentences that say so.

    Without `absent` the fact is needed; `assumed` and `missing` are `None` where no sentence is due.
    """

    name: str
    values: tuple[str | bool, ...]
    absent: FactValue
    assumed: str | None
    missing: str | None


@dataclass(frozen=True, slots=True)
class RemedyRule:
    """A next step: `action` names its kind, `deadline` how its last day is computed (`None`: not known)."""

    id: str
    action: str
    text: str
    when: Condition
    opens: dt.date | None
    deadline: str | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class CapeRule:
    """One row of the table, in force from `first_day` to `last_day` (both inclusive, `None` = still)."""

    id: str
    effect: RuleEffect
    when: Condition
    ace_text: str | None
    also_printed: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date | None
    citation: Citation
    standing: Standing
    explanation: str
    remedies: tuple[RemedyRule, ...]


@dataclass(frozen=True, slots=True)
class CapeRules:
    """The whole table: facts, rules in file order, last day known, and the closing days of the CAPE clock."""

    facts: Mapping[str, FactDefinition]
    rules: tuple[CapeRule, ...]
    known_to: dt.date
    closing_days_left: int

    @classmethod
    def parse(cls, text: str) -> CapeRules:
        """Read a table from TOML text.

        Raises `FileFormatError` for text that is no TOML of this shape, `IeepaRefundError` where a row tests a
        fact, or a value of one, that is not on the closed list, names a remedy that is not there, or cites what
        the registry does not hold.
        """
        table = parse_toml(text, "the table of rules", _REMEDY)
        try:
            return cls._of(table)
        except IeepaRefundError:
            raise
        except KeyError as error:
            problem = f"the table of rules has no {error.args[0]!r} where one is needed."
        except (AttributeError, TypeError, ValueError) as error:
            problem = f"the table of rules is not of its shape: {error}."
        raise FileFormatError(problem, remedy=_REMEDY)

    @classmethod
    def _of(cls, table: Mapping[str, Any]) -> CapeRules:
        facts = {
            name: FactDefinition(
                name, tuple(row["values"]), row.get("absent"), row.get("assumed"), row.get("missing")
            )
            for name, row in table["facts"].items()
            if _fits(row, {"values": list}, {"absent": str | bool, "assumed": str, "missing": str})
        }
        remedies = {
            name: RemedyRule(
                name,
                row["action"],
                row["text"],
                _condition(row.get("when", {}), facts, f"remedy {name!r}"),
                row.get("opens"),
                row.get("deadline"),
                cite(row["citation"]),
            )
            for name, row in table["remedies"].items()
            if _fits(row, _REMEDY_NEEDS, _REMEDY_MAY)
        }
        coverage, thresholds = table["coverage"], table["thresholds"]
        _fits(coverage, {"known_to": dt.date}, {})
        _fits(thresholds, {"cape_closing_days_left": int}, {})
        return cls(
            facts,
            tuple(_rule(row, facts, remedies) for row in table["rule"] if _fits(row, _RULE_NEEDS, _RULE_MAY)),
            coverage["known_to"],
            thresholds["cape_closing_days_left"],
        )


# What a row must have, and may have besides.
_Form: TypeAlias = Mapping[str, Any]
_REMEDY = "Start from the shipped table, and keep its keys and the kinds of their values."
_REMEDY_NEEDS: _Form = {"action": str, "text": str, "citation": str}
_REMEDY_MAY: _Form = {"when": dict, "opens": dt.date, "deadline": str}
_RULE_NEEDS: _Form = {
    "id": str,
    "effect": str,
    "when": dict,
    "citation": str,
    "standing": str,
    "explanation": str,
    "remedies": list,
}
_RULE_MAY: _Form = {"ace_text": str, "also_printed": list, "from": dt.date, "to": dt.date}


def _fits(row: Mapping[str, Any], needs: _Form, may: _Form) -> bool:
    """Return `True` where the row has what it needs; raise `KeyError` or `TypeError` where it does not."""
    for name, kind in {**may, **needs}.items():
        value = row[name] if name in needs else row.get(name)
        # A clock time is a date to Python, and a truth value a number.
        odd = isinstance(value, dt.datetime) or (kind is int and isinstance(value, bool))
        if (value is not None and not isinstance(value, kind)) or odd:
            raise TypeError(f"{name} is {brief(value)}")
    return True


def _condition(
    when: Mapping[str, list[str | bool]], facts: Mapping[str, FactDefinition], where: str
) -> Condition:
    for name, values in when.items():
        if name not in facts:
            raise IeepaRefundError(f"{where} tests the fact {name!r}, which [facts] does not list.")
        foreign = [value for value in values if value not in facts[name].values]
        if foreign or not values:
            raise IeepaRefundError(
                f"{where} tests {name} for {foreign or 'no value'}; known are {list(facts[name].values)}."
            )
    return tuple((name, frozenset(values)) for name, values in when.items())


def _rule(
    row: Mapping[str, Any], facts: Mapping[str, FactDefinition], remedies: Mapping[str, RemedyRule]
) -> CapeRule:
    where = f"rule {row['id']!r}"
    unknown = [name for name in row["remedies"] if name not in remedies]
    if unknown:
        raise IeepaRefundError(f"{where} names the remedies {unknown}, which [remedies] does not list.")
    return CapeRule(
        row["id"],
        RuleEffect(row["effect"]),
        _condition(row["when"], facts, where),
        row.get("ace_text"),
        tuple(row.get("also_printed", ())),
        row.get("from", dt.date.min),
        row.get("to"),
        cite(row["citation"]),
        Standing(row["standing"]),
        row["explanation"],
        tuple(remedies[name] for name in row["remedies"]),
    )


@once
def cape_rules() -> CapeRules:
    """Return the shipped table, `tables/cape_rules.toml`."""
    return CapeRules.parse(table_text("cape_rules.toml"))


@lru_cache(maxsize=1024)
def rules_in_force(on: dt.date) -> tuple[CapeRule, ...]:
    """Return the rows in force on the day `on`, in file order. Before CAPE opened that is one row."""
    return tuple(rule for rule in cape_rules().rules if in_force(rule, on))


def matches(condition: Condition, facts: Mapping[str, FactValue]) -> bool | None:
    """Return whether all tests of `condition` hold for `facts`: `True`, `False`, or `None` for unknown.

    A single false test makes it false, whatever is unknown (Kleene's strong logic of three values). What
    stands in for an unknown fact is the caller's business.

    >>> from ieeparefund.law.cape_rules import cape_rules, matches
    >>> final = next(rule for rule in cape_rules().rules if rule.id == "final_past_180_days")
    >>> facts = {"liquidation": "liquidated", "cape_clock": None, "protest_clock": None}
    >>> matches(final.when, facts), matches(final.when, facts | {"liquidation": "extended"})
    (None, False)
    """
    answer: bool | None = True
    for name, values in condition:
        value = facts[name]
        if value is None:
            answer = None
        elif value not in values:
            return False
    return answer


def ace_text_rules(text: str, on: dt.date) -> tuple[CapeRule, ...]:
    """Return the rows in force on `on` under which ACE prints `text` for an entry; letter case and blanks do
    not count.

    None on a later day means that CBP dropped the test: the entry is then listed again unchanged.
    Source: CBP's CAPE FAQ and CSMS 69056483, as cited by each row.

    >>> import datetime as dt
    >>> from ieeparefund.law.cape_rules import ace_text_rules
    >>> text = "HTS Relationship/Sequence Mismatch"
    >>> [len(ace_text_rules(text, dt.date(2026, month, 2))) for month in (5, 7)]
    [1, 0]
    """
    return tuple(rule for rule in rules_in_force(on) if _prints(rule, text))


def is_known_ace_text(text: str) -> bool:
    """Return whether `text` is one that ACE prints, or printed, under some row of the table.

    >>> is_known_ace_text("protest on entry"), is_known_ace_text("VAL-F001")
    (True, False)
    """
    return any(_prints(rule, text) for rule in cape_rules().rules)


def _prints(rule: CapeRule, text: str) -> bool:
    return rule.ace_text is not None and " ".join(text.upper().split()) in (rule.ace_text, *rule.also_printed)
