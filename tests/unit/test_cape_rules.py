from __future__ import annotations

import datetime as dt
import itertools
import tomllib
from typing import Any

import pytest

from ieeparefund.entries.codes import (
    AdCvdStatus,
    EntryType,
    LiquidationStatus,
    ProtestStatus,
    SummaryStatus,
)
from ieeparefund.errors import FileFormatError, IeepaRefundError
from ieeparefund.law.cape_facts import CapeFacts
from ieeparefund.law.cape_rules import (
    CapeRule,
    CapeRules,
    FactDefinition,
    RemedyRule,
    RuleEffect,
    ace_text_rules,
    cape_rules,
    is_known_ace_text,
    matches,
    rules_in_force,
)
from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.clocks import clock

RULES = cape_rules().rules
OPENING = dt.date(2026, 4, 20)
# CBP's list of texts as far as it is known (FAQ of 2026-04-15 and CSMS 69056483).
TEXTS = {
    "ENTRY ON DRAWBACK",
    "ENTRY SUMMARY FLAGGED FOR RECON",
    "ENTRY SUMMARY IS CANCELLED/REJECTED",
    "ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS",
    "ENTRY TYPE NOT ALLOWED",
    "PROTEST ON ENTRY",
    "NO IEEPA HTS",
    "STATEMENT PROCESSING NOT COMPLETE",
    "UNABLE TO CALCULATE DUTY",
    "GOODS VALUE AMOUNT NOT ALLOWED ON IEEPA HTS LINE",
    "GOODS VALUE AMOUNT MUST BE REPORTED ON THE CH 1-97",
    "HTS RELATIONSHIP/SEQUENCE MISMATCH",
    "INVALID HTS",
    "HTS RELATIONSHIP MISMATCH",
    "ACCOUNT MISMATCH",
}
SMALL = """
[coverage]
known_to = 2026-09-29
[thresholds]
cape_closing_days_left = 3
[facts.in_ace]
values = [true, false]
absent = true
[remedies.wait]
action = "wait_for_scope"
text = "Wait."
when = { in_ace = [true] }
citation = "19-usc-1514"
[[rule]]
id = "not_in_ace"
when = { in_ace = [false] }
effect = "reject"
citation = "19-usc-1514"
standing = "published"
explanation = "Not in ACE."
remedies = ["wait"]
"""


def named(rule_id: str) -> list[CapeRule]:
    return [rule for rule in RULES if rule.id == rule_id]


def test_the_closed_list_of_facts_is_the_same_in_table_and_code() -> None:
    assert tuple(cape_rules().facts) == CapeFacts._fields


@pytest.mark.parametrize(
    ("fact", "codes"),
    [
        ("entry_type", EntryType),
        ("liquidation", LiquidationStatus),
        ("protest", ProtestStatus),
        ("ad_cvd", AdCvdStatus),
        ("summary_status", SummaryStatus),
    ],
)
def test_a_fact_has_the_values_of_its_code_list(fact: str, codes: Any) -> None:
    assert list(cape_rules().facts[fact].values) == [code.value for code in codes]


def test_every_stand_in_is_a_value_of_its_fact() -> None:
    for fact in cape_rules().facts.values():
        assert fact.absent is None or fact.absent in fact.values
        # A fact is either needed or has a stand-in; only the latter can be assumed.
        assert fact.absent is not None or fact.assumed is None
        assert fact.absent is None or fact.missing is None


def test_periods_of_a_rule_follow_each_other() -> None:
    for rule_id in {rule.id for rule in RULES}:
        rows = named(rule_id)
        for before, after in itertools.pairwise(rows):
            assert before.last_day is not None
            assert before.last_day + dt.timedelta(days=1) == after.first_day


def test_every_rule_has_a_source_a_text_and_an_effect_in_its_period() -> None:
    for rule in RULES:
        assert isinstance(rule.citation, Citation)
        assert rule.explanation.endswith(".")
        assert rule.last_day is None or rule.first_day <= rule.last_day
        assert all(step.text.endswith(".") for step in rule.remedies)
        assert rule.effect is not RuleEffect.REJECT or rule.remedies


def test_every_remedy_of_the_table_is_used() -> None:
    listed = set(tomllib.loads(table_text("cape_rules.toml"))["remedies"])
    assert {step.id for rule in RULES for step in rule.remedies} == listed


def test_the_texts_are_those_cbp_lists() -> None:
    assert {rule.ace_text for rule in RULES if rule.ace_text} == TEXTS


@pytest.mark.parametrize("day", ["2026-04-20", "2026-06-28", "2026-06-29", "2026-07-07", "2027-12-31"])
def test_every_entry_type_has_one_rule_of_its_own(day: str) -> None:
    # A type that no rule speaks of would be taken in silence.
    for entry_type in EntryType:
        rows = [
            rule
            for rule in rules_in_force(dt.date.fromisoformat(day))
            if len(rule.when) == 1 and rule.when[0][0] == "entry_type" and entry_type.value in rule.when[0][1]
        ]
        assert len(rows) == 1, entry_type


