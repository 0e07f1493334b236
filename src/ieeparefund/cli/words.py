"""Errors of the package as one sentence for those who do not write Python."""

from __future__ import annotations

from ieeparefund.errors import IeepaRefundError, InputError, RateNotPublishedError

__all__ = ["spoken", "spoken_os"]


def spoken(error: IeepaRefundError, kind: str = "command") -> str:
    """Return the error's sentence, where options are no columns and no Python helps.

    `kind` is what does the work in the user's eyes: a command, or an assistant's tool.
    """
    if isinstance(error, RateNotPublishedError):
        known = str(error).partition(". ")[0]
        return (
            f"{known}. The {kind} `estimate` carries the last rate on and marks what it adds as provisional."
        )
    if isinstance(error, InputError) and error.file is None and error.row is None:
        return f"{error.problem} {error.remedy}".rstrip()
    return str(error)


def spoken_os(error: OSError) -> str:
    """Return what the system said, with the file where it is known."""
    where = "" if error.filename is None else f"{error.filename}: "
    return f"{where}{error.strerror or error}. Check the path."
