"""What CAPE says to a grid of entries on both sides of every date of its rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.books import entry
from tests.golden.snapshots.runs import runs, table

from ieeparefund.entries.codes import EntryType
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.law.cape_rules import RuleEffect, cape_rules
from ieeparefund.law.declaration_file import declaration_limits
from ieeparefund.law.eligibility import Eligibility, check_eligibility
from ieeparefund.law.refund_practice import refund_practice

D = dt.date
Facts = dict[str, Any]
ONE = dt.timedelta(days=1)
# The rule dates known when the grid was made; `as_of_days` adds those of the table.
RULE_DATES = (D(2026, 4, 20), D(2026, 6, 25), D(2026, 6, 29), D(2026, 7, 7), D(2026, 9, 30))


def as_of_days() -> list[dt.date]:
    """The day before and the day of every change of the rules."""
    firsts = set(RULE_DATES)
    for rule in cape_rules().rules:
        firsts |= {rule.first_day} - {D.min}
        firsts |= {rule.last_day + ONE} if rule.last_day else set()
    return sorted(firsts | {day - ONE for day in firsts})


def line(*rows: tuple[str, Any, Any]) -> list[EntryLine]:
    """One line for goods of Vietnam of these numbers with value and duty."""
    return [EntryLine(1, "VN", [TariffLine(*row) for row in rows])]


GOODS = ("8471300100", 5000, 0)
UNLIQUIDATED: Facts = {"liquidation_status": "unliquidated"}


def aged(days: int, again: int | None = None) -> Facts:
    """Liquidated so many days before the day of the question, and reliquidated."""
    return {"liquidation_status": "liquidated", "_age": days, "_again": again}


STAGES: dict[str, Facts] = {
    "unliquidated": UNLIQUIDATED,
    "extended": {"liquidation_status": "extended"},
    "suspended": {"liquidation_status": "suspended"},
    "under review": {"liquidation_status": "under_review"},
    "status unknown": {"liquidation_status": None},
    "liquidated, day unknown": {"liquidation_status": "liquidated"},
    "scheduled in 15 days": {"liquidation_status": None, "_age": -15},
    "status unliquidated, day 30": {"liquidation_status": "unliquidated", "_age": 30},
    **{f"day {days}": aged(days) for days in (0, 30, *range(76, 93), 179, 180, 181, 400)},
    "day 100, again day 80": aged(100, 80),
    "day 100, again day 81": aged(100, 81),
    "day 85, again day 20": aged(85, 20),
    "again day 20, first unknown": {"liquidation_status": "liquidated", "_again": 20},
}
SINGLE: dict[str, Facts] = {
    "nothing known": dict.fromkeys(
        ("protest", "ad_cvd", "on_drawback_claim", "paid_by_surety", "correction_pending", "statement_paid")
    ),
    **{
        f"protest {state}": {"protest": state}
        for state in ("open", "suspended", "approved", "denied", "withdrawn")
    },
    **{f"ad_cvd {state}": {"ad_cvd": state} for state in ("none", "suspended", "liquidation_pending")},
    "type 03, ad_cvd suspended": {"entry_type": "03", "ad_cvd": "suspended"},
    "type 03, ad_cvd pending": {"entry_type": "03", "ad_cvd": "liquidation_pending"},
    "on drawback": {"on_drawback_claim": True},
    "paid by surety": {"paid_by_surety": True},
    "correction pending": {"correction_pending": True},
    "statement unpaid": {"statement_paid": False},
    **{
        f"summary {state}": {"summary_status": state}
        for state in ("accepted", "rejected", "cancelled", "trade_control")
    },
    "not in ACE": {"in_ace": False},
    "accepted by CAPE 2026-04-21": {"cape_accepted_on": D(2026, 4, 21)},
    "flagged": {"reconciliation_flagged": True},
    "flagged, due in 29 days": {"reconciliation_flagged": True, "reconciliation_filed": False, "_due": 29},
    "flagged, due in 30 days": {"reconciliation_flagged": True, "reconciliation_filed": False, "_due": 30},
    "flagged, due yesterday": {"reconciliation_flagged": True, "reconciliation_filed": False, "_due": -1},
    "flagged, type 09 filed": {"reconciliation_flagged": True, "reconciliation_filed": True},
    "flagged, type 02": {"reconciliation_flagged": True, "reconciliation_filed": False, "entry_type": "02"},
    "flagged, type 03": {"reconciliation_flagged": True, "reconciliation_filed": False, "entry_type": "03"},
    "no lines": {"lines": []},
    "no IEEPA number": {"lines": line(GOODS)},
    "section 122 alone": {"lines": line(("9903.03.01", 0, 500), GOODS)},
    "IEEPA at zero": {"lines": line(("9903.02.69", 0, 0), GOODS)},
    "IEEPA duty blank": {"lines": line(("9903.02.69", 0, None), GOODS)},
    "exemption alone, without duty": {"lines": line(("9903.01.32", 0, 0), GOODS)},
    "exemption alone, with duty": {"lines": line(("9903.01.32", 0, 100), GOODS)},
    "value on the IEEPA number": {"lines": line(("9903.02.69", 5000, 1000), GOODS)},
    "value on the IEEPA number only": {"lines": line(("9903.02.69", 5000, 1000), ("8471300100", 0, 0))},
    "number of one day in April 2025": {"lines": line(("9903.01.43", 0, 1000), GOODS)},
    "number of one day in April 2025, zone": {
        "entry_type": "06",
        "lines": line(("9903.01.43", 0, 1000), GOODS),
    },
    "number never assigned": {"lines": line(("9903.01.35", 0, 1000), GOODS)},
    "entered 2025-03-03": {"entry_date": D(2025, 3, 3), "deposit_date": None},
    "entered 2025-10-06": {"entry_date": D(2025, 10, 6), "deposit_date": None},
}


def check(facts: Facts, as_of: dt.date) -> Eligibility:
    """The answer to an entry whose facts may count from the day of the question (`_age`, `_again`, `_due`)."""
    facts = dict(facts)
    age, again, due = (facts.pop(name, None) for name in ("_age", "_again", "_due"))
    # The entry lies before its liquidation, however old that is.
    dated: Facts = {}
    if age is not None:
        dated["liquidation_date"] = as_of - dt.timedelta(days=age)
    if again is not None:
        dated["reliquidation_date"] = as_of - dt.timedelta(days=again)
    if due is not None:
        dated["reconciliation_due"] = as_of + dt.timedelta(days=due)
    if (age or 0) > 200:
        dated |= {
            "entry_date": D(2025, 2, 4),
            "deposit_date": None,
            "lines": line(("9903.02.69", 0, 1000), GOODS),
        }
    return check_eligibility(entry(**(dated | facts)), as_of=as_of)


def brief(facts: Facts, as_of: dt.date, notes: bool = False) -> str:
    """Outcome and the rules that matched: plain those that refuse, the others with their effect."""
    found = check(facts, as_of)
    rules = [
        each.rule if each.effect == "reject" else f"{each.rule}({each.effect})"
        for each in found.findings
        if notes or each.effect != "note"
    ]
    return f"{found.outcome}: {' '.join(rules) or '-'}"


def cape_table() -> Iterator[str]:
    """The rules as rows, the limits of a declaration, and how long CBP takes."""
    yield "# Rules: first..last day, effect, words ACE prints, standing, source; what it tests; what to do."
    for rule in cape_rules().rules:
        first = "" if rule.first_day == D.min else rule.first_day
        yield table(
            rule.id,
            f"{first}..{rule.last_day or ''}",
            rule.effect,
            rule.ace_text,
            rule.standing,
            rule.citation,
        )
        tests = "; ".join(f"{name} in {', '.join(sorted(map(str, values)))}" for name, values in rule.when)
        yield f"    {tests or 'always'} -> {' '.join(step.id for step in rule.remedies) or '-'}"
    yield ""
    yield "# Effects in their order."
    yield " ".join(RuleEffect)
    yield ""
    limits, practice = declaration_limits(), refund_practice()
    yield "# A declaration file, and the days from acceptance to the money."
    yield table(*(getattr(limits, name) for name in limits.__slots__ if "citation" not in name))
    yield table(*(getattr(practice, name) for name in practice.__slots__ if "citation" not in name))


def eligibility() -> Iterator[str]:
    """Every entry of the grid with its answer by day of the question, runs of days put together."""
    days = as_of_days()

    def lines(name: str, facts: Facts, notes: bool = False) -> Iterator[str]:
        yield name
        for span, text in runs(days, lambda as_of: brief(facts, as_of, notes)):
            yield f"    {table(span, text)}"

    yield "# By entry type, with notes. Rules that refuse stand plain, others with their effect."
    for kind, stage in product(EntryType, ("unliquidated", "day 30", "day 81")):
        yield from lines(f"type {kind}, {stage}", STAGES[stage] | {"entry_type": kind}, notes=True)
    yield ""
    yield "# By stage, types 01 and 03."
    for stage, kind in product(STAGES, ("01", "03")):
        yield from lines(f"type {kind}, {stage}", STAGES[stage] | {"entry_type": kind})
    yield ""
    yield "# One fact at a time."
    for name, stage in product(SINGLE, ("unliquidated", "day 30", "day 85")):
        yield from lines(f"{name}, {stage}", STAGES[stage] | SINGLE[name])
    yield from lines(
        "entered 2026-02-24, unliquidated",
        UNLIQUIDATED | {"entry_date": D(2026, 2, 24), "deposit_date": None},
    )
    yield ""
    yield "# Two and more at a time."
    for stage, protest, ad_cvd, flag, drawback in product(
        ("unliquidated", "extended", "day 80", "day 81", "day 91", "day 181"),
        (None, "open"),
        (None, "suspended", "liquidation_pending"),
        (None, "flagged", "flagged, type 09 filed"),
        (None, True),
    ):
        facts = STAGES[stage] | {"protest": protest, "ad_cvd": ad_cvd, "on_drawback_claim": drawback}
        given = [
            stage,
            protest and "protest open",
            ad_cvd and f"ad_cvd {ad_cvd}",
            flag,
            drawback and "on drawback",
        ]
        name = ", ".join(text for text in given if text)
        yield from lines(name, facts | (SINGLE[flag] if flag else {}))


def remedies() -> Iterator[str]:
    """What to do and by when, on the days of the rules."""
    yield "# Next steps in their order. A last day that moves with the day of the question is shown as the days left."
    for name, stage in product(SINGLE, ("unliquidated", "day 30", "day 78", "day 85", "day 181")):
        facts = STAGES[stage] | SINGLE[name]
        yield f"{name}, {stage}"
        for span, text in runs(as_of_days(), lambda as_of, facts=facts: _steps(facts, as_of)):
            yield f"    {table(span, text)}"


def _steps(facts: Facts, as_of: dt.date) -> str:
    found = check(facts, as_of)
    steps = []
    for rule, step in zip(found.remedy_rules, found.remedies, strict=True):
        words = [rule.id]
        if step.opens:
            words.append(f"from {step.opens}")
        if step.by:
            counted = rule.deadline in ("cape", "reliquidation", "protest", "reconciliation")
            words.append(f"by {f'{(step.by - as_of).days:+}' if counted else step.by}")
        steps.append(" ".join(words))
    return ", ".join(steps) or "nothing to do"
