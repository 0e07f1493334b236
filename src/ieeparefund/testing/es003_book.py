"""Strategies for ES-003 files: the bytes of a CSV export, with the entries and control totals they hold."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.codes import LiquidationStatus, ProtestStatus
from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.money import ZERO
from ieeparefund.testing.drawing import st
from ieeparefund.testing.entry_parts import entry_numbers, tariff_lines
from ieeparefund.testing.law_days import dates
from ieeparefund.testing.spelled import (
    spelled_amount,
    spelled_date,
    spelled_flag,
    spelled_heading,
    spelled_number,
    spelled_tariff_number,
)

__all__ = ["Es003File", "es003_entries", "es003_files", "es003_rows"]

HEADINGS: Sequence[str] = (
    "Entry Summary Number",
    "Entry Type Code",
    "Importer Number",
    "Entry Date",
    "Entry Summary Date",
    "Entry Summary Line Number",
    "Country of Origin Code",
    "Line SPI Code",
    "Tariff Ordinal Number",
    "HTS Number - Full",
    "Line Tariff Goods Value Amount",
    "Line Tariff Duty Amount",
    "Liquidation Date",
    "Liquidation Status",
    "Reconciliation Indicator",
    "Post Summary Correction Indicator",
    "Protest Number",
    "Protest Status",
    "Note",
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
_DELIMITERS = (",", "\t", ";", "|")
# Cells that cannot be read, by heading; each leaves the whole entry out.
_DAMAGE: Mapping[str, Sequence[str]] = {
    "Entry Date": ("13/45/2025", "", "01/00/1900", "8-Apr-2025"),
    "Entry Type Code": ("99", ""),
    "Entry Summary Line Number": ("", "A"),
    "HTS Number - Full": ("", "9.9E+07"),
    "Line Tariff Duty Amount": ("12.345", "1.234,56", "n/a"),
    "Line Tariff Goods Value Amount": ("n/a",),
    "Liquidation Date": ("01/01/1900", "02/30/2026"),
    "Entry Summary Number": ("9.28793E+08", "12345", ""),
}


@dataclass(frozen=True, slots=True)
class Es003File:
    """A CSV export and what a reader must find in it.

    `entries` are those that can be read, in the order in which they first stand in the file; `rows_read` counts
    every row under the headings, and is `rows_used` and the blank, repeated and damaged ones. A damaged row takes
    its whole entry out of `entries`, so rows of it that can be read are excluded too, as `rows_incomplete`.
    `duty_used` is the duty of all rows used, in dollars.
    """

    content: bytes
    entries: tuple[Entry, ...]
    rows_read: int
    rows_used: int
    rows_blank: int
    rows_repeated: int
    rows_damaged: int
    rows_incomplete: int
    duty_used: Decimal


@st.composite
def es003_entries(draw: st.DrawFn) -> Entry:
    """Entries that have no fact but those the columns of an ES-003 export with liquidation columns can say."""
    entered = draw(dates())
    liquidated = draw(st.one_of(st.none(), st.dates(entered, dt.date(2027, 6, 30))))
    lines = [
        EntryLine(
            number,
            draw(st.sampled_from(["CN", "XC", None])),
            draw(st.lists(tariff_lines(), min_size=1, max_size=3)),
            special_program=draw(st.sampled_from([None, "S+"])),
        )
        for number in sorted(draw(st.sets(st.integers(1, 20), min_size=1, max_size=3)))
    ]
    statuses = [LiquidationStatus.LIQUIDATED, LiquidationStatus.EXTENDED, LiquidationStatus.UNLIQUIDATED]
    return Entry(
        draw(entry_numbers()),
        draw(st.sampled_from(["01", "03", "11"])),
        entered,
        lines,
        importer=draw(st.sampled_from(["75-419312501", "Société", None])),
        entry_summary_date=draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=20)))),
        liquidation_date=liquidated,
        liquidation_status=draw(st.sampled_from(statuses)),
        reconciliation_flagged=draw(st.sampled_from([True, False, None])),
        correction_pending=draw(st.sampled_from([False, None])),
        protest=draw(st.sampled_from([ProtestStatus.NONE, ProtestStatus.OPEN, ProtestStatus.DENIED])),
    )


def es003_rows(entry: Entry, chance: random.Random) -> list[dict[str, str]]:
    """Return the rows of an entry by heading, one a tariff number, each cell spelled in its own way.

    For entries such as `es003_entries` draws: facts that no column says are not in the rows.
    """
    return [
        {
            "Entry Summary Number": spelled_number(entry.number, chance),
            "Entry Type Code": chance.choice([entry.entry_type.value, entry.entry_type.value.lstrip("0")]),
            "Importer Number": entry.importer or "",
            "Entry Date": spelled_date(entry.entry_date, chance),
            "Entry Summary Date": spelled_date(entry.entry_summary_date, chance),
            "Entry Summary Line Number": chance.choice([f"{line.line_number}", f"{line.line_number:03d}"]),
            "Country of Origin Code": (line.country_of_origin or "").lower(),
            "Line SPI Code": line.special_program or "",
            "Tariff Ordinal Number": f"{ordinal}",
            "HTS Number - Full": spelled_tariff_number(tariff.number, chance),
            "Line Tariff Goods Value Amount": spelled_amount(tariff.value, chance),
            "Line Tariff Duty Amount": spelled_amount(tariff.duty, chance),
            "Liquidation Date": spelled_date(entry.liquidation_date, chance),
            "Liquidation Status": str(entry.liquidation_status).upper(),
            "Reconciliation Indicator": spelled_flag(entry.reconciliation_flagged, chance),
            "Post Summary Correction Indicator": spelled_flag(entry.correction_pending, chance),
            "Protest Status": "" if entry.protest is ProtestStatus.NONE else str(entry.protest).title(),
            "Note": chance.choice(["", "asked,\nanswered", "x"]),
        }
        for line in entry.lines
        for ordinal, tariff in enumerate(line.tariffs, start=1)
    ]


def _hurt(rows: list[dict[str, str]], heading: str, chance: random.Random) -> int:
    # A row without its number belongs to nobody, so there all rows of the entry are hurt.
    hurt = rows if heading == "Entry Summary Number" else [chance.choice(rows)]
    for row in hurt:
        row[heading] = chance.choice(_DAMAGE[heading])
    return len(hurt)


@st.composite
def es003_files(draw: st.DrawFn, *, damaged: bool = True, shuffled: bool = False) -> Es003File:
    """CSV exports of up to four entries, in the encodings, delimiters and spellings in which they are met.

    Headings differ in case, blanks and marks. Rows are repeated, and blank ones stand below. With `damaged` some
    entries have a cell that cannot be read; with `shuffled` the rows are in any order, and so may be `entries`.
    """
    model = draw(st.lists(es003_entries(), max_size=4, unique_by=lambda entry: entry.number))
    kinds = [None, None, *_DAMAGE] if damaged else [None]
    harm = draw(st.lists(st.sampled_from(kinds), min_size=4, max_size=4))
    chance = draw(st.randoms(use_true_random=False))
    table: list[dict[str, str]] = []
    whole: list[Entry] = []
    repeated = bad = incomplete = 0
    for entry, heading in zip(model, harm, strict=False):
        rows = es003_rows(entry, chance)
        if heading is None:
            whole.append(entry)
            again = [dict(row) for row in rows if chance.random() < 0.3]
            repeated += len(again)
            rows += again
        else:
            count = _hurt(rows, heading, chance)
            bad += count
            incomplete += len(rows) - count
        table += rows
    blank = chance.randrange(3)
    table += [{} for _ in range(blank)]
    if shuffled:
        chance.shuffle(table)
    out = io.StringIO()
    delimiter, encoding = draw(st.sampled_from(_DELIMITERS)), draw(st.sampled_from(_ENCODINGS))
    writer = csv.DictWriter(out, HEADINGS, restval="", delimiter=delimiter, lineterminator="\n")
    marks = _headings(chance, encoding)
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(marks)
    writer.writerows(table)
    used = [tariff for entry in whole for line in entry.lines for tariff in line.tariffs]
    return Es003File(
        out.getvalue().encode(encoding),
        tuple(whole),
        len(table),
        len(used),
        blank,
        repeated,
        bad,
        incomplete,
        sum((tariff.duty or ZERO for tariff in used), ZERO),
    )


def _headings(chance: random.Random, encoding: str) -> list[str]:
    # Windows Western has no zero-width mark.
    spelled = [spelled_heading(heading, chance) for heading in HEADINGS]
    return [text.replace("\u200b", "") for text in spelled] if encoding == "cp1252" else spelled
