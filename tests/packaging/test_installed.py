"""The installed package: metadata, the type marker, the tables, the command."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import metadata, requires, version
from importlib.resources import files

import pytest

import ieeparefund


def test_metadata() -> None:
    assert version("ieeparefund") == ieeparefund.__version__
    found = metadata("ieeparefund")
    assert found["License-Expression"] == "Apache-2.0"
    assert found["Requires-Python"] == ">=3.11"
    core = [line for line in requires("ieeparefund") or [] if "extra ==" not in line]
    assert sorted(line.split(">")[0] for line in core) == ["holidays", "python-dateutil"]


def test_the_type_marker_and_the_tables_are_shipped() -> None:
    package = files("ieeparefund")
    assert (package / "py.typed").is_file()
    for name in (
        "interest_rates.csv",
        "ieepa_headings.csv",
        "look_alikes.csv",
        "cape_rules.toml",
        "manifest.toml",
    ):
        assert (package / "law" / "tables" / name).is_file()


def test_the_command_says_its_version() -> None:
    pytest.importorskip("typer", reason="the cli extra is not installed")
    out = subprocess.run(
        [sys.executable, "-c", "from ieeparefund.cli import main; main()", "--version"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert out.stdout.strip() == f"ieeparefund {ieeparefund.__version__}"


def test_the_command_without_its_extra_names_it() -> None:
    code = "import sys; sys.modules['typer'] = None; from ieeparefund.cli import main; main()"
    out = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert out.returncode == 2
    assert "ieeparefund[cli]" in out.stderr
    assert "Traceback" not in out.stderr
