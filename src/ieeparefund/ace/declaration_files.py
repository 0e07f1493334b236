"""Writing planned declarations to a folder: upload files, one manifest, and the ledger in step with them.

The order makes a crash harmless. Each file is first written under a `.pending` name and forced to disk; then
the ledger commits; then the files get their final names. Before the commit nothing counts: the next run
replaces what is pending. After it the next run (`finish_pending`) gives the names that are still missing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ieeparefund.ace.cape_declaration import LineEnd, declaration_bytes
from ieeparefund.atomic import sync_folder
from ieeparefund.errors import FileFormatError
from ieeparefund.law.manifest import rules_version
from ieeparefund.refunds.declarations import Declaration, DeclarationPlan, Excluded
from ieeparefund.refunds.ledger import Ledger

__all__ = ["MANIFEST", "WrittenDeclaration", "finish_pending", "recover", "write_declarations"]

MANIFEST = "manifest.json"
_PENDING = ".pending"


@dataclass(frozen=True, slots=True)
class WrittenDeclaration:
    """One upload file that was written, with the sha256 of its bytes."""

    path: Path
    sha256: str
    declaration: Declaration


def write_declarations(
    plan: DeclarationPlan, folder: Path | str, *, line_end: LineEnd = "crlf", ledger: Ledger | None = None
) -> list[WrittenDeclaration]:
    """Write the upload files of a plan and `manifest.json` into `folder`, which is made if need be.

    Files are `cape_declaration_0001.csv` and on: one column `Entry Number`, compact numbers, ASCII without
    byte-order mark, `line_end` "crlf" or "lf". With a ledger the numbering goes on from it and the entries
    are recorded, all or none; make the plan inside `ledger.transaction()` and call this there too, so that no
    other process plans the same entries meanwhile. Without one, writing the same plan again changes nothing,
    and a file with other content is never replaced (`FileFormatError`).
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    if ledger is None:
        # What a killed run left pending may be cut off, or of other entries; no ledger tells.
        for pending in _all_pending(place):
            pending.unlink()
    else:
        # A folder that was moved since is none that `recover` looks into.
        _name_pending(place, _recorded(ledger))
    first = ledger.next_id() if ledger is not None else 1
    written = []
    contents = []
    for number, declaration in enumerate(plan, start=first):
        data = declaration_bytes(declaration.numbers, line_end=line_end)
        path = place / f"cape_declaration_{number:04d}.csv"
        _refuse_other_content(path, data)
        written.append(WrittenDeclaration(path, hashlib.sha256(data).hexdigest(), declaration))
        contents.append(data)
    for item, data in zip(written, contents, strict=True):
        _write_synced(_pending(item.path), data)
        if ledger is not None:
            ledger.add_declaration(
                item.declaration, file_name=item.path.name, folder=str(place.resolve()), sha256=item.sha256
            )
    _write_synced(_pending(place / MANIFEST), _manifest(place, written, plan.excluded))
    return written


def finish_pending(folder: Path | str, ledger: Ledger | None = None) -> list[Path]:
    """Give the files that `write_declarations` left pending their final names; call it after the commit.

    With a ledger, which is held for writing meanwhile, only what it has recorded with the same checksum gets
    its name, wherever the folder was then; pending files it does not know are of a run that never committed
    and are removed. A pending manifest may also name what the manifest in place does. Returns the paths that
    were named.
    """
    place = Path(folder)
    if ledger is None:
        return _name_pending(place, None)
    with ledger.transaction():
        return _name_pending(place, _recorded(ledger))


def recover(ledger: Ledger) -> list[Path]:
    """Finish what a crash left pending in any folder the ledger wrote to. Returns the paths that were named."""
    folders = dict.fromkeys(row["folder"] for row in ledger.export()["declaration"])
    return [path for folder in folders if Path(folder).is_dir() for path in finish_pending(folder, ledger)]


def _name_pending(place: Path, recorded: set[tuple[str, str]] | None) -> list[Path]:
    named = []
    for pending in _all_pending(place):
        final = pending.with_name(pending.name.removesuffix(_PENDING))
        if recorded is not None and not _is_recorded(pending, final.name, recorded):
            pending.unlink()
            continue
        pending.replace(final)
        named.append(final)
    sync_folder(place)
    return named


def _recorded(ledger: Ledger) -> set[tuple[str, str]]:
    return {(row["file_name"], row["sha256"]) for row in ledger.export()["declaration"]}


def _is_recorded(pending: Path, name: str, recorded: set[tuple[str, str]]) -> bool:
    data = pending.read_bytes()
    if name != MANIFEST:
        return (name, hashlib.sha256(data).hexdigest()) in recorded
    try:
        listed = _listed(data)
    except ValueError:
        return False  # cut off by the crash
    old = pending.with_name(MANIFEST)
    return listed <= recorded | (_listed(old.read_bytes()) if old.exists() else set())


def _listed(manifest: bytes) -> set[tuple[str, str]]:
    return {(row["file"], row["sha256"]) for row in json.loads(manifest)["files"]}


def _all_pending(place: Path) -> list[Path]:
    """What may be left pending in a folder, the manifest last; files of others are none of it."""
    return sorted([*place.glob(f"cape_declaration_*.csv{_PENDING}"), *place.glob(MANIFEST + _PENDING)])


def _pending(path: Path) -> Path:
    return path.with_name(path.name + _PENDING)


def _refuse_other_content(path: Path, data: bytes) -> None:
    if path.exists() and path.read_bytes() != data:
        raise FileFormatError(
            "the file is there already, with other entries.",
            remedy="Write to another folder, or keep a ledger so that the numbering goes on.",
            file=str(path),
        )


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _manifest(place: Path, written: Iterable[WrittenDeclaration], excluded: Iterable[Excluded]) -> bytes:
    """The manifest of the folder: the files of earlier runs stay, those of this run are added or replaced."""
    rows: dict[str, dict[str, Any]] = {}
    old = place / MANIFEST
    if old.exists():
        for row in json.loads(old.read_text(encoding="utf-8"))["files"]:
            rows[row["file"]] = row
    for item in written:
        declaration = item.declaration
        rows[item.path.name] = {
            "file": item.path.name,
            "sha256": item.sha256,
            "entries": len(declaration.estimates),
            "principal": f"{declaration.principal:.2f}",
            "interest": f"{declaration.interest:.2f}",
            "by_importer": declaration.by_importer(),
            "as_of": declaration.as_of.isoformat(),
            "rules_version": rules_version(),
        }
    left_out = [
        {
            "entry_number": str(item.estimate.entry.number),
            "reasons": [
                {"stop": reason.stop.value, "reason": reason.reason, "remedy": reason.remedy}
                for reason in item.reasons
            ],
        }
        for item in excluded
    ]
    text = json.dumps({"files": [rows[name] for name in sorted(rows)], "excluded": left_out}, indent=2)
    return (text + "\n").encode("utf-8")
