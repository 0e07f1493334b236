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

CASES = [
    # Does interest run on to the payment? icpainc.org, Answer the Membership (mid 2026).
    (
        "573.03",
        "10000.00",
        "corporation",
        {"deposited": "2025-04-15", "liquidated": "2026-02-23", "paid_on": "2026-03-20"},
        "529.67",
        ("end:paid",),
        "The paid figure is the law's rate of 6 % to the payment date (2026-03-20).",
    ),
    # "A flat 6 % until the refund is issued": a consulting blog (2026), against a refund guide (2026-05-04).
    (
        "14499.63",
        "250000.00",
        "corporation",
        {"deposited": "2025-04-22", "liquidated": "2026-01-30", "paid_on": "2026-03-31"},
        "11903.90",
        ("end:paid",),
        "The paid figure is the law's rate of 6 % to the payment date (2026-03-31).",
    ),
    # Simple instead of compound: method page of a refund calculator (2026).
    (
        "4602.74",
        "100000.00",
        "corporation",
        {"deposited": "2025-06-20", "liquidated": "2026-03-27"},
        "4709.91",
        ("compounding:simple",),
        "The paid figure is the law's rate of 6 % on the same dates, as simple interest.",
    ),
    # Corporate or not: FR 2026-01175; internationaltradetoday.com 2025-09-26.
    (
        "359.14",
        "10000.00",
        "corporation",
        {"deposited": "2025-07-01", "liquidated": "2026-01-01"},
        "307.06",
        ("rate:other",),
        "The paid figure is the 7 % rate for others on the same dates.",
    ),
    (
        "307.06",
        "10000.00",
        "other",
        {"deposited": "2025-07-01", "liquidated": "2026-01-01"},
        "359.14",
        ("rate:corporation",),
        "The paid figure is the 6 % rate for corporations on the same dates.",
    ),
    # Started at entry, not at the periodic monthly statement: icpainc.org; CSMS 68340863.
    (
        "2389.39",
        "50000.00",
        "corporation",
        {"deposited": "2025-06-23", "liquidated": "2026-02-20", "entry_date": "2025-05-12"},
        "2028.96",
        ("start:entry",),
        "The paid figure is the law's rate of 6 % from the entry date (2025-05-12).",
    ),
    # Was the paid interest right? Public refund guide (2026-05-04).
    (
        "2405.15",
        "50000.00",
        "corporation",
        {"deposited": "2025-06-20", "liquidated": "2026-02-20"},
        "2054.63",
        ("rate:other",),
        "The paid figure is the 7 % rate for others on the same dates.",
    ),
    # DOL example, 365 days also in 2004.
    (
        "348.09",
        "10000.00",
        "other",
        {"deposited": "2003-12-23", "liquidated": "2004-10-06"},
        "347.15",
        ("basis:365",),
        "The paid figure is the law's rates of 4, 5, 4 and 5 % on the same dates, with 365 days also in a "
        "leap year.",
    ),
    # DOL example, the first day counted and the last not.
    (
        "346.87",
        "10000.00",
        "other",
        {"deposited": "2003-12-23", "liquidated": "2004-10-06"},
        "347.15",
        ("count:start_only",),
        "The paid figure is the law's rates of 4, 5, 4 and 5 % on the same dates, with the first day counted "
        "and the last not.",
    ),
    # Rev. Proc. 95-17 Table 63: five days at 5 % in a leap year; divided by 365.
    (
        "685.12",
        "1000000.00",
        "other",
        {"deposited": "2004-09-30", "liquidated": "2004-10-05"},
        "683.25",
        ("basis:365",),
        "The paid figure is the law's rate of 5 % on the same dates, with 365 days also in a leap year.",
    ),
]


@pytest.mark.parametrize(("paid", "principal", "payee", "dates", "expected", "departures", "sentence"), CASES)
def test_a_published_figure_is_traced_to_what_was_said_of_it(
    paid: str,
    principal: str,
    payee: str,
    dates: dict[str, str],
    expected: str,
    departures: tuple[str, ...],
    sentence: str,
) -> None:
    days = {name: dt.date.fromisoformat(day) for name, day in dates.items()}
    found = explain_interest(paid, principal, payee=payee, **days)  # type: ignore[arg-type]  # all are dates
    assert found.expected.amount == Decimal(expected)
    assert found.difference == Decimal(paid) - Decimal(expected)
    assert found.best is not None
    assert found.best.departures == departures
    assert found.best.sentence == sentence
    # No other explanation takes as few departures.
    assert [one.departures for one in found.minimal if len(one.departures) == 1] == [departures]
    agreed = explain_interest(expected, principal, payee=payee, **days)  # type: ignore[arg-type]  # all are dates
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
