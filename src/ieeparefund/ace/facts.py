"""The facts of an entry that every row of it repeats: dates, importer, states, flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias

from ieeparefund.ace.cells import (
    CellError,
    Kinds,
    clean,
    parse_date,
    parse_entry_type,
    parse_flag,
    parse_text,
)
from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.problems import NoteKind

__all__ = [
    "ATTRIBUTES",
    "ENTRY_FIELDS",
    "PERSONAL_FIELDS",
    "Facts",
    "FactsError",
    "differing_facts",
    "parse_facts",
]

Facts: TypeAlias = tuple[Any, ...]
"""Values in the order of `ATTRIBUTES`; `None` where not known."""

# The vocabulary seen at second hand; it is kept open, and another word gives `None` and a note.
_LIQUIDATION: Mapping[str, LiquidationStatus] = {
    "liquidated": LiquidationStatus.LIQUIDATED,
    "unliquidated": LiquidationStatus.UNLIQUIDATED,
    "pending": LiquidationStatus.UNLIQUIDATED,
    "pending liquidation": LiquidationStatus.UNLIQUIDATED,
    "extended": LiquidationStatus.EXTENDED,
    "suspended": LiquidationStatus.SUSPENDED,
    "under review": LiquidationStatus.UNDER_REVIEW,
}


def _word(known: Mapping[str, StrEnum]) -> Callable[[object], tuple[Any, Kinds]]:
    def parse(cell: object) -> tuple[Any, Kinds]:
        text = " ".join(clean(cell).casefold().replace("_", " ").split())
        if not text:
            return None, ()
        found = known.get(text)
        return found, () if found else (NoteKind.UNKNOWN_WORD,)

    return parse


def _members(kind: type[StrEnum]) -> dict[str, StrEnum]:
    return {member.value.replace("_", " "): member for member in kind}


def _correction(cell: object) -> tuple[bool | None, Kinds]:
    # Y says that a correction was filed, not whether it is still pending.
    filed, kinds = parse_flag(cell)
    return (None, (NoteKind.CORRECTION_FILED,)) if filed else (filed, kinds)


_READERS: tuple[tuple[str, str, Callable[[object], tuple[Any, Kinds]]], ...] = (
    ("entry_type", "entry_type", parse_entry_type),
    ("entry_date", "entry_date", parse_date),
    ("importer_number", "importer", parse_text),
    ("entry_summary_date", "entry_summary_date", parse_date),
    ("deposit_date", "deposit_date", parse_date),
    ("liquidation_date", "liquidation_date", parse_date),
    ("reliquidation_date", "reliquidation_date", parse_date),
    ("liquidation_status", "liquidation_status", _word(_LIQUIDATION)),
    ("protest_status", "protest", _word(_members(ProtestStatus))),
    ("recon_indicator", "reconciliation_flagged", parse_flag),
    ("reconciliation_filed", "reconciliation_filed", parse_flag),
    ("reconciliation_due", "reconciliation_due", parse_date),
    ("psc_indicator", "correction_pending", _correction),
    ("statement_paid", "statement_paid", parse_flag),
    ("on_drawback_claim", "on_drawback_claim", parse_flag),
    ("paid_by_surety", "paid_by_surety", parse_flag),
    ("in_ace", "in_ace", parse_flag),
    ("cape_accepted_on", "cape_accepted_on", parse_date),
    ("ad_cvd", "ad_cvd", _word(_members(AdCvdStatus))),
    ("summary_status", "summary_status", _word(_members(SummaryStatus))),
    ("notify_party", "notify_party", parse_text),
)
ENTRY_FIELDS = (*(name for name, _, _ in _READERS), "protest_number")
"""Fields of an entry, other than its number, as a column map names them."""

PERSONAL_FIELDS = ("importer_number", "notify_party")
"""Fields that may hold a social security number: shown masked only."""

ATTRIBUTES = tuple(attribute for _, attribute, _ in _READERS)
"""The attribute of `Entry` that each value of `Facts` belongs to."""

_PLACE = {attribute: place for place, attribute in enumerate(ATTRIBUTES)}


class FactsError(Exception):
    """Cells of an entry that cannot be read or do not fit together, by field."""

    def __init__(self, errors: Mapping[str, CellError]) -> None:
        super().__init__(errors)
        self.errors = errors


def parse_facts(fields: Sequence[str], cells: Sequence[object]) -> tuple[Facts, list[tuple[str, Kinds]]]:
    """Return the facts in the cells of `fields`, and by field the repairs and notes. Raises `FactsError`.

    A field without a column is `None`. Where the columns of liquidation are there, one or both, and blank, the
    entry is unliquidated; a blank status beside a date stays `None`, and the date decides. A blank protest
    status means no protest, unless a protest number stands beside it.
    """
    given = dict(zip(fields, cells, strict=True))
    values: list[Any] = []
    marks: list[tuple[str, Kinds]] = []
    errors: dict[str, CellError] = {}
    for name, _, parse in _READERS:
        value = None
        if name in given:
            try:
                value, kinds = parse(given[name])
            except CellError as error:
                errors[name] = error
            else:
                if kinds:
                    marks.append((name, kinds))
        values.append(value)
    if values[_PLACE["entry_date"]] is None:
        errors.setdefault("entry_date", CellError("is blank.", "Give the entry date in every row."))
    _check_order(values, errors)
    if errors:
        raise FactsError(errors)
    status, protest = _PLACE["liquidation_status"], _PLACE["protest"]
    liquidation = [clean(given[name]) for name in ("liquidation_date", "liquidation_status") if name in given]
    if liquidation and not any(liquidation):
        values[status] = LiquidationStatus.UNLIQUIDATED
    if "protest_status" in given and not clean(given["protest_status"]):
        if clean(given.get("protest_number", "")):
            marks.append(("protest_number", (NoteKind.PROTEST_UNKNOWN,)))
        else:
            values[protest] = ProtestStatus.NONE
    return tuple(values), marks


def _check_order(values: Sequence[Any], errors: dict[str, CellError]) -> None:
    for earlier, later in (("entry_date", "liquidation_date"), ("liquidation_date", "reliquidation_date")):
        first: dt.date | None = values[_PLACE[earlier]]
        second: dt.date | None = values[_PLACE[later]]
        if first is not None and second is not None and second < first:
            errors[later] = CellError(
                f"{second} lies before the {earlier.replace('_', ' ')} {first}.",
                "Correct one of the two dates.",
            )


def differing_facts(facts: Facts, earlier: Facts, row: int) -> dict[str, CellError]:
    """Return by field how facts differ from those of the same entry in an earlier row."""
    return {
        name: CellError(
            f"is {_shown(name, now)} here, but {_shown(name, before)} in row {row} of the same entry.",
            "Every row of an entry repeats the same; correct one of them, or leave one export out.",
        )
        for (name, _, _), now, before in zip(_READERS, facts, earlier, strict=True)
        if now != before
    }


def _shown(name: str, value: Any) -> str:
    if name in PERSONAL_FIELDS:
        value = mask_importer(value)
    return "not known" if value is None else str(value)
