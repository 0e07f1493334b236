"""Errors of the package as one sentence for those who do not write Python."""

from __future__ import annotations

import re

from ieeparefund.entries.identifiers import mask_sentence
from ieeparefund.errors import IeepaRefundError, InputError, RateNotPublishedError

__all__ = ["printable", "spoken", "spoken_os"]

# A file could move the cursor, colour the screen or turn words round.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return text for a terminal: control characters and changes of direction are written out, not sent.

    >>> printable("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def spoken(error: IeepaRefundError, kind: str = "command") -> str:
    """Return the error's sentence, where options are no columns and no Python helps.

    `kind` is what does the work in the user's eyes: a command, or an assistant's tool. Importer numbers are
    masked, wherever they came from.
    """
    if isinstance(error, RateNotPublishedError):
        known = str(error).partition(". ")[0]
        return (
            f"{known}. The {kind} `estimate` carries the last rate on and marks what it adds as provisional."
        )
    if not isinstance(error, InputError):
        return mask_sentence(str(error))
    problem = mask_sentence(error.problem)
    if error.file is None and error.row is None:
        return f"{problem} {error.remedy}".rstrip()
    # The names of files stay as they are, or nobody finds them.
    return str(error).replace(error.problem, problem, 1)


def spoken_os(error: OSError) -> str:
    """Return what the system said, with the file where it is known."""
    where = "" if error.filename is None else f"{error.filename}: "
    return f"{where}{error.strerror or error}. Check the path."
