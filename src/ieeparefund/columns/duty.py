"""The duty of many entries from their tariff rows: sums by entry, and the lines that need a closer look.

Most rows count as they are: a sum over the rows of each entry. Only lines with duty on an all-in heading, or on
a heading that imposes none, follow `duty_lines.line_amounts` line by line, and only rows with a value on a
chapter 99 number, or with a blank duty, the line facts of `cape_facts`; those few are gathered and done as columns
of their own.
"""

from __future__ import annotations

import numpy as np

from ieeparefund.columns.duty_facts import blank_and_exempt_duty, stray_values
from ieeparefund.columns.headings import (
    CHAPTER_99,
    COUNTERS,
    IEEPA,
    MOST_ROWS,
    OUT_OF_DATES,
    ROLE_SHIFT,
    epochs,
)
from ieeparefund.columns.kernels import Array, any_by_group, share_cents, sum_by_group
from ieeparefund.columns.rows import EntryDuty, Lines, Rows, whole_lines
from ieeparefund.columns.schema import ColumnError
from ieeparefund.law.duty_lines import Role

__all__ = ["entry_duty"]

_SHIFT = 18
_PACKED_LIMIT = 1 << 62 - _SHIFT


def entry_duty(rows: Rows, entry_days: Array) -> EntryDuty:
    """Return the duty and the line facts of each entry; every entry has a row at least."""
    epoch = epochs(entry_days)
    place = rows.places * np.int32(rows.epochs)
    place += np.repeat(epoch, rows.counts)
    word = rows.words = rows.table.take(place, mode="clip")
    duty_role = word >> np.uint16(ROLE_SHIFT)
    plain = rows.duty * (duty_role == Role.DUTY)
    largest = max(int(plain.max()), -int(plain.min()))
    most = int(rows.counts.max())
    if most <= MOST_ROWS and largest * most < _PACKED_LIMIT:
        # One pass over the entries for three sums: amounts above, counters below.
        plain <<= _SHIFT
        plain += word & np.uint16(COUNTERS)
        packed = sum_by_group(plain, rows.starts)
        total = packed >> _SHIFT
        any_ieepa = (packed & MOST_ROWS) != 0
        out_of_dates = (packed & (MOST_ROWS << 9)) != 0
    else:
        total = sum_by_group(plain, rows.starts)
        any_ieepa = any_by_group((word & np.uint16(IEEPA)) != 0, rows.starts)
        out_of_dates = any_by_group((word & np.uint16(OUT_OF_DATES)) != 0, rows.starts)
    found = EntryDuty.of(total, any_ieepa, out_of_dates, epoch)
    special = (duty_role >= Role.NO_DUTY) & (rows.duty != 0)
    if special.any():
        _special_lines(rows, found, np.flatnonzero(special), duty_role)
    blank_and_exempt_duty(rows, found, duty_role == Role.NO_DUTY)
    stray = (word & np.uint16(CHAPTER_99)) != 0
    stray &= rows.value != 0
    if stray.any():
        stray_values(rows, found, np.flatnonzero(stray))
    return found


def _special_lines(rows: Rows, found: EntryDuty, chosen: Array, role: Array) -> None:
    """Add what `line_amounts` says of all-in headings and of headings that impose nothing."""
    lines = whole_lines(rows, chosen)
    role, duty = role.take(lines.members), rows.duty.take(lines.members)
    idle = sum_by_group(duty * (role == Role.NO_DUTY), lines.starts)
    all_in = sum_by_group(duty * (role >= Role.ALL_IN), lines.starts)
    base = sum_by_group(duty * (role == Role.ORDINARY), lines.starts)
    twin = any_by_group((role == Role.ALL_IN_TWIN) & (duty != 0), lines.starts)
    column1, shown = _column1_duty(rows, lines, role == Role.ORDINARY)
    known = column1 >= 0
    part = np.clip(all_in + base - column1, 0, all_in.clip(0))
    split = (base > 0) & shown & ~twin
    low = np.where(known, part, all_in * split)
    high = np.where(known & shown, part, all_in)
    # A correction takes back what it takes back.
    correction = all_in <= 0
    low = np.where(correction, all_in, low)
    high = np.where(correction, all_in, high)
    np.add.at(found.total, lines.entry, all_in)
    np.add.at(found.paid, lines.entry, all_in + idle)
    np.add.at(found.low, lines.entry, low + np.minimum(idle, 0))
    np.add.at(found.high, lines.entry, high + np.maximum(idle, 0))


def _column1_duty(rows: Rows, lines: Lines, ordinary: Array) -> tuple[Array, Array]:
    """Return the ordinary duty each line owes, -1 where not known, and whether the file shows what was paid."""
    shown = np.ones(len(lines.starts), np.bool_)
    if rows.duty_known is not None:
        shown = ~any_by_group(ordinary & ~rows.duty_known.take(lines.members), lines.starts)
    if rows.rate is None:
        return np.full(len(lines.starts), -1), shown
    value = sum_by_group(rows.value.take(lines.members) * ordinary, lines.starts)
    rate = _line_rate(rows.rate.take(lines.members), lines.starts)
    # A per cent of no value would say that column 1 is free.
    known = (rate >= 0) & ((value > 0) | (rate == 0))
    duty = share_cents(np.maximum(value, 0), np.maximum(rate, 0))
    return np.where(known, duty, -1), shown


def _line_rate(rate: Array, starts: Array) -> Array:
    """Return the rate of each line, which may stand on any of its rows but not differ between them."""
    highest = np.maximum.reduceat(rate, starts)
    lowest = np.minimum.reduceat(np.where(rate < 0, np.iinfo(np.int64).max, rate), starts)
    if ((highest >= 0) & (highest != lowest)).any():
        raise ColumnError("column1_rate", "two rates on one line", "one rate for the rows of a line")
    return highest
