"""Reading the ES-003 report (Entry Summary Line Tariff Details) into entries: the main way in."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ieeparefund.ace.assemble import Assembler
from ieeparefund.ace.cells import clean
from ieeparefund.ace.headers import Layout, require, usual_heading
from ieeparefund.ace.ledger import Ledger
from ieeparefund.ace.sheets import Row, Sheet, open_sheet
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits
from ieeparefund.money import exactly
from ieeparefund.problems import EntryFile, NoteKind

__all__ = ["EntryFile", "read_entries"]

# Columns whose absence changes what can be answered, and how.
_MISSED = {
    "liquidation_date": "liquidation dates are not known",
    "liquidation_status": "where no liquidation date tells, liquidation is not known",
    "entry_summary_date": "deposit dates have to be assumed from the entry date",
    "importer_number": "importers are not known",
    "tariff_value": "values are not known",
    "origin_country": "countries of origin are not known",
    "tariff_ordinal": "rows of a line are told apart by HTS number, so that one number twice is a repeat",
}


@exactly
def read_entries(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> EntryFile:
    """Read an ES-003 export, CSV or workbook, into entries with problems, repairs, notes and control totals.

    CSV may be UTF-8 (with or without byte order mark), UTF-16 or cp1252, delimited by comma, tab, semicolon
    or pipe. Of a workbook the sheet `Main Report` is read, else the one with most known headings; they may
    stand in any of the first 25 rows. `columns` names the heading of a field where the file's own is not a
    known one, such as `{"tariff_duty": "Duty"}`; `ieeparefund.ace.headers.FIELDS` lists the fields.

    One bad row never hides the others. A row that cannot be read, or that contradicts another, is a problem,
    and its entry is left out whole, since an answer from a part of an entry's rows would be wrong. Exact
    repeats are dropped and counted; they are judged by the columns that are read. A fact whose column is
    missing is `None`. `limits` bound what is read (see `ReadLimits`). While it reads, the function pauses
    Python's cyclic garbage collection.

    Raises `LimitError` past a limit; `FileFormatError` where the file cannot be opened, is neither delimited
    text nor a workbook, or lacks a needed column; `InputError` for a wrong `columns`; `MissingExtraError` for a
    workbook without the extra `excel`.
    """
    place = Path(path)
    sheet, found = open_sheet(place, columns, limits)
    layout, choices = _choose_columns(sheet, require(found, columns, str(place), sheet.name))
    marked = sheet.encoding == "utf-8-sig"
    ledger = Ledger(str(place), sheet.name, layout, byte_order_mark=marked, limits=limits)
    _note_sheet(ledger, sheet)
    for heading, text, first_row in choices:
        ledger.note(NoteKind.TWO_HEADINGS, text, heading, first_row or None)
    with _collection_paused():
        assembler = Assembler(ledger)
        assembler.read(_below(sheet, layout), layout.row + 1)
        entries = assembler.entries()
        return EntryFile(
            file=str(place),
            sheet=sheet.name,
            entries=entries,
            problems=ledger.problems(),
            repairs=ledger.repairs(),
            notes=ledger.notes(),
            totals=ledger.totals(assembler.rows_used, assembler.duty_used),
            columns={name: layout.headings[at] for name, at in layout.columns.items()},
            ignored_columns=layout.ignored,
        )


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector from searching the growing entries, which hold no cycle, many times."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _below(sheet: Sheet, layout: Layout) -> Iterator[Row]:
    return islice(sheet.rows(), layout.row, None)


def _choose_columns(sheet: Sheet, layout: Layout) -> tuple[Layout, list[tuple[str, str, int]]]:
    """Choose, for each field with several headings, the first that has values; say where they differ.

    Returns notes as heading, sentence and first row that differs (0 where none does).
    """
    contested = {name: (layout.columns[name], *rivals) for name, rivals in layout.rivals.items()}
    filled: set[int] = set()
    differing = {name: [0, 0] for name in contested}
    for at, row in enumerate(_below(sheet, layout) if contested else (), start=layout.row + 1):
        for name, places in contested.items():
            cells = {place: clean(row[place]) for place in places if place < len(row)}
            given = {place for place, text in cells.items() if text}
            filled |= given
            if len({cells[place] for place in given}) > 1:
                count, first = differing[name]
                differing[name] = [count + 1, first or at]
    chosen = dict(layout.columns)
    notes: list[tuple[str, str, int]] = []
    for name, places in contested.items():
        chosen[name] = next((place for place in places if place in filled), places[0])
        kept = layout.headings[chosen[name]]
        others = ", ".join(
            f"column {place + 1} {layout.headings[place]!r}" for place in places if place != chosen[name]
        )
        count, first = differing[name]
        agree = f"differs in {count} rows from row {first}" if count else "says nothing else"
        text = f"column {chosen[name] + 1} {kept!r} is read for {name}; {others} is not, and {agree}."
        notes.append((kept, text, first))
    return replace(layout, columns=chosen), notes


def _note_sheet(ledger: Ledger, sheet: Sheet) -> None:
    columns = ledger.layout.columns
    if sheet.encoding == "cp1252":
        ledger.note(NoteKind.ENCODING, "The text is not UTF-8 and was read as cp1252 (Windows Western).")
    for name, consequence in _MISSED.items():
        if name not in columns:
            ledger.note(
                NoteKind.MISSING_COLUMN,
                f"There is no column {usual_heading(name)!r}: {consequence}.",
                usual_heading(name),
            )
    if "tariff_duty" not in columns:
        heading = ledger.heading("line_duty")
        ledger.note(
            NoteKind.LINE_LEVEL_DUTY,
            f"{heading!r} is the duty of a whole line: it is used where a line has one HTS number, and entries "
            "with other lines are left out.",
            heading,
        )
