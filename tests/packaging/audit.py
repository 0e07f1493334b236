"""Checks what is installed against what can be known without a network. `python -m tests.packaging.audit` runs all.

Each check returns sentences, one a fault; none means that it holds. `--extra NAME` names the extras whose packages
are installed (`dev` unless told), `--allow NAME` packages beyond them that the environment may hold.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = [
    "Installed",
    "check_closure",
    "check_licences",
    "check_ranges",
    "check_record",
    "check_wheel",
    "installed",
]

NAME = "ieeparefund"
# What pip needs to be there; no package of ours asks for them.
TOOLS = frozenset({"pip", "setuptools", "wheel"})
LICENCES = (
    "0BSD",
    "Apache",
    "BSD",
    "CC0",
    "HPND",
    "ISC",
    "MIT",
    "MIT-CMU",
    "MPL-2",
    "Mozilla Public License 2",
    "PSF",
    "Python Software Foundation",
    "Python-2.0",
    "Unlicense",
    "Zlib",
    "zlib",
)
"""How the names of the licences begin that a dependency may be under: permissive ones, and MPL 2.0."""
EXCEPTIONS = {
    "lunardate": "GPL-3.0: a calendar that workalendar imports, a peer in benchmarks and tests only, never shipped",
    "pymeeus": "LGPL-3.0: astronomy for convertdate, which workalendar imports; benchmarks and tests only",
}
"""Packages under other licences, each with the reason why it may be there. None is needed to use the library."""


@dataclass(frozen=True)
class Installed:
    """One installed distribution: its name in the form that compares, version, requirements and licence words."""

    name: str
    version: str
    requires: tuple[str, ...]
    licences: tuple[str, ...]


def _licences(found: Distribution) -> Iterator[str]:
    head = found.metadata
    if expression := head.get("License-Expression"):
        yield expression
        return
    classifiers = [
        line.rsplit(" :: ", 1)[1]
        for line in head.get_all("Classifier") or []
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    # The free text of `License` may be the whole licence; its first line names it.
    yield from classifiers or [(head.get("License") or "").strip().split("\n")[0]]


def installed(found: Iterable[Distribution] | None = None) -> dict[str, Installed]:
    """Return what is installed in this environment, by name."""
    return {
        (name := canonicalize_name(one.metadata["Name"])): Installed(
            name, one.version, tuple(one.requires or ()), tuple(_licences(one))
        )
        for one in (distributions() if found is None else found)
    }


def _closure(
    extras: Collection[str], here: Mapping[str, Installed]
) -> dict[str, list[tuple[str, Requirement]]]:
    """Return every package that ours needs with `extras`, with who asks for it and how."""
    asked: dict[str, list[tuple[str, Requirement]]] = {}
    waiting = [(NAME, frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen or name not in here:
            continue
        seen.add((name, wanted))
        for text in here[name].requires:
            need = Requirement(text)
            if need.marker and not any(need.marker.evaluate({"extra": extra}) for extra in ("", *wanted)):
                continue
            other = canonicalize_name(need.name)
            asked.setdefault(other, []).append((name, need))
            waiting.append((other, frozenset(need.extras)))
    return asked


def check_ranges(extras: Collection[str], here: Mapping[str, Installed]) -> list[str]:
    """Check that every needed package is here, in the range of all who ask for it."""
    faults = []
    for name, needs in sorted(_closure(extras, here).items()):
        for asker, need in needs:
            if name not in here:
                faults.append(f"{asker} needs {need}, which is not installed.")
            elif not need.specifier.contains(here[name].version, prereleases=True):
                faults.append(f"{asker} needs {need}, but {here[name].version} is installed.")
    return faults


def check_closure(
    extras: Collection[str], here: Mapping[str, Installed], allowed: Collection[str] = ()
) -> list[str]:
    """Check that nothing is here that nobody asked for."""
    known = {NAME, *TOOLS, *map(canonicalize_name, allowed), *_closure(extras, here)}
    return [f"{name} is installed, but nothing declared needs it." for name in sorted(set(here) - known)]


def check_licences(here: Mapping[str, Installed]) -> list[str]:
    """Check that each package is under a licence of the list, or excepted with a reason."""
    faults = []
    for name, found in sorted(here.items()):
        if name in TOOLS or name in EXCEPTIONS:
            continue
        words = [part.strip("() ") for text in found.licences for part in re.split(r" (?:AND|OR) | ?;", text)]
        # Of alternatives joined by OR one would do; none here needs that.
        bad = [word for word in words if not word.startswith(LICENCES)]
        if bad or not words:
            faults.append(
                f"{name} is under {' and '.join(bad) or 'no named licence'}, which is not on the list."
            )
    return faults


def check_record(found: Distribution) -> list[str]:
    """Check that each file of a distribution is there with the hash of its RECORD."""
    faults = []
    # Read here: `Distribution.files` leaves out what is missing from the disk, on newer Pythons.
    for path, given, _ in csv.reader((found.read_text("RECORD") or "").splitlines()):
        mode, _, value = given.partition("=")
        if not value:
            continue
        try:
            with open(str(found.locate_file(path)), "rb") as file:
                digest = hashlib.new(mode, file.read()).digest()
        except FileNotFoundError:
            faults.append(f"{path} is in RECORD, but not on the disk.")
            continue
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii") != value:
            faults.append(f"{path} is not the file of its RECORD.")
    return faults


def check_wheel(names: Collection[str], head: str) -> list[str]:
    """Check the file names and the WHEEL file of a built wheel: pure, nothing compiled, nothing run at install."""
    faults = []
    if "Root-Is-Purelib: true" not in head or "Tag: py3-none-any" not in head:
        faults.append("the wheel is not pure Python for every platform.")
    for name in sorted(names):
        path = PurePosixPath(name)
        if path.suffix in {".so", ".pyd", ".dll", ".dylib", ".pyc", ".pth", ".exe"}:
            faults.append(f"{name} is compiled, or is run at the start of Python.")
        if path.parts[0] not in {NAME} and not path.parts[0].endswith(".dist-info"):
            faults.append(f"{name} lies outside the package.")
    return faults


def main(arguments: list[str] | None = None) -> int:
    """Run every check on this environment and print what does not hold. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="audit", description=__doc__)
    parser.add_argument("--extra", action="append", default=[])
    parser.add_argument("--allow", action="append", default=[])
    given = parser.parse_args(arguments)
    here = installed()
    extras = given.extra or ["dev"]
    needed = {NAME, *_closure(extras, here)}
    records = [
        fault
        for one in distributions()
        if canonicalize_name(one.metadata["Name"]) in {NAME, *_closure((), here)}
        for fault in check_record(one)
    ]
    checks = {
        "every needed package within its range": check_ranges(extras, here),
        "nothing beyond what is declared": check_closure(extras, here, given.allow),
        "licences on the list": check_licences({name: one for name, one in here.items() if name in needed}),
        "files as in RECORD": records,
    }
    for title, faults in checks.items():
        sys.stdout.write(f"{title}: {'does not hold' if faults else 'holds'}\n")
        sys.stdout.writelines(f"  {fault}\n" for fault in faults)
    return int(any(checks.values()))


if __name__ == "__main__":
    sys.exit(main())
