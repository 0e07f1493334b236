"""The statement of a book: totals, deadlines, payments, entries, assumptions, problems, control totals, sources."""

from __future__ import annotations

from decimal import Decimal

from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.manifest import rules_version
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.cash import CashForecast
from ieeparefund.refunds.portfolio import Portfolio
from ieeparefund.report.details import detail_sections, entries_table
from ieeparefund.report.input_sections import ReadBook, input_sections
from ieeparefund.report.model import Block, Column, Document, Facts, Figure, Kind, Section, Table
from ieeparefund.report.series import deadlines_ahead
from ieeparefund.report.sources import sources_section
from ieeparefund.report.statement_parts import PARTS, assumption_blocks, deadline_blocks, payment_blocks
from ieeparefund.report.svg import Bar, rows_svg
from ieeparefund.report.words import CAVEAT, OUTCOME_NAMES, money, package_version, plural, provenance

__all__ = ["statement"]

_NOT_COMING = (Outcome.REJECTED, Outcome.UNDETERMINED)


@exactly
def statement(
    portfolio: Portfolio, *, book: ReadBook | None = None, show_importers: bool = False
) -> Document:
    """Return the statement of a portfolio as a document for `render`.

    `book` adds the problems, repairs and control totals of the files the entries come from. Importer numbers
    are masked unless `show_importers`.
    """
    forecast = portfolio.cash_forecast()
    deadlines = deadlines_ahead(portfolio.estimates, portfolio.as_of)
    sections = [
        Section("summary", "Summary", tuple(_summary(portfolio, forecast))),
        Section("deadlines", "Deadlines ahead", tuple(deadline_blocks(portfolio.as_of, deadlines))),
        Section("payments", "Expected payments", tuple(payment_blocks(forecast, show_importers))),
        Section("entries", "Entries", (entries_table(portfolio.estimates, show_importers),)),
        *detail_sections(portfolio.estimates),
        Section("assumptions", "Assumptions", tuple(assumption_blocks(portfolio))),
    ]
    if book is not None:
        sections += input_sections(book)
    sections.append(sources_section(portfolio.estimates))
    return Document(
        "IEEPA refund statement",
        f"As of {portfolio.as_of} · payee class {portfolio.payee.value} · "
        f"{plural(len(portfolio.estimates), 'entry', 'entries')} · law tables {rules_version()} · "
        f"ieeparefund {package_version()}",
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
        items += [
            ("Least the facts allow", total.low, Kind.MONEY),
            ("Most the facts allow", total.high, Kind.MONEY),
        ]
    bars = [
        Bar(f"{name} · {plural(entries, 'entry', 'entries')}", money(refund), (duty, interest))
        for name, entries, duty, interest, refund in rows
        if entries
    ]
    return [
        Facts("Totals in US dollars", tuple(items), lead=True),
        Figure(
            f"Refund by outcome: duty and interest. {provenance(portfolio.as_of)}",
            rows_svg(
                "chart-outcome", "Refund by outcome, duty and interest: the figures of the next table", bars
            ),
            PARTS,
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
