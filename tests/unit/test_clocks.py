"""The clocks: every count as the sources give it, the arithmetic of months and years, the look-up by day."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator

import pytest

from ieeparefund.errors import CoverageError, IeepaRefundError
from ieeparefund.law import clocks as module
from ieeparefund.law.cape_facts import clock_limits, clock_on
from ieeparefund.law.citations import Standing, cite, table_text
from ieeparefund.law.clocks import Clock, clock, clock_end

D = dt.date

# Counts as the statutes, regulations and CBP messages give them; sources beside each.
COUNTS = [
    ("cape", 80, "days"),  # CBP, CAPE FAQ 2026-04-15: final is more than 80 days ago
    ("cape_unliquidated", 45, "days"),  # CSMS 68340863
    ("voluntary_reliquidation", 90, "days"),  # 19 USC 1501
    ("protest", 180, "days"),  # 19 USC 1514(c)(3)
    ("denied_protest_suit", 180, "days"),  # 28 USC 2636(a)
    ("residual_suit", 2, "years"),  # 28 USC 2636(i)
    ("refund_due", 30, "days"),  # 19 USC 1505(b)
    ("refund_due_deemed", 90, "days"),  # 19 USC 1504(a)
    ("deemed_liquidation", 1, "years"),  # 19 USC 1504(a)
    ("deemed_liquidation_limit", 4, "years"),  # 19 USC 1504(b)
    ("normal_liquidation", 314, "days"),  # CBP practice
    ("correction_after_entry", 300, "days"),  # NCBFAA 2026-05-18
    ("correction_before_liquidation", 15, "days"),  # NCBFAA 2026-05-18
    ("reconciliation", 21, "months"),
    ("reconciliation_free_trade", 12, "months"),
    ("reconciliation_first", 30, "days"),  # CBP, CAPE FAQ 2026-05-26
    ("entry_summary", 10, "working_days"),  # 19 CFR 142.12(b)
    ("periodic_statement", 15, "working_days"),  # 19 USC 1505(a)
]


@pytest.mark.parametrize(("identifier", "count", "unit"), COUNTS)
def test_counts(identifier: str, count: int, unit: str) -> None:
    row = clock(identifier)
    assert (row.id, row.count, row.unit) == (identifier, count, unit)


def test_no_clock_stands_in_the_table_untested() -> None:
    assert sorted(tomllib.loads(table_text("clocks.toml"))) == sorted(
        identifier for identifier, _, _ in COUNTS
    )


@pytest.mark.parametrize("identifier", [identifier for identifier, _, _ in COUNTS])
def test_every_clock_says_what_it_rests_on(identifier: str) -> None:
    row = clock(identifier)
    assert row.citation is cite(row.citation.id)
    assert row.anchor
    assert row.note.endswith(".")
    assert isinstance(row.standing, Standing)


def test_only_where_a_last_day_can_be_moved_is_something_said_of_it() -> None:
    rolls = {identifier for identifier, _, _ in COUNTS if clock(identifier).roll}
    assert rolls == {"cape", "voluntary_reliquidation", "protest", "denied_protest_suit", "residual_suit"}
    assert clock("refund_due").roll == ""
    assert clock("cape").last_day is None
    assert clock("protest").anchor == "liquidation or reliquidation"


# Practice and restatements are marked as what they are.
@pytest.mark.parametrize("identifier", ["normal_liquidation", "reconciliation", "reconciliation_free_trade"])
def test_what_is_inferred_is_marked(identifier: str) -> None:
    assert clock(identifier).standing is Standing.INFERRED


def make(unit: str, count: int) -> Clock:
    return Clock("x", unit, count, "start", D(2000, 1, 1), None, cite("19-usc-1501"), Standing.PUBLISHED, "")


@pytest.mark.parametrize(
    ("unit", "count", "start", "steps", "end"),
    [
        ("days", 80, D(2026, 1, 30), 1, D(2026, 4, 20)),
        ("days", 15, D(2026, 5, 29), -1, D(2026, 5, 14)),
        ("months", 21, D(2025, 2, 4), 1, D(2026, 11, 4)),
        ("months", 1, D(2026, 1, 31), 1, D(2026, 2, 28)),
        ("months", 1, D(2026, 3, 31), -1, D(2026, 2, 28)),
        ("years", 1, D(2025, 2, 4), 1, D(2026, 2, 4)),
        ("years", 1, D(2024, 2, 29), 1, D(2025, 2, 28)),
        ("years", 1, D(2024, 2, 29), 4, D(2028, 2, 29)),  # in one stride, not by way of 28 February 2025
        ("years", 2, D(2024, 2, 29), 1, D(2026, 2, 28)),
        ("years", 1, D(2023, 2, 28), 1, D(2024, 2, 28)),
    ],
)
def test_ends(unit: str, count: int, start: dt.date, steps: int, end: dt.date) -> None:
    assert make(unit, count).end(start, steps) == end


@pytest.mark.parametrize(
    ("unit", "start", "steps"),
    [("days", D(9999, 12, 31), 1), ("months", D(9999, 12, 31), 1), ("years", D(1, 1, 1), -1)],
)
def test_beyond_the_calendar(unit: str, start: dt.date, steps: int) -> None:
    with pytest.raises(CoverageError, match=f"1 {unit} from {start} lie beyond the calendar. Check the date"):
        make(unit, 1).end(start, steps)


def test_working_days_need_their_calendar() -> None:
    with pytest.raises(
        IeepaRefundError, match=r"counts working days: use add_working_days\(2025-02-04, 10\)"
    ):
        clock("entry_summary").end(D(2025, 2, 4))


def test_clock_end() -> None:
    assert clock_end("cape", D(2026, 2, 6)) == D(2026, 4, 27)
    assert clock_end("cape", D(2026, 2, 6), D(2026, 4, 20)) == D(2026, 4, 27)


def test_a_clock_is_found_by_the_day_it_is_in_force() -> None:
    assert clock("cape", D(2026, 4, 20)) == clock("cape")
    with pytest.raises(
        CoverageError, match="'cape' has no rule in force on 2026-04-19; its first is of 2026-04-20"
    ):
        clock("cape", D(2026, 4, 19))


def test_an_unknown_clock_is_a_defect() -> None:
    with pytest.raises(IeepaRefundError, match=r"clock 'tea' is not in law/tables/clocks\.toml"):
        clock("tea")


CHANGE = D(2026, 6, 1)


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clocks counted in days as the table has them until 2026-05-31, and a day longer from June on."""

    def rows(name: str) -> str:
        table = tomllib.loads(table_text(name))
        text = ""
        for key, (row,) in table.items():
            old = {**row, "to": CHANGE - dt.timedelta(days=1)}
            new = {**row, "from": CHANGE, "count": row["count"] + (row["unit"] == "days")}
            for made in (old, new):
                text += f"[[{key}]]\n"
                text += "".join(
                    f"{field} = {value!r}\n" if isinstance(value, int | str) else f"{field} = {value}\n"
                    for field, value in made.items()
                )
        return text

    kept = (module._clocks, module.clock, clock_limits)
    for cached in kept:
        cached.cache_clear()
    monkeypatch.setattr(module, "table_text", rows)
    yield
    for cached in kept:
        cached.cache_clear()


@pytest.mark.usefixtures("changed")
def test_a_changed_clock_is_asked_by_day() -> None:
    may, june = D(2026, 5, 31), D(2026, 6, 1)
    assert (clock("cape", may).count, clock("cape", june).count, clock("cape").count) == (80, 81, 81)
    assert clock("cape", may).last_day == may
    assert (clock("cape", june).first_day, clock("cape").last_day) == (june, None)
    assert clock_end("cape", D(2026, 3, 2), may) == D(2026, 5, 21)
    assert clock_end("cape", D(2026, 3, 2), june) == clock_end("cape", D(2026, 3, 2)) == D(2026, 5, 22)


@pytest.mark.usefixtures("changed")
def test_the_limits_of_a_day_are_those_of_the_clocks_in_force_on_it() -> None:
    assert clock_limits(D(2026, 5, 31)) == (80, 77, 90, 180, 300, 15, 30)
    assert clock_limits(D(2026, 6, 1)) == (81, 78, 91, 181, 301, 16, 31)
    # Before CAPE opened, its newest clock stands in.
    assert clock_on("cape", D(2026, 4, 19)).count == 81
