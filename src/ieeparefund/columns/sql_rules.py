"""The rule file as SQL: SQL's three-valued logic is the one the rules are written in.

Each row in force becomes an expression over columns named as the facts; an unknown fact is NULL, and what stands
in for it, where the table names something, is put in by COALESCE.
"""

from __future__ import annotations

import datetime as dt

from ieeparefund.columns.rules import EFFECTS, REFUSING, compiled_rules
from ieeparefund.law.cape_rules import (
    ONLY_ACE_KNOWS,
    CapeRule,
    FactDefinition,
    FactValue,
    RuleEffect,
    cape_rules,
    rules_in_force,
)

__all__ = ["literal", "outcome_sql"]


def literal(value: FactValue | int | dt.date) -> str:
    """Return a value as a SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _fact(definition: FactDefinition) -> str:
    if definition.name == ONLY_ACE_KNOWS:
        return literal(definition.absent)  # No column holds it.
    if definition.absent is None:
        return definition.name
    return f"COALESCE({definition.name}, {literal(definition.absent)})"


def _condition(rule: CapeRule) -> str:
    facts = cape_rules().facts
    tests = [
        f"{_fact(facts[name])} IN ({', '.join(literal(value) for value in facts[name].values if value in values)})"
        for name, values in rule.when
    ]
    return f"({' AND '.join(tests)})" if tests else "TRUE"


def outcome_sql(as_of: dt.date) -> str:
    """Return the expression of the place of the outcome in `OUTCOMES`, over columns named as the facts.

    What each row does to the outcome is gathered in bits, and the bits are looked up: the order of precedence is
    the one of the scalar code.
    """
    rules = [rule for rule in rules_in_force(as_of) if rule.effect in EFFECTS]
    bits = []
    for place, effect in enumerate(EFFECTS):
        conditions = [_condition(rule) for rule in rules if rule.effect is effect]
        any_of = " OR ".join(conditions) or "FALSE"
        bits.append(f"{1 << place} * CAST(COALESCE({any_of}, FALSE) AS INTEGER)")
    open_ones = [f"{_condition(rule)} IS NULL" for rule in rules if rule.effect in REFUSING]
    unknown = 1 << EFFECTS.index(RuleEffect.UNDETERMINED)
    # A refusing row that is unknown leaves the outcome open.
    bits.append(f"CASE WHEN {' OR '.join(open_ones) or 'FALSE'} THEN {unknown} ELSE 0 END")
    settled = " | ".join(f"({bit})" for bit in bits)
    return f"CAST({[int(place) for place in compiled_rules(as_of).precedence]}[({settled}) + 1] AS INTEGER)"
