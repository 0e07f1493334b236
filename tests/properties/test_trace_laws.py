"""Laws of the interest trace, against a day-by-day recomputation in exact fractions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.trace_oracle import Facts, axes_of, dollars, figure

from ieeparefund.money import to_cents
from ieeparefund.refunds.hypotheses import rank
from ieeparefund.refunds.trace import InterestCase, InterestTrace, explain_interest
from ieeparefund.refunds.trace_book import explain_interest_book
from ieeparefund.refunds.trace_result import InterestHypothesis

FIRST = dt.date(2025, 2, 4)
DAYS = dt.timedelta(days=1)


def some(strategy: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), strategy)


@st.composite
def facts(draw: st.DrawFn, known: bool = False) -> Facts:
    """Payments on IEEPA entries; with `known` every optional fact is there."""
    maybe = (lambda one: one) if known else some

    def after(day: dt.date, least: int, most: int) -> dt.date | None:
        days = draw(maybe(st.integers(least, most)))
        return None if days is None else day + days * DAYS

    entered = FIRST + draw(st.integers(0, 330)) * DAYS
    deposited = entered + draw(st.integers(0, 50)) * DAYS
    # The last days leave room for what lies after, up to the end of the rates.
    liquidated = max(deposited, entered + draw(st.integers(0, 540)) * DAYS)
    liquidated = min(liquidated, dt.date(2026, 9, 1))
    reliquidated = after(liquidated, 0, 20)
    end = reliquidated or liquidated
    # Below ten dollars thousands of hypotheses share each cent, which tells nothing and takes long.
    principal = draw(st.integers(1_000, 10**9))
    return Facts(
        principal,
        deposited,
        liquidated,
        draw(st.sampled_from(["corporation", "other"])),
        entry_date=draw(maybe(st.just(entered))),
        entry_summary_date=after(entered, 0, 14),
        reliquidated=reliquidated,
        certified=after(end, 0, 20),
        paid_on=after(end, 0, 60),
        netted=draw(maybe(st.integers(0, 2 * principal))),
    )


@st.composite
def assumptions(draw: st.DrawFn, payee: str, most: int) -> tuple[str, ...]:
    """Sets of at most `most` departures, one an axis."""
    axes = axes_of(payee)
    chosen = draw(st.sets(st.integers(0, len(axes) - 1), max_size=most))
    return tuple(draw(st.sampled_from(axes[place][1:])) for place in sorted(chosen))


def trace(facts: Facts, paid: int, **options: int) -> InterestTrace:
    return explain_interest(dollars(paid), dollars(facts.principal), **facts.keywords(), **options)  # type: ignore[arg-type]  # the keywords are of many kinds


@given(st.data())
def test_a_figure_of_any_hypothesis_is_found_again_with_as_few_departures(data: st.DataObject) -> None:
    known = data.draw(facts(known=True))
    departures = data.draw(assumptions(known.payee, 4))
    paid = figure(known, departures)
    if paid is None:
        # A date pair out of order: there is nothing to find.
        return
    found = trace(known, paid)
    assert found.best is not None
    assert found.best.rank <= rank(departures)
    assert found.nearest is None


@given(st.data())
def test_every_match_gives_the_paid_cents_when_recomputed_day_by_day(data: st.DataObject) -> None:
    known = data.draw(facts())
    departures = data.draw(assumptions(known.payee, 3))
    paid = figure(known, departures)
    if paid is None:
        return
    found = trace(known, paid, most_departures=3)
    matches = found.matches if len(found.matches) < 12 else (*found.matches[:6], *found.matches[-6:])
    for match in matches:
        assert figure(known, match.departures) == paid == to_cents(match.amount)
        for other in match.also[:3]:
            assert len(other) == len(match.departures)
            assert figure(known, other) == paid


@given(facts())
def test_the_figure_of_the_law_is_ranked_first_without_a_departure(known: Facts) -> None:
    paid = figure(known, ())
    assert paid is not None
    found = trace(known, paid)
    assert found.expected.amount * 100 == paid
    assert found.difference == 0
    assert found.best is not None
    assert found.best.departures == ()
    assert (
        found.best.sentence.startswith("The paid figure is the law's own")
        or known.deposited == found.best.end
    )
    assert found.minimal == (found.best,)


@given(facts(), st.integers(0, 10**8))
def test_matches_are_ranked_exact_and_told_apart(known: Facts, paid: int) -> None:
    found = trace(known, paid)
    assert list(found.matches) == sorted(found.matches, key=lambda one: (one.rank, one.start, one.end))
    assert len({one.departures for one in found.matches}) == len(found.matches)
    assert set(found.minimal) <= set(found.matches)
    assert all(one.difference == 0 and one.amount * 100 == paid for one in found.matches)
    assert (found.nearest is None) == bool(found.matches)
    assert all(one <= two for one, two in pairwise(found.reachable))
    assert all(0 <= found.chance(count) <= 1 for count in range(5))
    assert found.chance(4) > 0 or not found.matches
    for match in (*found.matches[:3], found.nearest):
        if match is not None:
            assert match.sentence.endswith(".")
            assert match.amount + match.difference == found.case.paid
    assert found.explain()


@given(facts(), st.integers(0, 10**6))
def test_the_nearest_figure_is_as_near_as_any_simple_one(known: Facts, paid: int) -> None:
    found = trace(known, paid)
    if found.nearest is None:
        return
    reached = figure(known, found.nearest.departures)
    assert reached is not None
    assert found.nearest.difference * 100 == paid - reached != 0
    for axis in axes_of(known.payee):
        for departure in axis[:3]:
            other = figure(known, (departure,) if departure else ())
            assert other is None or abs(paid - other) >= abs(paid - reached)


def computation(found: InterestHypothesis) -> InterestHypothesis:
    """A match without the words for how it departs from the law."""
    return replace(found, departures=(), also=(), start_why="", end_why="")


@given(facts(), st.integers(0, 10**7), st.integers(0, 2))
@example(Facts(1303, FIRST, FIRST, "other", None, dt.date(2025, 2, 5), dt.date(2025, 2, 12)), 2, 2)
def test_a_wider_search_keeps_what_a_narrow_one_found(known: Facts, paid: int, most: int) -> None:
    narrow = trace(known, paid, most_departures=most, window_days=1)
    wide = trace(known, paid, most_departures=most + 1)
    assert narrow.tried < wide.tried
    # A wider search may come to the same computation by fewer departures, such as one shift of two days.
    fewest = {computation(one): len(one.departures) for one in wide.matches}
    for one in narrow.matches:
        assert fewest[computation(one)] <= len(one.departures)


@settings(max_examples=15)
@given(st.data())
def test_a_book_computed_in_one_way_is_explained_by_it_or_a_simpler_one(data: st.DataObject) -> None:
    payee = data.draw(st.sampled_from(["corporation", "other"]))
    departures = data.draw(assumptions(payee, 2))
    cases = []
    for known in data.draw(st.lists(facts(known=True), min_size=2, max_size=5)):
        paid = figure(known, departures) if known.payee == payee else None
        if paid is not None:
            cases.append(
                InterestCase(dollars(paid), dollars(known.principal), **known.keywords(), id=str(len(cases)))  # type: ignore[arg-type]  # the keywords are of many kinds
            )
    if not cases:
        return
    found = explain_interest_book(cases)
    assert found.best is not None
    assert found.best.explained == tuple(cases)
    assert found.best.unexplained == found.unexplained == found.problems == ()
    assert rank(found.best.departures) <= rank(departures)
    assert len(found.by_law.explained) + len(found.by_law.unexplained) == len(cases)
