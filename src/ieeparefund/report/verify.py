"""Whether an exhibit is as it was sealed: its record against the seal, its words against its record."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.files import read_file
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.money import exactly
from ieeparefund.report.exhibit import document_of
from ieeparefund.report.record import FORMAT
from ieeparefund.report.render import Form, form_of, render, visible_lines
from ieeparefund.report.seal import read_envelope, seal_of, text_digest
from ieeparefund.report.visible import html_lines, markdown_lines, workbook_lines
from ieeparefund.report.words import package_version

__all__ = ["Verification", "verify_exhibit"]

# Comparing takes the product of the lines, at worst its power.
_MOST_PAIRS = 1_000_000
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check of one exhibit found. `differences` are sentences, none where the exhibit is intact.

    `seal` is the one in the document; compare it with the one noted when it was made. `notes` are remarks that
    are no difference.
    """

    file: str
    entry_number: str
    seal: str
    rules_version: str
    package: str
    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "file": self.file,
            "entry_number": self.entry_number,
            "seal": self.seal,
            "rules_version": self.rules_version,
            "package": self.package,
            "intact": self.intact,
            "differences": list(self.differences),
            "notes": list(self.notes),
        }


@exactly
def verify_exhibit(path: Path | str, *, limits: ReadLimits = DEFAULT_LIMITS) -> Verification:
    """Check an exhibit that `ieeparefund report --entry` wrote, in any of the three formats.

    The record must give the seal, and every word outside it must be as the record lays it out. An exhibit of
    another version of the package, whose wording may differ, is held against the digest of its words instead.
    Raises `InputError` for another file name, `LimitError` past a limit, `FileFormatError` for a file that is no
    exhibit.
    """
    place = Path(path)
    form = form_of(place)
    lines, found = _read(place, form, limits)
    record, seal = found["record"], found["seal"]
    differences: list[str] = []
    actual = seal_of(record)
    if actual != seal:
        differences.append(f"The record was changed: the seal says {seal}, the record gives {actual}.")
    expected = _expected(record, form)
    same_version = record.get("package") == package_version()
    words_kept = text_digest(lines) == found["text"]
    notes: list[str] = []
    if not same_version:
        notes.append(
            f"Made with version {record.get('package')} of ieeparefund; this is {package_version()}."
        )
    if expected is None:
        differences.append("The record cannot be laid out as an exhibit, so the words could not be compared.")
    elif same_version or not words_kept:
        differences += _compare(expected, lines)
        if not (words_kept or differences):
            differences.append("The words were changed: their digest is another.")
    return Verification(
        str(place),
        str(_entry_number(record)),
        seal,
        str(record.get("rules_version")),
        str(record.get("package")),
        tuple(differences),
        tuple(notes),
    )


def _read(place: Path, form: Form, limits: ReadLimits) -> tuple[list[str], dict[str, Any]]:
    content = read_file(place, limits, "document_bytes")
    if form is Form.WORKBOOK:
        lines, text = workbook_lines(content, limits)
    else:
        try:
            words = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise FileFormatError(
                "the exhibit is not UTF-8 text.", remedy="Give the file as it was written.", file=str(place)
            ) from None
        lines, text = (html_lines if form is Form.HTML else markdown_lines)(words)
    if text is None:
        raise FileFormatError(
            "the file holds no sealed record.",
            remedy="Only the exhibit of one entry is sealed: ieeparefund report FILE --entry NUMBER.",
            file=str(place),
        )
    return lines, read_envelope(text, str(place))


def _entry_number(record: dict[str, Any]) -> object:
    estimate = record.get("estimate")
    return estimate.get("entry_number") if isinstance(estimate, dict) else None


def _expected(record: dict[str, Any], form: Form) -> list[str] | None:
    """Return the lines the record lays out, `None` where it is no record of an exhibit."""
    if record.get("format") != FORMAT:
        return None
    try:
        return visible_lines(render(document_of(record), form), form)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError):
        return None


def _compare(expected: list[str], lines: list[str]) -> list[str]:
    found: list[str] = []
    if len(expected) * len(lines) > _MOST_PAIRS:
        return _compare_in_place(expected, lines)
    matcher = difflib.SequenceMatcher(None, expected, lines, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        before, after = " / ".join(expected[first:last]), " / ".join(lines[start:end])
        place = f'After "{expected[first - 1]}": ' if first else "At the start: "
        if not after:
            found.append(f'{place}missing in the document is "{before}".')
        elif not before:
            found.append(f'{place}not in the record is "{after}".')
        else:
            found.append(f'{place}the document says "{after}", the record "{before}".')
    return found


def _compare_in_place(expected: list[str], lines: list[str]) -> list[str]:
    """Compare documents too long to look for moved lines, line by line."""
    found = [
        f'Line {place}: the document says "{after}", the record "{before}".'
        for place, (before, after) in enumerate(zip(expected, lines, strict=False), start=1)
        if before != after
    ]
    if len(found) > _MOST_LISTED:
        found[_MOST_LISTED:] = [f"And {len(found) - _MOST_LISTED} more lines differ."]
    if len(expected) != len(lines):
        found.append(f"The document has {len(lines)} lines, the record {len(expected)}.")
    return found
