"""Entries from values a reader has already validated, without validating them again.

Reading a large export would spend most of its time in constructors that check what the reader has just made
sure of. These functions skip the checks; what they return equals what the public constructors return for the
same values, and tests hold them to it. The values must be of the very types and forms those constructors store:
normalised tariff numbers, `Decimal` dollars with two places, plain dates, code members, tuples.
"""

from __future__ import annotations

from collections.abc import Iterable
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

_new = object.__new__
# The slots' own setters are the fastest way past a frozen class.
_set_compact = EntryNumber.__dict__["compact"].__set__
_set_number = TariffLine.__dict__["number"].__set__
_set_value = TariffLine.__dict__["value"].__set__
_set_duty = TariffLine.__dict__["duty"].__set__
_set_line_number = EntryLine.__dict__["line_number"].__set__
_set_country = EntryLine.__dict__["country_of_origin"].__set__
_set_tariffs = EntryLine.__dict__["tariffs"].__set__
_set_rate = EntryLine.__dict__["column1_rate"].__set__
_set_program = EntryLine.__dict__["special_program"].__set__
_ENTRY_SETTERS = tuple(Entry.__dict__[name].__set__ for name in Entry.__slots__)

ENTRY_ATTRIBUTES: tuple[str, ...] = tuple(Entry.__slots__)
"""The attributes of `Entry` in the order in which `trusted_entry` takes them."""


def trusted_entry_number(compact: str) -> EntryNumber:
    """Return the `EntryNumber` of eleven characters of the right shape."""
    number = _new(EntryNumber)
    _set_compact(number, compact)
    return number


def trusted_tariff_line(number: str, value: Decimal | None, duty: Decimal | None) -> TariffLine:
    """Return the `TariffLine` of a normalised number and amounts with two places."""
    row = _new(TariffLine)
    _set_number(row, number)
    _set_value(row, value)
    _set_duty(row, duty)
    return row


def trusted_entry_line(
    line_number: int,
    country_of_origin: str | None,
    tariffs: tuple[TariffLine, ...],
    column1_rate: Column1Rate | None,
    special_program: str | None,
) -> EntryLine:
    """Return the `EntryLine` of a number from 1, upper-case codes and at least one tariff row."""
    line = _new(EntryLine)
    _set_line_number(line, line_number)
    _set_country(line, country_of_origin)
    _set_tariffs(line, tariffs)
    _set_rate(line, column1_rate)
    _set_program(line, special_program)
    return line


def trusted_entry(values: Iterable[Any]) -> Entry:
    """Return the `Entry` of one value for each of `ENTRY_ATTRIBUTES`, in that order.

    Lines are a tuple with distinct numbers; an unknown fact is `None`, amounts that do not apply are 0.00; no
    liquidation lies before the entry date.
    """
    entry = _new(Entry)
    for assign, value in zip(_ENTRY_SETTERS, values, strict=True):
        assign(entry, value)
    return entry
