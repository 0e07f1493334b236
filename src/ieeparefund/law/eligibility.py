"""May an entry be refunded through CAPE on a day, why or why not, and what to do next.

The rules are the dated rows of `tables/cape_rules.toml`, read by `cape_rules`; what an entry says on a day is
in `cape_facts`. This module turns the rows that match into an outcome, findings and dated remedies.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from ieeparefund.entries.entry import Entry
from ieeparefund.errors import CoverageError, FieldError
from ieeparefund.law.cape_facts import CapeFacts, cape_facts, clock_on, latest_liquidation
from ieeparefund.law.cape_rules import (
    CapeRule,
    FactValue,
    RemedyRule,
    RuleEffect,
    cape_rules,
    matches,
    rules_in_force,
)
from ieeparefund.law.citations import Citation, Standing
from ieeparefund.law.findings import Effect, Finding
from ieeparefund.money import exactly

__all__ = ["Eligibility", "Outcome", "Remedy", "check_eligibility", "outcome_of"]


class Outcome(StrEnum):
    """What CAPE does with an entry.

    `ACCEPTED`: (re)liquidated and paid on CAPE's own track. `ACCEPTED_DEFERRED`: taken, but paid only when
    the entry liquidates in its normal course. `REJECTED`: refused, with a text and a next step.
    `UNDETERMINED`: a needed fact is missing, or no text says whether CAPE takes such entries.
    """

    ACCEPTED = "accepted"
    ACCEPTED_DEFERRED = "accepted_deferred"
    REJECTED = "rejected"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A next step. `action` is its stable name, `opens` and `by` are its first and last day (both inclusive).

    A day is `None` where none applies or none is known; `by` is never moved for a weekend or holiday.
    """

    action: str
    text: str
    opens: dt.date | None
    by: dt.date | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer for one entry on `as_of`.

    `findings` are the rules that matched, rejecting ones first; `assumed` a sentence for each unknown fact
    that was counted as in order; `missing` what is needed for a definite answer, empty unless the outcome is
    `UNDETERMINED`; `remedies` the next steps, in the order to try them; `facts` what the rules tested;
    `remedy_rules` the rows of the table the remedies come from.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    assumed: tuple[str, ...]
    missing: tuple[str, ...]
    as_of: dt.date
    entry: Entry = field(repr=False)
    facts: CapeFacts = field(repr=False)
    remedy_rules: tuple[RemedyRule, ...] = field(repr=False)

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """The next steps with their days."""
        return tuple(
            Remedy(step.action, step.text, step.opens, _deadline(step, self.entry, self.as_of), step.citation)
            for step in self.remedy_rules
        )

    def _repr_html_(self) -> str:
        from ieeparefund.law.eligibility_html import eligibility_html

        return eligibility_html(self)

    def explain(self) -> str:
        """Return the answer as readable lines: outcome, facts, rules with their sources, what to do."""
        lines = [
            f"On {self.as_of} CAPE's answer for {self.entry.number} is: {self.outcome.replace('_', ', ')}."
        ]
        lines.append(_liquidation_sentence(self.entry, self.as_of, self.facts))
        for finding in self.findings:
            text = f" ACE prints: {finding.ace_text}." if finding.ace_text else ""
            inferred = "; inferred" if finding.standing is Standing.INFERRED else ""
            lines.append(
                f"{finding.effect.capitalize()} ({finding.rule}): {finding.explanation}{text}"
                f" [{finding.citation}{inferred}]"
            )
        lines += [f"Assumed: {sentence}" for sentence in self.assumed]
        lines += [f"Missing: {sentence}" for sentence in self.missing]
        for remedy in self.remedies:
            days = [
                f"{word} {day}"
                for word, day in (("from", remedy.opens), ("by", remedy.by))
                if day is not None
            ]
            step = ", ".join((remedy.action, *days))
            lines.append(f"Next ({step}): {remedy.text} [{remedy.citation}]")
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _liquidation_sentence(entry: Entry, as_of: dt.date, facts: CapeFacts) -> str:
    described = f"Entry type {entry.entry_type}, entered {entry.entry_date}"
    liquidated = latest_liquidation(entry, as_of)
    if liquidated is not None:
        word = "reliquidated" if liquidated == entry.reliquidation_date else "liquidated"
        last = clock_on("cape", as_of).end(liquidated)
        return (
            f"{described}, {word} {liquidated}: day {(as_of - liquidated).days} on {as_of}; "
            f"CAPE's last day is {last}."
        )
    if facts.liquidation is None:
        return f"{described}; liquidation is not known."
    state = facts.liquidation.replace("_", " ")
    if entry.liquidation_date is not None:
        return f"{described}, {state}; liquidation is scheduled for {entry.liquidation_date}."
    if facts.cape_clock is None:
        return f"{described}, {state}; the date is not known."
    return f"{described}, {state}."


