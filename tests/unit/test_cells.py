"""Cells to values. Forms and pitfalls: the table of value formats seen in ACE exports and in what spreadsheets
make of them (secondary sources; no genuine export is public)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.ace.cells import (
    CellError,
    Memo,
    clean,
    parse_amount,
    parse_code,
    parse_count,
    parse_date,
    parse_entry_number,
    parse_entry_type,
    parse_flag,
    parse_line_number,
    parse_rate,
    parse_tariff_number,
    parse_text,
    plain_amount,
)
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.problems import NoteKind
from ieeparefund.problems import RepairKind as Repair


@pytest.mark.parametrize(
    ("cell", "compact", "kinds"),
    [
        ("00261103162", "00261103162", ()),
        # 002-6110316-2 stands in CBP ruling HQ H005628.
        ("002-6110316-2", "00261103162", (Repair.DASHES,)),
        ('="ZT400001231"', "ZT400001231", (Repair.UNWRAPPED,)),
        ("'ZT400001231", "ZT400001231", (Repair.UNWRAPPED,)),
        ("’ZT400001231", "ZT400001231", (Repair.UNWRAPPED,)),
        ("zt4 – 0000123 – 1", "ZT400001231", (Repair.DASHES, Repair.BLANKS, Repair.UPPER_CASE)),
        ("ZT400001231\xa0", "ZT400001231", (Repair.BLANKS,)),
        ("\ufeffZT400001231", "ZT400001231", (Repair.BLANKS,)),
        ("100023456", "00100023456", (Repair.ZEROS,)),
        (100023456, "00100023456", (Repair.ZEROS, Repair.NUMBER_CELL)),
        (99999999990, "99999999990", (Repair.NUMBER_CELL,)),
        ("00261103163", "00261103163", (NoteKind.CHECK_DIGIT,)),
        (" 00261103163", "00261103163", (Repair.BLANKS, NoteKind.CHECK_DIGIT)),
    ],
)
def test_entry_numbers(cell: object, compact: str, kinds: tuple[Any, ...]) -> None:
    number, found = parse_entry_number(cell)
    assert number is not None
    assert (number.compact, found) == (compact, kinds)


@pytest.mark.parametrize("cell", ["", "  ", "\xa0", "\ufeff", '=""', "'"])
def test_a_blank_entry_number_is_none(cell: str) -> None:
    assert parse_entry_number(cell) == (None, ())


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("2.61103E+08", "scientific notation"),
        ("9.28793E+08", "scientific notation"),
        ("100023457", "check digit fails"),
        ("000261103162", "not three letters or digits"),
        # A filer code such as 12E turns into a power of ten: the digits still have the right length.
        (12000000000, "fails the check digit"),
        (261103162.5, "not three letters or digits"),
        (2.61103e25, "scientific notation"),
        (dt.datetime.fromisoformat("2025-04-08"), "not three letters or digits"),
    ],
)
def test_entry_numbers_that_cannot_be_saved(cell: object, problem: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_entry_number(cell)
    assert problem in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("cell", "code", "kinds"),
    [
        ("01", "01", ()),
        ("1", "01", (Repair.ZEROS,)),
        (1, "01", (Repair.ZEROS,)),
        (11, "11", ()),
        (" 03", "03", (Repair.BLANKS,)),
    ],
)
def test_entry_types(cell: object, code: str, kinds: tuple[Any, ...]) -> None:
    assert parse_entry_type(cell) == (code, kinds)


@pytest.mark.parametrize(("cell", "problem"), [("99", "'99' is no CBP entry type"), ("", "is blank")])
def test_unknown_entry_types(cell: str, problem: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_entry_type(cell)
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("cell", "number", "kinds"),
    [
        ("99030125", "9903.01.25", ()),
        ("9903.01.25", "9903.01.25", ()),
        ("9903012500", "9903.01.25", (Repair.SUFFIX,)),
        ("9903.01.25.00", "9903.01.25", (Repair.SUFFIX,)),
        ("99030125.0", "9903.01.25", (Repair.WHOLE_NUMBER,)),
        ("9903012500.0", "9903.01.25", (Repair.WHOLE_NUMBER, Repair.SUFFIX)),
        (99030125, "9903.01.25", ()),
        ("8708106050", "8708.10.60.50", ()),
        ("101210010", "0101.21.00.10", (Repair.ZEROS,)),
        ("1012100", "0101.21.00", (Repair.ZEROS,)),
        ("\xa099030125 ", "9903.01.25", (Repair.BLANKS,)),
        ('="0901110025"', "0901.11.00.25", (Repair.UNWRAPPED,)),
        ("A-570-979", "A-570-979", ()),
        ("499", "499", ()),
    ],
)
def test_tariff_numbers(cell: object, number: str, kinds: tuple[Any, ...]) -> None:
    assert parse_tariff_number(cell) == (number, kinds)


@pytest.mark.parametrize("cell", ["", "9.903E+07", "990301", "99030125.5", "FREE", 99030125.5])
def test_tariff_numbers_refused(cell: object) -> None:
    with pytest.raises(CellError):
        parse_tariff_number(cell)


APRIL_8 = dt.date(2025, 4, 8)


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("04/08/2025", ()),
        ("4/8/2025", ()),
        ("2025-04-08", ()),
        ("2025/04/08 00:00:00", ()),
        ("2025-04-08T00:00:00.000", ()),
        ("04/08/2025 12:00:00 AM", ()),
        ("04/08/2025 0:00", ()),
        ("04/08/2025 12:00", (Repair.TIME_OF_DAY,)),
        ("04/08/2025 01:30 PM", (Repair.TIME_OF_DAY,)),
        ("04/08/25", (Repair.TWO_DIGIT_YEAR,)),
        ("4/8/25 8:15", (Repair.TWO_DIGIT_YEAR, Repair.TIME_OF_DAY)),
        (" 04/08/2025", (Repair.BLANKS,)),
        (dt.date(2025, 4, 8), ()),
        (dt.datetime.fromisoformat("2025-04-08"), ()),
        (dt.datetime.fromisoformat("2025-04-08 09:30"), (Repair.TIME_OF_DAY,)),
        # Serial 45755 is 2025-04-08 in the 1900 date system of spreadsheets.
        (45755, (Repair.SERIAL_DATE,)),
        (45755.75, (Repair.SERIAL_DATE,)),
    ],
)
def test_dates(cell: object, kinds: tuple[Any, ...]) -> None:
    assert parse_date(cell) == (APRIL_8, kinds)


def test_the_month_goes_first_and_blank_is_none() -> None:
    assert parse_date("03/04/2025")[0] == dt.date(2025, 3, 4)
    assert parse_date("01/02/70")[0] == dt.date(1970, 1, 2)
    assert parse_date("  ") == (None, ())
    assert [parse_date(serial)[0] for serial in (36526, 73050)] == [
        dt.date(2000, 1, 1),
        dt.date(2099, 12, 31),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "13/45/2025",
        "02/29/2025",
        "45755",  # text: a serial counts only in a number cell
        "04-08-2025",
        "8-Apr-2025",
        "2025-04/08",
        "20250408",
        "01/00/1900",
        "01/01/1900",
        "1900-03-20",
        dt.date(1900, 1, 5),
        dt.date(1899, 12, 31),
        "04/08/2205",
        36525,
        73051,
        0,
        float("nan"),
        float("inf"),
        True,
        dt.time(1, 2),
        "pending",
    ],
)
def test_dates_refused(cell: object) -> None:
    with pytest.raises(CellError) as caught:
        parse_date(cell)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("cell", "dollars", "kinds"),
    [
        ("2567.49", "2567.49", ()),
        ("2567", "2567.00", ()),
        ("2567.5", "2567.50", ()),
        ("2567.", "2567.00", ()),
        (".5", "0.50", ()),
        ("0", "0.00", ()),
        ("$2,567.49", "2567.49", ()),
        ("$ 2,567.49", "2567.49", ()),
        ("1,250,000", "1250000.00", ()),
        ("(12.50)", "-12.50", ()),
        # Public case: another tool dropped a row with an amount in brackets without a word.
        ("(1,250.00)", "-1250.00", ()),
        ("($12.50)", "-12.50", ()),
        ("$(12.50)", "-12.50", ()),
        ("-12.50", "-12.50", ()),
        ("-$12.50", "-12.50", ()),
        ("$-12.50", "-12.50", ()),
        ("12.50-", "-12.50", ()),
        ("$12.50-", "-12.50", ()),
        ("12.500", "12.50", ()),
        ("FREE", "0.00", (Repair.FREE,)),
        (" Free ", "0.00", (Repair.BLANKS, Repair.FREE)),
        ("\xa012.50", "12.50", (Repair.BLANKS,)),
        ('="12.50"', "12.50", (Repair.UNWRAPPED,)),
        (10783.87, "10783.87", ()),
        (0.1 + 0.2, "0.30", ()),
        (61272, "61272.00", ()),
        (-12.5, "-12.50", ()),
        ("10000000000000.00", "10000000000000.00", ()),
    ],
)
def test_amounts(cell: object, dollars: str, kinds: tuple[Any, ...]) -> None:
    amount, found = parse_amount(cell)
    assert amount is not None
    assert (str(amount), found) == (dollars, kinds)
    assert plain_amount(cell) in (None, amount)


@pytest.mark.parametrize("cell", ["", " ", "\xa0"])
def test_a_blank_amount_is_missing_and_not_zero(cell: str) -> None:
    assert parse_amount(cell) == (None, ())
    assert plain_amount(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "12.345",
        "1,23",
        "1.234,56",
        "12,50",
        "--5",
        "(-5)",
        "-5-",
        "(5",
        "5)",
        "$",
        ".",
        "-",
        "1e3",
        "1 234.00",
        "1_000.00",
        "NaN",
        "N/A",
        "USD 5.00",
        "٣.٠٠",
        "10000000000000.01",
        12.345,
        float("nan"),
        float("inf"),
        True,
        dt.date(2025, 4, 8),
        1e14,
    ],
)
def test_unknown_forms_of_amounts_are_errors(cell: object) -> None:
    with pytest.raises(CellError):
        parse_amount(cell)
    assert plain_amount(cell) is None


def test_counts() -> None:
    for cell in ("1", "001", 1, "1.0"):
        assert parse_count(cell)[0] == 1
    assert parse_count("1.0")[1] == (Repair.WHOLE_NUMBER,)
    assert parse_count("") == (None, ())
    for cell in ("0", "-1", "1.5", "one", "1234567", 0, dt.date(2025, 1, 1)):
        with pytest.raises(CellError):
            parse_count(cell)
    assert parse_line_number(" 2 ") == (2, (Repair.BLANKS,))
    with pytest.raises(CellError, match="is blank"):
        parse_line_number("")


def test_text_and_codes() -> None:
    assert parse_text(" 12-3456789XX\xa0") == ("12-3456789XX", (Repair.BLANKS,))
    assert parse_text("\u200b ") == (None, ())
    assert parse_text(75419312501) == ("75419312501", (Repair.NUMBER_CELL,))
    # Canadian provinces stand as countries of origin and stay as filed.
    assert parse_code("xc") == ("XC", ())
    assert parse_code("") == (None, ())


def test_flags() -> None:
    for word, flag in {"Y": True, "yes": True, "TRUE": True, "n": False, "No": False, "": None}.items():
        assert parse_flag(word) == (flag, ())
    assert parse_flag("maybe") == (None, (NoteKind.UNKNOWN_WORD,))


def test_rates() -> None:
    assert parse_rate("2.5%") == (Column1Rate(Decimal("2.5")), ())
    assert parse_rate("Free") == (Column1Rate(), ())
    assert parse_rate("") == (None, ())
    # 0.025 may be a fraction or per cent; specific and compound rates need a unit.
    for cell in (
        "0.025",
        "2.5",
        0.025,
        "4.4¢/kg",
        "1.5¢/kg + 2%",
        "The duty provided in the subheading + 10%",
    ):
        assert parse_rate(cell) == (None, (NoteKind.RATE_NOT_READ,))


def test_clean_unwraps_and_strips() -> None:
    assert [clean(cell) for cell in ('="a b"', "'a b", "\ufeff a b\u200b ", "=a b", "a b")] == [
        "a b",
        "a b",
        "a b",
        "=a b",
        "a b",
    ]


def test_a_memo_keeps_the_first_cells_only() -> None:
    calls: list[str] = []

    def parse(cell: str) -> int:
        calls.append(cell)
        return len(cell)

    memo = Memo(parse, 2)
    assert [memo[cell] for cell in ("a", "bb", "ccc", "a", "bb", "ccc")] == [1, 2, 3, 1, 2, 3]
    assert calls == ["a", "bb", "ccc", "ccc"]
