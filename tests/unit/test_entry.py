"""Entries, lines and tariff rows: what is accepted, normalised, and refused with the field's name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.codes import EntryType, LiquidationStatus, Payee, ProtestStatus
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.errors import (
    FieldError,
    FloatMoneyError,
    HtsNumberError,
    IeepaRefundError,
    MissingExtraError,
)

DAY = dt.date(2025, 5, 1)
LINE = EntryLine(1, "cn ", [TariffLine("99030125", 0, Decimal("10.00"))], special_program=" s ")


def entry(**changes: Any) -> Entry:
    facts: dict[str, Any] = {
        "number": EntryNumber("ABC12345676"),
        "entry_type": EntryType.CONSUMPTION,
        "entry_date": DAY,
        "lines": [LINE],
    }
    return Entry(**(facts | changes))


def test_an_entry_keeps_its_facts_and_knows_what_it_does_not_know() -> None:
    made = entry()
    assert made.lines == (LINE,)
    assert made.filer_code == "ABC"
    assert made.liquidation_date is None
    assert made.protest is None
    assert made.already_refunded == Decimal("0.00")
    assert LINE.country_of_origin == "CN"
    assert LINE.special_program == "S"


def test_plain_strings_become_codes_and_numbers() -> None:
    made = entry(
        number="abc-1234567-6",
        entry_type="31",
        liquidation_status="extended",
        protest="denied",
        payee="other",
        filer_code="XYZ",
    )
    assert made.number.compact == "ABC12345676"
    assert made.entry_type is EntryType.WITHDRAWAL_CONSUMPTION
    assert made.liquidation_status is LiquidationStatus.EXTENDED
    assert made.protest is ProtestStatus.DENIED
    assert made.payee is Payee.OTHER
    assert made.filer_code == "XYZ"


def test_entries_are_frozen_slotted_comparable_and_replaceable() -> None:
    made = entry()
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.entry_date = DAY  # type: ignore[misc]  # frozen on purpose
    assert not hasattr(made, "__dict__")
    assert made == entry()
    assert hash(made) == hash(entry())
    changed = dataclasses.replace(made, liquidation_date=dt.date(2026, 3, 20))
    assert changed.liquidation_date == dt.date(2026, 3, 20)
    assert changed.lines == made.lines
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"entry_type": "99"}, "entry_type"),
        ({"entry_date": dt.datetime(2025, 5, 1)}, "entry_date"),
        ({"entry_date": "2025-05-01"}, "entry_date"),
        ({"deposit_date": "2025-05-01"}, "deposit_date"),
        ({"cape_accepted_on": 20260420}, "cape_accepted_on"),
        ({"lines": ["99030125"]}, "lines"),
        ({"lines": [LINE, LINE]}, "line number twice"),
        ({"liquidation_status": "final"}, "liquidation_status"),
        ({"payee": "llc"}, "payee"),
        ({"statement_paid": "Y"}, "statement_paid"),
        ({"on_drawback_claim": 1}, "on_drawback_claim"),
        ({"already_refunded": Decimal("-1.00")}, "already_refunded"),
        ({"already_refunded": Decimal("1.005")}, "already_refunded"),
        ({"liquidation_date": dt.date(2025, 4, 30)}, "liquidation_date"),
        (
            {"liquidation_date": dt.date(2026, 3, 20), "reliquidation_date": dt.date(2026, 3, 19)},
            "reliquidation_date",
        ),
    ],
)
def test_bad_facts_are_refused_with_the_field(changes: dict[str, Any], names: str) -> None:
    with pytest.raises(FieldError, match=names) as caught:
        entry(**changes)
    assert caught.value.remedy


def test_money_is_decimal_int_or_text_with_two_places() -> None:
    row = TariffLine("9903.01.25", "1000", 5)
    assert (row.value, row.duty) == (Decimal("1000.00"), Decimal("5.00"))
    assert TariffLine("9903.01.25").duty is None
    assert TariffLine("9903.01.25", 0, Decimal("-12.50")).duty == Decimal("-12.50")
    with pytest.raises(FloatMoneyError, match=r'pass Decimal\("10\.5"\)'):
        TariffLine("9903.01.25", 0, 10.5)  # type: ignore[arg-type]  # the mistake the error is for
    with pytest.raises(TypeError, match="boolean"):
        TariffLine("9903.01.25", True)
    with pytest.raises(TypeError, match="list"):
        TariffLine("9903.01.25", [])  # type: ignore[arg-type]  # the mistake the error is for
    for bad in ("ten", Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 14, "1.005"):
        with pytest.raises(FieldError, match="duty"):
            TariffLine("9903.01.25", 0, bad)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # facts of the tariff: three spellings of one heading, and numbers spreadsheets spoil
        ("99030125", "9903.01.25"),
        ("9903.01.25.00", "9903.01.25"),
        ("9903.01.25", "9903.01.25"),
        ("99030125.0", "9903.01.25"),
        ("8708106050", "8708.10.60.50"),
        ("101210010", "0101.21.00.10"),
        ("1012100", "0101.21.00"),
        ("9802.00.80", "9802.00.80"),
        ("a-570-979", "A-570-979"),
        ("C570979001", "C-570-979-001"),
        ("499", "499"),
    ],
)
def test_tariff_numbers(text: str, number: str) -> None:
    assert normalise_tariff_number(text) == number


@pytest.mark.parametrize("text", ["", "9903", "99.03.01.2", "ABCDEFGH", "123456789012", "9.9E+7"])
def test_bad_tariff_numbers(text: str) -> None:
    with pytest.raises(HtsNumberError, match="neither 8 nor 10"):
        normalise_tariff_number(text)


def test_tariff_numbers_are_text() -> None:
    with pytest.raises(HtsNumberError, match="a int"):
        TariffLine(99030125)  # type: ignore[arg-type]  # the mistake the error is for


def test_lines_are_checked() -> None:
    row = TariffLine("9903.01.25")
    for number in (0, -1, True, "1"):
        with pytest.raises(FieldError, match="line_number"):
            EntryLine(number, "CN", [row])  # type: ignore[arg-type]  # the mistake the error is for
    with pytest.raises(FieldError, match="tariffs of line 2"):
        EntryLine(2, "CN", [])
    with pytest.raises(FieldError, match="tariffs of line 2"):
        EntryLine(2, "CN", ["99030125"])  # type: ignore[list-item]  # the mistake the error is for
    with pytest.raises(FieldError, match="column1_rate"):
        EntryLine(1, "CN", [row], column1_rate=Decimal("2.5"))  # type: ignore[arg-type]  # same
    assert EntryLine(1, None, [row], special_program=" ").special_program is None


def test_column_1_rates() -> None:
    # HTSUS chapter 99 U.S. note 2(v)(xix): 50 cents a kilogram on USD 10 a kilogram is 5 per cent.
    rate = Column1Rate(specific=Decimal("0.50"), quantity=Decimal(1))
    assert rate.ad_valorem_equivalent(Decimal(10)) == 5
    assert rate.duty(Decimal(10)) == Decimal("0.50")
    assert Column1Rate(Decimal("2.5")).duty(Decimal(10000)) == Decimal("250.00")
    assert Column1Rate().ad_valorem_equivalent(Decimal(0)) is None
    assert Column1Rate(Decimal("2.5")).ad_valorem_equivalent(Decimal(80)) == Decimal("2.5")
    with pytest.raises(FieldError, match="below zero"):
        Column1Rate(Decimal(-1))
    with pytest.raises(FieldError, match="quantity"):
        Column1Rate(specific=Decimal("0.5"))
    with pytest.raises(FloatMoneyError, match="ad_valorem"):
        Column1Rate(2.5)  # type: ignore[arg-type]  # the mistake the error is for


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("75-419312501", "**-*****2501"),
        ("123-45-6789", "***-**-****"),
        ("123456789", "*********"),
        ("1234", "****"),
        ("12-345678900", "**-*****8900"),
    ],
)
def test_importer_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_importer(number) == masked
    assert mask_importer(None) is None


def test_errors_say_where_and_survive_pickling() -> None:
    error = FieldError(
        "found x.", remedy="Do y.", file="a.csv", sheet="Main Report", row=7, column="Entry Date", value="x"
    )
    assert str(error) == "file a.csv, sheet Main Report, row 7, column Entry Date: found x. Do y."
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.row, again.remedy) == (str(error), 7, "Do y.")
    assert isinstance(error, IeepaRefundError)
    assert isinstance(error, ValueError)


def test_a_missing_extra_names_itself() -> None:
    error = MissingExtraError("Reading .xlsx files", "excel")
    assert isinstance(error, ImportError)
    assert "ieeparefund[excel]" in str(error)