@pytest.mark.parametrize("day", ["2026-05-15", "2026-07-15"])
def test_a_flagged_entry_of_any_type_that_liquidates_has_a_rule(day: str) -> None:
    spoken_of: set[str | bool] = set()
    for rule in rules_in_force(dt.date.fromisoformat(day)):
        if rule.id.startswith("reconciliation_flagged"):
            spoken_of |= dict(rule.when)["entry_type"]
    silent = {"09", "26", *map(str, range(41, 48)), *map(str, range(61, 67))}
    assert spoken_of == {code.value for code in EntryType} - silent


def test_before_cape_opens_one_rule_is_in_force() -> None:
    for day in (dt.date.min, OPENING - dt.timedelta(days=1)):
        assert [rule.id for rule in rules_in_force(day)] == ["cape_not_open"]
    assert "cape_not_open" not in {rule.id for rule in rules_in_force(OPENING)}


def test_the_day_of_the_june_change_is_inferred() -> None:
    # CSMS 69056483 appeared between 2026-06-23 and 2026-06-29; outside that span the rows are certain.
    for rule_id, rows in {
        rule_id: named(rule_id)
        for rule_id in ("value_off_chapter_1_97", "hts_sequence", "invalid_hts", "hts_relationship")
    }.items():
        for row in rows:
            certain = (row.last_day or dt.date.max) < dt.date(2026, 6, 23) or row.first_day >= dt.date(
                2026, 6, 29
            )
            assert row.standing is (Standing.PUBLISHED if certain else Standing.INFERRED), rule_id
            assert ("2026-06-23 and 2026-06-29" in row.explanation) is not certain
    assert [row.standing for row in named("value_on_ieepa_number")] == [Standing.PUBLISHED, Standing.INFERRED]


def test_the_clocks_of_the_facts_are_counted_in_days() -> None:
    for identifier in (
        "cape",
        "voluntary_reliquidation",
        "protest",
        "correction_after_entry",
        "correction_before_liquidation",
        "reconciliation_first",
    ):
        assert clock(identifier).unit == "days"


def test_days_in_explanations_are_those_of_the_clocks() -> None:
    assert f"last {clock('cape').count} calendar days" in named("liquidated_within_80_days")[0].explanation
    assert f"{clock('cape_unliquidated').count} days after" in named("unliquidated")[0].explanation
    assert f"until day {clock('protest').count}" in named("final_within_180_days")[0].explanation
    assert (
        f"under {clock('reconciliation_first').count} days" in named("reconciliation_due_soon")[0].explanation
    )


@pytest.mark.parametrize(
    ("in_ace", "protest", "answer"),
    [
        (True, "none", True),
        (True, "open", False),
        (True, None, None),
        (False, None, False),
        (None, "open", False),
        (None, "none", None),
        (None, None, None),
    ],
)
def test_three_valued_and(in_ace: bool | None, protest: str | None, answer: bool | None) -> None:
    condition = (("in_ace", frozenset({True})), ("protest", frozenset({"none", "withdrawn"})))
    assert matches(condition, {"in_ace": in_ace, "protest": protest}) is answer


def test_an_empty_condition_always_matches() -> None:
    assert matches((), {}) is True


def test_a_small_table_is_read() -> None:
    table = CapeRules.parse(SMALL)
    (rule,) = table.rules
    assert (rule.id, rule.effect, rule.first_day, rule.last_day) == (
        "not_in_ace",
        RuleEffect.REJECT,
        dt.date.min,
        None,
    )
    assert rule.remedies[0].when == (("in_ace", frozenset({True})),)
    assert (table.known_to, table.closing_days_left) == (dt.date(2026, 9, 29), 3)


def test_every_field_of_a_table_is_read() -> None:
    full = SMALL.replace(
        "absent = true", 'absent = true\nassumed = "It is in ACE."\n[facts.protest]\nvalues = ["none", "open"]'
        '\nmissing = "Is there a protest?"'
    ).replace('text = "Wait."', 'text = "Wait."\nopens = 2026-04-20\ndeadline = "protest"').replace(
        'effect = "reject"',
        'effect = "warn"\nace_text = "NOT IN ACE"\nalso_printed = ["ACE KNOWS NO SUCH ENTRY"]\n'
        "from = 2026-04-21\nto = 2026-05-20",
    )  # fmt: skip
    table = CapeRules.parse(full)
    assert table.facts == {
        "in_ace": FactDefinition("in_ace", (True, False), True, "It is in ACE.", None),
        "protest": FactDefinition("protest", ("none", "open"), None, None, "Is there a protest?"),
    }
    step = RemedyRule(
        "wait",
        "wait_for_scope",
        "Wait.",
        (("in_ace", frozenset({True})),),
        dt.date(2026, 4, 20),
        "protest",
        cite("19-usc-1514"),
    )
    assert table.rules == (
        CapeRule(
            "not_in_ace",
            RuleEffect.WARN,
            (("in_ace", frozenset({False})),),
            "NOT IN ACE",
            ("ACE KNOWS NO SUCH ENTRY",),
            dt.date(2026, 4, 21),
            dt.date(2026, 5, 20),
            cite("19-usc-1514"),
            Standing.PUBLISHED,
            "Not in ACE.",
            (step,),
        ),
    )


