"""The heading table against an independent list of (date, country, rate) facts.

The vectors of programme rates were typed from the orders, Federal Register notices and CSMS messages they name,
not from the table: each is the rate a country's goods bore by origin alone on an entry date, per
programme; no rate means none, `all_in` that an all-in pair applied.
"""

from __future__ import annotations

import pytest

from ieeparefund.law.headings import HeadingKind, country_headings, ieepa_headings
from ieeparefund.testing import vectors

FACTS = vectors().programme_rates


@pytest.mark.parametrize("programme", sorted({fact.programme for fact in FACTS}))
def test_each_rate_on_each_side_of_each_change(programme: str) -> None:
    for fact in FACTS:
        if fact.programme != programme:
            continue
        rows = country_headings(fact.country, fact.day, programme)
        rates = {row.rate for row in rows if row.kind is HeadingKind.DUTY and row.rate}
        caps = {row.cap_total for row in rows if row.is_all_in}
        assert rates == (set() if fact.rate is None else {fact.rate}), fact
        assert caps == (set() if fact.all_in is None else {fact.all_in}), fact


def test_every_fact_is_there() -> None:
    assert len(FACTS) == len({fact.id for fact in FACTS}) == 825


def test_the_facts_reach_every_country_with_a_rate_of_its_own() -> None:
    known = {(fact.programme, fact.country) for fact in FACTS}
    for row in ieepa_headings(kind=HeadingKind.DUTY):
        for country in row.countries:
            assert (row.programme.value, country) in known
