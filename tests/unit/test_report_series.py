"""The figures behind the charts, the charts as SVG, and the shared words."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from tests.books import DAY, entry, estimate

from ieeparefund.entries.entry import Entry
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.interest import interest
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio
from ieeparefund.report.series import accrual_points, deadline_bands, deadlines_ahead, payment_weeks
from ieeparefund.report.svg import Bar, columns_svg, line_svg, rows_svg
from ieeparefund.report.words import grouped, money, plural, provenance, window_name, words_of

SVG = "{http://www.w3.org/2000/svg}"


def portfolio(*entries: Entry) -> Portfolio:
    return estimate_portfolio(entries, as_of=DAY, payee="corporation")


def liquidated(count: int, day: dt.date, duty: str = "1000.00") -> Entry:
    return entry(count, duty, liquidation_date=day, liquidation_status="liquidated")


def test_payments_stand_in_the_week_of_their_expected_day_without_gaps() -> None:
    # Accepted 2026-03-02: 75 days later is Saturday 2026-05-16, so Monday 18; accepted 2026-05-15: 2026-07-29.
    early = entry(
        1,
        "100.00",
        liquidation_date=dt.date(2026, 2, 27),
        reliquidation_date=dt.date(2026, 5, 4),
        cape_accepted_on=dt.date(2026, 3, 2),
        liquidation_status="liquidated",
    )
    book = portfolio(early, entry(2, "200.00"), entry(3, "300.00", importer="98-765432100"))
    weeks = payment_weeks(book.cash_forecast())
    assert weeks[0].monday == dt.date(2026, 5, 18)
    assert weeks[-1].monday == dt.date(2026, 7, 27)
    assert len(weeks) == 11
    assert weeks[1].principal == 0
    assert weeks[-1].principal == Decimal("500.00")
    assert sum(week.principal + week.interest for week in weeks) == book.totals.refund
    assert all(week.low <= week.principal + week.interest <= week.high for week in weeks)
    assert payment_weeks(portfolio().cash_forecast()) == ()


def test_points_of_the_accrual_end_at_the_amount() -> None:
    # 10,000 from 2025-04-15 to 2026-02-23 for a corporation: 529.67 (icpainc.org, Answer the Membership).
    found = interest(
        "10000", deposited=dt.date(2025, 4, 15), liquidated=dt.date(2026, 2, 23), payee="corporation"
    )
    points = accrual_points(found)
    assert points[0] == (dt.date(2025, 4, 15), Decimal("0.00"))
    assert points[-1] == (dt.date(2026, 2, 23), Decimal("529.67"))
    assert [day for day, _ in points][1:-1] == [
        dt.date(2025, 6, 30),
        dt.date(2025, 9, 30),
        dt.date(2025, 12, 31),
    ]


def test_deadlines_are_dated_steps_with_money_from_today_on() -> None:
    # Day 80 of a liquidation on 2026-03-30 is 2026-06-18, of one on 2026-02-24 it is 2026-05-15: today.
    book = portfolio(
        liquidated(1, dt.date(2026, 3, 30)),
        liquidated(2, dt.date(2026, 2, 24)),
        liquidated(3, dt.date(2026, 2, 24), "0.00"),
        entry(4),
    )
    found = deadlines_ahead(book.estimates, DAY)
    assert [(one.day, one.days_left, one.estimate.entry.number) for one in found] == [
        (dt.date(2026, 5, 15), 0, book.estimates[1].entry.number),
        (dt.date(2026, 6, 18), 34, book.estimates[0].entry.number),
    ]


def test_an_entry_counts_once_in_the_bands_by_its_nearest_deadline() -> None:
    # CBP's own 90 days end 2026-05-24 and the protest 2026-08-22 for a liquidation on 2026-02-23.
    book = portfolio(liquidated(1, dt.date(2026, 2, 23)), liquidated(2, dt.date(2026, 3, 30), "500.00"))
    found = deadlines_ahead(book.estimates, DAY)
    assert len(found) == 3
    bands = deadline_bands(reversed(found))
    assert bands == deadline_bands(found)
    assert sum(band.entries for band in bands) == 2
    assert {band.label: band.entries for band in bands if band.entries} == {
        "8 to 14 days": 1,
        "31 to 60 days": 1,
    }
    assert bands[-1].label == "over 180 days"
    assert sum(band.amount for band in bands) == sum(one.refund for one in book.estimates)


def elements(text: str, name: str) -> list[ET.Element]:
    return list(
        ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)).iter(SVG + name)
    )


def test_rows_as_svg() -> None:
    bars = [Bar("a & b", "$4.00", (Decimal(3), Decimal(1))), Bar("c", "$2.00", (Decimal(2),))]
    text = rows_svg("chart", "Title <x>", bars)
    widths = [
        part.get("width") for part in elements(text, "rect") if part.get("class", "").startswith("part")
    ]
    assert widths == ["75.000%", "25.000%", "50.000%"]
    assert elements(text, "title")[0].text == "Title <x>"
    assert "a &amp; b" in text
    assert "0%" in rows_svg("chart", "Nothing", [Bar("a", "$0.00", (Decimal(0),))])
    assert 'height="0"' in rows_svg("chart", "No bars", [])


def test_columns_as_svg_with_a_range_where_there_is_one() -> None:
    bars = [
        Bar("w1", "t", (Decimal(50), Decimal(25)), Decimal(50), Decimal(100)),
        Bar("w2", "t", (Decimal(75),), Decimal(75), Decimal(75)),
        Bar("w3", "t", (Decimal(0),)),
        *(Bar(f"w{place}", "t", (Decimal(1),)) for place in range(4, 10)),
    ]
    text = columns_svg("chart", "Title", bars, "$100.00 a week")
    heights = [part.get("height") for part in elements(text, "rect")]
    assert heights[:4] == ["75.00", "37.50", "112.50", "0.00"]
    assert len([line for line in elements(text, "line") if line.get("class") == "range"]) == 1
    assert [label.text for label in elements(text, "text")] == ["$100.00 a week", "w1", "w4", "w7"]
    assert elements(columns_svg("chart", "Zero", [bars[2]], ""), "rect")[0].get("height") == "0.00"
    assert not elements(columns_svg("chart", "None", [], ""), "rect")


def test_a_line_as_svg_is_dashed_where_rates_are_projected() -> None:
    points = [(0, Decimal(0), "start"), (10, Decimal(5), "middle"), (20, Decimal(10), "end")]
    classes = [line.get("class") for line in elements(line_svg("c", "t", points, "$10", 10), "line")]
    assert classes == ["grid", "axis", "line", "line broken"]
    assert "broken" not in line_svg("c", "t", points, "$10")
    circles = elements(line_svg("c", "t", points, "$10"), "circle")
    assert [(one.get("cx"), one.get("cy")) for one in circles] == [
        ("0.000%", "174.00"),
        ("50.000%", "99.00"),
        ("100.000%", "24.00"),
    ]
    assert elements(line_svg("c", "t", [(5, Decimal(0), "x")], "$0"), "circle")[0].get("cx") == "0.000%"


def test_words() -> None:
    assert window_name("cape") == "CAPE declaration"
    assert window_name("post_summary_correction") == "post summary correction"
    assert (money(Decimal("1234.5")), money(Decimal("-2"))) == ("$1,234.50", "-$2.00")
    assert (plural(1, "entry", "entries"), plural(2, "step")) == ("1 entry", "2 steps")
    assert grouped(["by 2026-05-15.", "by 2026-05-16.", "never."]) == [(2, "by …."), (1, "never.")]
    assert provenance(DAY).startswith("As of 2026-05-15 · law tables 20")


@pytest.mark.parametrize(
    ("made", "outcome", "expected"),
    [
        (estimate(), Outcome.ACCEPTED, ""),
        (estimate(protest="open"), Outcome.REJECTED, "PROTEST ON ENTRY"),
        (estimate(liquidation_status="suspended"), Outcome.ACCEPTED_DEFERRED, "extended or suspended"),
    ],
)
def test_why_an_entry_is_not_paid_on_the_track(made: RefundEstimate, outcome: Outcome, expected: str) -> None:
    assert made.outcome is outcome
    assert words_of(made) == expected
