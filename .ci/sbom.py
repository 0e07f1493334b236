"""Writes sbom.cdx.json: what the wheel declares to need, as CycloneDX 1.6, from pyproject.toml alone.

The file is committed, stands in the wheel under `.dist-info/sboms/` (PEP 770), and changes only with what it says:
no clock, machine, folder or index is in it. Versions of the needed packages are chosen at installation, so each has
its range and none a version. `python .ci/sbom.py` writes it; a test holds it against pyproject.toml.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).resolve().parents[1]
SBOM = ROOT / "sbom.cdx.json"
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?(.*)")
# Extras for those who work on the package: nobody who uses it installs them.
_NOT_FOR_USE = frozenset({"dev", "all"})


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def _purl(name: str) -> str:
    return f"pkg:pypi/{name}"


def _needed(project: dict[str, Any]) -> dict[str, dict[str, set[str]]]:
    """Return by package its ranges, each with the extras that ask for it; `""` is the package itself."""
    groups = {"": project["dependencies"]} | {
        extra: needs for extra, needs in project["optional-dependencies"].items() if extra not in _NOT_FOR_USE
    }
    found: dict[str, dict[str, set[str]]] = {}
    for extra, needs in groups.items():
        for text in needs:
            match = _REQUIREMENT.fullmatch(text)
            if match is None:
                raise ValueError(f"{text!r} is no requirement this script can read.")
            name, _, span = match.groups()
            if name != project["name"]:
                found.setdefault(_name(name), {}).setdefault(span.strip(), set()).add(extra)
    return found


def sbom(root: Path = ROOT) -> dict[str, Any]:
    """Return the bill of materials of the project in `root`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    init = (root / "src" / "ieeparefund" / "__init__.py").read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.+)"$', init, re.MULTILINE)
    if version is None:
        raise ValueError("src/ieeparefund/__init__.py has no line __version__.")
    ref = f"{_purl(project['name'])}@{version[1]}"
    needed = _needed(project)
    components = [
        {
            "type": "library",
            "bom-ref": _purl(name),
            "name": name,
            "purl": _purl(name),
            "scope": "required" if any("" in extras for extras in spans.values()) else "optional",
            "properties": [
                {"name": f"python:requirement:{extra or 'core'}", "value": span}
                for span, extras in sorted(spans.items())
                for extra in sorted(extras)
            ],
        }
        for name, spans in sorted(needed.items())
    ]
    body = {
        "metadata": {
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "library",
                "bom-ref": ref,
                "name": project["name"],
                "version": version[1],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": ref,
            },
        },
        "components": components,
        "dependencies": [
            {"ref": ref, "dependsOn": [component["bom-ref"] for component in components]},
            *({"ref": component["bom-ref"]} for component in components),
        ],
    }
    # The serial number is that of the content, so the same content has the same one.
    serial = uuid5(NAMESPACE_URL, json.dumps(body, sort_keys=True))
    head = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    }
    return head | body


def sbom_text(root: Path = ROOT) -> str:
    """Return the file as it is committed."""
    return json.dumps(sbom(root), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SBOM.write_text(sbom_text(), encoding="utf-8")
