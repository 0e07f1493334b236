"""Laws of reading ES-003: totals tie, nothing but the package's own errors, no number is ever changed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.es003_files import HEADINGS, csv_text, write_workbook
from tests.strategies import dates, dollars, entries, entry_lines, entry_numbers, tariff_lines

from ieeparefund.ace import assemble
from ieeparefund.ace.cells import (
    CellError,
    parse_amount,
    parse_count,
    parse_date,
    parse_entry_number,
    parse_entry_type,
    parse_flag,
    parse_rate,
    parse_tariff_number,
    parse_text,
    plain_amount,
)
from ieeparefund.ace.es003 import read_entries
from ieeparefund.ace.headers import find_layout, normalise_heading
from ieeparefund.ace.sheets import CsvSheet
from ieeparefund.entries.codes import LiquidationStatus, ProtestStatus
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.entries.trusted import (
    ENTRY_ATTRIBUTES,
    trusted_entry,
    trusted_entry_line,
    trusted_entry_number,
    trusted_tariff_line,
)
from ieeparefund.errors import IeepaRefundError
from ieeparefund.money import ZERO
from ieeparefund.problems import EntryFile, Exclusion

Row = dict[str, Any]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
DELIMITERS = (",", "\t", ";", "|")


@contextmanager
def written(data: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "es003.csv"
        path.write_bytes(data)
        yield path


def attempt(work: Any, given_value: Any) -> Any:
    """What `work` returns, or the error it raises on purpose."""
    try:
        return work(given_value)
    except (IeepaRefundError, CellError) as error:
        return error


# Good entries, written in the many ways the same facts are spelled.


@st.composite
def good_entries(draw: st.DrawFn) -> Entry:
    """An entry with all the facts the columns of HEADINGS can say."""
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


def spelled_number(number: EntryNumber, draw: random.Random) -> str:
    shapes = [number.compact, str(number), f'="{number.compact}"', f" {number}\xa0", f"'{number.compact}"]
    shapes += [number.compact.lower(), str(number).replace("-", " – ")]
    stripped = number.compact.lstrip("0")
    if stripped.isdigit() and len(stripped) in (9, 10):
        shapes.append(stripped)
    return draw.choice(shapes)


def spelled_date(day: dt.date | None, draw: random.Random) -> str:
    if day is None:
        return draw.choice(["", " "])
    shapes = [f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day}", f"{day:%Y/%m/%d} 00:00:00"]
    return draw.choice([*shapes, f"{day:%m/%d/%y}", f" {day:%m/%d/%Y} 12:00:00 AM"])


def spelled_amount(amount: Decimal | None, draw: random.Random) -> str:
    if amount is None:
        return ""
    if amount < 0:
        return draw.choice([f"{amount}", f"({-amount:,})", f"{-amount}-", f"-${-amount:,}", f"$({-amount})"])
    shapes = [f"{amount}", f"${amount:,}", f" {amount:,} ", f"{amount}0"]
    if amount == 0:
        shapes += ["FREE", "0"]
    return draw.choice(shapes)


def spelled_hts(number: str, draw: random.Random) -> str:
    digits = number.replace(".", "")
    shapes = [number, digits, f"{digits}.0", f" {digits}"]
    if digits.startswith("99"):
        shapes += [f"{digits}00", f"{number}.00"]
    return draw.choice([*shapes, digits[1:]] if digits.startswith("0") else shapes)


def spelled_flag(flag: bool | None, draw: random.Random) -> str:
    return draw.choice({True: ["Y", "yes"], False: ["N", "no"], None: [""]}[flag])


def rows_of(entry: Entry, draw: random.Random) -> list[Row]:
    """The rows of an entry, each spelled in its own way."""
    return [
        {
            "Entry Summary Number": spelled_number(entry.number, draw),
            "Entry Type Code": draw.choice([entry.entry_type.value, entry.entry_type.value.lstrip("0")]),
            "Importer Number": entry.importer or "",
            "Entry Date": spelled_date(entry.entry_date, draw),
            "Entry Summary Date": spelled_date(entry.entry_summary_date, draw),
            "Entry Summary Line Number": draw.choice([f"{line.line_number}", f"{line.line_number:03d}"]),
            "Country of Origin Code": (line.country_of_origin or "").lower(),
            "Line SPI Code": line.special_program or "",
            "Tariff Ordinal Number": ordinal,
            "HTS Number - Full": spelled_hts(tariff.number, draw),
            "Line Tariff Goods Value Amount": spelled_amount(tariff.value, draw),
            "Line Tariff Duty Amount": spelled_amount(tariff.duty, draw),
            "Liquidation Date": spelled_date(entry.liquidation_date, draw),
            "Liquidation Status": str(entry.liquidation_status).upper(),
            "Reconciliation Indicator": spelled_flag(entry.reconciliation_flagged, draw),
            "Post Summary Correction Indicator": spelled_flag(entry.correction_pending, draw),
            "Protest Status": "" if entry.protest is ProtestStatus.NONE else str(entry.protest).title(),
            "Note": draw.choice(["", "asked,\nanswered", "x"]),
        }
        for line in entry.lines
        for ordinal, tariff in enumerate(line.tariffs, start=1)
    ]


def duty_of(found: list[Entry]) -> Decimal:
    return sum((t.duty or ZERO for e in found for line in e.lines for t in line.tariffs), ZERO)


# Cells that cannot be read, by heading; each leaves the whole entry out.
DAMAGE = {
    "Entry Date": ["13/45/2025", "", "01/00/1900", "8-Apr-2025"],
    "Entry Type Code": ["99", ""],
    "Entry Summary Line Number": ["", "A"],
    "HTS Number - Full": ["", "9.9E+07"],
    "Line Tariff Duty Amount": ["12.345", "1.234,56", "n/a"],
    "Line Tariff Goods Value Amount": ["n/a"],
    "Liquidation Date": ["01/01/1900", "02/30/2026"],
    "Entry Summary Number": ["9.28793E+08", "12345", ""],
}


@given(
    st.lists(good_entries(), max_size=4, unique_by=lambda entry: entry.number),
    st.lists(st.sampled_from([None, None, *DAMAGE]), min_size=4, max_size=4),
    st.randoms(use_true_random=False),
    st.sampled_from(ENCODINGS),
    st.sampled_from(DELIMITERS),
    st.booleans(),
)
def test_messy_files_tie_and_no_number_changes(
    model: list[Entry],
    damage: list[str | None],
    draw: random.Random,
    encoding: str,
    delimiter: str,
    shuffled: bool,
) -> None:
    """Good entries come back as they were, whatever the spelling; hurt ones are left out whole; all rows count."""
    table: list[Row] = []
    bad = repeats = 0
    whole = []
    for entry, heading in zip(model, damage, strict=False):
        rows = rows_of(entry, draw)
        if heading is None:
            whole.append(entry)
            again = [dict(row) for row in rows if draw.random() < 0.3]
            repeats += len(again)
            rows += again
        else:
            # A row without its number belongs to nobody, so there all rows of the entry are hurt.
            hurt = rows if heading == "Entry Summary Number" else [draw.choice(rows)]
            bad += len(hurt)
            for row in hurt:
                row[heading] = draw.choice(DAMAGE[heading])
        table += rows
    blanks = draw.randrange(3)
    table += [{} for _ in range(blanks)]
    if shuffled:
        draw.shuffle(table)
    # In small batches the cells of a later one are known from those of an earlier one, as in a long file.
    small = mock.patch.object(assemble, "_BATCH", draw.choice([1, 2, 3, 64]))
    with written(csv_text(table, [*HEADINGS, "Note"], delimiter).encode(encoding)) as path, small:
        found = read_entries(path)
    assert set(found.entries) == set(whole)
    assert found.entries == tuple(whole) or shuffled
    assert found.totals.duty_used == duty_of(whole)
    reasons = found.totals.rows_by_reason
    assert found.totals.rows_read == len(table)
    assert found.totals.rows_used == len(table) - sum(reasons.values())
    assert found.totals.rows_used == sum(len(line.tariffs) for entry in whole for line in entry.lines)
    assert (reasons[Exclusion.BLANK], reasons[Exclusion.DUPLICATE], reasons[Exclusion.BAD]) == (
        blanks,
        repeats,
        bad,
    )
    assert len({problem.row for problem in found.problems}) == bad


ODD = [
    "",
    " ",
    "\xa0",
    "x",
    "0",
    "1",
    "-1",
    "Total",
    "=",
    '="',
    "'",
    "Y",
    "1e5",
    "99030124",
    "04/08/2025",
    "ZT400001231",
    '"',
    ",",
]


@given(
    st.lists(
        st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=8)), max_size=len(HEADINGS) + 2),
        max_size=12,
    ),
    st.sampled_from(DELIMITERS),
    st.integers(1, 3),
)
def test_any_cells_at_all_tie_or_are_refused(table: list[list[str]], delimiter: str, batch: int) -> None:
    text = csv_text([], delimiter=delimiter)
    text += "".join(delimiter.join(cells).replace("\0", "") + "\n" for cells in table)
    with written(text.encode("utf-8", "replace")) as path, mock.patch.object(assemble, "_BATCH", batch):
        found = attempt(read_entries, path)
    if isinstance(found, EntryFile):
        assert found.totals.rows_read == found.totals.rows_used + found.totals.rows_excluded
        assert len(found.problems) >= found.totals.rows_by_reason[Exclusion.BAD]
    else:
        assert str(found).startswith("file ")


@given(
    st.lists(st.text(st.sampled_from('ab,;\t" \n\r\0é')), max_size=6),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["", "a,b\n"]),
)
def test_lines_are_split_as_the_csv_module_does(parts: list[str], delimiter: str, first: str) -> None:
    text = first + "".join(parts)
    with written(text.encode()) as path:
        found = attempt(lambda path: list(CsvSheet(path, "utf-8", delimiter).rows()), path)
    if isinstance(found, list):
        assert found == list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    else:
        assert "hides rows" in str(found)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_read_or_refused(data: bytes) -> None:
    with written(data) as path:
        found = attempt(read_entries, path)
    assert isinstance(found, EntryFile) or str(found).startswith("file ")


@given(
    st.lists(good_entries(), min_size=1, max_size=2, unique_by=lambda entry: entry.number),
    st.randoms(use_true_random=False),
)
def test_a_workbook_says_the_same_as_text(model: list[Entry], draw: random.Random) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    rows = [row for entry in model for row in rows_of(entry, draw)]
    cells = [[row.get(heading, "") for heading in HEADINGS] for row in rows]
    with TemporaryDirectory() as folder:
        path = write_workbook(Path(folder) / "b.xlsx", {"Main Report": [list(HEADINGS), *cells]})
        found = read_entries(path)
    assert found.problems == ()
    assert set(found.entries) == set(model)


# Cells


@given(st.integers(-(10**15), 10**15), st.randoms(use_true_random=False))
def test_amounts_round_trip(cents: int, draw: random.Random) -> None:
    amount = Decimal(cents).scaleb(-2)
    for _ in range(4):
        assert parse_amount(spelled_amount(amount, draw))[0] == amount


@given(st.integers(-(10**11), 10**11))
def test_floats_of_cents_come_back_exactly(cents: int) -> None:
    assert parse_amount(cents / 100)[0] == Decimal(cents).scaleb(-2)


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[0-9]{0,4}\.?[0-9]{0,3}", fullmatch=True)))
def test_the_short_way_says_the_same_as_the_long_one(cell: str) -> None:
    short = plain_amount(cell)
    if short is not None:
        amount, kinds = parse_amount(cell)
        assert (str(short), kinds) == (str(amount), ())


@given(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)), st.randoms(use_true_random=False))
def test_dates_round_trip(day: dt.date, draw: random.Random) -> None:
    assert parse_date(spelled_date(day, draw))[0] == day
    assert parse_date(day) == (day, ())
    serial = (day - dt.date(1899, 12, 30)).days
    if day.year >= 2000:
        assert parse_date(serial)[0] == day


@given(entry_numbers(), st.randoms(use_true_random=False))
def test_entry_numbers_round_trip(number: EntryNumber, draw: random.Random) -> None:
    found, kinds = parse_entry_number(spelled_number(number, draw))
    assert found == number
    assert parse_entry_number(number.compact) == (number, ())
    assert (found, ()) == parse_entry_number(number.compact) or kinds


CELLS = st.one_of(
    st.text(max_size=14),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"[0-9A-Z'=\"/:$(). -]{0,14}", fullmatch=True),
)
PARSERS = [
    parse_amount,
    parse_count,
    parse_date,
    parse_entry_number,
    parse_entry_type,
    parse_flag,
    parse_rate,
    parse_tariff_number,
    parse_text,
]


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(cell=CELLS)
def test_a_cell_is_read_or_refused_with_a_reason(parse: Any, cell: object) -> None:
    found = attempt(parse, cell)
    if isinstance(found, CellError):
        assert found.problem
        assert found.remedy
    else:
        assert isinstance(found[1], tuple)


# Headings


@given(st.text())
def test_normalising_a_heading_twice_changes_nothing(text: str) -> None:
    once = normalise_heading(text)
    assert normalise_heading(once) == once


@given(st.permutations(HEADINGS))
def test_the_order_of_columns_does_not_matter(headings: list[str]) -> None:
    layout, usual = find_layout([headings]), find_layout([HEADINGS])
    assert layout is not None
    assert usual is not None
    assert {name: layout.heading(name) for name in layout.columns} == {
        name: usual.heading(name) for name in usual.columns
    }


# Trusted constructors


@given(entries())
def test_trusted_entries_equal_validated_ones(entry: Entry) -> None:
    values = [getattr(entry, name) for name in ENTRY_ATTRIBUTES]
    made = trusted_entry(values)
    assert made == entry
    assert hash(made) == hash(entry)
    assert repr(made) == repr(entry)


@given(entry_lines(), tariff_lines(), dollars(), entry_numbers())
def test_trusted_parts_equal_validated_ones(
    line: EntryLine, row: TariffLine, amount: Decimal, number: EntryNumber
) -> None:
    assert trusted_entry_number(number.compact) == number
    assert trusted_tariff_line(row.number, row.value, row.duty) == row
    normal = normalise_tariff_number("99030124")
    assert trusted_tariff_line(normal, amount, None) == TariffLine("99030124", amount)
    assert (
        trusted_entry_line(
            line.line_number, line.country_of_origin, line.tariffs, line.column1_rate, line.special_program
        )
        == line
    )
