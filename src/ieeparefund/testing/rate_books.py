"""Strategies for tables of interest rates: any that hold together, and what none may be made of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ieeparefund.law.citations import Citation, Standing
from ieeparefund.law.rates import RateBand, RateTable
from ieeparefund.testing.drawing import st

__all__ = ["invalid_rate_bands", "invalid_rates", "rate_tables"]

_DAY = dt.timedelta(days=1)
_SOURCE = Citation("made-up", "made up", "Rate made up for a test", Standing.PROJECTED)
_RATES = st.decimals(0, 30, places=2, allow_nan=False) | st.sampled_from(
    [Decimal(0), Decimal("7.3"), Decimal("14.6"), Decimal(100)]
)


@st.composite
def _bands(draw: st.DrawFn, first: dt.date, least: int) -> list[RateBand]:
    bands = []
    for length in draw(st.lists(st.integers(1, 90), min_size=least, max_size=6)):
        last = first + (length - 1) * _DAY
        rates = draw(st.tuples(_RATES, _RATES, _RATES))
        bands.append(RateBand(first, last, *rates, Standing.PROJECTED, _SOURCE))
        first = last + _DAY
    return bands


def _starts() -> st.SearchStrategy[dt.date]:
    # Over two leap years, one of them near the end of the range.
    return st.dates(dt.date(2023, 10, 1), dt.date(2033, 12, 31))


def rate_tables() -> st.SearchStrategy[RateTable]:
    """Tables of one to six bands of 1 to 90 days, each with three rates of its own from 0 to 100 per cent.

    Turns of bands fall anywhere, also next to a turn of the year between common and leap years. `table.first_day`
    is the first day that can earn interest, so a deposit may lie on the day before it.
    """
    return _starts().flatmap(lambda first: _bands(first, 1)).map(RateTable)


@st.composite
def invalid_rate_bands(draw: st.DrawFn) -> list[RateBand]:
    """Bands of which no table can be made (`RateTable` raises `ValueError`): none, out of order, a gap, an overlap."""
    bands = draw(_bands(draw(_starts()), 2))
    kind = draw(st.sampled_from(["none", "order", "gap", "overlap"]))
    if kind == "none":
        return []
    if kind == "order":
        return bands[::-1]
    if kind == "overlap":
        return [bands[0], *bands]
    moved = (
        RateBand(
            band.first_day + _DAY,
            band.last_day + _DAY,
            band.underpayment,
            band.corporation,
            band.other,
            band.standing,
            band.citation,
        )
        for band in bands[1:]
    )
    return [bands[0], *moved]


def invalid_rates() -> st.SearchStrategy[Decimal | int | str]:
    """Values that are no annual rate in per cent: below 0, above 100, no number, more places than a rate has.

    `RateTable.flat` and `with_rate` refuse each with `FieldError`. Floats are refused apart, whatever their value.
    """
    return st.one_of(
        st.integers(101, 10**9),
        st.integers(-(10**9), -1),
        st.decimals(Decimal("100.01"), 10**6, places=2, allow_nan=False),
        st.sampled_from(["", "six", "6 %", "6,0", "NaN", "Infinity", Decimal("NaN"), Decimal("-Infinity")]),
        st.just(Decimal(1).scaleb(-31)),
    )
