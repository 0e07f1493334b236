# ruff: noqa: S608 - the SQL is made of law tables and constants; no text of a user goes into it
"""The DuckDB engine: the law as SQL, unit by unit, over small tables made by the scalar functions.

It is an engine of its own: apart from reading, checking, the tables and the look-up of places in them nothing is
shared with the numpy kernels, so the two are a check on each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ieeparefund.columns import arrays, headings, tables
from ieeparefund.columns.batch import check_lines
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
from ieeparefund.columns.sql import estimates_sql, interest_sql, lines_sql
from ieeparefund.columns.sql_facts import code_digits
from ieeparefund.columns.units import Unit
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import MissingExtraError
from ieeparefund.law.duty_lines import Role
from ieeparefund.refunds.deposit import DepositRule

__all__ = ["DuckEngine", "in_entry_order"]

_OUTCOMES = pa.array([str(outcome) for outcome in OUTCOMES], pa.string())
_NO_COUNTRY = -1
# The answers as the queries name them.
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
        # A unit is small: engines side by side use the cores better than one engine on several threads.
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._estimates = estimates_sql(estimator.as_of, estimator.deposit_rule, estimator.liquidated_on)
        self._known_kinds = -1
        self._other_days: set[int] = set()
        self._keep("calendar", self._calendar())

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def estimate(self, unit: Unit) -> pa.RecordBatch:
        """Return the estimates of a unit, as `estimate_unit` does."""
        connection = self._connection
        connection.register("entries", self._entries(unit))
        connection.register("tariffs", self._tariffs(unit))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS {lines_sql()}")
        if connection.sql("SELECT 1 FROM lines WHERE rate <> least_rate LIMIT 1").fetchall():
            raise ColumnError("column1_rate", "two rates on one line", "one rate for the rows of a line")
        found = connection.sql(self._estimates).to_arrow_table()
        return self._answers(unit, in_entry_order(found.combine_chunks()))

    def _keep(self, name: str, table: pa.Table) -> None:
        """Put a table into the database: joins with it are faster than with what is only looked at."""
        self._connection.register("given", table)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given")
        self._connection.unregister("given")

    def _entries(self, unit: Unit) -> pa.Table:
        """Days and cents as they are, the codes and flags packed into one number."""
        count = unit.count
        columns: dict[str, Any] = {
            "entry": pa.array(np.arange(count, dtype=np.int32)),
            "codes": pa.array(self._codes(unit)),
        }
        for column in ENTRY_COLUMNS[1:]:
            array, name = unit.entries.get(column.name), column.name
            if column.kind in (Kind.DAY, Kind.CENTS):
                columns[name] = pa.nulls(count, column.field.type) if array is None else array
            if array is not None and column.kind is Kind.CENTS:
                arrays.cents(array, name)
            elif array is not None and column.kind is Kind.DAY:
                days = arrays.days(array, name)
                if name in ("entry_date", "cape_accepted_on"):
                    self._widen_calendar(days)
        self._estimator.check(unit)
        return pa.table(columns)

    def _codes(self, unit: Unit) -> Array:
        known: dict[str, Array] = {}
        for column in ENTRY_COLUMNS:
            array = unit.entries.get(column.name)
            if array is not None and column.kind is Kind.CODE:
                known[column.name] = arrays.code_column(array, self._estimator.codes[column.name])
            elif array is not None and column.kind is Kind.FLAG:
                known[column.name] = arrays.flags(array)
        packed = np.zeros(unit.count, np.int64)
        for name, size, stand_in in code_digits(self._estimator.as_of):
            codes = known.get(name)
            packed *= size
            if codes is None:
                packed += stand_in
            else:
                packed += codes
                packed += (codes == 0) * np.uint8(stand_in)
        return packed

    def _widen_calendar(self, days: Array) -> None:
        """Take in days outside the years tabulated."""
        table = tables.summary_due_days()
        outside = set(days[(days != 0) & ((days < table.first) | (days > table.last))].tolist())
        if not outside <= self._other_days:
            self._other_days |= outside
            self._keep("calendar", self._calendar())

    def _calendar(self) -> pa.Table:
        """Functions of a day; null where the scalar function has no answer."""
        functions = {
            "summary_due": tables.summary_due_days(),
            "periodic_due": tables.periodic_due_days(),
            "next_working_day": tables.next_working_days(),
        }
        first, last = functions["summary_due"].first, functions["summary_due"].last
        days = np.array(sorted({*range(first, last + 1), *self._other_days}), np.int32)
        columns: dict[str, Any] = {"day": pa.array(days).cast(pa.date32())}
        for name, function in functions.items():
            found = function.known(days)
            columns[name] = pa.array(found, pa.int32(), mask=found == 0).cast(pa.date32())
        return pa.table(columns)

    def _tariffs(self, unit: Unit) -> pa.Table:
        """The rows, each with its entry, its line in the unit, and what its number is in the epoch of the entry."""
        tariffs = unit.tariffs
        count = len(tariffs["tariff_number"])
        lines = arrays.counts(tariffs["line_number"])
        if count:
            check_lines(lines, unit.starts)
        places = np.arange(unit.count) if unit.places is None else unit.places
        counts = np.diff(np.append(unit.starts, count))
        new = np.empty(count, np.bool_)
        np.not_equal(lines[1:], lines[:-1], out=new[1:])
        new[unit.starts] = True
        numbers, epochs = self._estimator.numbers, self._estimator.numbers.epochs
        dictionary = tariffs["tariff_number"].dictionary
        kinds = numbers.codes.table(dictionary).astype(np.int32)
        self._keep_numbers()
        epoch = headings.epochs(arrays.days(unit.entries["entry_date"], "entry_date").take(places))
        word = kinds.take(arrays.indices(tariffs["tariff_number"]), mode="clip") * np.int32(epochs)
        word += np.repeat(epoch, counts)
        country, countries = self._countries(tariffs.get("country_of_origin"), count)
        self._connection.register("exempting", self._exempting(dictionary, kinds, countries))
        rate = arrays.rates(tariffs["column1_rate"]) if "column1_rate" in tariffs else np.full(count, -1)
        value = tariffs.get("value_cents")
        for name in ("duty_cents", "value_cents"):
            if name in tariffs:
                arrays.cents(tariffs[name], name)
        return pa.table(
            {
                "entry": pa.array(np.repeat(places.astype(np.int32), counts)),
                "line": pa.array(np.cumsum(new, dtype=np.int32)),
                "line_number": tariffs["line_number"],
                "word": pa.array(word),
                "duty_cents": tariffs["duty_cents"],
                "value_cents": pa.nulls(count, pa.int64()) if value is None else value,
                "country": pa.array(country),
                "rate": pa.array(rate, pa.int64(), mask=rate < 0),
            }
        )

    @staticmethod
    def _countries(array: pa.DictionaryArray | None, count: int) -> tuple[Array, list[str | None]]:
        if array is None:
            return np.full(count, _NO_COUNTRY, np.int32), []
        known = arrays.valid(array)
        places = arrays.indices(array)
        if known is not None:
            places = np.where(known, places, np.int32(_NO_COUNTRY))
        return places, array.dictionary.to_pylist()

    def _keep_numbers(self) -> None:
        """What each kind of number is in each epoch, once there are new kinds."""
        numbers = self._estimator.numbers
        if len(numbers) == self._known_kinds:
            return
        self._known_kinds = len(numbers)
        words = numbers.table(np.arange(self._known_kinds))
        role = (words >> np.uint16(ROLE_SHIFT)).astype(np.int8)
        ieepa, out = (words & np.uint16(IEEPA)) != 0, (words & np.uint16(OUT_OF_DATES)) != 0
        columns: dict[str, Any] = {
            "word": np.arange(len(words), dtype=np.int32),
            "role": role,
            "duty": (role == Role.DUTY).astype(np.int64),
            "flags": ieepa.astype(np.int8) + 2 * out.astype(np.int8),
            "ieepa": ieepa,
            "chapter_99": (words & np.uint16(CHAPTER_99)) != 0,
            "chapter_98": (words & np.uint16(CHAPTER_98)) != 0,
            "ordinary": (words & np.uint16(CHAPTERS_1_TO_97)) != 0,
        }
        self._keep("numbers", pa.table({name: pa.array(column) for name, column in columns.items()}))

    def _exempting(self, dictionary: pa.Array, kinds: Array, countries: list[str | None]) -> pa.Table:
        """The numbers of the dictionary that exempt, by epoch and country."""
        numbers = self._estimator.numbers
        role = numbers.table(kinds).reshape(-1, numbers.epochs)[:, 0] >> np.uint16(ROLE_SHIFT)
        found = {
            (int(kinds[place]) * numbers.epochs + epoch, at)
            for place in np.flatnonzero(role == Role.NO_DUTY).tolist()
            for number in [normalise_tariff_number(dictionary[place].as_py())]
            for at, country in [(_NO_COUNTRY, None), *enumerate(countries)]
            for epoch in headings.exempt_epochs(number, country.strip().upper() or None if country else None)
        }
        columns = np.array(sorted(found), np.int32).reshape(-1, 2)
        return pa.table({"word": pa.array(columns[:, 0]), "country": pa.array(columns[:, 1])})

    def _answers(self, unit: Unit, found: pa.Table) -> pa.RecordBatch:
        low, paid = found["low"].to_numpy(), found["paid"].to_numpy()
        if unit.count and max(low.max(), paid.max()) > LARGEST_CENTS:
            raise ColumnError(
                "duty_cents", "an entry beyond the range", f"at most {LARGEST_CENTS} cents an entry"
            )
        deposit, last = (_days(found[name]) for name in ("deposit", "last_day"))
        self._refuse_uncovered(unit, deposit, last)
        due = low > 0
        on = np.int32(tables.day_number(self._estimator.as_of))
        start, end = np.where(due, deposit, on), np.where(due, last, on)
        interest, provisional = self._interest(unit, low, start, end)
        columns = {name: found[name].combine_chunks() for name in found.column_names}
        columns |= {name: interest[name].combine_chunks() for name in interest.column_names}
        columns["provisional"] = pa.array(provisional)
        columns["interest_from"] = pa.array(start, pa.int32(), mask=~due)
        columns["interest_to"] = pa.array(end, pa.int32(), mask=~due)
        answers = [unit.entries["entry_number"]]
        for column in ESTIMATE_COLUMNS[1:]:
            array = columns[_NAMES.get(column.name, column.name)]
            if column.kind is Kind.CODE:
                array = pa.DictionaryArray.from_arrays(array.cast(pa.int32()), _OUTCOMES)
            answers.append(array.cast(column.field.type))
        return pa.RecordBatch.from_arrays(answers, schema=estimate_schema())

    def _interest(self, unit: Unit, low: Array, start: Array, end: Array) -> tuple[pa.Table, Array]:
        """Cents of interest, whole and projected, by SQL, and whether it is provisional; factors are looked up."""
        estimator, payees = self._estimator, None
        if "payee" in unit.entries:
            payees = arrays.code_column(unit.entries["payee"], estimator.codes["payee"])
        columns: dict[str, Any] = {"low": low, "units": estimator.factor(payees, start, end)}
        provisional = np.zeros(unit.count, np.bool_)
        spans = tables.projected_spans(estimator.rates, int(end.max())) if unit.count else []
        for span, (first_day, last_day) in enumerate(spans):
            inside = np.flatnonzero((end >= first_day) & (start < last_day) & (start < end))
            provisional[inside] = True
            begin, until = start.take(inside), np.minimum(end.take(inside), last_day).astype(np.int32)
            before = np.maximum(begin, first_day - 1).astype(np.int32)
            some = None if payees is None else payees.take(inside)
            for name, day in (("until", until), ("before", before)):
                units = columns[f"{name}_{span}"] = np.zeros(unit.count, np.int64)
                units[inside] = estimator.factor(some, begin, day)
        self._connection.register(
            "principals", pa.table({name: pa.array(column) for name, column in columns.items()})
        )
        return self._connection.sql(interest_sql(len(spans))).to_arrow_table(), provisional

    def _refuse_uncovered(self, unit: Unit, deposit: Array, last: Array) -> None:
        """Let the scalar function say what it has to of a day for which it has no answer."""
        due = (
            tables.periodic_due_days
            if self._estimator.deposit_rule is DepositRule.PERIODIC
            else tables.summary_due_days
        )
        for days, name, function in (
            (deposit, "entry_date", due),
            (last, "cape_accepted_on", tables.next_working_days),
        ):
            missing = np.flatnonzero(days == 0)
            if len(missing):
                function()(arrays.days(unit.entries[name], name).take(missing))


def in_entry_order(found: pa.Table) -> pa.Table:
    """Return answers in the order of the entries. Joins promise none, but keep it: SQL would sort at every turn."""
    order = found["entry"].to_numpy()
    return found.take(pa.array(np.argsort(order))) if (order[1:] < order[:-1]).any() else found


def _days(array: pa.ChunkedArray) -> Array:
    """Days as numbers, 0 where null."""
    found: Array = array.cast(pa.int32()).fill_null(0).to_numpy()
    return found
