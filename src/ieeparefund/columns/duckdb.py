# ruff: noqa: S608 - the SQL is made of law tables and constants; no text of a user goes into it
"""The DuckDB engine: the law as SQL, unit by unit, over small tables made by the scalar functions.

It is an engine of its own: apart from reading, checking and the tables nothing is shared with the numpy kernels,
so the two are a check on each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ieeparefund.columns import arrays, headings, tables
from ieeparefund.columns.estimator import Estimator
from ieeparefund.columns.headings import (
    CHAPTER_98,
    CHAPTER_99,
    CHAPTERS_1_TO_97,
    IEEPA,
    OUT_OF_DATES,
    ROLE_SHIFT,
)
from ieeparefund.columns.kernels import Array
from ieeparefund.columns.rules import OUTCOMES
from ieeparefund.columns.schema import (
    ENTRY_COLUMNS,
    ESTIMATE_COLUMNS,
    LARGEST_CENTS,
    ColumnError,
    Kind,
    estimate_schema,
)
from ieeparefund.columns.sql import answers_sql, cents_sql, estimates_sql
from ieeparefund.columns.units import Unit
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import MissingExtraError
from ieeparefund.law.duty_lines import Role

__all__ = ["DuckEngine"]

_OUTCOMES = pa.array([str(outcome) for outcome in OUTCOMES], pa.string())
_NO_COUNTRY = -1
# The answers as the second query names them.
_NAMES = {
    "ieepa_duty_cents": "paid",
    "refundable_cents": "low",
    "refundable_low_cents": "low",
    "refundable_high_cents": "high",
    "interest_cents": "interest",
    "interest_projected_cents": "projected",
    "refund_cents": "refund",
    "deposit_date": "deposit",
}


class DuckEngine:
    """Estimates units by SQL in a DuckDB of its own in memory. Not for use from several threads at once."""

    def __init__(self, estimator: Estimator) -> None:
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("the engine duckdb", "duckdb") from None
        self._estimator = estimator
        self._connection = duckdb.connect(":memory:")
        self._estimates = estimates_sql(estimator.as_of, estimator.deposit_rule, estimator.liquidated_on)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def estimate(self, unit: Unit) -> pa.RecordBatch:
        """Return the estimates of a unit, as `estimate_unit` does."""
        connection = self._connection
        self._register("entries", self._entries(unit))
        self._register("calendar", self._calendar(unit))
        for name, table in self._tariffs(unit).items():
            self._register(name, table)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE estimates AS {self._estimates}")
        factors, spans = self._factors()
        self._register("factors", factors)
        projected = " + ".join(
            f"{cents_sql('low', f'f.until_{span}')} - {cents_sql('low', f'f.before_{span}')}"
            for span in range(spans)
        )
        query = f"""
            SELECT a.*, a.low + a.interest AS refund, COALESCE(f.provisional, FALSE) AS provisional,
                COALESCE({projected or "0"}, 0) AS projected
            FROM ({answers_sql()}) a
            LEFT JOIN factors f ON f.deposit = a.interest_from AND f.last_day = a.interest_to AND f.payee = a.payee
            ORDER BY a.entry"""
        found = connection.sql(query).to_arrow_table()
        return self._answers(unit, found)

    def _register(self, name: str, table: pa.Table) -> None:
        self._connection.register(name, table)

    def _entries(self, unit: Unit) -> pa.Table:
        count = unit.count
        columns: dict[str, Any] = {"entry": pa.array(np.arange(count))}
        for column in ENTRY_COLUMNS[1:]:
            array = unit.entries.get(column.name)
            if array is None:
                array = pa.nulls(count, pa.string() if column.kind is Kind.CODE else column.field.type)
            elif column.kind is Kind.CODE:
                self._estimator.codes[column.name].table(array.dictionary)  # refuses unknown codes
            elif column.kind is Kind.DAY:
                arrays.days(array, column.name)
            elif column.kind is Kind.CENTS:
                arrays.cents(array, column.name)
            columns[column.name] = array
        self._estimator.check(unit)
        table = pa.table(columns)
        payee = pa.array([str(self._estimator.payee)] * count) if "payee" not in unit.entries else None
        if payee is not None:
            return table.set_column(table.schema.get_field_index("payee"), "payee", payee)
        filled = table["payee"].cast(pa.string()).fill_null(str(self._estimator.payee))
        return table.set_column(table.schema.get_field_index("payee"), "payee", filled)

    def _calendar(self, unit: Unit) -> pa.Table:
        """Functions of each day that the unit asks for; null where the scalar function has no answer."""
        asked = [unit.entries[name] for name in ("entry_date", "cape_accepted_on") if name in unit.entries]
        days = {tables.day_number(self._estimator.as_of)}
        for array in asked:
            days.update(np.unique(arrays.days(array, "day")).tolist())
        days.discard(0)
        order = np.array(sorted(days), np.int32)
        functions = {
            "summary_due": tables.summary_due_days(),
            "periodic_due": tables.periodic_due_days(),
            "next_working_day": tables.next_working_days(),
        }
        columns: dict[str, Any] = {
            "day": pa.array(order, pa.int32()).cast(pa.date32()),
            "epoch": pa.array(headings.epochs(order).astype(np.int32)),
        }
        for name, function in functions.items():
            found = function.known(order)
            columns[name] = pa.array(found, pa.int32(), mask=found == 0).cast(pa.date32())
        return pa.table(columns)

    def _tariffs(self, unit: Unit) -> dict[str, pa.Table]:
        tariffs = unit.tariffs
        numbers = tariffs["tariff_number"]
        count = len(numbers)
        places = np.arange(unit.count) if unit.places is None else unit.places
        counts = np.diff(np.append(unit.starts, count))
        country, countries = self._countries(tariffs.get("country_of_origin"), count)
        rate = arrays.rates(tariffs["column1_rate"]) if "column1_rate" in tariffs else np.full(count, -1)
        value = tariffs.get("value_cents")
        for name in ("duty_cents", "value_cents"):
            if name in tariffs:
                arrays.cents(tariffs[name], name)
        rows = pa.table(
            {
                "entry": pa.array(np.repeat(places, counts)),
                "line_number": tariffs["line_number"],
                "number": pa.array(arrays.indices(numbers)),
                "duty_cents": tariffs["duty_cents"],
                "value_cents": pa.nulls(count, pa.int64()) if value is None else value,
                "country": pa.array(country),
                "rate": pa.array(rate, pa.int64(), mask=rate < 0),
            }
        )
        return {"tariffs": rows, **self._number_tables(numbers.dictionary, countries)}

    @staticmethod
    def _countries(array: pa.DictionaryArray | None, count: int) -> tuple[Array, list[str | None]]:
        if array is None:
            return np.full(count, _NO_COUNTRY, np.int32), []
        known = arrays.valid(array)
        places = arrays.indices(array)
        if known is not None:
            places = np.where(known, places, np.int32(_NO_COUNTRY))
        return places, array.dictionary.to_pylist()

    def _number_tables(self, dictionary: pa.Array, countries: list[str | None]) -> dict[str, pa.Table]:
        """What each number of the dictionary is, the epochs it is out of its dates in, and where it exempts."""
        numbers = self._estimator.numbers
        table = numbers.table(numbers.codes.table(dictionary)).reshape(-1, numbers.epochs)
        word = table[:, 0]
        role = (word >> np.uint16(ROLE_SHIFT)).astype(np.int32)
        out = np.argwhere(table & np.uint16(OUT_OF_DATES))
        exempting = [
            (place, epoch, at)
            for place in np.flatnonzero(role == Role.NO_DUTY).tolist()
            for number in [normalise_tariff_number(dictionary[place].as_py())]
            for at, country in [(_NO_COUNTRY, None), *enumerate(countries)]
            for epoch in range(numbers.epochs)
            if headings.exempts(number, epoch, country.strip().upper() or None if country else None)
        ]
        columns = np.array(exempting, np.int32).reshape(-1, 3)
        flags = {
            name: pa.array((word & np.uint16(bit)) != 0)
            for name, bit in (
                ("ieepa", IEEPA),
                ("chapter_99", CHAPTER_99),
                ("chapter_98", CHAPTER_98),
                ("ordinary", CHAPTERS_1_TO_97),
            )
        }
        return {
            "numbers": pa.table(
                {"place": pa.array(np.arange(len(word), dtype=np.int32)), "role": pa.array(role), **flags}
            ),
            "out_of_dates": pa.table(
                {"place": pa.array(out[:, 0].astype(np.int32)), "epoch": pa.array(out[:, 1].astype(np.int32))}
            ),
            "exempting": pa.table(
                {name: pa.array(columns[:, at]) for at, name in enumerate(("place", "epoch", "country"))}
            ),
        }

    def _factors(self) -> tuple[pa.Table, int]:
        """The factor of each distinct pair of days; for each span of projected rates those up to it and before it."""
        ((largest,),) = self._connection.sql("SELECT MAX(GREATEST(low, paid)) FROM estimates").fetchall()
        if largest is not None and largest > LARGEST_CENTS:
            raise ColumnError(
                "duty_cents", "an entry beyond the range", f"at most {LARGEST_CENTS} cents an entry"
            )
        pairs = self._connection.sql(
            "SELECT DISTINCT payee, deposit, last_day FROM estimates WHERE low > 0"
        ).to_arrow_table()
        payee = pairs["payee"].cast(pa.string())
        codes = np.array([self._estimator.payees.index(text) + 1 for text in payee.to_pylist()], np.uint8)
        start, last = (
            pairs[name].cast(pa.date32()).cast(pa.int32()).to_numpy() for name in ("deposit", "last_day")
        )
        columns: dict[str, Any] = {"payee": payee, "deposit": pairs["deposit"], "last_day": pairs["last_day"]}
        columns["units"] = pa.array(self._estimator.factor(codes, start, last), pa.int64())
        provisional = np.zeros(len(start), np.bool_)
        spans = tables.projected_spans(self._estimator.rates, int(last.max())) if len(last) else []
        for place, (first_day, last_day) in enumerate(spans):
            provisional |= (last >= first_day) & (start < last_day) & (start < last)
            until = np.maximum(np.minimum(last, last_day), start).astype(np.int32)
            before = np.minimum(np.maximum(start, first_day - 1), until).astype(np.int32)
            columns[f"until_{place}"] = pa.array(self._estimator.factor(codes, start, until), pa.int64())
            columns[f"before_{place}"] = pa.array(self._estimator.factor(codes, start, before), pa.int64())
        columns["provisional"] = pa.array(provisional)
        return pa.table(columns), len(spans)

    def _answers(self, unit: Unit, found: pa.Table) -> pa.RecordBatch:
        columns = [unit.entries["entry_number"]]
        for column in ESTIMATE_COLUMNS[1:]:
            array = found[_NAMES.get(column.name, column.name)].combine_chunks()
            if column.kind is Kind.CODE:
                array = pa.DictionaryArray.from_arrays(array.cast(pa.int32()), _OUTCOMES)
            columns.append(array.cast(column.field.type))
        return pa.RecordBatch.from_arrays(columns, schema=estimate_schema())
