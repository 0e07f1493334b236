from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import pytest

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import FieldError
from ieeparefund.law.cape_facts import cape_facts, is_chapter_1_97, latest_liquidation
from ieeparefund.law.cape_rules import RuleEffect, cape_rules
from ieeparefund.law.citations import Standing
from ieeparefund.law.eligibility import Eligibility, Outcome, _verdict, check_eligibility, outcome_of
from ieeparefund.law.findings import Effect

AS_OF = dt.date(2026, 5, 15)
ENTERED = dt.date(2025, 7, 1)
GOODS = TariffLine("3926.90.99.89", 1000, "53.00")
PAID = [TariffLine("9903.01.24", 0, "200.00"), GOODS]
# Every flag that counts as in order where it is not known.
KNOWN: dict[str, Any] = {
    "protest": "none",
    "ad_cvd": "none",
    "reconciliation_flagged": False,
    "on_drawback_claim": False,
    "paid_by_surety": False,
    "correction_pending": False,
    "statement_paid": True,
    "summary_status": "accepted",
    "in_ace": True,
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def entry(rows: list[TariffLine] | None = None, *, entry_type: str = "01", **facts: Any) -> Entry:
    lines = [EntryLine(1, "CN", PAID if rows is None else rows)]
    return Entry("ZT4-0000123-1", entry_type, facts.pop("entered", ENTERED), lines, **facts)


def ask(given: Entry, as_of: dt.date = AS_OF) -> Eligibility:
    return check_eligibility(given, as_of=as_of)


def rules(answer: Eligibility) -> set[str]:
    return {finding.rule for finding in answer.findings}


def steps(answer: Eligibility) -> dict[str, dt.date | None]:
    return {remedy.action: remedy.by for remedy in answer.remedies}


# ------------------------------------------------------------------------------------------ unknown facts


def test_without_liquidation_columns_the_answer_is_unknown_and_names_them() -> None:
    answer = ask(entry())
    assert answer.outcome is Outcome.UNDETERMINED
    assert len(answer.missing) == 2
    assert "Liquidation Status" in answer.missing[0]
    assert "Liquidation Date" in answer.missing[1]
    assert answer.remedies == ()


def test_liquidated_without_a_date_asks_for_the_date_alone() -> None:
    answer = ask(entry(liquidation_status="liquidated"))
    assert answer.outcome is Outcome.UNDETERMINED
    (sentence,) = answer.missing
    assert "Liquidation Date" in sentence


def test_unliquidated_needs_no_date_and_has_no_deadline() -> None:
    answer = ask(entry(liquidation_status="unliquidated"))
    assert answer.outcome is Outcome.ACCEPTED
    assert steps(answer) == {"file_cape": None}
    assert answer.missing == ()


def test_a_definite_refusal_stands_whatever_else_is_unknown() -> None:
    answer = ask(entry(on_drawback_claim=True))
    assert answer.outcome is Outcome.REJECTED
    assert answer.missing == ()
    assert answer.findings[0].ace_text == "ENTRY ON DRAWBACK"


def test_every_unknown_flag_is_assumed_by_name() -> None:
    answer = ask(entry(liquidation_status="unliquidated"))
    assert len(answer.assumed) == len(KNOWN)
    for name in KNOWN:
        assert sum(f"({name})" in sentence for sentence in answer.assumed) == 1, name
    assert ask(entry(liquidation_status="unliquidated", **KNOWN)).assumed == ()


def test_an_open_filing_and_due_date_are_assumed_of_a_flagged_entry_only() -> None:
    flagged = {**KNOWN, "reconciliation_flagged": True}
    answer = ask(entry(liquidation_status="unliquidated", **flagged), day("2026-07-01"))
    assert [sentence.split(" is ")[0] for sentence in answer.assumed] == [
        "Filing of the reconciliation (reconciliation_filed)",
        "Due date of the reconciliation (reconciliation_due)",
    ]


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([TariffLine("9903.01.24", 0, None), GOODS], Outcome.UNDETERMINED),
        ([TariffLine("9903.01.24", 0, None), TariffLine("9903.01.25", 0, "1.00"), GOODS], Outcome.ACCEPTED),
        ([TariffLine("9903.01.33", 0, None), GOODS], Outcome.REJECTED),
        ([TariffLine("9903.01.33", 0, "5.00"), GOODS], Outcome.UNDETERMINED),
        ([TariffLine("9903.01.33", 0, "5.00"), *PAID], Outcome.ACCEPTED),
        (
            [TariffLine("9903.01.24", 0, "5.00"), TariffLine("9903.01.24", 0, "-5.00"), GOODS],
            Outcome.REJECTED,
        ),
        # No row of the table is in force, or ever was; what was paid there was paid as IEEPA duty.
        ([TariffLine("9903.01.20", 0, "5.00"), GOODS], Outcome.ACCEPTED),
        ([TariffLine("9903.01.35", 0, "5.00"), GOODS], Outcome.ACCEPTED),
        ([TariffLine("9903.02.20", 0, "5.00"), GOODS], Outcome.ACCEPTED),
        ([TariffLine("9903.96.01", 0, "5.00"), GOODS], Outcome.REJECTED),
        ([TariffLine("A-570-979", None, "5.00"), TariffLine("499", None, "5.00"), GOODS], Outcome.REJECTED),
    ],
)
def test_duty_on_ieepa_numbers(rows: list[TariffLine], outcome: Outcome) -> None:
    assert ask(entry(rows, liquidation_status="unliquidated")).outcome is outcome


