"""Compact, accessible HTML tables for notebooks: what `_repr_html_` of a result returns. Imports no other module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["html_table"]


def html_table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Iterable[int] = (),
    note: str = "",
) -> str:
    """Return a table with a caption; the first cell of a row is its heading, and all text is escaped.

    `numbers` are the places, from 0, of the columns aligned to the right; `None` is blank; `note` stands below.
    """
    right = frozenset(numbers)

    def cell(tag: str, place: int, value: object) -> str:
        side = "right; font-variant-numeric: tabular-nums" if place in right else "left"
        text = "" if value is None else escape(str(value))
        return f'<{tag} style="text-align: {side}">{text}</{tag.split()[0]}>'

    def row_cells(row: Sequence[object]) -> str:
        return "".join(
            cell("td" if place else 'th scope="row"', place, value) for place, value in enumerate(row)
        )

    head = "".join(cell('th scope="col"', place, text) for place, text in enumerate(headings))
    body = "".join(f"<tr>{row_cells(row)}</tr>" for row in rows)
    below = f"<p>{escape(note)}</p>" if note else ""
    return (
        f'<table><caption style="text-align: left; font-weight: bold">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"
    )