def test_what_a_table_does_not_say_is_absent() -> None:
    table = CapeRules.parse(SMALL)
    assert table.facts == {"in_ace": FactDefinition("in_ace", (True, False), True, None, None)}
    (rule,) = table.rules
    (step,) = rule.remedies
    assert (rule.ace_text, rule.also_printed) == (None, ())
    assert (step.opens, step.deadline) == (None, None)
    always = SMALL.replace("when = { in_ace = [true] }\n", "", 1)
    assert CapeRules.parse(always).rules[0].remedies[0].when == ()


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (
            "when = { in_ace = [false] }",
            "when = { on_mars = [true] }",
            "'not_in_ace' tests the fact 'on_mars'",
        ),
        (
            "when = { in_ace = [false] }",
            'when = { in_ace = ["no"] }',
            r"tests in_ace for \['no'\]; known are",
        ),
        ("when = { in_ace = [false] }", "when = { in_ace = [] }", "tests in_ace for no value"),
        ("when = { in_ace = [true] }", "when = { in_ace = [1.5] }", "remedy 'wait' tests in_ace"),
        ('remedies = ["wait"]', 'remedies = ["pray"]', r"'not_in_ace' names the remedies \['pray'\]"),
        ('citation = "19-usc-1514"', 'citation = "hearsay"', "'hearsay' is not in"),
    ],
)
def test_a_damaged_table_is_refused(good: str, bad: str, words: str) -> None:
    with pytest.raises(IeepaRefundError, match=words):
        CapeRules.parse(SMALL.replace(good, bad))


def test_a_text_is_found_whatever_its_case_and_blanks() -> None:
    assert (
        ace_text_rules("  no ieepa  hts on entry ", OPENING) == ace_text_rules("NO IEEPA HTS", OPENING) != ()
    )
    assert ace_text_rules("VAL-E 403", OPENING) == ()


def test_a_dropped_text_means_resubmit_unchanged() -> None:
    # Zone entries met it without any fault in their data (CSMS 69056483; a guide of 2026-04-24).
    (rule,) = ace_text_rules("HTS RELATIONSHIP/SEQUENCE MISMATCH", dt.date(2026, 5, 2))
    assert rule.remedies[0].action == "resubmit"
    assert rule.remedies[0].opens == dt.date(2026, 6, 25)
    assert ace_text_rules("HTS RELATIONSHIP/SEQUENCE MISMATCH", dt.date(2026, 6, 25)) == ()


def test_a_text_is_known_under_every_wording_and_on_no_certain_day() -> None:
    for text in ("protest on entry", " Protest  On Entry ", "HTS relationship/sequence mismatch"):
        assert is_known_ace_text(text)
    assert not is_known_ace_text("PROTEST")
    assert not is_known_ace_text("")
    printed = {other for rule in RULES for other in rule.also_printed}
    assert printed
    assert all(is_known_ace_text(other.lower()) for other in printed)


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("[coverage]", "[other]", "the table of rules has no 'coverage' where one is needed."),
        ('text = "Wait."', "", "the table of rules has no 'text' where one is needed."),
        ('text = "Wait."', "text = 5", "the table of rules is not of its shape: text is 5."),
        ("absent = true", "absent = 5", "the table of rules is not of its shape: absent is 5."),
        ("absent = true", "assumed = 5", "the table of rules is not of its shape: assumed is 5."),
        ("absent = true", "missing = 5", "the table of rules is not of its shape: missing is 5."),
        (
            "known_to = 2026-09-29",
            "known_to = 2026-09-29T00:00:00",
            "the table of rules is not of its shape: known_to is datetime.datetime(2026, 9, 29, 0, 0).",
        ),
        (
            "cape_closing_days_left = 3",
            "cape_closing_days_left = true",
            "the table of rules is not of its shape: cape_closing_days_left is True.",
        ),
    ],
)
def test_a_table_of_another_shape_is_refused_with_the_place(good: str, bad: str, problem: str) -> None:
    assert good in SMALL
    with pytest.raises(FileFormatError) as caught:
        CapeRules.parse(SMALL.replace(good, bad))
    assert caught.value.problem == problem
    assert caught.value.remedy.startswith("Start from the shipped table")


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(FileFormatError, match="the table of rules") as caught:
        CapeRules.parse("[facts")
    assert caught.value.remedy.startswith("Start from the shipped table")
