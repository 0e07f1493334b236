"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

typer_testing = pytest.importorskip("typer.testing", reason="the cli extra is not installed")

from ieeparefund.cli import options  # noqa: E402
from ieeparefund.cli.app import app  # noqa: E402
from ieeparefund.cli.output import emit, rows_as_csv, tracked  # noqa: E402
from ieeparefund.errors import IeepaRefundError  # noqa: E402

SAMPLE = str(Path(__file__).parents[2] / "examples" / "es003_small.csv")
MESSY = str(Path(__file__).parents[1] / "golden" / "data" / "es003_messy.csv")
ASKED = ("--as-of", "2026-05-15", "--payee", "corporation")


def run(*arguments: str, code: int = 0) -> Any:
    """Run a command; an error of the package counts as exit 2, as in `main`."""
    result = typer_testing.CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, IeepaRefundError):
        result.exit_code = 2
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def as_json(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--format", "json", code=code).stdout)


def test_estimate_as_a_table_fits_the_page_and_puts_deadlines_first() -> None:
    out = run("estimate", SAMPLE, *ASKED).stdout
    assert max(len(line) for line in out.splitlines()) <= 100
    deadlines, totals, entries = (
        out.index(text) for text in ("Deadlines within 14", "By outcome", "Entries (")
    )
    assert deadlines < totals < entries
    assert "12E-1121865-8  33,414.53" in out
    assert "417,997.14" in out
    assert "619,826.74" in out
    assert "Rows: 184 read = 184 used + 0 excluded." in out
    assert "Assumed" in out
    assert "FINAL LIQUIDATION" in out


def test_estimate_as_json_has_the_fixed_keys() -> None:
    found = as_json("estimate", SAMPLE, *ASKED)
    assert {"as_of", "payee", "totals", "by_outcome", "entries", "problems"} <= found.keys()
    assert found["totals"] == {
        "rows_read": 184,
        "rows_used": 184,
        "rows_excluded": 0,
        "entries": 40,
        "ieepa_duty": "619826.74",
        "refundable_duty": "405229.25",
        "interest": "12767.89",
        "refund": "417997.14",
    }
    assert found["problems"] == []
    assert len(found["entries"]) == 40


def test_estimate_of_a_messy_file_ends_with_1_and_lists_the_problems() -> None:
    found = as_json("estimate", MESSY, *ASKED, code=1)
    assert found["totals"]["rows_used"] == 202
    assert found["totals"]["rows_read"] == found["totals"]["rows_used"] + found["totals"]["rows_excluded"]
    assert {"file", "row", "column", "value", "problem", "remedy"} <= found["problems"][0].keys()
    assert [problem["row"] for problem in found["problems"]][:3] == [96, 97, 98]
    out = run("estimate", MESSY, *ASKED, code=1).stdout
    assert "Problems in the input" in out
    assert "13/45/2025" in out
    assert "blank row" in out


def test_estimate_as_csv_and_to_a_file(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("estimate", SAMPLE, *ASKED, "--format", "csv").stdout)))
    assert len(rows) == 40
    assert rows[0]["entry_number"] == "QZ7-6988077-7"
    target = tmp_path / "out.json"
    result = run("estimate", SAMPLE, *ASKED, "--format", "json", "--output", str(target))
    assert result.stdout == ""
    assert json.loads(target.read_text(encoding="utf-8"))["totals"]["entries"] == 40
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_two_overlapping_files_count_each_entry_once() -> None:
    found = as_json("estimate", SAMPLE, SAMPLE, *ASKED)
    assert found["totals"]["entries"] == 40
    assert found["totals"]["refund"] == "417997.14"
    assert found["totals"]["rows_read"] == 368
    assert found["totals"]["rows_excluded"] == 184


def test_an_entry_that_differs_between_two_files_is_left_out_of_both(tmp_path: Path) -> None:
    text = Path(SAMPLE).read_text(encoding="utf-8")
    other = tmp_path / "later.csv"
    other.write_text(text.replace("9065.28", "9065.29"), encoding="utf-8")
    found = as_json("estimate", SAMPLE, str(other), *ASKED, code=1)
    assert found["totals"]["entries"] == 39
    assert (
        found["totals"]["rows_read"] == found["totals"]["rows_used"] + found["totals"]["rows_excluded"] == 368
    )
    (problem,) = found["problems"]
    assert problem["value"] == "009-6131459-8"
    assert "other facts" in problem["problem"]


def test_a_date_nothing_can_be_computed_for_stops_its_entry_only(tmp_path: Path) -> None:
    text = Path(SAMPLE).read_text(encoding="utf-8")
    odd = tmp_path / "odd.csv"
    odd.write_text(text.replace("11/21/2025,11/26/2025", "11/21/2052,11/26/2052"), encoding="utf-8")
    found = as_json("estimate", str(odd), *ASKED, code=1)
    assert found["totals"]["entries"] == 39
    assert "outside 1990 to 2045" in found["problems"][0]["problem"]


