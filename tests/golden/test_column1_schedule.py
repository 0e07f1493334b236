"""Column-1 rates against sources other than the export of the schedule from which the table was made.

1. The printed schedule: USITC, HTSUS (2025) Revision 19, the PDF of each chapter, read line by line.
2. `data/column1_tariff_database.csv`: 482 lines of the USITC tariff database (annual tariff data, file of
   2025-06-06), a separate product which states each rate as numbers: dollars a unit and per cent.
3. The staging of the Korea free trade agreement (in force 2012-03-15; goods freed in 15 equal yearly stages,
   the last on 2026-01-01): the rate of 2025 is a fifteenth of the base rate, cut to a tenth of a per cent or
   of a cent.
"""

from __future__ import annotations

import csv
import datetime as dt
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.law.citations import table_text
from ieeparefund.law.column1 import column1_rate, listed_rate

DAY = dt.date(2025, 8, 18)
DATABASE = list(
    csv.DictReader(
        (Path(__file__).parent / "data" / "column1_tariff_database.csv").read_text("utf-8").splitlines()
    )
)
PRINTED = [
    ("8471.30.01", "Free", "Free"),
    ("0901.11.00", "Free", "Free"),
    ("8418.10.00", "Free", "Free"),
    ("4202.92.31", "17.6%", "Free"),
    ("3926.90.99", "5.3%", "Free"),
    ("8708.10.60", "2.5%", "Free"),
    ("6110.20.20", "16.5%", "Free"),
    ("9506.91.00", "4.6%", "Free"),
    ("7323.93.00", "2%", "Free"),
    ("8481.80.90", "2%", "Free"),
    ("8513.10.20", "12.5%", "Free"),
    ("0709.20.90", "21.3%", "Free"),
    ("8544.49.30", "5.3%", "Free"),
    ("7005.21.10", "14.5¢/m2 + 0.4%", "Free"),
    ("0402.21.50", "$1.092/kg", "7.2¢/kg"),
    ("8704.21.01", "25%", "25%"),
]
STAGED = [
    row["number"]
    for row in csv.DictReader(table_text("column1_rates.csv").splitlines())
    if row["korea"] and row["last_day"]
]


@pytest.mark.parametrize(("number", "general", "korea"), PRINTED)
def test_printed_schedule(number: str, general: str, korea: str) -> None:
    row = listed_rate(number, DAY)
    assert row is not None
    assert (row.general, row.korea) == (general, korea)


def test_the_database_sample_is_there() -> None:
    assert len(DATABASE) == 482
    assert sum(row["specific_dollars"] != "0" for row in DATABASE) == 242


@pytest.mark.parametrize("row", DATABASE, ids=lambda row: row["number"])
def test_tariff_database(row: dict[str, str]) -> None:
    specific = Decimal(row["specific_dollars"])
    quantity = Decimal(1) if specific else None
    expected = Column1Rate(Decimal(row["ad_valorem_per_cent"]), specific, quantity)
    assert column1_rate(row["number"], DAY, quantity=1) == expected
    if row["korea_per_cent"]:
        specific = Decimal(row["korea_dollars"])
        expected = Column1Rate(Decimal(row["korea_per_cent"]), specific, Decimal(1) if specific else None)
        assert column1_rate(row["number"], DAY, special_program="KR", quantity=1) == expected


def test_the_staged_lines_are_there() -> None:
    assert len(STAGED) == 65


@pytest.mark.parametrize("number", STAGED)
def test_last_stage_of_the_korea_agreement(number: str) -> None:
    last_year, new_year = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
    general = column1_rate(number, last_year, quantity=1)
    korea = column1_rate(number, last_year, special_program="KR", quantity=1)
    assert general is not None
    assert korea is not None
    # A tenth of a cent is 0.001 dollars.
    assert korea.ad_valorem == (general.ad_valorem / 15).quantize(Decimal("0.1"), ROUND_DOWN)
    assert korea.specific == (general.specific / 15).quantize(Decimal("0.001"), ROUND_DOWN)
    assert column1_rate(number, new_year, special_program="KR") == Column1Rate()
