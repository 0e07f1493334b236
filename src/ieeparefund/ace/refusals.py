"""Rows that come into no entry: blank, total, repeated, unreadable, contradicting. Each counts for one reason.

A row that cannot be read or contradicts another makes its entry doubtful: the entry is left out whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal

from ieeparefund.ace.cells import (
    CellError,
    clean,
    parse_amount,
    parse_count,
    parse_entry_number,
    parse_line_number,
    parse_tariff_number,
    quoted,
)
from ieeparefund.ace.headers import usual_heading
from ieeparefund.ace.ledger import Ledger
from ieeparefund.ace.sheets import Row
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.money import ZERO, format_dollars
from ieeparefund.problems import Exclusion, NoteKind

__all__ = ["NO_NUMBER", "Refusals"]

NO_NUMBER = CellError(
    "is blank.", "Give the entry number in every row; a blank cell is never filled from the row above."
)
_TOTAL_WORDS = ("total", "sum", "grand total")
_BEYOND = "beyond the last heading"


class Refusals:
    """Takes rows that are not used. `place` gives the cell of each field, `duty` names the duty field.

    `left_out` holds the numbers of the entries that are left out.
    """

    def __init__(self, ledger: Ledger, place: Mapping[str, int], duty: str) -> None:
        self.left_out: set[str] = set()
        self._ledger = ledger
        self._place = place
        self._duty = duty
        # A row that is a total if no row follows it.
        self._pending: tuple[int, Row, Mapping[str, CellError]] | None = None

    def set_aside(self, at: int, row: Row, errors: Mapping[str, CellError], number: str | None) -> None:
        """Take a row whose entry cells name no usable entry: blank, a total if it is the last, or bad."""
        cells = [row[place] for place in self._ledger.layout.columns.values()]
        # Most blank rows need no cleaning to be seen as blank.
        if cells.count("") == len(cells) or not any(map(clean, cells)):
            self._ledger.exclude(Exclusion.BLANK)
            return
        self.refuse_total()
        name = clean(row[self._place["entry_number"]])
        # A row without a number but with a tariff number is one whose number is lost, and no total.
        if name.casefold().startswith(_TOTAL_WORDS) or not (name or clean(row[self._place["hts"]])):
            self._pending = (at, row, errors)
        else:
            self.bad_row(at, row, errors, number)

    def refuse_total(self) -> None:
        """Make a row that looked like a total a bad one, since another row follows it."""
        if self._pending is not None:
            pending, self._pending = self._pending, None
            self.bad_row(*pending, None)

    def settle_total(self) -> None:
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
            text += f"; its duty {quoted(clean(cell))} is no amount"
        else:
            if total is not None and total != self._ledger.duty_read:
                summed = format_dollars(self._ledger.duty_read)
                text += f"; its duty {format_dollars(total)} is not the sum of the rows above, {summed}"
        self._ledger.note(NoteKind.TOTAL_ROW, f"Row {at} {text}.", self._ledger.heading(self._duty), at)

    def bad_row(self, at: int, row: Row, errors: Mapping[str, CellError], number: str | None) -> None:
        """Take down every cell of a row that cannot be used; of one without a usable number that cell alone."""
        found = dict(errors)
        duty = None
        try:
            duty, _ = parse_amount(row[self._place[self._duty]])
        except CellError as error:
            found[self._duty] = error
            self._ledger.unreadable += 1
        self._ledger.duty_read += duty or ZERO
        self._ledger.exclude(Exclusion.BAD, duty)
        if "entry_number" in found:
            found = {"entry_number": found["entry_number"]}
        else:
            for field, parse in (
                ("line_number", parse_line_number),
                ("tariff_ordinal", parse_count),
                ("hts", parse_tariff_number),
                ("tariff_value", parse_amount),
            ):
                try:
                    parse(row[self._place[field]])
                except CellError as error:
                    found[field] = error
        for field, problem in found.items():
            self._ledger.problem(at, field, row[self._place[field]], problem, number)
        if number is not None:
            self.left_out.add(number)

    def contradiction(
        self, at: int, row: Row, duty: Decimal | None, field: str, error: CellError, number: str
    ) -> None:
        """Take a row whose cells can be read but contradict an earlier row."""
        self._ledger.problem(at, field, row[self._place[field]], error, number)
        self._ledger.exclude(Exclusion.BAD, duty)
        self.left_out.add(number)

    def repeat(self, at: int, row: Row, earlier: TariffLine, now: TariffLine, number: str) -> None:
        """Drop an exact repeat; a row with the same key and something else contradicts the earlier one."""
        for field, before, here in (
            ("hts", earlier.number, now.number),
            ("tariff_value", earlier.value, now.value),
            (self._duty, earlier.duty, now.duty),
        ):
            if before != here:
                words = ["blank" if one is None else str(one) for one in (here, before)]
                error = CellError(
                    f"is {words[0]} here, but {words[1]} in an earlier row of the same place in the entry.",
                    "Find out which row holds; two exports of one entry must not be mixed.",
                )
                self.contradiction(at, row, now.duty, field, error, number)
                return
        self._ledger.exclude(Exclusion.DUPLICATE, now.duty)

    def too_wide(self, at: int, row: Row, width: int) -> None:
        """Take a row with content in cells beyond the headings: its cells may stand in wrong columns."""
        self.refuse_total()
        error = CellError(
            f"the row has {len(row)} cells for {width} headings: cells may stand in wrong columns.",
            "Put quotation marks around text that holds the delimiter, or export the report again.",
        )
        number = None
        with suppress(CellError):
            found, _ = parse_entry_number(row[self._place["entry_number"]])
            number = None if found is None else found.compact
        if number is not None:
            self.left_out.add(number)
        self._ledger.unreadable += 1
        self._ledger.exclude(Exclusion.BAD)
        extra = next(cell for cell in row[width:] if clean(cell))
        self._ledger.problem(at, _BEYOND, extra, error, number)

    def check_line_level(self, first_row: int, number: str, lines: Iterable[EntryLine]) -> None:
        """Leave an entry out where the duty of a line cannot be put to one of several HTS numbers."""
        for line in lines:
            if len(line.tariffs) > 1:
                error = CellError(
                    f"is the duty of the whole line, and line {line.line_number} has {len(line.tariffs)} HTS "
                    "numbers: which of them bore it is not known.",
                    f"Add the column {usual_heading('tariff_duty')} to the report in ACE.",
                )
                self._ledger.problem(first_row, self._duty, "", error, number)
                self.left_out.add(number)
                return
