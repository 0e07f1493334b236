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
from tests.strategies import dollars, entries, entry_lines, entry_numbers, tariff_lines

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
from ieeparefund.problems import EntryFile, Exclusion
from ieeparefund.testing import es003_entries, es003_files
from ieeparefund.testing.es003_book import es003_rows
from ieeparefund.testing.spelled import spelled_amount, spelled_date, spelled_number

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


@given(st.data(), st.booleans(), st.sampled_from([1, 2, 3, 64]))
def test_messy_files_tie_and_no_number_changes(data: st.DataObject, shuffled: bool, batch: int) -> None:
    """Good entries come back as they were, whatever the spelling; hurt ones are left out whole; all rows count."""
    given_file = data.draw(es003_files(shuffled=shuffled))
    # In small batches the cells of a later one are known from those of an earlier one, as in a long file.
    with written(given_file.content) as path, mock.patch.object(assemble, "_BATCH", batch):
        found = read_entries(path)
    assert set(found.entries) == set(given_file.entries)
    assert found.entries == given_file.entries or shuffled
    totals = found.totals
    assert (totals.rows_read, totals.rows_used) == (given_file.rows_read, given_file.rows_used)
    assert totals.duty_used == given_file.duty_used
    assert totals.rows_by_reason == {
        Exclusion.BLANK: given_file.rows_blank,
        Exclusion.DUPLICATE: given_file.rows_repeated,
        Exclusion.BAD: given_file.rows_damaged,
        Exclusion.ENTRY: given_file.rows_incomplete,
        Exclusion.TOTAL: 0,
    }
    assert len({problem.row for problem in found.problems}) == given_file.rows_damaged


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
    st.lists(es003_entries(), min_size=1, max_size=2, unique_by=lambda entry: entry.number),
    st.randoms(use_true_random=False),
)
def test_a_workbook_says_the_same_as_text(model: list[Entry], draw: random.Random) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    rows = [row for entry in model for row in es003_rows(entry, draw)]
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
