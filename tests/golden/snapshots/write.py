"""Write the snapshots anew: `python -m tests.golden.snapshots.write`, after a change of law that is meant.

Each file holds what the library answers, one answer or one run of days a line. `frozen.toml` keeps the checksum
of each and one code over all. The code stands in the entry under *Law* in the changelog that says what changed:
the script prints the line to put there, and a test looks for it.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.golden.snapshots import duty, eligibility, headings, rates, windows, working_days

__all__ = ["FROZEN", "HERE", "SNAPSHOTS", "changelog_line", "checksums", "code", "frozen", "text"]

HERE = Path(__file__).parent
FROZEN = HERE / "frozen.toml"

SNAPSHOTS: dict[str, Callable[[], Iterable[str]]] = {
    "cape_table.txt": eligibility.cape_table,
    "duty.txt": duty.duty,
    "eligibility.txt": eligibility.eligibility,
    "expected_duty.txt": duty.expected,
    "heading_days.txt": headings.heading_days,
    "heading_rows.txt": headings.heading_rows,
    "interest.txt": rates.rates,
    "remedies.txt": eligibility.remedies,
    "windows_after_entry.txt": windows.after_entry,
    "windows_after_liquidation.txt": windows.after_liquidation,
    "windows_words.txt": windows.words,
    "working_days.txt": working_days.working_days,
}


def text(name: str) -> str:
    """What a snapshot would hold if it were written now."""
    return "".join(f"{line}\n" for line in SNAPSHOTS[name]())


def checksums() -> dict[str, str]:
    """Checksum of each file as it is on disk."""
    return {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in SNAPSHOTS}


def frozen() -> dict[str, str]:
    """Checksum of each file as it was frozen."""
    found: dict[str, str] = tomllib.loads(FROZEN.read_text(encoding="utf-8"))["sha256"]
    return found


def code(sums: dict[str, str]) -> str:
    """Twelve characters that stand for all files."""
    listed = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    return hashlib.sha256(listed.encode()).hexdigest()[:12]


def changelog_line(sums: dict[str, str]) -> str:
    """The words that an entry under *Law* must hold."""
    return f"(law snapshot {code(sums)})"


def _lines(sums: dict[str, str]) -> Iterator[str]:
    yield "# Checksums of the snapshots, written by write.py. The changelog names the code under Law."
    yield f'code = "{code(sums)}"'
    yield ""
    yield "[sha256]"
    for name, checksum in sums.items():
        yield f'"{name}" = "{checksum}"'


def main() -> None:
    """Write every file whose text has changed, then the checksums."""
    for name in SNAPSHOTS:
        path, made = HERE / name, text(name).encode()
        if not path.exists() or path.read_bytes() != made:
            path.write_bytes(made)
            sys.stdout.write(f"changed: {name}\n")
    sums = checksums()
    FROZEN.write_bytes("".join(f"{line}\n" for line in _lines(sums)).encode())
    sys.stdout.write(f"Put into the entry under Law in CHANGELOG.md: {changelog_line(sums)}\n")


if __name__ == "__main__":
    main()
