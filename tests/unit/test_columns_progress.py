"""The progress bar of files: on a terminal only, and silent otherwise."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.columns.progress import reporting
from ieeparefund.errors import MissingExtraError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, entries: Path | None, screen: io.StringIO) -> str:
    pytest.importorskip("rich", reason="the cli extra is not installed")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    with reporting(True, entries) as report:
        report(3)
    return screen.getvalue()


def test_the_bar_counts_up_to_the_entries_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "entries.parquet"
    pq.write_table(pa.table({"entry_number": ["a"] * 7}), path)
    assert "3/7" in drawn(monkeypatch, path, Terminal())


@pytest.mark.parametrize("name", [None, "entries.csv", "absent.parquet"])
def test_without_a_number_in_the_file_it_only_counts(
    name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "entries.csv").write_text("entry_number\na\n")
    shown = drawn(monkeypatch, None if name is None else tmp_path / name, Terminal())
    assert "3/?" in shown


def test_nothing_is_drawn_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, None, io.StringIO()) == ""


def test_without_rich_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[cli\]"), reporting(True, None):
        pass


@given(st.lists(st.integers(0, 10**9)))
def test_the_callers_function_is_called_with_every_count(counts: list[int]) -> None:
    heard: list[int] = []
    with reporting(heard.append, None) as report, reporting(False, None) as idle:
        for count in counts:
            report(count)
            idle(count)
    assert heard == counts
