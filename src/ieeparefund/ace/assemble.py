"""Rows to entries: one pass, rows of an entry in any order, nothing filled down, nothing summed.

The entry columns of a row are looked at only where they differ from the row before, which makes one pass cheap;
the rows of an entry need not stand together all the same. Memory holds the entries and little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any

from ieeparefund.ace.cells import (
    CellError,
    Kinds,
    Memo,
    parse_amount,
    parse_code,
    parse_count,
    parse_entry_number,
    parse_line_number,
    parse_rate,
    parse_tariff_number,
    plain_amount,
)
from ieeparefund.ace.drafts import Draft, LineFacts, OpenLine
from ieeparefund.ace.facts import FactsError, FactsReader, Mark
from ieeparefund.ace.ledger import Ledger
from ieeparefund.ace.refusals import NO_NUMBER, Refusals
from ieeparefund.ace.sheets import Cell, Row
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.entries.trusted import trusted_tariff_line
from ieeparefund.money import ZERO
from ieeparefund.problems import Exclusion, NoteKind

__all__ = ["Assembler"]

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
        self._tariff_cells = (
            Memo(parse_count, 1024),
            Memo(parse_tariff_number, 16384),
            Memo(parse_amount, 1024),
            Memo(parse_amount, 1024),
        )
        # A field without a column points at one blank cell that is put behind each row.
        self._width = len(ledger.layout.headings)
        blank = dict.fromkeys((*_LINE_FIELDS, *self._tariff_fields), self._width)
        self._place: Mapping[str, int] = {**blank, **columns}
        self._refusals = Refusals(ledger, self._place, self._duty)
        self._drafts: dict[str, Draft] = {}
        # The run: rows with the same entry cells, one after the other.
        self._run_row = 0
        self._run_number: str | None = None
        self._run_errors: Mapping[str, CellError] = {}
        self._run_marks: Sequence[Mark] = ()

    def read(self, rows: Iterable[Row], first_row: int) -> None:
        """Take all rows; `first_row` is the number of the first in the sheet."""
        ledger, refusals, width, by_ordinal = self._ledger, self._refusals, self._width, self._by_ordinal
        entry_cells = self._cells_of(("entry_number", *self._facts.fields))
        line_cells, tariff_cells = self._cells_of(_LINE_FIELDS), self._cells_of(self._tariff_fields)
        rate_place = ledger.layout.columns.get("primary_duty_rate")
        lines, rates = Memo(_parse_line, 8192), Memo(parse_rate, 1024)
        # Cells that need no repair, by their text; all others take the longer way.
        ordinals: dict[Cell, int] = {}
        numbers: dict[Cell, str] = {}
        usual = {"0": ZERO, "0.00": ZERO}
        draft: Draft | None = None
        line: OpenLine | None = None
        run: tuple[Cell, ...] = ()
        line_run: tuple[Cell, ...] = ()
        facts: LineFacts = (0, None, None)
        of_line: Sequence[tuple[str, Kinds]] = ()
        duty_read = ZERO
        at = first_row - 1
        for at, row in enumerate(rows, start=first_row):
            if len(row) != width and not refusals.fit(at, row, width):
                continue
            row.append("")
            cells = entry_cells(row)
            if cells != run:
                if draft is not None and line is not None:
                    draft.close(line, by_ordinal=by_ordinal)
                self._end_run(at)
                run, line_run, line = cells, (), None
                draft = self._start_run(at, cells)
            if draft is None:
                refusals.set_aside(at, row, self._run_errors, self._run_number)
                continue
            cell_key, cell_number, cell_value, cell_duty = tariff_cells(row)
            cells = line_cells(row)
            try:
                key = ordinals.get(cell_key) or self._tariff(0, at, cell_key, ordinals)
                number = numbers.get(cell_number) or self._tariff(1, at, cell_number, numbers)
                value = usual.get(cell_value)
                if value is None:
                    value = plain_amount(cell_value) or self._tariff(2, at, cell_value)
                duty = usual.get(cell_duty)
                if duty is None:
                    duty = plain_amount(cell_duty) or self._tariff(3, at, cell_duty)
                if cells != line_run:
                    facts, of_line = lines[cells]
            except CellError:
                refusals.bad_row(at, row, {}, draft.number.compact)
                continue
            if duty is not None:
                duty_read += duty
            if line is None or cells != line_run:
                if line is None or line.number != facts[0]:
                    if line is not None:
                        draft.close(line, by_ordinal=by_ordinal)
                    line = draft.open(facts, by_ordinal=by_ordinal)
                conflict = line.join(facts)
                if conflict is not None:
                    line_run = ()
                    refusals.contradiction(at, row, duty, *conflict, draft.number.compact)
                    continue
                line_run = cells
            for field, kinds in of_line:
                ledger.mark(kinds, field, at, row[self._place[field]])
            tariff = trusted_tariff_line(number, value, duty)
            earlier = line.rows.setdefault(key or number, tariff)
            if earlier is not tariff:
                refusals.repeat(at, row, earlier, tariff, draft.number.compact)
            elif rate_place is not None and not is_chapter_99(number):
                rate, of_rate = rates[row[rate_place]]
                kinds = of_rate if line.take_rate(rate) else (NoteKind.RATE_NOT_READ,)
                ledger.mark(kinds, "primary_duty_rate", at, row[rate_place])
        if draft is not None and line is not None:
            draft.close(line, by_ordinal=by_ordinal)
        self._end_run(at + 1)
        ledger.rows_read += at - first_row + 1
        ledger.duty_read += duty_read
        refusals.settle_total()

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

    def _tariff(self, which: int, at: int, cell: Cell, plain: dict[Cell, Any] | None = None) -> Any:
        """Return the value of a tariff cell the longer way, and count its repairs. Raises `CellError`.

        A cell without repairs goes into `plain`, up to a limit, to be found there next time.
        """
        value, kinds = self._tariff_cells[which][cell]
        if value is None and self._tariff_fields[which] == self._duty:
            kinds = (NoteKind.BLANK_DUTY,)
        if kinds:
            self._ledger.mark(kinds, self._tariff_fields[which], at, cell)
        elif plain is not None and value is not None and len(plain) < _PLAIN_CELLS:
            plain[cell] = value
        return value

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
