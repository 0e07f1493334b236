"""The record of one estimate in JSON values: every fact, step, period and source an exhibit is laid out from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.identifiers import mask_cell
from ieeparefund.law.interest import InterestPeriod
from ieeparefund.law.manifest import rules_version
from ieeparefund.money import exactly
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.report.details import party
from ieeparefund.report.sources import citation_rows, citations_of, versions_table
from ieeparefund.report.words import package_version

__all__ = ["FORMAT", "exhibit_record"]

FORMAT = "ieeparefund exhibit 1"
_PERSONAL = ("importer", "notify_party")


@exactly
def exhibit_record(estimate: RefundEstimate, *, show_importers: bool = False) -> dict[str, Any]:
    """Return everything an exhibit shows as JSON values: amounts as text with two places, ISO dates.

    The same facts, day and tables of law give the same record. Importer numbers are masked unless
    `show_importers`.
    """
    plain = estimate.to_dict()
    plain["importer"] = party(estimate.entry.importer, show_importers)
    schedule = estimate.schedule
    return {
        "format": FORMAT,
        "package": package_version(),
        "rules_version": rules_version(),
        "as_of": estimate.as_of.isoformat(),
        "payee": estimate.payee.value,
        "facts": _facts(estimate.entry, show_importers),
        "lines": list(_lines(estimate.entry)),
        "estimate": plain,
        "duty_steps": [
            {
                "explanation": step.explanation,
                "low": _plain(step.low),
                "high": _plain(step.high),
                "citation": str(step.citation),
            }
            for step in estimate.duty.steps
        ],
        "interest_end": estimate.end.reason,
        "factor": None if schedule is None else f"{schedule.factor:f}",
        "schedule": [] if schedule is None else [_period(period) for period in schedule.periods],
        "citations": [list(row) for row in citation_rows(citations_of([estimate]))],
        "tables": [[_plain(value) for value in row] for row in versions_table().rows],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value if value is None or isinstance(value, bool | int) else str(value)


def _facts(entry: Entry, show: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(entry):
        if one.name == "lines":
            continue
        value = getattr(entry, one.name)
        found[one.name] = party(value, show) if one.name in _PERSONAL else _plain(value)
    return found


def _lines(entry: Entry) -> Iterator[list[Any]]:
    for line in entry.lines:
        for row in line.tariffs:
            yield [
                line.line_number,
                None if line.country_of_origin is None else mask_cell(line.country_of_origin),
                row.number,
                _plain(row.value),
                _plain(row.duty),
                _rate(line.column1_rate),
            ]


def _rate(rate: Column1Rate | None) -> str | None:
    if rate is None:
        return None
    parts = [f"{rate.ad_valorem} %"] if rate.ad_valorem or not rate.specific else []
    if rate.specific:
        parts.append(f"{rate.specific} a unit of {rate.quantity}")
    return " + ".join(parts)


def _period(period: InterestPeriod) -> dict[str, Any]:
    return {
        "first_day": _plain(period.first_day),
        "last_day": _plain(period.last_day),
        "days": period.days,
        "annual_rate": str(period.annual_rate),
        "day_basis": period.day_basis,
        "interest": _plain(period.interest),
        "balance": _plain(period.balance),
        "standing": period.standing.value,
        "citation": str(period.citation),
    }
