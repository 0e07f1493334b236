"""CAPE's decision table, transcribed by hand from restatements of CBP's messages, both sides of every date.

`data/cape_decision_table.csv` was written from CSMS 68315804, 68340863, 68396594, 69035485, 69056483 and
69127837, CBP's FAQs of 2026-04-15 and 2026-05-26, and the restatements named in its last column; not from
`cape_rules.toml`.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.cape_rules import ace_text_rules
from ieeparefund.law.eligibility import check_eligibility
from ieeparefund.law.findings import Effect

TABLE = Path(__file__).parent / "data" / "cape_decision_table.csv"
CASES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
ENTERED = dt.date(2025, 7, 1)
GOODS = TariffLine("3926.90.99.89", 1000, "53.00")
LINES = {
    "paid": [TariffLine("9903.01.24", 0, "200.00"), TariffLine("9903.01.25", 0, "100.00"), GOODS],
    "blank": [TariffLine("9903.01.24", 0, None), GOODS],
    "none": [GOODS],
    "zero": [TariffLine("9903.01.33", 0, "0.00"), GOODS],
    "section_122": [TariffLine("9903.03.01", 0, "100.00"), GOODS],
    "section_301": [TariffLine("9903.88.03", 0, "250.00"), GOODS],
    # 9903.01.20 ended on 2025-03-04.
    "out_of_dates": [TariffLine("9903.01.20", 0, "100.00"), GOODS],
    "value_on": [TariffLine("9903.01.24", 1000, "200.00"), GOODS],
    "value_off": [
        TariffLine("9903.88.03", 1000, "250.00"),
        TariffLine("9903.01.24", 0, "200.00"),
        TariffLine("3926.90.99.89", 0, "53.00"),
    ],
}
FIELDS = {
    "status": "liquidation_status",
    "liquidated": "liquidation_date",
    "reliquidated": "reliquidation_date",
    "ad_cvd": "ad_cvd",
    "flagged": "reconciliation_flagged",
    "filed": "reconciliation_filed",
    "due": "reconciliation_due",
    "drawback": "on_drawback_claim",
    "protest": "protest",
    "surety": "paid_by_surety",
    "in_ace": "in_ace",
    "summary": "summary_status",
    "statement": "statement_paid",
    "accepted": "cape_accepted_on",
    "correction": "correction_pending",
}
FLAGS = {"yes": True, "no": False}


def _fact(text: str) -> Any:
    return FLAGS[text] if text in FLAGS else dt.date.fromisoformat(text) if text[:2] == "20" else text


def _entry(case: dict[str, str]) -> Entry:
    given = dict(part.split("=") for part in case["given"].split(";") if part)
    facts = {FIELDS[name]: _fact(text) for name, text in given.items()}
    lines = [EntryLine(1, "CN", LINES[case["lines"]])]
    return Entry("ZT4-0000123-1", case["entry_type"], ENTERED, lines, **facts)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['row']}-{case['entry_type']}-{case['given']}-{case['as_of']}"
)
def test_decision_table(case: dict[str, str]) -> None:
    answer = check_eligibility(_entry(case), as_of=dt.date.fromisoformat(case["as_of"]))
    assert answer.outcome == case["outcome"]
    refusals = [finding.ace_text for finding in answer.findings if finding.effect is Effect.REJECT]
    assert refusals == ([case["ace_text"] or None] if case["outcome"] == "rejected" else [])


# Texts ACE prints, with days on which it did and did not (CSMS 69056483; the day of the change is inferred).
@pytest.mark.parametrize(
    ("text", "on", "printed"),
    [
        ("UNABLE TO CALCULATE DUTY", "2026-04-20", True),
        ("UNABLE TO CALCULATE DUTY", "2026-09-01", True),
        ("HTS RELATIONSHIP/SEQUENCE MISMATCH", "2026-05-02", True),
        ("HTS RELATIONSHIP/SEQUENCE MISMATCH", "2026-06-24", True),
        ("HTS RELATIONSHIP/SEQUENCE MISMATCH", "2026-06-25", False),
        ("HTS RELATIONSHIP MISMATCH", "2026-06-24", False),
        ("HTS RELATIONSHIP MISMATCH", "2026-06-25", True),
        ("INVALID HTS", "2026-06-24", False),
        ("INVALID HTS", "2026-07-01", True),
        ("GOODS VALUE AMOUNT MUST BE REPORTED ON THE CH 1-97", "2026-05-02", True),
        ("GOODS VALUE AMOUNT MUST BE REPORTED ON THE CH 1-97", "2026-07-01", False),
        ("GOODS VALUE AMOUNT NOT ALLOWED ON IEEPA HTS LINE", "2026-07-01", True),
        ("ACCOUNT MISMATCH", "2026-05-02", True),
        ("NO IEEPA HTS ON ENTRY", "2026-05-02", True),
        ("ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS", "2026-04-19", False),
        ("ENTRY SUMMARY UNDER REVIEW", "2026-05-02", False),
    ],
)
def test_texts_ace_prints(text: str, on: str, printed: bool) -> None:
    assert bool(ace_text_rules(text, dt.date.fromisoformat(on))) is printed


def test_last_days_of_the_published_anchor() -> None:
    # Liquidated 2026-02-06: CAPE 2026-04-27, reliquidation 2026-05-07, protest 2026-08-05 (published anchor).
    case = {"entry_type": "01", "given": "liquidated=2026-02-06", "lines": "paid"}
    before = check_eligibility(_entry(case), as_of=dt.date(2026, 4, 27))
    after = check_eligibility(_entry(case), as_of=dt.date(2026, 5, 1))
    assert {step.action: step.by for step in before.remedies} == {"file_cape": dt.date(2026, 4, 27)}
    assert {step.action: step.by for step in after.remedies} == {
        "request_reliquidation": dt.date(2026, 5, 7),
        "protest": dt.date(2026, 8, 5),
    }


def test_correction_anchor() -> None:
    # Entered 2025-08-01, liquidation scheduled 2026-05-29: min(2026-05-28, 2026-05-14), by a brokers' note.
    entry = Entry(
        "ZT4-0000123-1",
        "01",
        dt.date(2025, 8, 1),
        [EntryLine(1, "CN", LINES["value_on"])],
        liquidation_date=dt.date(2026, 5, 29),
    )
    (last_day,) = check_eligibility(entry, as_of=dt.date(2026, 5, 14)).remedies
    assert (last_day.action, last_day.by) == ("correct", dt.date(2026, 5, 14))
    (day_after,) = check_eligibility(entry, as_of=dt.date(2026, 5, 15)).remedies
    assert (day_after.action, day_after.by) == ("wait_for_scope", None)
