"""Reads the tables of `testing/data/` into vectors, and writes vectors as JSON."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.testing.published import (
    DutyVector,
    EligibilityVector,
    EntryNumberVector,
    InterestVector,
    PaidInterestVector,
    ProgrammeRateVector,
    VectorRow,
    Vectors,
    WindowVector,
)

__all__ = ["vectors", "vectors_json"]

# A number of the chapter, where a source names no more than that.
_STAND_INS = {
    "ch1-97": "8471.30.01.00",
    "ch84": "8479.89.95.00",
    "ch50-60": "5208.11.20.20",
    "ch02": "0201.10.50.10",
}
_GOODS = "L1 3926.90.99.89 value=1000 duty=53.00"
# The lines a row of the decision table names; 9903.01.20 ended on 2025-03-04.
_ELIGIBILITY_LINES = {
    "paid": f"L1 9903.01.24 value=0 duty=200.00; L1 9903.01.25 value=0 duty=100.00; {_GOODS}",
    "blank": f"L1 9903.01.24 value=0 duty=-; {_GOODS}",
    "none": _GOODS,
    "zero": f"L1 9903.01.33 value=0 duty=0.00; {_GOODS}",
    "section_122": f"L1 9903.03.01 value=0 duty=100.00; {_GOODS}",
    "section_301": f"L1 9903.88.03 value=0 duty=250.00; {_GOODS}",
    "out_of_dates": f"L1 9903.01.20 value=0 duty=100.00; {_GOODS}",
    "value_on": f"L1 9903.01.24 value=1000 duty=200.00; {_GOODS}",
    "value_off": (
        "L1 9903.88.03 value=1000 duty=250.00; L1 9903.01.24 value=0 duty=200.00; "
        "L1 3926.90.99.89 value=0 duty=53.00"
    ),
}
_FACTS = {
    "status": "liquidation_status",
    "liquidated": "liquidation_date",
    "reliquidated": "reliquidation_date",
    "ad_cvd": "ad_cvd",
    "flagged": "reconciliation_flagged",
    "filed": "reconciliation_filed",
    "due": "reconciliation_due",
    "drawback": "on_drawback_claim",
    "protest": "protest",
    "surety": "paid_by_surety",
    "in_ace": "in_ace",
    "summary": "summary_status",
    "statement": "statement_paid",
    "accepted": "cape_accepted_on",
    "correction": "correction_pending",
}
_FLAGS = {"yes": True, "no": False}
_ELIGIBILITY_ENTERED = dt.date(2025, 7, 1)


def _table(name: str) -> list[dict[str, str]]:
    text = files("ieeparefund.testing").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text not in ("", "-") else None


def _rows(text: str) -> tuple[VectorRow, ...]:
    found = []
    for part in text.split("; "):
        # `L1 9903.01.24 value=0 duty=200.00`, with the special program before the value where there is one.
        line, number, *program, value, duty = part.split()
        found.append(
            VectorRow(
                int(line.removeprefix("L")),
                _STAND_INS.get(number, number),
                program[0] if program else None,
                _amount(value.removeprefix("value=")),
                _amount(duty.removeprefix("duty=")),
            )
        )
    return tuple(found)


def _pairs(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(";") if part)


def _interest(row: dict[str, str]) -> InterestVector:
    return InterestVector(
        row["id"],
        Decimal(row["principal"]),
        dt.date.fromisoformat(row["deposited"]),
        dt.date.fromisoformat(row["liquidated"]),
        row["payee"] or None,
        _amount(row["fixed_rate_pct"]),
        Decimal(row["expected_interest"]),
        row["origin"],
        row["source"],
        row["note"],
    )


def _paid_interest(row: dict[str, str]) -> PaidInterestVector:
    return PaidInterestVector(
        row["id"],
        Decimal(row["paid"]),
        Decimal(row["principal"]),
        row["payee"],
        dt.date.fromisoformat(row["deposited"]),
        dt.date.fromisoformat(row["liquidated"]),
        _day(row["entry_date"]),
        _day(row["paid_on"]),
        Decimal(row["expected_interest"]),
        row["departure"],
        row["source"],
    )


def _duty(row: dict[str, str]) -> DutyVector:
    rate = _amount(row["column1_per_cent"])
    specific = _amount(row["column1_specific"]) or Decimal(0)
    return DutyVector(
        row["id"],
        dt.date.fromisoformat(row["entry_date"]),
        "DE" if row["origin"] == "EU" else row["origin"],
        row["scenario"],
        _rows(row["lines"]),
        None if rate is None else Column1Rate(rate, specific, _amount(row["column1_quantity"])),
        Decimal(row["total_duty"]),
        Decimal(row["ieepa_heading_duty_paid"]),
        Decimal(row["ieepa_refund"]),
        row["source"],
        row["confidence"],
        row["note"],
    )


def _fact(text: str) -> dt.date | bool | str:
    return _FLAGS[text] if text in _FLAGS else dt.date.fromisoformat(text) if text[:2] == "20" else text


def _eligibility(row: dict[str, str]) -> EligibilityVector:
    facts = {_FACTS[name]: _fact(text) for name, text in _pairs(row["given"]).items()}
    return EligibilityVector(
        "-".join((row["row"], row["entry_type"], row["given"], row["lines"], row["as_of"])),
        row["row"],
        row["entry_type"],
        _ELIGIBILITY_ENTERED,
        "CN",
        MappingProxyType(facts),
        _rows(_ELIGIBILITY_LINES[row["lines"]]),
        dt.date.fromisoformat(row["as_of"]),
        row["outcome"],
        row["ace_text"] or None,
        row["source"],
    )


def _window(row: dict[str, str]) -> WindowVector:
    given = {name: dt.date.fromisoformat(text) for name, text in _pairs(row["given"]).items()}
    last_day = dt.date.fromisoformat(row["last_day"])
    return WindowVector(row["id"], row["function"], MappingProxyType(given), last_day, row["source"])


def _programme_rate(row: dict[str, str]) -> ProgrammeRateVector:
    return ProgrammeRateVector(
        f"{row['programme']}-{row['country']}-{row['date']}",
        dt.date.fromisoformat(row["date"]),
        row["country"],
        row["programme"],
        _amount(row["rate"]),
        _amount(row["all_in"]),
        row["source"],
    )


@cache
def vectors() -> Vectors:
    """Return the published vectors. Needs no extra.

    >>> [(one.id, one.expected) for one in vectors().interest if one.id == "treasury-1982"]
    [('treasury-1982', Decimal('37.96'))]
    """
    return Vectors(
        tuple(map(_interest, _table("interest"))),
        tuple(map(_paid_interest, _table("paid_interest"))),
        tuple(map(_duty, _table("duty"))),
        tuple(
            EntryNumberVector(
                row["entry_number"],
                row["entry_number"],
                row["compact"],
                row["valid"] == "yes",
                row["reason"],
                row["source"],
            )
            for row in _table("entry_numbers")
        ),
        tuple(map(_eligibility, _table("eligibility"))),
        tuple(map(_window, _table("windows"))),
        tuple(map(_programme_rate, _table("programme_rates"))),
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal | dt.date) else value


def vectors_json() -> str:
    """Return the published vectors as JSON: amounts and dates as text, what is not known as null."""
    return json.dumps(_plain(vectors()), ensure_ascii=False, indent=1) + "\n"
