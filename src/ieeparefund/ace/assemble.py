"""Rows to entries: one pass, rows of an entry in any order, nothing filled down, nothing summed.

The entry columns of a row are looked at only where they differ from the row before, which makes one pass cheap;
the rows of an entry need not stand together all the same. Memory holds the entries and little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any

from ieeparefund.ace.cells import (
    CellError,
    Kinds,
    Memo,
    clean,
    parse_amount,
    parse_code,
    parse_count,
    parse_entry_number,
    parse_line_number,
    parse_rate,
    parse_tariff_number,
    plain_amount,
)
from ieeparefund.ace.drafts import Draft, Key, LineFacts, OpenLine
from ieeparefund.ace.facts import FactsError, FactsReader, Mark
from ieeparefund.ace.ledger import Ledger
from ieeparefund.ace.refusals import NO_NUMBER, Refusals
from ieeparefund.ace.sheets import Cell, Row
from ieeparefund.entries.entry import Entry, TariffLine
from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.entries.trusted import trusted_tariff_line
from ieeparefund.money import ZERO
from ieeparefund.problems import Exclusion, NoteKind

__all__ = ["Assembler"]

_BATCH = 64
_PLAIN_CELLS = 16384
_LINE_FIELDS = ("line_number", "origin_country", "spi")


def _parse_line(cells: tuple[Cell, ...]) -> tuple[LineFacts, Sequence[tuple[str, Kinds]]]:
    number, of_number = parse_line_number(cells[0])
    country, of_country = parse_code(cells[1])
    program, of_program = parse_code(cells[2])
    kinds = zip(_LINE_FIELDS, (of_number, of_country, of_program), strict=True)
    return (number, country, program), [found for found in kinds if found[1]]


class Assembler:
    """Takes the rows below the header, once, and gives the entries. What else happens goes to the ledger.

    `rows_used` and `duty_used` are counted from the entries that `entries` returns.
    """

    def __init__(self, ledger: Ledger) -> None:
        columns = ledger.layout.columns
        self.rows_used = 0
        self.duty_used = ZERO
        self._ledger = ledger
        self._facts = FactsReader(columns)
        self._by_ordinal = "tariff_ordinal" in columns
        self._duty = "tariff_duty" if "tariff_duty" in columns else "line_duty"
        self._tariff_fields = ("tariff_ordinal", "hts", "tariff_value", self._duty)
        self._rate_place = columns.get("primary_duty_rate")
        # A field without a column points at one blank cell that is put behind each row.
        self._width = len(ledger.layout.headings)
        blank = dict.fromkeys((*_LINE_FIELDS, *self._tariff_fields), self._width)
        self._place: Mapping[str, int] = {**blank, **columns}
        self._entry_cells = self._cells_of(("entry_number", *self._facts.fields))
        self._line_cells = self._cells_of(_LINE_FIELDS)
        self._tariff_cells = self._cells_of(self._tariff_fields)
        self._lines, self._rates = Memo(_parse_line, 8192), Memo(parse_rate, 1024)
        amounts = Memo(parse_amount, 1024)
        self._tariff_memos: tuple[Memo[Any], ...] = (
            Memo(parse_count, 1024),
            Memo(parse_tariff_number, 16384),
            amounts,
            amounts,
        )
        # Ordinals and tariff numbers that need no repair, by their cells: the short way.
        self._ordinals: dict[Cell, int] = {}
        self._numbers: dict[Cell, str] = {}
        self._plain_cells: tuple[dict[Cell, Any] | None, ...] = (self._ordinals, self._numbers, None, None)
        self._refusals = Refusals(ledger, self._place, self._duty)
        self._drafts: dict[str, Draft] = {}
        # The line that is open, the cells that named it, what they say, and their repairs.
        self._line: OpenLine | None = None
        self._line_run: tuple[Cell, ...] = ()
        self._line_facts: LineFacts = (0, None, None)
        self._of_line: Sequence[tuple[str, Kinds]] = ()
        # The run: rows with the same entry cells, one after the other.
        self._run: tuple[Cell, ...] = ()
        self._draft: Draft | None = None
        self._run_row = 0
        self._run_number: str | None = None
        self._run_errors: Mapping[str, CellError] = {}
        self._run_marks: Sequence[Mark] = ()

    def read(self, rows: Iterable[Row], first_row: int) -> None:
        """Take all rows; `first_row` is the number of the first in the sheet."""
        at = first_row
        rows = iter(rows)
        # Each step of the work goes through a small batch before the next one begins: the code of a step, and
        # the batch, stay in the processor's caches.
        while batch := list(islice(rows, _BATCH)):
            self._take(batch, at)
            at += len(batch)
        self._close_line()
        self._end_run(at)
        self._ledger.rows_read += at - first_row
        self._refusals.settle_total()

    def _take(self, batch: list[Row], first: int) -> None:
        """Take rows that follow the ones before; `first` is the number of the first."""
        refusals = self._refusals
        wide = self._fit(batch, first)
        ordinals, numbers, values, duties = zip(*map(self._tariff_cells, batch), strict=True)
        # These are `None` for cells that take the longer way.
        values, duties = tuple(map(plain_amount, values)), tuple(map(plain_amount, duties))
        known: tuple[Any, ...] = tuple(map(self._numbers.get, numbers))
        keys = tuple(map(self._ordinals.get, ordinals)) if self._by_ordinal else known
        tariffs = list(map(trusted_tariff_line, known, values, duties))
        entry_cells, line_cells = list(map(self._entry_cells, batch)), list(map(self._line_cells, batch))
        duty_read = ZERO
        for at, (row, run, line_run, key, number, value, duty, tariff) in enumerate(
            zip(batch, entry_cells, line_cells, keys, known, values, duties, tariffs, strict=True), first
        ):
            if at in wide:
                refusals.too_wide(at, wide[at], self._width)
                continue
            if run != self._run:
                self._close_line()
                self._end_run(at)
                self._run = run
                self._draft = self._start_run(at, run)
            draft = self._draft
            if draft is None:
                refusals.set_aside(at, row, self._run_errors, self._run_number)
                continue
            try:
                if key is None or number is None or value is None or duty is None:
                    key, tariff = self._read_tariff(at, row)
                    duty = tariff.duty
                if line_run != self._line_run:
                    self._line_facts, self._of_line = self._lines[line_run]
            except CellError:
                refusals.bad_row(at, row, {}, draft.number.compact)
                continue
            if duty is not None:
                duty_read += duty
            line = self._line
            if line is None or line_run != self._line_run:
                line, conflict = self._turn_to_line(draft, line_run)
                if conflict is not None:
                    refusals.contradiction(at, row, duty, *conflict, draft.number.compact)
                    continue
            for field, kinds in self._of_line:
                self._ledger.mark(kinds, field, at, row[self._place[field]])
            earlier = line.rows.setdefault(key, tariff)
            if earlier is not tariff:
                refusals.repeat(at, row, earlier, tariff, draft.number.compact)
            elif self._rate_place is not None and not is_chapter_99(tariff.number):
                self._take_rate(at, line, row[self._rate_place])
        self._ledger.duty_read += duty_read

    def _fit(self, batch: list[Row], first: int) -> dict[int, Row]:
        """Bring rows to the width of the headings and one blank cell more; put blanks for rows too wide.

        Returns those by their number.
        """
        width = self._width
        wide: dict[int, Row] = {}
        for place, row in enumerate(batch):
            if len(row) != width:
                if any(map(clean, row[width:])):
                    wide[first + place], batch[place] = row, [""] * width
                else:
                    row[width:] = [""] * (width - len(row))
            batch[place].append("")
        return wide

    def _read_tariff(self, at: int, row: Row) -> tuple[Key, TariffLine]:
        """Return the key and the tariff row the longer way, counting repairs. Raises `CellError`."""
        cells = enumerate(self._tariff_cells(row))
        values: list[Any] = [self._tariff(which, at, cell) for which, cell in cells]
        ordinal, number, value, duty = values
        return ordinal or number, trusted_tariff_line(number, value, duty)

    def _tariff(self, which: int, at: int, cell: Cell) -> Any:
        value, kinds = self._tariff_memos[which][cell]
        plain = self._plain_cells[which]
        if value is None and self._tariff_fields[which] == self._duty:
            kinds = (NoteKind.BLANK_DUTY,)
        if kinds:
            self._ledger.mark(kinds, self._tariff_fields[which], at, cell)
        elif plain is not None and value is not None and len(plain) < _PLAIN_CELLS:
            plain[cell] = value
        return value

    def _turn_to_line(
        self, draft: Draft, line_run: tuple[Cell, ...]
    ) -> tuple[OpenLine, tuple[str, CellError] | None]:
        """Return the line the line cells name, open for rows, and how they contradict it."""
        line = self._line
        if line is None or line.number != self._line_facts[0]:
            self._close_line()
            line = self._line = draft.open(self._line_facts, by_ordinal=self._by_ordinal)
        conflict = line.join(self._line_facts)
        self._line_run = line_run if conflict is None else ()
        return line, conflict

    def _close_line(self) -> None:
        if self._line is not None and self._draft is not None:
            self._draft.close(self._line, by_ordinal=self._by_ordinal)
        self._line, self._line_run = None, ()

    def _take_rate(self, at: int, line: OpenLine, cell: Cell) -> None:
        rate, kinds = self._rates[cell]
        if not line.take_rate(rate):
            kinds = (NoteKind.RATE_NOT_READ,)
        self._ledger.mark(kinds, "primary_duty_rate", at, cell)

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries in the order of their first row; count the rows and the duty in them."""
        entries: list[Entry] = []
        duties: list[Decimal | None] = []
        left_out = self._refusals.left_out
        # Drafts go as entries come, so that both are never in memory whole.
        for number in list(self._drafts):
            draft = self._drafts.pop(number)
            lines = draft.sorted_lines()
            if self._duty == "line_duty":
                self._refusals.check_line_level(draft.first_row, number, lines)
            held = [row.duty for line in lines for row in line.tariffs]
            if number in left_out:
                self._ledger.exclude(Exclusion.ENTRY, sum(filter(None, held), ZERO), len(held))
            else:
                duties += held
                entries.append(self._facts.entry(draft.number, lines, draft.facts))
        self.rows_used = len(duties)
        self.duty_used = sum(filter(None, duties), ZERO)
        return tuple(entries)

    def _cells_of(self, fields: Iterable[str]) -> itemgetter[tuple[Cell, ...]]:
        return itemgetter(*(self._place[field] for field in fields))

    def _start_run(self, at: int, cells: tuple[Cell, ...]) -> Draft | None:
        """Return the entry that the entry cells name, or `None` where they are blank or cannot be used."""
        self._run_row = at
        self._run_number = None
        try:
            number, of_number = parse_entry_number(cells[0])
        except CellError as error:
            self._run_errors = {"entry_number": error}
            return None
        if number is None:
            self._run_errors = {"entry_number": NO_NUMBER}
            return None
        self._run_number = number.compact
        try:
            facts, marks = self._facts.read(cells[1:])
        except FactsError as error:
            self._run_errors = error.errors
            return None
        draft = self._drafts.get(number.compact)
        if draft is None:
            draft = self._drafts[number.compact] = Draft(number, facts, at)
        elif draft.facts != facts:
            self._run_errors = self._facts.differences(facts, draft.facts, draft.first_row)
            return None
        self._refusals.refuse_total()
        self._run_marks = [("entry_number", of_number, cells[0]), *marks] if of_number else marks
        return draft

    def _end_run(self, at: int) -> None:
        """Count the repairs of the entry cells for all rows of the run that ends before row `at`."""
        for field, kinds, cell in self._run_marks:
            self._ledger.mark(kinds, field, self._run_row, cell, at - self._run_row)
        self._run_marks = ()