def test_no_lines_leaves_the_duty_unknown() -> None:
    empty = Entry("ZT4-0000123-1", "01", ENTERED, [], liquidation_status="unliquidated")
    answer = ask(empty)
    assert answer.outcome is Outcome.UNDETERMINED
    assert "Line Tariff Duty Amount" in answer.missing[0]


def test_zero_duty_and_no_ieepa_number_are_told_apart() -> None:
    # An exempt number; section 122, which looks like IEEPA (CSMS 67844987).
    zero = ask(entry([TariffLine("9903.01.33", 0, "0.00"), GOODS], liquidation_status="unliquidated"))
    other = ask(entry([TariffLine("9903.03.01", 0, "900.00"), GOODS], liquidation_status="unliquidated"))
    assert [answer.findings[0].rule for answer in (zero, other)] == ["ieepa_duty_zero", "ieepa_number_absent"]


# -------------------------------------------------------------------------------------------- liquidation


@pytest.mark.parametrize(
    ("facts", "liquidation", "conflict"),
    [
        ({"liquidation_date": "2026-05-01"}, "liquidated", False),
        ({"liquidation_date": "2026-05-01", "liquidation_status": "liquidated"}, "liquidated", False),
        ({"liquidation_date": "2026-05-01", "liquidation_status": "unliquidated"}, "liquidated", True),
        ({"liquidation_date": "2026-05-01", "liquidation_status": "suspended"}, "liquidated", True),
        ({"liquidation_date": "2026-05-01", "ad_cvd": "suspended"}, "liquidated", True),
        ({"liquidation_date": "2026-05-01", "ad_cvd": "none"}, "liquidated", False),
        ({"liquidation_date": "2026-05-15"}, "liquidated", False),
        ({"liquidation_date": "2026-05-16"}, "unliquidated", False),
        ({"liquidation_date": "2026-05-16", "liquidation_status": "unliquidated"}, "unliquidated", False),
        ({"liquidation_date": "2026-05-16", "liquidation_status": "extended"}, "extended", False),
        ({"liquidation_date": "2026-05-16", "liquidation_status": "liquidated"}, "unliquidated", True),
        ({"reliquidation_date": "2026-05-01"}, "liquidated", False),
        ({"liquidation_status": "under_review"}, "under_review", False),
        ({}, None, False),
    ],
)
def test_the_date_decides_over_the_status(
    facts: dict[str, str], liquidation: str | None, conflict: bool
) -> None:
    given = entry(**{name: day(text) if text[:2] == "20" else text for name, text in facts.items()})
    found = cape_facts(given, AS_OF)
    assert (found.liquidation, found.liquidation_conflict) == (liquidation, conflict)
    assert ("liquidation_conflict" in rules(ask(given))) is conflict


def test_a_suspension_does_not_defer_what_is_liquidated() -> None:
    answer = ask(entry(entry_type="03", liquidation_date=day("2026-05-01"), liquidation_status="suspended"))
    assert answer.outcome is Outcome.ACCEPTED


