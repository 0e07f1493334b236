"""The IEEPA duty of one entry line: what was paid, and between which amounts its refundable part lies.

The refund base is duty *paid* on IEEPA headings, never a rate times a value. Only an all-in heading needs
more: its 15 per cent covers the ordinary duty too (HTSUS chapter 99 subchapter III U.S. note 2(v)).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum

from ieeparefund.entries.entry import EntryLine
from ieeparefund.law.headings import (
    Authority,
    Heading,
    HeadingKind,
    authority,
    heading_rows,
    ieepa_heading,
)
from ieeparefund.money import ZERO

__all__ = [
    "UNASSIGNED",
    "HeadingDuty",
    "LineDuty",
    "Role",
    "Treatment",
    "line_amounts",
    "line_duty",
    "programme_of",
    "role_of",
]

UNASSIGNED = "unassigned"
"""Programme of duty on a 9903.01 or 9903.02 number that never had a rate line."""


class Role(IntEnum):
    """What a tariff row is for the refund base. The order matters to `line_amounts`."""

    OUTSIDE = 0  # other authorities, chapter 98, fees
    ORDINARY = 1  # chapters 1 to 97
    DUTY = 2
    NO_DUTY = 3  # exemption headings and numbers never assigned
    ALL_IN = 4  # below 15 per cent
    ALL_IN_TWIN = 5  # 15 per cent and more: imposes nothing


class Treatment(StrEnum):
    """How the refundable part of a line was found.

    `AS_PAID`: all that was paid on duty headings. On all-in headings: `COLUMN_1_KNOWN`: the column-1 duty was
    taken off; `SPLIT_STYLE`: the ordinary duty stands on its own row, so the heading holds the IEEPA part;
    `RANGE`: the column-1 duty is not known.
    """

    AS_PAID = "as_paid"
    COLUMN_1_KNOWN = "column_1_known"
    SPLIT_STYLE = "split_style"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class HeadingDuty:
    """Duty on one IEEPA row; `duty` is `None` where the file is blank, `heading` where none is in force.

    `heading` is the row for the line's country, or where that country has none, the one for another.
    """

    number: str
    programme: str
    duty: Decimal | None
    heading: Heading | None


@dataclass(frozen=True, slots=True)
class LineDuty:
    """IEEPA duty of one line, dollars with two places.

    `paid` is every dollar on 9903.01 and 9903.02. The refundable part lies between `low` and `high`, both
    included; `refundable` is `low`. `column1_duty` is the ordinary duty where an all-in heading made it
    necessary and `column1_rate` was given.
    """

    line_number: int
    country: str | None
    paid: Decimal
    low: Decimal
    high: Decimal
    treatment: Treatment
    column1_duty: Decimal | None
    headings: tuple[HeadingDuty, ...]

    @property
    def refundable(self) -> Decimal:
        """The part that certainly comes back: the low end of the range."""
        return self.low


class _Roles(dict[str, Role]):
    """Role by normalised number, worked out once: this look-up is most of the work on an entry."""

    def __missing__(self, number: str) -> Role:
        role = self[number] = _find_role(number)
        return role


def _find_role(number: str) -> Role:
    law = authority(number)
    if law is Authority.NONE:
        return Role.OUTSIDE if number.startswith("98") else Role.ORDINARY
    if law is not Authority.IEEPA:
        return Role.OUTSIDE
    # Kind and all-in total are the same in every period of a heading; only rates change.
    rows = heading_rows(number)
    if not rows or rows[0].kind is HeadingKind.EXEMPTION:
        return Role.NO_DUTY
    if rows[0].kind is HeadingKind.DUTY:
        return Role.DUTY
    return Role.ALL_IN if rows[0].is_all_in else Role.ALL_IN_TWIN


_ROLES = _Roles()


def role_of(number: str) -> Role:
    """Return what a normalised tariff number is for the refund base."""
    return _ROLES[number]


def line_amounts(line: EntryLine) -> tuple[Decimal, Decimal, Decimal, Treatment]:
    """Return `(paid, low, high, treatment)` of a line, without the details of `line_duty`.

    Duty on a heading that imposes none (an exemption, a number never assigned) is paid, but only `high`
    counts it; a correction below zero there only lowers `low`. A blank duty counts nothing anywhere.
    """
    duty = no_duty = all_in = base = ZERO
    found = Role.OUTSIDE
    for row in line.tariffs:
        role = _ROLES[row.number]
        amount = row.duty
        if not role or not amount:
            continue
        if role is Role.DUTY:
            duty += amount
        elif role is Role.ORDINARY:
            base += amount
        elif role is Role.NO_DUTY:
            no_duty += amount
        else:
            all_in += amount
            if role > found:
                found = role
    low = high = paid = duty
    treatment = Treatment.AS_PAID
    if found:
        paid += all_in
        part_low, part_high, treatment = _all_in_part(line, all_in, base, found)
        low += part_low
        high += part_high
    if no_duty:
        paid += no_duty
        if no_duty > 0:
            high += no_duty
        else:
            low += no_duty
    return paid, low, high, treatment


def _all_in_part(
    line: EntryLine, paid: Decimal, base: Decimal, role: Role
) -> tuple[Decimal, Decimal, Treatment]:
    """Return the lowest and highest IEEPA part of `paid`, the duty on all-in headings of the line.

    Refund = (duty on the heading + duty on the chapter 1-97 rows) - column-1 duty, never below zero and never
    more than was paid on the heading: it serves both filing styles (CSMS 66319804).
    """
    if paid <= 0:
        return paid, paid, Treatment.AS_PAID  # a correction takes back what it takes back
    column1, base_known = _column1_duty(line)
    if column1 is not None:
        # Plain comparisons: this runs for every all-in line of a book, and min and max cost more.
        part = paid if base >= column1 else paid + base - column1
        if part < 0:
            part = ZERO
        return (part, part, Treatment.COLUMN_1_KNOWN) if base_known else (part, paid, Treatment.RANGE)
    if base > 0 and base_known and role is Role.ALL_IN:
        return paid, paid, Treatment.SPLIT_STYLE
    # Nothing paid on the ordinary row: column 1 may be anything from free to just under 15 per cent.
    return ZERO, paid, Treatment.RANGE


def _column1_duty(line: EntryLine) -> tuple[Decimal | None, bool]:
    """Return the ordinary duty the line owes, and whether the file shows what was paid of it.

    The duty is `None` where the rate is not given or the value it applies to is not known.
    """
    value, shown = ZERO, True
    for row in line.tariffs:
        if _ROLES[row.number] is Role.ORDINARY:
            if row.value is not None:
                value += row.value
            if row.duty is None:
                shown = False
    rate = line.column1_rate
    # A per cent of no value would say that column 1 is free.
    if rate is None or (value <= 0 and rate.ad_valorem):
        return None, shown
    return rate.duty(value), shown


def line_duty(line: EntryLine, entry_date: dt.date) -> LineDuty:
    """Return the IEEPA duty of a line with its headings as they stood on the entry date."""
    paid, low, high, treatment = line_amounts(line)
    roles = [_ROLES[row.number] for row in line.tariffs]
    all_in = Role.ALL_IN in roles or Role.ALL_IN_TWIN in roles
    country = line.country_of_origin
    return LineDuty(
        line_number=line.line_number,
        country=country,
        paid=paid,
        low=low,
        high=high,
        treatment=treatment,
        column1_duty=_column1_duty(line)[0] if all_in else None,
        headings=tuple(
            HeadingDuty(
                row.number, programme_of(row.number), row.duty, _heading(row.number, entry_date, country)
            )
            for row, role in zip(line.tariffs, roles, strict=True)
            if role >= Role.DUTY
        ),
    )


def _heading(number: str, entry_date: dt.date, country: str | None) -> Heading | None:
    # The country's own row, else the row for another country: the duty was paid on it all the same.
    return ieepa_heading(number, entry_date, country) or ieepa_heading(number, entry_date)


def programme_of(number: str) -> str:
    """Return the programme of an IEEPA number, `UNASSIGNED` where it never had a rate line."""
    rows = heading_rows(number)
    return rows[0].programme.value if rows else UNASSIGNED
