"""The text of a cell: cleaned, of bounded length, and without characters that make it look like other text."""

from __future__ import annotations

import re
import unicodedata

from ieeparefund.entries.identifiers import mask_cell

__all__ = ["LONGEST", "CellError", "check_plain", "clean", "quoted", "short"]

LONGEST = 200
"""No cell of a fixed form is longer. The forms may take the square of the length."""

_DROPPED = str.maketrans("", "", "\ufeff\u200b\u200c\u200d\u2060")
_APOSTROPHES = "'\u2018\u2019"
_OPENING = ("=", *_APOSTROPHES)
_WRAPPED = re.compile('="([^"]*)"')
_OUTER = " \t\r\n\x0b\x0c\u00a0\ufeff\u200b\u200c\u200d\u2060"
_HIDDEN = ("Cc", "Cf", "Cs")


class CellError(Exception):
    """A cell that fits none of the forms of its column: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


def clean(cell: object) -> str:
    """Return a cell as text without outer blanks (NBSP too), zero-width marks, and a wrapping `="..."` or `'`."""
    text = str(cell)
    text = text.strip() if text.isascii() else text.translate(_DROPPED).strip()
    if text[:1] in _OPENING:
        wrapped = _WRAPPED.fullmatch(text)
        text = (wrapped[1] if wrapped else text.lstrip(_APOSTROPHES)).strip()
    return text


def quoted(text: str) -> str:
    """Return the text of an unfit cell for a message: in quotation marks, numbers and names in it masked."""
    return repr(mask_cell(text))


def short(text: str) -> str:
    """Return the text of a cell of a fixed form. Raises `CellError` for one longer than any such cell."""
    if len(text) > LONGEST:
        raise CellError(
            f"has {len(text):,} characters, more than a cell of this column can have.",
            "Look for a quotation mark or a delimiter that is lost.",
        )
    return text


def check_plain(cell: object, text: str) -> None:
    """Refuse text that looks like other text: with characters nobody sees, or digits that are not 0 to 9."""
    short(text)
    bare = str(cell).strip(_OUTER)
    if bare.isascii() and bare.isprintable():
        return
    for character in bare:
        kind = unicodedata.category(character)
        hidden = kind in _HIDDEN and character not in "\t\r\n"
        if hidden or (kind == "Nd" and not character.isascii()):
            raise CellError(
                f"holds the character U+{ord(character):04X}, which "
                + ("nobody sees." if hidden else "looks like a digit and is another."),
                "Write it anew: with that character it is another than it looks.",
            )
