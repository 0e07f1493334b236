"""The shipped calendar against the `holidays` package: differences are told, and only told."""

from __future__ import annotations

import datetime as dt
import json

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.errors import CoverageError
from ieeparefund.law.calendar_check import CalendarDifference, calendar_differences
from ieeparefund.law.working_days import is_working_day

D = dt.date
knows_closures = pytest.mark.skipif(
    tuple(map(int, holidays.__version__.split(".")[:2])) < (0, 88),
    reason="holidays before 0.88 lacks closures by executive order",
)


def changed(monkeypatch: pytest.MonkeyPatch, add: dict[dt.date, str], *remove: dt.date) -> None:
    """Let the package have other days off."""
    real = holidays.country_holidays

    def country_holidays(country: str, **options: object) -> dict[dt.date, str]:
        found = dict(real(country, **options))  # type: ignore[arg-type]  # passed through as they came
        closures = "categories" in options
        found.update({day: name for day, name in add.items() if ("order" in name) is closures})
        return {day: name for day, name in found.items() if day not in remove}

    monkeypatch.setattr(holidays, "country_holidays", country_holidays)


@knows_closures
def test_all_years_agree() -> None:
    assert calendar_differences(2001, 2049) == []


def test_a_new_holiday_is_told_and_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, {D(2027, 3, 1): "A New Day", D(2027, 3, 6): "On a Saturday"}, D(2027, 5, 31))
    assert calendar_differences(2026, 2027) == [
        CalendarDifference(D(2027, 3, 1), "A New Day", False, True, False),
        CalendarDifference(D(2027, 5, 31), "", True, False, False),
    ]
    assert is_working_day(D(2027, 3, 1))
    assert not is_working_day(D(2027, 5, 31))


@knows_closures
def test_a_new_order_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(
        monkeypatch,
        {D(2026, 12, 24): "closed by order", D(2026, 12, 28): "half-day by order"},
        D(2025, 12, 26),
    )
    assert calendar_differences(2025, 2026) == [
        CalendarDifference(D(2025, 12, 26), "", True, False, True),
        CalendarDifference(D(2026, 12, 24), "closed by order", False, True, True),
    ]


def test_the_first_and_the_last_day_of_the_years_are_compared_and_none_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outside = (D(2025, 1, 1), D(2027, 1, 1))
    changed(monkeypatch, {D(2026, 12, 31): "A New Day"}, D(2026, 1, 1), *outside)
    assert calendar_differences(2026, 2026) == [
        CalendarDifference(D(2026, 1, 1), "", True, False, False),
        CalendarDifference(D(2026, 12, 31), "A New Day", False, True, False),
    ]


@pytest.mark.parametrize(("first", "last"), [(2000, 2026), (2026, 2050), (2027, 2026)])
def test_years_that_cannot_be_compared(first: int, last: int) -> None:
    with pytest.raises(CoverageError, match="from 2001 to 2049"):
        calendar_differences(first, last)


@knows_closures
@given(st.integers(2001, 2049), st.integers(2001, 2049))
def test_any_span_agrees(one: int, other: int) -> None:
    first, last = sorted((one, min(other, one + 3) if other > one else max(other, one - 3)))
    assert calendar_differences(first, last) == []


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    testing = pytest.importorskip("typer.testing", reason="the cli extra is not installed")
    from ieeparefund.cli.app import app

    def ask(*words: str) -> tuple[int, str]:
        found = testing.CliRunner().invoke(app, ["working-days", "check", "2026", "2027", *words])
        return found.exit_code, found.stdout

    assert ask() == (0, "No difference from 2026 to 2027.\n")
    changed(monkeypatch, {D(2027, 3, 1): "A New Day", D(2026, 12, 24): "closed by order"}, D(2027, 5, 31))
    assert ask() == (
        1,
        "2026-12-24: a working day here, a day off in the package (closed by order), executive-order closure\n"
        "2027-03-01: a working day here, a day off in the package (A New Day)\n"
        "2027-05-31: a day off here, a working day in the package\n",
    )
    code, text = ask("--format", "json")
    assert code == 1
    assert json.loads(text)["differences"][1] == {
        "day": "2027-03-01",
        "name": "A New Day",
        "shipped_off": False,
        "package_off": True,
        "closure": False,
    }
