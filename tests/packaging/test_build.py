"""The built wheel and source archive: the same bytes wherever and whenever they are built, and what is in them."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.packaging.audit import check_wheel

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="no source tree here")
PARTS = ("src", "tests", "docs", "examples", "benchmarks", ".ci")
EPOCH = "1767225600"


def copied(folder: Path, mode: int, seconds: int) -> Path:
    """Copy what is built from, with permissions and times of its own."""
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis", "*.egg-info")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in {".toml", ".md", ".yml", ".json", ""} and path.name[0] != ".":
            shutil.copy(path, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
            os.utime(path, (seconds, seconds))
    return folder


def built(folder: Path, umask: int, epoch: str | None) -> dict[str, bytes]:
    """Build both archives without a network, in the environment the tests run in."""
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    if epoch is not None:
        environment["SOURCE_DATE_EPOCH"] = epoch
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", "out"],
        cwd=folder,
        env=environment,
        umask=umask,
        check=True,
        capture_output=True,
    )
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    pytest.importorskip("hatchling", reason="hatchling is not installed here")
    return built(copied(tmp_path_factory.mktemp("first") / "one", 0o644, 1_000_000_000), 0o022, None)


@pytest.fixture(scope="module")
def wheel(archives: dict[str, bytes]) -> zipfile.ZipFile:
    (name,) = (name for name in archives if name.endswith(".whl"))
    return zipfile.ZipFile(io.BytesIO(archives[name]))


def test_two_builds_are_byte_identical(archives: dict[str, bytes], tmp_path: Path) -> None:
    folder = copied(tmp_path / "another place", 0o600, 1_500_000_000)
    assert len(archives) == 2
    assert built(folder, 0o077, None) == archives


def test_builds_with_a_date_given_are_byte_identical(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling is not installed here")
    first = built(copied(tmp_path / "a", 0o644, 1_000_000_000), 0o022, EPOCH)
    assert built(copied(tmp_path / "b", 0o640, 1_600_000_000), 0o027, EPOCH) == first


def test_every_file_of_the_wheel_has_the_hash_of_its_record(wheel: zipfile.ZipFile) -> None:
    (record,) = (name for name in wheel.namelist() if name.endswith(".dist-info/RECORD"))
    rows = list(csv.reader(wheel.read(record).decode("utf-8").splitlines()))
    assert {row[0] for row in rows} == set(wheel.namelist())
    for name, digest, size in rows:
        if name != record:
            data = wheel.read(name)
            value = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")
            assert (digest, int(size)) == (f"sha256={value}", len(data)), name


def test_the_wheel_is_pure_and_runs_nothing(wheel: zipfile.ZipFile) -> None:
    (head,) = (name for name in wheel.namelist() if name.endswith(".dist-info/WHEEL"))
    assert check_wheel(wheel.namelist(), wheel.read(head).decode("utf-8")) == []
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert not [name for name in (build, *build["targets"].values()) if "hooks" in name]
    assert not (ROOT / "setup.py").exists()


def test_the_source_archive_has_what_the_suite_needs(archives: dict[str, bytes]) -> None:
    (name,) = (name for name in archives if name.endswith(".tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(archives[name])) as archive:
        inside = {member.split("/", 1)[1] for member in archive.getnames()}
    wanted = {
        "SECURITY.md",
        "CONTRIBUTING.md",
        "sbom.cdx.json",
        ".ci/audit",
        "tests/conftest.py",
        "mkdocs.yml",
    }
    assert wanted <= inside


# The bill of materials


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ci_sbom", ROOT / ".ci" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bill() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    return found


def test_the_bill_of_materials_is_that_of_the_project() -> None:
    written = (ROOT / "sbom.cdx.json").read_text(encoding="utf-8")
    assert written == generator().sbom_text(), "pyproject.toml changed: run `python .ci/sbom.py`"


def test_the_bill_of_materials_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if ".dist-info/sboms/" in name)
    assert name.endswith(".dist-info/sboms/sbom.cdx.json")
    assert wheel.read(name) == (ROOT / "sbom.cdx.json").read_bytes()


def test_the_bill_of_materials_holds_together() -> None:
    found = bill()
    assert (found["bomFormat"], found["specVersion"], found["version"]) == ("CycloneDX", "1.6", 1)
    refs = {one["bom-ref"] for one in found["components"]}
    assert len(refs) == len(found["components"])
    main, *others = found["dependencies"]
    assert main["ref"] == found["metadata"]["component"]["bom-ref"]
    assert set(main["dependsOn"]) == refs == {one["ref"] for one in others}
    required = {one["name"] for one in found["components"] if one["scope"] == "required"}
    assert required == {"holidays", "python-dateutil"}
    text = json.dumps(found)
    assert "http" not in text
    assert "timestamp" not in text


def test_the_bill_of_materials_fits_its_schema() -> None:
    validation = pytest.importorskip(
        "cyclonedx.validation.json", reason="cyclonedx-python-lib[json-validation] is not installed here"
    )
    from cyclonedx.schema import SchemaVersion

    text = (ROOT / "sbom.cdx.json").read_text(encoding="utf-8")
    assert validation.JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
