"""What the columns refuse, with the field, what was found and what was expected; and what they take."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ieeparefund.columns import (
    ENTRY_SCHEMA,
    LARGEST_CENTS,
    ROW_SCHEMA,
    TARIFF_SCHEMA,
    ColumnError,
    estimate_batch,
    estimate_schema,
)
from ieeparefund.columns.batch import estimate_unit, unit_of
from ieeparefund.columns.duckdb import DuckEngine, in_entry_order
from ieeparefund.columns.estimator import Estimator
from ieeparefund.errors import CoverageError, EntryNumberError, FieldError, HtsNumberError

DAY = dt.date(2025, 7, 1)
TERMS: dict[str, Any] = {"as_of": dt.date(2026, 5, 15), "payee": "corporation"}
NUMBERS = ("ABC12345676", "MYK28103742")


def entries(**columns: Any) -> pa.RecordBatch:
    given: dict[str, Any] = {
        "entry_number": list(NUMBERS),
        "entry_type": ["01", "11"],
        "entry_date": [DAY, DAY],
    }
    given |= columns
    return pa.RecordBatch.from_pydict({name: values for name, values in given.items() if values is not None})


def tariffs(**columns: Any) -> pa.RecordBatch:
    given: dict[str, Any] = {
        "entry_number": list(NUMBERS),
        "line_number": [1, 1],
        "tariff_number": ["9903.01.24", "9903.01.25"],
        "duty_cents": [10_000, 20_000],
    }
    given |= columns
    return pa.RecordBatch.from_pydict({name: values for name, values in given.items() if values is not None})


def duties(own: pa.RecordBatch, rows: pa.RecordBatch | None = None, **terms: Any) -> list[int]:
    found = estimate_batch(own, tariffs() if rows is None else rows, **(TERMS | terms))
    return found["ieepa_duty_cents"].to_pylist()


def test_the_smallest_tables_are_enough() -> None:
    """Two entries worked by hand: duty as paid; China's fentanyl heading and the general reciprocal one."""
    assert duties(entries()) == [10_000, 20_000]


@pytest.mark.parametrize(
    ("column", "values", "found", "expected"),
    [
        ("duty_cents", pa.array([100.0, 200.0]), "double", "int64 cents"),
        ("duty_cents", pa.array([Decimal("1.00"), Decimal("2.00")]), "decimal128", "int64 cents"),
        ("duty_cents", pa.array([2**63, 1], pa.uint64()), "beyond int64", "int64 cents"),
        ("duty_cents", pa.array([LARGEST_CENTS + 1, 0]), str(LARGEST_CENTS + 1), "at most"),
        ("duty_cents", pa.array([0, -LARGEST_CENTS - 1]), str(-LARGEST_CENTS - 1), "at most"),
        ("value_cents", pa.array(["1", "2"]), "string", "int64 cents"),
        ("line_number", pa.array([1.0, 1.0]), "double", "int32"),
        ("line_number", pa.array([0, 1]), "below 1", "in order"),
        ("line_number", pa.array([None, 1], pa.int32()), "1 nulls", "a value in every row"),
        ("tariff_number", pa.array([99030124, 99030125]), "int64", "text"),
        ("country_of_origin", pa.array([1, 2]), "int64", "text"),
        ("column1_rate", pa.array([2.5, 2.5]), "double", "decimal128"),
        ("column1_rate", pa.array([Decimal("-1"), None]), "below zero", "0 to 900"),
        ("column1_rate", pa.array([Decimal("1000"), None]), "above 900", "0 to 900"),
        ("column1_rate", pa.array([Decimal("0." + "1" * 20)] * 2), "decimal128", "16 decimal places"),
        ("duty_cents", None, "no such column", "int64"),
    ],
)
def test_tariff_columns_of_another_kind_are_refused(
    column: str, values: Any, found: str, expected: str
) -> None:
    with pytest.raises(ColumnError) as caught:
        # An all-in heading, so that the column-1 rate is looked at.
        duties(entries(), tariffs(**{"tariff_number": ["9903.02.19"] * 2, column: values}))
    error = caught.value
    assert error.column == column
    assert found in error.found
    assert expected in error.expected
    assert column in str(error)
    assert isinstance(error, TypeError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("entry_date", pa.array([dt.datetime(2025, 7, 1)] * 2, pa.timestamp("us", "UTC")), "tz=UTC"),
        ("entry_date", pa.array([dt.datetime(2025, 7, 1, 8)] * 2), "time of day"),
        ("entry_date", pa.array(["2025-07-01"] * 2), "string"),
        ("entry_date", pa.array([dt.date(1970, 1, 1), DAY]), "outside 1970-01-02"),
        ("entry_date", pa.array([dt.date(1969, 1, 1), DAY]), "outside 1970-01-02"),
        ("entry_date", pa.array([None, DAY], pa.date32()), "1 nulls"),
        ("entry_type", pa.array([1, 11]), "int64"),
        ("entry_type", pa.array(["01", "99"]), "'99'"),
        ("entry_type", pa.array([1.0, 11.0]), "double"),
        ("protest", pa.array(["none", "perhaps"]), "'perhaps'"),
        ("in_ace", pa.array([1, 0]), "int64"),
        ("entry_number", pa.array([1, 2]), "int64"),
        ("already_refunded_cents", pa.array([-1, 0]), "-1 cents"),
        ("liquidation_date", pa.array([dt.date(2025, 6, 1), None]), "before entry_date 2025-07-01"),
        ("entry_date", None, "no such column"),
    ],
)
def test_entry_columns_of_another_kind_are_refused(column: str, values: Any, found: str) -> None:
    with pytest.raises(ColumnError) as caught:
        duties(entries(**{column: values}))
    assert (caught.value.column, found in caught.value.found) == (column, True)


