"""Until when interest runs: the (re)liquidation CAPE leads to, or the day of the question (19 USC 1505(c))."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.law.clocks import clock_end
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.interest import Interest, interest
from ieeparefund.law.rates import RateTable
from ieeparefund.law.working_days import next_working_day

__all__ = ["InterestEnd", "accrue", "end_of_interest"]


@dataclass(frozen=True, slots=True)
class InterestEnd:
    """The last day that earns interest; `open_ended` where no (re)liquidation date is known or foreseen."""

    date: dt.date
    reason: str
    open_ended: bool
    assumed: bool


def end_of_interest(
    entry: Entry, outcome: Outcome, *, as_of: dt.date, liquidated_on: dt.date | None = None
) -> InterestEnd:
    """Return the end of interest for an entry with this outcome on `as_of`.

    In this order: the known reliquidation date; the date the caller gives; for an accepted entry 45 days
    after acceptance if unliquidated, the next working day after acceptance (never past day 90 of 19 USC 1501)
    if liquidated; otherwise `as_of`, open-ended.
    """
    if entry.reliquidation_date is not None:
        return InterestEnd(
            entry.reliquidation_date, "the reliquidation date", open_ended=False, assumed=False
        )
    if liquidated_on is not None:
        return InterestEnd(liquidated_on, "the (re)liquidation date given", open_ended=False, assumed=True)
    if outcome is not Outcome.ACCEPTED:
        return InterestEnd(
            as_of, "the day of the question; no (re)liquidation is in sight", open_ended=True, assumed=True
        )
    accepted = entry.cape_accepted_on or as_of
    if entry.liquidation_date is None or entry.liquidation_date > as_of:
        return InterestEnd(
            clock_end("cape_unliquidated", accepted),
            f"45 days after acceptance on {accepted}",
            open_ended=False,
            assumed=True,
        )
    limit = clock_end("voluntary_reliquidation", entry.liquidation_date)
    following = next_working_day(accepted)
    if following > limit:
        return InterestEnd(
            limit, "day 90 after liquidation, the last for a reliquidation", open_ended=False, assumed=True
        )
    return InterestEnd(
        following, f"the working day after acceptance on {accepted}", open_ended=False, assumed=True
    )


def accrue(
    principal: Decimal, *, deposited: dt.date, ends: dt.date, payee: Payee, rates: RateTable
) -> Interest:
    """Return the interest on `principal` after `deposited` through `ends`, projecting `rates` where they stop.

    Days past the rate table earn its last rate and are marked projected. An end before the deposit earns
    nothing.
    """
    ends = max(deposited, ends)
    if ends > rates.last_day:
        # To the end of the year, so that a whole book shares one longer table.
        rates = rates.projected(dt.date(ends.year, 12, 31))
    return interest(principal, deposited=deposited, liquidated=ends, payee=payee, rates=rates)
