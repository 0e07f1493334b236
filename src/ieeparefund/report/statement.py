"""The statement of a book: totals, deadlines, payments, entries, assumptions, problems, control totals, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from ieeparefund import __version__
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.manifest import rules_version
from ieeparefund.money import ZERO
from ieeparefund.problems import Exclusion, Note, Repair, RowProblem
from ieeparefund.refunds.cash import CashForecast
from ieeparefund.refunds.portfolio import Portfolio
from ieeparefund.report.details import detail_sections, entries_table, party
from ieeparefund.report.model import Block, Column, Document, Facts, Figure, Kind, Section, Table, Text
from ieeparefund.report.series import Deadline, deadline_bands, deadlines_ahead, payment_weeks
from ieeparefund.report.sources import sources_section
from ieeparefund.report.svg import Bar, columns_svg, rows_svg
from ieeparefund.report.words import CAVEAT, OUTCOME_NAMES, grouped, money, plural, provenance

__all__ = ["SOON", "ReadBook", "statement"]

_NOT_COMING = (Outcome.REJECTED, Outcome.UNDETERMINED)
_PARTS = ("duty", "interest")
SOON = 14
"""Deadlines of the next so many days are marked."""


class ReadBook(Protocol):
    """What the readers report about a book of files, such as `ieeparefund.ace.book.Book`."""

    @property
    def problems(self) -> Sequence[RowProblem]:
        """Rows and entries left out."""
        ...

    @property
    def repairs(self) -> Sequence[Repair]:
        """Cells mended before reading."""
        ...

    @property
    def notes(self) -> Sequence[Note]:
        """What the reader of the statement should know of the files."""
        ...

    @property
    def rows_read(self) -> int:
        """Rows below the headings."""
        ...

    @property
    def rows_used(self) -> int:
        """Rows that are in an entry."""
        ...

    @property
    def excluded(self) -> Mapping[Exclusion, int]:
        """Rows that are in none, by reason."""
        ...


def statement(portfolio: Portfolio, *, book: ReadBook | None = None, show_importers: bool = False) -> Document:
    """Return the statement of a portfolio as a document for `render`.

    `book` adds the problems, repairs and control totals of the files the entries come from. Importer numbers
    are masked unless `show_importers`.
    """
    forecast = portfolio.cash_forecast()
    deadlines = deadlines_ahead(portfolio.estimates, portfolio.as_of)
    sections = [
        Section("summary", "Summary", tuple(_summary(portfolio, forecast))),
        Section("deadlines", "Deadlines ahead", tuple(_deadlines(portfolio.as_of, deadlines))),
        Section("payments", "Expected payments", tuple(_payments(forecast, show_importers))),
        Section("entries", "Entries", (entries_table(portfolio.estimates, show_importers),)),
        *detail_sections(portfolio.estimates),
        Section("assumptions", "Assumptions", tuple(_assumptions(portfolio))),
    ]
    if book is not None:
        sections += _input(book)
    sections.append(sources_section(portfolio.estimates))
    return Document(
        "IEEPA refund statement",
        f"As of {portfolio.as_of} · payee class {portfolio.payee.value} · "
        f"{plural(len(portfolio.estimates), 'entry', 'entries')} · law tables {rules_version()} · "
        f"ieeparefund {__version__}",
        CAVEAT,
        tuple(sections),
    )


def _summary(portfolio: Portfolio, forecast: CashForecast) -> list[Block]:
    totals, by_outcome = portfolio.totals, portfolio.by_outcome
    at_stake = by_outcome[Outcome.REJECTED].refund + by_outcome[Outcome.UNDETERMINED].refund
    projected = sum(
        (one.interest_projected for one in portfolio.estimates if one.outcome not in _NOT_COMING), ZERO
    )
    rows: tuple[tuple[str, int, Decimal, Decimal, Decimal], ...] = tuple(
        (OUTCOME_NAMES[outcome], sums.entries, sums.refundable_duty, sums.interest, sums.refund)
        for outcome, sums in by_outcome.items()
    )
    total = forecast.total
    items: list[tuple[str, Decimal | int, Kind]] = [
        ("Refund expected", totals.refund, Kind.MONEY),
        ("of it duty", totals.refundable_duty, Kind.MONEY),
        ("of it interest", totals.interest, Kind.MONEY),
        ("At stake in rejected and undetermined entries", at_stake, Kind.MONEY),
        ("IEEPA duty paid, all entries", totals.ieepa_duty, Kind.MONEY),
    ]
    if projected:
        items.append(("Interest at projected rates (in the refund)", projected, Kind.MONEY))
    if total.low != total.high:
        items += [("Least the facts allow", total.low, Kind.MONEY), ("Most the facts allow", total.high, Kind.MONEY)]
    bars = [
        Bar(f"{name} · {plural(entries, 'entry', 'entries')}", money(refund), (duty, interest))
        for name, entries, duty, interest, refund in rows
        if entries
    ]
    return [
        Facts("Totals in US dollars", tuple(items), lead=True),
        Figure(
            f"Refund by outcome: duty and interest. {provenance(portfolio.as_of)}",
            rows_svg("chart-outcome", "Refund by outcome, duty and interest; the figures stand in the next table", bars),
            _PARTS,
        ),
        Table(
            "By outcome (for rejected and undetermined entries: what is at stake)",
            (
                Column("Outcome"),
                Column("Entries", Kind.COUNT),
                Column("Refundable duty", Kind.MONEY),
                Column("Interest", Kind.MONEY),
                Column("Refund", Kind.MONEY),
            ),
            rows,
            total=(
                "coming back: accepted and deferred",
                sum(by_outcome[outcome].entries for outcome in Outcome if outcome not in _NOT_COMING),
                totals.refundable_duty,
                totals.interest,
                totals.refund,
            ),
        ),
    ]


def _deadlines(as_of: dt.date, deadlines: Sequence[Deadline]) -> list[Block]:
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


def _payments(forecast: CashForecast, show: bool) -> list[Block]:
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
                "Days are CBP's practice, not law. Expected: half way from the least to the most days CBP announced after "
                "acceptance. Nothing here says that a declaration was filed.",
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
                _PARTS,
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
                for one in sorted(payments, key=lambda one: (one.expected_on, one.liquidation_date, one.party or ""))
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


def _assumptions(portfolio: Portfolio) -> list[Block]:
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


def _input(book: ReadBook) -> list[Section]:
    left_out = sum(book.excluded.values())
    control: list[tuple[str, int, Kind]] = [("Rows read", book.rows_read, Kind.COUNT), ("Rows used", book.rows_used, Kind.COUNT)]
    control += [(f"Excluded: {reason.value}", count, Kind.COUNT) for reason, count in book.excluded.items() if count]
    problems = Table(
        "Problems in the input (these entries are left out)",
        (
            Column("File"),
            Column("Row", Kind.COUNT),
            Column("Column"),
            Column("Value"),
            Column("Problem"),
            Column("What to do"),
        ),
        tuple((one.file, one.row or None, one.column, one.value, one.problem, one.remedy) for one in book.problems),
        sheet="Problems",
        empty="No problem was found.",
    )
    changes = Table(
        "Repairs and notes (no value was changed)",
        (Column("What"), Column("Column"), Column("Cells", Kind.COUNT), Column("First row", Kind.COUNT), Column("Example")),
        (
            *((one.kind.value, one.column, one.count, one.first_row, one.example) for one in book.repairs),
            *((one.text, one.column, one.count, one.first_row, one.example) for one in book.notes),
        ),
        sheet="Repairs",
        empty="Every cell could be read as it stands.",
    )
    tie = Text((f"{book.rows_read:,} read = {book.rows_used:,} used + {left_out:,} excluded.",))
    return [
        Section("problems", "Problems in the input", (problems, changes)),
        Section("control", "Control totals", (tie, Facts("Rows of the files", tuple(control)))),
    ]
