"""Writing a file so that its name always holds the old content or the whole new one, even after a crash.

The content goes to a temporary file in the same folder, is forced to disk, and takes the name in one step.
What a killed run leaves is called `.NAME.ieeparefund-XXXXXXXX.part`; the next writing of `NAME` removes it.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ieeparefund.errors import InputError

try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows, where nobody can remove a file that is open
    fcntl = None  # type: ignore[assignment]  # the module is there or it is not

__all__ = ["replacing", "sync_folder"]

_MARK = ".ieeparefund-"
_END = ".part"
_NEW_MODE = 0o666


@contextmanager
def replacing(path: Path | str) -> Iterator[BinaryIO]:
    """Give a new file to write; at the end of the block it takes the place of `path`, at an error it goes.

    The file's `name` may be opened again by a library that wants a path. Permissions of the old file are kept,
    a new one has the usual. A symbolic link stays and what it points to is replaced; another hard link to the
    old file keeps the old content. A device or pipe is written to as it comes.

    Raises `InputError` where nothing can be written.
    """
    place = Path(os.path.realpath(path))
    try:
        mode = place.stat().st_mode if place.exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            # A folder says so here.
            with place.open("wb") as file:
                yield file
            return
        _remove_leftovers(place)
        part = _begin(place, None if mode is None else stat.S_IMODE(mode))
    except OSError as error:
        raise InputError(
            f"nothing can be written there: {error.strerror}.", remedy="Check the folder.", file=str(path)
        ) from None
    try:
        with part:
            yield part
            part.flush()
            os.fsync(part.fileno())
            if fcntl is not None:  # pragma: no branch
                # Before the lock goes with the file, or another run could take it for a leftover.
                Path(part.name).replace(place)
        if fcntl is None:  # pragma: no cover  # Windows renames no open file
            Path(part.name).replace(place)
    except BaseException:
        Path(part.name).unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def sync_folder(place: Path) -> None:
    """Force the names in a folder to disk."""
    # Windows cannot open a folder; there the file system orders renames itself.
    if os.name == "posix":  # pragma: no branch
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _begin(place: Path, mode: int | None) -> BinaryIO:
    """Return a new temporary file beside `place`, locked, never more open to others than `place` is."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    while True:
        part = place.with_name(f".{place.name}{_MARK}{secrets.token_hex(4)}{_END}")
        handle = os.open(part, flags, _NEW_MODE if mode is None else mode)
        file = open(part, "wb", opener=lambda *_, handle=handle: handle)  # noqa: SIM115  # the caller closes it
        if _locked(handle) and part.exists():
            if mode is not None:
                part.chmod(mode)
            return file
        # Another run took it for a leftover in the moment before it was locked.
        file.close()


def _remove_leftovers(place: Path) -> None:
    """Remove temporary files for `place` of runs that ended without a word. What a living run writes is locked."""
    for part in place.parent.glob(f".{_literal(place.name)}{_MARK}*{_END}"):
        with suppress(OSError), part.open("r+b") as file:
            if _locked(file.fileno()):
                part.unlink()


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _locked(handle: int) -> bool:
    if fcntl is not None:  # pragma: no branch
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
