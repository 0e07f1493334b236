"""One hypothesis on how an interest figure was computed, and its sentence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from ieeparefund.law.rate_bands import RateClass
from ieeparefund.money import exactly, format_dollars, from_cents
from ieeparefund.refunds.hypotheses import Rank, departure, rank
from ieeparefund.refunds.trace_axes import Compounding, DayBasis, DayEnds, Netting, RateRule
from ieeparefund.refunds.trace_search import Cell, Departures

__all__ = ["InterestHypothesis", "hypothesis"]

_OF = {
    RateClass.CORPORATION: "for corporations",
    RateClass.OTHER: "for others",
    RateClass.UNDERPAYMENT: "for underpayments",
}
# Axes a sentence does not tell by the phrase of the departure: they are woven in.
_WOVEN = ("rate", "start", "shift", "end")


@dataclass(frozen=True, slots=True)
class InterestHypothesis:
    """One set of assumptions with the interest it gives. Amounts are dollars.

    `departures` are the ids of what differs from the law (see `DEPARTURES`); the law itself has none.
    `also` holds the other sets of as few departures that come to the very same computation on these facts,
    such as the rate for underpayments where it equals the rate for others. `annual_rates` are in per cent, in
    order of days, each change once. `start` and `end` are the days of the events, `start_why` and `end_why`
    say which; `day_ends` says which of the two earn. `difference` is paid less `amount`: zero for a match.
    """

    departures: Departures
    also: tuple[Departures, ...]
    rate_class: RateClass
    rate_rule: RateRule
    annual_rates: tuple[Decimal, ...]
    start: dt.date
    start_why: str
    end: dt.date
    end_why: str
    day_ends: DayEnds
    day_basis: DayBasis
    compounding: Compounding
    netting: Netting
    principal: Decimal
    amount: Decimal
    difference: Decimal

    @property
    def rank(self) -> Rank:
        """The sort key among hypotheses: fewest departures first, then their weights, then a fixed order."""
        return rank(self.departures)

    @property
    @exactly
    def sentence(self) -> str:
        """The hypothesis in one plain sentence."""
        if not self.difference:
            subject = "The paid figure"
        else:
            side = "below" if self.difference > 0 else "above"
            distance = format_dollars(abs(self.difference))
            subject = f"{format_dollars(self.amount)}, {distance} {side} the paid figure,"
        if not self.departures:
            return (
                f"{subject} is the law's own: {self._subject(False)} {_OF[self.rate_class]}, after "
                f"{self.start} through {self.end}, compounded daily."
            )
        phrases = {departure(one).axis: departure(one).phrase for one in self.departures}
        text = f"{subject} is {self._subject('rate' in phrases)}"
        if "start" in phrases or "shift" in phrases:
            text += f" from {self.start_why}"
        if "end" in phrases:
            text += f" to {self.end_why}"
        if not phrases.keys() & {"start", "shift", "end"}:
            text += " on the same dates"
        rest = [phrase for axis, phrase in phrases.items() if axis not in _WOVEN]
        return ", ".join([text, *rest]) + "."

    def _subject(self, departs: bool) -> str:
        if not self.annual_rates:
            return "no day's interest"
        word = "rate" if len(self.annual_rates) == 1 else "rates"
        if departs:
            return f"the {self._rates()} {word} {_OF[self.rate_class]}"
        return f"the law's {word} of {self._rates()}"

    def _rates(self) -> str:
        *others, last = [f"{rate.normalize():f}" for rate in self.annual_rates]
        return f"{', '.join(others)} and {last} %" if others else f"{last} %"


def hypothesis(cell: Cell, paid_cents: int) -> InterestHypothesis:
    """Return a computation of the search as the hypothesis it is by its cheapest reading."""
    departures, *also = cell.departures()
    reading, rates = cell.pair.readings[0], cell.choice.readings[0]
    return InterestHypothesis(
        departures,
        tuple(also),
        rates.rate_class,
        rates.rule,
        tuple(rate for rate, _ in groupby(cell.choice.rates[cell.segments])),
        reading.start.day,
        reading.start.why,
        reading.end.day,
        reading.end.why,
        reading.day_ends,
        cell.basis[0],
        cell.method[0],
        cell.netting,
        from_cents(cell.principal_cents),
        from_cents(cell.cents),
        from_cents(paid_cents - cell.cents),
    )
