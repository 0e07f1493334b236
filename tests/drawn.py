"""Books for tests of engines: drawn ones, ones whose interest nearly rounds the other way, days on which law turns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from ieeparefund.columns.from_entries import answer_row
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.interest_factor import factor_units
from ieeparefund.law.rates import PUBLISHED_RATES
from ieeparefund.refunds.estimate import estimate_refund
from tests.books import number
from tests.differential.test_columns_estimate import wild_entries

__all__ = ["by_number", "drawn_book", "expected", "half_cent_book", "near_half_cents"]

PLACE_18 = 10**18
# A millionth of a cent.
CLOSE = 10**12
_SEARCHED = 2_000_000


@cache
def drawn_book(count: int) -> tuple[Entry, ...]:
    """Entries in any state with lines on any heading, the same at every call: for engines that start slowly."""
    found: list[Entry] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(wild_entries())
    def collect(entry: Entry) -> None:
        # Numbers of their own: some are drawn twice.
        found.append(replace(entry, number=number(len(found))))

    collect()
    return tuple(found)


def expected(book: Iterable[Entry], **terms: Any) -> list[dict[str, Any]]:
    """The scalar answers under the names of the columns."""
    return [answer_row(estimate_refund(entry, **terms)) for entry in book]


def by_number(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in order of their entry numbers, for engines that keep no order."""
    return sorted(rows, key=lambda row: row["entry_number"])


def near_half_cents(units: int, first: int) -> list[int]:
    """Principals in cents from `first` on, one at least, whose interest lies within 10^-6 of half a cent."""
    counts = np.arange(_SEARCHED, dtype=np.int64)
    high, low = divmod(units, 10**9)
    # counts * units modulo 10^18, in steps that fit int64.
    rest = (counts * high % 10**9) * 10**9 + counts * low
    rest = (rest % PLACE_18 + first * units % PLACE_18) % PLACE_18
    close = np.flatnonzero(np.abs(rest - PLACE_18 // 2) <= CLOSE)
    found = [first + int(count) for count in close]
    if not found:
        return near_half_cents(units, first + _SEARCHED)
    assert all(abs(2 * (cents * units % PLACE_18) - PLACE_18) <= 2 * CLOSE for cents in found)
    return found


def half_cent_book(deposited: dt.date, ended: dt.date, payee: str, first: int) -> list[Entry]:
    """Entries whose only fact of note is a principal that `near_half_cents` gives."""
    units = factor_units(deposited, ended, payee, PUBLISHED_RATES)
    return [
        Entry(
            number(place),
            "01",
            deposited,
            [EntryLine(1, "CN", [TariffLine("9903.01.24", 0, Decimal(cents).scaleb(-2))])],
            deposit_date=deposited,
            liquidation_status="unliquidated",
        )
        for place, cents in enumerate(near_half_cents(units, first), start=1)
    ]
