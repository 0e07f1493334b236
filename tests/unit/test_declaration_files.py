"""Upload files on disk: exact bytes, manifest, crashes at every write, two processes at once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.books import book, estimate, number

from ieeparefund.ace.cape_declaration import read_declaration
from ieeparefund.ace.declaration_files import finish_pending, recover, write_declarations
from ieeparefund.errors import FileFormatError
from ieeparefund.refunds.declarations import plan_declarations
from ieeparefund.refunds.ledger import Ledger

ROOT = Path(__file__).parents[2]


def test_the_upload_file_to_the_byte(tmp_path: Path) -> None:
    # One column, header `Entry Number`, compact numbers, no byte-order mark (CBP, CAPE quick reference guide).
    plan = plan_declarations(book(2))
    (written,) = write_declarations(plan, tmp_path)
    assert written.path.name == "cape_declaration_0001.csv"
    finish_pending(tmp_path)
    data = written.path.read_bytes()
    assert data == f"Entry Number\r\n{number(1).compact}\r\n{number(2).compact}\r\n".encode("ascii")
    assert written.sha256 == hashlib.sha256(data).hexdigest()
    write_declarations(plan_declarations(book(1)), tmp_path / "lf", line_end="lf")
    finish_pending(tmp_path / "lf")
    assert (tmp_path / "lf" / "cape_declaration_0001.csv").read_bytes() == b"Entry Number\nZT400000019\n"


def test_the_manifest_says_what_is_in_each_file_and_what_was_left_out(tmp_path: Path) -> None:
    estimates = [*book(3), estimate(number=number(9), protest="open")]
    write_declarations(plan_declarations(estimates, most_entries=2), tmp_path)
    finish_pending(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert [(row["file"], row["entries"], row["principal"]) for row in manifest["files"]] == [
        ("cape_declaration_0001.csv", 2, "2000.00"),
        ("cape_declaration_0002.csv", 1, "1000.00"),
    ]
    for row in manifest["files"]:
        assert row["sha256"] == hashlib.sha256((tmp_path / row["file"]).read_bytes()).hexdigest()
        assert row["as_of"] == "2026-05-15"
        assert row["rules_version"]
        assert sum(part["entries"] for part in row["by_importer"].values()) == row["entries"]
    (left_out,) = manifest["excluded"]
    assert left_out["entry_number"] == str(number(9))
    assert left_out["reasons"][0]["stop"] == "open_protest"


def test_writing_again_changes_nothing_and_other_content_is_refused(tmp_path: Path) -> None:
    for _ in range(2):
        write_declarations(plan_declarations(book(2)), tmp_path)
        finish_pending(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cape_declaration_0001.csv", "manifest.json"]
    with pytest.raises(FileFormatError, match="other entries"):
        write_declarations(plan_declarations(book(3)), tmp_path)


def declare(ledger: Ledger, folder: Path, count: int) -> None:
    """What the command does, without reading a file."""
    recover(ledger)
    with ledger.transaction():
        plan = plan_declarations(book(count), ledger, most_entries=2)
        write_declarations(plan, folder, ledger=ledger)
    finish_pending(folder, ledger)


def listed(folder: Path) -> list[str]:
    """Every entry number of every upload file with its final name."""
    return [
        found.compact for path in sorted(folder.glob("*.csv")) for found in read_declaration(path).numbers
    ]


def test_with_a_ledger_the_numbering_goes_on(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, tmp_path / "out", 3)
        declare(ledger, tmp_path / "out", 3)
        declare(ledger, tmp_path / "out", 4)
    assert [path.name for path in sorted((tmp_path / "out").glob("*.csv"))] == [
        f"cape_declaration_{place:04d}.csv" for place in (1, 2, 3)
    ]
    assert listed(tmp_path / "out") == [number(count).compact for count in (1, 2, 3, 4)]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["files"]) == 3


def test_a_folder_that_was_moved_keeps_its_manifest(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, old, 2)
        (old / "notes.pending").write_text("of somebody else", encoding="utf-8")
        # A crash between the commit and the naming, and then the move.
        with ledger.transaction():
            write_declarations(plan_declarations(book(4), ledger, most_entries=2), old, ledger=ledger)
        old.rename(new)
        declare(ledger, new, 6)
    assert listed(new) == [number(count).compact for count in range(1, 7)]
    manifest = json.loads((new / "manifest.json").read_text(encoding="utf-8"))
    assert [row["file"] for row in manifest["files"]] == [path.name for path in sorted(new.glob("*.csv"))]
    assert [path.name for path in new.glob("*.pending")] == ["notes.pending"]


def test_what_a_killed_run_without_a_ledger_left_is_not_taken_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "cape_declaration_0002.csv.pending").write_bytes(b"Entry Number\r\nZT4")
    write_declarations(plan_declarations(book(2)), tmp_path)
    finish_pending(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cape_declaration_0001.csv", "manifest.json"]


CRASH = """
import os, sys
from pathlib import Path
import ieeparefund.ace.declaration_files as files
from ieeparefund.refunds.ledger import Ledger
sys.path.insert(0, sys.argv[4])
from tests.unit.test_declaration_files import declare
left = int(sys.argv[3])

