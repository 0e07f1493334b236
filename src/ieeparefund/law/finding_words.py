"""The words, sources and remedies of the findings on a line, from `tables/line_checks.toml`, put into
findings.

What CAPE prints for a fault on a day comes from its own table (`cape_rules`), so that no date stands twice.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import Any

from ieeparefund.entries.codes import EntryType
from ieeparefund.law.cape_rules import CapeRule, ace_text_rules
from ieeparefund.law.citations import Standing, cite, table_text
from ieeparefund.law.clocks import clock, clock_end
from ieeparefund.law.findings import Effect, Finding
from ieeparefund.law.headings import Programme
from ieeparefund.law.once import once
from ieeparefund.law.row_rules import Case, Hit
from ieeparefund.money import format_dollars

__all__ = [
    "Declaration",
    "carries_headings",
    "from_warehouse",
    "from_zone",
    "programme_name",
    "put_into_words",
]

_NO_DUTY = "NO IEEPA HTS"


@dataclass(frozen=True, slots=True)
class Declaration:
    """When a line would be declared: on `as_of`, with what is known of its liquidation (actual or scheduled).

    `bears_duty`: whether the entry bears IEEPA duty on any line, `None` where only the line is known.
    """

    as_of: dt.date
    liquidation_date: dt.date | None = None
    bears_duty: bool | None = None


@once
def _table() -> dict[str, Any]:
    return tomllib.loads(table_text("line_checks.toml"))


def from_warehouse(entry_type: EntryType | None) -> bool:
    """Return whether goods of the entry type are rated on the day of withdrawal from warehouse."""
    return entry_type in _table()["entry_types"]["warehouse"]


def from_zone(entry_type: EntryType | None) -> bool:
    """Return whether goods of the entry type come from a foreign trade zone."""
    return entry_type in _table()["entry_types"]["zone"]


def carries_headings(entry_type: EntryType | None) -> bool:
    """Return whether entries of the type carry IEEPA headings."""
    return entry_type not in _table()["entry_types"]["without_headings"]


def programme_name(programme: Programme) -> str:
    """Return the name of a programme in a sentence, such as `the reciprocal duty`."""
    return str(_table()["programme_names"][programme])


def put_into_words(hit: Hit, case: Case, declaration: Declaration) -> Finding:
    """Return the finding of a hit; it rejects where CAPE tests for the fault on the day of the
    declaration.
    """
    row = _table()["rule"][hit.rule]
    refusal = _refusal(row, declaration)
    text = row["text_known"] if hit.known else row["text"]
    amount = "an amount not known" if hit.amount is None else format_dollars(hit.amount)
    explanation = text.format(
        number=" and ".join(hit.numbers),
        amount=amount,
        date=case.day,
        country=case.filed.origin,
        other=hit.other,
    )
    effect, standing = Effect(row["effect"]), Standing(row["standing"])
    if refusal is not None:
        effect = Effect.REJECT
        standing = _weakest(standing, Standing(row["cape_standing"]), refusal.standing)
        known = standing is Standing.PUBLISHED
        refuses = "CAPE refuses the entry for it" if known else "By inference CAPE refuses the entry for it"
        explanation += f" {refuses} on {declaration.as_of}: {refusal.ace_text} [{refusal.citation}]."
    remedy = None if hit.known else row["remedy"]
    if row.get("correctable"):
        remedy = f"{remedy} {_correction(case.entry_date, declaration)}"
    return Finding(
        rule=hit.rule,
        effect=effect,
        explanation=explanation,
        citation=cite(hit.citation or row["citation"]),
        ace_text=None if refusal is None else refusal.ace_text,
        standing=standing,
        remedy=remedy,
        line_number=case.filed.line.line_number,
        amount=hit.amount,
    )


def _weakest(*standings: Standing) -> Standing:
    return Standing.INFERRED if Standing.INFERRED in standings else Standing.PUBLISHED


def _refusal(row: dict[str, Any], declaration: Declaration) -> CapeRule | None:
    for text in row.get("cape", ()):
        # The entry as a whole is refused for want of IEEPA duty, which a single line cannot tell.
        if text == _NO_DUTY and declaration.bears_duty is not False:
            continue
        for rule in ace_text_rules(text, declaration.as_of):
            return rule
    return None


def _correction(entry_date: dt.date, declaration: Declaration) -> str:
    """Say until when a post summary correction may be filed, or what follows now that it may not."""
    last = clock_end("correction_after_entry", entry_date)
    source = clock("correction_after_entry").citation
    liquidated = declaration.liquidation_date
    if liquidated is not None:
        before = clock("correction_before_liquidation").count
        last = min(last, liquidated - dt.timedelta(days=before))
    if declaration.as_of <= last:
        at_most = "" if liquidated is not None else ", or 15 days before the scheduled liquidation if earlier"
        return f"A post summary correction can be filed to {last}{at_most} [{source}]."
    return (
        f"A post summary correction could be filed to {last}; an entry past it waits, and a protest keeps the"
        f" claim [{cite('cape-faults-2026-05-18')}]."
    )
