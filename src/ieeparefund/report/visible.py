"""What a reader of a finished document sees, line by line, and the sealed record inside it."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

from ieeparefund.errors import FileFormatError, brief
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.inputs.workbooks import Workbook
from ieeparefund.report.seal import RECORD_TITLE
from ieeparefund.report.xlsx import RECORD_SHEET

__all__ = ["html_lines", "markdown_lines", "workbook_lines"]

# Of the elements HTML documents of this package have, those that end a line of words.
_INLINE = frozenset(("a", "span", "code", "rect", "line", "circle", "meta"))

_TAG = re.compile(r"/?[a-z]|!doctype html$", re.IGNORECASE)
_LONGEST_TAG = 10_000


class _Words(HTMLParser):
    """Collects the words between block elements; what `pre#record` holds is kept apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.record: list[str] = []
        self._words: list[str] = []
        self._hidden = 0
        self._in_record = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._hidden += 1
        if tag not in _INLINE:
            self.end_line()
        self._in_record = self._in_record or (tag == "pre" and ("id", "record") in attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._hidden -= 1
        if tag not in _INLINE:
            self.end_line()
        if tag == "pre":
            self._in_record = False

    def handle_data(self, data: str) -> None:
        if self._in_record:
            self.record.append(data)
        elif not self._hidden:
            self._words += data.split()

    def end_line(self) -> None:
        line = " ".join(self._words)
        # The heading of the record itself is on a page only where there is a record.
        if line and line != RECORD_TITLE:
            self.lines.append(line)
        self._words = []


def html_lines(text: str) -> tuple[list[str], str | None]:
    """Return the visible lines of an HTML document and its sealed record, `None` where there is none.

    Raises `FileFormatError` for markup that no document of this package has.
    """
    _check_tags(text)
    reader = _Words()
    reader.feed(text)
    reader.close()
    reader.end_line()
    return reader.lines, "".join(reader.record) or None


def _check_tags(text: str) -> None:
    """Refuse tags that are open, vast, or no tags: the parser's time grows with the square of their number."""
    for tag in text.split("<")[1:]:
        inside, end, _ = tag[:_LONGEST_TAG].partition(">")
        if not (end and _TAG.match(inside)):
            raise FileFormatError(
                f"the document has the markup {brief('<' + inside)}, which no exhibit has.",
                remedy="Give the file as it was written.",
            )


def markdown_lines(text: str) -> tuple[list[str], str | None]:
    """Return the lines of a Markdown document that are not blank, and its sealed record."""
    words, mark, record = text.partition(f"## {RECORD_TITLE}\n")
    lines = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
    if not mark:
        return lines, None
    _, _, fenced = record.partition("```json\n")
    inside, _, rest = fenced.partition("\n```")
    # Words after the record are seen too.
    lines += [" ".join(line.split()) for line in rest.splitlines() if line.strip()]
    return lines, inside or None


def workbook_lines(content: bytes, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[list[str], str | None]:
    """Return a line for each row of each sheet that holds something, and the sealed record.

    Raises `FileFormatError` for what is no workbook or past a limit, `MissingExtraError` without python-calamine.
    """
    workbook = Workbook(content, limits)
    lines: list[str] = []
    record = None
    for name in workbook.sheet_names:
        rows = workbook.sheet(name).rows()
        if name == RECORD_SHEET:
            record = "\n".join("".join(str(cell) for cell in row) for row in rows)
            continue
        for row in rows:
            cells = [_cell(cell) for cell in row]
            if any(cells):
                lines.append(f"{name}: {' | '.join(cells).rstrip(' |')}")
    return lines, record or None


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00")
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return " ".join(str(value).split())
