"""Strategies for whole entries in any state, with any facts known or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from ieeparefund.entries.codes import (
    AdCvdStatus,
    EntryType,
    LiquidationStatus,
    Payee,
    ProtestStatus,
    SummaryStatus,
)
from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.testing.drawing import st
from ieeparefund.testing.entry_parts import dollars, entry_lines, entry_numbers, flags
from ieeparefund.testing.law_days import dates

__all__ = ["entries"]

_NOTHING = Decimal("0.00")


@st.composite
def _usual_lines(draw: st.DrawFn) -> list[EntryLine]:
    return [draw(entry_lines(line)) for line in range(1, draw(st.integers(0, 3)) + 1)]


@st.composite
def _liquidations(draw: st.DrawFn, entered: dt.date, as_of: dt.date | None) -> dt.date | None:
    days = [st.none(), st.dates(entered, dt.date(2027, 6, 30))]
    if as_of is not None:
        # Days 0, 1, 79 to 81, 89 to 91, 179 to 181 before the day of the question, and the day after it.
        ago = (-1, 0, 1, 79, 80, 81, 89, 90, 91, 179, 180, 181)
        near = [day for day in (as_of - dt.timedelta(days=count) for count in ago) if day >= entered]
        days += [st.sampled_from(near)] if near else []
    return draw(st.one_of(days))


@st.composite
def entries(
    draw: st.DrawFn,
    *,
    entry_types: Sequence[EntryType] = tuple(EntryType),
    lines: st.SearchStrategy[list[EntryLine]] | None = None,
    payees: st.SearchStrategy[Payee | None] | None = None,
    as_of: dt.date | None = None,
) -> Entry:
    """Entries in any state, with each fact known or not known, entered when IEEPA duty was collected or near it.

    Dates are in an order that can happen: entry, deposit and summary, liquidation, reliquidation. Nothing else
    is: a status may contradict a date, as it does in files. `lines` draws the lines (without it none to three, on
    usual headings, that could rarely be filed), `payees` the class for interest (without it not known). With
    `as_of` many are liquidated 79, 80, 81, 90 or 180 days before that day, and the like.
    """
    entered = draw(dates())
    liquidation = draw(_liquidations(entered, as_of))
    again = None
    if liquidation is not None and draw(st.integers(0, 5)) == 0:
        again = draw(st.dates(liquidation, liquidation + dt.timedelta(days=90)))

    def soon(days: int) -> dt.date | None:
        return draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=days))))

    return Entry(
        draw(entry_numbers()),
        draw(st.sampled_from(tuple(entry_types))),
        entered,
        draw(_usual_lines() if lines is None else lines),
        importer=draw(st.sampled_from([None, "75-419312501", "12-345678900"])),
        deposit_date=soon(60),
        entry_summary_date=soon(20),
        liquidation_date=liquidation,
        liquidation_status=draw(st.one_of(st.none(), st.sampled_from(LiquidationStatus))),
        summary_status=draw(st.one_of(st.none(), st.sampled_from(SummaryStatus))),
        statement_paid=draw(flags()),
        protest=draw(st.one_of(st.none(), st.sampled_from(ProtestStatus))),
        ad_cvd=draw(st.one_of(st.none(), st.sampled_from(AdCvdStatus))),
        reconciliation_flagged=draw(flags()),
        reconciliation_filed=draw(flags()),
        reconciliation_due=soon(640),
        on_drawback_claim=draw(flags()),
        paid_by_surety=draw(flags()),
        correction_pending=draw(flags()),
        in_ace=draw(flags()),
        cape_accepted_on=draw(st.one_of(st.none(), st.none(), dates("2026-04-20", "2027-01-31"))),
        reliquidation_date=again,
        already_refunded=draw(st.one_of(st.just(_NOTHING), dollars(10_000))),
        other_adjustments=draw(st.one_of(st.just(_NOTHING), dollars(10_000))),
        payee=None if payees is None else draw(payees),
    )
