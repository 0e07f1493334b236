"""Strategies for lines and entries as they are filed: headings in force, at their rates, in both all-in styles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ieeparefund.entries.codes import EntryType, LiquidationStatus, Payee, ProtestStatus
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.headings import Heading, HeadingKind, country_headings
from ieeparefund.money import ZERO, round_to_cents
from ieeparefund.testing.drawing import st
from ieeparefund.testing.entry_parts import entry_numbers
from ieeparefund.testing.law_days import dates

__all__ = ["filed_entries", "filed_lines"]

_ORIGINS = ("CN", "HK", "CA", "MX", "BR", "IN", "DE", "JP", "KR", "CH", "VN", "AU")
# Ordinary numbers, none of goods that a programme leaves out, and rates below and above the all-in 15 per cent.
_GOODS = ("8471.30.01.00", "6110.20.20.79", "4202.92.31.31")
_ORDINARY_RATES = ("0", "2.5", "7.5", "14.9", "15", "17.6")
_ALL_IN = Decimal(15)


def _share(value: int, per_cent: Decimal) -> Decimal:
    return round_to_cents(value * per_cent / 100)


def _rows_filed(origin: str, entered: dt.date, ordinary: Decimal) -> list[Heading]:
    rows = country_headings(origin, entered)
    # An all-in pair stands in for the rate its programme had before; one of the two is for these goods.
    capped = {row.programme for row in rows if row.kind is HeadingKind.CAP}
    return [
        row
        for row in rows
        if (row.kind is HeadingKind.CAP and row.is_all_in is (ordinary < _ALL_IN))
        or (row.programme not in capped and (row.kind is HeadingKind.EXEMPTION or row.rate))
    ]


@st.composite
def filed_lines(draw: st.DrawFn, entered: dt.date, number: int = 1) -> EntryLine:
    """A line as a filer would have filed it on `entered`, with its ordinary rate known.

    Every heading that the origin asks for on that day is there, at its rate of a value in whole dollars: duty
    headings, the heading that takes Canadian and Mexican goods out of the reciprocal duty with 0.00, section 301
    first on goods of China, and all-in headings in one of the styles in use (the whole 15 per cent on the heading
    and nothing on the ordinary number, or the difference only; 0.00 where the ordinary rate is 15 or more). So
    `check_line` never disagrees with one. Goods that programmes leave out are not among them.
    """
    origin = draw(st.sampled_from(_ORIGINS))
    value = draw(st.one_of(st.integers(1, 10**6), st.sampled_from([1, 2, 3, 7, 33, 667])))
    ordinary = Decimal(draw(st.sampled_from(_ORDINARY_RATES)))
    base = _share(value, ordinary)
    tariffs = [TariffLine("9903.88.03", 0, _share(value, Decimal(25)))] if origin in ("CN", "HK") else []
    for row in _rows_filed(origin, entered, ordinary):
        duty = _share(value, row.rate or ZERO)
        if row.is_all_in:
            whole = _share(value, _ALL_IN)
            if draw(st.booleans()):
                duty, base = whole, ZERO
            else:
                duty = whole - base
        tariffs.append(TariffLine(row.number, 0, duty))
    tariffs.append(TariffLine(draw(st.sampled_from(_GOODS)), value, base))
    return EntryLine(number, origin, tariffs, Column1Rate(ordinary))


@st.composite
def filed_entries(draw: st.DrawFn, *, entered: dt.date | None = None) -> Entry:
    """An entry of type 01, 03 or 11 with one to three `filed_lines`, and all facts known and of one piece.

    Duty was deposited within two weeks; the entry is unliquidated, extended, or liquidated on a Friday some 314
    days after entry; no protest, drawback claim, correction or reconciliation stands in the way. The payee is
    known. `entered` fixes the entry date, else it is one of the days on which IEEPA duty was collected.
    """
    day = draw(dates("2025-02-04", "2026-02-23")) if entered is None else entered
    lines = [draw(filed_lines(day, number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    status = draw(
        st.sampled_from(
            [LiquidationStatus.UNLIQUIDATED, LiquidationStatus.EXTENDED, LiquidationStatus.LIQUIDATED]
        )
    )
    liquidated = None
    if status is LiquidationStatus.LIQUIDATED:
        after = day + dt.timedelta(days=314 + draw(st.integers(-60, 60)))
        liquidated = after + dt.timedelta(days=(4 - after.weekday()) % 7)
    deposited = day + dt.timedelta(days=draw(st.integers(0, 14)))
    return Entry(
        draw(entry_numbers()),
        draw(
            st.sampled_from([EntryType.CONSUMPTION, EntryType.ANTIDUMPING_COUNTERVAILING, EntryType.INFORMAL])
        ),
        day,
        lines,
        importer="75-419312501",
        deposit_date=deposited,
        entry_summary_date=deposited,
        liquidation_date=liquidated,
        liquidation_status=status,
        summary_status="accepted",
        statement_paid=True,
        protest=ProtestStatus.NONE,
        ad_cvd="none",
        reconciliation_flagged=False,
        on_drawback_claim=False,
        paid_by_surety=False,
        correction_pending=False,
        in_ace=True,
        payee=draw(st.sampled_from(Payee)),
    )
