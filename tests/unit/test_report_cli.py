"""The command `report`: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

typer_testing = pytest.importorskip("typer.testing", reason="the cli extra is not installed")
pytest.importorskip("jinja2", reason="the report extra is not installed")
pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")

from ieeparefund.cli.app import app  # noqa: E402
from ieeparefund.cli.output import rows_as_csv  # noqa: E402
from ieeparefund.errors import IeepaRefundError  # noqa: E402

SAMPLE = str(Path(__file__).parents[2] / "examples" / "es003_small.csv")
MESSY = str(Path(__file__).parents[1] / "golden" / "data" / "es003_messy.csv")
ASKED = ("--as-of", "2026-05-15", "--payee", "corporation")
ENTRY = ("--entry", "12E11218658")


def run(*arguments: str, code: int = 0) -> Any:
    result = typer_testing.CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, IeepaRefundError):
        result.exit_code = 2
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


@pytest.mark.parametrize(
    ("end", "start"), [(".html", b"<!DOCTYPE html>"), (".md", b"# IEEPA"), (".xlsx", b"PK")]
)
def test_a_statement_and_an_exhibit_in_every_format(tmp_path: Path, end: str, start: bytes) -> None:
    output = tmp_path / f"statement{end}"
    result = run("report", SAMPLE, *ASKED, "--output", str(output))
    assert output.read_bytes().startswith(start)
    assert result.stdout == ""
    sealed = tmp_path / f"exhibit{end}"
    result = run("report", "--output", str(sealed), *ENTRY, *ASKED, SAMPLE)
    assert result.stdout.startswith("Seal: sha256 ")
    assert run("report", "verify", str(sealed)).stdout.startswith(f"{sealed}: intact.")
    found = json.loads(run("report", "verify", str(sealed), "--format", "json").stdout)
    assert found["seal"] in result.stdout
    assert found["differences"] == []


def test_verify_says_what_differs(tmp_path: Path) -> None:
    output = tmp_path / "exhibit.md"
    run("report", "write", SAMPLE, *ASKED, *ENTRY, "--output", str(output))
    output.write_text(output.read_text(encoding="utf-8").replace("33,414.53", "43,414.53"), encoding="utf-8")
    out = run("report", "verify", str(output), code=1).stdout
    assert "NOT as it was sealed" in out
    assert '"- Refund: **43,414.53**", the record "- Refund: **33,414.53**"' in out


def test_importers_are_masked_unless_asked_for(tmp_path: Path) -> None:
    output = tmp_path / "statement.md"
    run("report", SAMPLE, *ASKED, "--output", str(output))
    assert "75-419312501" not in output.read_text(encoding="utf-8")
    run("report", SAMPLE, *ASKED, "--show-importers", "--output", str(output))
    assert "75-419312501" in output.read_text(encoding="utf-8")


def test_json_says_what_was_written(tmp_path: Path) -> None:
    output = tmp_path / "statement.md"
    found = json.loads(run("report", SAMPLE, *ASKED, "--output", str(output), "--format", "json").stdout)
    assert found["totals"]["refund"] == "417997.14"
    assert found["seal"] is None
    assert found["output"] == str(output)


def test_problems_in_the_input_end_with_1(tmp_path: Path) -> None:
    output = tmp_path / "statement.md"
    run("report", MESSY, *ASKED, "--output", str(output), code=1)
    assert "13/45/2025" in output.read_text(encoding="utf-8")


def test_unusable_arguments_end_with_2(tmp_path: Path) -> None:
    good = str(tmp_path / "statement.md")
    run("report", SAMPLE, *ASKED, "--output", str(tmp_path / "statement.pdf"), code=2)
    run("report", SAMPLE, *ASKED, "--output", str(tmp_path / "no" / "statement.md"), code=2)
    run("report", SAMPLE, *ASKED, "--entry", "ABC-1234567-6", "--output", good, code=2)
    run("report", SAMPLE, *ASKED, code=2)
    run("report", code=2)
    run("report", "verify", SAMPLE, code=2)


def test_help_has_examples() -> None:
    for command in (("report",), ("report", "write"), ("report", "verify")):
        assert "Example: ieeparefund " + " ".join(command) in " ".join(run(*command, "--help").stdout.split())


def test_csv_text_cannot_turn_into_a_formula() -> None:
    out = rows_as_csv([{"importer": "=1+1", "amount": "-9.50", "rate": -1}])
    assert out == "importer,amount,rate\n'=1+1,-9.50,-1\n"
