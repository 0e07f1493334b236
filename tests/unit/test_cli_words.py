"""What the command line says when something is wrong: one sentence, with what to do, and never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")

from ieeparefund.cli import main
from ieeparefund.cli.words import spoken
from ieeparefund.errors import IeepaRefundError

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


def test_a_country_is_two_letters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(monkeypatch, capsys, "headings", "--country", "XYZ")
    assert text == "ieeparefund: 'XYZ' is not a country code. Give two letters, such as CN.\n"


def test_the_table_of_headings_has_whole_days(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ieeparefund", "headings", "9903.01.24"])
    with pytest.raises(SystemExit):
        main()
    out = capsys.readouterr().out
    # CSMS 66749380: 20 per cent to 2025-11-09, 10 per cent from 2025-11-10.
    assert "2025-03-04  2025-11-09" in out
    assert "2025-11-10  2026-02-23" in out
    assert "T00:01" not in out


def test_the_shell_completes_commands_and_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_IEEPAREFUND_COMPLETE", "complete_bash")
    for words, place, expected in (
        ("ieeparefund est", "1", "estimate"),
        ("ieeparefund estimate --pay", "2", "--payee"),
        ("ieeparefund estimate --payee corp", "3", "corporation"),
    ):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", place)
        monkeypatch.setattr(sys, "argv", ["ieeparefund"])
        with pytest.raises(SystemExit):
            main()
        assert capsys.readouterr().out.split() == [expected]


def test_an_error_that_is_of_no_input_is_said_whole_but_for_importers() -> None:
    error = IeepaRefundError("12-345678900 has no account. Ask the broker.")
    assert spoken(error) == "**-*****8900 has no account. Ask the broker."
