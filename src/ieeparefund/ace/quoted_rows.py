"""Rows of delimited text that have quotation marks, which may run over several lines, and hide rows if one is lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import ReadLimits, too_much

__all__ = ["QuotedRows"]

# In a narrower table a line of prose may have as many delimiters as a row.
_WIDE = 6


class QuotedRows:
    """Reads rows by the csv module, each from the line it begins with and, as far as it needs them, those behind.

    `lines` are the lines behind the one that is given.
    """

    def __init__(self, lines: Iterator[str], delimiter: str, file: str, limits: ReadLimits) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._file = file
        self._limits = limits
        self._held: str | None = None
        self._ended = False
        self._reader = csv.reader(self._feed(), delimiter=delimiter)

    def _feed(self) -> Iterator[str]:
        taken = 0
        while True:
            if self._held is not None:
                line, self._held, taken = self._held, None, 0
            else:
                found = next(self._lines, None)
                if found is None:
                    self._ended = True
                    return
                line = found
            taken += len(line)
            if taken > self._limits.row_characters:
                raise too_much("row_characters", self._limits, file=self._file)
            yield line

    def row(self, line: str, width: int, count: int) -> list[str]:
        """Return the row that begins with `line`; `width` is the most cells of a row before, `count` its number.

        Raises `FileFormatError` where an open quotation mark hides rows.
        """
        self._held = line
        before = self._reader.line_num
        try:
            row = next(self._reader)
        except csv.Error as error:
            raise FileFormatError(
                f"is no delimited text: {error}.",
                remedy="Look for a quotation mark that is not closed, or export the report again.",
                file=self._file,
                row=count,
            ) from None
        span = self._reader.line_num - before
        if span > 1 and (self._ended or self._hides(row, span, width)):
            how = "is never closed" if self._ended else "is closed rows later"
            raise FileFormatError(
                f"a quotation mark opens here and {how}, which hides rows.",
                remedy="Remove the mark, or write it twice inside quoted text.",
                file=self._file,
                row=count,
            )
        return row

    def _hides(self, row: list[str], span: int, width: int) -> bool:
        """Return whether a row of several lines is rows behind an unclosed mark.

        It is where it has too many cells, the delimiters of as many rows, or within a cell a line that would be a
        row. Of the first row the width of the others is not known yet: its own must do.
        """
        if width > 0:
            delimiters = len(row) - 1 + sum(cell.count(self._delimiter) for cell in row)
            if len(row) > width or delimiters >= span * (width - 1):
                return True
        least = (width or len(row)) - 1
        inner = (line for cell in row for line in cell.splitlines()[1:-1])
        return least >= _WIDE and any(line.count(self._delimiter) >= least for line in inner)
