"""A document as Markdown text: CommonMark with tables. Text from files cannot turn into markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ieeparefund.money import exactly
from ieeparefund.report.model import Block, Document, Facts, Figure, Kind, Steps, Table, Text, Value, shown
from ieeparefund.report.seal import RECORD_TITLE

__all__ = ["markdown_text"]

_MARKUP = re.compile(r"([\\`*_\[\]<>|~#&$!])")


def _plain(text: str) -> str:
    """Escape what Markdown reads as markup; line ends become blanks."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _cell(value: Value, kind: Kind) -> str:
    return _plain(shown(value, kind))


@exactly
def markdown_text(document: Document, envelope: str | None = None) -> str:
    """Return the document as Markdown; `envelope` is the sealed record to put at its end. Charts are left out."""
    parts = [f"# {_plain(document.title)}", _plain(document.subtitle), f"> {_plain(document.caveat)}"]
    for section in document.sections:
        if section.on_page:
            parts.append(f"## {_plain(section.title)}")
            for block in section.blocks:
                parts += _block(block)
    if envelope is not None:
        parts += [f"## {RECORD_TITLE}", f"```json\n{envelope}\n```"]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(paragraphs=paragraphs):
            yield from map(_plain, paragraphs)
        case Facts(caption=caption, items=items):
            yield f"### {_plain(caption)}"
            yield "\n".join(
                f"- {_plain(label)}: **{_cell(value, kind) or '-'}**" for label, value, kind in items
            )
        case Steps(caption=caption, items=items):
            yield f"### {_plain(caption)}"
            yield "\n".join(f"{number}. {_plain(item)}" for number, item in enumerate(items, 1))
        case Figure():
            pass
        case _:
            yield f"### {_plain(block.caption)}"
            yield _table(block.without_blank_columns()) if block.rows else _plain(block.empty)


def _table(table: Table) -> str:
    rows = [*table.rows] if table.total is None else [*table.rows, table.total]
    lines = [
        [_plain(column.heading) for column in table.columns],
        ["--:" if column.kind.is_number else "---" for column in table.columns],
        *(
            [_cell(value, column.kind) for value, column in zip(row, table.columns, strict=True)]
            for row in rows
        ),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