def _deadline(step: RemedyRule, entry: Entry, as_of: dt.date) -> dt.date | None:
    try:
        return _last_day(step.deadline, entry, as_of)
    except CoverageError:
        return None  # Dates at the end of the calendar have no later day to act by.


def _last_day(deadline: str | None, entry: Entry, as_of: dt.date) -> dt.date | None:
    if deadline in ("cape", "protest"):
        liquidated = latest_liquidation(entry, as_of)
        return None if liquidated is None else clock_on(deadline, as_of).end(liquidated)
    if deadline == "reliquidation":
        original = entry.liquidation_date
        return None if original is None else clock_on("voluntary_reliquidation", as_of).end(original)
    if deadline == "correction":
        last = clock_on("correction_after_entry", as_of).end(entry.entry_date)
        if entry.liquidation_date is None:
            return last
        # The clock is counted back from the scheduled liquidation.
        before = clock_on("correction_before_liquidation", as_of).count
        return min(last, entry.liquidation_date - dt.timedelta(days=before))
    if deadline == "reconciliation":
        return entry.reconciliation_due
    if deadline == "residual_suit":
        return clock_on("residual_suit", as_of).end(entry.entry_date)
    return None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the rules say of one set of facts on one day. Many entries share it, so it is worked out once."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    assumed: tuple[str, ...]
    missing: tuple[str, ...]
    remedy_rules: tuple[RemedyRule, ...]


_EFFECTS = {
    RuleEffect.REJECT: Effect.REJECT,
    RuleEffect.UNDETERMINED: Effect.WARN,
    RuleEffect.DEFER: Effect.DEFER,
    RuleEffect.WARN: Effect.WARN,
    RuleEffect.SETTLED: Effect.NOTE,
    RuleEffect.ACCEPT: Effect.NOTE,
    RuleEffect.NOTE: Effect.NOTE,
}
_RANK = {effect: place for place, effect in enumerate(_EFFECTS)}
_REFUSING = (RuleEffect.REJECT, RuleEffect.UNDETERMINED)
_TAKING = (RuleEffect.ACCEPT, RuleEffect.DEFER)
_TAKEN = (Outcome.ACCEPTED, Outcome.ACCEPTED_DEFERRED)


def outcome_of(matched: list[CapeRule], unknown: list[CapeRule]) -> Outcome:
    """Return the outcome of the rules that match and of those that may, by the order of precedence at the head
    of `cape_rules.toml`.
    """
    effects = {rule.effect for rule in matched}
    if RuleEffect.SETTLED not in effects:
        if RuleEffect.REJECT in effects:
            return Outcome.REJECTED
        if RuleEffect.UNDETERMINED in effects or any(rule.effect in _REFUSING for rule in unknown):
            return Outcome.UNDETERMINED
    if RuleEffect.DEFER in effects:
        return Outcome.ACCEPTED_DEFERRED
    return Outcome.ACCEPTED if effects & {RuleEffect.SETTLED, RuleEffect.ACCEPT} else Outcome.UNDETERMINED


