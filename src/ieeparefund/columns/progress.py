"""A progress bar on standard error, for work on files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ieeparefund.errors import MissingExtraError

__all__ = ["Progress", "reporting"]

Progress = Callable[[int], object]
"""Called with the number of entries done so far."""


@contextmanager
def reporting(progress: Progress | bool, entries: Path | None) -> Iterator[Progress]:
    """Give the function to call with the number of entries done: the caller's, one that draws a bar, or an idle one.

    The bar is drawn on standard error, on a terminal only, and is gone when the work is done. Where the file
    `entries` does not tell how many they are, it shows the count and the time. Raises `MissingExtraError` if a bar is
    asked for and rich is not installed.
    """
    if not isinstance(progress, bool):
        yield progress
        return
    if not progress:
        yield lambda _: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar
    except ImportError as error:
        raise MissingExtraError("A progress bar", "cli") from error
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield lambda _: None
        return
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*parts, console=console, transient=True) as bar:
        task = bar.add_task("Entries", total=_count(entries))
        yield lambda done: bar.update(task, completed=done)


def _count(entries: Path | None) -> int | None:
    """Number of entries in a Parquet file; `None` for any other, whose faults its reader tells better."""
    if entries is None:
        return None
    try:
        return int(pq.read_metadata(entries).num_rows)
    except (pa.ArrowInvalid, OSError):
        return None
