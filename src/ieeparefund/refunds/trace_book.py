"""Prove the interest of a whole book: the one set of assumptions that explains most of the paid figures.

A single figure can be matched by chance; the same few assumptions matching entry after entry cannot. What is
compared are sets of departures, named by event and not by date, so that they mean the same for every entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ieeparefund.errors import FieldError, IeepaRefundError
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.hypotheses import departure, rank
from ieeparefund.refunds.trace import check_options, search_case
from ieeparefund.refunds.trace_case import InterestCase
from ieeparefund.refunds.trace_search import Departures

__all__ = ["AssumptionSet", "BookTrace", "explain_interest_book"]


@dataclass(frozen=True, slots=True)
class AssumptionSet:
    """One set of departures from the law (none: the law itself) and the entries it does and does not explain.

    An entry is explained if the set gives its paid cents. One that could not be traced is in neither list.
    """

    departures: Departures
    explained: tuple[InterestCase, ...]
    unexplained: tuple[InterestCase, ...]

    @property
    def sentence(self) -> str:
        """The set and its count in one plain sentence."""
        explained = len(self.explained)
        count = f"{explained:,} of {explained + len(self.unexplained):,} paid figures"
        if not self.departures:
            return f"{count}: the law's own computation."
        phrases = {departure(one).axis: departure(one).phrase for one in self.departures}
        shift = phrases.pop("shift", None)
        if shift is not None:
            phrases["start"] = (
                f"{shift} {phrases.get('start', 'from the deposit date').removeprefix('from ')}"
            )
        return f"{count}: the law's computation but {'; '.join(phrases.values())}."


@dataclass(frozen=True, slots=True)
class BookTrace:
    """What explains a book of interest payments.

    `ranking` holds the sets of assumptions that explain most entries; of two that explain as many the one
    nearer to the law comes first, and a set is left out where a part of it explains the same. `unexplained`
    are the entries no set of the search explains, `problems` those that could not be traced, each with the
    reason.
    """

    ranking: tuple[AssumptionSet, ...]
    by_law: AssumptionSet
    unexplained: tuple[InterestCase, ...]
    problems: tuple[tuple[InterestCase, str], ...]

    @property
    def best(self) -> AssumptionSet | None:
        """The set that explains most entries, `None` where nothing explains any."""
        return self.ranking[0] if self.ranking else None


def explain_interest_book(
    cases: Iterable[InterestCase],
    *,
    rates: RateTable = PUBLISHED_RATES,
    window_days: int = 3,
    most_departures: int = 2,
    limit: int = 10,
) -> BookTrace:
    """Return the sets of assumptions that explain most entries of a book, `limit` of them at most.

    `rates`, `window_days` and `most_departures` as in `explain_interest`. Where most of the book is paid by
    the law, trace `by_law.unexplained` once more: its best set tells what went wrong with the rest. An entry
    whose facts cannot be traced is listed in `problems` and hides no other.

    Raises `FieldError` for a book without entries, for a `limit` below one and for a window or a number of
    departures out of range.
    """
    book = tuple(cases)
    if not book or limit < 1:
        raise FieldError(
            f"the book has {len(book)} entries and the limit is {limit}.", remedy="Pass one at least of each."
        )
    check_options(window_days, most_departures)
    traced: list[InterestCase] = []
    problems: list[tuple[InterestCase, str]] = []
    found: dict[Departures, list[int]] = {}
    unexplained: list[InterestCase] = []
    for case in book:
        try:
            _, search = search_case(case, rates, window_days, most_departures)
        except IeepaRefundError as error:
            problems.append((case, str(error)))
            continue
        sets = {departures for cell in search.found for departures in cell.departures(most_departures)}
        for departures in sets:
            found.setdefault(departures, []).append(len(traced))
        if not sets:
            unexplained.append(case)
        traced.append(case)
    ranking = [_assumption_set(departures, found[departures], traced) for departures in _ranked(found, limit)]
    by_law = _assumption_set((), found.get((), []), traced)
    return BookTrace(tuple(ranking), by_law, tuple(unexplained), tuple(problems))


def _ranked(found: dict[Departures, list[int]], limit: int) -> list[Departures]:
    kept: list[Departures] = []
    for departures in sorted(found, key=lambda one: (-len(found[one]), rank(one))):
        # A part that explains as much stands before it, for it is nearer to the law.
        if not any(
            set(part) <= set(departures) and set(found[departures]) <= set(found[part]) for part in kept
        ):
            kept.append(departures)
            if len(kept) == limit:
                break
    return kept


def _assumption_set(
    departures: Departures, explained: Sequence[int], traced: Sequence[InterestCase]
) -> AssumptionSet:
    places = set(explained)
    return AssumptionSet(
        departures,
        tuple(traced[place] for place in explained),
        tuple(case for place, case in enumerate(traced) if place not in places),
    )
