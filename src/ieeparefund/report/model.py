"""A document before it has a form: sections of facts, tables, steps and charts, the same for every format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from ieeparefund.money import format_dollars

__all__ = [
    "Block",
    "Column",
    "Document",
    "Facts",
    "Figure",
    "Kind",
    "Section",
    "Steps",
    "Table",
    "Text",
    "Value",
    "shown",
]

Value: TypeAlias = str | int | Decimal | dt.date | None
"""What a cell holds. `None` is shown blank."""


class Kind(StrEnum):
    """What the values of a column are, which decides how they are written.

    `NUMBER` is an identifier such as an entry number, which is text and never broken over two lines.
    """

    TEXT = "text"
    NUMBER = "identifier"
    CODE = "code"
    DATE = "date"
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"

    @property
    def is_number(self) -> bool:
        """Whether values stand aligned to the right."""
        return self in (Kind.MONEY, Kind.COUNT, Kind.PERCENT)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and what it holds."""

    heading: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. The first column names the row. `total` is a last row of sums.

    `marked` are the rows, counted from 0, that want attention; `sheet` is the name of the worksheet a workbook
    gives the table, blank where it stands in the sheet of its section.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    marked: frozenset[int] = frozenset()
    sheet: str = ""
    empty: str = "None."

    def without_blank_columns(self) -> Table:
        """Return the table without the columns that say nothing in any row; the first always stays."""
        kept = [
            place
            for place in range(len(self.columns))
            if not place or any(row[place] not in (None, "") for row in self.rows)
        ]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            total=None if self.total is None else tuple(self.total[place] for place in kept),
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """Named values, one a line; `lead` asks for large figures."""

    caption: str
    items: tuple[tuple[str, Value, Kind], ...]
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences of prose, one a paragraph."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered sentences."""

    caption: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG markup, made by `ieeparefund.report.svg`; its figures stand in a table beside it too.

    `legend` names the stacked parts from the axis outward, where there are several.
    """

    caption: str
    svg: str
    legend: tuple[str, ...] = ()


Block: TypeAlias = Table | Facts | Text | Steps | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a title. `id` is the anchor. A section `on_page` is in HTML and Markdown, else in workbooks only."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    on_page: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A whole statement. `record` is what is sealed, `seal` its sha256; both `None` where nothing is sealed."""

    title: str
    subtitle: str
    caveat: str
    sections: tuple[Section, ...]
    seal: str | None = None
    record: dict[str, Any] | None = None


def shown(value: Value, kind: Kind = Kind.TEXT) -> str:
    """Return a value as a reader sees it: `1,234.50`, `2026-05-15`, `6 %`; blank for `None`."""
    if value is None:
        return ""
    if kind is Kind.MONEY and isinstance(value, Decimal):
        return format_dollars(value)
    if kind is Kind.PERCENT:
        return f"{value} %"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
