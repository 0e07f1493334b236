"""Text that spreadsheets would take for a formula."""

from __future__ import annotations

import re

__all__ = ["neutral", "starts_formula"]

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def starts_formula(text: str) -> bool:
    """Return whether a spreadsheet may compute this text: it starts with `=`, `+`, `-`, `@`, a tab or a line end.

    >>> starts_formula("=HYPERLINK(...)"), starts_formula("VN")
    (True, False)
    """
    return text.startswith(_STARTS)


def neutral(text: str) -> str:
    """Return text for a CSV cell, with an apostrophe before what a spreadsheet might compute. A number stays.

    A carriage return becomes a line feed: the writer puts no quotation marks around it, and what stands behind it
    would begin a row of its own.

    >>> neutral("=1+1"), neutral("-9.50")
    ("'=1+1", '-9.50')
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if starts_formula(text) and not _NUMBER.fullmatch(text) else text
