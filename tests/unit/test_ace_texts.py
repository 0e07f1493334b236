from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from ieeparefund.ace.ace_texts import Action, ace_texts, advice
from ieeparefund.errors import InputError
from ieeparefund.law.cape_rules import cape_rules
from ieeparefund.law.citations import Standing
from ieeparefund.law.clocks import clock

SEEN = dt.date(2026, 5, 2)
ASKED = dt.date(2026, 7, 1)

# CBP's FAQ of 2026-04-15 and CSMS 69056483, as restated: the texts that are known.
KNOWN = [
    "ENTRY ON DRAWBACK",
    "ENTRY SUMMARY FLAGGED FOR RECON",
    "ENTRY SUMMARY IS CANCELLED/REJECTED",
    "ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS",
    "ENTRY TYPE NOT ALLOWED",
    "PROTEST ON ENTRY",
    "NO IEEPA HTS",
    "NO IEEPA HTS ON ENTRY",
    "STATEMENT PROCESSING NOT COMPLETE",
    "UNABLE TO CALCULATE DUTY",
    "GOODS VALUE AMOUNT NOT ALLOWED ON IEEPA HTS LINE",
    "GOODS VALUE AMOUNT MUST BE REPORTED ON THE CH 1-97",
    "HTS RELATIONSHIP/SEQUENCE MISMATCH",
    "INVALID HTS",
    "HTS RELATIONSHIP MISMATCH",
    "ACCOUNT MISMATCH",
]


@pytest.mark.parametrize("text", KNOWN)
def test_every_known_text_has_advice(text: str) -> None:
    told = advice(text, None, ASKED)
    assert told.known
    assert told.text == text
    assert told.action is not None
    assert told.meaning.endswith(".")
    assert told.remedy.endswith(".")
    assert told.citation is not None
    assert str(told.citation) in told.explain()
    assert told.row in ace_texts()


@pytest.mark.parametrize(
    ("text", "action", "clock_id"),
    [
        ("ENTRY ON DRAWBACK", Action.WAIT, "protest"),
        ("ENTRY SUMMARY IS CANCELLED/REJECTED", Action.CORRECT, None),
        ("ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS", Action.PROTEST, "protest"),
        ("ENTRY TYPE NOT ALLOWED", Action.NOTHING, "protest"),
        ("PROTEST ON ENTRY", Action.WITHDRAW_PROTEST, "cape"),
        ("NO IEEPA HTS", Action.NOTHING, None),
        ("STATEMENT PROCESSING NOT COMPLETE", Action.WAIT, "cape"),
        ("INVALID HTS", Action.CORRECT, "correction_after_entry"),
        ("HTS RELATIONSHIP MISMATCH", Action.CORRECT, "correction_after_entry"),
        ("ACCOUNT MISMATCH", Action.USE_OTHER_ACCOUNT, "cape"),
    ],
)
def test_what_to_do_and_by_which_clock(text: str, action: Action, clock_id: str | None) -> None:
    told = advice(text, dt.date(2026, 6, 30), ASKED)
    assert (told.action, told.clock) == (action, clock_id)
    assert told.note in ("", "The first day lies between 2026-06-23 and 2026-06-29.")


@pytest.mark.parametrize(
    "text", ["HTS RELATIONSHIP/SEQUENCE MISMATCH", "GOODS VALUE AMOUNT MUST BE REPORTED ON THE CH 1-97"]
)
def test_a_dropped_text_is_resubmitted_unchanged(text: str) -> None:
    # CSMS 69056483: dropped about 2026-06-25; entries refused under it go on a new declaration as they are.
    before = advice(text, SEEN, dt.date(2026, 6, 24))
    assert before.action is Action.CORRECT
    after = advice(text, SEEN, dt.date(2026, 6, 25))
    assert after.action is Action.RESUBMIT_UNCHANGED
    assert "new declaration" in after.remedy
    assert after.citation is not None
    assert after.citation.id == "csms-69056483"
    assert after.standing is Standing.PUBLISHED
    assert "between 2026-06-23 and 2026-06-29" in after.note


def test_unable_to_calculate_before_the_change_is_worth_one_more_try() -> None:
    told = advice("UNABLE TO CALCULATE DUTY", SEEN, ASKED)
    assert (told.action, told.standing) == (Action.RESUBMIT_UNCHANGED, Standing.INFERRED)
    assert advice("UNABLE TO CALCULATE DUTY", ASKED, ASKED).action is Action.CORRECT


