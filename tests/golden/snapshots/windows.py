"""Windows, due dates and clocks, for every day of three years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tests.books import entry
from tests.golden.snapshots.runs import every_day, table

from ieeparefund.law import windows as w
from ieeparefund.law.cape_facts import clock_on
from ieeparefund.law.clocks import clock, clock_end

D = dt.date
DAYS = every_day(D(2025, 1, 1), D(2027, 12, 31))
CLOCKS = (
    *("cape", "voluntary_reliquidation", "protest", "refund_due", "refund_due_deemed", "cape_unliquidated"),
    *("normal_liquidation", "deemed_liquidation", "deemed_liquidation_limit", "denied_protest_suit"),
    *("correction_after_entry", "correction_before_liquidation", "residual_suit", "reconciliation"),
    *("reconciliation_free_trade", "reconciliation_first", "entry_summary", "periodic_statement"),
)


def after_liquidation() -> Iterator[str]:
    """One line a day: what runs from a liquidation, a denial or an acceptance on it."""
    yield "# What runs from a day. CAPE: first..last day. All others: the last day. Never moved for a weekend."
    yield table(
        "liquidated, denied or accepted on",
        "CAPE",
        "reliquidation",
        "protest",
        "refund due",
        "refund due, deemed",
        "suit on a denial of that day",
        "liquidation after acceptance on it",
    )
    for day in DAYS:
        cape = w.cape_window(day)
        yield table(
            f"{day:%Y-%m-%d %a}",
            f"{cape.opens}..{cape.closes}" if cape.opens <= cape.closes else f"never ({cape.closes})",
            w.voluntary_reliquidation_window(day).closes,
            w.protest_window(day).closes,
            w.refund_due_date(day),
            w.refund_due_date(day, deemed=True),
            w.denied_protest_suit_window(day).closes,
            clock_end("cape_unliquidated", day),
        )


def after_entry() -> Iterator[str]:
    """One line a day: what runs from an entry on it, or from a cause of action that accrued on it."""
    yield "# What runs from an entry on a day. Summary and statement: with closing orders as working days, and"
    yield "# behind the stroke without. Deemed: one year, and with three extensions."
    yield table(
        "entered on",
        "summary due",
        "periodic statement due",
        "correction until",
        "correction, liquidation scheduled on day 314",
        "liquidation expected",
        "deemed liquidated",
        "reconciliation due",
        "free-trade reconciliation due",
        "suit, accrued on it",
    )
    for day in DAYS:
        scheduled = day + dt.timedelta(days=314)
        yield table(
            f"{day:%Y-%m-%d %a}",
            f"{w.entry_summary_due_date(day)}/{w.entry_summary_due_date(day, closures=True)}",
            f"{w.periodic_statement_due_date(day)}/{w.periodic_statement_due_date(day, closures=True)}",
            w.post_summary_correction_window(day, None).closes,
            w.post_summary_correction_window(day, scheduled).closes,
            w.expected_liquidation_date(day),
            f"{w.deemed_liquidation_date(day)}/{w.deemed_liquidation_date(day, 3)}",
            w.reconciliation_due_date(day),
            w.reconciliation_due_date(day, free_trade=True),
            w.residual_suit_window(day).closes,
        )


def words() -> Iterator[str]:
    """The clocks, what the windows say of weekends and holidays, and the windows of entries in all stages."""
    yield "# Clocks: count, unit, start, in force, standing, source; note."
    for identifier in CLOCKS:
        term = clock(identifier)
        assert clock_on(identifier, D(2026, 9, 29)) is term
        yield table(
            identifier,
            f"{term.count} {term.unit}",
            term.anchor,
            f"{term.first_day}..{term.last_day or ''}",
            term.standing,
            term.citation,
        )
        yield f"    {term.note}"
    yield ""
    yield "# Notes of windows that end on a working day, on a Friday or Monday that observes a holiday, at a weekend."
    functions: list[tuple[Any, int]] = [
        (w.cape_window, 80),
        (w.voluntary_reliquidation_window, 90),
        (w.protest_window, 180),
        (w.denied_protest_suit_window, 180),
    ]
    for function, count in functions:
        for end in (D(2026, 7, 2), D(2026, 7, 3), D(2026, 7, 4), D(2026, 7, 5)):
            window = function(end - dt.timedelta(days=count))
            yield table(f"{window.rule} to {end:%Y-%m-%d %a}", window.citation)
            yield f"    {window.note}"
    for end in (D(2027, 7, 2), D(2027, 7, 3), D(2027, 7, 4), D(2027, 7, 5)):
        window = w.residual_suit_window(end.replace(year=2025))
        yield table(f"{window.rule} to {end:%Y-%m-%d %a}", window.citation)
        yield f"    {window.note}"
    yield ""
    yield "# Windows of an entry of 2025-08-11, deposit 2025-08-25, as it stands on a day: first..last day."
    stages: dict[str, dict[str, Any]] = {
        "unliquidated": {},
        "status not known": {"liquidation_status": None},
        "scheduled for 2026-06-19": {"liquidation_date": D(2026, 6, 19)},
        "extended": {"liquidation_status": "extended"},
        "extended, scheduled for 2026-12-18": {
            "liquidation_status": "extended",
            "liquidation_date": D(2026, 12, 18),
        },
        "suspended": {"liquidation_status": "suspended"},
        "under review": {"liquidation_status": "under_review"},
        "antidumping, awaiting Commerce": {"entry_type": "03", "ad_cvd": "suspended"},
        "accepted by CAPE on 2026-04-27": {"cape_accepted_on": D(2026, 4, 27)},
        "liquidated, no date": {"liquidation_status": "liquidated"},
        "liquidated on 2026-01-30": {"liquidation_status": "liquidated", "liquidation_date": D(2026, 1, 30)},
        "liquidated on 2026-02-06, again on 2026-03-20": {
            "liquidation_status": "liquidated",
            "liquidation_date": D(2026, 2, 6),
            "reliquidation_date": D(2026, 3, 20),
        },
        "flagged for reconciliation, due 2027-05-11": {
            "reconciliation_flagged": True,
            "reconciliation_due": D(2027, 5, 11),
        },
        "flagged, type 09 on file": {
            "reconciliation_flagged": True,
            "reconciliation_filed": True,
            "reconciliation_due": D(2027, 5, 11),
        },
        "deposit not known": {"deposit_date": None},
    }
    for name, changes in stages.items():
        for as_of in (D(2026, 4, 20), D(2026, 8, 12)):
            found = w.windows(entry(**changes), as_of=as_of)
            yield table(name, as_of, *(f"{each.rule} {each.opens}..{each.closes}" for each in found))
