"""Books of entries: totals, payments, rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import InputError
from ieeparefund.law.eligibility import Outcome
from ieeparefund.refunds.portfolio import estimate_portfolio

DAY = dt.date(2026, 5, 15)


def entry(number: str, duty: str, **changes: Any) -> Entry:
    facts: dict[str, Any] = {
        "number": number,
        "entry_type": "01",
        "entry_date": dt.date(2025, 5, 12),
        "lines": [EntryLine(1, "VN", [TariffLine("9903.01.25", 0, Decimal(duty))])],
        "importer": "75-419312501",
        "deposit_date": dt.date(2025, 6, 23),
        "liquidation_status": "unliquidated",
    }
    return Entry(**(facts | changes))


BOOK = [
    entry(
        "ZT400001231",
        "1000.00",
        reliquidation_date=dt.date(2026, 6, 12),
        liquidation_date=dt.date(2026, 5, 8),
    ),
    entry(
        "ZT400004565", "500.00", reliquidation_date=dt.date(2026, 6, 12), liquidation_date=dt.date(2026, 5, 8)
    ),
    entry(
        "ZT400007899", "200.00", reliquidation_date=dt.date(2026, 6, 19), liquidation_date=dt.date(2026, 5, 8)
    ),
    entry("ABC12345676", "70.00", liquidation_status="suspended"),
    entry("002-6110316-2", "90.00", liquidation_date=dt.date(2025, 9, 5)),
]


def test_totals_tie() -> None:
    book = estimate_portfolio(BOOK, as_of=DAY, payee="corporation")
    assert book.totals.entries == 5
    assert book.totals.ieepa_duty == Decimal("1860.00")
    assert book.totals.refundable_duty == Decimal("1770.00")
    assert book.totals.refund == book.totals.refundable_duty + book.totals.interest
    by_outcome = book.by_outcome
    assert set(by_outcome) == set(Outcome)
    assert sum(sums.entries for sums in by_outcome.values()) == 5
    assert by_outcome[Outcome.REJECTED].refundable_duty == Decimal("90.00")
    assert by_outcome[Outcome.UNDETERMINED].entries == 0
    plain = book.to_dict()
    assert plain["totals"]["refund"] == f"{book.totals.refund:.2f}"
    assert plain["by_outcome"]["undetermined"]["refund"] == "0.00"


def test_one_payment_for_each_party_and_liquidation_date() -> None:
    # CSMS 68340863: one payment for each importer and liquidation date: 1500.00 on 06-12, 200.00 on 06-19.
    payments = estimate_portfolio(BOOK, as_of=DAY, payee="corporation").expected_payments()
    assert [(payment.liquidation_date, payment.principal, len(payment.entries)) for payment in payments] == [
        (dt.date(2026, 6, 12), Decimal("1500.00"), 2),
        (dt.date(2026, 6, 19), Decimal("200.00"), 1),
    ]
    assert payments[0].amount == payments[0].principal + payments[0].interest


def test_a_notify_party_is_paid_apart() -> None:
    other = entry("ABC12345676", "70.00", notify_party="12-345678900", importer=None)
    book = estimate_portfolio([other, entry("ZT400001231", "1.00", importer=None)], as_of=DAY, payee="other")
    assert [payment.party for payment in book.expected_payments()] == [None, "12-345678900"]


def test_rows_are_flat_and_masked() -> None:
    rows = estimate_portfolio(BOOK, as_of=DAY, payee="corporation").to_rows()
    assert len(rows) == 5
    assert rows[0]["importer"] == "**-*****2501"
    assert rows[0]["cape_closes"] is not None
    assert rows[3]["cape_closes"] is None
    assert {row.keys() == rows[0].keys() for row in rows} == {True}
    empty = estimate_portfolio([], as_of=DAY, payee="corporation")
    assert empty.totals.refund == 0


def test_the_same_entry_twice_is_refused() -> None:
    with pytest.raises(InputError, match="ABC-1234567-6 is given twice"):
        estimate_portfolio([BOOK[3], BOOK[3]], as_of=DAY, payee="corporation")
