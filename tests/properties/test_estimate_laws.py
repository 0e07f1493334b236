"""Laws of estimates and books over entries in any state."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import dates, entries

from ieeparefund.entries.entry import Entry
from ieeparefund.law.eligibility import Outcome
from ieeparefund.refunds.estimate import estimate_refund
from ieeparefund.refunds.portfolio import estimate_portfolio

DAYS = dates("2026-01-01", "2027-06-30")
PAYEES = st.sampled_from(["corporation", "other"])


@given(entries(), DAYS, PAYEES)
def test_every_entry_has_an_answer_that_ties(entry: Entry, as_of: dt.date, payee: str) -> None:
    answer = estimate_refund(entry, as_of=as_of, payee=payee)
    assert answer.refund == answer.refundable_duty + answer.interest
    assert answer.duty.low <= answer.refundable_duty <= answer.duty.high
    assert 0 <= answer.interest_projected <= answer.interest
    assert answer.provisional or answer.interest_projected == 0
    assert (answer.interest_to is None) == (answer.refundable_duty <= 0)
    low, high = answer.interest_range
    assert low <= answer.interest <= high
    assert answer.explain().startswith("1. Facts")
    plain = answer.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    if answer.schedule is not None:
        assert sum((period.interest for period in answer.schedule.periods), Decimal(0)) == answer.interest


@given(entries(), DAYS)
def test_a_corporation_never_gets_more_interest(entry: Entry, as_of: dt.date) -> None:
    corporation = estimate_refund(entry, as_of=as_of, payee="corporation")
    other = estimate_refund(entry, as_of=as_of, payee="other")
    assert corporation.interest <= other.interest
    assert corporation.refundable_duty == other.refundable_duty


@given(entries(), DAYS, PAYEES)
def test_nothing_but_the_arguments_counts(entry: Entry, as_of: dt.date, payee: str) -> None:
    first = estimate_refund(entry, as_of=as_of, payee=payee).to_dict()
    again = estimate_refund(dataclasses.replace(entry), as_of=as_of, payee=payee).to_dict()
    assert first == again


@given(st.lists(entries(), max_size=6, unique_by=lambda entry: entry.number), DAYS, PAYEES)
def test_a_book_is_the_sum_of_its_entries(book: list[Entry], as_of: dt.date, payee: str) -> None:
    portfolio = estimate_portfolio(book, as_of=as_of, payee=payee)
    by_outcome = portfolio.by_outcome
    assert sum(sums.entries for sums in by_outcome.values()) == portfolio.totals.entries == len(book)
    coming = [by_outcome[Outcome.ACCEPTED], by_outcome[Outcome.ACCEPTED_DEFERRED]]
    assert portfolio.totals.refund == sum((sums.refund for sums in coming), Decimal(0))
    paid = sum((payment.amount for payment in portfolio.expected_payments()), Decimal(0))
    # A deferred entry is paid on a day nobody knows, unless its reliquidation is known.
    dated = [
        one.refund
        for one in portfolio.estimates
        if one.outcome is Outcome.ACCEPTED
        or (one.outcome is Outcome.ACCEPTED_DEFERRED and one.entry.reliquidation_date is not None)
    ]
    assert paid == sum(dated, Decimal(0))
    assert [row["refund"] for row in portfolio.to_rows()] == [one.refund for one in portfolio.estimates]