def _finding(rule: CapeRule, steps: list[RemedyRule]) -> Finding:
    return Finding(
        rule.id,
        _EFFECTS[rule.effect],
        rule.explanation,
        rule.citation,
        rule.ace_text,
        rule.standing,
        steps[0].text if steps else None,
    )


@lru_cache(maxsize=8192)
def _verdict(given: CapeFacts, as_of: dt.date) -> _Verdict:
    definitions = cape_rules().facts
    values: dict[str, FactValue] = given._asdict()
    assumed = []
    for name, definition in definitions.items():
        if values[name] is None and definition.absent is not None:
            values[name] = definition.absent
            if definition.assumed is not None:
                assumed.append(definition.assumed)
    matched, unknown = [], []
    for rule in rules_in_force(as_of):
        answer = matches(rule.when, values)
        if answer:
            matched.append(rule)
        elif answer is None:
            unknown.append(rule)
    outcome = outcome_of(matched, unknown)
    if any(rule.effect is RuleEffect.SETTLED for rule in matched):
        matched = [rule for rule in matched if rule.effect not in _REFUSING]
    matched.sort(key=lambda rule: _RANK[rule.effect])
    missing = []
    if outcome is Outcome.UNDETERMINED:
        missing = [
            definition.missing
            for name, definition in definitions.items()
            if values[name] is None and definition.missing is not None
        ]
        missing += [rule.explanation for rule in matched if rule.effect is RuleEffect.UNDETERMINED]
    findings = []
    steps: dict[str, RemedyRule] = {}
    for rule in matched:
        offered = (
            [step for step in rule.remedies if matches(step.when, values)]
            if rule.effect not in _TAKING or outcome in _TAKEN
            else []
        )
        findings.append(_finding(rule, offered))
        steps.update((step.id, step) for step in offered)
    return _Verdict(outcome, tuple(findings), tuple(assumed), tuple(missing), tuple(steps.values()))


@exactly
def check_eligibility(entry: Entry, *, as_of: dt.date) -> Eligibility:
    """Return whether CAPE takes `entry` on the day `as_of`, with the rules that matched and what to do next.

    A rule that definitely rejects gives `REJECTED`, whatever else is unknown. Unknown flags (drawback,
    protest, reconciliation, surety, correction, statement, summary status, presence in ACE, AD/CVD) count as
    in order and are listed in `assumed`. Unknown liquidation, or unknown duty on IEEPA numbers, gives
    `UNDETERMINED`. A liquidation date after `as_of` is a scheduled one; day 80 after a (re)liquidation is the
    last that CAPE takes. An entry CBP has accepted already (`cape_accepted_on`) is taken, with a note not to
    declare it again.

    Raises `FieldError` where `as_of` is not a plain date. Source: the rows of `tables/cape_rules.toml`.

    >>> import datetime as dt
    >>> from ieeparefund import Entry, EntryLine, TariffLine, check_eligibility
    >>> line = EntryLine(1, "CN", [TariffLine("9903.01.24", 0, "2000.00")])
    >>> entered, liquidated = dt.date(2025, 5, 2), dt.date(2026, 1, 30)
    >>> entry = Entry("ZT4-0000123-1", "01", entered, [line], liquidation_date=liquidated)
    >>> [str(check_eligibility(entry, as_of=dt.date(2026, 4, day)).outcome) for day in (20, 21)]
    ['accepted', 'rejected']
    """
    if not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime):
        raise FieldError(
            f"as_of is {as_of!r}, not a date.",
            remedy="Pass a datetime.date.",
            column="as_of",
            value=str(as_of),
        )
    facts = cape_facts(entry, as_of)
    verdict = _verdict(facts, as_of)
    return Eligibility(
        verdict.outcome,
        verdict.findings,
        verdict.assumed,
        verdict.missing,
        as_of,
        entry,
        facts,
        verdict.remedy_rules,
    )