def test_a_reliquidation_restarts_cape_and_protest_but_not_the_ninety_days() -> None:
    given = entry(liquidation_date=day("2025-10-03"), reliquidation_date=day("2026-02-20"))
    early = ask(given, day("2026-02-19"))
    assert latest_liquidation(given, day("2026-02-19")) == day("2025-10-03")
    assert early.facts.protest_clock == "open"
    assert ask(given, day("2026-05-11")).outcome is Outcome.ACCEPTED
    late = ask(given, day("2026-05-12"))
    assert rules(late) >= {"final_within_180_days"}
    assert steps(late)["protest"] == day("2026-08-19")
    assert "request_reliquidation" not in steps(late)


def test_reliquidation_without_the_original_date_promises_no_reliquidation() -> None:
    given = entry(reliquidation_date=day("2026-02-20"))
    assert ask(given, day("2026-05-12")).findings[0].rule == "final_within_180_days"


@pytest.mark.parametrize(
    ("as_of", "rule"),
    [
        ("2026-04-24", None),
        ("2026-04-25", "cape_closing"),
        ("2026-04-28", "cape_closing"),
        ("2026-04-29", "final_within_90_days"),
    ],
)
def test_the_last_days_of_cape_carry_a_warning(as_of: str, rule: str | None) -> None:
    # Liquidated 2026-02-07: day 77 is 04-25, day 80 is 04-28.
    found = rules(ask(entry(liquidation_date=day("2026-02-07")), day(as_of)))
    assert found & {"cape_closing", "final_within_90_days"} == ({rule} if rule else set())


# ----------------------------------------------------------------------------------------------- remedies


def test_before_the_opening_the_day_is_named() -> None:
    answer = ask(entry(), day("2026-04-19"))
    assert answer.outcome is Outcome.REJECTED
    (step,) = answer.remedies
    assert (step.action, step.opens, step.by) == ("wait_for_opening", day("2026-04-20"), None)
    assert rules(answer) == {"cape_not_open"}


def test_long_before_any_clock_the_answer_is_the_same() -> None:
    assert ask(entry(), dt.date(1950, 1, 1)).findings[0].rule == "cape_not_open"


@pytest.mark.parametrize(
    ("liquidated", "expected"),
    [
        # Day 84, published anchor: CAPE closed on 04-27, 90-day 05-07, protest 08-05.
        ("2026-02-20", {"request_reliquidation": "2026-05-21", "protest": "2026-08-19"}),
        ("2026-01-30", {"protest": "2026-07-29", "wait_for_scope": None}),
        # Entered 2025-07-01: the earliest reading of accrual gives 2027-07-01.
        ("2025-10-03", {"sue": "2027-07-01", "wait_for_scope": None}),
    ],
)
def test_past_day_80(liquidated: str, expected: dict[str, str | None]) -> None:
    answer = ask(entry(liquidation_date=day(liquidated)))
    assert steps(answer) == {name: None if text is None else day(text) for name, text in expected.items()}


def test_the_suit_says_that_accrual_is_disputed() -> None:
    answer = ask(entry(liquidation_date=day("2025-10-03")))
    assert "disputed" in next(step.text for step in answer.remedies if step.action == "sue")


def test_an_open_protest_is_withdrawn_within_the_80_days_and_kept_after_them() -> None:
    within = ask(entry(liquidation_date=day("2026-04-05"), protest="open"))
    assert steps(within) == {"withdraw_protest": day("2026-06-24")}
    after = ask(entry(liquidation_date=day("2026-01-30"), protest="open"))
    assert steps(after) == {"wait_for_scope": None, "keep_protest": None}


def test_a_denied_protest_does_not_block_and_points_to_court() -> None:
    answer = ask(entry(liquidation_date=day("2026-04-25"), protest="denied"))
    assert answer.outcome is Outcome.ACCEPTED
    assert steps(answer) == {"file_cape": day("2026-07-14"), "sue": None}
    gone = ask(entry(liquidation_date=day("2026-01-30"), protest="denied"))
    assert steps(gone) == {"sue": None, "wait_for_scope": None}


