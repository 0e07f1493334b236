"""What each tariff number is, by code and by entry date, tabulated from the scalar functions.

The entry date matters only through the periods of the heading table, so days are numbered by *epoch*: the spans
between which no row of the table changes. One look-up by number and epoch then says all a row is for.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np

from ieeparefund.columns.arrays import Codes
from ieeparefund.columns.kernels import Array
from ieeparefund.columns.tables import day_number, to_date
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.cape_facts import ieepa_row, is_chapter_1_97
from ieeparefund.law.duty_lines import role_of
from ieeparefund.law.heading_table import all_headings
from ieeparefund.law.once import once

__all__ = ["IEEPA", "OUT_OF_DATES", "ROLE_SHIFT", "Numbers", "epochs", "exempt_epochs", "exempts"]

# A row's word: counters in the low bits, so that the words of an entry can be summed, then what the row is.
IEEPA = 1
OUT_OF_DATES = 1 << 9
CHAPTER_99 = 1 << 10
CHAPTER_98 = 1 << 11
CHAPTERS_1_TO_97 = 1 << 12
ROLE_SHIFT = 13
COUNTERS = IEEPA | OUT_OF_DATES
MOST_ROWS = OUT_OF_DATES - 1
"""With more rows an entry's counters could run into one another."""
MOST_EPOCHS = 256
"""Epochs are kept in a byte."""


@once
def _turns() -> Array:
    """Every day on which some row of the heading table changes what is true of an entry date, in order."""
    found = {dt.date(1970, 1, 1)}
    for row in all_headings():
        found |= {row.first_day, row.last_day + dt.timedelta(days=1)}
        for moment in (row.in_transit_until, row.reported_until):
            if moment is not None:
                found.add(moment.date())
    return np.array(sorted(day_number(day) for day in found), np.int32)


_FIRST_YEAR, _LAST_YEAR = 2020, 2032


@once
def _epoch_table() -> tuple[int, Array]:
    first, last = day_number(dt.date(_FIRST_YEAR, 1, 1)), day_number(dt.date(_LAST_YEAR, 12, 31))
    days = np.arange(first, last + 1)
    return first, (np.searchsorted(_turns(), days, "right") - 1).astype(np.uint8)


def epochs(days: Array) -> Array:
    """Return the epoch of each entry date. Nothing changes before or after the years tabulated."""
    first, table = _epoch_table()
    return table.take(days - np.int32(first), mode="clip")


# Countries come as users write them, so that not every one is kept.
@lru_cache(maxsize=65536)
def exempts(number: str, epoch: int, country: str | None) -> bool:
    """Return whether a number exempts goods of the country in the epoch (see `cape_facts`)."""
    found = ieepa_row(number, to_date(_turns()[epoch]), country)
    return found is not None and found[0]


@lru_cache(maxsize=8192)
def exempt_epochs(number: str, country: str | None) -> tuple[int, ...]:
    """Return the epochs in which a number exempts goods of the country."""
    return tuple(epoch for epoch in range(len(_turns())) if exempts(number, epoch, country))


class Numbers:
    """The tariff numbers of a run: each text gets a kind, each kind a word by epoch.

    An IEEPA number is a kind of its own; of all others there are only a few kinds.
    """

    def __init__(self) -> None:
        self.codes = Codes(self._kind)
        self.epochs = len(_turns())
        self._kinds: dict[object, int] = {}
        self._words: list[Array] = []
        self._table: Array = np.zeros((0, self.epochs), np.uint16)

    def _kind(self, text: str) -> int:
        number = normalise_tariff_number(text)
        role = role_of(number)
        chapter = CHAPTER_99 * (number[:2] == "99") | CHAPTER_98 * (number[:2] == "98")
        word = role << ROLE_SHIFT | chapter | CHAPTERS_1_TO_97 * is_chapter_1_97(number)
        key: object = number if is_ieepa_number(number) else word
        kind = self._kinds.get(key)
        if kind is None:
            words = np.full(self.epochs, word, np.uint16)
            if key is number:
                words |= np.uint16(IEEPA)
                for epoch, first in enumerate(_turns()):
                    row = ieepa_row(number, to_date(first), None)
                    words[epoch] |= OUT_OF_DATES * bool(row and row[1])
            # The word goes in before the kind is known, so that another thread never meets a kind without one.
            self._words.append(words)
            kind = self._kinds[key] = len(self._words) - 1
        return kind

    def __len__(self) -> int:
        """Return how many kinds there are by now."""
        return len(self._words)

    def table(self, kinds: Array) -> Array:
        """Return the words of a dictionary by place and epoch, flat: `place * epochs + epoch`."""
        if len(self._table) < len(self._words):
            self._table = np.array(self._words, np.uint16)
        return self._table.take(kinds, axis=0).reshape(-1)
