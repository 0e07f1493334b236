"""Laws of the tools for assistants: any entry survives as JSON facts, and no importer number gets out."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

pytest.importorskip("typer", reason="the cli extra is not installed")
pytest.importorskip("mcp", reason="the mcp extra is not installed")

from tests.strategies import dates, entries

from ieeparefund.cli.assistant.parameters import EntryFacts
from ieeparefund.cli.assistant.tools import eligibility, estimate
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber


def plain(value: Any) -> Any:
    """Return a fact as JSON has it: text for amounts, dates and numbers, lists for tuples."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, EntryNumber):
        return str(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if hasattr(type(value), "__slots__") and not isinstance(value, str):
        return {name: plain(getattr(value, name)) for name in type(value).__slots__}
    return value


@given(entries())
def test_an_entry_survives_as_json_facts(entry: Entry) -> None:
    facts = json.loads(json.dumps(plain(entry)))
    assert EntryFacts.model_validate(facts).entry() == entry


@given(entries(), dates("2026-04-01", "2026-12-31"))
def test_the_tools_agree_with_the_library_and_mask_the_importer(entry: Entry, day: dt.date) -> None:
    facts = EntryFacts.model_validate(plain(entry))
    found = estimate(day, Payee.OTHER, entry=facts)
    answer = eligibility(day, entry=facts)
    (row,) = found["entries"]
    assert row["outcome"] == answer["outcome"]
    assert row["remedies"] == answer["remedies"]
    assert row["missing"] == answer["missing"]
    if entry.importer is not None:
        assert entry.importer not in json.dumps([found, answer])
