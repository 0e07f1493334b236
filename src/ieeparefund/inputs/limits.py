"""How much of a file is read: limits that keep memory and time bounded whatever the file holds.

Every reader takes `limits=`; without it `DEFAULT_LIMITS` count. A file past a limit is refused whole, by a
`LimitError` that names the limit, what was found and how to raise it. Nothing is cut short in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ieeparefund.errors import FieldError, LimitError, brief

__all__ = ["DEFAULT_LIMITS", "ReadLimits", "too_much"]

_KIB, _MIB, _GIB = 1 << 10, 1 << 20, 1 << 30
_LARGEST = 1 << 62


def _limit(default: int, counts: str) -> Any:
    return field(default=default, metadata={"default": default, "counts": counts})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """The most that is read of one file; each limit is inclusive, a whole number from 1.

    An ES-003 export of a million rows passes with the defaults. What each counts is told by `described`.
    `unchecked_workbooks` lets `.xls`, `.xlsb` and `.ods` be read, whose size cannot be told before they are: only
    for files you made yourself.

    Raises `FieldError` for a limit that is no whole number from 1.

    >>> ReadLimits(rows=10_000).rows
    10000
    """

    file_bytes: int = _limit(2 * _GIB, "bytes of a file")
    document_bytes: int = _limit(32 * _MIB, "bytes of a CAPE upload file or an exhibit")
    toml_bytes: int = _limit(_MIB, "bytes of a TOML file")
    rows: int = _limit(5_000_000, "rows of a table, records of an ABI answer")
    columns: int = _limit(16_384, "cells of a row")
    row_characters: int = _limit(4 * _MIB, "characters of a row of text")
    field_characters: int = _limit(128 * _KIB, "characters of a cell")
    problems: int = _limit(100_000, "problems listed for a file")
    workbook_parts: int = _limit(1_000, "parts of a workbook")
    unzipped_bytes: int = _limit(4 * _GIB, "bytes of a workbook once unzipped")
    zip_ratio: int = _limit(200, "times a part of a workbook may grow by unzipping, once beyond 16 MiB")
    workbook_cells: int = _limit(64 * _MIB, "cells of a workbook, blank ones between others counted")
    unchecked_workbooks: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.unchecked_workbooks, bool):
            raise FieldError(
                f"unchecked_workbooks is {brief(self.unchecked_workbooks)}.", remedy="Give True or False."
            )
        for name, _, _ in self.described():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST:
                raise FieldError(
                    f"the limit {name} is {brief(value)}.",
                    remedy="Give a whole number from 1.",
                    column=name,
                    value=brief(value),
                )

    @classmethod
    def described(cls) -> tuple[tuple[str, int, str], ...]:
        """Return name, default and meaning of each limit that counts something."""
        return tuple(
            (one.name, one.metadata["default"], one.metadata["counts"])
            for one in fields(cls)
            if "counts" in one.metadata
        )

    @classmethod
    def parse(cls, settings: Iterable[str]) -> ReadLimits:
        """Return the default limits with changes written `rows=2000000`. Raises `FieldError` for anything else.

        >>> ReadLimits.parse(["rows=2000000"]).rows
        2000000
        """
        names = [name for name, _, _ in cls.described()]
        changes: dict[str, Any] = {}
        for setting in settings:
            name, _, number = setting.partition("=")
            if name not in names or not (number.isascii() and number.isdigit() and len(number) < 20):
                raise FieldError(
                    f"{brief(setting)} is no limit.",
                    remedy=f"Write NAME=NUMBER with one of {', '.join(names)}.",
                    value=brief(setting),
                )
            changes[name] = int(number)
        return replace(DEFAULT_LIMITS, **changes)


DEFAULT_LIMITS = ReadLimits()
"""The limits that count where none are given."""


def too_much(
    name: str,
    limits: ReadLimits,
    found: int | None = None,
    *,
    what: str = "",
    file: str | None = None,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
) -> LimitError:
    """Return the error for a file past the limit `name`; `found` is how much there is, `None` where unknown.

    `what` says what is too large, where the meaning of the limit does not.
    """
    limit: int = getattr(limits, name)
    counts = what or next(counts for known, _, counts in ReadLimits.described() if known == name)
    counts = counts.partition(",")[0]
    much = "more" if found is None else f"{found:,}, more"
    return LimitError(
        f"too many {counts}: {much} than the limit of {limit:,}.",
        remedy=f"Split or repair the file. If it is sound, raise the limit: limits=ReadLimits({name}=...) in Python, "
        f"--limit {name}=... on the command line.",
        file=file,
        sheet=sheet,
        row=row,
        column=column,
        value=None if found is None else str(found),
    )
