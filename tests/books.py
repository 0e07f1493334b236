"""Books of entries that are simple to reason about, for tests of declarations and payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund

__all__ = ["DAY", "book", "entry", "estimate", "number"]

DAY = dt.date(2026, 5, 15)


def number(count: int, filer: str = "ZT4") -> EntryNumber:
    """The entry number with that running number and its check digit."""
    ten = f"{filer}{count:07d}"
    return EntryNumber(f"{ten}{entry_check_digit(ten)}")


def entry(count: int = 1, duty: str = "1000.00", **changes: Any) -> Entry:
    """An unliquidated entry with one IEEPA row that CAPE takes, with `changes`."""
    facts: dict[str, Any] = {
        "number": number(count),
        "entry_type": "01",
        "entry_date": dt.date(2025, 8, 11),
        "lines": [
            EntryLine(
                1, "VN", [TariffLine("9903.02.69", 0, Decimal(duty)), TariffLine("8471300100", 5000, 0)]
            )
        ],
        "importer": "12-345678900",
        "deposit_date": dt.date(2025, 8, 25),
        "liquidation_status": "unliquidated",
        "protest": "none",
        "on_drawback_claim": False,
        "paid_by_surety": False,
        "statement_paid": True,
        "correction_pending": False,
    }
    return Entry(**(facts | changes))


def estimate(made: Entry | None = None, *, as_of: dt.date = DAY, **changes: Any) -> RefundEstimate:
    """The estimate of an entry for a corporation."""
    return estimate_refund(made if made is not None else entry(**changes), as_of=as_of, payee="corporation")


def book(count: int, **changes: Any) -> list[RefundEstimate]:
    """Estimates of `count` entries with running numbers."""
    return [estimate(entry(place, **changes)) for place in range(1, count + 1)]