def test_a_reliquidation_before_the_liquidation_is_refused() -> None:
    dates = {"liquidation_date": [dt.date(2026, 5, 1)] * 2, "reliquidation_date": [dt.date(2026, 4, 1), None]}
    with pytest.raises(ColumnError, match="before liquidation_date 2026-05-01 in entry ABC12345676"):
        duties(entries(**dates))


def test_entry_types_are_restored_when_asked() -> None:
    found = estimate_batch(entries(entry_type=[1, 11]), tariffs(), restore_entry_type=True, **TERMS)
    assert found == estimate_batch(entries(), tariffs(), **TERMS)


def test_other_arrow_types_of_the_same_meaning_are_taken() -> None:
    own = entries(
        entry_number=pa.array(NUMBERS, pa.large_string()),
        entry_type=pa.array(["01", "11"], pa.string_view()),
        entry_date=pa.array([dt.datetime(2025, 7, 1)] * 2),
        deposit_date=pa.array([dt.date(2025, 7, 15)] * 2, pa.date64()),
        protest=pa.nulls(2),
        ad_cvd=pa.nulls(2, pa.string()).dictionary_encode(),
        reconciliation_due=pa.nulls(2),
    )
    rows = tariffs(
        duty_cents=pa.array([10_000, 20_000], pa.int32()),
        line_number=pa.array([1, 1], pa.uint8()),
        tariff_number=pa.DictionaryArray.from_arrays(
            pa.array([0, 1], pa.uint8()), ["99030124", "9903.01.25.00"]
        ),
        entry_number=pa.array(NUMBERS).dictionary_encode(),
    )
    assert duties(own, rows) == [10_000, 20_000]


def test_entry_numbers_in_other_spellings_come_out_compact() -> None:
    found = estimate_batch(entries(entry_number=["abc-1234567-6", "MYK-2810374-2"]), tariffs(), **TERMS)
    assert found["entry_number"].to_pylist() == list(NUMBERS)
    for wrong in ("ABC1234567X", "00012345676", "AB*12345676"):
        with pytest.raises(EntryNumberError, match="eight digits"):
            duties(entries(entry_number=[wrong, NUMBERS[1]]))


def test_text_that_is_no_tariff_number_is_refused() -> None:
    with pytest.raises(HtsNumberError, match="neither 8 nor 10"):
        duties(entries(), tariffs(tariff_number=["99", "9903.01.25"]))


def test_rows_in_another_order_find_their_entries_and_strangers_are_refused() -> None:
    assert duties(entries(), tariffs(entry_number=list(NUMBERS[::-1]))) == [20_000, 10_000]
    apart = tariffs(
        entry_number=[NUMBERS[0], NUMBERS[1], NUMBERS[0]],
        line_number=[1, 1, 2],
        tariff_number=["9903.01.24"] * 3,
        duty_cents=[1, 10, 100],
    )
    assert duties(entries(), apart) == [101, 10]
    small = tariffs(entry_number=[number.lower() for number in NUMBERS])
    assert duties(entries(), small) == [10_000, 20_000]
    with pytest.raises(ColumnError, match="tariff rows of XYZ12345678"):
        duties(entries(), tariffs(entry_number=["XYZ12345678", NUMBERS[1]]))


@pytest.mark.parametrize("numbers", [[NUMBERS[0]] * 2, [NUMBERS[1], NUMBERS[0], NUMBERS[1]]])
def test_an_entry_comes_once(numbers: list[str]) -> None:
    count = len(numbers)
    own = entries(entry_number=numbers, entry_type=["01"] * count, entry_date=[DAY] * count)
    with pytest.raises(ColumnError, match=f"entry {numbers[-1]} twice"):
        duties(own)


