"""The column-1 table: look-up by number and day, preferences, units, and what is not computed."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import itertools
import tomllib
from decimal import Decimal

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.errors import FieldError, FloatMoneyError, HtsNumberError
from ieeparefund.law.citations import table_text
from ieeparefund.law.column1 import ListedRate, column1_rate, listed_rate

DAY = dt.date(2025, 9, 1)
FACTS = tomllib.loads(table_text("column1_rates.toml"))
ROWS = list(csv.DictReader(table_text("column1_rates.csv").splitlines()))


def listed(number: str, on: dt.date = DAY) -> ListedRate:
    row = listed_rate(number, on)
    assert row is not None
    return row


def test_the_table_is_the_one_its_source_note_describes() -> None:
    data = table_text("column1_rates.csv").encode()
    assert hashlib.sha256(data).hexdigest() == FACTS["sha256"]
    assert len(ROWS) == FACTS["rows"] == 11479
    assert len({row["number"] for row in ROWS}) == FACTS["rate_lines"] == 11414
    assert len(data) < 400_000


def test_every_line_covers_the_whole_span_once() -> None:
    one_day = dt.timedelta(days=1)
    by_number: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for row in ROWS:
        first = dt.date.fromisoformat(row["first_day"]) if row["first_day"] else FACTS["first_day"]
        last = dt.date.fromisoformat(row["last_day"]) if row["last_day"] else FACTS["last_day"]
        by_number.setdefault(row["number"], []).append((first, last))
    for number, spans in by_number.items():
        assert spans[0][0] == FACTS["first_day"], number
        assert spans[-1][1] == FACTS["last_day"], number
        assert all(after[0] == before[1] + one_day for before, after in itertools.pairwise(spans)), number


def test_only_chapters_1_to_97() -> None:
    assert {row["number"][:2] for row in ROWS} == {f"{c:02}" for c in range(1, 98) if c != 77}


def test_every_unit_of_the_source_note_is_used() -> None:
    texts = [text for row in ROWS for text in (row["general"], row["korea"])]
    for unit in FACTS["units"]:
        assert any(f"/{unit}" in text or f" {unit}" in text for text in texts), unit


def test_the_citation_is_registered() -> None:
    assert "HTSUS (2025)" in str(listed("8708.10.60").citation)


@pytest.mark.parametrize(
    "number", ["4202.92.31", "42029231", "4202.92.31.31", "4202923131", " 4202.92.3131 "]
)
def test_numbers_of_8_and_10_digits_in_any_spelling(number: str) -> None:
    assert column1_rate(number, DAY) == Column1Rate(Decimal("17.6"))


def test_a_number_that_lost_its_leading_zero() -> None:
    assert column1_rate("9011100", DAY) == Column1Rate()


@pytest.mark.parametrize(
    "number", ["9903.01.25", "9801.00.10", "4202.92.32", "7701.00.00", "A-570-979", "499"]
)
def test_numbers_without_a_rate_line(number: str) -> None:
    assert listed_rate(number, DAY) is None
    assert column1_rate(number, DAY) is None


def test_the_span_of_the_table() -> None:
    first, last = FACTS["first_day"], FACTS["last_day"]
    assert (
        column1_rate("8708.10.60", first) == column1_rate("8708.10.60", last) == Column1Rate(Decimal("2.5"))
    )
    assert column1_rate("8708.10.60", first - dt.timedelta(days=1)) is None
    assert column1_rate("8708.10.60", last + dt.timedelta(days=1)) is None


def test_a_specific_rate_needs_its_quantity() -> None:
    assert column1_rate("0402.10.50", DAY) is None
    assert listed("0402.10.50").unit() == "kg"
    rate = column1_rate("0402.10.50", DAY, quantity=1000)
    assert rate == Column1Rate(Decimal(0), Decimal("0.865"), Decimal(1000))
    assert rate.duty(Decimal(5000)) == Decimal("865.00")


def test_a_rate_in_dollars_a_unit() -> None:
    assert column1_rate("0806.10.20", DAY, quantity="10") == Column1Rate(
        Decimal(0), Decimal("1.13"), Decimal(10)
    )
    assert listed("0806.10.20").unit() == "cubic meter"


def test_a_compound_rate() -> None:
    assert listed("7005.21.10").general == "14.5¢/m2 + 0.4%"
    rate = column1_rate("7005.21.10", DAY, quantity=Decimal(200))
    assert rate == Column1Rate(Decimal("0.4"), Decimal("0.145"), Decimal(200))
    assert rate.duty(Decimal(1000)) == Decimal("33.00")


def test_a_rate_each() -> None:
    assert listed("0105.11.00").unit() == "each"
    assert column1_rate("0105.11.00", DAY, quantity=500) == Column1Rate(
        Decimal(0), Decimal("0.009"), Decimal(500)
    )


def test_a_rate_per_thousand_counts_thousands() -> None:
    assert listed("0601.10.15").general == "89.6¢/1000"
    assert listed("0601.10.15").unit() == "thousand"


def test_an_ad_valorem_rate_keeps_no_quantity() -> None:
    assert column1_rate("8708.10.60", DAY, quantity=7) == Column1Rate(Decimal("2.5"))
    assert listed("8708.10.60").unit() is None


@pytest.mark.parametrize(
    "number",
    [
        "9101.11.40",  # parts of a watch
        "6204.21.00",  # each garment of an ensemble
        "1701.14.10",  # sliding sugar rate
        "2603.00.00",  # on lead content
        "2204.30.00",  # two specific rates
        "9606.21.40",  # a line, which is no count of goods
        "9005.90.80",  # the article of which it is a part
    ],
)
def test_formulas_are_kept_as_text_and_not_computed(number: str) -> None:
    row = listed(number)
    assert row.general
    assert row.unit() is None
    assert row.rate(quantity=10) is None


def test_the_korean_rate_falls_with_the_year() -> None:
    year_end, new_year = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
    assert column1_rate("0201.10.50", year_end, special_program="KR") == Column1Rate(Decimal("1.7"))
    assert column1_rate("0201.10.50", new_year, special_program="KR") == Column1Rate()
    assert column1_rate("0201.10.50", year_end) == column1_rate("0201.10.50", new_year)
    assert (listed("0201.10.50", year_end).last_day, listed("0201.10.50", new_year).first_day) == (
        year_end,
        new_year,
    )


def test_the_korean_rate_of_a_specific_line() -> None:
    assert listed("0402.21.50").korea == "7.2¢/kg"
    assert listed("0402.21.50").unit("KR") == "kg"
    assert column1_rate("0402.21.50", DAY, special_program="KR", quantity=1) == Column1Rate(
        Decimal(0), Decimal("0.072"), Decimal(1)
    )


def test_korean_trucks_still_pay_the_general_rate() -> None:
    for day in (DAY, dt.date(2026, 2, 1)):
        assert column1_rate("8704.21.01", day, special_program="KR") == Column1Rate(Decimal(25))


def test_the_spi_is_read_in_any_case() -> None:
    assert column1_rate("4202.92.31", DAY, special_program=" kr ") == Column1Rate()
    assert column1_rate("4202.92.31", DAY, special_program="  ") == Column1Rate(Decimal("17.6"))


def test_a_line_without_a_korean_rate() -> None:
    row = listed("1704.90.64")
    assert (row.general, row.korea) == ("12.2%", None)
    assert row.rate("KR") is None
    assert row.unit("KR") is None


def test_another_preference_is_known_only_where_everybody_is_free() -> None:
    assert column1_rate("4202.92.31", DAY, special_program="AU") is None
    assert column1_rate("8471.30.01", DAY, special_program="AU") == Column1Rate()


def test_the_parts_of_a_row() -> None:
    row = listed("8704.21.01")
    assert (row.number, row.general, row.korea) == ("8704.21.01", "25%", "25%")
    assert (row.first_day, row.last_day) == (FACTS["first_day"], FACTS["last_day"])
    assert row.text("KR") == "25%"
    assert listed("8471.30.01").korea == "Free"


def test_errors() -> None:
    with pytest.raises(HtsNumberError, match="neither 8 nor 10 digits"):
        column1_rate("8471.30", DAY)
    with pytest.raises(FieldError, match="quantity is -1, below zero") as below:
        column1_rate("0402.10.50", DAY, quantity=-1)
    assert (below.value.column, below.value.value) == ("quantity", "-1")
    assert below.value.remedy == "Give the quantity of the line."
    for name in ("ad_valorem", "specific"):
        with pytest.raises(FieldError, match=rf"{name} is -0\.01, below zero") as below:
            Column1Rate(**{name: Decimal("-0.01")})
        assert (below.value.column, below.value.value) == (name, "-0.01")
        assert below.value.remedy == "Give the rate of the HTSUS."
    with pytest.raises(FloatMoneyError, match=r"^quantity is the float 1\.5"):
        column1_rate("0402.10.50", DAY, quantity=1.5)  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(FieldError, match="not a date") as moment:
        column1_rate("0402.10.50", dt.datetime(2025, 9, 1, tzinfo=dt.UTC))
    assert moment.value.column == "on"
