"""TOML given by the user: of bounded size and depth, and in UTF-8."""

from __future__ import annotations

import os
import tomllib
from typing import Any

from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.files import read_file
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits

__all__ = ["parse_toml", "read_toml"]

_MOST_DOTS = 200


def parse_toml(text: str, what: str, remedy: str, *, file: str | None = None) -> dict[str, Any]:
    """Return what TOML text holds; `what` names it in the error. Raises `FileFormatError` for text that is none.

    A byte order mark at its head does not count.
    """
    lines = text.lstrip("\ufeff").splitlines()
    # The reader's time grows with the square of the parts of a dotted key, which stands in one line.
    crowded = next((row for row, line in enumerate(lines, 1) if line.count(".") > _MOST_DOTS), None)
    if crowded is not None:
        raise FileFormatError(
            f"{what} has more than {_MOST_DOTS} dots in a line.", remedy=remedy, file=file, row=crowded
        )
    try:
        return tomllib.loads(text.lstrip("\ufeff"))
    except ValueError as error:
        problem = f"{what} is no TOML: {error}."
    except RecursionError:
        problem = f"{what} is no TOML: its tables or lists are nested too deep."
    raise FileFormatError(problem, remedy=remedy, file=file)


def read_toml(
    path: str | os.PathLike[str], what: str, remedy: str, limits: ReadLimits = DEFAULT_LIMITS
) -> tuple[str, dict[str, Any]]:
    """Return the name and the content of a TOML file in UTF-8. Raises as `read_file` and `parse_toml` do."""
    file = os.fspath(path)
    try:
        text = read_file(path, limits, "toml_bytes").decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{what} is not UTF-8 text at byte {error.start + 1}.", remedy="Save it as UTF-8.", file=file
        ) from None
    return file, parse_toml(text, what, remedy, file=file)
