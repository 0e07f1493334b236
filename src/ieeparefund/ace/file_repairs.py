"""Repairs of a file as a whole, and of single rows of it, beside those of cells (`RepairKind`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ieeparefund.problems import RepairKind

__all__ = ["FileRepair", "FileRepairKind"]


class FileRepairKind(StrEnum):
    """A change made to the shape of a file before it could be read."""

    LINE_END = "carriage returns alone taken as line ends"
    BLANK_ROW = "blank row dropped"
    HEADER_SPELLING = "header taken in another spelling"
    HEADER_MISSING = "header missing"
    EMPTY_COLUMN = "empty further columns dropped"
    REPEAT = "repeat dropped"
    CUT = "text without line ends cut into records"
    OLDER_VERSION = "older version left out"


@dataclass(frozen=True, slots=True)
class FileRepair:
    """One repair: its kind, the row (`None` for the file itself; the first row is 1) and what stood there."""

    kind: FileRepairKind | RepairKind
    row: int | None
    found: str

    def __str__(self) -> str:
        where = "file" if self.row is None else f"row {self.row}"
        return f"{where}: {self.kind.value} ({self.found})"
