"""The one writer of files: old or new content, permissions, links, devices, leftovers, errors."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from ieeparefund import atomic
from ieeparefund.atomic import replacing
from ieeparefund.errors import InputError

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, links and locks are those of POSIX")


def write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_file_and_another_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for content in (b"first", b"second, longer", b""):
        write(path, content)
        assert path.read_bytes() == content
    assert names(tmp_path) == {"x.csv"}


def test_until_the_end_the_old_content_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
        (part,) = names(tmp_path) - {"x.csv"}
        assert part.startswith(".x.csv.ieeparefund-")
        assert part.endswith(".part")
    assert path.read_bytes() == b"new"


def test_after_an_error_the_old_content_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with replacing(path) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == {"x.csv"}


@POSIX
def test_permissions_are_kept_and_new_files_have_the_usual(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"")
    old.chmod(0o640)
    with replacing(old) as file:
        # Nobody may read the new content who may not read the old.
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o640
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    mask = os.umask(0o027)
    try:
        write(new, b"")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@POSIX
def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "t.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    for content in (b"made", b"replaced"):
        write(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content
    assert names(tmp_path / "far") == {"t.csv"}


@POSIX
def test_a_hard_link_keeps_the_old_content(tmp_path: Path) -> None:
    path, other = tmp_path / "x", tmp_path / "other"
    path.write_bytes(b"old")
    other.hardlink_to(path)
    write(path, b"new")
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")


@POSIX
def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    write(Path(os.devnull), b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert names(tmp_path) == set()


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "x.csv"):
        with pytest.raises(InputError, match="nothing can be written there"):
            write(path, b"")


@POSIX
def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x[1].csv"
    left = tmp_path / ".x[1].csv.ieeparefund-00000000.part"
    others = [
        tmp_path / name for name in (".x1.csv.ieeparefund-00000000.part", ".x[1].csv.other.part", "y.part")
    ]
    for one in (left, *others):
        one.write_bytes(b"?")
    write(path, b"new")
    assert names(tmp_path) == {path.name, *(one.name for one in others)}


@POSIX
def test_what_a_living_run_writes_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with replacing(path) as first:
        first.write(b"first")
        write(path, b"second")
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == {"x.csv"}


@POSIX
def test_a_new_part_taken_for_a_leftover_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, calls = atomic._locked, []

    def locked(handle: int) -> bool:
        calls.append(handle)
        if len(calls) == 1:
            # Another run comes between the making and the lock.
            (part,) = tmp_path.iterdir()
            part.unlink()
        return plain(handle)

    monkeypatch.setattr(atomic, "_locked", locked)
    write(tmp_path / "x.csv", b"new")
    assert (tmp_path / "x.csv").read_bytes() == b"new"
    assert len(calls) == 2
    assert names(tmp_path) == {"x.csv"}


@pytest.mark.skipif(sys.platform == "win32", reason="file names there are not case-sensitive bytes")
def test_two_files_whose_names_begin_alike(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as one, replacing(tmp_path / "a.csv") as other:
        one.write(b"1")
        other.write(b"2")
    assert (tmp_path / "a").read_bytes() + (tmp_path / "a.csv").read_bytes() == b"12"