def test_a_reconciliation_due_in_under_30_days_comes_first() -> None:
    # Due 2026-07-20, asked on 2026-07-01: possible, but the 09 is filed first.
    flagged = {
        "liquidation_status": "unliquidated",
        "reconciliation_flagged": True,
        "reconciliation_filed": False,
    }
    answer = ask(entry(**flagged, reconciliation_due=day("2026-07-20")), day("2026-07-01"))
    assert answer.outcome is Outcome.ACCEPTED
    assert steps(answer) == {"file_reconciliation_first": day("2026-07-20")}
    for due in ("2026-07-31", "2026-06-30"):
        other = ask(entry(**flagged, reconciliation_due=day(due)), day("2026-07-01"))
        assert "reconciliation_due_soon" not in rules(other)
        assert steps(other) == {"file_cape": None}
    thirty_days_less_one = ask(entry(**flagged, reconciliation_due=day("2026-07-30")), day("2026-07-01"))
    assert "reconciliation_due_soon" in rules(thirty_days_less_one)


def test_a_filed_reconciliation_has_no_due_date_any_more() -> None:
    answer = ask(
        entry(
            liquidation_status="unliquidated",
            reconciliation_flagged=True,
            reconciliation_filed=True,
            reconciliation_due=day("2026-07-20"),
        ),
        day("2026-07-01"),
    )
    assert "reconciliation_due_soon" not in rules(answer)


def test_a_pending_correction_warns_and_says_not_to_file() -> None:
    answer = ask(entry(liquidation_status="unliquidated", correction_pending=True))
    assert answer.outcome is Outcome.ACCEPTED
    assert steps(answer) == {"wait_for_correction": None}
    (warning,) = [finding for finding in answer.findings if finding.effect is Effect.WARN]
    assert warning.rule == "correction_pending"
    assert warning.remedy == answer.remedies[0].text


@pytest.mark.parametrize(
    ("facts", "as_of", "expected"),
    [
        # Entered 2025-08-01, liquidation scheduled 2026-05-29: min(2026-05-28, 2026-05-14).
        ({"liquidation_date": "2026-05-29"}, "2026-05-14", {"correct": "2026-05-14"}),
        ({"liquidation_date": "2026-05-29"}, "2026-05-15", {"wait_for_scope": None}),
        ({"liquidation_status": "unliquidated"}, "2026-05-28", {"correct": "2026-05-28"}),
        ({"liquidation_status": "unliquidated"}, "2026-05-29", {"wait_for_scope": None}),
        ({"liquidation_date": "2026-05-01"}, "2026-05-15", {"wait_for_scope": None, "protest": "2026-10-28"}),
    ],
)
def test_a_fault_in_the_data_is_corrected_in_time_or_waits(
    facts: dict[str, str], as_of: str, expected: dict[str, str | None]
) -> None:
    given = entry(
        [TariffLine("9903.01.24", 1000, "200.00"), GOODS],
        entered=day("2025-08-01"),
        **{name: day(text) if text[:2] == "20" else text for name, text in facts.items()},
    )
    answer = ask(given, day(as_of))
    assert answer.findings[0].rule == "value_on_ieepa_number"
    assert steps(answer) == {name: None if text is None else day(text) for name, text in expected.items()}


def test_a_deadline_past_the_calendar_is_not_given() -> None:
    given = entry(entered=day("9999-12-01"), rows=[TariffLine("9903.01.24", 1000, "1.00"), GOODS])
    assert steps(
        check_eligibility(entry(entered=day("9999-12-01"), on_drawback_claim=True), as_of=AS_OF)
    ) == {"wait_for_scope": None}
    assert steps(ask(given)) == {"correct": None}


def test_an_accepted_entry_is_not_declared_again() -> None:
    # Taken on day 75; asked on day 98, when CAPE would refuse it.
    answer = ask(entry(liquidation_date=day("2026-02-06"), cape_accepted_on=day("2026-04-22")))
    assert answer.outcome is Outcome.ACCEPTED
    assert steps(answer) == {"do_not_declare_again": None}
    assert not [finding for finding in answer.findings if finding.effect is Effect.REJECT]
    blank = ask(entry(cape_accepted_on=day("2026-04-22")))
    assert (blank.outcome, blank.missing) == (Outcome.ACCEPTED, ())


def test_types_nothing_is_known_of_ask_cbp() -> None:
    answer = ask(entry(entry_type="51", liquidation_status="unliquidated"))
    assert answer.outcome is Outcome.UNDETERMINED
    assert "51, 52 and 86" in answer.missing[0]
    assert steps(answer) == {"ask_cbp": None}


# ------------------------------------------------------------------------------------- values on the lines


