"""Entry and loading times: a date, or a clock time turned into US eastern time; which day's law governs it.

A change of IEEPA duty takes effect at 12:01 a.m. eastern, so one minute of its day belongs to the old law. A
date alone counts as after that minute.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ieeparefund.errors import FieldError
from ieeparefund.law.heading_table import all_headings
from ieeparefund.law.once import once

__all__ = ["Moment", "has_old_minute", "law_day", "read_moment"]

_EASTERN = "America/New_York"
_DAY = dt.timedelta(days=1)


@once
def _eastern() -> dt.tzinfo:
    try:
        return ZoneInfo(_EASTERN)
    except ZoneInfoNotFoundError:
        # Windows has no zone data of its own; python-dateutil carries them.
        from dateutil.zoneinfo import get_zonefile_instance

        return get_zonefile_instance().zones[_EASTERN]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, US eastern, with the clock time of that day where it is known (`None` where it is not)."""

    day: dt.date
    clock: dt.time | None = None

    def __str__(self) -> str:
        return (
            str(self.day) if self.clock is None else f"{self.day} {self.clock.isoformat('minutes')} eastern"
        )

    def is_before(self, cutoff: dt.datetime) -> bool:
        """Return whether it lies before a cut-off (eastern, no zone); a bare date of that day does not."""
        if self.clock is None:
            return self.day < cutoff.date()
        return dt.datetime.combine(self.day, self.clock) < cutoff


def read_moment(value: dt.date | dt.datetime, name: str) -> Moment:
    """Return a date, or a `datetime` with a zone turned into US eastern time, as a `Moment`.

    Raises `FieldError` for a `datetime` without a zone, which could mean any, and for anything else.
    """
    if isinstance(value, dt.datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise FieldError(
                f"{name} is {value.isoformat()}, a clock time without a zone.",
                remedy="Give it a zone, such as tzinfo=ZoneInfo('America/New_York'), or pass the date alone.",
                column=name,
                value=value.isoformat(),
            )
        local = value.astimezone(_eastern())
        return Moment(local.date(), local.time())
    if not isinstance(value, dt.date):
        raise FieldError(
            f"{name} is {value!r}, neither a date nor a clock time.",
            remedy="Pass a datetime.date, or a datetime with a zone.",
            column=name,
            value=str(value),
        )
    return Moment(value)


@once
def _changes() -> dict[dt.date, dt.time]:
    """The clock time at which the law of a day begins; days without a change, or with one at 0:00, are
    absent.
    """
    found: dict[dt.date, dt.time] = {}
    for row in all_headings():
        for change in (row.effective_from, row.effective_to, row.in_transit_until, row.reported_until):
            if change is not None and change.time() > dt.time():
                found[change.date()] = change.time()
    return found


def has_old_minute(day: dt.date) -> bool:
    """Return whether the first minute of the day still belonged to the law of the day before."""
    return day in _changes()


@lru_cache(maxsize=4096)
def law_day(moment: Moment) -> dt.date:
    """Return the day whose law governs: the day before for a clock time before that day's change.

    >>> import datetime as dt
    >>> midnight = dt.datetime(2025, 11, 10, 5, 0, 30, tzinfo=dt.timezone.utc)
    >>> law_day(read_moment(midnight, "entry_date")), law_day(Moment(dt.date(2025, 11, 10)))
    (datetime.date(2025, 11, 9), datetime.date(2025, 11, 10))
    """
    change = _changes().get(moment.day)
    if change is not None and moment.clock is not None and moment.clock < change:
        return moment.day - _DAY
    return moment.day
