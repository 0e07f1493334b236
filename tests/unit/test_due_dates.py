"""Single days: published anchors and those worked out by hand from the cited rule, ends and refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ieeparefund.errors import CoverageError, FieldError
from ieeparefund.law.windows import (
    deemed_liquidation_date,
    entry_summary_due_date,
    expected_liquidation_date,
    periodic_statement_due_date,
    reconciliation_due_date,
    refund_due_date,
)

D = dt.date


# CBP practice: about day 314 (summary of Dec. 2025), dated on Fridays since 2018-02-24 (notice of 2018).
@pytest.mark.parametrize(
    ("entry", "day_314", "expected"),
    [
        (D(2025, 2, 4), D(2025, 12, 15), D(2025, 12, 19)),  # day 314 is a Monday
        (D(2025, 4, 15), D(2026, 2, 23), D(2026, 2, 27)),
        (D(2025, 2, 8), D(2025, 12, 19), D(2025, 12, 19)),  # day 314 is itself a Friday
        (D(2025, 2, 9), D(2025, 12, 20), D(2025, 12, 26)),  # and the day after it
    ],
)
def test_expected_liquidation(entry: dt.date, day_314: dt.date, expected: dt.date) -> None:
    assert (day_314 - entry).days == 314
    assert expected_liquidation_date(entry) == expected
    assert expected.isoweekday() == 5


# 19 USC 1504(a), (b).
@pytest.mark.parametrize(
    ("entry", "extensions", "expected"),
    [
        (D(2025, 2, 4), 0, D(2026, 2, 4)),
        (D(2025, 2, 4), 3, D(2029, 2, 4)),
        (D(2024, 2, 29), 0, D(2025, 2, 28)),
        (D(2024, 2, 29), 1, D(2026, 2, 28)),
        (D(2024, 2, 29), 3, D(2028, 2, 29)),
    ],
)
def test_deemed_liquidation(entry: dt.date, extensions: int, expected: dt.date) -> None:
    assert deemed_liquidation_date(entry, extensions) == expected


@pytest.mark.parametrize("extensions", [-1, 4, 1.5, "1"])
def test_extensions_past_four_years_are_refused(extensions: int) -> None:
    with pytest.raises(FieldError, match=r"extensions is .*, not a whole number from 0 to 3.*1504\(b\)"):
        deemed_liquidation_date(D(2025, 2, 4), extensions)
    with pytest.raises(FieldError, match="from 0 to 3"):
        deemed_liquidation_date(None, extensions)


# 19 CFR 142.12(b); the last two depend on E.O. 14371.
@pytest.mark.parametrize(
    ("entry", "expected", "with_closures"),
    [
        (D(2025, 2, 4), D(2025, 2, 19), D(2025, 2, 19)),
        (D(2025, 4, 8), D(2025, 4, 22), D(2025, 4, 22)),
        (D(2025, 5, 12), D(2025, 5, 27), D(2025, 5, 27)),
        (D(2025, 12, 15), D(2025, 12, 30), D(2026, 1, 2)),
        (D(2025, 12, 22), D(2026, 1, 7), D(2026, 1, 9)),
    ],
)
def test_entry_summary(entry: dt.date, expected: dt.date, with_closures: dt.date) -> None:
    assert entry_summary_due_date(entry) == expected
    assert entry_summary_due_date(entry, closures=True) == with_closures


# 19 USC 1505(a); FR 2025-19572. The statement of May 2025 entries was paid on 2025-06-23, Juneteenth being
# skipped (worked case of the International Compliance Professionals Association, 2026; CSMS 68340863).
@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (D(2025, 5, 1), D(2025, 6, 23)),
        (D(2025, 5, 12), D(2025, 6, 23)),
        (D(2025, 5, 31), D(2025, 6, 23)),
        (D(2025, 2, 4), D(2025, 3, 21)),
        (D(2025, 11, 30), D(2025, 12, 19)),
        (D(2025, 12, 31), D(2026, 1, 23)),  # into the next year
        (D(2026, 2, 23), D(2026, 3, 20)),
        (D(2024, 1, 31), D(2024, 2, 22)),  # 21 weekdays, less Washington's Birthday
        (D(2024, 2, 29), D(2024, 3, 21)),
    ],
)
def test_periodic_statement(entry: dt.date, expected: dt.date) -> None:
    assert periodic_statement_due_date(entry) == expected


def test_periodic_statement_with_closures() -> None:
    # None of the IEEPA period depends on the closures; January 2025, with the 9th closed, does.
    assert periodic_statement_due_date(D(2024, 12, 5)) == D(2025, 1, 23)
    assert periodic_statement_due_date(D(2024, 12, 5), closures=True) == D(2025, 1, 24)


def test_refund_due() -> None:
    # 19 USC 1505(b): 2026-03-22 is a Sunday, and stays.
    assert refund_due_date(D(2026, 2, 20)) == D(2026, 3, 22)
    # 19 USC 1504(a): 90 days after a deemed liquidation.
    assert refund_due_date(D(2026, 2, 4), deemed=True) == D(2026, 5, 5)


def test_reconciliation_due() -> None:
    # CBP's reconciliation prototype: 21 months, 12 for a free-trade claim.
    assert reconciliation_due_date(D(2025, 2, 4)) == D(2026, 11, 4)
    assert reconciliation_due_date(D(2025, 2, 4), free_trade=True) == D(2026, 2, 4)
    assert reconciliation_due_date(D(2025, 5, 31)) == D(2027, 2, 28)


NAMED: list[tuple[str, Callable[[Any], object]]] = [
    ("entry_date", expected_liquidation_date),
    ("entry_date", deemed_liquidation_date),
    ("day", entry_summary_due_date),
    ("entry_date", periodic_statement_due_date),
    ("liquidation_date", refund_due_date),
    ("first_entry_date", reconciliation_due_date),
]


# A spreadsheet that adds days to an empty cell shows 1900-03-20.
@pytest.mark.parametrize("rule", [rule for _, rule in NAMED])
def test_no_date_no_deadline(rule: Callable[[Any], object]) -> None:
    assert rule(None) is None


@pytest.mark.parametrize(("name", "rule"), NAMED)
@pytest.mark.parametrize("value", [dt.datetime(2025, 2, 4), "2025-02-04", 45692])
def test_anything_but_a_date_is_refused(name: str, rule: Callable[[Any], object], value: object) -> None:
    with pytest.raises(FieldError, match=f"{name} is .*, not a date"):
        rule(value)


def test_outside_the_calendars() -> None:
    with pytest.raises(CoverageError, match="1990-01-01 to 2049-12-31"):
        entry_summary_due_date(D(1989, 2, 4))
    with pytest.raises(CoverageError, match="1990-01-01 to 2049-12-31"):
        periodic_statement_due_date(D(2049, 12, 1))
    with pytest.raises(CoverageError, match="beyond the calendar"):
        refund_due_date(dt.date.max)
    with pytest.raises(CoverageError, match="beyond the calendar"):
        expected_liquidation_date(dt.date.max)
