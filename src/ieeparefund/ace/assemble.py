"""Rows to entries: one pass, rows of an entry in any order, repeats dropped, a doubtful entry left out whole.

The entry columns of a row are looked at only where they differ from the row before, which is what makes one pass
cheap; the rows of an entry need not stand together all the same. Memory holds the entries and little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from operator import itemgetter

from ieeparefund.ace.cells import (
    USUAL_AMOUNTS,
    CellError,
    Kinds,
    Memo,
    clean,
    parse_amount,
    parse_count,
    parse_entry_number,
    parse_rate,
    parse_tariff_number,
    parse_text,
)
from ieeparefund.ace.drafts import Draft, LineFacts, OpenLine
from ieeparefund.ace.facts import FactsError, FactsReader, Mark
from ieeparefund.ace.headers import usual_heading
from ieeparefund.ace.ledger import Ledger
from ieeparefund.ace.sheets import Cell, Row
from ieeparefund.entries.entry import Entry, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.entries.trusted import trusted_tariff_line
from ieeparefund.money import ZERO, format_dollars
from ieeparefund.problems import Exclusion, NoteKind

__all__ = ["Assembler"]

_TOTAL_WORDS = ("total", "sum", "grand total")
_LINE_FIELDS = ("line_number", "origin_country", "spi")
_BEYOND = "beyond the last heading"
_NO_NUMBER = CellError(
    "is blank.", "Give the entry number in every row; a blank cell is never filled from the row above."
)


def _parse_line_number(cell: Cell) -> tuple[int, Kinds]:
    number, kinds = parse_count(cell)
    if number is None:
        raise CellError("is blank.", "Give the line number in every row.")
    return number, kinds


def _parse_code(cell: Cell) -> tuple[str | None, Kinds]:
    text, kinds = parse_text(cell)
    return (text.upper() if text else None), kinds


def _parse_line(cells: tuple[Cell, ...]) -> tuple[LineFacts, list[tuple[str, Kinds]]]:
    number, of_number = _parse_line_number(cells[0])
    country, of_country = _parse_code(cells[1])
    program, of_program = _parse_code(cells[2])
    kinds = zip(_LINE_FIELDS, (of_number, of_country, of_program), strict=True)
    return (number, country, program), [mark for mark in kinds if mark[1]]


class Assembler:
    """Takes the rows below the header, once, and gives the entries. What else happens goes to the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        columns = ledger.layout.columns
        self._ledger = ledger
        self._width = len(ledger.layout.headings)
        self._by_ordinal = "tariff_ordinal" in columns
        self._duty = "tariff_duty" if "tariff_duty" in columns else "line_duty"
        self._facts = FactsReader(columns)
        self._tariff_fields = ("tariff_ordinal", "hts", "tariff_value", self._duty)
        # A field without a column points at one blank cell that is put behind each row.
        blank = dict.fromkeys((*_LINE_FIELDS, *self._tariff_fields), self._width)
        self._place: dict[str, int] = {**blank, **columns}
        self._drafts: dict[str, Draft] = {}
        self._left_out: set[str] = set()
        # The run: rows with the same entry cells, one after the other.
        self._run_row = 0
        self._run_number: str | None = None
        self._run_errors: Mapping[str, CellError] = {}
        self._run_marks: list[Mark] = []
        # A row that is a total if no row follows it.
        self._pending: tuple[int, Row, Mapping[str, CellError]] | None = None

    def read(self, rows: Iterable[Row], first_row: int) -> None:
        """Take all rows; `first_row` is the number of the first in the sheet."""
        ledger, width, by_ordinal, place = self._ledger, self._width, self._by_ordinal, self._place
        entry_cells = itemgetter(*(place[name] for name in ("entry_number", *self._facts.fields)))
        line_cells = itemgetter(*(place[name] for name in _LINE_FIELDS))
        tariff_cells = itemgetter(*(place[name] for name in self._tariff_fields))
        rate_place = ledger.layout.columns.get("primary_duty_rate")
        lines, ordinals, numbers, rates = (
            Memo(_parse_line, 8192),
            Memo(parse_count, 1024),
            Memo(parse_tariff_number, 16384),
            Memo(parse_rate, 1024),
        )
        usual = USUAL_AMOUNTS
        draft: Draft | None = None
        line: OpenLine | None = None
        run: tuple[Cell, ...] = ()
        line_run: tuple[Cell, ...] = ()
        duty_read = ZERO
        at = first_row - 1
        for at, row in enumerate(rows, start=first_row):
            if len(row) != width and not self._fit(at, row):
                continue
            row.append("")
            cells = entry_cells(row)
            if cells != run:
                if line is not None and draft is not None:
                    draft.close(line, by_ordinal=by_ordinal)
                self._end_run(at)
                run, line_run, line = cells, (), None
                draft = self._start_run(at, cells)
            if draft is None:
                self._set_aside(at, row)
                continue
            cell_ordinal, cell_number, cell_value, cell_duty = tariff_cells(row)
            cells = line_cells(row)
            try:
                key, of_key = ordinals[cell_ordinal]
                number, of_number = numbers[cell_number]
                value, of_value = usual.get(cell_value) or parse_amount(cell_value)
                duty, of_duty = usual.get(cell_duty) or parse_amount(cell_duty)
                if cells != line_run:
                    facts, of_line = lines[cells]
            except CellError:
                self._bad_row(at, row, {}, self._run_number)
                continue
            if duty is not None:
                duty_read += duty
            if cells != line_run or line is None:
                if line is None or line.number != facts[0]:
                    if line is not None:
                        draft.close(line, by_ordinal=by_ordinal)
                    line = draft.open(facts[0], by_ordinal=by_ordinal)
                conflict = line.join(facts)
                if conflict is not None:
                    self._refuse(at, row, duty, *conflict)
                    continue
                line_run = cells
            if of_key or of_number or of_value or of_duty or of_line or duty is None:
                if duty is None:
                    of_duty = (*of_duty, NoteKind.BLANK_DUTY)
                for field, kinds in zip(
                    self._tariff_fields, (of_key, of_number, of_value, of_duty), strict=True
                ):
                    ledger.mark(kinds, field, at, row[place[field]])
                for field, kinds in of_line:
                    ledger.mark(kinds, field, at, row[place[field]])
            tariff = trusted_tariff_line(number, value, duty)
            earlier = line.rows.setdefault(key or number, tariff)
            if earlier is not tariff:
                self._repeat(at, row, earlier, tariff)
            elif rate_place is not None and not is_chapter_99(number):
                rate, of_rate = rates[row[rate_place]]
                if line.take_rate(rate):
                    of_rate = (NoteKind.RATE_NOT_READ,)
                ledger.mark(of_rate, "primary_duty_rate", at, row[rate_place])
        if line is not None and draft is not None:
            draft.close(line, by_ordinal=by_ordinal)
        self._end_run(at + 1)
        ledger.rows_read += at - first_row + 1
        ledger.duty_read += duty_read
        self._settle_total()

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries in the order of their first row, and count the rows of those left out."""
        entries: list[Entry] = []
        # Drafts go as entries come, so that both are never in memory whole.
        for number in list(self._drafts):
            draft = self._drafts.pop(number)
            if self._duty == "line_duty":
                self._check_line_level(draft)
            rows = [row for line in draft.lines.values() for row in line.tariffs]
            if number in self._left_out:
                duty = sum((row.duty for row in rows if row.duty is not None), ZERO)
                self._ledger.exclude(Exclusion.ENTRY, duty, len(rows))
            elif rows:
                entries.append(draft.entry(self._facts.arguments(draft.facts)))
        return tuple(entries)

    def _start_run(self, at: int, cells: tuple[Cell, ...]) -> Draft | None:
        """Return the entry that the entry cells name, or `None` where they are blank or cannot be used."""
        errors: dict[str, CellError] = {}
        number: EntryNumber | None = None
        of_number: Kinds = ()
        try:
            number, of_number = parse_entry_number(cells[0])
        except CellError as error:
            errors["entry_number"] = error
        else:
            if number is None:
                errors["entry_number"] = _NO_NUMBER
        try:
            facts, marks = self._facts.read(cells[1:])
        except FactsError as error:
            errors |= error.errors
            facts, marks = (), []
        self._run_row = at
        self._run_number = number.compact if number else None
        self._run_errors = errors
        if errors or number is None:
            return None
        draft = self._drafts.get(number.compact)
        if draft is None:
            draft = self._drafts[number.compact] = Draft(number, facts, at)
        elif draft.facts != facts:
            self._run_errors = self._facts.differences(facts, draft.facts, draft.first_row)
            return None
        self._refuse_total()
        self._run_marks = [("entry_number", of_number, cells[0]), *marks] if of_number else marks
        return draft

    def _end_run(self, at: int) -> None:
        """Count the repairs of the entry cells for all rows of the run that ends before row `at`."""
        for field, kinds, cell in self._run_marks:
            self._ledger.mark(kinds, field, self._run_row, cell, at - self._run_row)
        self._run_marks = []

    def _set_aside(self, at: int, row: Row) -> None:
        """Take a row of a run without an entry: blank, a total if it turns out to be the last, or bad."""
        if not any(clean(row[place]) for place in self._ledger.layout.columns.values()):
            self._ledger.exclude(Exclusion.BLANK)
            return
        self._refuse_total()
        name = clean(row[self._place["entry_number"]])
        if name.casefold().startswith(_TOTAL_WORDS) or not (name or clean(row[self._place["hts"]])):
            self._pending = (at, row, self._run_errors)
        else:
            self._bad_row(at, row, self._run_errors, self._run_number)

    def _refuse_total(self) -> None:
        """Make a row that looked like a total a bad one, since it is not the last."""
        if self._pending is not None:
            self._bad_row(*self._pending, None)
            self._pending = None

    def _settle_total(self) -> None:
        """Leave a total row out, and compare its duty with the sum of the rows."""
        if self._pending is None:
            return
        at, row, _ = self._pending
        self._ledger.exclude(Exclusion.TOTAL)
        text = "is taken as a total and left out"
        cell = row[self._place[self._duty]]
        try:
            total, _ = parse_amount(cell)
        except CellError:
            text += f"; its duty {clean(cell)!r} is no amount"
        else:
            if total is not None and total != self._ledger.duty_read:
                text += (
                    f"; its duty {format_dollars(total)} is not the sum of the rows above, "
                    f"{format_dollars(self._ledger.duty_read)}"
                )
        self._ledger.note(NoteKind.TOTAL_ROW, f"Row {at} {text}.", self._ledger.heading(self._duty), at)

    def _bad_row(self, at: int, row: Row, errors: Mapping[str, CellError], number: str | None) -> None:
        """Take down every cell of a row that cannot be used; its entry is left out whole."""
        found = dict(errors)
        for field, parse in (
            ("line_number", _parse_line_number),
            ("tariff_ordinal", parse_count),
            ("hts", parse_tariff_number),
            ("tariff_value", parse_amount),
        ):
            try:
                parse(row[self._place[field]])
            except CellError as error:
                found[field] = error
        duty = None
        try:
            duty, _ = parse_amount(row[self._place[self._duty]])
        except CellError as error:
            found[self._duty] = error
            self._ledger.unreadable += 1
        self._ledger.duty_read += duty or ZERO
        self._ledger.exclude(Exclusion.BAD, duty)
        for field, problem in found.items():
            self._ledger.problem(at, field, row[self._place[field]], problem, number)
        if number is not None:
            self._left_out.add(number)

    def _refuse(self, at: int, row: Row, duty: Decimal | None, field: str, error: CellError) -> None:
        """Exclude a row whose cells can be read but contradict an earlier row; its entry is left out whole."""
        assert self._run_number is not None
        self._ledger.problem(at, field, row[self._place[field]], error, self._run_number)
        self._ledger.exclude(Exclusion.BAD, duty)
        self._left_out.add(self._run_number)

    def _repeat(self, at: int, row: Row, earlier: TariffLine, now: TariffLine) -> None:
        """Drop an exact repeat; a row with the same key and something else contradicts the earlier one."""
        for field, before, here in (
            ("hts", earlier.number, now.number),
            ("tariff_value", earlier.value, now.value),
            (self._duty, earlier.duty, now.duty),
        ):
            if before != here:
                problem = CellError(
                    f"is {'blank' if here is None else here} here, but {'blank' if before is None else before} in "
                    "an earlier row of the same entry, line and tariff number.",
                    "Find out which row holds; two exports of the same entry must not be mixed.",
                )
                self._refuse(at, row, now.duty, field, problem)
                return
        self._ledger.exclude(Exclusion.DUPLICATE, now.duty)

    def _fit(self, at: int, row: Row) -> bool:
        """Bring a row to the width of the headings; a cell with content beyond them makes it a problem."""
        extra = [cell for cell in row[self._width :] if clean(cell)]
        if not extra:
            row[self._width :] = [""] * (self._width - len(row))
            return True
        error = CellError(
            f"the row has {len(row)} cells, the headings are {self._width}: its cells may stand in wrong columns.",
            "Put quotation marks around text that holds the delimiter, or export the report again.",
        )
        number = None
        with suppress(CellError):
            number, _ = parse_entry_number(row[self._place["entry_number"]])
        if number is not None:
            self._left_out.add(number.compact)
        self._ledger.unreadable += 1
        self._ledger.exclude(Exclusion.BAD)
        self._ledger.problem(at, _BEYOND, extra[0], error, number and number.compact)
        return False

    def _check_line_level(self, draft: Draft) -> None:
        """Leave an entry out where the duty of a line cannot be put to one of several HTS numbers."""
        for line in draft.lines.values():
            if len(line.tariffs) > 1:
                error = CellError(
                    f"this is the duty of the whole line, and line {line.line_number} has {len(line.tariffs)} HTS "
                    "numbers: which of them bore it is not known.",
                    f"Add the column {usual_heading('tariff_duty')} to the report in ACE.",
                )
                self._ledger.problem(draft.first_row, self._duty, "", error, draft.number.compact)
                self._left_out.add(draft.number.compact)
                return
