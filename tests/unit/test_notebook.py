"""Results in a notebook: compact tables with captions and row headings, text escaped."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from typing import Protocol

import pytest
from tests.books import DAY, entry, estimate

from ieeparefund.law.interest import interest
from ieeparefund.notebook import html_table
from ieeparefund.refunds.notebook import MOST_ROWS
from ieeparefund.refunds.portfolio import estimate_portfolio


class Shown(Protocol):
    def _repr_html_(self) -> str: ...


def tables(result: Shown) -> list[ET.Element]:
    """The tables as parsed markup: it must be well formed."""
    return list(ET.fromstring(f"<div>{result._repr_html_()}</div>").iter("table"))


def texts(table: ET.Element) -> list[list[str]]:
    return [[cell.text or "" for cell in row] for row in table.iter("tr")]


def test_a_table_has_caption_headings_and_escaped_text() -> None:
    text = html_table(
        "A & B", ("Name", "Dollars"), [("<b>", "1.00"), ("none", None)], numbers=(1,), note="n < 1"
    )
    table = ET.fromstring(f"<div>{text}</div>")
    assert table.findtext("table/caption") == "A & B"
    assert [cell.get("scope") for cell in table.iter("th")] == ["col", "col", "row", "row"]
    assert "text-align: right" in str(table.findall(".//td")[0].get("style"))
    assert table.findtext("p") == "n < 1"
    assert texts(table) == [["Name", "Dollars"], ["<b>", "1.00"], ["none", ""]]
    assert "<p>" not in html_table("A", ("B",), [])


def test_interest() -> None:
    # 10,000 from 2025-04-15 to 2026-02-23 for a corporation: 529.67 (icpainc.org, Answer the Membership).
    found = interest(
        "10000", deposited=dt.date(2025, 4, 15), liquidated=dt.date(2026, 2, 23), payee="corporation"
    )
    (table,) = tables(found)
    assert table.findtext("caption") == "Interest on 10,000.00, corporation: 529.67"
    rows = texts(table)
    assert rows[-1] == ["in all", "314", "", "529.67", ""]
    assert rows[1][0] == "2025-04-16 to 2025-06-30"
    later = interest(
        "10000", deposited=dt.date(2026, 6, 1), liquidated=dt.date(2026, 7, 31), payee="corporation"
    )
    assert texts(tables(later)[0])[2][2] == "6 % (inferred)"


def test_the_interest_table_in_full() -> None:
    # To 2026-06-30 at 5 per cent (FR Doc. 2026-09871), then at 6, which is inferred.
    found = interest(
        "1000", deposited=dt.date(2026, 6, 1), liquidated=dt.date(2026, 7, 31), payee="corporation"
    )
    (table,) = tables(found)
    first, second = found.periods
    assert texts(table) == [
        ["Days, both included", "Days", "Rate a year", "Interest", "Balance"],
        ["2026-06-02 to 2026-06-30", "29", "5 %", str(first.interest), f"{first.balance:,}"],
        ["2026-07-01 to 2026-07-31", "31", "6 % (inferred)", str(second.interest), f"{second.balance:,}"],
        ["in all", "60", "", str(found.amount), ""],
    ]
    styles = [cell.get("style", "") for cell in list(table.iter("tr"))[1]]
    assert ["right" in style for style in styles] == [False, True, True, True, True]
    assert found._repr_html_().endswith(
        "<p>US dollars. Deposited 2026-06-01, not counted; (re)liquidated 2026-07-31, counted.</p>"
    )


def test_the_eligibility_table_in_full() -> None:
    for answer in (
        estimate(protest="open").eligibility,
        estimate(liquidation_status=None).eligibility,
        estimate(liquidation_date=dt.date(2026, 3, 30), liquidation_status="liquidated").eligibility,
        estimate(liquidation_status="extended").eligibility,
    ):
        (table,) = tables(answer)
        word = answer.outcome.replace("_", ", ")
        assert table.findtext("caption") == f"CAPE on {answer.as_of}, entry {answer.entry.number}: {word}"
        assert texts(table) == [
            ["What", "Sentence", "By", "Citation"],
            *([f.effect.value, f.explanation, "", str(f.citation)] for f in answer.findings),
            *(["next", r.text, str(r.by or ""), str(r.citation)] for r in answer.remedies),
            *(["assumed", sentence, "", ""] for sentence in answer.assumed),
            *(["missing", sentence, "", ""] for sentence in answer.missing),
        ]


def test_eligibility() -> None:
    (table,) = tables(estimate(protest="open").eligibility)
    assert "rejected" in (table.findtext("caption") or "")
    assert {"reject", "next", "assumed"} <= {row[0] for row in texts(table)}
    (table,) = tables(estimate(liquidation_status=None).eligibility)
    assert "missing" in {row[0] for row in texts(table)}


def test_estimate() -> None:
    answer = estimate(liquidation_date=dt.date(2026, 3, 30), liquidation_status="liquidated")
    (table,) = tables(answer)
    rows = dict(texts(table)[1:])
    assert rows["Refund"] == f"{answer.refund:,.2f}"
    assert rows["cape until"] == "2026-06-18, 34 days left"
    closed = estimate(liquidation_date=dt.date(2025, 12, 1), liquidation_status="liquidated")
    assert "cape until" not in dict(texts(tables(closed)[0])[1:])


@pytest.mark.parametrize(("count", "more"), [(2, None), (MOST_ROWS + 3, "and 3 more: .to_rows()")])
def test_portfolio(count: int, more: str | None) -> None:
    book = estimate_portfolio([entry(place) for place in range(1, count + 1)], as_of=DAY, payee="corporation")
    outcomes, entries = tables(book)
    assert texts(outcomes)[-1][-1] == f"{book.totals.refund:,.2f}"
    assert len(texts(entries)) == min(count, MOST_ROWS) + 1
    assert (more or "") in book._repr_html_()
    assert ("more: .to_rows()" in book._repr_html_()) is (more is not None)
