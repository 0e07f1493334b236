"""Rows of the column schemas answered by the scalar code, one entry at a time: what the columns are checked with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from ieeparefund.columns.schema import ENTRY_COLUMNS
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.money import from_cents, to_cents
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund

__all__ = ["entry_of_row", "scalar_answer", "scalar_answers"]

_CENTS = "_cents"


def _amount(cents: int | None) -> Any:
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
    rates = {row.get("column1_rate") for row in rows} - {None}
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


def scalar_answer(estimate: RefundEstimate) -> dict[str, Any]:
    """Return a scalar estimate as a row of `estimate_schema()`."""
    windows = estimate.windows
    answer: dict[str, Any] = {
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
        answer[f"{name}_closes"] = None if window is None else window.closes
    return answer


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
        scalar_answer(
            estimate_refund(entry_of_row(entry, rows.get(entry["entry_number"], ())), as_of=as_of, payee=payee, **terms)
        )
        for entry in entries
    ]