def rows_with_entry(**columns: Any) -> pa.RecordBatch:
    given: dict[str, Any] = {
        "entry_number": [NUMBERS[0], NUMBERS[0], NUMBERS[1]],
        "entry_type": ["01", "01", "11"],
        "entry_date": [DAY] * 3,
        "line_number": [1, 2, 1],
        "tariff_number": ["9903.01.24"] * 3,
        "duty_cents": [1, 10, 100],
    }
    return pa.RecordBatch.from_pydict(given | columns)


def test_rows_that_repeat_the_entry() -> None:
    found = estimate_batch(rows_with_entry(), **TERMS)
    assert found["ieepa_duty_cents"].to_pylist() == [11, 100]


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("entry_date", [DAY, dt.date(2025, 7, 2), DAY], "two values in the rows of entry ABC12345676"),
        ("entry_type", ["01", "06", "11"], "two values in the rows of entry ABC12345676"),
        ("in_ace", [True, None, None], "two values in the rows of entry ABC12345676"),
        ("entry_number", [NUMBERS[0], NUMBERS[1], NUMBERS[0]], "do not stand together"),
    ],
)
def test_rows_that_say_two_things_of_an_entry_are_refused(column: str, values: list[Any], found: str) -> None:
    with pytest.raises(ColumnError, match=found) as caught:
        estimate_batch(rows_with_entry(**{column: values}), **TERMS)
    assert caught.value.column == column


def test_a_batch_without_tariff_rows_is_refused_and_lists_must_be_of_rows() -> None:
    with pytest.raises(ColumnError, match="no tariff rows"):
        estimate_batch(entries(), **TERMS)
    with pytest.raises(ColumnError, match="list<struct>"):
        estimate_batch(entries(tariffs=pa.array([[1], [2]])), **TERMS)


def test_two_columns_of_a_name_are_refused() -> None:
    own = entries()
    twice = pa.RecordBatch.from_arrays([*own.columns, own.column(2)], names=[*own.schema.names, "entry_date"])
    with pytest.raises(ColumnError, match="two columns"):
        estimate_batch(twice, tariffs(), **TERMS)


both = pytest.mark.parametrize("engine", ["numpy", "duckdb"])


def answered(engine: str, own: pa.RecordBatch, rows: pa.RecordBatch, **terms: Any) -> list[dict[str, Any]]:
    if engine == "duckdb":
        pytest.importorskip("duckdb", reason="the duckdb extra is not installed")
    unit, estimator = unit_of(own, rows), Estimator(**TERMS | terms)
    found = estimate_unit(unit, estimator) if engine == "numpy" else DuckEngine(estimator).estimate(unit)
    rows_found: list[dict[str, Any]] = found.to_pylist()
    return rows_found


@both
def test_one_rate_a_line(engine: str) -> None:
    rows = tariffs(
        entry_number=[NUMBERS[0]] * 2,
        tariff_number=["9903.02.19", "8471300100"],
        column1_rate=[Decimal("2.5"), Decimal("3.5")],
    )
    with pytest.raises(ColumnError, match="two rates on one line"):
        answered(engine, entries(), rows)


@both
def test_line_numbers_fall_only_between_entries(engine: str) -> None:
    for lines in ([2, 1], [0, 1]):
        rows = tariffs(entry_number=[NUMBERS[0]] * 2, line_number=lines)
        with pytest.raises(ColumnError, match="fall within an entry"):
            answered(engine, entries(), rows)
    found = answered(engine, entries(), tariffs(line_number=[2, 1]))
    assert [row["ieepa_duty_cents"] for row in found] == [10_000, 20_000]


@both
def test_an_entry_beyond_the_range_is_refused(engine: str) -> None:
    rows = tariffs(entry_number=[NUMBERS[0]] * 2, duty_cents=[LARGEST_CENTS, 1])
    with pytest.raises(ColumnError, match="beyond the range"):
        answered(engine, entries(), rows)


@both
def test_duty_on_an_exemption_where_no_country_is_known(engine: str) -> None:
    """9903.01.32 exempts goods of any country, so the duty on it comes back at most."""
    found = answered(engine, entries(), tariffs(tariff_number=["9903.01.32", "9903.01.25"]))
    assert [(row["refundable_low_cents"], row["refundable_high_cents"]) for row in found] == [
        (0, 10_000),
        (20_000, 20_000),
    ]


