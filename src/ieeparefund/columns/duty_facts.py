"""The facts of `cape_facts` that turn on few rows: blank duty, duty on exemptions, values on chapter 99 numbers."""

from __future__ import annotations

import numpy as np

from ieeparefund.columns import headings
from ieeparefund.columns.arrays import indices, valid
from ieeparefund.columns.headings import CHAPTER_98, CHAPTERS_1_TO_97, IEEPA, exempts
from ieeparefund.columns.kernels import Array, any_by_group
from ieeparefund.columns.rows import TRUE, EntryDuty, Rows, entry_of, whole_lines
from ieeparefund.entries.hts import normalise_tariff_number

__all__ = ["blank_and_exempt_duty", "stray_values"]


def blank_and_exempt_duty(rows: Rows, found: EntryDuty, idle: Array) -> None:
    """Set `blank` and `exempt_duty`, and add to `total` what stands on idle headings that do not exempt.

    `idle` marks the rows on headings that impose nothing; whether such a row exempts depends on country and date.
    """
    if rows.duty_known is not None:
        unknown = ((rows.words & np.uint16(IEEPA)) != 0) & ~rows.duty_known
        found.blank[entry_of(rows, np.flatnonzero(unknown & ~idle))] = True
        chosen = np.flatnonzero(idle & ((rows.duty != 0) | unknown))
    else:
        chosen = np.flatnonzero(idle & (rows.duty != 0))
    if not len(chosen):
        return
    entry = entry_of(rows, chosen)
    exempt = _exempt(rows, chosen, found.epoch.take(entry))
    duty = rows.duty.take(chosen)
    np.add.at(found.total, entry, duty * ~exempt)
    found.exempt_duty[entry[exempt & (duty > 0)]] = True
    if rows.duty_known is not None:
        found.blank[entry[~exempt & ~rows.duty_known.take(chosen)]] = True


def _exempt(rows: Rows, chosen: Array, epoch: Array) -> Array:
    """Ask `headings.exempts` once for each distinct number, epoch and country."""
    keys = rows.places.take(chosen).astype(np.int64) * headings.MOST_EPOCHS + epoch
    keys <<= 16
    countries: list[str | None] = [None]
    if rows.country is not None:
        places, known = indices(rows.country).take(chosen) + 1, valid(rows.country)
        keys += places if known is None else places * known.take(chosen)
        countries += rows.country.dictionary.to_pylist()
    distinct, place = np.unique(keys, return_inverse=True)
    answers = []
    for key in distinct.tolist():
        number = normalise_tariff_number(rows.numbers[(key >> 16) // headings.MOST_EPOCHS].as_py())
        country = countries[key & 0xFFFF]
        answers.append(
            exempts(
                number,
                (key >> 16) % headings.MOST_EPOCHS,
                country.strip().upper() or None if country else None,
            )
        )
    return np.array(answers, np.bool_).take(place)


def stray_values(rows: Rows, found: EntryDuty, chosen: Array) -> None:
    """Set `value_on` and `value_off`; `chosen` are the rows of chapter 99 numbers with a value."""
    word = rows.words.take(chosen)
    found.value_on[entry_of(rows, chosen[(word & np.uint16(IEEPA)) != 0])] = True
    lines = whole_lines(rows, chosen)
    word = rows.words.take(lines.members)
    ordinary = (word & np.uint16(CHAPTERS_1_TO_97)) != 0
    special = any_by_group((word & np.uint16(CHAPTER_98)) != 0, lines.starts)
    valued = any_by_group(ordinary & (rows.value.take(lines.members) != 0), lines.starts)
    unknown = ~any_by_group(ordinary, lines.starts)
    if rows.value_known is not None:
        unknown |= any_by_group(ordinary & ~rows.value_known.take(lines.members), lines.starts)
    unknown = special | (unknown & ~valued)
    # The unknown first: one line that is known to be off settles the entry.
    ieepa = any_by_group((word & np.uint16(IEEPA)) != 0, lines.starts)
    off = ieepa & ~unknown & ~valued
    found.value_off[lines.entry[ieepa & unknown]] = 0
    found.value_off[lines.entry[off]] = TRUE
