"""The facts of an entry that every row of it repeats: dates, importer, states, flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Mapping, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import Any, TypeAlias

from ieeparefund.ace.cells import (
    CellError,
    Kinds,
    Memo,
    clean,
    parse_date,
    parse_entry_type,
    parse_flag,
    parse_name,
    parse_text,
)
from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_cell, mask_importer
from ieeparefund.entries.trusted import ENTRY_ATTRIBUTES, trusted_entry
from ieeparefund.money import ZERO
from ieeparefund.problems import NoteKind

__all__ = ["BLANK", "PERSONAL_FIELDS", "Facts", "FactsError", "FactsReader", "Mark"]

Facts: TypeAlias = tuple[Any, ...]
"""Values in the order of `FactsReader.fields`: `None` where not known, `BLANK` for a blank state."""
Mark: TypeAlias = tuple[str, Kinds, Any]
"""A field, the repairs and notes of its cell, and the cell."""

BLANK = ""
"""Value of a blank liquidation or protest status, which is not the same as an unknown word (`None`)."""
# No attribute of `Entry`: the number only speaks for or against a blank status.
_PROTEST_NUMBER = "protest_number"

# The vocabulary seen at second hand; it is kept open, and another word gives `None` and a note.
_LIQUIDATION: Mapping[str, LiquidationStatus] = {
    "liquidated": LiquidationStatus.LIQUIDATED,
    "unliquidated": LiquidationStatus.UNLIQUIDATED,
    "pending": LiquidationStatus.UNLIQUIDATED,
    "pending liquidation": LiquidationStatus.UNLIQUIDATED,
    "extended": LiquidationStatus.EXTENDED,
    "suspended": LiquidationStatus.SUSPENDED,
    "under review": LiquidationStatus.UNDER_REVIEW,
}


def _word(known: Mapping[str, StrEnum]) -> Callable[[Any], tuple[Any, Kinds]]:
    def parse(cell: Any) -> tuple[Any, Kinds]:
        text = " ".join(clean(cell).casefold().replace("_", " ").split())
        if not text:
            return BLANK, ()
        found = known.get(text)
        return found, () if found else (NoteKind.UNKNOWN_WORD,)

    return parse


def _members(kind: type[StrEnum]) -> dict[str, StrEnum]:
    return {member.value.replace("_", " "): member for member in kind}


def _known(parse: Callable[[Any], tuple[Any, Kinds]]) -> Callable[[Any], tuple[Any, Kinds]]:
    """Make a blank say nothing."""

    def parse_known(cell: Any) -> tuple[Any, Kinds]:
        value, kinds = parse(cell)
        return (None if value is BLANK else value), kinds

    return parse_known


def _correction(cell: Any) -> tuple[bool | None, Kinds]:
    # Y says that a correction was filed, not whether it is still pending.
    filed, kinds = parse_flag(cell)
    return (None, (NoteKind.CORRECTION_FILED,)) if filed else (filed, kinds)


_Parser: TypeAlias = Callable[[Any], tuple[Any, Kinds]]
# Field, attribute of `Entry`, parser. Dates stand apart, since all else is the same for many entries.
_DATES: tuple[tuple[str, str, _Parser], ...] = tuple(
    (name, name, parse_date)
    for name in (
        "entry_date",
        "entry_summary_date",
        "deposit_date",
        "liquidation_date",
        "reliquidation_date",
        "reconciliation_due",
        "cape_accepted_on",
    )
)
_STATES: tuple[tuple[str, str, _Parser], ...] = (
    ("entry_type", "entry_type", parse_entry_type),
    ("importer_number", "importer", parse_name),
    ("liquidation_status", "liquidation_status", _word(_LIQUIDATION)),
    ("protest_status", "protest", _word(_members(ProtestStatus))),
    ("protest_number", _PROTEST_NUMBER, parse_text),
    ("recon_indicator", "reconciliation_flagged", parse_flag),
    ("reconciliation_filed", "reconciliation_filed", parse_flag),
    ("psc_indicator", "correction_pending", _correction),
    ("statement_paid", "statement_paid", parse_flag),
    ("on_drawback_claim", "on_drawback_claim", parse_flag),
    ("paid_by_surety", "paid_by_surety", parse_flag),
    ("in_ace", "in_ace", parse_flag),
    ("ad_cvd", "ad_cvd", _known(_word(_members(AdCvdStatus)))),
    ("summary_status", "summary_status", _known(_word(_members(SummaryStatus)))),
    ("notify_party", "notify_party", parse_name),
)
_ORDER = (("entry_date", "liquidation_date"), ("liquidation_date", "reliquidation_date"))

PERSONAL_FIELDS = ("importer_number", "notify_party")
"""Fields that may hold a social security number: shown masked only."""


# The customs calendar is known for these years; a date outside them is a slip, and no deadline runs from it.
_CALENDAR_YEARS = range(1990, 2046)


def _entry_day(cell: Any) -> tuple[dt.date | None, Kinds]:
    """Read a date of an entry, and refuse one for which nothing can be computed."""
    day, kinds = parse_date(cell)
    if day is not None and day.year not in _CALENDAR_YEARS:
        raise CellError(
            f"the date is {day}, outside {_CALENDAR_YEARS[0]} to {_CALENDAR_YEARS[-1]}.", "Check the year."
        )
    return day, kinds


class FactsError(Exception):
    """Cells of an entry that cannot be read or do not fit together, by field."""

    def __init__(self, errors: Mapping[str, CellError]) -> None:
        super().__init__(errors)
        self.errors = errors


class FactsReader:
    """Reads the facts of an entry from the cells of the columns a file has. The others stay not known.

    `fields` are those columns, in the order in which cells are given and facts returned.
    """

    def __init__(self, columns: Container[str]) -> None:
        dates = [reader for reader in _DATES if reader[0] in columns]
        states = [reader for reader in _STATES if reader[0] in columns]
        self.fields = tuple(name for name, _, _ in (*dates, *states))
        self._count = len(dates)
        self._days = Memo(_entry_day, 8192)
        self._state_parsers = tuple((name, Memo(parse, 4096)) for name, _, parse in states)
        self._states = Memo(self._read_states, 4096)
        place = {name: place for place, name in enumerate(self.fields)}
        self._entry_date = place["entry_date"]
        self._liquidated, self._status = place.get("liquidation_date"), place.get("liquidation_status")
        self._protest, self._protest_number = place.get("protest_status"), place.get("protest_number")
        self._order = [
            (place[earlier], place[later]) for earlier, later in _ORDER if earlier in place and later in place
        ]
        # The facts, and behind them the values `entry` adds, in the order of the attributes of an entry.
        behind = ("number", "lines", "filer_code", "liquidation_status", "protest", "already_refunded")
        at = {attribute: place for place, (_, attribute, _) in enumerate((*dates, *states))}
        at |= {attribute: len(self.fields) + place for place, attribute in enumerate(behind)}
        at["other_adjustments"] = at["already_refunded"]
        nothing = len(self.fields) + len(behind)
        self._arrange = itemgetter(*(at.get(attribute, nothing) for attribute in ENTRY_ATTRIBUTES))

    def read(self, cells: tuple[Any, ...]) -> tuple[Facts, Sequence[Mark]]:
        """Return the facts in the cells, and the repairs and notes. Raises `FactsError`."""
        dates: list[Any] = []
        marks: Sequence[Mark] = ()
        errors: dict[str, CellError] = {}
        for place in range(self._count):
            try:
                day, kinds = self._days[cells[place]]
            except CellError as error:
                day = None
                errors[self.fields[place]] = error
            else:
                if kinds:
                    marks = (*marks, (self.fields[place], kinds, cells[place]))
            dates.append(day)
        if dates[self._entry_date] is None:
            errors.setdefault("entry_date", CellError("is blank.", "Give the entry date in every row."))
        for first, second in self._order:
            earlier, later = dates[first], dates[second]
            if earlier is not None and later is not None and later < earlier:
                errors[self.fields[second]] = CellError(
                    f"{later} lies before the {self.fields[first].replace('_', ' ')} {earlier}.",
                    "Correct one of the two dates.",
                )
        try:
            states, more = self._states[cells[self._count :]]
        except FactsError as error:
            errors |= error.errors
            states, more = (), ()
        if errors:
            raise FactsError(errors)
        return (*dates, *states), (*marks, *more) if more else marks

    def _read_states(self, cells: tuple[Any, ...]) -> tuple[Facts, Sequence[Mark]]:
        facts: list[Any] = []
        marks: list[Mark] = []
        errors: dict[str, CellError] = {}
        for (name, memo), cell in zip(self._state_parsers, cells, strict=True):
            try:
                value, kinds = memo[cell]
            except CellError as error:
                errors[name] = error
            else:
                facts.append(value)
                if kinds:
                    marks.append((name, kinds, cell))
        if errors:
            raise FactsError(errors)
        if self._protest is not None and self._protest_number is not None:
            number = facts[self._protest_number - self._count]
            if number is not None and facts[self._protest - self._count] is BLANK:
                marks.append(("protest_number", (NoteKind.PROTEST_UNKNOWN,), number))
        return tuple(facts), marks

    def entry(self, number: EntryNumber, lines: tuple[EntryLine, ...], facts: Facts) -> Entry:
        """Return the entry with these facts.

        Where the columns of liquidation are there, one or both, and blank, the entry is unliquidated; a blank
        status beside a date is not known, and the date decides. A blank protest status means no protest, unless
        a protest number stands beside it.
        """
        date, status, protest = self._liquidated, self._status, self._protest
        liquidation = None if status is None else facts[status]
        if liquidation is BLANK or (status is None and date is not None):
            liquidation = LiquidationStatus.UNLIQUIDATED if date is None or facts[date] is None else None
        protested = None if protest is None else facts[protest]
        if protested is BLANK:
            number_of_protest = None if self._protest_number is None else facts[self._protest_number]
            protested = ProtestStatus.NONE if number_of_protest is None else None
        more = (number, lines, number.filer_code, liquidation, protested, ZERO, None)
        return trusted_entry(self._arrange((*facts, *more)))

    def differences(self, facts: Facts, earlier: Facts, row: int) -> dict[str, CellError]:
        """Return by field how facts differ from those of the same entry in an earlier row."""
        return {
            name: CellError(
                f"is {_shown(name, now)} here, but {_shown(name, before)} in row {row} of the same entry.",
                "Every row of an entry repeats the same; correct one of them, or leave one export out.",
            )
            for name, now, before in zip(self.fields, facts, earlier, strict=True)
            if now != before
        }


def _shown(name: str, value: Any) -> str:
    if value is None or value is BLANK:
        return "blank or not known"
    if name in PERSONAL_FIELDS:
        return str(mask_importer(value))
    # Words of the vocabulary are texts of a kind of their own.
    return mask_cell(value) if type(value) is str else str(value)
