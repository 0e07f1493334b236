"""Hypothesis strategies for entries and their parts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from ieeparefund.entries.codes import (
    AdCvdStatus,
    EntryType,
    LiquidationStatus,
    ProtestStatus,
    SummaryStatus,
)
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit

__all__ = ["dates", "dollars", "entries", "entry_lines", "entry_numbers", "flags", "tariff_lines"]

NUMBERS = (
    "9903.01.01",
    "9903.01.10",
    "9903.01.24",
    "9903.01.25",
    "9903.01.26",
    "9903.01.33",
    "9903.01.63",
    "9903.01.77",
    "9903.02.09",
    "9903.02.19",
    "9903.02.20",
    "9903.02.69",
    "9903.02.73",
    "9903.03.01",
    "9903.88.03",
    "9903.94.05",
    "8471.30.01.00",
    "3926.90.99.89",
    "0901.11.00.25",
)


def dates(first: str = "2025-02-01", last: str = "2026-02-28") -> st.SearchStrategy[dt.date]:
    """Days from `first` to `last`, both included."""
    return st.dates(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def dollars(largest: int = 10**7) -> st.SearchStrategy[Decimal]:
    """Amounts from zero to `largest` dollars with two places."""
    return st.integers(0, largest * 100).map(lambda cents: Decimal(cents).scaleb(-2))


def flags() -> st.SearchStrategy[bool | None]:
    """Known true, known false, unknown."""
    return st.sampled_from([True, False, None])


@st.composite
def entry_numbers(draw: st.DrawFn) -> EntryNumber:
    """Entry numbers whose check digit holds."""
    filer = draw(st.from_regex(r"(?!000)[0-9A-Z]{3}", fullmatch=True))
    digits = draw(st.integers(0, 9_999_999))
    ten = f"{filer}{digits:07d}"
    return EntryNumber(f"{ten}{entry_check_digit(ten)}")


def tariff_lines() -> st.SearchStrategy[TariffLine]:
    """Tariff rows of IEEPA headings, look-alikes and ordinary numbers."""
    return st.builds(
        TariffLine,
        st.sampled_from(NUMBERS),
        st.one_of(st.none(), dollars()),
        st.one_of(st.none(), dollars(), dollars(100).map(lambda amount: -amount)),
    )


@st.composite
def entry_lines(draw: st.DrawFn, number: int = 1) -> EntryLine:
    """A line with one to five tariff rows."""
    return EntryLine(
        number,
        draw(st.sampled_from(["CN", "HK", "CA", "XC", "MX", "BR", "IN", "DE", "JP", "KR", "VN", None])),
        draw(st.lists(tariff_lines(), min_size=1, max_size=5)),
        special_program=draw(st.sampled_from([None, "S", "KR"])),
    )


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Entries in any state, with any facts known or unknown."""
    entered = draw(dates())
    liquidation = draw(st.one_of(st.none(), st.dates(entered, dt.date(2027, 6, 30))))
    again = None
    if liquidation is not None and draw(st.integers(0, 5)) == 0:
        again = draw(st.dates(liquidation, liquidation + dt.timedelta(days=90)))
    count = draw(st.integers(0, 3))
    return Entry(
        draw(entry_numbers()),
        draw(st.sampled_from(EntryType)),
        entered,
        [draw(entry_lines(line)) for line in range(1, count + 1)],
        importer=draw(st.sampled_from([None, "75-419312501", "12-345678900"])),
        deposit_date=draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=60)))),
        entry_summary_date=draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=20)))),
        liquidation_date=liquidation,
        liquidation_status=draw(st.one_of(st.none(), st.sampled_from(LiquidationStatus))),
        summary_status=draw(st.one_of(st.none(), st.sampled_from(SummaryStatus))),
        statement_paid=draw(flags()),
        protest=draw(st.one_of(st.none(), st.sampled_from(ProtestStatus))),
        ad_cvd=draw(st.one_of(st.none(), st.sampled_from(AdCvdStatus))),
        reconciliation_flagged=draw(flags()),
        reconciliation_filed=draw(flags()),
        reconciliation_due=draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=640)))),
        on_drawback_claim=draw(flags()),
        paid_by_surety=draw(flags()),
        correction_pending=draw(flags()),
        in_ace=draw(flags()),
        cape_accepted_on=draw(st.one_of(st.none(), st.none(), dates("2026-04-20", "2027-01-31"))),
        reliquidation_date=again,
        already_refunded=draw(st.one_of(st.just(Decimal("0.00")), dollars(10_000))),
        other_adjustments=draw(st.one_of(st.just(Decimal("0.00")), dollars(10_000))),
    )
