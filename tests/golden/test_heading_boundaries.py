"""Both sides of every effective date of every heading, to the second, against facts typed from the notices.

The moments come from the heading table; what is right at them comes from `data/heading_clock_facts.csv` (number,
country, first moment, first moment after, eastern; rate in per cent, blank for an exemption; typed from the
orders, Federal Register notices and CSMS messages it names) and the vectors of programme rates (by date,
country and programme). A wrong boundary in the table can so not confirm itself.
"""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.law.expected_duty import expected_duty
from ieeparefund.law.goods import read_goods
from ieeparefund.law.heading_amount import heading_on
from ieeparefund.law.headings import Heading, HeadingKind, ieepa_headings
from ieeparefund.law.line_checks import check_line
from ieeparefund.testing import vectors

DATA = Path(__file__).parent / "data" / "heading_clock_facts.csv"
EASTERN = ZoneInfo("America/New_York")
SECOND = dt.timedelta(seconds=1)
VALUE = 100
# Nothing that takes goods out of the rate of their origin.
PLAIN: dict[str, Any] = {
    "mode": "air",
    "loaded": dt.date(2026, 2, 1),
    "us_content": 0,
    "section_232": "none",
    "exempt_under": [],
    "usmca": False,
    "energy": False,
    "potash": False,
    "transhipped": False,
    "column1_rate": Column1Rate(),
}


FACTS = list(csv.DictReader(DATA.read_text(encoding="utf-8").splitlines()))
RATES = vectors().programme_rates
BY_HEADING: dict[tuple[str, str], list[dict[str, str]]] = {}
for fact in FACTS:
    BY_HEADING.setdefault((fact["number"], fact["country"]), []).append(fact)
ROWS = ieepa_headings()


def countries_of(row: Heading) -> list[str]:
    """Countries to ask a row for; a row for all others is asked for those the facts name."""
    if row.countries:
        return sorted(row.countries)
    return sorted(country for number, country in BY_HEADING if number == row.number)


def known_at(number: str, country: str, moment: dt.datetime) -> dict[str, str] | None:
    """The fact about a heading at a moment, `None` where it was neither in force nor reportable."""
    for fact in BY_HEADING[number, country]:
        end = max(fact["to"], fact["reported_to"])
        if fact["from"] <= moment.isoformat(timespec="minutes") < end:
            return fact
    return None


def edges(row: Heading) -> list[dt.datetime]:
    found = [row.effective_from, row.effective_to]
    return found if row.reported_until is None else [*found, row.reported_until]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.first_day}")
def test_both_sides_of_every_effective_moment(row: Heading) -> None:
    countries = countries_of(row)
    assert countries, "the facts do not know this heading"
    for country in countries:
        for edge in edges(row):
            for moment in (edge - SECOND, edge):
                at = moment.replace(tzinfo=EASTERN)
                fact = known_at(row.number, country, moment)
                assert (heading_on(row.number, country, read_goods(at)) is not None) is (fact is not None)
                rate = Decimal((fact["rate"] or "0").split()[0]) if fact else Decimal(0)
                assert expected_duty(row.number, VALUE, at, country) == rate, (country, moment)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.first_day}")
def test_a_date_answers_for_the_day_and_the_last_minute_is_the_old_one(row: Heading) -> None:
    for country in countries_of(row):
        for edge in edges(row):
            noon = dt.datetime.combine(edge.date(), dt.time(12))
            fact = known_at(row.number, country, noon)
            rate = Decimal((fact["rate"] or "0").split()[0]) if fact else Decimal(0)
            assert expected_duty(row.number, VALUE, edge.date(), country) == rate


def test_facts_and_table_name_the_same_headings_and_countries() -> None:
    named = {(row.number, country) for row in ROWS for country in row.countries}
    general = {row.number for row in ROWS if not row.countries}
    assert named <= set(BY_HEADING)
    assert {number for number, country in set(BY_HEADING) - named} <= general
    assert {row.number for row in ROWS} == {number for number, _ in BY_HEADING}


def test_facts_and_table_agree_on_what_a_heading_is() -> None:
    for row in ROWS:
        for country in countries_of(row):
            fact = known_at(row.number, country, row.effective_from)
            assert fact is not None
            assert (fact["rate"] == "") is (row.kind is HeadingKind.EXEMPTION)
            assert ("all in" in fact["rate"]) is row.is_all_in


