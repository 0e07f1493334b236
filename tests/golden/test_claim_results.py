"""Claim Details as the portal gives them, and the public cases about ACE's answers.

`data/claim_details.csv` is a synthetic Claim Details file in the layout of the portal's CSV; its 40 entries
belong to no importer. Cases 17, 39 and 42 of the public cases on IEEPA refund work; sources: CSMS 69056483, a
guide of 2026-04-24, freightright.com.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

from ieeparefund.ace.ace_texts import Action, advice
from ieeparefund.ace.claim_details import ClaimState, read_claim_details

DATA = Path(__file__).parent / "data" / "claim_details.csv"


def test_the_sample_file() -> None:
    found = read_claim_details(DATA)
    assert found.problems == ()
    assert found.totals.rows_used == found.totals.rows_read == 40
    assert Counter(result.state for result in found.results) == {
        ClaimState.UPDATED: 21,
        ClaimState.FAILED: 19,
    }
    assert {result.claim_number for result in found.results} == {"90000000001"}
    assert Counter(text for result in found.results for text in result.error_texts) == {
        "ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS": 8,
        "NO IEEPA HTS": 6,
        "ENTRY TYPE NOT ALLOWED": 2,
        "ENTRY SUMMARY FLAGGED FOR RECON": 2,
        "PROTEST ON ENTRY": 1,
    }
    told = [
        one for result in found.results for one in result.advice(dt.date(2026, 5, 15), dt.date(2026, 5, 20))
    ]
    assert len(told) == 19
    assert all(one.known for one in told)


def test_case_39_a_zone_entry_refused_in_may_is_resubmitted_unchanged() -> None:
    for text in ("UNABLE TO CALCULATE DUTY", "HTS RELATIONSHIP/SEQUENCE MISMATCH"):
        told = advice(text, dt.date(2026, 5, 2), dt.date(2026, 6, 25))
        assert told.action is Action.RESUBMIT_UNCHANGED
        assert "new declaration" in told.remedy


def test_case_42_what_was_accepted_and_what_was_not(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(
        "ENTRY_NUMBER,CLAIM_NUMBER,STATUS,ERROR_DESCRIPTION\n"
        '"=""ZT400001231""","=""90000000001""",Entry Summary Updated,\n'
        '"=""ZT400004565""","=""90000000001""",Failed,STATEMENT PROCESSING NOT COMPLETE\n',
        encoding="utf-8",
    )
    found = read_claim_details(path)
    wanted = ["ZT400001231", "ZT400004565", "ZT400007899"]
    accepted = {number.compact for number in found.accepted}
    assert [number for number in wanted if number not in accepted] == ["ZT400004565", "ZT400007899"]
