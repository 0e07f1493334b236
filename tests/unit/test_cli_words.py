"""What the command line says when something is wrong: one sentence, with what to do, and never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")

from ieeparefund.cli import main

DATES = ("--deposited", "2026-12-01", "--payee", "other")


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a failing command prints on standard error."""
    monkeypatch.setattr(sys, "argv", ["ieeparefund", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


def test_a_missing_rate_names_the_days_and_no_python(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(monkeypatch, capsys, "interest", "100", "--liquidated", "2027-02-01", *DATES)
    assert "known from 1974-07-01 to 2026-12-31, not for" in text
    assert "`estimate` carries the last rate on" in text
    assert "rates.projected" not in text


def test_an_option_is_not_called_a_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(monkeypatch, capsys, "interest", "10.0.0", "--liquidated", "2026-12-20", *DATES)
    assert text == (
        "ieeparefund: principal is '10.0.0', not an amount. Pass plain dollars such as \"1234.56\".\n"
    )


def test_a_file_is_named_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--as-of", "2026-05-15", "--payee", "other")
    assert "file none.csv: cannot be opened" in told(monkeypatch, capsys, "estimate", "none.csv", *asked)


def test_a_place_that_cannot_be_written_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = str(tmp_path / "no" / "rates.json")
    text = told(monkeypatch, capsys, "rates", "--format", "json", "--output", target)
    assert "No such file or directory" in text
    assert str(tmp_path / "no") in text


def test_an_error_of_the_system_without_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("ieeparefund.cli.rates.emit", full)
    assert told(monkeypatch, capsys, "rates") == "ieeparefund: disk full. Check the path.\n"


def test_a_count_below_zero_is_no_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ieeparefund", "working-days", "add", "2025-02-19", "-10"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 0
    assert capsys.readouterr().out == "2025-02-04\n"
