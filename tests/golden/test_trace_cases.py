"""Interest figures that were published, with what was said to be behind them.

IEEPA refunds: public cases of 2026 (the source beside each). Older spans: the worked example of the
Department of Labor's Voluntary Fiduciary Correction Program, which uses the factors of Rev. Proc. 95-17, and
the figures that other readings of the same example give.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ieeparefund.refunds.trace import explain_interest
from ieeparefund.testing import PaidInterestVector, vectors

SENTENCES = {
    "case-1": "The paid figure is the law's rate of 6 % to the payment date (2026-03-20).",
    "case-2": "The paid figure is the law's rate of 6 % to the payment date (2026-03-31).",
    "case-3": "The paid figure is the law's rate of 6 % on the same dates, as simple interest.",
    "case-5-other-rate": "The paid figure is the 7 % rate for others on the same dates.",
    "case-5-corporation-rate": "The paid figure is the 6 % rate for corporations on the same dates.",
    "case-7": "The paid figure is the law's rate of 6 % from the entry date (2025-05-12).",
    "guide": "The paid figure is the 7 % rate for others on the same dates.",
    "dol-365": (
        "The paid figure is the law's rates of 4, 5, 4 and 5 % on the same dates, with 365 days also in a leap year."
    ),
    "dol-first-day": (
        "The paid figure is the law's rates of 4, 5, 4 and 5 % on the same dates, with the first day counted and the "
        "last not."
    ),
    "table-63-365": "The paid figure is the law's rate of 5 % on the same dates, with 365 days also in a leap year.",
}


def test_every_vector_has_a_sentence() -> None:
    assert [case.id for case in vectors().paid_interest] == list(SENTENCES)


@pytest.mark.parametrize("case", vectors().paid_interest, ids=lambda case: case.id)
def test_a_published_figure_is_traced_to_what_was_said_of_it(case: PaidInterestVector) -> None:
    days = {
        "deposited": case.deposited,
        "liquidated": case.liquidated,
        "entry_date": case.entry_date,
        "paid_on": case.paid_on,
    }
    found = explain_interest(case.paid, case.principal, payee=case.payee, **days)  # type: ignore[arg-type]  # all are dates
    assert found.expected.amount == case.expected
    assert found.difference == case.paid - case.expected
    assert found.best is not None
    assert found.best.departures == (case.departure,)
    assert found.best.sentence == SENTENCES[case.id]
    # No other explanation takes as few departures.
    assert [one.departures for one in found.minimal if len(one.departures) == 1] == [(case.departure,)]
    agreed = explain_interest(case.expected, case.principal, payee=case.payee, **days)  # type: ignore[arg-type]  # all are dates
    assert agreed.best is not None
    assert agreed.best.departures == ()
    assert agreed.difference == 0


def test_the_day_another_tool_drops_at_the_turn_of_a_quarter() -> None:
    # 30 June to 1 July 2025: 164.38 by the law, 0.00 by a tool that takes each quarter by itself.
    found = explain_interest(
        "0.00",
        "1000000.00",
        deposited=dt.date(2025, 6, 30),
        liquidated=dt.date(2025, 7, 1),
        payee="corporation",
    )
    assert found.expected.amount == Decimal("164.38")
    assert ("compounding:quarter_day_dropped",) in [one.departures for one in found.minimal]


def test_a_factor_of_nine_places_changes_the_cents_of_a_large_refund() -> None:
    # Rev. Proc. 95-17 Table 63 prints 0.000683247 for five days at 5 % in a leap year; the factor goes on.
    found = explain_interest(
        "68324700.00",
        "100000000000.00",
        deposited=dt.date(2004, 9, 30),
        liquidated=dt.date(2004, 10, 5),
        payee="other",
    )
    assert found.best is not None
    assert found.best.departures == ("compounding:nine_places",)
    assert found.difference
