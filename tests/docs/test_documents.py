"""Every code block of README.md and the docs runs, and the README's commands are the ones that are tested."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import ieeparefund

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert all(">>>" in block for block in blocks), "write Python blocks as doctests, so that they are run"
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(blocks), {"__name__": "docs"}, page.name, str(page), 0
    )
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    runner.run(examples)
    assert runner.failures == 0


def modules() -> list[str]:
    return sorted(
        found.name
        for found in pkgutil.walk_packages(ieeparefund.__path__, "ieeparefund.")
        if "cli" not in found.name
    )


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_docstring_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), optionflags=OPTIONS).failed == 0


def test_readme_has_two_one_line_commands() -> None:
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    main, tests = (block.strip() for block in blocks)
    assert "\n" not in main
    assert "\n" not in tests
    assert "ieeparefund estimate examples/es003_small.csv" in main
    assert "pytest" in tests
    assert tests.split("&& ")[-1].replace(".venv/bin/", "") in "python -m pytest -q -n auto"
