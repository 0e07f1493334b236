"""Opening files given by the user: regular files alone, and only so many bytes of them.

Links are followed, since what counts is where they lead. Folders, devices, pipes and sockets are refused: they
may never end, or block, and a reader goes through a file more than once.
"""

from __future__ import annotations

import os
import stat
from typing import IO, Any, TypeAlias

from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits, too_much

__all__ = ["open_binary", "open_text", "read_file", "regular"]

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_PIECE = 1 << 20
_Path: TypeAlias = str | os.PathLike[str]


def regular(path: str, flags: int) -> int:
    """Open a regular file, as an `opener` of `open` does; anything else raises `FileFormatError`."""
    # Without O_NONBLOCK the opening of a pipe waits for somebody to write to it.
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return handle
    os.close(handle)
    kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "no regular file")
    raise FileFormatError(
        f"cannot be read: it is {kind}.",
        remedy="Save what it holds as a file, and give that.",
        file=os.fspath(path),
    )


def _opened(path: _Path, **how: Any) -> IO[Any]:
    file = os.fspath(path)
    try:
        opened: IO[Any] = open(file, opener=regular, **how)  # noqa: SIM115  # the caller closes it
    except OSError as error:
        raise FileFormatError(
            f"cannot be opened: {error.strerror or error}.", remedy="Check the path.", file=file
        ) from None
    except FileFormatError:
        raise
    except ValueError:
        # A zero byte, or a character that no file name can have.
        raise FileFormatError(
            "is no path: it holds a character no path can have.", remedy="Check the path.", file=repr(file)
        ) from None
    return opened


def open_binary(path: _Path, limits: ReadLimits = DEFAULT_LIMITS) -> IO[bytes]:
    """Open a regular file of at most `limits.file_bytes`. Raises `FileFormatError` for any other."""
    file = _opened(path, mode="rb")
    size = os.fstat(file.fileno()).st_size
    if size > limits.file_bytes:
        file.close()
        raise too_much("file_bytes", limits, size, file=os.fspath(path))
    return file


def open_text(path: _Path, encoding: str) -> IO[str]:
    """Open a regular file as text, with its line ends as they are. Raises as `open_binary` does, but for size."""
    return _opened(path, mode="r", encoding=encoding, newline="")


def read_file(path: _Path, limits: ReadLimits = DEFAULT_LIMITS, limit: str = "file_bytes") -> bytes:
    """Return the bytes of a regular file, at most as many as the named limit. Raises as `open_binary` does."""
    most: int = getattr(limits, limit)
    parts: list[bytes] = []
    left = most + 1
    with open_binary(path, limits) as file:
        # Piece by piece: a file may grow while it is read, and some of the system say that they are empty.
        while left and (part := file.read(min(left, _PIECE))):
            parts.append(part)
            left -= len(part)
    if not left:
        raise too_much(limit, limits, file=os.fspath(path))
    return b"".join(parts)
