"""Entries and lines while their rows arrive. Kept small, since all entries of a file are drafts at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ieeparefund.ace.cells import CellError
from ieeparefund.ace.facts import Facts
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.entries.identifiers import mask_cell
from ieeparefund.entries.trusted import trusted_entry_line

__all__ = ["Draft", "Key", "LineFacts", "OpenLine"]

Key: TypeAlias = int | str
"""What tells the rows of a line apart: the tariff ordinal, or without one the tariff number."""
LineFacts: TypeAlias = tuple[int, str | None, str | None]
"""Line number, country of origin, special program indicator."""

_NOT_SEEN = Column1Rate()
# The keys of nearly every line, made once.
_USUAL = frozenset(tuple(range(1, count + 1)) for count in range(33))


class OpenLine:
    """A line whose rows are being taken: what its rows say of it, and its tariff rows by key."""

    __slots__ = ("country", "number", "program", "rate", "rows")

    def __init__(self, facts: LineFacts) -> None:
        self.number, self.country, self.program = facts
        self.rate: Column1Rate | None = _NOT_SEEN
        self.rows: dict[Key, TariffLine] = {}

    def join(self, facts: LineFacts) -> tuple[str, CellError] | None:
        """Take over country and program; a blank says nothing. Return field and error where two differ."""
        _, country, program = facts
        if self.country is None:
            self.country = country
        elif country and country != self.country:
            return "origin_country", self._conflict("country of origin", self.country, country)
        if self.program is None:
            self.program = program
        elif program and program != self.program:
            return "spi", self._conflict("special program", self.program, program)
        return None

    def _conflict(self, word: str, before: str, now: str) -> CellError:
        return CellError(
            f"the {word} of line {self.number} is {mask_cell(now)} here, but {mask_cell(before)} in another row.",
            "Every row of a line repeats the same; correct one of them.",
        )

    def take_rate(self, rate: Column1Rate | None) -> bool:
        """Take the column 1 rate of a chapter 1-97 row. Return whether it agrees with the other rows.

        The line has a rate only where all its chapter 1-97 rows have the same.
        """
        if self.rate is _NOT_SEEN:
            self.rate = rate
            return True
        agrees = self.rate == rate
        if not agrees:
            self.rate = None
        return agrees


class Draft:
    """An entry whose rows are being taken. `first_row` is the first row that named it."""

    __slots__ = ("facts", "first_row", "lines", "number", "odd_keys")

    def __init__(self, number: EntryNumber, facts: Facts, first_row: int) -> None:
        self.number = number
        self.facts = facts
        self.first_row = first_row
        self.lines: dict[int, EntryLine] = {}
        # Keys of a line, but only where they are not 1, 2, 3 ...: nearly never, and memory counts.
        self.odd_keys: dict[int, tuple[Key, ...]] | None = None

    def open(self, facts: LineFacts, *, by_ordinal: bool) -> OpenLine:
        """Return the line of that number to take rows: a new one with these facts, or as it stands so far."""
        known = self.lines.get(facts[0])
        if known is None:
            return OpenLine(facts)
        line = OpenLine((known.line_number, known.country_of_origin, known.special_program))
        keys: Iterable[Key] = (row.number for row in known.tariffs)
        if by_ordinal:
            keys = (self.odd_keys or {}).get(line.number) or range(1, len(known.tariffs) + 1)
        line.rows = dict(zip(keys, known.tariffs, strict=True))
        if known.column1_rate or not all(is_chapter_99(row.number) for row in known.tariffs):
            line.rate = known.column1_rate
        return line

    def close(self, line: OpenLine, *, by_ordinal: bool) -> None:
        """Keep the line as it stands, its rows by ordinal (where there is none, in the order of the file)."""
        rows = line.rows
        if by_ordinal:
            keys = tuple(rows)
            if keys not in _USUAL:
                keys = tuple(sorted(rows, key=lambda key: (isinstance(key, str), key)))
                rows = {key: rows[key] for key in keys}
                self.odd_keys = {**(self.odd_keys or {}), line.number: keys}
            elif self.odd_keys:
                self.odd_keys.pop(line.number, None)
        rate = None if line.rate is _NOT_SEEN else line.rate
        tariffs = tuple(rows.values())
        self.lines[line.number] = trusted_entry_line(line.number, line.country, tariffs, rate, line.program)

    def sorted_lines(self) -> tuple[EntryLine, ...]:
        """Return the lines by number."""
        lines = self.lines
        return tuple([lines[number] for number in sorted(lines)])
