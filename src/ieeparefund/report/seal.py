"""The seal of an exhibit: the sha256 of its record in canonical JSON, and how the record travels in a document.

Canonical JSON: keys sorted, no blanks, ASCII only, UTF-8. The seal shows that a record was changed after it was
sealed. It is no signature: whoever changes a record can seal it anew, so keep the seal apart from the document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from ieeparefund.errors import FileFormatError

__all__ = ["RECORD_TITLE", "canonical_json", "envelope_lines", "read_envelope", "seal_of", "text_digest"]

RECORD_TITLE = "Sealed record"
_REMEDY = "Give the document as `ieeparefund report --entry` wrote it."


def canonical_json(record: Any) -> str:
    """Return JSON values as the one text that is sealed. Raises `TypeError` for anything that is no JSON value."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def seal_of(record: Any) -> str:
    """Return the sha256 of the canonical JSON of a record, 64 hexadecimal digits.

    >>> seal_of({"refund": "9314.51", "entry": "009-6131459-8"})[:16]
    '11c6bac5c912bae5'
    """
    return hashlib.sha256(canonical_json(record).encode("ascii")).hexdigest()


def text_digest(lines: Sequence[str]) -> str:
    """Return the sha256 over the words a reader sees, line by line."""
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def envelope_lines(record: dict[str, Any], seal: str, text: str) -> list[str]:
    """Return the record with its seal and the digest of the visible text as lines of JSON, ASCII only.

    The lines hold none of `<`, `>` and `&`, so they can stand in any kind of document.
    """
    plain = json.dumps(
        {"seal": seal, "text": text, "record": record}, indent=1, ensure_ascii=True, allow_nan=False
    )
    for sign in "<>&":
        plain = plain.replace(sign, f"\\u{ord(sign):04x}")
    return plain.splitlines()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value")


def read_envelope(text: str, file: str) -> dict[str, Any]:
    """Return seal, text digest and record as found. Raises `FileFormatError` where the JSON is damaged."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
        # What can be read but not sealed, such as a number beyond any float, is damage too.
        canonical_json(found)
    except RecursionError:
        raise FileFormatError(
            "the sealed record is damaged: it is nested too deep.", remedy=_REMEDY, file=file
        ) from None
    except ValueError as error:
        raise FileFormatError(f"the sealed record is damaged: {error}.", remedy=_REMEDY, file=file) from None
    if (
        not isinstance(found, dict)
        or not isinstance(found.get("record"), dict)
        or not all(isinstance(found.get(name), str) for name in ("seal", "text"))
    ):
        raise FileFormatError("the sealed record lacks seal, text or record.", remedy=_REMEDY, file=file)
    return found
