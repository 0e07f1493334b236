"""Tables of an exhibit, laid out from its record: schedule, findings, windows, assumptions, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ieeparefund.money import as_dollars, exact_dollars
from ieeparefund.report.model import Block, Column, Figure, Kind, Table
from ieeparefund.report.sources import citations_table
from ieeparefund.report.svg import line_svg
from ieeparefund.report.words import money, window_name

__all__ = [
    "assumptions_table",
    "findings_table",
    "read_amount",
    "read_day",
    "schedule_blocks",
    "source_blocks",
    "window_blocks",
]


def read_day(text: str | None) -> dt.date | None:
    """Return the date of an ISO text."""
    return None if text is None else dt.date.fromisoformat(text)


def read_amount(text: str | None) -> Decimal | None:
    """Return the amount of a text, with two places."""
    return None if text is None else as_dollars(text)


def schedule_blocks(record: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the interest of a record by period, as a curve and a table."""
    found, periods = record["estimate"], record["schedule"]
    if periods:
        yield _curve(record)
    yield Table(
        "Interest by quarter, rate and length of the year",
        (
            Column("First day", Kind.DATE),
            Column("Last day", Kind.DATE),
            Column("Days", Kind.COUNT),
            Column("Rate a year", Kind.PERCENT),
            Column("Days of the year", Kind.COUNT),
            Column("Interest", Kind.MONEY),
            Column("Balance", Kind.MONEY),
            Column("Standing"),
            Column("Citation"),
        ),
        tuple(
            (
                read_day(period["first_day"]),
                read_day(period["last_day"]),
                period["days"],
                exact_dollars(period["annual_rate"], "annual rate"),
                period["day_basis"],
                as_dollars(period["interest"]),
                as_dollars(period["balance"]),
                period["standing"],
                period["citation"],
            )
            for period in periods
        ),
        total=(
            "in all",
            None,
            sum(period["days"] for period in periods),
            None,
            None,
            as_dollars(found["interest"]),
            as_dollars(found["refund"]),
            None,
            None,
        ),
        sheet="Interest schedule",
        empty="Nothing is refundable, so no interest runs.",
    )


def _curve(record: Mapping[str, Any]) -> Figure:
    found = record["estimate"]
    start = dt.date.fromisoformat(found["interest_from"])
    total = Decimal("0.00")
    points = [(start.toordinal(), total, str(start))]
    projected: list[int] = []
    for period in record["schedule"]:
        if period["standing"] == "projected":
            projected.append(points[-1][0])
        total += as_dollars(period["interest"])
        last = dt.date.fromisoformat(period["last_day"])
        points.append((last.toordinal(), total, f"{last}: {money(total)}"))
    caption = "Interest accrued to the end of each period (dashed: projected rates)."
    line = line_svg("chart-accrual", caption, points, money(total), min(projected, default=None))
    return Figure(
        f"{caption} As of {record['as_of']} · law tables {record['rules_version']} · US dollars", line
    )


def findings_table(found: Mapping[str, Any]) -> Table:
    """Return every rule that matched."""
    return Table(
        "Every rule that matched, refusing ones first",
        (
            Column("Rule", Kind.CODE),
            Column("Effect"),
            Column("Line", Kind.COUNT),
            Column("Amount", Kind.MONEY),
            Column("Explanation"),
            Column("ACE prints"),
            Column("What to do"),
            Column("Standing"),
            Column("Citation"),
        ),
        tuple(
            (
                one["rule"],
                one["effect"],
                one["line"],
                read_amount(one["amount"]),
                one["explanation"],
                one["ace_text"],
                one["remedy"],
                one["standing"],
                one["citation"],
            )
            for one in found["findings"]
        ),
        sheet="Findings",
    )


def window_blocks(record: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the windows and the next steps."""
    found, as_of = record["estimate"], dt.date.fromisoformat(record["as_of"])
    yield Table(
        "Windows, both ends included",
        (
            Column("Step"),
            Column("Opens", Kind.DATE),
            Column("Closes", Kind.DATE),
            Column("Days left", Kind.TEXT),
            Column("Citation"),
            Column("Note"),
        ),
        tuple(
            (
                window_name(rule),
                read_day(window["opens"]),
                read_day(window["closes"]),
                _left((dt.date.fromisoformat(window["closes"]) - as_of).days),
                window["citation"],
                window["note"],
            )
            for rule, window in found["windows"].items()
            if window is not None
        ),
        sheet="Deadlines",
    )
    yield Table(
        "What to do",
        (Column("Step"), Column("From", Kind.DATE), Column("By", Kind.DATE), Column("Citation")),
        tuple(
            (one["text"], read_day(one["opens"]), read_day(one["by"]), one["citation"])
            for one in found["remedies"]
        ),
        sheet="Next steps",
        empty="Nothing is left to do.",
    )


def _left(days: int) -> str:
    return f"{days:,}" if days >= 0 else "closed"


def assumptions_table(found: Mapping[str, Any]) -> Table:
    """Return what was assumed and what is missing."""
    return Table(
        "What the answer takes for granted",
        (Column("Kind"), Column("Sentence")),
        (
            *(("assumed", sentence) for sentence in found["assumed"]),
            *(("missing", sentence) for sentence in found["missing"]),
        ),
        sheet="Assumptions",
        empty="Nothing was assumed and nothing is missing.",
    )


def source_blocks(record: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the citations and the versions of the tables of law."""
    yield citations_table(tuple(row) for row in record["citations"])
    yield Table(
        f"Tables of law, version {record['rules_version']}",
        (
            Column("Table", Kind.CODE),
            Column("Read on", Kind.DATE),
            Column("sha256", Kind.CODE),
            Column("Source"),
        ),
        tuple(
            (file, read_day(read_on), digest, source) for file, read_on, digest, source in record["tables"]
        ),
        sheet="Tables of law",
    )
