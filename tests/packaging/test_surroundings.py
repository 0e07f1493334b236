"""The same answers to the byte wherever they are asked for: time zone, locale, options of Python, decimal context.

Each surrounding is a process of its own (`answers.py`), in which several things are different at once; what it
answers is compared with what a plain process answers.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import ieeparefund

ASKING = Path(__file__).with_name("answers.py")
PLAIN = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
NOT_UTF8 = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

# Name: settings, options of Python, what `answers.py` sets up for itself.
SURROUNDINGS: dict[str, tuple[dict[str, str], tuple[str, ...], str]] = {
    "Kiritimati, C locale, hash seed 1": (
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", **NOT_UTF8},
        (),
        "plain",
    ),
    "Pago Pago, docstrings and asserts stripped": ({"TZ": "Pacific/Pago_Pago"}, ("-OO",), "plain"),
    "New York, warnings as errors, development mode": (
        {"TZ": "America/New_York", "PYTHONHASHSEED": "random"},
        ("-X", "dev"),
        "warnings_as_errors",
    ),
    "Kolkata, POSIX locale, no home, no bytecode": (
        {
            "TZ": "Asia/Kolkata",
            "LC_ALL": "POSIX",
            "HOME": "/nonexistent",
            "PYTHONDONTWRITEBYTECODE": "1",
            **NOT_UTF8,
        },
        (),
        "plain",
    ),
    "three decimal digits, rounded up": ({}, (), "short_decimals"),
    "every decimal signal trapped, foreign locale, deep recursion allowed": (
        NOT_UTF8,
        (),
        "trapping_decimals",
    ),
}


def ask(folder: Path, settings: dict[str, str], options: tuple[str, ...], surrounding: str) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    # Not the folder of the caller: nothing may be looked for in the working directory.
    folder.mkdir()
    asked = subprocess.run(
        [sys.executable, *options, str(ASKING), str(folder / "written"), surrounding],
        env=environment | PLAIN | settings,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return dict(json.loads(asked.stdout))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return ask(tmp_path_factory.mktemp("plain") / "work", {}, (), "plain")


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_no_answer_changes(name: str, plain: dict[str, str], tmp_path: Path) -> None:
    found = ask(tmp_path / "work", *SURROUNDINGS[name])
    assert {answer for answer in plain if found.get(answer) != plain[answer]} == set()
    assert found.keys() == plain.keys()


def test_every_answer_is_asked_for(plain: dict[str, str]) -> None:
    missing = [name for name in ("typer", "rich", "jinja2", "xlsxwriter") if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)}: not installed, so the command or a report is left out")
    assert {"windows", "interest", "duty", "eligibility", "declared", "traced", "reconciled"} < plain.keys()
    assert {"command_json", "command_table", "statement_html", "exhibit_workbook"} < plain.keys()
    # Different questions have different answers: a digest of nothing would be the same everywhere.
    assert len(set(plain.values())) >= len(plain) - 1


def test_no_assert_carries_meaning() -> None:
    """With `-O` an `assert` is not there, so the package has none."""
    package = Path(ieeparefund.__file__).parent
    found = [
        f"{path.relative_to(package)}:{node.lineno}"
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert found == []
