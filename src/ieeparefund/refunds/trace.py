"""Prove the interest: under which assumptions does the law's computation give what CBP paid?

CBP publishes neither its day count nor its rounding, and pays interest without showing how it came about.
This module tries every combination of plausible assumptions (`ieeparefund.refunds.hypotheses`) and returns
those that give the paid figure to the cent, the fewest departures from the law first. A match is no proof of
what CBP did: `InterestTrace.chance` says how easily an arbitrary figure would have been matched.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError
from ieeparefund.law.interest import Interest, interest
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import Money, exactly, format_dollars, to_cents
from ieeparefund.refunds.trace_case import InterestCase
from ieeparefund.refunds.trace_result import InterestHypothesis, hypothesis
from ieeparefund.refunds.trace_search import NEIGHBOURHOOD_CENTS, Search

__all__ = ["InterestCase", "InterestHypothesis", "InterestTrace", "explain_interest", "trace_case"]

MOST_DEPARTURES = 4
_LONGEST_WINDOW = 30
_HIGHEST_MOST = 9


@dataclass(frozen=True)
class InterestTrace:
    """What a paid interest figure can and cannot be explained by. Amounts are dollars.

    `expected` is the interest by the law, `difference` the paid figure less it: above zero CBP paid too much.
    `matches` are all hypotheses that give the paid cents, nearest to the law first; where there are none,
    `nearest` is the one whose figure comes closest. `tried` counts the hypotheses, no two of which share
    days, rates, length of the year, way of adding up and principal; `reachable[n]` counts the different
    figures within a dollar of the paid one that come of at most `n` departures. `left_out` names dates that
    could not be used, and why.
    """

    case: InterestCase
    expected: Interest
    difference: Decimal
    matches: tuple[InterestHypothesis, ...]
    nearest: InterestHypothesis | None
    tried: int
    reachable: tuple[int, ...]
    left_out: tuple[str, ...]

    @property
    def best(self) -> InterestHypothesis | None:
        """The match nearest to the law, `None` where nothing matches."""
        return self.matches[0] if self.matches else None

    @cached_property
    @exactly
    def minimal(self) -> tuple[InterestHypothesis, ...]:
        """The matches of which no part would do: those with a departure that changes no cent are left out."""
        found: list[tuple[frozenset[str], InterestHypothesis]] = []
        for match in self.matches:
            departures = frozenset(match.departures)
            # Matches come by rank, so every smaller set has been seen before.
            if not any(earlier <= departures for earlier, _ in found):
                found.append((departures, match))
        return tuple(match for _, match in found)

    @exactly
    def chance(self, departures: int) -> Decimal:
        """Return the share of figures within a dollar of the paid one that so many departures can reach.

        From 0 to 1, two places, rounded up: near 0 a match tells something, near 1 nothing, since almost any
        figure would have matched. Raises `FieldError` beyond the departures searched.
        """
        if not 0 <= departures < len(self.reachable):
            raise FieldError(
                f"departures is {departures}; the search went from 0 to {len(self.reachable) - 1}.",
                remedy="Pass more as most_departures of explain_interest.",
            )
        return Decimal(-(-100 * self.reachable[departures] // self._figures)).scaleb(-2)

    @property
    def _figures(self) -> int:
        """How many figures lie within a dollar of the paid one, itself counted, none below zero."""
        return NEIGHBOURHOOD_CENTS + 1 + min(to_cents(self.case.paid), NEIGHBOURHOOD_CENTS)

    @exactly
    def explain(self, limit: int = 5) -> str:
        """Return the outcome as lines of text: the law's figure, then the `limit` nearest minimal matches."""
        case, law = self.case, self.expected
        lines = [
            f"Paid {format_dollars(case.paid)}; by the law {format_dollars(law.amount)} on "
            f"{format_dollars(case.principal)}, after {law.deposited} through {law.liquidated} "
            f"({case.payee}). {_difference(self.difference)}"
        ]
        for match in self.minimal[:limit]:
            count = len(match.departures)
            lines.append(
                f"{_departures(count)}: {match.sentence} (With as few, {self.reachable[count]} of the "
                f"{self._figures} figures within a dollar can be had.)"
            )
        if len(self.minimal) > limit:
            lines.append(f"{len(self.minimal) - limit} more matches stand in `minimal`.")
        if self.nearest is not None:
            lines.append(f"None of {self.tried:,} hypotheses gives the paid figure. {self.nearest.sentence}")
        lines += [f"Left out: {text}" for text in self.left_out]
        return "\n".join(lines)


