"""The duty vectors through `check_line`: what the table expects is what was paid.

Each vector has its source. Case 8 leaves the reciprocal heading out, as its source does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.golden.test_duty_vectors import CASES

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.law.line_checks import Verdict, check_line
from ieeparefund.law.line_findings import line_findings
from ieeparefund.money import ZERO

# What the scenarios say about the goods, beside the lines.
FACTS: dict[str, dict[str, Any]] = {
    "4": {"metal_content": 25},
    "21": {"loaded": dt.date(2025, 4, 7), "mode": "vessel"},
    "23": {"mode": "air"},
    "25": {"mode": "air"},
    "26": {"mode": "air"},
    "28": {"usmca": False},
    "30": {"usmca": False},
}
US_CONTENT = {1: 100, 2: 0}


def facts_of(case_id: str, line_number: int) -> dict[str, Any]:
    """Facts of one line of a case."""
    if case_id == "16":
        return {"us_content": US_CONTENT[line_number]}
    return FACTS.get(case_id, {})


@pytest.mark.parametrize("case_id", [case_id for case_id in CASES if case_id != "8"])
@pytest.mark.parametrize("with_facts", [False, True])
def test_the_check_agrees_with_what_was_paid(case_id: str, with_facts: bool) -> None:
    case = CASES[case_id]
    entry = case.entry()
    expected = ZERO
    for line in entry.lines:
        facts = facts_of(case_id, line.line_number) if with_facts else {}
        check = check_line(line, entry.entry_date, **facts)
        assert check.agrees is True, check.explain()
        assert check.expected is not None
        expected += check.expected
    assert expected == case.ieepa_duty


def test_case_8_has_the_fentanyl_duty_right_and_no_reciprocal_heading() -> None:
    entry = CASES["8"].entry()
    check = check_line(entry.lines[0], entry.entry_date)
    assert check.agrees is None
    assert [(part.programme, part.verdict) for part in check.programmes] == [
        ("china_fentanyl", Verdict.AGREES),
        ("reciprocal", Verdict.NOT_CHECKED),
    ]
    assert check.programmes[1].reason.startswith(
        "no heading of it stands on the line: 0.20 under 9903.01.25 (10 per cent of 2) unless"
    )
    found = line_findings(entry.lines[0], entry.entry_date, as_of=dt.date(2026, 7, 1))
    assert [finding.rule for finding in found] == ["missing_heading"]


def test_case_32_names_the_difference_a_correction_may_have_paid_back() -> None:
    entry = CASES["32"].entry()
    (finding,) = line_findings(
        entry.lines[0], entry.entry_date, as_of=dt.date(2026, 7, 1), column1_rate=Column1Rate(Decimal(5))
    )
    assert finding.rule == "heading_ended_retroactively"
    assert finding.amount == 3900
    # The case names the 2900 that a correction may have paid back.
    assert "Under 9903.02.83 1000.00 would be IEEPA duty, 2900.00 less." in finding.explanation


@pytest.mark.parametrize("case_id", ["5", "6", "17", "20", "23", "28", "34", "37", "38"])
def test_another_amount_is_noticed_to_the_cent(case_id: str) -> None:
    case = CASES[case_id]
    place, row = next((place, row) for place, row in enumerate(case.rows) if row.duty and "9903.0" in row.hts)
    assert row.duty is not None
    for change, agrees in (("0.01", True), ("-0.01", True), ("0.02", False), ("-0.02", False)):
        rows = list(case.rows)
        rows[place] = replace(row, duty=row.duty + Decimal(change))
        entry = replace(case, rows=tuple(rows)).entry(with_column1_rate=False)
        assert check_line(entry.lines[0], entry.entry_date).agrees is agrees
