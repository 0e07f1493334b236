"""Killed at any moment, every writing command leaves the old file or the whole new one, and loses nothing else.

`killing.py` kills each command at its writing calls, one after the other; then true SIGKILLs fall at random moments of
commands of their own. The commands come from the application: a new one that writes fails the test until it is here.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

typer = pytest.importorskip("typer", reason="the cli extra is not installed")
for _module, _extra in (("jinja2", "report"), ("xlsxwriter", "excel"), ("pyarrow", "arrow")):
    pytest.importorskip(_module, reason=f"the {_extra} extra is not installed")
if not hasattr(os, "fork"):
    pytest.skip("the runs are forks of one process, which this system does not have", allow_module_level=True)

from tests.load.killing import describe  # noqa: E402  # after the checks that it can run

from ieeparefund.cli.app import app  # noqa: E402

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
AS_OF = ("--as-of", "2026-05-15")
ASKED = (*AS_OF, "--payee", "corporation")
BOOK, HALF, CLAIMS, ENTRY = "es003_small.csv", "half.csv", "claim_details.csv", "009-6131459-8"
REPORT_MAP = (
    'report = "ES-022"\n[columns]\nrefund_number = "Refund"\nentry_number = "Entry"\ntotal = "Total"\n'
)
RECONCILE = ("reconcile", BOOK, "--payments", "es022.csv", "--columns", "es022.toml", *ASKED)
# By command: calls that write the file `out`, with the step between the calls at which they are killed by default.
# All but `declare` and `ledger record` write by one function, so every call of it is tried where it has most to write.
WRITERS: dict[str, list[tuple[int, tuple[str, ...]]]] = {
    "estimate": [
        (1, ("estimate", BOOK, *ASKED, "--engine", "columns", "--format", "csv")),
        (5, ("estimate", BOOK, *ASKED, "--format", "json")),
        (7, ("estimate", BOOK, *ASKED, "--format", "table")),
    ],
    "explain": [(6, ("explain", BOOK, "--entry", ENTRY, *ASKED))],
    "check": [(7, ("check", BOOK, *AS_OF, "--format", "csv"))],
    "reconcile": [(6, (*RECONCILE, "--format", "json"))],
    "columns": [(2, ("columns", "ES-022", "--template"))],
    "report write": [
        (6, ("report", BOOK, *ASKED, "--output", "out.html")),
        (3, ("report", BOOK, *ASKED, "--output", "out.xlsx")),
    ],
    "report verify": [(7, ("report", "verify", "exhibit.md"))],
    "interest": [
        (
            5,
            (
                "interest",
                "1000.00",
                "--deposited",
                "2025-05-01",
                "--liquidated",
                "2026-03-06",
                "--payee",
                "other",
            ),
        )
    ],
    "windows": [(6, ("windows", "--liquidated", "2026-03-06"))],
    "rates": [(7, ("rates", "--format", "json"))],
    "headings": [(5, ("headings", "9903.01.25"))],
    "ledger export": [(3, ("ledger", "export", "cape.db", "--format", "csv"))],
}
APART = {"declare", "ledger record"}
OLD = "old content, whole\n" * 2000


def command(folder: Path, *arguments: str) -> int:
    """Run a command to its end in `folder`; its exit code."""
    code = "from ieeparefund.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, check=False, capture_output=True
    ).returncode


def writing(group: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that can write a file."""
    for name, inner in getattr(group, "commands", {}).items():
        yield from writing(inner, (*path, name))
    if not hasattr(group, "commands") and {"output", "ledger_file"} & {one.name for one in group.params}:
        yield " ".join(path)


