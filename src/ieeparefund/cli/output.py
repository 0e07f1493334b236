"""Writing results: JSON, CSV and tables of at most 100 columns, to the screen or to a file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ieeparefund.atomic import replacing
from ieeparefund.cli.words import printable
from ieeparefund.report.cells import neutral

__all__ = [
    "WIDTH",
    "emit",
    "emit_bytes",
    "plain_table",
    "render",
    "rows_as_csv",
    "stdout_is_terminal",
    "to_json",
    "tracked",
]

WIDTH = 100
T = TypeVar("T")


def stdout_is_terminal() -> bool:
    """Return whether standard output is a terminal, where colour helps."""
    return sys.stdout.isatty()


def to_json(value: Any) -> str:
    """Return `value` as indented JSON text with a final line end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def rows_as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows of one shape as CSV text with a header; `None` is blank. No text can turn into a formula."""
    if not rows:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: neutral(value) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    )
    return out.getvalue()


def plain_table(
    title: str | None, columns: Iterable[tuple[str, bool]], rows: Iterable[Sequence[str]]
) -> Table:
    """Return a table; each column is (heading, whether it is aligned to the right)."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for heading, right in columns:
        table.add_column(heading, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    return table


def render(parts: Iterable[object], *, colour: bool) -> str:
    """Return tables and lines as text of at most 100 columns, with colour codes only where asked."""
    console = Console(
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for part in parts:
            console.print(printable(part) if isinstance(part, str) else part)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def emit(text: str | Iterable[str], output: Path | None) -> None:
    """Write `text` to standard output, or to `output`, which holds the old or the whole new text at any moment.

    A long text may come in pieces, so that it never stands in memory as a whole.
    """
    parts = (text,) if isinstance(text, str) else text
    if output is None:
        sys.stdout.writelines(parts)
    else:
        emit_bytes((part.encode("utf-8") for part in parts), output)


def emit_bytes(content: bytes | Iterable[bytes], output: Path) -> None:
    """Write `content` to `output`, which holds the old or the whole new content at any moment."""
    with replacing(output) as file:
        file.writelines((content,) if isinstance(content, bytes) else content)
    print(f"Wrote {output}.", file=sys.stderr)  # noqa: T201


def tracked(items: Sequence[T], what: str) -> Iterator[T]:
    """Yield `items`, with a progress bar on standard error if it is a terminal and the work takes over a second."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield from items
        return
    import time

    started = time.monotonic()
    with Progress(console=console, transient=True, disable=False) as progress:
        task = progress.add_task(what, total=len(items), visible=False)
        for done, item in enumerate(items, start=1):
            yield item
            if done % 256 == 0 and time.monotonic() - started > 1:
                progress.update(task, completed=done, visible=True)
