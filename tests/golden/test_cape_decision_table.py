"""CAPE's decision table, transcribed by hand from restatements of CBP's messages, both sides of every date.

The vectors of eligibility were written from CSMS 68315804, 68340863, 68396594, 69035485, 69056483 and
69127837, CBP's FAQs of 2026-04-15 and 2026-05-26, and the restatements named in its last column; not from
`cape_rules.toml`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ieeparefund.law.cape_rules import ace_text_rules
from ieeparefund.law.eligibility import check_eligibility
from ieeparefund.law.findings import Effect
from ieeparefund.testing import EligibilityVector, vectors

CASES = vectors().eligibility
ENTERED = dt.date(2025, 8, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_decision_table(case: EligibilityVector) -> None:
    answer = check_eligibility(case.entry(), as_of=case.as_of)
    assert answer.outcome == case.outcome
    refusals = [finding.ace_text for finding in answer.findings if finding.effect is Effect.REJECT]
    assert refusals == ([case.ace_text] if case.outcome == "rejected" else [])


def test_every_row_is_there() -> None:
    assert len(CASES) == len({case.id for case in CASES}) == 111


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
    made = next(case.entry() for case in CASES if case.topic == "Liquidated day 81-180")
    before = check_eligibility(made, as_of=dt.date(2026, 4, 27))
    after = check_eligibility(made, as_of=dt.date(2026, 5, 1))
    assert {step.action: step.by for step in before.remedies} == {"file_cape": dt.date(2026, 4, 27)}
    assert {step.action: step.by for step in after.remedies} == {
        "request_reliquidation": dt.date(2026, 5, 7),
        "protest": dt.date(2026, 8, 5),
    }


def test_correction_anchor() -> None:
    # Entered 2025-08-01, liquidation scheduled 2026-05-29: min(2026-05-28, 2026-05-14), by a brokers' note.
    value_on = next(case for case in CASES if "-value_on-" in case.id)
    entry = replace(
        value_on.entry(),
        entry_date=ENTERED,
        liquidation_date=dt.date(2026, 5, 29),
        liquidation_status=None,
    )
    (last_day,) = check_eligibility(entry, as_of=dt.date(2026, 5, 14)).remedies
    assert (last_day.action, last_day.by) == ("correct", dt.date(2026, 5, 14))
    (day_after,) = check_eligibility(entry, as_of=dt.date(2026, 5, 15)).remedies
    assert (day_after.action, day_after.by) == ("wait_for_scope", None)
