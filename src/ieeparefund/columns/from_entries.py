"""`Entry` objects as Arrow columns: the three shapes that `estimate_batch` takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ieeparefund.columns.schema import (
    ENTRY_COLUMNS,
    ENTRY_SCHEMA,
    LARGEST_CENTS,
    ROW_SCHEMA,
    TARIFF_COLUMNS,
    TARIFF_SCHEMA,
    ColumnError,
    Kind,
)
from ieeparefund.columns.units import TARIFFS
from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.errors import FieldError
from ieeparefund.money import exactly, from_cents, to_cents
from ieeparefund.refunds.estimate import RefundEstimate

__all__ = ["answer_row", "entry_batch", "fits_columns", "nested_batch", "row_batch", "tariff_batch"]

_EPOCH = dt.date(1970, 1, 1)
_HIGHEST_RATE = 900
_RATE_PLACES = 6
_DAYS = tuple(column.name for column in ENTRY_COLUMNS if column.kind is Kind.DAY)
_CENTS = ("already_refunded", "other_adjustments")
_LARGEST = from_cents(LARGEST_CENTS)


def _text(value: Any) -> Any:
    # A StrEnum member goes in as the text it is.
    return None if value is None else str(value)


def _same(value: Any) -> Any:
    return value


def _from_entry(name: str, kind: Kind) -> Callable[[Entry], Any]:
    """Return what reads a column of an entry."""
    if kind is Kind.NUMBER:
        return lambda entry: entry.number.compact
    if kind is Kind.CENTS:
        field = name.removesuffix("_cents")
        return lambda entry: to_cents(getattr(entry, field))
    convert = _text if kind is Kind.CODE else _same
    return lambda entry: convert(getattr(entry, name))


_ENTRY_READERS = {column.name: _from_entry(column.name, column.kind) for column in ENTRY_COLUMNS}


def entry_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Return entries as a batch of `ENTRY_SCHEMA`, without their lines (see `tariff_batch`)."""
    arrays = [
        pa.array([read(entry) for entry in entries], field.type)
        for field, read in zip(ENTRY_SCHEMA, _ENTRY_READERS.values(), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=ENTRY_SCHEMA)


def tariff_batch(entries: Iterable[Entry]) -> pa.RecordBatch:
    """Return the tariff rows of entries as a batch of `TARIFF_SCHEMA`, the lines of an entry in their order.

    Raises `ColumnError` for a column-1 rate that is no plain per cent of at most six places.
    """
    arrays = [
        pa.array(values, field.type) for field, values in zip(TARIFF_SCHEMA, _columns(entries), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=TARIFF_SCHEMA)


def _columns(entries: Iterable[Entry]) -> list[list[Any]]:
    """The columns of the tariff rows, in the order of `TARIFF_COLUMNS`."""
    columns: list[list[Any]] = [[] for _ in TARIFF_COLUMNS]
    numbers, lines, tariffs, duties, values, countries, programs, rates = columns
    for entry in entries:
        number = entry.number.compact
        for line in sorted(entry.lines, key=_line_number):
            rate = _rate(line)
            for row in line.tariffs:
                numbers.append(number)
                lines.append(line.line_number)
                tariffs.append(row.number)
                duties.append(None if row.duty is None else to_cents(row.duty))
                values.append(None if row.value is None else to_cents(row.value))
                countries.append(line.country_of_origin)
                programs.append(line.special_program)
                rates.append(rate)
    return columns


def _line_number(line: EntryLine) -> int:
    return line.line_number


def _rate(line: EntryLine) -> Decimal | None:
    found = line.column1_rate
    if found is None:
        return None
    if not _is_plain_rate(line):
        raise ColumnError(
            "column1_rate",
            f"{found} on line {line.line_number}",
            f"a plain per cent of at most {_RATE_PLACES} places, up to {_HIGHEST_RATE}",
            "Estimate entries with a specific or compound rate with estimate_refund.",
        )
    return found.ad_valorem


def _is_plain_rate(line: EntryLine) -> bool:
    rate = line.column1_rate
    if rate is None:
        return True
    exponent = rate.ad_valorem.as_tuple().exponent
    return not rate.specific and rate.ad_valorem <= _HIGHEST_RATE and int(exponent) >= -_RATE_PLACES


@exactly
def row_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Return tariff rows that repeat the columns of their entry, a batch of `ROW_SCHEMA`.

    An entry without lines has no row to stand in and raises `FieldError`.
    """
    for entry in entries:
        if not entry.lines:
            raise FieldError(
                f"entry {entry.number} has no lines, so no row can hold it.",
                remedy="Pass entry_batch and tariff_batch, or nested_batch.",
                column="lines",
                value=str(entry.number),
            )
    owners = pa.array(
        [place for place, entry in enumerate(entries) for line in entry.lines for _ in line.tariffs],
        pa.int32(),
    )
    repeated, rows = entry_batch(entries).take(owners), tariff_batch(entries)
    return pa.RecordBatch.from_arrays([*repeated.columns, *rows.columns[1:]], schema=ROW_SCHEMA)


def nested_batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    """Return entries as a batch of `ENTRY_SCHEMA` with their rows in a list column `tariffs`.

    One row an entry: the shape for engines that cut and send rows about as they like.
    """
    rows = tariff_batch(entries)
    offsets = [0]
    for entry in entries:
        offsets.append(offsets[-1] + sum(len(line.tariffs) for line in entry.lines))
    inner = [pa.field(field.name, _plain_type(field.type), field.nullable) for field in TARIFF_SCHEMA][1:]
    values = [column.cast(field.type) for column, field in zip(rows.columns[1:], inner, strict=True)]
    lists = pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.StructArray.from_arrays(values, fields=inner)
    )
    return entry_batch(entries).append_column(pa.field(TARIFFS, lists.type), lists)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    # Dictionaries within lists are what other engines read least well.
    return kind.value_type if pa.types.is_dictionary(kind) else kind


@exactly
def fits_columns(entry: Entry) -> bool:
    """Return whether the columns can hold an entry.

    Days lie past 1970-01-01, amounts of one kind add up to at most `LARGEST_CENTS` either way, and column-1 rates
    are plain.
    """
    days = (getattr(entry, name) for name in _DAYS)
    rows = [row for line in entry.lines for row in line.tariffs]
    return (
        all(day is None or day > _EPOCH for day in days)
        and all(_fits([getattr(entry, name)]) for name in _CENTS)
        and _fits([row.duty for row in rows])
        and _fits([row.value for row in rows])
        and all(_is_plain_rate(line) for line in entry.lines)
    )


def _fits(amounts: Iterable[Decimal | None]) -> bool:
    return sum(abs(amount) for amount in amounts if amount is not None) <= _LARGEST


def answer_row(estimate: RefundEstimate) -> dict[str, Any]:
    """Return a scalar estimate under the names of `estimate_schema`: cents as `int`, days, flags, text."""
    windows = estimate.windows
    row: dict[str, Any] = {
        "entry_number": estimate.entry.number.compact,
        "outcome": str(estimate.outcome),
        "ieepa_duty_cents": to_cents(estimate.ieepa_duty),
        "refundable_cents": to_cents(estimate.refundable_duty),
        "refundable_low_cents": to_cents(estimate.duty.low),
        "refundable_high_cents": to_cents(estimate.duty.high),
        "interest_cents": to_cents(estimate.interest),
        "interest_projected_cents": to_cents(estimate.interest_projected),
        "provisional": estimate.provisional,
        "refund_cents": to_cents(estimate.refund),
        "deposit_date": estimate.deposit_date,
        "deposit_assumed": estimate.deposit.assumption is not None,
        "interest_from": estimate.interest_from,
        "interest_to": estimate.interest_to,
        "open_ended": estimate.end.open_ended,
    }
    for name in ("cape", "reliquidation", "protest"):
        window = windows.get(name)
        row[f"{name}_closes"] = None if window is None else window.closes
    return row
