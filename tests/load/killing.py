"""Kills commands at their writing calls, one run after the other; see `test_kill.py`.

Usage: `python killing.py JOBS.json RESULT.json`. Every run works on a fresh copy of the folder. The first goes to its
end in this process, so that all is imported; the others are forks that kill themselves (SIGKILL) just before their
n-th, 2n-th, ... writing call, until there is none left. After each the folder is described, and where anything differs
from what the whole run left, the command is run again and the folder described once more.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

MOST_POINTS = 1000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Calls of the system module and of open files and ledgers that change something on disk.
SYSTEM = {"open", "replace", "rename", "unlink", "remove", "fsync", "mkdir", "chmod"}
FILES = {"write", "writelines", "flush", "close", "truncate"}
LEDGER = {"execute", "executemany", "close"}
PARQUET = {"write_batch", "close"}


def is_writing(function: Any) -> bool:
    name, owner = function.__name__, getattr(function, "__self__", None)
    if getattr(owner, "__name__", None) in ("posix", "nt"):
        return name in SYSTEM
    if isinstance(owner, io.BufferedWriter | io.FileIO):
        return name in FILES
    if isinstance(owner, sqlite3.Connection | sqlite3.Cursor):
        return name in LEDGER
    return type(owner).__name__ == "ParquetWriter" and name in PARQUET


def kill_at(point: int) -> None:
    """Kill this process just before its `point`-th writing call."""
    left = point

    def watch(_frame: Any, event: str, argument: Any) -> None:
        nonlocal left
        if event == "c_call" and is_writing(argument):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def writing_begins(name: str, arguments: tuple[Any, ...]) -> None:
        # To watch every call is slow, so it begins with the first thing that writes.
        if name in ("sqlite3.connect", "os.mkdir") or (name == "open" and (arguments[2] or 0) & WRITING):
            sys.setprofile(watch)

    sys.addaudithook(writing_begins)


def work(arguments: list[str]) -> int:
    """Run the command, or `estimate_file` where the first word says so. Returns its exit code."""
    if arguments[0] == "estimate_file":
        from datetime import date

        from ieeparefund.columns import estimate_file

        source, target, entries = arguments[1:]
        estimate_file(source, target, entries=entries, as_of=date(2026, 5, 15), payee="corporation")
        return 0
    from ieeparefund.cli import main

    sys.argv = ["ieeparefund", *arguments]
    try:
        main()
    except SystemExit as error:
        return int(error.code or 0)
    return 0


def quiet(folder: Path, arguments: list[str]) -> int:
    """Run the command in `folder`; nothing of it is printed."""
    before, out = Path.cwd(), io.StringIO()
    os.chdir(folder)
    try:
        with redirect_stdout(out), redirect_stderr(out):
            return work(arguments)
    finally:
        os.chdir(before)


def forked(folder: Path, arguments: list[str], point: int) -> int:
    """Run the command in a fork that dies at the point. Returns how it ended."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            kill_at(point)
            code = quiet(folder, arguments)
        finally:
            sys.setprofile(None)
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def describe(folder: Path) -> dict[str, str]:
    """Every file by its path below the folder; a ledger by what it holds, which a crash may leave in two files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(("-journal", "-wal", "-shm")):
            continue
        name = str(path.relative_to(folder))
        if path.is_dir():
            found[name] = "folder"
        elif path.suffix == ".db":
            with sqlite3.connect(path) as ledger:
                text = "\n".join(ledger.iterdump())
            ledger.close()
            found[name] = hashlib.sha256(text.encode()).hexdigest()
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def killed(job: dict[str, Any]) -> list[dict[str, Any]]:
    """Every run of a job, the whole one first."""
    start, place = Path(job["start"]), Path(job["place"])
    runs: list[dict[str, Any]] = []
    for point in range(0, MOST_POINTS, job["step"]):
        shutil.copytree(start, place)
        code = forked(place, job["arguments"], point) if point else quiet(place, job["arguments"])
        after = mended = describe(place)
        if runs and after != runs[0]["after"]:
            again = quiet(place, job["arguments"])
            if again != runs[0]["code"]:
                raise AssertionError(f"{job['arguments']} ended with {again} after a kill at {point}")
            mended = describe(place)
        runs.append({"point": point, "code": code, "after": after, "mended": mended})
        shutil.rmtree(place)
        if point and code >= 0:
            return runs
    raise AssertionError(f"{job['arguments']} has more than {MOST_POINTS} writing calls")


def main() -> None:
    jobs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps([killed(job) for job in jobs]), encoding="utf-8")


if __name__ == "__main__":
    main()
