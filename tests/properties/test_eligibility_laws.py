"""Laws of eligibility: total, never loosened by knowledge, and exact at day 80."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import dates, entries

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.cape_facts import cape_facts, clock_on, latest_liquidation
from ieeparefund.law.cape_rules import FactValue, ace_text_rules, cape_rules, matches, rules_in_force
from ieeparefund.law.eligibility import Outcome, check_eligibility
from ieeparefund.law.findings import Effect

OPENING = dt.date(2026, 4, 20)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
OPEN_DAYS = st.dates(OPENING, dt.date(2027, 12, 31))
TAKEN = (Outcome.ACCEPTED, Outcome.ACCEPTED_DEFERRED)
# What "known to be in order" means for each flag.
IN_ORDER: dict[str, Any] = {
    "protest": "none",
    "ad_cvd": "none",
    "reconciliation_flagged": False,
    "reconciliation_filed": False,
    "on_drawback_claim": False,
    "paid_by_surety": False,
    "correction_pending": False,
    "statement_paid": True,
    "summary_status": "accepted",
    "in_ace": True,
}
REFUSING: list[dict[str, Any]] = [
    {"protest": "open"},
    {"protest": "suspended"},
    {"reconciliation_flagged": True, "reconciliation_filed": True},
    {"on_drawback_claim": True},
    {"paid_by_surety": True},
    {"statement_paid": False},
    {"summary_status": "cancelled"},
    {"in_ace": False},
]


def plain(entered: dt.date, **facts: Any) -> Entry:
    line = EntryLine(
        1, "CN", [TariffLine("9903.01.24", 0, "20.00"), TariffLine("3926.90.99.89", 100, "5.30")]
    )
    return Entry("ZT4-0000123-1", "01", entered, [line], **facts)


@given(entries(), DAYS)
def test_every_entry_has_an_answer_on_every_day(entry: Entry, as_of: dt.date) -> None:
    answer = check_eligibility(entry, as_of=as_of)
    assert answer.outcome in Outcome
    assert answer.findings
    refused = any(finding.effect is Effect.REJECT for finding in answer.findings)
    assert refused is (answer.outcome is Outcome.REJECTED)
    assert bool(answer.missing) is (answer.outcome is Outcome.UNDETERMINED)
    assert str(as_of) in answer.explain()
    effects = [finding.effect for finding in answer.findings]
    assert effects == sorted(effects, key=lambda effect: effect is not Effect.REJECT)


@given(entries(), DAYS)
def test_every_fact_stays_on_the_closed_list(entry: Entry, as_of: dt.date) -> None:
    for name, value in cape_facts(entry, as_of)._asdict().items():
        assert value is None or value in cape_rules().facts[name].values


@given(entries(), DAYS)
def test_knowing_a_flag_to_be_in_order_changes_no_outcome(entry: Entry, as_of: dt.date) -> None:
    unknown = {name: value for name, value in IN_ORDER.items() if getattr(entry, name) is None}
    known = dataclasses.replace(entry, **unknown)
    before, after = check_eligibility(entry, as_of=as_of), check_eligibility(known, as_of=as_of)
    assert after.outcome is before.outcome
    assert after.findings == before.findings
    assert not any(f"({name})" in sentence for name in unknown for sentence in after.assumed)
    assert set(after.assumed) <= set(before.assumed)


@given(entries(), OPEN_DAYS, st.sampled_from(REFUSING))
def test_a_refusing_fact_refuses_and_never_unrejects(
    entry: Entry, as_of: dt.date, refusing: dict[str, Any]
) -> None:
    worse = check_eligibility(dataclasses.replace(entry, **refusing), as_of=as_of)
    accepted_already = entry.cape_accepted_on is not None and entry.cape_accepted_on <= as_of
    if accepted_already:
        assert worse.outcome in TAKEN
    else:
        assert worse.outcome is Outcome.REJECTED


@given(entries(), st.dates(dt.date(2025, 1, 1), OPENING - dt.timedelta(days=1)))
def test_nothing_is_taken_before_cape_opens(entry: Entry, as_of: dt.date) -> None:
    answer = check_eligibility(entry, as_of=as_of)
    assert answer.outcome is Outcome.REJECTED
    assert [step.opens for step in answer.remedies] == [OPENING]


@given(st.dates(dt.date(2026, 1, 30), dt.date(2027, 9, 30)), st.integers(0, 400))
def test_day_80_is_in_and_day_81_is_out(liquidated: dt.date, day: int) -> None:
    entry = plain(dt.date(2025, 7, 1), liquidation_date=liquidated)
    last = liquidated + dt.timedelta(days=80)
    assert check_eligibility(entry, as_of=last).outcome is Outcome.ACCEPTED
    assert check_eligibility(entry, as_of=last + dt.timedelta(days=1)).outcome is Outcome.REJECTED
    later = max(liquidated + dt.timedelta(days=day), OPENING)
    taken = check_eligibility(entry, as_of=later).outcome is Outcome.ACCEPTED
    assert taken is (later <= last)


@given(st.dates(dt.date(2026, 4, 20), dt.date(2027, 6, 30)), st.integers(1, 400))
def test_a_scheduled_liquidation_counts_as_unliquidated(as_of: dt.date, ahead: int) -> None:
    scheduled = plain(dt.date(2025, 7, 1), liquidation_date=as_of + dt.timedelta(days=ahead))
    assert latest_liquidation(scheduled, as_of) is None
    answer = check_eligibility(scheduled, as_of=as_of)
    assert answer.facts.liquidation == "unliquidated"
    assert answer.outcome is Outcome.ACCEPTED


@given(entries(), DAYS)
def test_steps_lie_ahead_and_filing_is_for_what_is_taken(entry: Entry, as_of: dt.date) -> None:
    answer = check_eligibility(entry, as_of=as_of)
    actions = [step.action for step in answer.remedies]
    assert len({(step.action, step.text) for step in answer.remedies}) == len(actions)
    for step in answer.remedies:
        # The suit's day is the earliest reading of a disputed accrual; another reading may end later.
        assert step.by is None or step.by >= as_of or step.action == "sue"
    if "file_cape" in actions:
        assert answer.outcome in TAKEN
        assert "wait_for_correction" not in actions
    if answer.outcome is Outcome.REJECTED:
        assert actions


@given(entries(), DAYS)
def test_the_latest_liquidation_is_never_ahead(entry: Entry, as_of: dt.date) -> None:
    latest = latest_liquidation(entry, as_of)
    dated = [d for d in (entry.liquidation_date, entry.reliquidation_date) if d is not None and d <= as_of]
    assert latest == max(dated, default=None)


_FACTS = {name: st.sampled_from(fact.values) for name, fact in cape_rules().facts.items()}


@given(st.fixed_dictionaries(_FACTS), st.sets(st.sampled_from(list(_FACTS))), DAYS)
def test_a_definite_match_survives_any_knowledge(
    known: dict[str, FactValue], hidden: set[str], on: dt.date
) -> None:
    partly = {name: None if name in hidden else value for name, value in known.items()}
    for rule in rules_in_force(on):
        answer = matches(rule.when, partly)
        assert answer is None or answer is matches(rule.when, known)
        assert matches(rule.when, known) is all(known[name] in values for name, values in rule.when)


@given(st.sampled_from(sorted({rule.ace_text for rule in cape_rules().rules if rule.ace_text})), DAYS)
def test_a_text_leads_to_the_rules_that_print_it(text: str, on: dt.date) -> None:
    found = ace_text_rules(text.lower(), on)
    assert found == tuple(rule for rule in rules_in_force(on) if rule.ace_text == text)


@given(dates("1984-11-01", "2027-12-31"))
def test_a_clock_before_its_first_row_is_the_newest(on: dt.date) -> None:
    assert clock_on("cape", on).count == 80
    assert clock_on("voluntary_reliquidation", on).count == 90