def test_main_without_the_extra_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ieeparefund.cli import main

    for absent, error in (("typer", SystemExit), ("ieeparefund.cli.app", ModuleNotFoundError)):
        for name in [name for name in sys.modules if name.startswith("ieeparefund.cli.") or name == "typer"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, absent, None)
        with pytest.raises(error):
            main()
        monkeypatch.undo()
    assert "ieeparefund[cli]" in capsys.readouterr().err


def test_options_of_estimate_change_the_answer() -> None:
    usual = as_json("estimate", SAMPLE, *ASKED)
    ended = as_json("estimate", SAMPLE, *ASKED, "--liquidated-on", "2026-05-15")
    assert ended["totals"]["interest"] < usual["totals"]["interest"]
    by_entry = as_json("estimate", SAMPLE, *ASKED, "--deposit-rule", "entry")
    assert by_entry["entries"][4]["deposit_date"] == by_entry["entries"][4]["entry_date"]


def test_a_column_map(tmp_path: Path) -> None:
    text = Path(SAMPLE).read_text(encoding="utf-8").replace("Line Tariff Duty Amount", "What we paid", 1)
    odd = tmp_path / "odd.csv"
    odd.write_text(text, encoding="utf-8")
    columns = tmp_path / "map.toml"
    columns.write_text('[columns]\ntariff_duty = "What we paid"\n', encoding="utf-8")
    assert as_json("estimate", str(odd), *ASKED, "--columns", str(columns))["totals"]["refund"] == "417997.14"
    for bad in ("[columns", "[columns]\ntariff_duty = 7\n", "x = 1\n"):
        columns.write_text(bad, encoding="utf-8")
        run("estimate", str(odd), *ASKED, "--columns", str(columns), code=2)
    run("estimate", str(odd), *ASKED, "--columns", str(tmp_path / "none.toml"), code=2)


def test_explain_shows_steps_with_citations() -> None:
    number = "009-6131459-8"
    out = run("explain", SAMPLE, "--entry", number, *ASKED).stdout
    assert out.startswith("1. Facts\n")
    assert "19 U.S.C. 1505(c)" in out
    assert "9,314.51" in out
    found = as_json("explain", SAMPLE, "--entry", number.replace("-", ""), *ASKED)
    assert found["refund"] == "9314.51"
    assert found["explanation"][0] == "1. Facts"
    run("explain", SAMPLE, "--entry", "ABC-1234567-6", *ASKED, code=2)


def test_interest() -> None:
    # 10,000 from 2025-04-15 to 2026-02-23 for a corporation: icpainc.org, Answer the Membership.
    dates = ("--deposited", "2025-04-15", "--liquidated", "2026-02-23", "--payee", "corporation")
    assert "Interest 529.67 on 10,000" in run("interest", "10,000.00", *dates).stdout
    assert "2026-01-01" in run("interest", "10000", *dates, "--schedule").stdout
    found = as_json("interest", "10000", *dates)
    assert found["interest"] == "529.67"
    assert sum(float(row["interest"]) for row in found["schedule"]) == pytest.approx(529.67)
    run("interest", "ten", *dates, code=2)


def test_windows() -> None:
    # Liquidated 2026-01-30: CAPE's last day is Monday 2026-04-20 (CBP, CAPE FAQ of 2026-04-15).
    found = as_json("windows", "--liquidated", "2026-01-30")
    assert found["cape"]["closes"] == "2026-04-20"
    assert found["refund_due"]["closes"] == "2026-03-01"
    entered = as_json("windows", "--entered", "2025-05-12")
    assert entered["periodic_statement_due"]["closes"] == "2025-06-23"
    assert "2026-04-20" in run("windows", "--liquidated", "2026-01-30").stdout
    run("windows", code=2)
    run("windows", "--liquidated", "2026-01-30", "--entered", "2025-05-12", code=2)


def test_working_days() -> None:
    assert run("working-days", "add", "2025-02-04", "10").stdout == "2025-02-19\n"
    assert run("working-days", "add", "--", "2025-02-19", "-10").stdout == "2025-02-04\n"
    assert run("working-days", "between", "2025-02-04", "2025-02-19").stdout == "10\n"
    assert as_json("working-days", "nth", "2025", "6", "15") == {"answer": "2025-06-23"}
    # Closed by executive order on 2025-12-24 and 2025-12-26.
    assert run("working-days", "add", "2025-12-15", "10").stdout == "2025-12-30\n"
    assert run("working-days", "add", "2025-12-15", "10", "--closures").stdout == "2026-01-02\n"
    run("working-days", "add", "2025-13-01", "1", code=2)
    run("working-days", "nth", "2025", "2", "40", code=2)


