"""The lists of reviewed survivors speak of code that is still there."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

LISTS = sorted(Path(__file__).parent.glob("survivors*.toml"))
PACKAGE = Path(__file__).parents[2] / "src" / "ieeparefund"


def items() -> Iterator[dict]:
    for path in LISTS:
        yield from tomllib.loads(path.read_text("utf-8"))["survivors"]


def functions(tree: ast.Module) -> set[str]:
    found = set()
    for node in tree.body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, ast.FunctionDef):
                found.add(f"{node.name}.{inner.name}" if inner is not node else inner.name)
    return found


@pytest.mark.parametrize("module", sorted({item["module"] for item in items()}))
def test_every_listed_survivor_names_code_that_exists(module: str) -> None:
    source = (PACKAGE / module.replace(".", "/")).with_suffix(".py").read_text("utf-8")
    known = functions(ast.parse(source))
    for item in items():
        if item["module"] != module:
            continue
        assert item["function"] in known, item
        assert item["reason"], item
        for change in item["changes"]:
            was, arrow, now = change.partition("  ->  ")
            assert arrow, change
            assert was != now, change
            for part in was.split(" / "):
                assert part in source, f"{module} {item['function']} no longer has: {part}"


def test_no_survivor_is_listed_twice() -> None:
    listed = [(item["module"], item["function"], change) for item in items() for change in item["changes"]]
    assert len(listed) == len(set(listed))
