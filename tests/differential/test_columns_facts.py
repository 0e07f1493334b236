"""Every fact of the rule file, as a column, equals the scalar fact; so does the SQL of every rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.differential.test_columns_estimate import TURNS, books

from ieeparefund.columns.batch import _RowReader, unit_of
from ieeparefund.columns.estimator import Estimator, _Chunk
from ieeparefund.columns.facts import FactColumns
from ieeparefund.columns.from_entries import entry_batch, tariff_batch
from ieeparefund.columns.rules import EFFECTS, OUTCOMES, compiled_rules, fact_code
from ieeparefund.columns.sql_rules import literal, outcome_sql
from ieeparefund.entries.entry import Entry
from ieeparefund.law.cape_facts import cape_facts
from ieeparefund.law.cape_rules import ONLY_ACE_KNOWS, RuleEffect, cape_rules
from ieeparefund.law.eligibility import Outcome

NAMES = [name for name in cape_rules().facts if name != ONLY_ACE_KNOWS]


def fact_columns(book: list[Entry], as_of: dt.date) -> FactColumns:
    unit, estimator = unit_of(entry_batch(book), tariff_batch(book)), Estimator(as_of, "other")
    columns = _Chunk(unit.entries, estimator.codes, 0, unit.count)
    rows, places = _RowReader(unit, estimator).rows(0, unit.count)
    duty = estimator._duty(rows, places, columns.known("entry_date"), unit.count)
    return FactColumns(columns, duty, as_of)


@settings(max_examples=40, deadline=None)
@given(books, st.sampled_from(TURNS))
def test_every_fact(book: list[Entry], as_of: dt.date) -> None:
    columns = fact_columns(book, as_of)
    expected = [cape_facts(entry, as_of)._asdict() for entry in book]
    for name in NAMES:
        codes = columns.code(name)
        found = [0] * len(book) if codes is None else codes.tolist()
        assert found == [fact_code(name, row[name]) for row in expected], name


@pytest.mark.parametrize(
    "known", [(), ("ad_cvd",), ("reconciliation_flagged",), ("liquidation_date",), ("liquidation_status",)]
)
def test_facts_where_columns_are_missing(known: tuple[str, ...]) -> None:
    values: dict[str, Any] = {
        "ad_cvd": "suspended",
        "reconciliation_flagged": True,
        "liquidation_date": dt.date(2026, 5, 1),
        "liquidation_status": "liquidated",
    }
    given = {name: values[name] for name in known}
    book = [Entry("ABC12345676", "01", dt.date(2025, 7, 1), [], **given)]
    for as_of in (dt.date(2026, 4, 20), dt.date(2026, 7, 15)):
        columns = fact_columns(book, as_of)
        facts = cape_facts(book[0], as_of)._asdict()
        for name in NAMES:
            codes = columns.code(name)
            assert (0 if codes is None else int(codes[0])) == fact_code(name, facts[name]), name


@pytest.mark.parametrize("as_of", TURNS, ids=str)
def test_the_facts_the_outcome_turns_on_are_those_the_rules_in_force_test(as_of: dt.date) -> None:
    rules = [rule for rule in cape_rules().rules if rule.first_day <= as_of <= (rule.last_day or dt.date.max)]
    tested = {name for rule in rules if rule.effect in EFFECTS for name, _ in rule.when}
    assert set(compiled_rules(as_of).facts) == tested - {ONLY_ACE_KNOWS}


def test_the_outcomes_of_the_decision_table_by_sql() -> None:
    """The order of precedence as `cape_rules.toml` states it at its head, by hand."""
    import duckdb

    text = outcome_sql(dt.date(2026, 7, 15))
    facts = dict.fromkeys(NAMES, "NULL") | {
        "entry_type": "'01'",
        "ieepa_duty": "'paid'",
        "already_accepted": "FALSE",
    }
    cases = [
        ({"liquidation": "'unliquidated'"}, Outcome.ACCEPTED),
        ({"liquidation": "'extended'"}, Outcome.ACCEPTED_DEFERRED),
        ({"liquidation": "'extended'", "protest": "'open'"}, Outcome.REJECTED),
        ({"already_accepted": "TRUE", "protest": "'open'"}, Outcome.ACCEPTED),
        ({}, Outcome.UNDETERMINED),
        ({"entry_type": "'86'", "liquidation": "'unliquidated'"}, Outcome.UNDETERMINED),
        ({"on_drawback_claim": "TRUE"}, Outcome.REJECTED),
    ]
    with duckdb.connect() as connection:
        for known, outcome in cases:
            columns = ", ".join(f"{value} AS {name}" for name, value in (facts | known).items())
            ((place,),) = connection.sql(f"SELECT {text} FROM (SELECT {columns})").fetchall()
            assert OUTCOMES[place] is outcome, known


def test_literals() -> None:
    values = [None, True, False, 3, dt.date(2026, 4, 20), "it's"]
    assert [literal(value) for value in values] == [
        "NULL",
        "TRUE",
        "FALSE",
        "3",
        "DATE '2026-04-20'",
        "'it''s'",
    ]


def test_only_effects_on_the_outcome_are_compiled() -> None:
    assert set(RuleEffect) - set(EFFECTS) == {RuleEffect.WARN, RuleEffect.NOTE}