def dying(function):
    def wrapped(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return function(*arguments, **options)
    return wrapped

def half(path, data):
    # A write cut off in the middle, then a whole one.
    global left
    left -= 1
    if left == 0:
        path.write_bytes(data[: len(data) // 2])
        os._exit(9)
    original(path, data)

original = files._write_synced
files._write_synced = half
files.sync_folder = dying(files.sync_folder)
Path.replace = dying(Path.replace)
Path.unlink = dying(Path.unlink)
Ledger.add_declaration = dying(Ledger.add_declaration)
with Ledger.open(sys.argv[1]) as ledger:
    connection = ledger._connection

    class Dying:
        def __getattr__(self, name):
            return getattr(connection, name)

        def execute(self, statement, *rest):
            if statement in ("COMMIT", "BEGIN IMMEDIATE"):
                global left
                left -= 1
                if left == 0:
                    os._exit(9)
                done = connection.execute(statement, *rest)
                left -= 1
                if left == 0:
                    os._exit(9)
                return done
            return connection.execute(statement, *rest)

    ledger._connection = Dying()
    declare(ledger, Path(sys.argv[2]), 5)
"""


def crash(tmp_path: Path, point: int) -> int:
    return subprocess.run(
        [sys.executable, "-c", CRASH, str(tmp_path / "l.db"), str(tmp_path / "out"), str(point), str(ROOT)],
        check=False,
        capture_output=True,
        cwd=ROOT,
    ).returncode


def test_killed_at_any_write_no_entry_is_lost_or_doubled(tmp_path: Path) -> None:
    wanted = [number(count).compact for count in range(1, 6)]
    for point in range(1, 100):
        place = tmp_path / str(point)
        place.mkdir()
        ended = crash(place, point)
        assert ended in (0, 9)
        # Nothing a user could upload is cut off or stands twice, even before anybody runs anything again.
        assert sorted(set(listed(place / "out"))) == sorted(listed(place / "out"))
        with Ledger.open(place / "l.db") as ledger:
            declare(ledger, place / "out", 5)
            tables = ledger.export()
        assert sorted(listed(place / "out")) == wanted, point
        assert sorted(row["entry_number"] for row in tables["declared_entry"]) == wanted
        names = {row["file_name"] for row in tables["declaration"]}
        assert names == {path.name for path in (place / "out").glob("*.csv")}
        assert not list((place / "out").glob("*.pending"))
        manifest = json.loads((place / "out" / "manifest.json").read_text(encoding="utf-8"))
        assert {row["file"] for row in manifest["files"]} == names
        if ended == 0:
            break
    assert ended == 0
    assert point > 10


TOGETHER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from ieeparefund.refunds.ledger import Ledger
from tests.unit.test_declaration_files import declare
with Ledger.open(sys.argv[1]) as ledger:
    for count in range(1, 13):
        declare(ledger, Path(sys.argv[2]), count)
"""


def test_two_processes_at_once_never_declare_an_entry_twice(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, str(tmp_path / "l.db"), str(folder), str(ROOT)], cwd=ROOT
        )
        for folder in folders
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert sorted(listed(folders[0]) + listed(folders[1])) == [
        number(count).compact for count in range(1, 13)
    ]


def test_a_foreign_pending_file_is_removed_with_a_ledger(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, out, 1)
        (out / "cape_declaration_0007.csv.pending").write_text("Entry Number\n", encoding="ascii")
        (out / "manifest.json.pending").write_text('{"files": [', encoding="ascii")
        assert recover(ledger) == []
    assert sorted(path.name for path in out.iterdir()) == ["cape_declaration_0001.csv", "manifest.json"]
    with Ledger.open(tmp_path / "l.db") as ledger:
        for path in out.iterdir():
            path.unlink()
        out.rmdir()
        assert recover(ledger) == []
