"""What a CAPE declaration file may hold: header, number of entries, size, as dated rows with citations."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass

from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.dated import Timeline
from ieeparefund.law.once import once

__all__ = ["DeclarationLimits", "declaration_limits"]


@dataclass(frozen=True, slots=True)
class DeclarationLimits:
    """The limits of one declaration file.

    `header` is the one heading, exactly; `entries` the most entry numbers a file may hold; the file must stay
    under `size` bytes. In force from `first_day` to `last_day`, both inclusive (`None` = still).
    """

    header: str
    entries: int
    size: int
    first_day: dt.date
    last_day: dt.date | None
    entries_citation: Citation
    file_citation: Citation
    standing: Standing
    note: str


@once
def _timeline() -> Timeline[DeclarationLimits]:
    rows = tomllib.loads(table_text("declaration_file.toml"))["limits"]
    return Timeline(
        (
            DeclarationLimits(
                row["header"],
                row["entries"],
                row["bytes"],
                row["from"],
                row.get("to"),
                cite(row["entries_citation"]),
                cite(row["file_citation"]),
                Standing(row["standing"]),
                row["note"],
            )
            for row in rows
        ),
        "the CAPE declaration file",
        remedy="CAPE opened on the first of these days.",
    )


def declaration_limits(on: dt.date | None = None) -> DeclarationLimits:
    """Return the limits in force on the day `on`, or the newest where `on` is `None`.

    Raises `CoverageError` for a day before CAPE opened.

    >>> declaration_limits().entries
    9999
    """
    timeline = _timeline()
    return timeline.rows[-1] if on is None else timeline.at(on)