@exactly
def explain_interest(
    paid: Money,
    principal: Money,
    *,
    deposited: dt.date,
    liquidated: dt.date,
    payee: Payee | str,
    entry_date: dt.date | None = None,
    entry_summary_date: dt.date | None = None,
    reliquidated: dt.date | None = None,
    certified: dt.date | None = None,
    paid_on: dt.date | None = None,
    netted: Money | None = None,
    rates: RateTable = PUBLISHED_RATES,
    window_days: int = 3,
    most_departures: int = MOST_DEPARTURES,
) -> InterestTrace:
    """Return every set of assumptions under which `principal` bears exactly `paid`, nearest to the law first.

    `paid` and `principal` are dollars, the dates as in `InterestCase`; by the law interest runs from
    `deposited` (not counted) to `liquidated` or, where given, `reliquidated` (counted). `window_days` is how
    many working days either way each possible start is moved (0 to 30), `most_departures` how many departures
    from the law a hypothesis may take (0 to 9). Rates that `rates` marks as inferred or projected are taken
    as they are, and can be the reason of a difference too.

    Raises `FieldError` for facts that cannot be (see `InterestCase`) or a liquidation before the deposit,
    `RateNotPublishedError` where the law's own days have no rate. Dates that only a hypothesis would need and
    that have none are named in `left_out`. The definitions of all assumptions are `DEPARTURES`.

    >>> found = explain_interest("2405.15", "50000.00", deposited=dt.date(2025, 6, 20),
    ...                          liquidated=dt.date(2026, 2, 20), payee="corporation")
    >>> found.expected.amount, found.difference
    (Decimal('2054.63'), Decimal('350.52'))
    >>> found.best.sentence
    'The paid figure is the 7 % rate for others on the same dates.'
    """
    case = InterestCase(
        paid,
        principal,
        deposited=deposited,
        liquidated=liquidated,
        payee=payee,
        entry_date=entry_date,
        entry_summary_date=entry_summary_date,
        reliquidated=reliquidated,
        certified=certified,
        paid_on=paid_on,
        netted=netted,
    )
    return trace_case(case, rates=rates, window_days=window_days, most_departures=most_departures)


@exactly
def trace_case(
    case: InterestCase,
    *,
    rates: RateTable = PUBLISHED_RATES,
    window_days: int = 3,
    most_departures: int = MOST_DEPARTURES,
) -> InterestTrace:
    """Do as `explain_interest` does, for facts that stand in an `InterestCase` already."""
    check_options(window_days, most_departures)
    expected, found = search_case(case, rates, window_days, most_departures)
    paid = to_cents(case.paid)
    matches = sorted((hypothesis(cell, paid) for cell in found.found), key=_order)
    nearest = None
    if not matches:
        nearest = min((hypothesis(cell, paid) for cell in found.nearest()), key=_order)
    return InterestTrace(
        case,
        expected,
        case.paid - expected.amount,
        tuple(matches),
        nearest,
        found.tried,
        found.reachable,
        tuple(found.left_out),
    )


def search_case(
    case: InterestCase, rates: RateTable, window_days: int, most_departures: int
) -> tuple[Interest, Search]:
    """Return the interest by the law, and the search over all assumptions. Options are checked before."""
    expected = interest(
        case.principal, deposited=case.deposited, liquidated=case.end, payee=case.payee, rates=rates
    )
    if case.deposited == case.end:
        # No day bears interest, so `interest` asks no rate; the other hypotheses need one.
        rates.at(case.deposited)
    return expected, Search(case, rates, window_days, most_departures)


def check_options(window_days: int, most_departures: int) -> None:
    """Refuse a window or a number of departures out of range."""
    _check_whole(window_days, "window_days", _LONGEST_WINDOW)
    _check_whole(most_departures, "most_departures", _HIGHEST_MOST)


def _order(match: InterestHypothesis) -> tuple[object, ...]:
    return match.rank, match.start, match.end, match.departures


def _check_whole(value: int, name: str, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise FieldError(
            f"{name} is {value!r}.",
            remedy=f"Pass a whole number from 0 to {most}.",
            column=name,
            value=str(value),
        )


def _departures(count: int) -> str:
    return "By the law" if not count else f"{count} departure{'s' if count > 1 else ''}"


def _difference(difference: Decimal) -> str:
    if not difference:
        return "They agree."
    return f"{format_dollars(abs(difference))} too {'much' if difference > 0 else 'little'}."
