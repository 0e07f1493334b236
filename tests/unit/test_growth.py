"""The growth table: the same number as the exact product, also where a rounding is a tie."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from tests import oracles

from ieeparefund.law.growth import DailyStep, Growth
from ieeparefund.law.rates import RateTable

# 7.3 per cent is 0.0002 a day in a common year: terminating decimals, where ties exist. These last digits add
# half a unit of the 18th place to it.
TIE = "7.30000000000001825"
BELOW = "7.30000000000001824"


@pytest.fixture
def exact_calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Spans that were computed by the full product."""
    calls = []
    full = Growth.exact_factor_units

    def spy(self: Growth, start: int, end: int) -> int:
        calls.append((start, end))
        return full(self, start, end)

    monkeypatch.setattr(Growth, "exact_factor_units", spy)
    return calls


def test_step_is_in_lowest_terms() -> None:
    assert DailyStep.of(9, (6, 1), 365) == (9, 18253, 18250)
    assert DailyStep.of(9, (0, 1), 366) == (9, 1, 1)
    assert DailyStep.of(9, (73, 10), 365) == (9, 5001, 5000)


def test_a_tie_is_rounded_up(exact_calls: list[tuple[int, int]]) -> None:
    assert Fraction(TIE) / 36500 * 10**18 == Fraction(400000000000001, 2)
    growth = Growth(0, [DailyStep.of(10, Decimal(TIE).as_integer_ratio(), 365)])
    assert growth.factor_units(0, 1) == 200000000000001
    assert exact_calls == [(0, 1)]
    # A floor of the scaled product alone is below the tie and would have rounded down.
    scaled = int(2**115 * (1 + Fraction(TIE) / 36500))
    assert 2 * 10**18 * (scaled - 2**115) < 400000000000001 * 2**115


def test_just_below_a_tie_is_rounded_down_without_the_full_product(
    exact_calls: list[tuple[int, int]],
) -> None:
    growth = Growth(0, [DailyStep.of(10, Decimal(BELOW).as_integer_ratio(), 365)])
    assert growth.factor_units(0, 1) == 200000000000000
    assert exact_calls == []


def test_a_tie_late_in_a_table_is_seen(exact_calls: list[tuple[int, int]]) -> None:
    # By then both table values have lost a little to their floors.
    steps = [
        DailyStep.of(8000, (6, 1), 365),
        DailyStep.of(8001, Decimal(TIE).as_integer_ratio(), 365),
        DailyStep.of(9000, (7, 1), 366),
    ]
    growth = Growth(0, steps)
    assert growth.factor_units(8000, 8001) == 200000000000001
    assert growth.factor_units(7999, 8001) != growth.factor_units(8000, 8002)
    assert exact_calls == [(8000, 8001)]


def test_a_tie_after_days_without_interest(exact_calls: list[tuple[int, int]]) -> None:
    table = RateTable.flat(0, dt.date(2025, 1, 1), dt.date(2025, 6, 30)).with_rate(
        dt.date(2025, 7, 1), dt.date(2025, 7, 1), corporation=TIE, other=TIE, citation="a made-up rate"
    )
    growth = table.growths["corporation"]
    start = dt.date(2024, 12, 31).toordinal()
    assert growth.factor_units(start, dt.date(2025, 6, 30).toordinal()) == 0
    assert growth.factor_units(start, dt.date(2025, 7, 1).toordinal()) == 200000000000001
    assert exact_calls == [(start, dt.date(2025, 7, 1).toordinal())]


def test_every_span_of_a_small_table_by_both_ways() -> None:
    steps = [DailyStep.of(5, (6, 1), 365), DailyStep.of(9, Decimal(TIE).as_integer_ratio(), 366)]
    growth = Growth(2, steps)
    for start in range(2, 10):
        for end in range(start, 10):
            assert growth.factor_units(start, end) == growth.exact_factor_units(start, end)


def test_outside_the_table() -> None:
    growth = Growth(2, [DailyStep.of(5, (6, 1), 365)])
    assert [growth.factor_units(*span) for span in ((1, 3), (2, 6), (4, 3), (6, 6))] == [-1, -1, -1, -1]
    assert growth.factor_units(2, 5) > 0
    assert [growth.factor_units(day, day) for day in range(2, 6)] == [0, 0, 0, 0]


def test_extended_is_the_same_as_built_at_once() -> None:
    steps = [DailyStep.of(400, (6, 1), 365), DailyStep.of(900, (5, 1), 366)]
    short, whole = Growth(0, steps[:1]), Growth(0, steps)
    longer = short.extended(steps[1:])
    spans = [(0, 900), (399, 401), (400, 900), (0, 400), (901, 901)]
    assert [longer.factor_units(*span) for span in spans] == [whole.factor_units(*span) for span in spans]
    assert longer.exact_factor_units(7, 888) == whole.exact_factor_units(7, 888)
    assert short.factor_units(0, 401) == -1


def test_absurd_rates_are_still_exact() -> None:
    # 100 per cent over a century: every query falls back on the full product or is right by itself.
    first, last = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
    growth = RateTable.flat(100, first, last).growths["other"]
    deposited, liquidated = dt.date(2003, 2, 28), dt.date(2098, 7, 4)
    expected = oracles.factor_units(deposited, liquidated, lambda _: Fraction(100))
    assert growth.factor_units(deposited.toordinal(), liquidated.toordinal()) == expected
