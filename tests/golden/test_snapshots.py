"""A change of law shows as a diff, and comes with an entry under Law in the changelog that names it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from tests.golden.snapshots import headings, working_days, write

from ieeparefund.law import working_days as calendar
from ieeparefund.law.headings import ieepa_headings

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
LINES_SHOWN = 40
beside_the_changelog = pytest.mark.skipif(
    not CHANGELOG.is_file(),
    reason="the tests stand alone, beside an installed package: the changelog is not there",
)
TO_DO = (
    "If the change is meant: run `python -m tests.golden.snapshots.write`, look through the diff of "
    "tests/golden/snapshots, and say in CHANGELOG.md under Law what changed, from which day and by which source, "
    "with the words the script prints. If it is not meant, the law has moved by accident."
)


def complaint(name: str, known: str, now: str) -> str | None:
    """What to say of a snapshot that is not what it was: the first lines of the diff, and what to do."""
    diff = list(
        difflib.unified_diff(known.splitlines(), now.splitlines(), f"{name}, frozen", "now", n=1, lineterm="")
    )
    if not diff:
        return None if known == now else f"{name} differs in its line ends only.\n{TO_DO}"
    shown = "\n".join(islice(diff, LINES_SHOWN))
    more = f"\n... and {len(diff) - LINES_SHOWN} lines more" if len(diff) > LINES_SHOWN else ""
    return f"{name} is not what the library answers now:\n{shown}{more}\n{TO_DO}"


@pytest.mark.parametrize("name", write.SNAPSHOTS)
def test_the_answers_are_those_that_were_frozen(name: str) -> None:
    said = complaint(name, (write.HERE / name).read_bytes().decode(), write.text(name))
    if said:
        pytest.fail(said, pytrace=False)


def test_the_checksums_are_those_of_the_files() -> None:
    assert write.frozen() == write.checksums(), TO_DO
    assert {path.name for path in write.HERE.glob("*.txt")} == set(write.SNAPSHOTS)


def law_parts(changelog: str) -> list[str]:
    """The text under each `### Law`, newest first."""
    return re.findall(r"^### Law\n(.*?)(?=^##|\Z)", changelog, re.MULTILINE | re.DOTALL)


@beside_the_changelog
def test_the_frozen_law_has_its_entry_in_the_changelog() -> None:
    wanted = write.changelog_line(write.frozen())
    assert any(wanted in part for part in law_parts(CHANGELOG.read_text(encoding="utf-8"))), (
        f"no entry under Law in CHANGELOG.md holds the words {wanted!r}: say there what changed, from which day "
        "and by which source, with these words."
    )


def test_the_code_stands_for_every_file() -> None:
    sums = write.frozen()
    codes = {write.code(sums)} | {write.code(sums | {name: "0" * 64}) for name in sums}
    assert len(codes) == 1 + len(sums)


def test_only_what_stands_under_law_counts() -> None:
    changelog = "## [2.0.0]\n### Added\n- one\n### Law\n- two\n## [1.0.0]\n### Law\n\n- three\n"
    assert law_parts(changelog) == ["- two\n", "\n- three\n"]


def test_a_change_of_one_rate_is_told_with_its_line_and_what_to_do() -> None:
    row = ieepa_headings("IN", "reciprocal", headings.D(2025, 12, 1), "duty")[-1]
    known = write.text("heading_rows.txt")
    line, moved = headings.render(row), headings.render(replace(row, rate=row.rate and row.rate - 7))
    said = complaint("heading_rows.txt", known, known.replace(f"{line}\n", f"{moved}\n"))
    assert said is not None
    assert f"\n-{line}\n+{moved}\n" in said
    assert "run `python -m tests.golden.snapshots.write`" in said
    assert "CHANGELOG.md under Law" in said


def test_a_long_diff_is_cut_and_line_ends_count() -> None:
    said = complaint("x.txt", "".join(f"{k}\n" for k in range(90)), "")
    assert said is not None
    assert re.search(r"^\.\.\. and \d+ lines more$", said, re.MULTILINE)
    assert "line ends only" in str(complaint("x.txt", "one\r\ntwo\r\n", "one\ntwo\n"))
    assert complaint("x.txt", "one\n", "one\n") is None


def test_a_holiday_that_moves_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    known = write.text("working_days.txt")
    national: Callable[[], set[calendar.dt.date]] = calendar._national_holidays
    monkeypatch.setattr(calendar, "_national_holidays", lambda: national() - {working_days.D(2026, 7, 3)})
    calendar._calendar.cache_clear()
    try:
        said = complaint("working_days.txt", known, write.text("working_days.txt"))
    finally:
        monkeypatch.undo()
        calendar._calendar.cache_clear()
        calendar._calendar(False)
    assert said is not None
    assert "\n-2026-07-03 Fri | Independence Day | 2026-07-04" in said
    assert write.text("working_days.txt") == known