@pytest.mark.parametrize("programme", sorted({fact.programme for fact in RATES}))
def test_a_line_by_origin_owes_the_rate_of_the_facts(programme: str) -> None:
    # A bare line of goods with nothing special about them: every duty it owes is told by origin and date.
    for fact in RATES:
        if fact.programme != programme:
            continue
        line = EntryLine(1, fact.country, [TariffLine("8471.30.01.00", VALUE, 0)])
        check = check_line(line, fact.day, **PLAIN)
        expected = [part.expected for part in check.programmes if part.programme == programme]
        # Column 1 is free here, so an all-in heading leaves its whole total.
        assert (expected or [Decimal(0)]) == [fact.rate or fact.all_in or Decimal(0)], fact


# Loaded before, entered before: facts of HTSUS note 2 and CSMS 63988468, 64723363, 65807735, 65829726, 66027027.
CLAUSES = [
    ("9903.01.20", "CN", "2025-02-01T00:01", "2025-03-04T00:01", 0),
    ("9903.01.24", "CN", "2025-02-01T00:01", "2025-03-07T00:01", 0),
    ("9903.01.25", "AU", "2025-04-05T00:01", "2025-05-27T00:01", 0),
    ("9903.01.72", "VN", "2025-04-09T00:01", "2025-04-10T00:01", 10),
    ("9903.02.69", "VN", "2025-08-07T00:01", "2025-10-05T00:01", 10),
    ("9903.02.20", "DE", "2025-08-07T00:01", "2025-10-05T00:01", 10),
    ("9903.02.73", "JP", "2025-08-07T00:01", "2025-10-05T00:01", 10),
    ("9903.01.77", "BR", "2025-08-06T00:01", "2025-10-05T00:01", 0),
    ("9903.01.84", "IN", "2025-08-27T00:01", "2025-09-17T00:01", 0),
]


@pytest.mark.parametrize(("number", "country", "loaded_before", "entered_before", "rate"), CLAUSES)
def test_both_sides_of_every_in_transit_cut_off(
    number: str, country: str, loaded_before: str, entered_before: str, rate: int
) -> None:
    cutoff, deadline = (
        dt.datetime.fromisoformat(text).replace(tzinfo=EASTERN) for text in (loaded_before, entered_before)
    )
    programme = next(row.programme for row in ROWS if row.number == number)
    facts = {name: value for name, value in PLAIN.items() if name not in ("mode", "loaded")}
    line = EntryLine(1, country, [TariffLine("8471.30.01.00", VALUE, 0)])

    def owed(entered: dt.datetime, loaded: dt.datetime, mode: str = "vessel") -> Decimal | None:
        check = check_line(line, entered, loaded=loaded, mode=mode, **facts)
        return next(part.expected for part in check.programmes if part.programme == programme)

    last = deadline - SECOND
    full = owed(last, cutoff)
    assert full is not None
    assert full > rate
    assert owed(last, cutoff - SECOND) == rate
    assert expected_duty(number, VALUE, last, country, loaded=cutoff - SECOND, mode="vessel") == 0
    assert expected_duty(number, VALUE, last, country, loaded=cutoff, mode="vessel") == full
    if number not in ("9903.01.20", "9903.01.72"):
        # These two headings end with the deadline; for the others the full rate goes on.
        assert expected_duty(number, VALUE, deadline, country, loaded=cutoff - SECOND, mode="vessel") == full
    if programme != "china_fentanyl":
        assert owed(last, cutoff - SECOND, "air") == full


def test_every_clause_of_the_table_is_tried() -> None:
    tried = {(loaded, deadline) for _, _, loaded, deadline, _ in CLAUSES}
    for row in ROWS:
        if row.in_transit_until is None or row.in_transit_loaded_before is None:
            continue
        loaded = row.in_transit_loaded_before.isoformat(timespec="minutes")
        deadline = min(row.in_transit_until, row.effective_to).isoformat(timespec="minutes")
        if row.number == "9903.01.63":
            continue  # China's, whose cut-off of 2025-04-10 is doubtful: tests/unit/test_expected_duty.py
        if row.number == "9903.01.25":
            assert (loaded, row.in_transit_until.isoformat(timespec="minutes")) in tried
            continue
        if row.reported_until is not None:
            deadline = min(row.in_transit_until, row.reported_until).isoformat(timespec="minutes")
            assert loaded == "2025-08-07T00:01"
            continue
        assert (loaded, deadline) in tried, row.number
