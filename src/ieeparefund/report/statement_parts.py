"""Parts of a statement: deadlines ahead, expected payments, assumptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ieeparefund.money import ZERO
from ieeparefund.refunds.cash import CashForecast
from ieeparefund.refunds.portfolio import Portfolio
from ieeparefund.report.details import party
from ieeparefund.report.model import Block, Column, Figure, Kind, Table, Text
from ieeparefund.report.series import Deadline, deadline_bands, payment_weeks
from ieeparefund.report.svg import Bar, columns_svg, rows_svg
from ieeparefund.report.words import OUTCOME_NAMES, grouped, money, plural, provenance

__all__ = ["PARTS", "SOON", "assumption_blocks", "deadline_blocks", "payment_blocks"]

PARTS = ("duty", "interest")
"""What the stacked parts of a bar are."""
SOON = 14
"""Deadlines of the next so many days are marked."""


def deadline_blocks(as_of: dt.date, deadlines: Sequence[Deadline]) -> list[Block]:
    """Return the deadlines ahead: a sentence, a chart and a table."""
    bands = deadline_bands(deadlines)
    bars = [
        Bar(band.label, f"{plural(band.entries, 'entry', 'entries')} · {money(band.amount)}", (band.amount,))
        for band in bands
    ]
    rows = tuple(
        (
            one.days_left,
            one.day,
            str(one.estimate.entry.number),
            OUTCOME_NAMES[one.estimate.outcome],
            one.estimate.refund,
            one.remedy.text,
        )
        for one in deadlines
    )
    soon = frozenset(place for place, one in enumerate(deadlines) if one.days_left <= SOON)
    blocks: list[Block] = [
        Text(
            (
                f"{plural(len(soon), 'step')} within {SOON} days, marked below. The last day itself counts, and no day "
                "is moved for a weekend or holiday: act before it.",
            )
        ),
    ]
    if deadlines:
        blocks.append(
            Figure(
                f"Entries and dollars by days left to each entry's nearest deadline. {provenance(as_of)}",
                rows_svg("chart-deadlines", "Dollars at stake by days left to the nearest deadline", bars),
            )
        )
    blocks.append(
        Table(
            "Next steps in order of their last day",
            (
                Column("Days left", Kind.COUNT),
                Column("Last day", Kind.DATE),
                Column("Entry", Kind.NUMBER),
                Column("Outcome"),
                Column("At stake", Kind.MONEY),
                Column("What to do"),
            ),
            rows,
            marked=soon,
            sheet="Deadlines",
            empty="No dated step lies ahead.",
        )
    )
    return blocks


def payment_blocks(forecast: CashForecast, show: bool) -> list[Block]:
    """Return the expected payments: sentences, a chart and a table. Parties are masked unless `show`."""
    weeks = payment_weeks(forecast)
    bars = [
        Bar(
            week.monday.isoformat(),
            f"{money(week.principal + week.interest)} ({money(week.low)} to {money(week.high)})",
            (week.principal, week.interest),
            week.low,
            week.high,
        )
        for week in weeks
    ]
    tallest = max((bar.reach for bar in bars), default=ZERO)
    payments = forecast.payments
    blocks: list[Block] = [
        Text(
            (
                "Days are CBP's practice, not law. Expected: half way from the least to the most days CBP announced "
                "after acceptance. Nothing here says that a declaration was filed.",
            )
        ),
    ]
    if forecast.undated_entries:
        blocks.append(
            Text(
                (
                    f"{plural(len(forecast.undated_entries), 'accepted entry', 'accepted entries')} with "
                    f"{money(forecast.undated.expected)} cannot be dated yet: liquidation is on hold.",
                )
            )
        )
    if bars:
        caption = "Refund by expected week of payment: duty, interest, and the range from low to high."
        blocks.append(
            Figure(
                f"{caption} {provenance(forecast.as_of)}",
                columns_svg("chart-payments", caption, bars, f"{money(tallest)} a week"),
                PARTS,
            )
        )
    blocks.append(
        Table(
            "Expected payments: one for each payee party and (re)liquidation date",
            (
                Column("Expected", Kind.DATE),
                Column("Earliest", Kind.DATE),
                Column("Latest", Kind.DATE),
                Column("Party", Kind.CODE),
                Column("(Re)liquidation", Kind.DATE),
                Column("Entries", Kind.COUNT),
                Column("Duty", Kind.MONEY),
                Column("Interest", Kind.MONEY),
                Column("Payment", Kind.MONEY),
            ),
            tuple(
                (
                    one.expected_on,
                    one.high_on,
                    one.low_on,
                    party(one.party, show),
                    one.liquidation_date,
                    len(one.entries),
                    one.sums.principal,
                    one.sums.interest,
                    one.sums.expected,
                )
                for one in sorted(
                    payments, key=lambda one: (one.expected_on, one.liquidation_date, one.party or "")
                )
            ),
            total=(
                "in all",
                None,
                None,
                None,
                None,
                sum(len(one.entries) for one in payments),
                sum((one.sums.principal for one in payments), ZERO),
                sum((one.sums.interest for one in payments), ZERO),
                sum((one.sums.expected for one in payments), ZERO),
            ),
            sheet="Payments",
            empty="No payment is in sight.",
        )
    )
    return blocks


def assumption_blocks(portfolio: Portfolio) -> list[Block]:
    """Return every assumption and every missing fact with the number of entries it concerns."""
    columns = (Column("Entries", Kind.COUNT), Column("Sentence"))
    return [
        Table(
            f"{kind} (dates left open)",
            columns,
            tuple(grouped(sentence for one in portfolio.estimates for sentence in getattr(one, name))),
            sheet=sheet,
            empty=empty,
        )
        for kind, name, sheet, empty in (
            ("Assumed", "assumed", "Assumptions", "Nothing was assumed."),
            ("Missing", "missing", "Missing", "Nothing is missing."),
        )
    ]
