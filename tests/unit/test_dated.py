"""Rows in force from day to day, and the timeline over them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from ieeparefund.errors import CoverageError, RateNotPublishedError
from ieeparefund.law.dated import Timeline, in_force

D = dt.date


@dataclass(frozen=True)
class Row:
    first_day: dt.date
    last_day: dt.date | None
    name: str = ""


OLD = Row(D(2024, 1, 1), D(2024, 12, 31), "old")
NEW = Row(D(2025, 1, 1), D(2025, 6, 30), "new")
OPEN = Row(D(2025, 7, 1), None, "open")


@pytest.mark.parametrize(
    ("row", "day", "expected"),
    [
        (NEW, D(2024, 12, 31), False),
        (NEW, D(2025, 1, 1), True),
        (NEW, D(2025, 6, 30), True),
        (NEW, D(2025, 7, 1), False),
        (OPEN, D(2025, 6, 30), False),
        (OPEN, D(2099, 1, 1), True),
    ],
)
def test_in_force_has_both_ends_in(row: Row, day: dt.date, expected: bool) -> None:
    assert in_force(row, day) is expected


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (D(2024, 1, 1), "old"),
        (D(2024, 12, 31), "old"),
        (D(2025, 1, 1), "new"),
        (D(2025, 6, 30), "new"),
        (D(2025, 7, 1), "open"),
        (D(2199, 1, 1), "open"),
    ],
)
def test_the_row_of_a_day(day: dt.date, name: str) -> None:
    assert Timeline([OLD, NEW, OPEN], "the table").at(day).name == name


def test_before_an_open_timeline() -> None:
    with pytest.raises(
        CoverageError, match=r"^the table is known from 2024-01-01 to further notice, not for 2023-12-31\.$"
    ):
        Timeline([OLD, NEW, OPEN], "the table").at(D(2023, 12, 31))


def test_after_a_closed_timeline_the_error_is_the_tables_own_and_names_the_remedy() -> None:
    table = Timeline([OLD, NEW], "the rate", RateNotPublishedError, "Project it.")
    with pytest.raises(
        RateNotPublishedError,
        match=r"the rate is known from 2024-01-01 to 2025-06-30, not for 2025-07-01\. Project it\.$",
    ):
        table.at(D(2025, 7, 1))


@pytest.mark.parametrize(
    "rows",
    [
        [OLD, Row(D(2025, 1, 2), None)],  # a gap of a day
        [OLD, Row(D(2024, 12, 31), None)],  # an overlap of a day
        [OPEN, Row(D(2026, 1, 1), None)],  # a row after one without end
        [NEW, OLD],  # out of order
    ],
)
def test_rows_that_do_not_follow_each_other_are_refused(rows: list[Row]) -> None:
    with pytest.raises(ValueError, match=r"the table: the row from .* does not follow"):
        Timeline(rows, "the table")


def test_rows_are_kept_in_order() -> None:
    assert Timeline(iter([OLD, NEW]), "the table").rows == (OLD, NEW)
