"""Examples, errors and branches of the interest trace."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal

import pytest
from tests.trace_oracle import Facts, all_sets, dollars, figure

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError, FloatMoneyError, IeepaRefundError, RateNotPublishedError
from ieeparefund.law.rate_bands import RateClass
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import to_cents
from ieeparefund.refunds.hypotheses import DEPARTURES, departure, rank
from ieeparefund.refunds.trace import InterestCase, InterestTrace, explain_interest, search_case, trace_case
from ieeparefund.refunds.trace_axes import Compounding, DayBasis, DayEnds, Netting, RateRule
from ieeparefund.refunds.trace_book import explain_interest_book
from ieeparefund.refunds.trace_dates import candidates
from ieeparefund.refunds.trace_methods import NEAR_FACTORS, exact_cents, slack
from ieeparefund.refunds.trace_rates import RateGrid

DEPOSITED, LIQUIDATED = dt.date(2025, 6, 20), dt.date(2026, 2, 20)


def explain(paid: str, principal: str = "50000.00", **facts: object) -> InterestTrace:
    known: dict[str, object] = {"deposited": DEPOSITED, "liquidated": LIQUIDATED, "payee": "corporation"}
    return explain_interest(paid, principal, **(known | facts))  # type: ignore[arg-type]  # the keywords are of many kinds


def sets(trace: InterestTrace) -> list[tuple[str, ...]]:
    return [match.departures for match in trace.minimal]


# The space.


def test_every_departure_but_the_dates_is_a_member_of_its_axis() -> None:
    law = {RateRule.OWN_QUARTER, DayEnds.END_ONLY, DayBasis.ACTUAL, Compounding.DAILY, Netting.AS_GIVEN}
    axes = {
        "rate": RateClass,
        "quarters": RateRule,
        "count": DayEnds,
        "basis": DayBasis,
        "compounding": Compounding,
        "netting": Netting,
    }
    for axis, members in axes.items():
        listed = {key.partition(":")[2] for key, one in DEPARTURES.items() if one.axis == axis}
        assert listed == {str(member) for member in members} - {str(member) for member in law}
    for one in DEPARTURES.values():
        assert one.weight in (1, 2, 3)
        assert one.meaning.endswith(".")
        assert not one.phrase.endswith(".")


def test_shifts_are_departures_too_the_nearer_the_likelier() -> None:
    assert departure("shift:+2").phrase == "from 2 working days after"
    assert departure("shift:-1").axis == "shift"
    assert [departure(f"shift:+{days}").weight for days in (1, 2, 3, 4)] == [1, 2, 3, 3]
    assert rank(("shift:+1",)) < rank(("shift:-1",)) < rank(("shift:+2",))


@pytest.mark.parametrize(
    "text", ["shift:2", "shift:+0", "shift:", "shift:+x", "rate:mine", "", "shift:+²", "compounding:daily"]
)
def test_an_unknown_departure_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="is no departure"):
        departure(text)


def test_fewer_departures_go_before_lighter_ones() -> None:
    assert rank(()) < rank(("end:deemed",)) < rank(("rate:other", "end:paid"))
    assert rank(("rate:other",)) < rank(("rate:underpayment",))


# The facts.


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"paid": "-0.01"}, "paid is -0.01; it must be zero or more"),
        ({"principal": "0.00"}, "principal is 0.00; it must be above zero"),
        ({"principal": "1.005"}, "part cents"),
        ({"payee": "underpayment"}, "not a payee class"),
        ({"deposited": None}, "deposited is None, not a date"),
        ({"paid_on": dt.datetime(2026, 3, 1)}, "paid_on is .* not a date"),  # no zone is the point
        ({"reliquidated": dt.date(2026, 2, 19)}, "reliquidated, 2026-02-19, is before liquidated"),
        ({"deposited": dt.date(2026, 2, 21)}, "liquidated, 2026-02-20, is before deposited"),
        ({"window_days": -1}, "window_days is -1"),
        ({"window_days": 31}, "from 0 to 30"),
        ({"window_days": True}, "window_days is True"),
        ({"most_departures": 10}, "from 0 to 9"),
        ({"most_departures": "2"}, "most_departures is '2'"),
    ],
)
def test_facts_that_cannot_be_are_refused(facts: dict[str, object], words: str) -> None:
    given = {"paid": "1.00", "principal": "50000.00"} | facts
    with pytest.raises(FieldError, match=words):
        explain(str(given.pop("paid")), str(given.pop("principal")), **given)


def test_floats_are_refused() -> None:
    with pytest.raises(FloatMoneyError, match="paid is the float"):
        explain_interest(1.5, "2", deposited=DEPOSITED, liquidated=LIQUIDATED, payee="other")  # type: ignore[arg-type]  # a float is the point


def test_the_law_ends_on_the_reliquidation_where_there_was_one() -> None:
    case = InterestCase(
        "1.00",
        7,
        deposited=DEPOSITED,
        liquidated=LIQUIDATED,
        reliquidated=dt.date(2026, 3, 6),
        payee="other",
        netted="-12.50",
        id="A",
    )
    assert case.end == dt.date(2026, 3, 6)
    assert case.principal == Decimal("7.00")
    assert case.netted == Decimal("12.50")
    assert pickle.loads(pickle.dumps(trace_case(case))) == trace_case(case)


def test_days_of_the_law_without_a_rate_are_refused() -> None:
    with pytest.raises(RateNotPublishedError):
        explain("1.00", liquidated=dt.date(2027, 1, 4))
    with pytest.raises(RateNotPublishedError):
        explain("0.00", deposited=dt.date(2027, 1, 4), liquidated=dt.date(2027, 1, 4))


# The search, against every hypothesis computed one by one.


@pytest.mark.parametrize(
    ("facts", "most", "paid"),
    [
        # Days of two quarters, one of 2026Q3, so that published and inferred rates differ; all facts known.
        (
            Facts(
                123_456_78,
                dt.date(2026, 5, 4),
                dt.date(2026, 7, 10),
                "corporation",
                entry_date=dt.date(2026, 4, 28),
                entry_summary_date=dt.date(2026, 5, 7),
                reliquidated=dt.date(2026, 7, 17),
                certified=dt.date(2026, 7, 22),
                paid_on=dt.date(2026, 7, 30),
                netted=23_456_00,
            ),
            2,
            [(), ("compounding:simple", "netting:less"), ("quarters:last_published",)],
        ),
        # Within one quarter and 30 days: much comes to the same. The principal is small, so much matches.
        (
            Facts(
                900_00, dt.date(2025, 9, 30), dt.date(2025, 10, 20), "other", entry_date=dt.date(2025, 9, 24)
            ),
            2,
            [(), ("count:both",), ("basis:30/360", "rate:corporation")],
        ),
        # No day between start and end.
        (
            Facts(5_000_00, dt.date(2025, 10, 1), dt.date(2025, 10, 1), "corporation"),
            2,
            [(), ("count:both",)],
        ),
        # A turn of the quarter right after the deposit.
        (Facts(10**8, dt.date(2025, 6, 30), dt.date(2025, 7, 1), "corporation"), 2, [(), ("count:neither",)]),
        # Over the end of collection, and with more netted than there is principal.
        (
            Facts(10**7, dt.date(2026, 2, 10), dt.date(2026, 4, 3), "other", netted=10**7),
            2,
            [(), ("end:2026-02-24",), ("end:2026-02-23", "netting:more")],
        ),
        (
            Facts(77_777_77, dt.date(2025, 5, 1), dt.date(2026, 8, 3), "other", paid_on=dt.date(2026, 8, 20)),
            1,
            [(), ("compounding:nine_places",), ("quarters:quarter_late",), ("end:paid",)],
        ),
    ],
)
def test_the_search_finds_exactly_the_sets_that_give_the_paid_cents(
    facts: Facts, most: int, paid: list[tuple[str, ...]]
) -> None:
    figures = {one: figure(facts, one) for one in all_sets(facts.payee, most)}
    for departures in paid:
        target = figures[tuple(departures)] if departures in figures else figure(facts, departures)
        assert target is not None
        case = InterestCase(dollars(target), dollars(facts.principal), **facts.keywords())  # type: ignore[arg-type]  # the keywords are of many kinds
        _, search = search_case(case, PUBLISHED_RATES, 3, most)
        found = [one for cell in search.found for one in cell.departures(most)]
        assert len(found) == len(set(found))
        assert set(found) == {one for one, cents in figures.items() if cents == target}
        # The neighbours, read off floats, are the figures within a dollar.
        for level, count in enumerate(search.reachable):
            near = {
                cents
                for one, cents in figures.items()
                if len(one) <= level and cents is not None and abs(cents - target) <= 100
            }
            assert abs(count - len(near)) <= 1 + len(near) // 10


def test_half_a_cent_is_decided_exactly_and_goes_up() -> None:
    # 73 days at 6 % are 1.2 %, so 1.25 bears a cent and a half, which no float can settle.
    days = {"deposited": DEPOSITED, "liquidated": DEPOSITED + dt.timedelta(days=73)}
    for paid, found in (("0.01", False), ("0.02", True)):
        _, search = search_case(
            InterestCase(paid, "1.25", payee="corporation", **days), PUBLISHED_RATES, 0, 1
        )
        sets_found = [one for cell in search.found for one in cell.departures(1)]
        assert (("compounding:simple",) in sets_found) == found


@pytest.mark.parametrize("basis", DayBasis)
@pytest.mark.parametrize("compounding", Compounding)
def test_near_and_exact_figures_of_every_way_to_add_up(compounding: Compounding, basis: DayBasis) -> None:
    first = dt.date(2023, 9, 5)
    grid = RateGrid(PUBLISHED_RATES, Payee.OTHER, first, dt.date(2026, 8, 20))
    table = grid.table(grid.choices(0, len(grid.segments) - 1)[0].rates, basis)
    departures = [f"basis:{basis}"] if basis is not DayBasis.ACTUAL else []
    departures += [f"compounding:{compounding}"] if compounding is not Compounding.DAILY else []
    # Quarter ends and starts, a leap day, the last day of the grid.
    for start, end in ((0, 26), (25, 26), (25, 117), (26, 118), (100, 700), (176, 177), (0, grid.size)):
        for principal in (1, 12_345, 10**9, 10**14 + 1):
            facts = Facts(principal, grid_day(grid, start), grid_day(grid, end), "other")
            exact = exact_cents(compounding, table, start, end, principal)
            assert exact == figure(facts, departures)
            (near,) = NEAR_FACTORS[compounding](table, [start], [end])
            assert abs(near * principal - exact) <= 0.5 + slack(compounding, table, principal)


def grid_day(grid: RateGrid, place: int) -> dt.date:
    return dt.date.fromordinal(grid.zero + place)


def test_the_nearest_is_the_nearest_of_all() -> None:
    facts = Facts(
        123_456_78, dt.date(2025, 5, 5), dt.date(2025, 7, 10), "corporation", paid_on=dt.date(2025, 8, 1)
    )
    figures = {one: cents for one in all_sets("corporation", 2) if (cents := figure(facts, one)) is not None}
    for target in (0, 12_000, 154_321, 10**7):
        case = InterestCase(dollars(target), dollars(facts.principal), **facts.keywords())  # type: ignore[arg-type]  # the keywords are of many kinds
        trace = trace_case(case, most_departures=2)
        distance = min(abs(cents - target) for cents in figures.values())
        if distance:
            assert trace.nearest is not None
            assert abs(to_cents(trace.nearest.difference)) == distance
            best = min(rank(one) for one, cents in figures.items() if abs(cents - target) == distance)
            assert trace.nearest.rank == best


def test_two_thousand_hypotheses_are_tried_on_the_plainest_facts() -> None:
    assert explain("2405.15").tried > 2000


@pytest.mark.parametrize(
    ("liquidated", "tried"),
    [
        # Within a quarter: the law, 1 rate, 3 ends, 3 ways to count, 2 lengths of the year, and of the ways to
        # add up simple interest, nine places and periods of 30 days; all others come to one of these.
        (dt.date(2025, 11, 4), 13),
        # 30 days are one period, which is simple interest.
        (dt.date(2025, 11, 3), 12),
        # Into the next quarter all seven ways to add up differ.
        (dt.date(2026, 1, 14), 17),
        # No day between: two later ends, counting both days, and counting the first only are left.
        (dt.date(2025, 10, 4), 5),
    ],
)
def test_no_two_hypotheses_are_the_same_computation(liquidated: dt.date, tried: int) -> None:
    trace = explain(
        "1.00", deposited=dt.date(2025, 10, 4), liquidated=liquidated, window_days=0, most_departures=1
    )
    assert trace.tried == tried


def test_without_departures_only_the_law_is_tried() -> None:
    trace = explain("2054.63", most_departures=0)
    assert trace.tried == 1
    assert sets(trace) == [()]
    assert trace.reachable == (1,)


def test_a_leap_year_tells_365_from_366() -> None:
    span = {"deposited": dt.date(2023, 11, 1), "liquidated": dt.date(2024, 10, 1), "window_days": 0}
    facts = Facts(10**8, dt.date(2023, 11, 1), dt.date(2024, 10, 1), "corporation")
    for one in (("basis:365",), ("basis:365", "compounding:quarterly"), ("basis:30/360",), ("basis:360",)):
        cents = figure(facts, one)
        assert cents is not None
        assert explain(dollars(cents), "1000000.00", **span).matches[0].departures == one
    assert explain("2054.63").matches[0].day_basis is DayBasis.ACTUAL


# Dates.


def test_a_date_without_a_rate_is_left_out_and_named() -> None:
    late = dt.date(2027, 1, 15)
    trace = explain("2405.15", paid_on=late)
    assert trace.left_out == (
        "the payment date (2027-01-15): the table has rates from 1983-01-01 to 2026-12-31. "
        "Pass rates.projected(...) to go on.",
    )
    assert "Left out: the payment date (2027-01-15)" in trace.explain()
    assert explain("2405.15", paid_on=late, rates=PUBLISHED_RATES.projected(late)).left_out == ()


def test_days_before_the_working_day_calendar_are_left_out_and_named() -> None:
    trace = explain(
        "1.00", deposited=dt.date(1990, 1, 2), liquidated=dt.date(1990, 6, 1), entry_date=dt.date(1989, 12, 5)
    )
    assert any(
        text.startswith("the 10th working day after entry: working days are") for text in trace.left_out
    )
    assert any(text.startswith("the periodic monthly statement: ") for text in trace.left_out)
    assert any(text.startswith("from 1 working day before the deposit date") for text in trace.left_out)


def test_the_first_day_of_daily_compounding_bounds_the_search() -> None:
    trace = explain("1.00", deposited=dt.date(1983, 1, 3), liquidated=dt.date(1983, 6, 1), window_days=0)
    assert trace.left_out == ()
    assert trace.tried > 100


@pytest.mark.parametrize(
    ("liquidated", "after", "before"),
    [
        (dt.date(2026, 2, 19), "2026-02-20", "2026-02-13"),
        (dt.date(2026, 2, 20), "2026-02-27", "2026-02-13"),
        (dt.date(2026, 2, 21), "2026-02-27", "2026-02-20"),
    ],
)
def test_the_fridays_around_a_liquidation(liquidated: dt.date, after: str, before: str) -> None:
    _, ends, _ = candidates(book_case("A", "1.00", liquidated=liquidated), 0)
    days = {one.departures: one.day.isoformat() for one in ends}
    assert days["end:friday_after",] == after
    assert days["end:friday_before",] == before


# Rates.


def test_a_flat_table_has_no_rule_that_changes_it_and_no_quarter_before() -> None:
    flat = RateTable.flat(6, DEPOSITED + dt.timedelta(days=1), dt.date(2026, 3, 1))
    trace = explain("2054.63", rates=flat, most_departures=1)
    assert trace.best is not None
    assert trace.best.departures == ()
    assert not any("quarters:quarter_late" in one for one in trace.best.also)
    # Nor where the table opens with a quarter.
    quarter = RateTable.flat(6, dt.date(2025, 7, 1), dt.date(2026, 3, 1))
    assert explain("1967.58", deposited=dt.date(2025, 6, 30), rates=quarter).tried > 400
    # Shifts of the deposit to an earlier day have no rate.
    assert trace.tried < explain("2054.63", most_departures=1).tried


def test_a_rate_that_changes_within_a_quarter() -> None:
    rates = PUBLISHED_RATES.with_rate(
        dt.date(2025, 8, 15), dt.date(2025, 9, 14), corporation="3.5", other="4.25", citation="an example"
    )
    own = explain("1944.23", rates=rates)
    assert own.difference == 0
    assert own.best is not None
    assert own.best.annual_rates == (6, Decimal("3.5"), 6)
    assert "the law's rates of 6, 3.5 and 6 % for corporations" in own.best.sentence
    first = explain("2054.63", rates=rates)
    assert sets(first)[0] == ("quarters:first_day",)


# What is told.


@pytest.mark.parametrize(
    ("departures", "sentence"),
    [
        (
            (),
            "The paid figure is the law's own: the law's rates of 6 and 5 % for corporations, after "
            "2025-06-20 through 2026-05-15, compounded daily.",
        ),
        (("rate:other",), "The paid figure is the 7 and 6 % rates for others on the same dates."),
        (
            ("quarters:first_day", "basis:360"),
            "The paid figure is the law's rate of 6 % on the same dates, with the rate of the first day kept "
            "throughout, over a year of 360 days.",
        ),
        (
            ("start:entry_summary", "shift:+2", "end:certified"),
            "The paid figure is the law's rates of 6 and 5 % from 2 working days after the entry summary "
            "date (2025-06-03) to the certification date (2026-05-19).",
        ),
        (
            ("shift:-1", "netting:less"),
            "The paid figure is the law's rates of 6 and 5 % from 1 working day before the deposit date "
            "(2025-06-18), on the principal less the netted amount.",
        ),
        (
            ("end:2026-02-23", "compounding:quarterly"),
            "The paid figure is the law's rate of 6 % to the last day of collection (2026-02-23), compounded "
            "by quarters.",
        ),
    ],
)
def test_a_hypothesis_is_one_sentence(departures: tuple[str, ...], sentence: str) -> None:
    facts = Facts(
        5_000_000_00,
        DEPOSITED,
        dt.date(2026, 5, 15),
        "corporation",
        entry_summary_date=dt.date(2025, 5, 30),
        certified=dt.date(2026, 5, 19),
        netted=123_45,
    )
    cents = figure(facts, departures)
    assert cents is not None
    trace = explain_interest(dollars(cents), "5000000", **facts.keywords())  # type: ignore[arg-type]  # the keywords are of many kinds
    assert trace.best is not None
    assert trace.best.departures == departures
    assert trace.best.sentence == sentence


def test_where_nothing_fits_the_nearest_is_told() -> None:
    trace = explain("9999.99")
    assert trace.matches == trace.minimal == ()
    assert trace.best is None
    assert trace.nearest is not None
    assert trace.nearest.amount < Decimal("9999.99")
    assert f"below the paid figure, is {trace.nearest.sentence.split(' is ', 1)[1]}" in trace.explain()
    assert f"None of {trace.tried:,} hypotheses gives the paid figure." in trace.explain()
    assert "7,945.36 too much" in trace.explain()
    above = explain("1.00").nearest
    assert above is not None
    assert "above the paid figure" in above.sentence


def test_the_explanation_shows_the_nearest_few_and_counts_the_rest() -> None:
    trace = explain("0.00", "1000000.00", deposited=dt.date(2025, 6, 30), liquidated=dt.date(2025, 7, 1))
    lines = trace.explain(1).splitlines()
    assert lines[0] == (
        "Paid 0.00; by the law 164.38 on 1,000,000.00, after 2025-06-30 through 2025-07-01 (corporation). "
        "164.38 too little."
    )
    assert lines[1].startswith(
        "1 departure: The paid figure is no day's interest on the same dates, with neither"
    )
    assert lines[1].endswith("(With as few, 1 of the 101 figures within a dollar can be had.)")
    assert lines[2:] == [f"{len(trace.minimal) - 1} more matches stand in `minimal`."]
    assert "They agree." in explain("2054.63").explain()
    assert "By the law: The paid figure is the law's own" in explain("2054.63").explain()


def test_a_departure_that_changes_no_cent_is_not_minimal() -> None:
    trace = explain("2405.15")
    assert ("rate:other", "compounding:nine_places") in [one.departures for one in trace.matches]
    assert sets(trace) == [("rate:other",)]
    assert trace.matches[0].also == (("rate:underpayment",),)


def test_the_chance_of_a_match_is_told() -> None:
    large, small = explain("2405.15"), explain("2.41", "50.00")
    assert large.chance(1) == Decimal("0.01")
    # A small principal reaches nearly every figure, so a match tells nothing.
    assert small.chance(4) > Decimal("0.3")
    for count in (-1, 5):
        with pytest.raises(FieldError, match="the search went from 0 to 4"):
            large.chance(count)


# Books.


def book_case(name: str, paid: str, **facts: object) -> InterestCase:
    known: dict[str, object] = {"deposited": DEPOSITED, "liquidated": LIQUIDATED, "payee": "corporation"}
    return InterestCase(paid, "50000.00", **(known | facts), id=name)  # type: ignore[arg-type]  # the keywords are of many kinds


def test_a_book_is_explained_by_the_set_that_fits_most_entries() -> None:
    august, late = dt.date(2025, 8, 4), dt.date(2026, 3, 13)
    by_others = explain("1", deposited=august, payee="other").expected.amount
    cases = [
        book_case("law", "2054.63"),
        book_case("A", "2405.15"),
        book_case("B", str(by_others), deposited=august),
        book_case("C", str(explain("1", liquidated=late).expected.amount), paid_on=late),
        book_case("D", "9999.99"),
        book_case("E", "1.00", liquidated=dt.date(2027, 2, 1)),
    ]
    found = explain_interest_book(cases)
    assert found.best is not None
    assert found.best.departures == ("rate:other",)
    assert [case.id for case in found.best.explained] == ["A", "B"]
    assert [case.id for case in found.best.unexplained] == ["law", "C", "D"]
    assert [case.id for case in found.by_law.explained] == ["law"]
    assert [case.id for case in found.unexplained] == ["D"]
    ((case, reason),) = found.problems
    assert case.id == "E"
    assert "2026-12-31" in reason
    # The underpayment rate explains as much, further from the law; what adds nothing is not listed.
    assert [one.departures for one in found.ranking[:2]] == [("rate:other",), ("rate:underpayment",)]
    assert not any({"rate:other"} < set(one.departures) for one in found.ranking)
    assert found.best.sentence == (
        "2 of 5 paid figures: the law's computation but the overpayment rate for others."
    )
    assert found.by_law.sentence == "1 of 5 paid figures: the law's own computation."
    assert explain_interest_book(cases, limit=1).ranking == found.ranking[:1]


@pytest.mark.parametrize(
    ("departures", "sentence"),
    [
        (
            ("shift:+2",),
            "1 of 1 paid figures: the law's computation but from 2 working days after the deposit date.",
        ),
        (
            ("start:entry", "shift:-2"),
            "1 of 1 paid figures: the law's computation but from 2 working days before the entry date.",
        ),
        (
            ("compounding:simple", "netting:more"),
            "1 of 1 paid figures: the law's computation but as simple interest; on the principal plus the "
            "netted amount.",
        ),
    ],
)
def test_a_set_is_one_sentence(departures: tuple[str, ...], sentence: str) -> None:
    facts = Facts(
        7_000_000_00, DEPOSITED, LIQUIDATED, "corporation", entry_date=dt.date(2025, 5, 20), netted=321_00
    )
    cents = figure(facts, departures)
    assert cents is not None
    case = InterestCase(dollars(cents), "7000000", **facts.keywords())  # type: ignore[arg-type]  # the keywords are of many kinds
    best = explain_interest_book([case]).best
    assert best is not None
    assert best.departures == departures
    assert best.sentence == sentence


def test_a_book_nothing_explains_and_a_book_of_nothing() -> None:
    found = explain_interest_book([book_case("D", "9999.99")])
    assert found.best is None
    assert found.by_law.sentence == "0 of 1 paid figures: the law's own computation."
    with pytest.raises(FieldError, match="the book has 0 entries"):
        explain_interest_book([])
    with pytest.raises(FieldError, match="the limit is 0"):
        explain_interest_book([book_case("D", "1.00")], limit=0)


def test_wrong_options_stop_a_book_at_once() -> None:
    # They would make a problem of every entry.
    with pytest.raises(IeepaRefundError, match="window_days is 99"):
        explain_interest_book([book_case("D", "1.00")], window_days=99)