@pytest.mark.parametrize(
    ("rows", "value_on", "value_off"),
    [
        ([TariffLine("9903.01.24", 0, 1), GOODS], False, False),
        ([TariffLine("9903.01.24", None, 1), GOODS], False, False),
        ([TariffLine("9903.01.24", 1000, 1), GOODS], True, False),
        ([TariffLine("9903.01.24", 1000, 1), TariffLine("3926.90.99.89", 0, 1)], True, True),
        ([TariffLine("9903.01.24", 1000, 1), TariffLine("3926.90.99.89", None, 1)], True, None),
        ([TariffLine("9903.01.24", 1000, 1)], True, None),
        ([TariffLine("9903.01.24", 1000, 1), TariffLine("9802.00.80.15", 0, 0), GOODS], True, None),
        (
            [
                TariffLine("9903.88.03", 1000, 1),
                TariffLine("9903.01.24", 0, 1),
                TariffLine("3926.90.99.89", 0),
            ],
            False,
            True,
        ),
        ([TariffLine("9903.88.03", 1000, 1), TariffLine("3926.90.99.89", 0)], False, False),
        ([TariffLine("9903.01.24", 0, 1), TariffLine("3926.90.99.89", 0)], False, False),
        (
            [TariffLine("9903.01.24", 9, 1), TariffLine("499", 5, 1), TariffLine("3926.90.99.89", 0)],
            True,
            True,
        ),
    ],
)
def test_where_the_goods_value_stands(rows: list[TariffLine], value_on: bool, value_off: bool | None) -> None:
    found = cape_facts(entry(rows), AS_OF)
    assert (found.value_on_ieepa_number, found.value_off_chapter_1_97) == (value_on, value_off)


def test_one_faulty_line_is_enough() -> None:
    faulty = [TariffLine("9903.01.24", 1000, 1), TariffLine("3926.90.99.89", 0)]
    unclear = [TariffLine("9903.01.24", 1000, 1)]
    given = Entry(
        "ZT4-0000123-1", "01", ENTERED, [EntryLine(n, "CN", rows) for n, rows in ((1, unclear), (2, faulty))]
    )
    assert cape_facts(given, AS_OF).value_off_chapter_1_97 is True


@pytest.mark.parametrize(
    ("number", "entered", "entry_type", "out"),
    [
        ("9903.01.24", "2025-07-01", "01", False),
        ("9903.01.20", "2025-03-03", "01", False),
        ("9903.01.20", "2025-03-04", "01", True),
        ("9903.01.35", "2025-07-01", "01", True),
        ("9903.01.25", "2026-02-23", "01", False),
        ("9903.01.25", "2026-02-24", "01", True),
        ("9903.01.20", "2025-07-01", "06", None),
        ("9903.01.20", "2025-07-01", "21", None),
        ("9903.01.20", "2025-07-01", "31", None),
    ],
)
def test_numbers_out_of_their_dates(number: str, entered: str, entry_type: str, out: bool | None) -> None:
    given = entry([TariffLine(number, 0, 1), GOODS], entry_type=entry_type, entered=day(entered))
    assert cape_facts(given, AS_OF).ieepa_number_out_of_dates is out


# ---------------------------------------------------------------------------------------- whole answers

