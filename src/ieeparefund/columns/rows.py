"""Tariff rows of many entries as numpy columns, their lines, and what is added up by entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ieeparefund.columns.kernels import Array

__all__ = ["FALSE", "TRUE", "EntryDuty", "Lines", "Rows", "entry_of", "whole_lines"]

TRUE, FALSE = np.uint8(1), np.uint8(2)


@dataclass(slots=True)
class Rows:
    """Tariff rows of whole entries. `starts` says where each entry's rows begin, `counts` how many there are.

    `places` are places in `numbers`, the dictionary of tariff numbers; `table` says what each is in each of
    `epochs` epochs (`headings.Numbers`), `words` the same for each row, once it is worked out. `duty` and `value`
    are 0 where not known, which `duty_known` and `value_known` tell (`None`: all known); without a value column
    none is. `rate` is -1 where not known.
    """

    starts: Array
    counts: Array
    lines: Array
    places: Array
    numbers: pa.Array
    table: Array
    epochs: int
    duty: Array
    duty_known: Array | None
    value: Array
    value_known: Array | None
    country: pa.DictionaryArray | None
    rate: Array | None
    words: Array = field(default_factory=lambda: np.zeros(0, np.uint16))
    line_starts: Array | None = None
    line_of: Array | None = None


class Lines(NamedTuple):
    """Some lines: all their rows, where each line starts among these, and the entry of each line."""

    members: Array
    starts: Array
    entry: Array


@dataclass(slots=True)
class EntryDuty:
    """By entry: cents; whether there is an IEEPA number, duty on an exemption, an unknown duty; flags as facts.

    `paid`, `low` and `high` are as in `IeepaDuty`, before what was returned and the netting; `total` is the duty
    on IEEPA numbers that do not exempt.
    """

    paid: Array
    low: Array
    high: Array
    total: Array
    any_ieepa: Array
    blank: Array
    exempt_duty: Array
    value_on: Array
    value_off: Array
    out_of_dates: Array
    epoch: Array

    @classmethod
    def of(cls, total: Array, any_ieepa: Array, out_of_dates: Array, epoch: Array) -> EntryDuty:
        """Return the duty where no line needs a closer look."""
        count = len(total)
        return cls(
            total.copy(),
            total.copy(),
            total.copy(),
            total,
            any_ieepa,
            np.zeros(count, np.bool_),
            np.zeros(count, np.bool_),
            np.zeros(count, np.bool_),
            np.full(count, FALSE),
            out_of_dates,
            epoch,
        )

    @classmethod
    def without_rows(cls, count: int) -> EntryDuty:
        """Return the duty of entries without lines: nothing, and not known whether anything was paid."""
        no = np.zeros(count, np.bool_)
        found = cls.of(np.zeros(count, np.int64), no, no.copy(), np.zeros(count, np.uint8))
        found.blank[:] = True
        return found

    def spread(self, places: Array, count: int) -> EntryDuty:
        """Return the same for `count` entries, of which those at `places` have rows; the rest have no lines."""
        found = EntryDuty.without_rows(count)
        for name in self.__slots__:
            getattr(found, name)[places] = getattr(self, name)
        return found


def number_lines(rows: Rows) -> tuple[Array, Array]:
    """Return where each line starts, and the line of each row."""
    if rows.line_starts is None or rows.line_of is None:
        new = np.empty(len(rows.lines), np.bool_)
        np.not_equal(rows.lines[1:], rows.lines[:-1], out=new[1:])
        new[rows.starts] = True
        rows.line_starts = np.flatnonzero(new)
        rows.line_of = np.cumsum(new, dtype=np.int32)
        rows.line_of -= 1
    return rows.line_starts, rows.line_of


def entry_of(rows: Rows, chosen: Array) -> Array:
    """Return the entry each chosen row belongs to."""
    found: Array = np.searchsorted(rows.starts, chosen, "right") - 1
    return found


def whole_lines(rows: Rows, chosen: Array) -> Lines:
    """Return the lines that hold a row of `chosen`, which are places in order, at least one."""
    line_starts, line_of = number_lines(rows)
    lines = line_of.take(chosen)
    lines = lines[np.concatenate(([True], lines[1:] != lines[:-1]))]
    firsts = line_starts.take(lines)
    counts = np.append(line_starts, len(rows.lines)).take(lines + 1) - firsts
    starts = np.cumsum(counts) - counts
    members = np.repeat(firsts - starts, counts) + np.arange(int(counts.sum()))
    return Lines(members, starts, entry_of(rows, firsts))
