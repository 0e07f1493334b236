"""The notebooks of `examples/`: every cell runs in order, in plain Python, and their pages show what it shows."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("matplotlib", reason="the report extra is not installed")

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
PAGES = sorted((ROOT / "docs" / "notebooks").glob("*.md"))


def load_hook() -> ModuleType:
    """Load the hook as MkDocs does: by its path."""
    spec = importlib.util.spec_from_file_location("notebooks_hook", ROOT / "docs" / "hooks" / "notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


hook = load_hook()


def written(folder: Path, *sources: str) -> Path:
    """Write a notebook of code cells."""
    path = folder / "made_up.ipynb"
    cells = [{"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_cell_runs_and_checks_its_figures(path: Path) -> None:
    inputs = [*path.parent.glob("*.csv"), path]
    before = [file.read_bytes() for file in inputs]
    found = list(hook.run(path))
    code = [cell for cell, _ in found if cell.kind == "code"]
    assert sum(cell.text.count("assert ") for cell in code) >= 8
    # No cell is idle: it shows something, checks something, or tidies up.
    shown = [cell.place for cell, outputs in found if outputs]
    assert len(shown) >= len(code) - 2
    assert [file.read_bytes() for file in inputs] == before


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = json.loads(text)
    assert text == json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    assert set(found["metadata"]) == {"kernelspec", "language_info"}
    assert found["cells"][0]["cell_type"] == "markdown"
    identifiers = [cell["id"] for cell in found["cells"]]
    assert len(set(identifiers)) == len(identifiers)
    for cell in found["cells"]:
        source = "".join(cell["source"])
        assert source == source.strip()
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            assert not re.search(r"^\s*[%!]|get_ipython", source, re.MULTILINE)


def test_every_notebook_has_its_page_and_no_importer_number_is_on_it() -> None:
    marked = {name for page in PAGES for name in hook.MARKER.findall(page.read_text(encoding="utf-8"))}
    assert marked == {path.name for path in NOTEBOOKS}
    sample = (ROOT / "examples" / "es003_small.csv").read_text(encoding="utf-8")
    importers = {line.split(",")[2] for line in sample.splitlines()[1:]}
    for page in PAGES:
        shown = hook.on_page_markdown(page.read_text(encoding="utf-8"))
        assert shown.startswith("# ")
        assert "```python\nimport datetime as dt" in shown
        assert "<table>" in shown
        assert 'src="data:image/svg+xml;base64,' in shown
        assert not [importer for importer in importers if importer in shown]


def test_a_chart_is_the_same_at_every_build_and_has_words_for_those_who_do_not_see_it(tmp_path: Path) -> None:
    book = written(
        tmp_path,
        "import datetime as dt\nimport ieeparefund as ir\nfrom ieeparefund.report.charts import outcome_chart\n"
        "book = ir.read_entries('es003_small.csv')",
        "outcome_chart(ir.estimate_portfolio(book.entries, as_of=dt.date(2026, 5, 15), payee='other'))",
    )
    first = hook.render(book)
    assert first == hook.render(book)
    assert '<img alt="Chart: made_up"' in first


def test_what_a_cell_shows(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "print('a')\n1 + 1",
        "x = 3",
        "None",
        "class T:\n    def _repr_html_(self): return '<b>'\nT()",
    )
    shown = [[(one.kind, one.content) for one in outputs] for _, outputs in hook.run(path)]
    assert shown == [[("text", "a\n"), ("text", "2\n")], [], [], [("html", "<b>")]]


@pytest.mark.parametrize("wrong", ["assert 1 == 2", "1 / 0", "x ="])
def test_a_cell_that_fails_is_named(tmp_path: Path, wrong: str) -> None:
    path = written(tmp_path, "y = 1", wrong)
    with pytest.raises(hook.CellError, match=r"made_up\.ipynb, cell 2: "):
        list(hook.run(path))


def test_cells_share_one_namespace_and_notebooks_do_not(tmp_path: Path) -> None:
    ran: list[Any] = list(hook.run(written(tmp_path, "x = 1", "x")))
    assert ran[1][1][0].content == "1\n"
    with pytest.raises(hook.CellError, match="NameError"):
        list(hook.run(written(tmp_path, "x")))