ONE_FOR_EACH_RULE: list[tuple[dict[str, Any], str]] = [
    ({}, "2026-04-19"),
    ({"cape_accepted_on": day("2026-05-01")}, "2026-05-15"),
    ({"liquidation_status": "unliquidated"}, "2026-05-15"),
    ({"liquidation_date": day("2026-05-01")}, "2026-05-15"),
    ({"liquidation_date": day("2026-02-25")}, "2026-05-15"),
    ({"liquidation_date": day("2026-02-20")}, "2026-05-15"),
    ({"liquidation_date": day("2026-01-02")}, "2026-05-15"),
    ({"liquidation_date": day("2025-10-03")}, "2026-05-15"),
    ({"liquidation_status": "extended"}, "2026-05-15"),
    ({"liquidation_status": "under_review"}, "2026-05-15"),
    ({"liquidation_date": day("2026-05-01"), "liquidation_status": "extended"}, "2026-05-15"),
    ({"ad_cvd": "suspended"}, "2026-05-15"),
    ({"ad_cvd": "liquidation_pending"}, "2026-05-15"),
    *(
        ({"entry_type": code}, "2026-05-15")
        for code in ("03", "11", "21", "31", "09", "08", "41", "26", "51", "04")
    ),
    ({"entry_type": "21", "cape_accepted_on": day("2026-05-01")}, "2026-07-07"),
    ({"entry_type": "21"}, "2026-07-07"),
    *(
        ({"entry_type": code, "reconciliation_flagged": True, "reconciliation_due": day("2026-07-15")}, as_of)
        for code in ("01", "03")
        for as_of in ("2026-06-28", "2026-06-29")
    ),
    ({"reconciliation_filed": True}, "2026-05-15"),
    ({"protest": "open"}, "2026-05-15"),
    ({"protest": "denied"}, "2026-05-15"),
    ({"on_drawback_claim": True}, "2026-05-15"),
    ({"rows": [GOODS]}, "2026-05-15"),
    ({"rows": [TariffLine("9903.01.33", 0, 0)]}, "2026-05-15"),
    ({"rows": [TariffLine("9903.01.33", 0, 5)]}, "2026-05-15"),
    ({"paid_by_surety": True}, "2026-05-15"),
    ({"in_ace": False}, "2026-05-15"),
    ({"summary_status": "cancelled"}, "2026-05-15"),
    ({"statement_paid": False}, "2026-05-15"),
    ({"correction_pending": True}, "2026-05-15"),
    *(
        ({"rows": [TariffLine("9903.01.20", 9, 5), TariffLine("3926.90.99.89", 0)]}, as_of)
        for as_of in ("2026-06-22", "2026-06-23", "2026-06-28", "2026-06-29")
    ),
    ({}, "2026-09-30"),
]
SEEN_BY_ACE_ALONE = {
    "duty_not_computable": "duty_not_computable",
    "hts_relationship": "hts_relationship",
    "hts_sequence": "hts_sequence",
    "account_mismatch": "account",
}


def test_every_row_of_the_table_is_met_by_an_entry() -> None:
    met = set()
    for facts, text in ONE_FOR_EACH_RULE:
        for finding in ask(entry(**dict(facts)), day(text)).findings:
            met.add((finding.rule, finding.explanation))
    rows = {(rule.id, rule.explanation) for rule in cape_rules().rules if rule.id not in SEEN_BY_ACE_ALONE}
    assert met == rows


@pytest.mark.parametrize(("rule", "value"), SEEN_BY_ACE_ALONE.items())
@pytest.mark.parametrize("as_of", ["2026-05-15", "2026-06-23", "2026-06-25", "2026-07-15"])
def test_what_ace_alone_sees_is_a_fact_too(rule: str, value: str, as_of: str) -> None:
    on = day(as_of)
    given = entry(liquidation_status="unliquidated")
    facts = cape_facts(given, on)
    assert facts.ace_refusal is None
    verdict = _verdict(facts._replace(ace_refusal=value), on)
    in_force = any(
        row.id == rule and row.first_day <= on <= (row.last_day or on) for row in cape_rules().rules
    )
    assert (verdict.outcome is Outcome.REJECTED) is in_force
    assert (rule in {finding.rule for finding in verdict.findings}) is in_force


def test_rejecting_findings_come_first() -> None:
    answer = ask(
        entry(entry_type="21", protest="open", correction_pending=True, liquidation_status="extended")
    )
    effects = [finding.effect for finding in answer.findings]
    assert effects == [Effect.REJECT, Effect.DEFER, Effect.DEFER, Effect.WARN]


def test_explain_gives_numbered_steps_with_sources() -> None:
    text = ask(entry(liquidation_date=day("2026-02-06")), day("2026-05-01")).explain()
    lines = text.splitlines()
    assert lines[0] == "1. On 2026-05-01 CAPE's answer for ZT4-0000123-1 is: rejected."
    assert lines[1] == (
        "2. Entry type 01, entered 2025-07-01, liquidated 2026-02-06: day 84 on 2026-05-01; "
        "CAPE's last day is 2026-04-27."
    )
    assert "ACE prints: ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS." in lines[2]
    assert "Next (protest, by 2026-08-05): " in text
    assert [line.split(".")[0] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]


