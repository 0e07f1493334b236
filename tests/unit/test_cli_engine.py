"""`estimate --engine`: the same bytes from both, and which one is taken."""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from pathlib import Path
from typing import Any

import pytest

typer_testing = pytest.importorskip("typer.testing", reason="the cli extra is not installed")
pytest.importorskip("pyarrow", reason="the arrow extra is not installed")

from ieeparefund.cli import engine as engine_module  # noqa: E402
from ieeparefund.cli.app import app  # noqa: E402
from ieeparefund.cli.engine import Engine, choose_engine  # noqa: E402
from ieeparefund.entries.entry_number import entry_check_digit  # noqa: E402
from ieeparefund.errors import MissingExtraError  # noqa: E402

DATA = Path(__file__).parents[1] / "golden" / "data"
SMALL, MESSY = DATA / "es003_small.csv", DATA / "es003_messy.csv"
ASKED = ("--as-of", "2026-05-15", "--payee", "corporation")
formats = pytest.mark.parametrize("form", ["json", "csv", "table"])


def run(*arguments: str) -> Any:
    result = typer_testing.CliRunner().invoke(app, ["estimate", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def both(*arguments: str) -> bytes:
    """Run with both engines, and return what both wrote."""
    scalar, columns = (run(*arguments, "--engine", name) for name in ("scalar", "columns"))
    assert scalar.exit_code == columns.exit_code
    assert scalar.stderr == ""
    assert columns.stderr == "Engine: columns (asked for).\n"
    assert columns.stdout_bytes == scalar.stdout_bytes
    found: bytes = columns.stdout_bytes
    return found


def moved(text: str, days: int) -> str:
    if not text:
        return text
    day = dt.datetime.strptime(text, "%m/%d/%Y") + dt.timedelta(days=days)  # noqa: DTZ007
    return day.strftime("%m/%d/%Y")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sample over and over, with other numbers, days and amounts: 400 entries."""
    draw = random.Random(1505)
    with SMALL.open(encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(file)
    place = {name: head.index(name) for name in head}
    entries: dict[str, list[list[str]]] = {}
    for row in body:
        entries.setdefault(row[place["Entry Summary Number"]], []).append(row)
    path = tmp_path_factory.mktemp("generated") / "es003.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for count in range(400):
            rows = list(entries.values())[count % len(entries)]
            ten = f"ZT4{count:07d}"
            shift, later, share = draw.randrange(-40, 6), 7 * draw.randrange(8), draw.randrange(50, 150)
            for row in rows:
                new = list(row)
                new[place["Entry Summary Number"]] = f"{ten}{entry_check_digit(ten)}"
                for name in ("Entry Date", "Entry Summary Date", "Initial Entry Summary Create Date"):
                    new[place[name]] = moved(new[place[name]], shift)
                new[place["Liquidation Date"]] = moved(new[place["Liquidation Date"]], later)
                duty = new[place["Line Tariff Duty Amount"]]
                cents = int(duty.replace(".", "") or 0) * share // 100
                new[place["Line Tariff Duty Amount"]] = f"{cents // 100}.{cents % 100:02d}" if duty else ""
                writer.writerow(new)
    return path


@formats
@pytest.mark.parametrize("sample", [SMALL, MESSY], ids=["small", "messy"])
def test_the_samples_give_the_same_bytes(sample: Path, form: str) -> None:
    assert len(both(str(sample), *ASKED, "--format", form)) > 1000


@formats
@pytest.mark.parametrize(
    "options",
    [
        ("--as-of", "2026-05-15", "--payee", "corporation"),
        ("--as-of", "2026-03-01", "--payee", "other"),
        ("--as-of", "2026-07-31", "--payee", "other", "--liquidated-on", "2027-03-31"),
        ("--as-of", "2026-11-30", "--payee", "corporation", "--deposit-rule", "periodic"),
        ("--as-of", "2026-05-15", "--payee", "corporation", "--column1", "schedule"),
    ],
)
def test_a_generated_book_gives_the_same_bytes(generated: Path, options: tuple[str, ...], form: str) -> None:
    assert len(both(str(generated), *options, "--format", form)) > 30_000


@formats
def test_a_file_without_entries_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    bare = tmp_path / "bare.csv"
    header = SMALL.read_text(encoding="utf-8-sig").splitlines()[0]
    bare.write_text(f"{header}\nno number{',' * header.count(',')}\n", encoding="utf-8")
    both(str(bare), *ASKED, "--format", form)


def test_a_file_is_written_as_it_would_be_printed(generated: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = run(str(generated), *ASKED, "--engine", "columns", "--format", "json", "--output", str(target))
    assert result.exit_code == 0
    assert target.read_bytes() == run(str(generated), *ASKED, "--format", "json").stdout_bytes


def test_auto_takes_columns_above_so_many_rows_and_says_so(
    generated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = run(str(generated), *ASKED, "--format", "json")
    assert few.stderr == ""
    monkeypatch.setattr(engine_module, "MOST_SCALAR_ROWS", 1000)
    many = run(str(generated), *ASKED, "--format", "json")
    assert many.stderr == "Engine: columns (1,840 rows, more than 1,000; choose with --engine).\n"
    assert many.stdout_bytes == few.stdout_bytes
    assert run(str(generated), *ASKED, "--format", "json", "--engine", "scalar").stderr == ""


@pytest.mark.parametrize(
    ("asked", "rows", "taken"),
    [
        (Engine.AUTO, 50_000, Engine.SCALAR),
        (Engine.AUTO, 50_001, Engine.COLUMNS),
        (Engine.SCALAR, 10**9, Engine.SCALAR),
        (Engine.COLUMNS, 0, Engine.COLUMNS),
    ],
)
def test_the_choice(asked: Engine, rows: int, taken: Engine) -> None:
    assert choose_engine(asked, rows) is taken


def test_without_the_extra_auto_stays_scalar_and_columns_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "ieeparefund.columns", raising=False)
    assert choose_engine(Engine.AUTO, 60_000) is Engine.SCALAR
    said = capsys.readouterr().err
    assert said.startswith("Engine: scalar. 60,000 rows go faster by columns.")
    assert "install ieeparefund[arrow]" in said
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[arrow\]"):
        choose_engine(Engine.COLUMNS, 1)
