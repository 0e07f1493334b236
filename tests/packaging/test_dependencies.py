"""The page of dependencies and pyproject.toml say the same, and every package has its reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="no source tree here")
ROW = re.compile(r"^\| `([^`]+)` \| (\w+) \| `([^`]+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
CAPPED = {"mcp", "mkdocs"}


def rows() -> list[tuple[str, ...]]:
    return ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"))


def declared() -> set[tuple[str, str, str]]:
    tables: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = tables["project"]
    groups = {"core": project["dependencies"], "build": tables["build-system"]["requires"]}
    groups |= project["optional-dependencies"]
    found = set()
    for group, needs in groups.items():
        for text in needs:
            name, span = re.fullmatch(r"([\w.-]+)(?:\[[^\]]*\])?(.*)", text).groups()  # type: ignore[union-attr]  # all match
            if name != project["name"]:
                found.add((name, group, span.strip()))
    return found


def test_the_page_has_every_package_with_its_range() -> None:
    shown = {(name, group, span) for name, group, span, *_ in rows()}
    assert shown == declared(), "docs/dependencies.md and pyproject.toml differ"
    assert len(rows()) == len(shown)


def test_every_package_has_a_lower_bound_a_reason_and_a_licence() -> None:
    for name, _, span, *reasons in rows():
        assert span.startswith(">="), name
        assert ("<" in span) is (name in CAPPED), name
        assert all(reason.strip() for reason in reasons), name


def test_no_package_is_declared_twice() -> None:
    found = [name for name, group, _ in declared() if group != "build"]
    assert len(found) == len(set(found))
