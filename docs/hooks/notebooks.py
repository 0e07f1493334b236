"""MkDocs hook: `<!-- notebook: NAME.ipynb -->` becomes that notebook of `examples/`, run, with its outputs.

The cells run here, in plain Python in a copy of `examples/`; no notebook program is needed. The tests run them the
same way.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

MARKER = re.compile(r"^<!-- notebook: ([\w-]+\.ipynb) -->$", re.MULTILINE)
EXAMPLES = Path(__file__).parents[2] / "examples"
# Notebook programs and matplotlib make up identifiers and dates; the page must be the same at every build.
_DRAWN_ANEW = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook: `markdown` or `code`, its text, and its place from 1."""

    kind: str
    text: str
    place: int


@dataclass(frozen=True)
class Output:
    """What a code cell showed: `text`, `html` or `svg`."""

    kind: str
    content: str


class CellError(Exception):
    """A cell that failed; the cause is the error it raised."""


def cells(path: Path) -> list[Cell]:
    """Return the cells of a notebook in order."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [
        Cell(cell["cell_type"], "".join(cell["source"]), place)
        for place, cell in enumerate(found["cells"], 1)
    ]


def run(path: Path) -> Iterator[tuple[Cell, list[Output]]]:
    """Run the notebook in a fresh namespace and folder; yield each cell with what it showed."""
    known: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "examples"
        shutil.copytree(EXAMPLES, place)
        for cell in cells(path):
            shown: list[Output] = []
            if cell.kind == "code":
                with chdir(place):
                    try:
                        shown = _shown(cell, path.name, known)
                    except Exception as error:
                        raise CellError(f"{path.name}, cell {cell.place}: {error!r}\n{cell.text}") from error
            yield cell, shown


def _shown(cell: Cell, name: str, known: dict[str, Any]) -> list[Output]:
    where = f"{name}, cell {cell.place}"
    tree = ast.parse(cell.text, where)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with redirect_stdout(printed):
        exec(compile(tree, where, "exec", optimize=0), known)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), where, "eval", optimize=0), known)
    outputs = [Output("text", printed.getvalue())] if printed.getvalue() else []
    return outputs if value is None else [*outputs, _display(value)]


def _display(value: Any) -> Output:
    """Show a value the way a notebook does: the richest form it has."""
    if hasattr(value, "_repr_svg_"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return Output("svg", _steady(value))
    if hasattr(value, "_repr_html_"):
        return Output("html", value._repr_html_())
    return Output("text", f"{value!r}\n")


def _steady(figure: Any) -> str:
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "ieeparefund"}):
        return _DRAWN_ANEW.sub("", figure._repr_svg_())


def _markdown(output: Output, title: str) -> str:
    if output.kind == "html":
        # One block of HTML: a blank line would end it.
        return f'<div class="notebook-output">{output.content}</div>'
    if output.kind == "svg":
        data = base64.b64encode(output.content.encode("utf-8")).decode("ascii")
        return f'<div class="notebook-output"><img alt="{escape(title)}" src="data:image/svg+xml;base64,{data}"></div>'
    return f"```text\n{output.content.rstrip()}\n```"


def render(path: Path) -> str:
    """Return the notebook as Markdown: texts, code and outputs. A chart is named by the last heading above it."""
    parts: list[str] = []
    heading = path.stem
    for cell, outputs in run(path):
        if cell.kind == "markdown":
            parts.append(cell.text)
            heading = next(
                (line.lstrip("# ") for line in cell.text.splitlines() if line.startswith("#")), heading
            )
        else:
            parts.append(f"```python\n{cell.text}\n```")
            parts += [_markdown(output, f"Chart: {heading}") for output in outputs]
    return "\n\n".join(parts)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by MkDocs for every page."""
    return MARKER.sub(lambda found: render(EXAMPLES / found[1]), markdown)