def test_rates() -> None:
    # FR Doc. 2026-09871: 5 per cent for corporations in 2026Q2.
    found = as_json("rates", "--on", "2026-05-15")
    assert (found[0]["corporation"], found[0]["other"], found[0]["standing"]) == ("5", "6", "published")
    assert len(run("rates", "--format", "csv").stdout.splitlines()) == 72
    assert "1974-07-01" in run("rates").stdout
    run("rates", "--on", "2027-01-01", code=2)


def test_headings() -> None:
    # CSMS 66749380: the fentanyl duty on China fell to 10 per cent on 2025-11-10.
    rates = [
        as_json("headings", "9903.01.24", "--on", day)[0]["rate"] for day in ("2025-11-09", "2025-11-10")
    ]
    assert rates == ["20", "10"]
    assert "9903.01.84" in run("headings", "--country", "IN", "--on", "2025-12-01").stdout
    assert len(run("headings", "--programme", "brazil", "--format", "csv").stdout.splitlines()) == 10
    assert "section_122" in run("headings", "9903.03.01").stdout
    assert "No IEEPA heading fits." in run("headings", "--country", "IN", "--on", "2024-01-01").stdout
    run("headings", "nothing", code=2)


def test_check_names_what_to_mend_before_cape_rejects(tmp_path: Path) -> None:
    found = as_json("check", SAMPLE, "--as-of", "2026-07-15")
    assert {row["rule"] for row in found["findings"]} == {"missing_heading", "duty_differs"}
    assert found["findings"][0]["ace_text"] == "HTS RELATIONSHIP MISMATCH"
    assert len(as_json("check", SAMPLE, "--as-of", "2026-07-15", "--notes")["findings"]) > 5
    out = run("check", SAMPLE, "--as-of", "2026-07-15").stdout
    assert "5 findings in 3 of 40 entries." in out
    assert max(len(line) for line in out.splitlines()) <= 100
    assert (
        run("check", SAMPLE, "--as-of", "2026-07-15", "--format", "csv").stdout.count("missing_heading") == 4
    )
    assert as_json("check", MESSY, "--as-of", "2026-07-15", code=1)["problems"]
    clean = tmp_path / "clean.csv"
    rows = Path(SAMPLE).read_text(encoding="utf-8").splitlines(keepends=True)
    clean.write_text(rows[0] + "".join(row for row in rows if "00966918211" in row))
    assert run("check", str(clean), "--as-of", "2026-07-15").stdout == "Nothing to mend in 1 entries.\n"


def test_every_command_has_help_with_an_example() -> None:
    for command in (
        ("estimate",),
        ("explain",),
        ("check",),
        ("columns",),
        ("declare",),
        ("reconcile",),
        ("ledger", "record"),
        ("ledger", "export"),
        ("interest",),
        ("windows",),
        ("working-days", "add"),
        ("working-days", "between"),
        ("working-days", "nth"),
        ("working-days", "check"),
        ("rates",),
        ("headings",),
    ):
        assert "Example: ieeparefund " + " ".join(command) in " ".join(run(*command, "--help").stdout.split())
    assert "ieeparefund 0." in run("--version").stdout


def test_today_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Clock(dt.date):
        @classmethod
        def today(cls) -> Clock:
            return cls(2026, 5, 15)

    monkeypatch.setattr(options.dt, "date", Clock)
    assert options.day_of_question(None) == dt.date(2026, 5, 15)
    assert "As of 2026-05-15 (today" in capsys.readouterr().err
    assert options.day_of_question(dt.date(2026, 1, 1)) == dt.date(2026, 1, 1)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        emit("new", target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_no_rows_no_csv() -> None:
    assert rows_as_csv([]) == ""


def test_progress_shows_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(tracked([1, 2], "Working")) == [1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    clock = iter(range(100_000))
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    assert list(tracked(list(range(600)), "Working")) == list(range(600))
    assert "Working" in capsys.readouterr().err


def test_column_maps_are_listed_printed_and_suggested(tmp_path: Path) -> None:
    assert "REV-615" in run("columns").stdout
    template = run("columns", "REV-615", "--template").stdout
    assert 'report = "REV-615"' in template
    assert template in run("columns", "--template").stdout
    report = tmp_path / "rev615.csv"
    report.write_text(
        "Entry Number,Refund Amount,Interest Amount\n009-6131459-8,1.00,0.10\n", encoding="utf-8"
    )
    assert "Refund Amount" in run("columns", "REV-615", "--suggest", str(report)).stdout
    run("columns", "--suggest", str(report), code=2)
    run("columns", "REV-615", "--template", "--suggest", str(report), code=2)
    run("columns", "REV-999", code=2)
