"""Every code block of README.md and the docs runs, and the README's commands are the ones that are tested."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shutil
from pathlib import Path

import pytest
from tests.docs.pages import OPTIONS, SETUP, Block, blocks, commands, fits, run_page

import ieeparefund
from ieeparefund.errors import MissingExtraError

pytest.importorskip("typer", reason="the cli extra is not installed")

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")
    text = page.read_text(encoding="utf-8")
    if page.name == "README.md":
        # Its two set-up lines have a test of their own below, and .ci/run runs what they run.
        text = re.sub(r"```console\npython3 -m venv .*?```", "", text, flags=re.DOTALL)
    failures = run_page(text, str(page.relative_to(ROOT)), monkeypatch)
    assert not failures, "\n\n".join(failures)


def test_a_wrong_output_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (
        "```console\n$ ieeparefund working-days add 2025-02-04 10\n{}\n$ echo $?\n0\n```\n\n"
        "```python\n>>> 1\n{}\n```\n"
    )
    assert run_page(page.format("2025-02-19", "1"), "page", monkeypatch) == []
    assert len(run_page(page.format("2025-02-20", "2"), "page", monkeypatch)) == 2
    assert run_page("```python\n1 + 1\n```\n", "page", monkeypatch) != []
    assert run_page("```console\n$ pip install ieeparefund\ndone\n```\n", "page", monkeypatch) != []
    with pytest.raises(AssertionError, match="none of the words"):
        run_page("```console\n$ rm -r x\n```\n", "page", monkeypatch)


def test_dots_stand_for_any_lines_and_nothing_else() -> None:
    assert fits("a\n...\nc", "a\nb\nb\nc\n")
    assert fits("a\n...", "a\n")
    assert not fits("a\n...\nc", "a\nb\n")
    assert not fits("a", "a\nb\n")
    assert not fits("a.c", "abc\n")


def test_a_command_may_go_on_over_lines() -> None:
    (block,) = blocks(
        "1.\n\n    ```console\n    $ ieeparefund rates \\\n        --on 2026-05-15\n    x\n    ```\n"
    )
    assert block == Block("console", block.text, 4)
    assert list(commands(block)) == [("ieeparefund rates --on 2026-05-15", "x")]
    assert SETUP.match("python3 -m venv .venv")
    assert not SETUP.match("ieeparefund rates")


def modules() -> list[str]:
    return sorted(
        found.name
        for found in pkgutil.walk_packages(ieeparefund.__path__, "ieeparefund.")
        if "cli" not in found.name
    )


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_docstring_run(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except MissingExtraError as error:
        pytest.skip(str(error))  # the extra is not installed here
    assert doctest.testmod(module, optionflags=OPTIONS).failed == 0


def test_readme_has_two_one_line_commands() -> None:
    found = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 2
    main, tests = (block.strip() for block in found)
    assert "\n" not in main
    assert "\n" not in tests
    assert "ieeparefund estimate examples/es003_small.csv" in main
    assert "pytest" in tests
    assert tests.split("&& ")[-1].replace(".venv/bin/", "") in "python -m pytest -q -n auto"
