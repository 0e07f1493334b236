"""Rows of the column schemas answered by the scalar code, one entry at a time: what the columns are checked with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ieeparefund.columns.from_entries import answer_row
from ieeparefund.columns.schema import ENTRY_COLUMNS
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.money import from_cents
from ieeparefund.refunds.estimate import estimate_refund

__all__ = ["entry_of_row", "scalar_answers"]

_CENTS = "_cents"


def _amount(cents: int | None) -> Decimal | None:
    return None if cents is None else from_cents(cents)


def entry_of_row(row: Mapping[str, Any], tariffs: Iterable[Mapping[str, Any]]) -> Entry:
    """Return the entry that a row of `ENTRY_SCHEMA` and its rows of `TARIFF_SCHEMA` describe."""
    lines: dict[int, list[Mapping[str, Any]]] = {}
    for tariff in tariffs:
        lines.setdefault(tariff["line_number"], []).append(tariff)
    fields: dict[str, Any] = {}
    for column in ENTRY_COLUMNS[1:]:
        value = row.get(column.name)
        if column.name.endswith(_CENTS):
            fields[column.name.removesuffix(_CENTS)] = from_cents(value or 0)
        elif value is not None:
            fields[column.name] = value
    return Entry(row["entry_number"], lines=[_line(number, rows) for number, rows in lines.items()], **fields)


def _line(number: int, rows: list[Mapping[str, Any]]) -> EntryLine:
    rates = {rate for row in rows if (rate := row.get("column1_rate")) is not None}
    first = rows[0]
    return EntryLine(
        number,
        first.get("country_of_origin"),
        [
            TariffLine(row["tariff_number"], _amount(row.get("value_cents")), _amount(row["duty_cents"]))
            for row in rows
        ],
        Column1Rate(rates.pop()) if rates else None,
        first.get("special_program"),
    )


def scalar_answers(
    entries: Iterable[Mapping[str, Any]],
    tariffs: Iterable[Mapping[str, Any]],
    *,
    as_of: dt.date,
    payee: Payee | str,
    **terms: Any,
) -> list[dict[str, Any]]:
    """Return the answers of entries and their tariff rows, in the order of the entries."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for tariff in tariffs:
        rows.setdefault(tariff["entry_number"], []).append(tariff)
    return [
        answer_row(
            estimate_refund(
                entry_of_row(entry, rows.get(entry["entry_number"], ())), as_of=as_of, payee=payee, **terms
            )
        )
        for entry in entries
    ]
