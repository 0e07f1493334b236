"""The synthetic samples against the figures expected of them on 2026-05-15 for a corporation."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from ieeparefund.ace.es003 import read_entries
from ieeparefund.refunds.portfolio import estimate_portfolio

DATA = Path(__file__).parent / "data"
FIELDS = (
    "outcome",
    "ieepa_duty",
    "refundable_duty",
    "interest_from",
    "interest_to",
    "interest",
    "refund",
)


def answer(name: str) -> dict[str, Any]:
    book = estimate_portfolio(
        read_entries(DATA / name).entries, as_of=dt.date(2026, 5, 15), payee="corporation"
    )
    return book.to_dict()


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("es003_small.csv", "es003_small.json"),
        ("es003_small.xlsx", "es003_small.json"),
        ("es003_messy.csv", "es003_messy.json"),
    ],
)
def test_every_entry_and_total(sample: str, expected: str) -> None:
    if sample.endswith(".xlsx"):
        pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    wanted = json.loads((DATA / "expected" / expected).read_text(encoding="utf-8"))
    found = answer(sample)
    by_number = {entry["entry_number"]: entry for entry in found["entries"]}
    assert by_number.keys() == {entry["entry_number"] for entry in wanted["entries"]}
    for entry in wanted["entries"]:
        got = by_number[entry["entry_number"]]
        assert {field: got[field] for field in FIELDS} == {field: entry[field] for field in FIELDS}, got
    for field in ("entries", "ieepa_duty", "refundable_duty", "interest", "refund"):
        assert found["totals"][field] == wanted["totals"][field]
    for outcome, sums in wanted["by_outcome"].items():
        assert found["by_outcome"][outcome] == sums
