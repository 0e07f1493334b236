"""Rates: bands, tables, look-ups, changes."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import CoverageError, FieldError, FloatMoneyError, RateNotPublishedError
from ieeparefund.law import rates as module
from ieeparefund.law.citations import Citation, Standing, cite
from ieeparefund.law.interest import interest_factor
from ieeparefund.law.rate_bands import COMPOUNDED_SINCE, RateBand, RateClass, day_basis_spans, per_cent
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable, annual_rate

D = dt.date
DAY = dt.timedelta(days=1)
SOURCE = Citation("test", "a notice", "for a test")


def band(first: dt.date, last: dt.date, rate: str = "6", standing: Standing = Standing.PUBLISHED) -> RateBand:
    return RateBand(first, last, Decimal(rate), Decimal(rate), Decimal(rate), standing, SOURCE)


# FR Doc. 2026-01175 (2026Q1: 7, 6, 7) and FR Doc. 2026-09871 (2026Q2: 6, 5, 6).
@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [
        (D(2026, 1, 1), Payee.CORPORATION, 6),
        (D(2026, 3, 31), Payee.OTHER, 7),
        (D(2026, 3, 31), RateClass.UNDERPAYMENT, 7),
        (D(2026, 4, 1), "corporation", 5),
        (D(2026, 6, 30), "other", 6),
        (D(2026, 7, 1), "corporation", 6),
        (D(1974, 7, 1), "corporation", 6),
        (D(1982, 12, 31), "other", 20),
        (D(1987, 1, 1), RateClass.UNDERPAYMENT, 9),
        (D(1987, 1, 1), "other", 8),
    ],
)
def test_annual_rate(day: dt.date, kind: Payee | RateClass | str, expected: int) -> None:
    assert annual_rate(day, kind) == expected
    assert PUBLISHED_RATES.rate(day, kind) == expected
    assert PUBLISHED_RATES.at(day).rate(kind) == expected


def test_a_quarter_not_published_is_refused_with_span_and_remedy() -> None:
    with pytest.raises(RateNotPublishedError) as caught:
        annual_rate(D(2027, 1, 1), "corporation")
    text = str(caught.value)
    for part in ("1974-07-01", "2026-12-31", "2027-01-01", "projected", "with_rate"):
        assert part in text
    with pytest.raises(RateNotPublishedError, match="1974-06-30"):
        annual_rate(D(1974, 6, 30), "corporation")


def test_bands_follow_each_other_and_name_their_source() -> None:
    bands = PUBLISHED_RATES.bands
    assert (bands[0].first_day, bands[-1].last_day) == (D(1974, 7, 1), D(2026, 12, 31))
    assert (PUBLISHED_RATES.first_day, PUBLISHED_RATES.last_day) == (D(1974, 7, 1), D(2026, 12, 31))
    for before, after in pairwise(bands):
        assert before.last_day + DAY == after.first_day
    for row in bands:
        assert cite(row.citation.id) == row.citation
        assert row.standing in (Standing.PUBLISHED, Standing.INFERRED)
        assert row.corporation <= row.other <= row.underpayment


def test_inferred_bands_say_so() -> None:
    inferred = [row for row in PUBLISHED_RATES.bands if row.standing is Standing.INFERRED]
    assert [row.first_day for row in inferred] == [D(2026, 7, 1), D(2026, 10, 1)]
    assert all("No CBP notice is known" in row.note for row in inferred)


@pytest.mark.parametrize("payee", ["corp", "", None, "Corporation", 1])
def test_unknown_payee_class(payee: Any) -> None:
    with pytest.raises(FieldError, match="payee is"):
        annual_rate(D(2026, 1, 1), payee)


@pytest.mark.parametrize("day", [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "2026-01-01", None, 20260101])
def test_day_must_be_a_date(day: Any) -> None:
    with pytest.raises(FieldError, match="not a date"):
        annual_rate(day, "corporation")


def test_band_is_checked() -> None:
    good = band(D(2026, 1, 1), D(2026, 3, 31))
    with pytest.raises(FieldError, match="before first_day"):
        replace(good, last_day=D(2025, 12, 31))
    with pytest.raises(FieldError, match="first_day is"):
        replace(good, first_day=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(FieldError, match="last_day is"):
        replace(good, last_day="2026-03-31")  # type: ignore[arg-type]  # a wrong type is the case tested
    with pytest.raises(FieldError, match="corporation rate"):
        replace(good, corporation=Decimal(-1))
    with pytest.raises(FrozenInstanceError):
        good.other = Decimal(1)  # type: ignore[misc]  # that it is refused is the case tested


@pytest.mark.parametrize(
    "value", ["-0.01", "100.01", "600", "nan", "inf", "six", "", None, True, (), "1e-31", Decimal("sNaN")]
)
def test_rates_that_are_none(value: Any) -> None:
    with pytest.raises(FieldError, match=r"x rate is .* in per cent"):
        per_cent(value, "x")


@pytest.mark.parametrize(
    ("value", "expected"), [(6, "6"), ("4.5", "4.5"), (Decimal("7.25"), "7.25"), (0, "0"), (100, "100")]
)
def test_rates_that_are_taken(value: Any, expected: str) -> None:
    assert per_cent(value, "x") == Decimal(expected)


def test_a_float_rate_is_refused() -> None:
    with pytest.raises(FloatMoneyError, match=r"x rate is the float 6\.5"):
        per_cent(6.5, "x")  # type: ignore[arg-type]  # a wrong type is the case tested


def test_tables_without_rows_or_with_gaps_are_refused() -> None:
    with pytest.raises(FieldError, match="one band"):
        RateTable([])
    with pytest.raises(ValueError, match="does not follow"):
        RateTable([band(D(2026, 1, 1), D(2026, 1, 31)), band(D(2026, 2, 2), D(2026, 2, 28))])


def test_bands_between() -> None:
    def firsts(first: dt.date, last: dt.date) -> list[dt.date]:
        return [row.first_day for row in PUBLISHED_RATES.bands_between(first, last)]

    assert firsts(D(2026, 3, 31), D(2026, 4, 1)) == [D(2026, 1, 1), D(2026, 4, 1)]
    assert firsts(D(2026, 4, 1), D(2026, 6, 30)) == [D(2026, 4, 1)]
    assert firsts(D(1900, 1, 1), D(1974, 7, 1)) == [D(1974, 7, 1)]
    assert firsts(D(1900, 1, 1), D(1974, 6, 30)) == []
    assert firsts(D(2027, 1, 1), D(2027, 1, 2)) == []
    assert len(PUBLISHED_RATES.bands_between(D(1900, 1, 1), D(2100, 1, 1))) == 71


def test_projected_repeats_the_last_rate_and_marks_it() -> None:
    longer = PUBLISHED_RATES.projected(D(2027, 3, 31))
    assert longer.last_day == D(2027, 3, 31)
    assert longer.rate(D(2027, 1, 1), "corporation") == 6
    assert longer.at(D(2027, 1, 1)).standing is Standing.PROJECTED
    assert "2026-12-31" in longer.at(D(2027, 1, 1)).note
    assert longer.bands[:-1] == PUBLISHED_RATES.bands
    with pytest.raises(RateNotPublishedError, match="2027-04-01"):
        longer.rate(D(2027, 4, 1), "corporation")
    with pytest.raises(RateNotPublishedError):
        PUBLISHED_RATES.rate(D(2027, 1, 1), "corporation")


def test_projecting_twice_is_one_projection() -> None:
    twice = PUBLISHED_RATES.projected(D(2027, 3, 31)).projected(D(2027, 6, 30))
    assert twice == PUBLISHED_RATES.projected(D(2027, 6, 30))
    assert len(twice.bands) == 72
    assert twice.projected(D(2027, 1, 1)) is twice
    assert PUBLISHED_RATES.projected(D(2026, 12, 31)) is PUBLISHED_RATES
    span = (D(2026, 11, 3), D(2027, 5, 5), "other")
    assert interest_factor(*span, twice) == interest_factor(*span, RateTable(twice.bands))


def test_projecting_by_mistake_is_refused() -> None:
    with pytest.raises(CoverageError, match="more than 100 years"):
        PUBLISHED_RATES.projected(D(9999, 12, 31))
    with pytest.raises(FieldError, match="through"):
        PUBLISHED_RATES.projected(None)  # type: ignore[arg-type]  # a wrong type is the case tested


def test_projecting_from_before_compounding() -> None:
    old = RateTable([band(D(1980, 1, 1), D(1981, 12, 31))])
    assert old.rate(D(1980, 1, 1), "other") == 6
    new = old.projected(D(1983, 1, 31))
    assert interest_factor(D(1982, 12, 31), D(1983, 1, 1), "other", new) == Decimal("0.000164383561643836")
    assert D(1983, 1, 1) == COMPOUNDED_SINCE


def test_with_rate_adds_a_quarter() -> None:
    table = PUBLISHED_RATES.with_rate(
        D(2027, 1, 1), D(2027, 3, 31), corporation="5", other=6, citation="FR Doc. 2027-00001"
    )
    added = table.at(D(2027, 2, 1))
    assert (added.corporation, added.other, added.underpayment) == (5, 6, 6)
    assert (added.standing, str(added.citation)) == (Standing.PUBLISHED, "FR Doc. 2027-00001")
    assert table.bands[:-1] == PUBLISHED_RATES.bands
    assert PUBLISHED_RATES.last_day == D(2026, 12, 31)


def test_with_rate_replaces_days_inside() -> None:
    table = PUBLISHED_RATES.with_rate(
        D(2026, 5, 1),
        D(2026, 8, 31),
        corporation=1,
        other=2,
        underpayment=3,
        citation=SOURCE,
        standing=Standing.PROJECTED,
    )
    found = [(row.first_day, row.last_day, row.corporation) for row in table.bands[-4:]]
    assert found == [
        (D(2026, 4, 1), D(2026, 4, 30), 5),
        (D(2026, 5, 1), D(2026, 8, 31), 1),
        (D(2026, 9, 1), D(2026, 9, 30), 6),
        (D(2026, 10, 1), D(2026, 12, 31), 6),
    ]
    assert table.at(D(2026, 5, 1)) == RateBand(
        D(2026, 5, 1), D(2026, 8, 31), Decimal(3), Decimal(1), Decimal(2), Standing.PROJECTED, SOURCE
    )
    assert (table.first_day, table.last_day) == (PUBLISHED_RATES.first_day, PUBLISHED_RATES.last_day)


def test_with_rate_before_the_table_and_over_all_of_it() -> None:
    small = RateTable([band(D(2026, 1, 1), D(2026, 1, 31))])
    before = small.with_rate(D(2025, 12, 1), D(2025, 12, 31), corporation=1, other=1, citation="x")
    assert [row.first_day for row in before.bands] == [D(2025, 12, 1), D(2026, 1, 1)]
    over = small.with_rate(D(2025, 1, 1), D(2026, 12, 31), corporation=1, other=1, citation="x")
    assert [(row.first_day, row.last_day) for row in over.bands] == [(D(2025, 1, 1), D(2026, 12, 31))]


def test_with_rate_leaves_no_gap() -> None:
    rates = {"corporation": 6, "other": 7, "citation": "a notice"}
    with pytest.raises(CoverageError, match=r"leave a gap.*2026-12-31"):
        PUBLISHED_RATES.with_rate(D(2027, 1, 2), D(2027, 3, 31), **rates)  # type: ignore[arg-type]  # mixed dict
    with pytest.raises(CoverageError, match="leave a gap"):
        PUBLISHED_RATES.with_rate(D(1974, 1, 1), D(1974, 6, 29), **rates)  # type: ignore[arg-type]  # mixed dict


def test_with_rate_needs_a_source() -> None:
    with pytest.raises(FieldError, match="citation is blank"):
        PUBLISHED_RATES.with_rate(D(2027, 1, 1), D(2027, 3, 31), corporation=6, other=7, citation=" ")


def test_flat() -> None:
    table = RateTable.flat("8", D(2025, 4, 2), D(2025, 6, 30))
    assert [table.rate(D(2025, 5, 1), kind) for kind in RateClass] == [8, 8, 8]
    assert table.bands[0].standing is Standing.PROJECTED
    assert str(table.bands[0].citation) == "a fixed rate"


def test_day_basis_spans() -> None:
    # Only 2016 is a leap year here (26 CFR 301.6622-1(a)); equal neighbours are one part.
    assert list(day_basis_spans(D(2013, 6, 1), D(2017, 2, 1))) == [
        (D(2013, 6, 1), D(2015, 12, 31), 365),
        (D(2016, 1, 1), D(2016, 12, 31), 366),
        (D(2017, 1, 1), D(2017, 2, 1), 365),
    ]
    assert list(day_basis_spans(D(2016, 2, 29), D(2016, 2, 29))) == [(D(2016, 2, 29), D(2016, 2, 29), 366)]
    assert list(day_basis_spans(D(2016, 3, 1), D(2016, 2, 29))) == []
    assert list(day_basis_spans(D(2014, 6, 1), D(2016, 1, 2))) == [
        (D(2014, 6, 1), D(2015, 12, 31), 365),
        (D(2016, 1, 1), D(2016, 1, 2), 366),
    ]
    assert list(day_basis_spans(D(9999, 12, 31), D(9999, 12, 31))) == [
        (D(9999, 12, 31), D(9999, 12, 31), 365)
    ]


def test_tables_compare_by_their_bands() -> None:
    twin = RateTable(PUBLISHED_RATES.bands)
    assert twin == PUBLISHED_RATES
    assert hash(twin) == hash(PUBLISHED_RATES)
    assert RateTable(PUBLISHED_RATES.bands[1:]) != PUBLISHED_RATES
    assert PUBLISHED_RATES != "rates"
    assert repr(twin) == "<RateTable of 71 bands, 1974-07-01 to 2026-12-31>"


def test_tables_travel() -> None:
    assert pickle.loads(pickle.dumps(PUBLISHED_RATES)) is PUBLISHED_RATES
    assert copy.deepcopy(PUBLISHED_RATES) is PUBLISHED_RATES
    longer = PUBLISHED_RATES.projected(D(2027, 3, 31))
    assert pickle.loads(pickle.dumps(longer)) == longer


def test_first_use_from_many_threads() -> None:
    table = RateTable(PUBLISHED_RATES.bands)
    found: list[Decimal] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        found.append(interest_factor(D(2025, 4, 15), D(2026, 2, 23), "corporation", table))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [interest_factor(D(2025, 4, 15), D(2026, 2, 23), "corporation")] * 8


@pytest.mark.parametrize(
    ("call", "column", "shown"),
    [
        (lambda: annual_rate(D(2026, 1, 1), "llc"), "payee", "llc"),
        (lambda: per_cent("600", "other"), "other", "600"),
        (lambda: annual_rate("2026-01-01", "other"), "day", "2026-01-01"),
        (lambda: PUBLISHED_RATES.projected(20270331), "through", "20270331"),
        (lambda: band(D(2026, 1, 1), D(2025, 12, 31)), "last_day", None),
        (lambda: band("2026-01-01", D(2026, 3, 31)), "first_day", "2026-01-01"),
        (
            lambda: PUBLISHED_RATES.with_rate(
                D(2027, 1, 1), D(2027, 3, 31), corporation=6, other=7, citation=" "
            ),
            "citation",
            None,
        ),
        (
            lambda: PUBLISHED_RATES.with_rate(
                D(2027, 1, 1), D(2027, 3, 31), corporation=101, other=7, citation="x"
            ),
            "corporation",
            "101",
        ),
        (
            lambda: PUBLISHED_RATES.with_rate(
                D(2027, 1, 1), D(2027, 3, 31), corporation=6, other=-7, citation="x"
            ),
            "underpayment",
            "-7",
        ),
        (
            lambda: PUBLISHED_RATES.with_rate(
                D(2027, 1, 1), D(2027, 3, 31), corporation=6, other=102, underpayment=7, citation="x"
            ),
            "other",
            "102",
        ),
        (lambda: RateTable.flat(103, D(2025, 1, 1), D(2025, 12, 31)), "fixed", "103"),
        (lambda: RateTable([]), None, None),
    ],
)
def test_a_refusal_names_column_value_and_remedy(
    call: Callable[[], object], column: str | None, shown: str | None
) -> None:
    with pytest.raises(FieldError) as caught:
        call()
    assert caught.value.column == column
    assert (caught.value.value is None) if shown is None else (shown in str(caught.value.value))
    assert (shown or "") in caught.value.problem
    assert caught.value.remedy


def test_a_band_is_one_day_at_least() -> None:
    assert band(D(2026, 1, 1), D(2026, 1, 1)).note == ""
    exact = per_cent("1e-30", "x")
    assert exact == Decimal("1e-30")
    with pytest.raises(FieldError, match="not a rate from 0 to 100"):
        per_cent("\u0666", "x")  # an Arabic six, which Decimal would take


def test_the_published_bands_are_read_field_by_field() -> None:
    # FR Doc. 2026-01175: 2026Q1, underpayments 7, overpayments of corporations 6 and of others 7 per cent.
    assert PUBLISHED_RATES.at(D(2026, 2, 1)) == RateBand(
        D(2026, 1, 1),
        D(2026, 3, 31),
        Decimal(7),
        Decimal(6),
        Decimal(7),
        Standing.PUBLISHED,
        cite("fr-2026-01175"),
        PUBLISHED_RATES.at(D(2026, 1, 1)).note,
    )
    assert PUBLISHED_RATES.at(D(2026, 7, 1)).standing is Standing.INFERRED
    assert PUBLISHED_RATES.at(D(2026, 7, 1)).note


def test_given_rates_name_their_source() -> None:
    table = PUBLISHED_RATES.with_rate(
        D(2027, 1, 1),
        D(2027, 3, 31),
        corporation=5,
        other=6,
        citation=" a letter ",
        standing=Standing.INFERRED,
    )
    given = table.at(D(2027, 1, 1))
    assert given.citation == Citation("given-rate", "a letter", "Rate given by the user", Standing.INFERRED)
    flat = RateTable.flat(8, D(2025, 4, 2), D(2025, 6, 30), citation="agreed").bands[0]
    assert flat.citation == Citation("fixed-rate", "agreed", "Rate assumed by the user", Standing.PROJECTED)
    assert (flat.first_day, flat.last_day) == (D(2025, 4, 2), D(2025, 6, 30))


def test_one_adjoining_day_leaves_no_gap() -> None:
    small = RateTable([band(D(2026, 1, 1), D(2026, 1, 31))])
    for first, last in ((D(2026, 2, 1), D(2026, 2, 1)), (D(2025, 12, 31), D(2025, 12, 31))):
        longer = small.with_rate(first, last, corporation=1, other=1, citation="x")
        assert len(longer.bands) == 2
    for first, last in ((D(2026, 2, 2), D(2026, 2, 2)), (D(2025, 12, 30), D(2025, 12, 30))):
        with pytest.raises(CoverageError, match="the table runs from 2026-01-01 to 2026-01-31"):
            small.with_rate(first, last, corporation=1, other=1, citation="x")


def test_a_projection_reaches_a_hundred_years_ahead() -> None:
    longest = PUBLISHED_RATES.projected(D(2126, 12, 31))
    assert longest.last_day == D(2126, 12, 31)
    with pytest.raises(
        CoverageError, match="2127-01-01 is more than 100 years past the last rate, of 2026-12-31"
    ):
        PUBLISHED_RATES.projected(D(2127, 1, 1))


def test_a_projection_starts_on_the_day_after_the_table() -> None:
    last = PUBLISHED_RATES.bands[-1]
    ahead = PUBLISHED_RATES.projected(D(2027, 1, 1)).bands[-1]
    assert (ahead.first_day, ahead.last_day) == (D(2027, 1, 1), D(2027, 1, 1))
    assert (ahead.corporation, ahead.other, ahead.underpayment) == (
        last.corporation,
        last.other,
        last.underpayment,
    )
    assert ahead.note == (
        "No rate is published for these days; the last one known, of 2026-12-31, is repeated."
    )


def test_tables_of_the_same_bands_are_one_key() -> None:
    twin, other = RateTable(PUBLISHED_RATES.bands), RateTable(PUBLISHED_RATES.bands[1:])
    assert {PUBLISHED_RATES: 1}[twin] == 1
    assert other not in {PUBLISHED_RATES: 1}
    assert hash(other) != hash(twin)
    assert pickle.loads(pickle.dumps(twin)) is not PUBLISHED_RATES


def test_a_whole_band_is_replaced_and_leaves_no_rest() -> None:
    table = PUBLISHED_RATES.with_rate(
        D(2026, 4, 1), D(2026, 6, 30), corporation=1, other=2, citation="a notice"
    )
    assert len(table.bands) == len(PUBLISHED_RATES.bands)
    assert [row.corporation for row in table.bands[-4:]] == [6, 1, 6, 6]


def test_outside_the_table_the_error_names_it() -> None:
    for table in (PUBLISHED_RATES, RateTable(PUBLISHED_RATES.bands)):
        with pytest.raises(
            RateNotPublishedError, match=r"^CBP's interest rate is known from 1974-07-01 to 2026"
        ):
            table.at(D(2027, 1, 1))


def test_the_shipped_table_is_read_when_first_asked() -> None:
    table = module._unread_table()
    assert table.growths == {}
    assert table == PUBLISHED_RATES
    assert hash(table) == hash(PUBLISHED_RATES)
    span = (D(2025, 4, 15), D(2026, 2, 23), "corporation")
    assert interest_factor(*span, module._unread_table()) == interest_factor(*span)