def test_reconciliation_changed_on_june_29() -> None:
    # CSMS 69035485: flagged entries without a type 09 are accepted from 2026-06-29.
    text = "ENTRY SUMMARY FLAGGED FOR RECON"
    assert advice(text, SEEN, dt.date(2026, 6, 28)).action is Action.WAIT
    after = advice(text, dt.date(2026, 6, 28), dt.date(2026, 6, 29))
    assert (after.action, after.clock) == (Action.RESUBMIT_UNCHANGED, "cape")
    since = advice(text, dt.date(2026, 6, 29), ASKED)
    assert since.action is Action.WAIT
    assert "type 09 is on file" in since.meaning


@pytest.mark.parametrize(
    "text",
    [" no ieepa hts ", "NO  IEEPA\u00a0HTS.", "No IEEPA HTS on entry", '"NO IEEPA HTS"'],
)
def test_spelling_does_not_matter(text: str) -> None:
    told = advice(text, SEEN, ASKED)
    assert told.known
    assert told.text == text
    assert advice("hts relationship / sequence mismatch", SEEN, ASKED).action is Action.RESUBMIT_UNCHANGED


@pytest.mark.parametrize("text", ["", "E001", "VAL-F", "ENTRY SUMMARY", "IEEPA"])
def test_an_unknown_text_is_kept(text: str) -> None:
    told = advice(text, SEEN, ASKED)
    assert not told.known
    assert told.text == text
    assert (told.action, told.clock, told.citation, told.standing, told.row) == (None,) * 5
    assert "not known" in told.explain()


def test_a_text_seen_outside_its_days_is_told_so() -> None:
    early = advice("INVALID HTS", SEEN, ASKED)
    assert early.action is Action.CORRECT
    assert "from 2026-06-25 only; it was seen on 2026-05-02" in early.note
    late = advice("HTS RELATIONSHIP/SEQUENCE MISMATCH", ASKED, ASKED)
    assert late.action is Action.RESUBMIT_UNCHANGED
    assert "to 2026-06-24 only; it was seen on 2026-07-01" in late.note


def test_an_unknown_day_takes_the_newest_row() -> None:
    told = advice("ENTRY SUMMARY FLAGGED FOR RECON", None, ASKED)
    assert told.row is not None
    assert told.row.last_day is None
    assert "not given" in told.note


def test_the_question_cannot_come_before_the_text() -> None:
    with pytest.raises(InputError, match="before 2026-05-02"):
        advice("NO IEEPA HTS", SEEN, dt.date(2026, 5, 1))
    assert advice("NO IEEPA HTS", SEEN, SEEN).known


def test_the_rows_of_a_text_follow_each_other_and_name_real_clocks() -> None:
    rows = ace_texts()
    for row in rows:
        assert row.first_day >= dt.date(2026, 4, 20)
        if row.clock:
            assert clock(row.clock).id == row.clock
        if row.after:
            assert row.last_day is not None
            assert row.after.clock is None or clock(row.after.clock)
    for text in {row.text for row in rows}:
        mine = [row for row in rows if row.text == text]
        for earlier, later in pairwise(mine):
            assert earlier.last_day is not None
            assert later.first_day == earlier.last_day + dt.timedelta(days=1)


def test_texts_without_a_source_at_cbp_are_not_in_the_table() -> None:
    # Lists with codes such as E001-E403 or VAL-F, VAL-E, VAL-I have no CBP source.
    assert not [row.text for row in ace_texts() if row.text.startswith(("E0", "E4", "VAL-"))]


def test_the_texts_of_the_decision_table_all_have_advice() -> None:
    texts = {rule.ace_text for rule in cape_rules().rules if rule.ace_text}
    assert len(texts) >= 14
    for text in sorted(texts):
        assert advice(text, None, ASKED).known, text


def test_the_texts_agree_with_the_decision_table() -> None:
    """A text that a rule prints is in force in both tables on the same days."""
    from ieeparefund.law.cape_rules import ace_text_rules, is_known_ace_text

    for row in ace_texts():
        if not is_known_ace_text(row.text):
            continue
        for day in (row.first_day, row.last_day):
            if day is not None:
                assert ace_text_rules(row.text, day), (row.text, day)
        if row.last_day is not None:
            after = row.last_day + dt.timedelta(days=1)
            others = any(other.text == row.text and other.first_day == after for other in ace_texts())
            assert bool(ace_text_rules(row.text, after)) is others, (row.text, after)