@pytest.mark.parametrize(
    ("facts", "as_of", "words"),
    [
        ({}, "2026-05-15", "entered 2025-07-01; liquidation is not known."),
        (
            {},
            "2026-05-15",
            'Missing: When the entry was liquidated is not known: add the column "Liquidation Date"',
        ),
        ({"liquidation_status": "liquidated"}, "2026-05-15", "liquidated; the date is not known."),
        ({"liquidation_status": "under_review"}, "2026-05-15", "entered 2025-07-01, under review."),
        ({"liquidation_date": day("2026-08-07")}, "2026-05-15", "liquidation is scheduled for 2026-08-07."),
        (
            {"liquidation_date": day("2026-01-02"), "reliquidation_date": day("2026-03-06")},
            "2026-05-15",
            "reliquidated 2026-03-06: day 70",
        ),
        ({"liquidation_status": "extended"}, "2026-05-15", "is: accepted, deferred."),
        ({"liquidation_status": "under_review"}, "2026-05-15", "; inferred]"),
        ({}, "2026-04-01", "Next (wait_for_opening, from 2026-04-20): "),
    ],
)
def test_explain_says_what_is_known(facts: dict[str, Any], as_of: str, words: str) -> None:
    assert words in ask(entry(**facts), day(as_of)).explain()


def test_an_inferred_rule_is_marked() -> None:
    (finding,) = [
        f for f in ask(entry(liquidation_status="under_review")).findings if f.rule == "under_review"
    ]
    assert finding.standing is Standing.INFERRED


def test_the_answer_can_be_stored_and_compared() -> None:
    answer = ask(entry(liquidation_status="unliquidated"))
    again = pickle.loads(pickle.dumps(answer))
    assert again == answer
    assert again.explain() == answer.explain()


@pytest.mark.parametrize("as_of", ["2026-05-15", None, dt.datetime(2026, 5, 15, tzinfo=dt.UTC)])
def test_the_day_of_the_question_is_a_plain_date(as_of: Any) -> None:
    with pytest.raises(FieldError, match=r"as_of is .* not a date"):
        check_eligibility(entry(), as_of=as_of)


def test_a_wrong_day_names_column_value_and_remedy() -> None:
    with pytest.raises(FieldError) as caught:
        check_eligibility(entry(), as_of="2026-05-15")  # type: ignore[arg-type]  # the case tested
    assert (caught.value.column, caught.value.value) == ("as_of", "2026-05-15")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("rows", "fact"),
    [
        (PAID, "paid"),
        ([GOODS, TariffLine("9903.01.24", 0, "0.01")], "paid"),  # whatever row comes first
        ([TariffLine("9903.01.24", 0, "2.00"), TariffLine("9903.01.25", 0, "0.00"), GOODS], "paid"),
        ([TariffLine("9903.01.24", 0, "2.00"), TariffLine("9903.01.25", 0, "-2.00"), GOODS], "zero"),
        ([TariffLine("9903.01.33", 0, "0.01"), GOODS], "exempt_only"),
        ([TariffLine("9903.01.33", 0, "0.00"), GOODS], "zero"),
        ([TariffLine("9903.01.24", 0, None), GOODS], None),
        ([GOODS], "none"),
    ],
)
def test_what_was_paid_on_ieepa_numbers(rows: list[TariffLine], fact: str | None) -> None:
    assert cape_facts(entry(rows), AS_OF).ieepa_duty == fact


def test_a_reliquidation_counts_from_its_day_on() -> None:
    given = entry(liquidation_date=day("2025-10-03"), reliquidation_date=day("2026-02-20"))
    assert latest_liquidation(given, day("2026-02-20")) == day("2026-02-20")
    assert latest_liquidation(given, day("2026-02-19")) == day("2025-10-03")
    assert latest_liquidation(given, day("2025-10-03")) == day("2025-10-03")
    assert latest_liquidation(given, day("2025-10-02")) is None


@pytest.mark.parametrize(
    ("due", "fact"),
    [("2026-06-30", "passed"), ("2026-07-01", "soon"), ("2026-07-30", "soon"), ("2026-07-31", "later")],
)
def test_a_reconciliation_is_due_soon_until_its_last_day(due: str, fact: str) -> None:
    given = entry(reconciliation_flagged=True, reconciliation_due=day(due))
    assert cape_facts(given, day("2026-07-01")).reconciliation_due == fact


@pytest.mark.parametrize(
    ("number", "inside"),
    [
        ("0101.21.00", True),
        ("9705.10.00.30", True),
        ("9802.00.80", False),
        ("9903.01.25", False),
        ("A-570-979", False),
        ("499", False),
    ],
)
def test_chapters_1_to_97(number: str, inside: bool) -> None:
    assert is_chapter_1_97(number) is inside


