"""Entries from values a reader has already validated, without validating them again.

Reading a large export would spend most of its time in constructors that check what the reader has just made
sure of. These functions skip the checks; what they return equals what the public constructors return for the
same values, and tests hold them to it. The values must be of the very types and forms those constructors store:
normalised tariff numbers, `Decimal` dollars with two places, plain dates, code members, tuples.

An object is filled as an open twin of its frozen class, with the same slots, and then made one of that class,
which the language allows for classes with equal slots; that is several times faster than setting each field of
a frozen object.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber

__all__ = [
    "ENTRY_ATTRIBUTES",
    "trusted_entry",
    "trusted_entry_line",
    "trusted_entry_number",
    "trusted_tariff_line",
]


def _twin(kind: Any) -> Any:
    return type(f"Open{kind.__name__}", (), {"__slots__": kind.__slots__})


_OpenNumber = _twin(EntryNumber)
_OpenTariff = _twin(TariffLine)
_OpenLine = _twin(EntryLine)
_OpenEntry = _twin(Entry)

ENTRY_ATTRIBUTES: tuple[str, ...] = tuple(Entry.__slots__)
"""The attributes of `Entry` in the order in which `trusted_entry` takes them."""


def trusted_entry_number(compact: str) -> EntryNumber:
    """Return the `EntryNumber` of eleven characters of the right shape."""
    made = _OpenNumber()
    made.compact = compact
    made.__class__ = EntryNumber
    number: EntryNumber = made
    return number


def trusted_tariff_line(number: str, value: Decimal | None, duty: Decimal | None) -> TariffLine:
    """Return the `TariffLine` of a normalised number and amounts with two places."""
    made = _OpenTariff()
    made.number = number
    made.value = value
    made.duty = duty
    made.__class__ = TariffLine
    row: TariffLine = made
    return row


def trusted_entry_line(
    line_number: int,
    country_of_origin: str | None,
    tariffs: tuple[TariffLine, ...],
    column1_rate: Column1Rate | None,
    special_program: str | None,
) -> EntryLine:
    """Return the `EntryLine` of a number from 1, upper-case codes and at least one tariff row."""
    made = _OpenLine()
    made.line_number = line_number
    made.country_of_origin = country_of_origin
    made.tariffs = tariffs
    made.column1_rate = column1_rate
    made.special_program = special_program
    made.__class__ = EntryLine
    line: EntryLine = made
    return line


def trusted_entry(values: Sequence[Any]) -> Entry:
    """Return the `Entry` of one value for each of `ENTRY_ATTRIBUTES`, in that order.

    Lines are a tuple with distinct numbers; an unknown fact is `None`, amounts that do not apply are 0.00; no
    liquidation lies before the entry date.
    """
    made = _OpenEntry()
    # In the order of the fields of `Entry`.
    (
        made.number,
        made.entry_type,
        made.entry_date,
        made.lines,
        made.importer,
        made.filer_code,
        made.deposit_date,
        made.entry_summary_date,
        made.liquidation_date,
        made.liquidation_status,
        made.summary_status,
        made.statement_paid,
        made.protest,
        made.ad_cvd,
        made.reconciliation_flagged,
        made.reconciliation_filed,
        made.reconciliation_due,
        made.on_drawback_claim,
        made.paid_by_surety,
        made.correction_pending,
        made.in_ace,
        made.cape_accepted_on,
        made.reliquidation_date,
        made.already_refunded,
        made.other_adjustments,
        made.payee,
        made.notify_party,
    ) = values
    made.__class__ = Entry
    entry: Entry = made
    return entry