def test_entries_with_very_many_rows_or_amounts_add_up() -> None:
    many = 1200
    rows = tariffs(
        entry_number=[NUMBERS[0]] * many + [NUMBERS[1]],
        line_number=[*range(1, many + 1), 1],
        tariff_number=["9903.01.24"] * (many + 1),
        duty_cents=[LARGEST_CENTS // many] * many + [7],
    )
    assert duties(entries(), rows) == [LARGEST_CENTS // many * many, 7]


def test_terms_are_checked_as_in_the_scalar_code() -> None:
    for wrong in ({"payee": "nobody"}, {"as_of": dt.datetime(2026, 5, 1)}, {"deposit_rule": "later"}):
        with pytest.raises(FieldError):
            duties(entries(), **wrong)
    with pytest.raises(FieldError):
        duties(entries(), liquidated_on="2026-05-01")


def test_a_dictionary_without_texts_and_no_value_column() -> None:
    none = pa.DictionaryArray.from_arrays(pa.nulls(2, pa.int32()), pa.array([], pa.string()))
    assert duties(entries(protest=none), tariffs(country_of_origin=none)) == [10_000, 20_000]


@both
def test_an_all_in_line_by_hand(engine: str) -> None:
    """CSMS 66319804 by hand: 15 per cent of 1000.00 on the heading, column 1 of 2.5 per cent inside it."""
    own = entries(entry_number=[NUMBERS[0]], entry_type=["01"], entry_date=[dt.date(2025, 9, 1)])
    rows = tariffs(
        entry_number=[NUMBERS[0]] * 2,
        tariff_number=["9903.02.19", "8708106000"],
        duty_cents=[15_000, 0],
        value_cents=[0, 100_000],
        column1_rate=[None, Decimal("2.5")],
        country_of_origin=["DE", "DE"],
    )
    (row,) = answered(engine, own, rows)
    low, high = row["refundable_low_cents"], row["refundable_high_cents"]
    assert (row["ieepa_duty_cents"], low, high) == (15_000, 12_500, 12_500)


@both
def test_no_entries_no_answers(engine: str) -> None:
    empty = estimate_batch(entries().slice(0, 0), tariffs().slice(0, 0), **TERMS)
    assert (len(empty), empty.schema) == (0, estimate_schema())
    assert answered(engine, entries().slice(0, 0), tariffs().slice(0, 0)) == []
    nobody = answered(engine, entries(), tariffs().slice(0, 0))
    assert [row["outcome"] for row in nobody] == ["undetermined", "undetermined"]


@both
@pytest.mark.parametrize("rule", ["summary", "periodic"])
def test_days_outside_the_years_tabulated_and_outside_the_calendar(engine: str, rule: str) -> None:
    """The calendar ends in 2049. By hand: the tenth working day after Thursday 2035-06-07 is Friday 2035-06-22, with
    Juneteenth on a Tuesday; the fifteenth of July is Monday the 23rd, with the fourth on a Wednesday.
    """
    later = entries(entry_date=[dt.date(2035, 6, 7)] * 2)
    due = {"summary": dt.date(2035, 6, 22), "periodic": dt.date(2035, 7, 23)}[rule]
    found = answered(engine, later, tariffs(), deposit_rule=rule)
    assert [row["deposit_date"] for row in found] == [due, due]
    with pytest.raises(CoverageError, match="2049-12-31, not for 2051-0"):
        answered(engine, entries(entry_date=[DAY, dt.date(2051, 6, 7)]), tariffs(), deposit_rule=rule)


@both
def test_an_acceptance_outside_the_calendar(engine: str) -> None:
    days = {
        "entry_date": dt.date(1985, 1, 2),
        "deposit_date": dt.date(1985, 1, 10),
        "liquidation_date": dt.date(1985, 3, 1),
        "cape_accepted_on": dt.date(1985, 3, 10),
    }
    with pytest.raises(CoverageError, match="not for 1985-03-10"):
        answered(engine, entries(**{name: [day] * 2 for name, day in days.items()}), tariffs())


def test_answers_of_sql_are_put_in_the_order_of_the_entries() -> None:
    mixed = pa.table({"entry": pa.array([2, 0, 1], pa.int32()), "low": [30, 10, 20]})
    assert in_entry_order(mixed)["low"].to_pylist() == [10, 20, 30]
    assert in_entry_order(mixed.slice(1)).equals(mixed.slice(1))


def test_the_error_survives_a_process_border() -> None:
    error = ColumnError("duty_cents", "double", "int64 cents", "Pass whole cents.")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.found, copy.expected) == (str(error), "double", "int64 cents")


def test_the_schemas_say_what_they_hold() -> None:
    assert ENTRY_SCHEMA.field("entry_date").type == pa.date32()
    assert not ENTRY_SCHEMA.field("entry_date").nullable
    assert TARIFF_SCHEMA.field("duty_cents").type == pa.int64()
    assert TARIFF_SCHEMA.field("duty_cents").nullable
    assert set(ROW_SCHEMA.names) == set(ENTRY_SCHEMA.names) | set(TARIFF_SCHEMA.names)
