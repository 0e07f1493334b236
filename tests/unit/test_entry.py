"""Entries, lines and tariff rows: what is accepted, normalised, and refused with the field's name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries import trusted
from ieeparefund.entries.codes import (
    AdCvdStatus,
    EntryType,
    LiquidationStatus,
    Payee,
    ProtestStatus,
    SummaryStatus,
)
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import is_chapter_99, normalise_tariff_number
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


# Each fact with a value of its own, so that none can stand in for another.
EVERY_FACT: dict[str, Any] = {
    "number": EntryNumber("ABC12345676"),
    "entry_type": EntryType.ANTIDUMPING_COUNTERVAILING,
    "entry_date": dt.date(2025, 5, 1),
    "lines": (LINE,),
    "importer": "12-345678900",
    "filer_code": "XYZ",
    "deposit_date": dt.date(2025, 5, 15),
    "entry_summary_date": dt.date(2025, 5, 14),
    "liquidation_date": dt.date(2026, 3, 20),
    "liquidation_status": LiquidationStatus.LIQUIDATED,
    "summary_status": SummaryStatus.TRADE_CONTROL,
    "statement_paid": True,
    "protest": ProtestStatus.DENIED,
    "ad_cvd": AdCvdStatus.LIQUIDATION_PENDING,
    "reconciliation_flagged": True,
    "reconciliation_filed": False,
    "reconciliation_due": dt.date(2027, 2, 1),
    "on_drawback_claim": True,
    "paid_by_surety": False,
    "correction_pending": True,
    "in_ace": False,
    "cape_accepted_on": dt.date(2026, 4, 21),
    "reliquidation_date": dt.date(2026, 4, 3),
    "already_refunded": Decimal("1.10"),
    "other_adjustments": Decimal("-2.20"),
    "payee": Payee.CORPORATION,
    "notify_party": "98-765432100",
}


def test_every_fact_is_kept_under_its_own_name() -> None:
    made = Entry(**EVERY_FACT)
    assert {name: getattr(made, name) for name in EVERY_FACT} == EVERY_FACT
    assert list(EVERY_FACT) == [field.name for field in dataclasses.fields(Entry)]
    assert Entry(*EVERY_FACT.values()) == made


def test_a_number_given_as_text_is_not_refused_for_its_check_digit() -> None:
    # ABC-1234567-6 is the number with the right digit.
    made = entry(number="ABC-1234567-7")
    assert (made.number.compact, made.number.check_digit_valid) == ("ABC12345677", False)


def test_what_is_not_given_is_not_known() -> None:
    made = entry()
    given = {"number", "entry_type", "entry_date", "lines", "filer_code"}
    rest = {name: getattr(made, name) for name in EVERY_FACT if name not in given}
    amounts = {"already_refunded": Decimal("0.00"), "other_adjustments": Decimal("0.00")}
    assert rest == dict.fromkeys(rest) | amounts


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
        ({"lines": ["99030125"]}, "lines holds a str"),
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


@pytest.mark.parametrize(
    ("changes", "column", "shown"),
    [
        ({"entry_type": "99"}, "entry_type", "99"),
        ({"ad_cvd": "12"}, "ad_cvd", "12"),
        ({"entry_date": "2025-05-01"}, "entry_date", "2025-05-01"),
        ({"entry_summary_date": "2025-05-01"}, "entry_summary_date", "2025-05-01"),
        ({"reconciliation_due": 20270201}, "reconciliation_due", "20270201"),
        ({"liquidation_date": dt.date(2025, 4, 30)}, "liquidation_date", "2025-04-30"),
        (
            {"liquidation_date": dt.date(2026, 3, 20), "reliquidation_date": dt.date(2026, 3, 19)},
            "reliquidation_date",
            "2026-03-19",
        ),
    ],
)
def test_a_refusal_names_column_and_value(changes: dict[str, Any], column: str, shown: str) -> None:
    with pytest.raises(FieldError) as caught:
        entry(**changes)
    assert caught.value.column == column
    assert column in caught.value.problem
    assert shown in str(caught.value.value)
    assert shown in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"lines": ["99030125"]}, "lines"),
        ({"lines": [LINE, LINE]}, "lines"),
        ({"in_ace": "Y"}, "in_ace"),
        ({"already_refunded": Decimal("-0.01")}, "already_refunded"),
        ({"already_refunded": "1.005"}, "already_refunded"),
        ({"other_adjustments": "1.005"}, "other_adjustments"),
    ],
)
def test_a_refusal_without_a_value_names_the_column(changes: dict[str, Any], column: str) -> None:
    with pytest.raises(FieldError) as caught:
        entry(**changes)
    assert (caught.value.column, caught.value.value) == (column, None)
    assert column in caught.value.problem
    assert caught.value.remedy


def test_days_in_a_row_may_be_one_day() -> None:
    # Entered, liquidated and reliquidated on one day: odd, but in order.
    made = entry(liquidation_date=DAY, reliquidation_date=DAY)
    assert (made.liquidation_date, made.reliquidation_date) == (DAY, DAY)
    assert entry(already_refunded=0).already_refunded == 0


def test_a_wrong_code_is_answered_with_the_codes_there_are() -> None:
    with pytest.raises(FieldError, match="Use one of corporation, other"):
        entry(payee="llc")


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


@pytest.mark.parametrize("text", ["101.21.00.10", "0101.210", "9903.01.2", "1.0", "847130.0"])
def test_dots_show_where_the_digits_belong(text: str) -> None:
    # Only a bare number can have lost a leading zero.
    with pytest.raises(HtsNumberError) as caught:
        normalise_tariff_number(text)
    assert caught.value.value == text
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1012100.0", "0101.21.00"),
        ("101210010.0", "0101.21.00.10"),
        ("9903012500", "9903.01.25"),
        ("9903 01 25", "9903.01.25"),
        ("8471-30-01-00", "8471.30.01.00"),
        ("9903.01.25.01", "9903.01.25.01"),  # not the 00 that systems append
        ("8471300100", "8471.30.01.00"),  # nor a number of chapter 99
        (" 9903 01 25 ", "9903.01.25"),
        ("9903-01-25", "9903.01.25"),
        ("C-570-979", "C-570-979"),
        (" 499 ", "499"),
    ],
)
def test_spellings_of_tariff_numbers(text: str, number: str) -> None:
    assert normalise_tariff_number(text) == number


@pytest.mark.parametrize(
    ("number", "chapter_99"),
    [
        ("9903.01.25", True),
        ("9802.00.80", False),
        ("990", False),
        ("A-570-979", False),
        ("8471.30.01", False),
    ],
)
def test_chapter_99(number: str, chapter_99: bool) -> None:
    assert is_chapter_99(number) is chapter_99


def test_tariff_numbers_are_text() -> None:
    with pytest.raises(HtsNumberError, match="tariff number is 99030125, a int") as caught:
        TariffLine(99030125)  # type: ignore[arg-type]  # the mistake the error is for
    assert caught.value.remedy


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


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        ((0, "CN", [TariffLine("9903.01.25")]), "line_number"),
        ((2, "CN", []), "tariffs"),
        ((2, "CN", [TariffLine("9903.01.25")], Decimal("2.5")), "column1_rate"),
    ],
)
def test_a_refused_line_names_the_column(arguments: tuple[Any, ...], column: str) -> None:
    with pytest.raises(FieldError) as caught:
        EntryLine(*arguments)
    assert caught.value.column == column
    assert column in caught.value.problem
    assert caught.value.remedy


def test_a_line_keeps_its_facts() -> None:
    rate, row = Column1Rate(Decimal("2.5")), TariffLine("9903.01.25", "7.00", "0.70")
    line = EntryLine(12, " xc", (row,), rate, "kr")
    assert (line.line_number, line.country_of_origin, line.tariffs) == (12, "XC", (row,))
    assert (line.column1_rate, line.special_program) == (rate, "KR")
    assert (row.number, row.value, row.duty) == ("9903.01.25", Decimal("7.00"), Decimal("0.70"))
    bare = EntryLine(1, "", [row])
    assert (bare.country_of_origin, bare.column1_rate, bare.special_program) == (None, None, None)
    assert EntryLine(1, " ", [row]).country_of_origin is None
    for name in ("value", "duty"):
        with pytest.raises(FieldError) as caught:
            TariffLine("9903.01.25", **{name: "ten"})
        assert caught.value.column == name


def test_a_compound_rate_is_rounded_once() -> None:
    # 2.5 per cent of 100.20 is 2.505; 0.50 a unit for 2.01 units is 1.005: together 3.51, apart 2.51 + 1.01.
    rate = Column1Rate(Decimal("2.5"), Decimal("0.50"), Decimal("2.01"))
    assert rate.duty(Decimal("100.20")) == Decimal("3.51")
    assert rate.ad_valorem_equivalent(Decimal("100.50")) == Decimal("3.5")
    assert Column1Rate(Decimal("2.5"), quantity=Decimal(3)).ad_valorem_equivalent(Decimal(10)) == Decimal(
        "2.5"
    )


@pytest.mark.parametrize(
    ("arguments", "column"),
    [((-1,), "ad_valorem"), ((0, "-0.5", 1), "specific"), ((0, 0, -1), "quantity"), ((0, "0.5"), "quantity")],
)
def test_a_refused_column_1_rate_names_the_column(arguments: tuple[Any, ...], column: str) -> None:
    with pytest.raises(FieldError) as caught:
        Column1Rate(*arguments)
    assert column in caught.value.problem
    assert caught.value.remedy
    if caught.value.column is not None:
        assert caught.value.column == column


def test_a_missing_quantity_is_asked_for_by_its_column() -> None:
    with pytest.raises(FieldError) as caught:
        Column1Rate(0, "0.5")  # type: ignore[arg-type]  # amounts are taken in any exact form
    assert caught.value.column == "quantity"
    assert Column1Rate(None, "0.5", 2).ad_valorem == 0  # type: ignore[arg-type]  # a blank cell


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


def test_an_open_twin_has_the_slots_of_its_class_and_can_become_one() -> None:
    twin = trusted._twin(TariffLine)
    assert (twin.__name__, twin.__slots__) == ("OpenTariffLine", TariffLine.__slots__)
    made = twin()
    assert not hasattr(made, "__dict__")
    made.number, made.value, made.duty = "9903.01.25", None, Decimal("1.00")
    made.__class__ = TariffLine
    assert made == TariffLine("9903.01.25", None, 1)


def test_a_trusted_line_keeps_its_rate_and_program() -> None:
    rate, row = Column1Rate(Decimal("2.5")), TariffLine("9903.01.25")
    assert trusted.trusted_entry_line(3, "CN", (row,), rate, "S") == EntryLine(3, "CN", [row], rate, "S")
