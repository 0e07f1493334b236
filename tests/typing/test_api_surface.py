"""The public API is what `api_surface.txt` says, and nothing is broken since the last tag.

A name is broken if its line is gone or another. After a change that is meant, `python -m tests.typing.test_api_surface`
writes the file anew; what the change means for the version stands in CONTRIBUTING.md.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import ieeparefund
import ieeparefund.testing

pytest.importorskip("griffe", reason="griffe, which mkdocstrings brings, is not installed here")

import griffe

ROOT = Path(__file__).parents[2]
SURFACE = Path(__file__).with_name("api_surface.txt")
WRITE = "python -m tests.typing.test_api_surface"


def _call(function: griffe.Function) -> str:
    parts: list[str] = []
    for one in function.parameters:
        mark = (
            {"variadic positional": "*", "variadic keyword": "**"}.get(one.kind.value, "") if one.kind else ""
        )
        if one.kind is griffe.ParameterKind.keyword_only and not any(part.startswith("*") for part in parts):
            parts.append("*")
        text = f"{mark}{one.name}" + (f": {one.annotation}" if one.annotation else "")
        parts.append(text + (f" = {one.default}" if one.default is not None and not mark else ""))
    return f"({', '.join(parts)}) -> {function.returns}"


def _class_lines(path: str, found: griffe.Class) -> Iterator[str]:
    bases = ", ".join(str(base) for base in found.bases)
    yield f"{path}: class({bases})" if bases else f"{path}: class"
    for name, member in found.members.items():
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(member, griffe.Function):
            yield f"{path}.{name}{_call(member)}"
        elif isinstance(member, griffe.Attribute):
            # Properties count as fields: both are read without brackets. The values of codes are part of the API.
            said = f" = {member.value}" if bases == "StrEnum" else f": {member.annotation}"
            yield f"{path}.{name}{said}"


def _lines(package: str, names: Iterable[str], loader: griffe.GriffeLoader) -> Iterator[str]:
    module = loader.modules_collection[package]
    for name in sorted(names):
        if name == "__version__":
            continue
        path = f"{package}.{name}"
        found = module[name]
        found = found.final_target if found.is_alias else found
        if found.is_class:
            yield from _class_lines(path, found)
        elif found.is_function:
            for overload in found.overloads or [found]:
                yield f"{path}{_call(overload)}"
        else:
            yield f"{path}: {found.annotation}"


def surface() -> list[str]:
    """Every public name with its signature, fields or values, one a line."""
    loader = griffe.GriffeLoader(search_paths=[str(Path(ieeparefund.__file__).parents[1])])
    loader.load("ieeparefund")
    loader.resolve_aliases(implicit=True, external=False)
    lines = list(_lines("ieeparefund", ieeparefund.__all__, loader))
    lines += _lines("ieeparefund.testing", ieeparefund.testing.__all__, loader)
    # Modules import datetime under its own name or as dt.
    return [re.sub(r"\bdt\.", "datetime.", line) for line in lines]


def changes(before: list[str], after: list[str]) -> list[str]:
    """Say what became of each line that is not in both."""

    def name(line: str) -> str:
        return re.split(r"[(:]| = ", line, maxsplit=1)[0]

    gone = [line for line in before if line not in after]
    new = [line for line in after if line not in before]
    changed = {name(line) for line in gone} & {name(line) for line in new}
    said = [f"BROKEN {line}" for line in gone if name(line) not in changed]
    for one in sorted(changed):
        said += [f"CHANGED {line}" for line in gone if name(line) == one]
        said += [f"     to {line}" for line in new if name(line) == one]
    return said + [f"added {line}" for line in new if name(line) not in changed]


def test_the_public_api_is_the_one_written_down() -> None:
    found = changes(SURFACE.read_text(encoding="utf-8").splitlines(), surface())
    assert not found, (
        "the public API changed. Added names need a line in CHANGELOG.md; broken or changed ones need an old name "
        f"that warns for one minor version (CONTRIBUTING.md). If it is meant, run `{WRITE}`:\n"
        + "\n".join(found)
    )


def test_a_changed_a_lost_and_an_added_name_are_told() -> None:
    before = ["a.f(x) -> int", "a.g() -> None", "a.C: class"]
    after = ["a.f(x, y) -> int", "a.C: class", "a.h() -> None"]
    assert changes(before, after) == [
        "BROKEN a.g() -> None",
        "CHANGED a.f(x) -> int",
        "     to a.f(x, y) -> int",
        "added a.h() -> None",
    ]
    assert changes(before, before) == []


def test_the_surface_shows_signatures_fields_and_values() -> None:
    text = "\n".join(surface())
    assert "\nieeparefund.Window.closes: datetime.date\n" in text
    assert "\nieeparefund.Payee.CORPORATION = 'corporation'\n" in text
    assert "\nieeparefund.interest(principal: Money, *, deposited: datetime.date," in text
    assert "\nieeparefund.testing.vectors() -> Vectors\n" in text
    for name in (*ieeparefund.__all__, *(f"testing.{one}" for one in ieeparefund.testing.__all__)):
        assert name == "__version__" or re.search(
            rf"^ieeparefund\.{re.escape(name)}[(:.]", text, re.MULTILINE
        )


def last_tag(root: Path) -> str:
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("no git history here")
    found = subprocess.run(
        ["git", "-C", str(root), "describe", "--tags", "--abbrev=0", "--match", "v*"],
        check=False,
        capture_output=True,
        text=True,
    )
    if found.returncode:
        pytest.skip("no version is tagged yet")
    return found.stdout.strip()


def broken_since(tag: str, root: Path) -> list[str]:
    """Say what griffe finds broken in the public names of a repository since a tag."""
    homes = [f"ieeparefund.{module}.{name}" for name, module in ieeparefund._HOME.items()]
    homes += [f"ieeparefund.testing.{module}.{name}" for name, module in ieeparefund.testing._HOME.items()]

    def is_public(path: str) -> bool:
        return path.count(".") == 1 or any(path == home or path.startswith(f"{home}.") for home in homes)

    before = griffe.load_git("ieeparefund", ref=tag, repo=root, search_paths=["src"])
    after = griffe.load("ieeparefund", search_paths=[str(root / "src")])
    return [
        found.explain(griffe.ExplanationStyle.ONE_LINE)
        for found in griffe.find_breaking_changes(before, after)
        if is_public(found.obj.canonical_path)
    ]


def test_nothing_is_broken_since_the_last_tag() -> None:
    tag = last_tag(ROOT)
    found = broken_since(tag, ROOT)
    assert not found, (
        f"broken since {tag}: a major version, or an old name that still works (CONTRIBUTING.md).\n"
        + "\n".join(found)
    )


def test_what_is_broken_since_a_tag_is_found(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    package = tmp_path / "src" / "ieeparefund"
    package.mkdir(parents=True)
    init = package / "__init__.py"
    init.write_text("def kept(x): ...\n\n\ndef lost(x): ...\n", encoding="utf-8")
    (package / "inner.py").write_text("def used_inside(x): ...\n", encoding="utf-8")
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "one"], ["tag", "v0.0.1"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
    assert last_tag(tmp_path) == "v0.0.1"
    assert broken_since("v0.0.1", tmp_path) == []
    init.write_text("def kept(x): ...\n", encoding="utf-8")
    (package / "inner.py").write_text("", encoding="utf-8")
    (said,) = broken_since("v0.0.1", tmp_path)
    assert "lost" in said


if __name__ == "__main__":
    SURFACE.write_text("\n".join(surface()) + "\n", encoding="utf-8")