def test_rules_that_neither_take_nor_refuse_leave_it_open() -> None:
    of = {effect: [rule for rule in cape_rules().rules if rule.effect == effect] for effect in RuleEffect}
    assert outcome_of([], []) is Outcome.UNDETERMINED
    assert outcome_of(of[RuleEffect.WARN] + of[RuleEffect.NOTE], []) is Outcome.UNDETERMINED
    assert outcome_of(of[RuleEffect.ACCEPT], of[RuleEffect.WARN]) is Outcome.ACCEPTED
    assert outcome_of(of[RuleEffect.ACCEPT], of[RuleEffect.REJECT]) is Outcome.UNDETERMINED
    assert outcome_of(of[RuleEffect.ACCEPT] + of[RuleEffect.REJECT], []) is Outcome.REJECTED
    assert outcome_of(of[RuleEffect.SETTLED] + of[RuleEffect.REJECT], []) is Outcome.ACCEPTED
    assert outcome_of(of[RuleEffect.SETTLED] + of[RuleEffect.DEFER], []) is Outcome.ACCEPTED_DEFERRED


@pytest.mark.parametrize("status", ["unliquidated", "under_review", "extended"])
def test_explain_gives_each_finding_as_one_sentence(status: str) -> None:
    answer = ask(entry(liquidation_status=status, protest="open"))
    lines = [line.split(". ", 1)[1] for line in answer.explain().splitlines()]
    for place, finding in enumerate(answer.findings, 2):
        prints = f" ACE prints: {finding.ace_text}." if finding.ace_text else ""
        inferred = "; inferred" if finding.standing is Standing.INFERRED else ""
        assert lines[place] == (
            f"{finding.effect.value.capitalize()} ({finding.rule}): {finding.explanation}{prints}"
            f" [{finding.citation}{inferred}]"
        )
    assert lines[2].startswith("Reject (protest_open): ") or "ACE prints: PROTEST ON ENTRY." in lines[2]


# The last day of a clock still counts: day 90 of 19 USC 1501, day 180 of 19 USC 1514(c)(3).


def test_the_ninetieth_day_is_open_and_the_next_is_not() -> None:
    liquidated = entry(liquidation_date=day("2026-02-14"))
    assert cape_facts(liquidated, day("2026-05-15")).reliquidation_clock == "open"
    assert cape_facts(liquidated, day("2026-05-16")).reliquidation_clock == "closed"


def test_the_hundred_and_eightieth_day_is_open_and_the_next_is_not() -> None:
    liquidated = entry(liquidation_date=day("2025-11-16"))
    assert cape_facts(liquidated, day("2026-05-15")).protest_clock == "open"
    assert cape_facts(liquidated, day("2026-05-16")).protest_clock == "closed"


def test_an_entry_is_accepted_from_the_day_of_acceptance_on() -> None:
    accepted = entry(cape_accepted_on=AS_OF)
    assert cape_facts(accepted, AS_OF).already_accepted
    assert not cape_facts(accepted, AS_OF - dt.timedelta(days=1)).already_accepted


def test_nothing_is_corrected_after_the_liquidation_whatever_its_date() -> None:
    young = {"entered": day("2026-04-01")}
    assert cape_facts(entry(**young), AS_OF).correction_clock == "open"
    assert cape_facts(entry(**young, liquidation_status="liquidated"), AS_OF).correction_clock == "closed"


def test_no_antidumping_duty_gainsays_no_liquidation() -> None:
    liquidated = {"liquidation_date": day("2026-05-01"), "liquidation_status": "liquidated"}
    assert not cape_facts(entry(**liquidated, ad_cvd="none"), AS_OF).liquidation_conflict
    assert cape_facts(entry(**liquidated, ad_cvd="suspended"), AS_OF).liquidation_conflict


def test_explain_names_a_reliquidation_and_a_review() -> None:
    dates = {"liquidation_date": day("2026-01-02"), "reliquidation_date": day("2026-03-06")}
    assert "entered 2025-07-01, reliquidated 2026-03-06: day 70" in ask(entry(**dates)).explain()
    assert "entered 2025-07-01, under review." in ask(entry(liquidation_status="under_review")).explain()
