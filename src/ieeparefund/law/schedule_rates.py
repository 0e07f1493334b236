"""Column-1 rates from the published schedule for all-in lines that come without one.

The schedule knows the rate of the number that was filed, not whether the number is right or what else was
claimed; so nothing is taken from it unless asked for, and what was taken is said.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.law.column1 import ListedRate, listed_rate
from ieeparefund.law.duty_lines import Role, role_of
from ieeparefund.law.headings import heading_rows

__all__ = ["listed_for_line", "with_schedule_rates"]

# The only all-in headings whose text compares a special rate too (U.S. note 2(v)(xxiv)).
_SPECIAL_COMPARED = frozenset({"KR"})


def listed_for_line(line: EntryLine, entry_date: dt.date) -> tuple[ListedRate, str | None] | None:
    """Return the schedule's row for an all-in line and the SPI that counts, or `None` where none can be said.

    The line must carry duty on an all-in heading below 15 per cent and exactly one chapter 1-97 number, whose
    own duty is zero. The SPI counts on the headings for Korea only; on the others the general rate is compared.
    """
    all_in = [row for row in line.tariffs if role_of(row.number) is Role.ALL_IN]
    paying = [row for row in all_in if row.duty is not None and row.duty > 0]
    ordinary = [row for row in line.tariffs if role_of(row.number) is Role.ORDINARY]
    if not paying or len({row.number for row in ordinary}) != 1 or any(row.duty for row in ordinary):
        return None
    listed = listed_rate(ordinary[0].number, entry_date)
    if listed is None:
        return None
    special = any(heading.countries <= _SPECIAL_COMPARED for heading in heading_rows(paying[0].number))
    return listed, line.special_program if special else None


def with_schedule_rates(entry: Entry) -> Entry:
    """Return the entry with the schedule's column-1 rate on each all-in line that has none, where it can be said.

    Ad valorem and free rates only: a specific rate needs a quantity, which a line does not carry. An entry
    without such lines is returned as it is. Source: HTSUS 2025 and 2026, rates of duty, column 1.
    """
    lines = tuple(_filled(line, entry.entry_date) for line in entry.lines)
    return entry if lines == entry.lines else replace(entry, lines=lines)


def _filled(line: EntryLine, entry_date: dt.date) -> EntryLine:
    if line.column1_rate is not None:
        return line
    found = listed_for_line(line, entry_date)
    return replace(line, column1_rate=found[0].rate(found[1])) if found else line
