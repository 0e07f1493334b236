"""The statement of a book: its totals tie with the portfolio, importers are masked, every part is there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from tests.books import DAY, entry

from ieeparefund.ace.book import Book, read_book
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio
from ieeparefund.report.model import Block, Document, Facts, Figure, Table, Text
from ieeparefund.report.statement import statement

SAMPLE = Path(__file__).parents[2] / "examples" / "es003_small.csv"
MESSY = Path(__file__).parents[1] / "golden" / "data" / "es003_messy.csv"


def blocks(document: Document, section: str) -> tuple[Block, ...]:
    return next(one.blocks for one in document.sections if one.id == section)


def table(document: Document, section: str) -> Table:
    return next(block for block in blocks(document, section) if isinstance(block, Table))


def of_sample(path: Path = SAMPLE) -> tuple[Portfolio, Book]:
    book = read_book([path])
    return estimate_portfolio(book.entries, as_of=DAY, payee="corporation"), book


def test_the_totals_are_those_of_the_portfolio() -> None:
    portfolio, book = of_sample()
    document = statement(portfolio, book=book)
    lead = blocks(document, "summary")[0]
    assert isinstance(lead, Facts)
    figures = {label: value for label, value, _ in lead.items}
    # The totals of the sample file as the specification of the sample gives them.
    assert figures["Refund expected"] == Decimal("417997.14")
    assert figures["of it duty"] == Decimal("405229.25")
    assert figures["of it interest"] == Decimal("12767.89")
    assert figures["IEEPA duty paid, all entries"] == Decimal("619826.74")
    assert figures["At stake in rejected and undetermined entries"] == Decimal("223948.70")
    assert figures["Least the facts allow"] <= figures["Refund expected"] <= figures["Most the facts allow"]
    outcomes = table(document, "summary")
    assert outcomes.total == (
        "coming back: accepted and deferred",
        21,
        Decimal("405229.25"),
        Decimal("12767.89"),
        Decimal("417997.14"),
    )
    assert [section.id for section in document.sections if section.on_page] == [
        "summary",
        "deadlines",
        "payments",
        "entries",
        "assumptions",
        "problems",
        "control",
        "sources",
    ]
    assert "2026-05-15" in document.subtitle
    assert "no legal advice and no CBP product" in document.caveat


def test_every_entry_has_its_row_with_a_masked_importer() -> None:
    portfolio, _ = of_sample()
    rows = table(statement(portfolio), "entries").rows
    assert len(rows) == 40
    assert sum(Decimal(str(row[7])) for row in rows) == sum(one.refund for one in portfolio.estimates)
    assert rows[1][:5] == ("12E-5301511-1", "01", "**-*****8701", dt.date(2025, 8, 21), "rejected")
    assert rows[1][10] == "ENTRY SUMMARY IS IN FINAL LIQUIDATION STATUS; interest runs on"
    shown = table(statement(portfolio, show_importers=True), "entries").rows
    assert str(shown[1][2]).endswith("8701")
    assert "*" not in str(shown[1][2])


def test_steps_within_fourteen_days_are_marked() -> None:
    portfolio, _ = of_sample()
    found = table(statement(portfolio), "deadlines")
    assert [row[0] for place, row in enumerate(found.rows) if place in found.marked] == [0, 0, 0, 9]
    assert found.rows[0][:3] == (0, dt.date(2026, 5, 15), "12E-1121865-8")
    first = blocks(statement(portfolio), "deadlines")[0]
    assert isinstance(first, Text)
    assert first.paragraphs[0].startswith("4 steps within 14 days")


def test_payments_add_up_to_the_dated_refund_and_mask_the_party() -> None:
    portfolio, _ = of_sample()
    found = table(statement(portfolio), "payments")
    assert found.total is not None
    assert found.total[5:] == (16, Decimal("330459.25"), Decimal("10451.62"), Decimal("340910.87"))
    assert all(str(row[3]).startswith("**-*****") for row in found.rows)
    texts = [block for block in blocks(statement(portfolio), "payments") if isinstance(block, Text)]
    assert "5 accepted entries with $77,086.27 cannot be dated" in texts[1].paragraphs[0]


def test_what_a_workbook_alone_shows() -> None:
    portfolio, _ = of_sample()
    document = statement(portfolio)
    schedule, findings = table(document, "schedule"), table(document, "findings")
    interest = sum(Decimal(str(row[6])) for row in schedule.rows)
    assert interest == sum(one.interest for one in portfolio.estimates)
    assert len(findings.rows) == sum(len(one.findings) for one in portfolio.estimates)
    assert {section.id for section in document.sections if not section.on_page} == {"schedule", "findings"}
    assert {
        "Entries",
        "Interest schedule",
        "Findings",
        "Assumptions",
        "Citations",
        "Deadlines",
        "Payments",
    } <= {
        block.sheet for section in document.sections for block in section.blocks if isinstance(block, Table)
    }


def test_problems_and_control_totals_of_the_files() -> None:
    portfolio, book = of_sample(MESSY)
    document = statement(portfolio, book=book)
    problems, repairs = (block for block in blocks(document, "problems") if isinstance(block, Table))
    assert [row[1] for row in problems.rows][:3] == [96, 97, 98]
    # The folders of the sender's computer are nobody's business.
    assert {row[0] for row in problems.rows} == {"es003_messy.csv"}
    assert len(problems.rows) == len(book.problems)
    assert len(repairs.rows) == len(book.repairs) + len(book.notes)
    tie, control = blocks(document, "control")
    assert isinstance(tie, Text)
    assert isinstance(control, Facts)
    excluded = sum(book.excluded.values())
    assert tie.paragraphs == (f"{book.rows_read:,} read = {book.rows_used:,} used + {excluded:,} excluded.",)
    assert (
        sum(int(str(value)) for label, value, _ in control.items if label.startswith("Excluded")) == excluded
    )


def test_an_empty_book_is_a_statement_too() -> None:
    document = statement(estimate_portfolio([], as_of=DAY, payee="other"))
    assert table(document, "entries").rows == ()
    assert "0 entries" in document.subtitle
    charts = [block for section in document.sections for block in section.blocks if isinstance(block, Figure)]
    assert len(charts) == 1


def test_projected_interest_is_shown_apart() -> None:
    later = entry(1, reliquidation_date=dt.date(2027, 3, 1), liquidation_date=dt.date(2026, 5, 8))
    document = statement(estimate_portfolio([later], as_of=DAY, payee="corporation"))
    lead = blocks(document, "summary")[0]
    assert isinstance(lead, Facts)
    assert "Interest at projected rates (in the refund)" in [label for label, _, _ in lead.items]
    assert table(document, "entries").rows[0][10] == "rates projected"


def test_the_sources_name_every_table_of_law() -> None:
    portfolio, _ = of_sample()
    citations, versions = (
        block for block in blocks(statement(portfolio), "sources") if isinstance(block, Table)
    )
    texts = [str(row[0]) for row in citations.rows]
    assert texts == sorted(set(texts))
    assert any("19 U.S.C. 1501" in text for text in texts)
    assert {row[2] for row in citations.rows} == {"published", "inferred"}
    assert {"interest_rates.csv", "cape_rules.toml", "ieepa_headings.csv"} <= {
        row[0] for row in versions.rows
    }


@pytest.mark.parametrize("payee", ["corporation", "other"])
def test_the_payee_class_is_named(payee: str) -> None:
    assert f"payee class {payee}" in statement(estimate_portfolio([entry()], as_of=DAY, payee=payee)).subtitle
