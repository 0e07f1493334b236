"""`declare` and `ledger` on the shipped sample and its claim details."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")

from tests.unit.test_cli import ASKED, MESSY, SAMPLE, as_json, run

CLAIMS = str(Path(__file__).parents[1] / "golden" / "data" / "claim_details.csv")


def declare(tmp_path: Path, *options: str, **how: Any) -> Any:
    return as_json("declare", SAMPLE, *ASKED, "--output", str(tmp_path / "out"), *options, **how)


def test_files_manifest_and_exclusions(tmp_path: Path) -> None:
    found = declare(tmp_path, "--allow", "last_days")
    (file,) = found["files"]
    assert (file["entries"], file["principal"], file["interest"]) == (21, "405229.25", "12767.89")
    assert len(found["excluded"]) == 19
    assert (tmp_path / "out" / "cape_declaration_0001.csv").read_bytes().startswith(b"Entry Number\r\n")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["files"][0]["sha256"] == file["sha256"]


def test_day_80_is_a_stop_until_overridden(tmp_path: Path) -> None:
    stopped = {item["entry_number"]: item["reasons"][0]["stop"] for item in declare(tmp_path)["excluded"]}
    assert stopped["12E-1121865-8"] == "last_days"
    run("declare", SAMPLE, *ASKED, "--output", str(tmp_path / "x"), "--allow", "sleep", code=2)


def test_the_ledger_keeps_the_second_run_empty_and_takes_results(tmp_path: Path) -> None:
    ledger = str(tmp_path / "cape.db")
    options = ("--ledger", ledger, "--allow", "last_days", "--group-by", "filer", "--line-end", "lf")
    first = declare(tmp_path, *options)
    assert sum(file["entries"] for file in first["files"]) == 21
    assert len(first["files"]) == 4
    assert declare(tmp_path, *options)["files"] == []
    out = run("ledger", "record", ledger, CLAIMS, "--on", "2026-05-18").stdout
    assert out == "40 results read, 40 of them new.\n"
    assert run("ledger", "record", ledger, CLAIMS, "--on", "2026-05-18").stdout.endswith("0 of them new.\n")
    tables = as_json("ledger", "export", ledger)
    assert {row["state"] for row in tables["result"]} == {"accepted", "rejected"}
    rows = run("ledger", "export", ledger, "--format", "csv").stdout.splitlines()
    assert len(rows) == 22
    assert "accepted" in run("ledger", "export", ledger, "--format", "table").stdout
    run("ledger", "export", str(tmp_path / "none.db"), code=2)


def test_an_unclear_claim_file_ends_with_1(tmp_path: Path) -> None:
    ledger = str(tmp_path / "cape.db")
    declare(tmp_path, "--ledger", ledger)
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "ENTRY_NUMBER,CLAIM_NUMBER,STATUS,ERROR_DESCRIPTION\n"
        "009-6131459-8,90000000001,Being looked at,\n"
        "not a number,90000000001,Failed,NO IEEPA HTS\n",
        encoding="utf-8",
    )
    result = run("ledger", "record", ledger, str(claims), "--on", "2026-05-18", code=1)
    assert "Being looked at" in result.stderr
    assert "is not three letters or digits and eight digits" in result.stderr


def test_the_account_and_the_table(tmp_path: Path) -> None:
    out = run(
        "declare", SAMPLE, *ASKED, "--output", str(tmp_path / "a"), "--account-importer", "48-6699226A1"
    ).stdout
    assert "other_account" in out
    assert "Written" in out
    none = run("declare", SAMPLE, *ASKED, "--output", str(tmp_path / "b"), "--account-filer", "XXX").stdout
    assert none.startswith("Nothing to declare.")
    clean = tmp_path / "one.csv"
    rows = Path(SAMPLE).read_text(encoding="utf-8").splitlines(keepends=True)
    clean.write_text(rows[0] + "".join(row for row in rows if "00966918211" in row), encoding="utf-8")
    assert "Left out" not in run("declare", str(clean), *ASKED, "--output", str(tmp_path / "d")).stdout
    found = as_json("declare", MESSY, *ASKED, "--output", str(tmp_path / "c"), code=1)
    assert len(found["problems"]) == 14