def test_every_writing_command_is_killed() -> None:
    assert sorted({*WRITERS, *APART}) == sorted(writing(typer.main.get_command(app)))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inputs, a ledger with the first half of the book, and old files in the way."""
    folder = tmp_path_factory.mktemp("start") / "folder"
    folder.mkdir()
    for name in (BOOK, CLAIMS):
        shutil.copy(EXAMPLES / name, folder)
    lines = (EXAMPLES / BOOK).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / HALF).write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    (folder / "es022.csv").write_text(f"Refund,Entry,Total\nR-1,{ENTRY},10.00\n", encoding="utf-8")
    (folder / "es022.toml").write_text(REPORT_MAP, encoding="utf-8")
    assert command(folder, "declare", HALF, *ASKED, "--output", "cape", "--ledger", "cape.db") in (0, 1)
    assert command(folder, "report", BOOK, "--entry", ENTRY, *ASKED, "--output", "exhibit.md") == 0
    for name in ("out", "out.html", "out.xlsx"):
        (folder / name).write_text(OLD, encoding="utf-8")
        (folder / name).chmod(0o640)
    return folder


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


CALLS = [(step, call) for calls in WRITERS.values() for step, call in calls]
DECLARE = ("declare", BOOK, *ASKED, "--output", "cape", "--ledger", "cape.db")
RECORD = ("ledger", "record", "cape.db", CLAIMS, "--on", "2026-05-18")
PARQUET = ("estimate_file", "rows.parquet", "out.parquet", "entries.parquet")


def output_of(call: tuple[str, ...]) -> str:
    return call[call.index("--output") + 1] if "--output" in call else "out"


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small caseload in Parquet, and an old file in the way."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from benchmarks.generate import blocks

    folder = tmp_path_factory.mktemp("batches") / "folder"
    folder.mkdir()
    for name, batch in zip(("entries.parquet", "rows.parquet"), next(blocks(50, seed=5)), strict=True):
        pq.write_table(pa.Table.from_batches([batch]), folder / name)
    (folder / "out.parquet").write_text(OLD, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, start: Path, batches: Path) -> dict[tuple[str, ...], Any]:
    """What every run of every call left, by call."""
    folder = tmp_path_factory.mktemp("runs")
    jobs = [
        *((start, step, call if "--output" in call else (*call, "--output", "out")) for step, call in CALLS),
        (start, 12, DECLARE),
        (start, 20, RECORD),
        (batches, 3, PARQUET),
    ]
    given = [
        {"start": str(place), "place": str(folder / "place"), "arguments": call, "step": 1 if DEEP else step}
        for place, step, call in jobs
    ]
    (folder / "jobs.json").write_text(json.dumps(given), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, str(Path(__file__).with_name("killing.py"))),
            *(str(folder / "jobs.json"), str(folder / "result.json")),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    calls = [*(call for _, call in CALLS), DECLARE, RECORD, PARQUET]
    assert all(one[0]["code"] in (0, 1, 3, 4, 5) for one in found)
    assert all(run["code"] == -signal.SIGKILL for one in found for run in one[1:-1])
    return dict(zip(calls, found, strict=True))


def the_old_file_or_the_new_one(
    runs: dict[tuple[str, ...], Any], start: Path, step: int, call: tuple[str, ...]
) -> None:
    """The file holds the old content or the new, and nothing else has changed but a part that is cleared away."""
    output, before = output_of(call), describe(start)
    whole, *killed = runs[call]
    assert changed(before, whole["after"]) == {output}
    assert any(run["code"] == -signal.SIGKILL for run in killed)
    for run in killed:
        assert run["after"][output] in (before[output], whole["after"][output])
        extra = changed(before, run["after"]) - {output}
        # At most one file more, which says whose it is; the next run takes it away.
        assert all(name.startswith(f".{output}.ieeparefund-") and name.endswith(".part") for name in extra)
        assert len(extra) <= 1
        assert run["mended"] == whole["after"]
    if step == 1:
        assert {run["after"][output] for run in killed} == {before[output], whole["after"][output]}


def a_declaration_counts_whole_or_not_at_all(runs: dict[tuple[str, ...], Any], start: Path) -> None:
    before = describe(start)
    whole, *killed = runs[DECLARE]
    assert {"cape.db", "cape/manifest.json"} < changed(before, whole["after"])
    for run in killed:
        after = run["after"]
        for name in {*before, *after}:
            if not name.endswith(".pending"):
                assert after.get(name) in (before.get(name), whole["after"].get(name)), (run["point"], name)
        # What a ledger does not have is on no file that could be uploaded.
        if after["cape.db"] == before["cape.db"]:
            assert {name for name in changed(before, after) if name.endswith(".csv")} == set()
        # The next run tells in the manifest that the entries are declared already; all else is the same.
        files = {name: text for name, text in run["mended"].items() if name != "cape/manifest.json"}
        assert files == {name: text for name, text in whole["after"].items() if name != "cape/manifest.json"}


def results_are_recorded_whole_or_not_at_all(runs: dict[tuple[str, ...], Any], start: Path) -> None:
    before = describe(start)
    whole, *killed = runs[RECORD]
    assert changed(before, whole["after"]) == {"cape.db"}
    for run in killed:
        assert run["after"]["cape.db"] in (before["cape.db"], whole["after"]["cape.db"])
        assert run["mended"] == whole["after"]


def estimates_in_parquet(runs: dict[tuple[str, ...], Any], batches: Path) -> None:
    before = describe(batches)
    whole, *killed = runs[PARQUET]
    assert changed(before, whole["after"]) == {"out.parquet"}
    for run in killed:
        assert run["after"]["out.parquet"] in (before["out.parquet"], whole["after"]["out.parquet"])
        assert run["mended"] == whole["after"]


def test_killed_at_a_writing_call(runs: dict[tuple[str, ...], Any], start: Path, batches: Path) -> None:
    # One test, since parallel workers would each make the runs again.
    for step, call in CALLS:
        the_old_file_or_the_new_one(runs, start, step, call)
    a_declaration_counts_whole_or_not_at_all(runs, start)
    results_are_recorded_whole_or_not_at_all(runs, start)
    estimates_in_parquet(runs, batches)


DRAW = random.Random(20260515)


@pytest.mark.parametrize("moment", [round(DRAW.random(), 3) for _ in range(60 if DEEP else 2)])
def test_a_true_kill_at_a_random_moment(tmp_path: Path, start: Path, moment: float) -> None:
    place = tmp_path / "place"
    shutil.copytree(start, place)
    before = describe(place)
    call = ("report", BOOK, *ASKED, "--output", "out.xlsx")
    code = "from ieeparefund.cli import main; print('up', flush=True); main()"
    # From the first import to the end the command takes about a second, most of it before it writes.
    process = subprocess.Popen(
        [sys.executable, "-c", code, *call], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moment)
        process.kill()
        process.stdout.read()
    after = describe(place)
    assert command(place, *call) == 0
    whole = describe(place)
    assert after["out.xlsx"] in (before["out.xlsx"], whole["out.xlsx"])
    assert changed(before, whole) == {"out.xlsx"}
    assert (place / "out.xlsx").stat().st_mode & 0o777 == 0o640
