"""Laws of the heading table: boundaries of every row, total authority, consistent look-ups."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import dates

from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.law.authorities import Authority, authority, is_ieepa_number, look_alike
from ieeparefund.law.headings import (
    Ground,
    Heading,
    HeadingKind,
    country_headings,
    heading_rows,
    ieepa_heading,
    ieepa_headings,
    origin_country,
)
from ieeparefund.testing import vectors

DAY = dt.timedelta(days=1)
ROWS = ieepa_headings()
COUNTRIES = sorted({country for row in ROWS for country in row.countries} | {"AU", "SG", "XC", "ZZ"})
NUMBERS = sorted({row.number for row in ROWS})

digits = st.integers(1, 10**10).map(str)
numbers = st.one_of(
    st.from_regex(r"[0-9]{8}([0-9]{2})?", fullmatch=True),
    st.from_regex(r"99[0-9]{6}([0-9]{2})?", fullmatch=True),
    st.from_regex(r"9903\.[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?", fullmatch=True),
)


def name(row: Heading) -> str:
    return f"{row.number}-{row.first_day}-{min(row.countries, default='all')}"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_both_sides_of_both_ends_of_every_row(row: Heading) -> None:
    country = min(row.countries) if row.countries else "AU"
    assert ieepa_heading(row.number, row.first_day, country) == row
    assert ieepa_heading(row.number, row.last_day, country) == row
    assert ieepa_heading(row.number, row.first_day - DAY, country) != row
    assert ieepa_heading(row.number, row.last_day + DAY, country) != row
    assert row.first_day == row.effective_from.date()
    assert row.effective_from < row.effective_to
    assert row in ieepa_headings(country, row.programme, row.first_day, row.kind)
    assert row not in ieepa_headings(country, row.programme, row.last_day + DAY, row.kind)


def test_the_facts_know_both_sides_of_every_change_of_a_country_rate() -> None:
    # The list is typed from the notices, so that a wrong boundary in the table cannot confirm itself.
    facts = {(fact.programme, fact.country, fact.day) for fact in vectors().programme_rates}
    for row in ROWS:
        if row.ground is not Ground.COUNTRY or row.kind is HeadingKind.EXEMPTION:
            continue
        for country in row.countries:
            for on in (row.first_day - DAY, row.first_day, row.last_day, row.last_day + DAY):
                assert (row.programme.value, country, on) in facts, row.number


@given(numbers, st.one_of(st.none(), dates()))
def test_authority_is_total_and_ignores_the_spelling(number: str, on: dt.date | None) -> None:
    law = authority(number, on)
    assert law in set(Authority)
    known = normalise_tariff_number(number)
    assert authority(known, on) is law
    assert authority(known.replace(".", "")) is law
    assert (law is Authority.IEEPA) == is_ieepa_number(number) == known.startswith(("9903.01.", "9903.02."))
    assert (law is Authority.NONE) == (not known.startswith("99"))
    row = look_alike(number)
    assert row is None or row.authority is law


@given(
    st.sampled_from(NUMBERS),
    dates("2025-01-01", "2026-04-01"),
    st.one_of(st.none(), st.sampled_from(COUNTRIES)),
)
def test_a_found_row_is_of_the_number_in_force_and_of_the_country(
    number: str, on: dt.date, country: str | None
) -> None:
    row = ieepa_heading(number, on, country)
    if row is None:
        return
    assert row.number == number
    assert row in heading_rows(number)
    assert row.holds_on(on)
    origin = origin_country(country)
    assert origin is None or not row.countries or origin in row.countries
    assert ieepa_heading(number, on) is not None
    assert row in ieepa_headings(country, row.programme, on, row.kind)


@given(dates("2025-01-01", "2026-04-01"), st.sampled_from(COUNTRIES))
def test_the_look_ups_agree(on: dt.date, country: str) -> None:
    rows = ieepa_headings(country, on=on)
    assert set(rows) <= set(ieepa_headings(on=on))
    assert set(rows) <= set(ieepa_headings(country))
    for row in rows:
        found = ieepa_heading(row.number, on, country)
        # China has two rows of 9903.01.25 while goods in transit may still use the general one.
        assert found is not None
        assert found.number == row.number
    by_origin = country_headings(country, on)
    assert set(by_origin) <= set(rows)
    for programme in {row.programme for row in by_origin}:
        group = [row for row in by_origin if row.programme is programme]
        assert len({bool(row.countries) for row in group}) == 1
        assert country_headings(country, on, programme) == tuple(group)


@given(dates("2025-01-01", "2026-04-01"), st.sampled_from(COUNTRIES))
def test_a_country_never_bears_two_rates_of_one_programme(on: dt.date, country: str) -> None:
    for programme in (
        "mexico_fentanyl",
        "canada_fentanyl",
        "china_fentanyl",
        "reciprocal",
        "brazil",
        "india_russia",
    ):
        rows = country_headings(country, on, programme)
        assert len([row for row in rows if row.kind is HeadingKind.DUTY and row.rate]) <= 1
        assert len([row for row in rows if row.is_all_in]) <= 1


@given(st.one_of(st.none(), st.text(max_size=4), st.sampled_from(COUNTRIES)))
def test_origin_country_settles_at_once(code: str | None) -> None:
    once = origin_country(code)
    assert origin_country(once) == once
