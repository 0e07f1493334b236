"""Headings and the row they stand in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.es003_files import HEADINGS

from ieeparefund.ace import headers
from ieeparefund.ace.headers import (
    FIELDS,
    HEADER_ROWS,
    REQUIRED,
    find_layout,
    normalise_heading,
    require,
    usual_heading,
)
from ieeparefund.errors import FileFormatError, InputError

# The standard layout of ES-003, 27 columns in order, as several readers of real exports give it (secondary;
# the visa and textile headings and the third quantity are inferred).
STANDARD = [
    "Entry Summary Number",
    "Entry Type Code",
    "Importer Number",
    "Port of Entry Code",
    "Entry Date",
    "Entry Summary Date",
    "Initial Entry Summary Create Date",
    "Entry Summary Line Number",
    "Review Team Number",
    "Country of Origin Code",
    "Country of Export Code",
    "Manufacturer ID",
    "Foreign Exporter ID",
    "Line SPI Code",
    "Standard Visa Number",
    "Textile Category Code",
    "Textile Category",
    "Tariff Ordinal Number",
    "HTS Number - Full",
    "Line Tariff Quantity (1)",
    "Line Tariff UOM (1) Code",
    "Line Tariff Quantity (2)",
    "Line Tariff UOM (2) Code",
    "Line Tariff Quantity (3)",
    "Line Tariff UOM (3) Code",
    "Line Tariff Goods Value Amount",
    "Line Tariff Duty Amount",
]


def test_the_standard_layout_is_known_whole() -> None:
    layout = find_layout([STANDARD])
    assert layout is not None
    assert (layout.row, layout.known, layout.ignored, layout.rivals) == (1, 27, (), {})
    assert layout.columns["hts"] == 18
    assert layout.heading("tariff_duty") == "Line Tariff Duty Amount"
    assert require(layout, None, "f", None) is layout


def test_lookalikes_are_told_apart() -> None:
    headings = [
        "Entry Date",
        "Entry Summary Date",
        "Entry Type Code",
        "Entry",
        "Line Goods Value Amount",
        "Line Tariff Goods Value Amount",
        "Line Duty Amount",
        "Line Tariff Duty Amount",
    ]
    layout = find_layout([headings])
    assert layout is not None
    assert list(layout.columns) == [
        "entry_date",
        "entry_summary_date",
        "entry_type",
        "entry_number",
        "line_value",
        "tariff_value",
        "line_duty",
        "tariff_duty",
    ]


@pytest.mark.parametrize(
    "spelling",
    [
        "HTS NUMBER - FULL",
        "hts_number_full",
        "HTS  Number-Full ",
        "\ufeffHTS Number\xa0- Full",
        "Hts#Number.(Full)",
    ],
)
def test_spellings_normalise(spelling: str) -> None:
    assert normalise_heading(spelling) == "htsnumberfull"


def test_the_header_row_is_the_best_of_the_first_25() -> None:
    title = ["Entry Summary Line Tariff Details", "", "as of", "Entry Date"]
    layout = find_layout([title, [], ["Entry Date", "Entry Type"], list(HEADINGS), ["ZT400001231", "01"]])
    assert layout is not None
    assert layout.row == 4
    assert find_layout([[""]] * (HEADER_ROWS - 1) + [STANDARD]) is not None
    assert find_layout([[""]] * HEADER_ROWS + [STANDARD]) is None
    assert find_layout([["Entry Date"], ["x", "y"]]) is None
    assert find_layout([]) is None


def test_user_columns_are_ignored_and_listed() -> None:
    # Columns a broker's workbook is known to hold beside those of ACE (secondary).
    users = ["DIV", "SELF FILER", "CAPE PHASE 1 ELIGIBLE", "Cape Phase 1 Eligible", ""]
    layout = find_layout([[*HEADINGS, *users]])
    assert layout is not None
    assert layout.ignored == tuple(users[:-1])


def test_ace_spellings_go_before_generic_ones() -> None:
    layout = find_layout([["duty amount", "Entry Number", "Entry Summary Number", "Line Tariff Duty Amount"]])
    assert layout is not None
    assert layout.columns == {"tariff_duty": 3, "entry_number": 2}
    assert layout.rivals == {"tariff_duty": (0,), "entry_number": (1,)}


def test_a_column_that_is_not_read_may_stand_twice() -> None:
    layout = find_layout([["Port of Entry Code", "Port", "Entry Date"]])
    assert layout is not None
    assert layout.rivals == {}


def test_a_map_goes_before_the_aliases() -> None:
    headings = ["Number", "My Duty", "Line Tariff Duty Amount", "Entry Date"]
    layout = find_layout([headings], {"tariff_duty": "MY_DUTY", "entry_number": "number"})
    assert layout is not None
    assert layout.columns == {"entry_number": 0, "tariff_duty": 1, "entry_date": 3}
    assert layout.rivals == {}
    assert layout.ignored == ()


def test_a_wrong_map_is_refused() -> None:
    with pytest.raises(InputError, match=r"field 'duty', which does not exist\. Use some of entry_number"):
        find_layout([], {"duty": "Duty"})
    with pytest.raises(InputError, match="one heading to two fields"):
        find_layout([], {"entry_date": "Date", "entry_summary_date": "DATE"})


def test_missing_columns_are_named_with_what_was_found() -> None:
    layout = find_layout([["Entry Summary Number", "Entry Date", "Duty", ""]])
    with pytest.raises(FileFormatError) as caught:
        require(layout, None, "book.xlsx", "Main Report")
    text = str(caught.value)
    for part in (
        "file book.xlsx, sheet Main Report, row 1: no column",
        "'Entry Type Code' or 'Entry Summary Line Number' or 'HTS Number - Full' or 'Line Tariff Duty Amount'.",
        "Found: Entry Summary Number, Entry Date, Duty.",
        'such as {"tariff_duty": "Duty"}',
    ):
        assert part in text


def test_a_mapped_heading_that_is_not_there_is_named() -> None:
    columns = {"tariff_duty": "Duty Paid By Us", "deposit_date": "Paid On"}
    with pytest.raises(
        FileFormatError, match="no column 'Duty Paid By Us' for tariff_duty or 'Paid On' for deposit_date"
    ):
        require(find_layout([HEADINGS], columns), columns, "f", None)


def test_very_wide_sheets_are_not_listed_whole() -> None:
    layout = find_layout([["Entry Date", "Entry Type", *(f"C{place}" for place in range(60))]])
    with pytest.raises(FileFormatError, match="C37 and 22 more"):
        require(layout, None, "f", None)


def test_no_header_row_at_all() -> None:
    with pytest.raises(
        FileFormatError, match="none of the first 25 rows holds the headings of an ES-003 report"
    ):
        require(None, None, "f", None)


def test_a_brokers_report_in_another_layout_is_refused() -> None:
    # A public synthetic sample that calls itself ES-003 and is not in ACE's layout (secondary).
    headings = [
        "Entry Number",
        "Entry Type",
        "Entry Summary Date",
        "Import Date",
        "Line Number",
        "HTS Number",
        "IEEPA Duty Amount (USD)",
        "Total Duty Amount (USD)",
    ]
    with pytest.raises(FileFormatError, match="no column 'Entry Date'"):
        require(find_layout([headings]), None, "f", None)


def test_every_needed_field_has_a_known_heading() -> None:
    assert set(REQUIRED) < set(FIELDS)
    assert usual_heading("hts") == "HTS Number - Full"
    assert usual_heading("deposit_date") == "deposit_date"


def test_the_table_of_aliases_keeps_source_and_confidence() -> None:
    path = Path(headers.__file__).parent / "tables" / "ace_headers.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    fields: dict[str, str] = {}
    for row in rows:
        assert row["source"]
        assert row["confidence"].startswith(("secondary", "inferred"))
        key = normalise_heading(row["header_spelling"])
        assert fields.setdefault(key, row["canonical_field"]) == row["canonical_field"]
