"""Which IEEPA duties other laws take away or narrow: section 232, chapter 98, US content. The rows stand in
`tables/expected_duty.toml`.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.headings import Heading, Programme, heading_rows
from ieeparefund.law.once import once

__all__ = [
    "Chapter98Rule",
    "Section232",
    "Stacking",
    "StackingRow",
    "chapter_98_rule",
    "claims_usmca",
    "doubtful_loading",
    "is_column_2",
    "least_us_content",
    "needs_vessel",
    "section_232_action",
    "stacking",
]


class Section232(StrEnum):
    """The section 232 action under which goods owe duty. `NONE`: known to owe none; `METALS`: steel,
    aluminium.
    """

    NONE = "none"
    AUTOS = "autos"
    METALS = "metals"
    COPPER = "copper"
    TRUCKS = "trucks"
    TIMBER = "timber"
    SEMICONDUCTORS = "semiconductors"
    OTHER = "other"


class Stacking(StrEnum):
    """What section 232 does to an IEEPA duty; `ON_REST`: it falls on the value that is not metal content."""

    CUMULATIVE = "cumulative"
    LIFTED = "lifted"
    ON_REST = "on_rest"
    DOUBTFUL = "doubtful"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class StackingRow:
    """One row: its effect, source and standing."""

    effect: Stacking
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Chapter98Rule:
    """What a chapter 98 provision leaves of IEEPA duty: the programmes still owed."""

    owed: frozenset[Programme]
    citation: Citation
    standing: Standing


@once
def _table() -> dict[str, Any]:
    return tomllib.loads(table_text("expected_duty.toml"))


def section_232_action(number: str) -> Section232:
    """Return the action of a normalised chapter 99 number that rests on section 232."""
    for action, prefixes in _table()["section_232"]["actions"].items():
        if number.startswith(tuple(prefixes)):
            return Section232(action)
    return Section232.OTHER


@lru_cache(maxsize=4096)
def stacking(action: Section232, programme: Programme, day: dt.date) -> StackingRow | None:
    """Return what an action does to a programme on an entry date; `None` for goods outside section 232.

    Source: E.O. 14289; Proclamation 10947; HTSUS chapter 99 subchapter III U.S. note 2(v), (x), (z).
    """
    for row in _table()["section_232"]["row"]:
        if (
            action in row["actions"]
            and programme in row["programmes"]
            and row.get("from", dt.date.min) <= day <= row.get("to", dt.date.max)
        ):
            return StackingRow(Stacking(row["effect"]), cite(row["citation"]), Standing(row["standing"]))
    return None


@lru_cache(maxsize=1024)
def chapter_98_rule(provision: str) -> Chapter98Rule:
    """Return the rule for a normalised chapter 98 number, that of the longest prefix that fits.

    Source: HTSUS chapter 99 subchapter III U.S. note 2; CBP's IEEPA FAQ.
    """
    fitting = [
        (len(prefix), row)
        for row in _table()["chapter_98"]
        for prefix in row["prefixes"]
        if provision.startswith(prefix)
    ]
    row = max(fitting, key=lambda found: found[0])[1]
    return Chapter98Rule(
        frozenset(map(Programme, row["owed"])), cite(row["citation"]), Standing(row["standing"])
    )


def is_column_2(origin: str) -> bool:
    """Return whether goods of the origin owe column-2 rates (HTSUS general note 3(b))."""
    return any(origin in row.countries for row in heading_rows(_table()["column_2"]["heading"]))


def claims_usmca(special_program: str) -> bool:
    """Return whether a special program indicator claims USMCA treatment."""
    return special_program in _table()["usmca"]["special_programs"]


def needs_vessel(number: str) -> bool:
    """Return whether an in-transit clause holds for goods that came by vessel only."""
    return number not in _table()["in_transit"]["any_mode"]


def doubtful_loading(row: Heading, day: dt.date) -> str | None:
    """Return why goods loaded on `day` get no answer from a row's in-transit clause; `None` where they do."""
    for doubt in _table()["in_transit"]["doubtful"]:
        if doubt["number"] == row.number and doubt["loaded_on"] == day:
            return str(doubt["reason"])
    return None


def least_us_content(programme: Programme) -> Decimal | None:
    """Return the per cent of US content from which it is split off; `None`: the programme has no rule."""
    rule = _table()["us_content"]
    return Decimal(rule["least"]) if programme in rule["programmes"] else None
