"""The house: sizes, light imports, no clock, no network, tables with a source."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ieeparefund

SOURCE = Path(ieeparefund.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_has_one_subject_and_a_docstring(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text))


def imported(code: str) -> set[str]:
    """Names of the modules a fresh interpreter has loaded after `code`."""
    out = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(out.stdout.split())


def test_import_is_light() -> None:
    loaded = imported("import ieeparefund")
    assert not loaded & {"numpy", "holidays", "dateutil", "pyarrow", "typer", "decimal", "socket"}


def test_no_answer_about_a_working_day_rests_on_the_holidays_package() -> None:
    asked = "import datetime, ieeparefund as ir\nir.cape_window(datetime.date(2026, 1, 30))\n"
    assert not imported(asked + "ir.is_working_day(datetime.date(2026, 1, 30))") & {"holidays", "numpy"}


def test_only_the_command_line_reads_the_clock_and_nothing_opens_a_connection() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow"):
                assert path.name == "options.py", f"{path} reads the clock"
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {"socket", "urllib", "http", "requests"}, path


def test_every_law_table_is_in_the_manifest_with_its_sum() -> None:
    tables = SOURCE / "law" / "tables"
    manifest = tomllib.loads((tables / "manifest.toml").read_text(encoding="utf-8"))
    rows = manifest["table"]
    assert {row["file"] for row in rows} == {path.name for path in tables.iterdir()} - {"manifest.toml"}
    for row in rows:
        digest = hashlib.sha256((tables / row["file"]).read_bytes()).hexdigest()
        assert row["sha256"] == digest, (
            f"{row['file']} changed: update the manifest and the changelog's Law section"
        )
        assert row["source"]
        assert row["read_on"].year >= 2026


def test_the_public_names_are_static_and_resolve() -> None:
    for name in ieeparefund.__all__:
        assert getattr(ieeparefund, name) is not None
    assert set(ieeparefund.__all__) <= set(dir(ieeparefund))
    with pytest.raises(AttributeError, match="no attribute 'refund_everything'"):
        ieeparefund.refund_everything  # noqa: B018
