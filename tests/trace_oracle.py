"""Interest under any set of assumptions, day by day in exact fractions: slow, and without the package.

Rates and holidays are copied here from the notices and the federal calendar, so that nothing is shared with
the code under test but the names of the departures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

DAY = dt.timedelta(days=1)
# Per cent by (year, quarter): underpayment, corporation over, others over; published in a CBP notice.
RATES = {
    (2023, 1): (7, 6, 7, True),
    (2023, 2): (7, 6, 7, True),
    (2023, 3): (7, 6, 7, True),
    (2023, 4): (8, 7, 8, True),
    (2024, 1): (8, 7, 8, True),
    (2024, 2): (8, 7, 8, True),
    (2024, 3): (8, 7, 8, True),
    (2024, 4): (8, 7, 8, True),
    (2025, 1): (7, 6, 7, True),
    (2025, 2): (7, 6, 7, True),
    (2025, 3): (7, 6, 7, True),
    (2025, 4): (7, 6, 7, True),
    (2026, 1): (7, 6, 7, True),
    (2026, 2): (6, 5, 6, True),
    (2026, 3): (7, 6, 7, False),
    (2026, 4): (7, 6, 7, False),
}
LAST_NOTICE = (2026, 2)
LAST_DAY = dt.date(2026, 12, 31)
CLASSES = {"underpayment": 0, "corporation": 1, "other": 2}
# The federal holidays as observed.
FIXED = [(1, 1), (6, 19), (11, 11), (12, 25)]
HOLIDAYS = {dt.date(year, month, day) for year in (2025, 2026) for month, day in FIXED}
HOLIDAYS |= {dt.date(2025, 7, 4), dt.date(2026, 7, 3)}
HOLIDAYS |= {
    dt.date(2025, month, day) for month, day in [(1, 20), (2, 17), (5, 26), (9, 1), (10, 13), (11, 27)]
}
HOLIDAYS |= {
    dt.date(2026, month, day) for month, day in [(1, 19), (2, 16), (5, 25), (9, 7), (10, 12), (11, 26)]
}


@dataclass(frozen=True)
class Facts:
    """What is known of one payment; amounts in cents."""

    principal: int
    deposited: dt.date
    liquidated: dt.date
    payee: str
    entry_date: dt.date | None = None
    entry_summary_date: dt.date | None = None
    reliquidated: dt.date | None = None
    certified: dt.date | None = None
    paid_on: dt.date | None = None
    netted: int | None = None

    def keywords(self) -> dict[str, object]:
        """The arguments of `explain_interest` after the two amounts."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "principal"}
        if self.netted is not None:
            found["netted"] = dollars(self.netted)
        return found


def dollars(cents: int) -> str:
    """Return whole cents as text in dollars."""
    return f"{cents // 100}.{cents % 100:02d}"


def half_up(value: Fraction) -> int:
    """Round a fraction not below zero half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def quarter(day: dt.date) -> tuple[int, int]:
    """Return year and quarter."""
    return day.year, (day.month + 2) // 3


def working_days_from(day: dt.date, count: int) -> dt.date:
    """Go `count` working days forward, or back where it is negative."""
    step = DAY if count > 0 else -DAY
    while count:
        day += step
        if day.weekday() < 5 and day not in HOLIDAYS:
            count -= 1 if count > 0 else -1
    return day


def friday(day: dt.date, step: dt.timedelta) -> dt.date:
    """Return the first Friday from `day` on, itself included, in steps of a day."""
    while day.weekday() != 4:
        day += step
    return day


def start_of(facts: Facts, event: str) -> dt.date | None:
    """Return the day interest would start from by an event, before any shift."""
    entry = facts.entry_date
    if event in ("", "entry_summary"):
        return facts.entry_summary_date if event else facts.deposited
    if entry is None or event == "entry":
        return entry
    if event == "tenth_working_day":
        return working_days_from(entry, 10)
    month_end = entry
    while (month_end + DAY).day != 1:
        month_end += DAY
    return working_days_from(month_end, 15)


def end_of(facts: Facts, event: str) -> dt.date | None:
    """Return the day interest would end by an event."""
    law = facts.reliquidated or facts.liquidated
    entry = facts.entry_date
    if event.startswith("2026"):
        stop = dt.date.fromisoformat(event)
        return stop if stop < law else None
    return {
        "": law,
        "first_liquidation": facts.liquidated if facts.reliquidated else None,
        "paid": facts.paid_on,
        "certified": facts.certified,
        "friday_after": friday(law + DAY, DAY),
        "friday_before": friday(law - DAY, -DAY),
        "refund_due": law + 30 * DAY,
        "normal_cycle": entry and friday(entry + 314 * DAY, DAY),
        "deemed": entry and entry.replace(year=entry.year + 1),
    }[event]


def split(departures: Iterable[str]) -> dict[str, str]:
    """Return what a set of departures says on each axis."""
    return dict(one.split(":", 1) for one in departures)


def days_of(facts: Facts, departures: Iterable[str]) -> tuple[dt.date, list[dt.date]] | None:
    """Return the day before the first that earns, and the days that earn; `None` where a date is unknown."""
    axes = split(departures)
    start, end = start_of(facts, axes.get("start", "")), end_of(facts, axes.get("end", ""))
    if start is None or end is None:
        return None
    start = working_days_from(start, int(axes.get("shift", "0")))
    counted = axes.get("count", "end_only")
    if counted in ("both", "start_only"):
        start -= DAY
    if counted in ("neither", "start_only"):
        end -= DAY
    if end < start or end > LAST_DAY:
        return None
    return start, [start + n * DAY for n in range(1, (end - start).days + 1)]


def rates_of(facts: Facts, departures: Iterable[str], days: list[dt.date]) -> list[int]:
    """Return the per cent a year of each day."""
    axes = split(departures)
    column = CLASSES[axes.get("rate", facts.payee)]
    rule = axes.get("quarters", "own")
    found = []
    for day in days:
        governing = {"first_day": days[0], "last_day": days[-1]}.get(rule, day)
        year, number = quarter(governing)
        if rule == "quarter_late":
            year, number = (year, number - 1) if number > 1 else (year - 1, 4)
        if rule == "last_published" and not RATES[year, number][3]:
            year, number = LAST_NOTICE
        found.append(RATES[year, number][column])
    return found


def thirty_day_index(day: dt.date) -> int:
    """Number the days of a calendar whose months have 30 days; a 31st has the number of the 30th."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def daily(day: dt.date, rate: int, basis: str) -> tuple[Fraction, int]:
    """Return the rate of one day and how often it counts."""
    if basis == "30/360":
        return Fraction(rate, 36000), thirty_day_index(day) - thirty_day_index(day - DAY)
    leap = day.year % 4 == 0
    year = {"365/366": 366 if leap else 365, "365": 365, "360": 360}[basis]
    return Fraction(rate, 100 * year), 1


def compounded(parts: Iterable[tuple[Fraction, int]]) -> Fraction:
    """Return the daily compounded factor, rounded half up at 18 places."""
    # Not reduced on the way: a common divisor of such numbers is dear to find.
    numerator = denominator = 1
    for rate, times in parts:
        for _ in range(times):
            numerator *= rate.denominator + rate.numerator
            denominator *= rate.denominator
    units = (2 * 10**18 * (numerator - denominator) + denominator) // (2 * denominator)
    return Fraction(units, 10**18)


def total(parts: Iterable[tuple[Fraction, int]]) -> Fraction:
    """Return the sum of the daily rates."""
    return sum((rate * times for rate, times in parts), Fraction(0))


def by_quarter(
    days: list[dt.date], parts: list[tuple[Fraction, int]]
) -> Iterator[list[tuple[Fraction, int]]]:
    """Cut the parts where the calendar quarter of the day changes."""
    group: list[tuple[Fraction, int]] = []
    for place, day in enumerate(days):
        if place and quarter(day) != quarter(days[place - 1]):
            yield group
            group = []
        group.append(parts[place])
    if group:
        yield group


def figure(facts: Facts, departures: Iterable[str]) -> int | None:
    """Return the interest in cents, or `None` where the assumptions ask for a fact that is not known."""
    ids = tuple(departures)
    axes = split(ids)
    found = days_of(facts, ids)
    if found is None or (axes.get("netting") and not facts.netted):
        return None
    netted = {None: 0, "less": -(facts.netted or 0), "more": facts.netted or 0}[axes.get("netting")]
    principal = facts.principal + netted
    if principal <= 0:
        return None
    start, days = found
    basis = axes.get("basis", "365/366")
    parts = [daily(day, rate, basis) for day, rate in zip(days, rates_of(facts, ids, days), strict=True)]
    method = axes.get("compounding", "daily")
    if method == "daily":
        return half_up(principal * compounded(parts))
    if method == "simple":
        return half_up(principal * total(parts))
    if method == "quarter_on_principal":
        return half_up(principal * sum((compounded(one) for one in by_quarter(days, parts)), Fraction(0)))
    if method == "quarter_day_dropped":
        # The start day opens the first quarter. With it in front, no quarter's first day is counted.
        groups = by_quarter([start, *days], [(Fraction(0), 1), *parts])
        return half_up(principal * sum((compounded(one[1:]) for one in groups), Fraction(0)))
    if method == "thirty_day_periods":
        growth = Fraction(1)
        for first in range(0, len(parts), 30):
            growth *= 1 + total(parts[first : first + 30])
        return half_up(principal * (growth - 1))
    balance = Fraction(principal)
    for one in by_quarter(days, parts):
        if method == "quarter_rounded":
            balance += half_up(balance * compounded(one))
        elif method == "nine_places":
            balance *= 1 + Fraction(half_up(compounded(one) * 10**9), 10**9)
        else:
            balance *= 1 + total(one)
    return half_up(balance - principal)


STARTS = ("", "start:entry", "start:entry_summary", "start:statement", "start:tenth_working_day")
SHIFTS = ("", *(f"shift:{days:+}" for days in (-3, -2, -1, 1, 2, 3)))
ENDS = (
    "",
    *(f"end:{event}" for event in ("paid", "certified", "first_liquidation", "2026-02-24", "2026-02-23")),
    *(f"end:{event}" for event in ("friday_after", "friday_before", "refund_due", "normal_cycle", "deemed")),
)
COUNTS = ("", "count:both", "count:neither", "count:start_only")
QUARTERS = ("", *(f"quarters:{rule}" for rule in ("first_day", "last_day", "last_published", "quarter_late")))
BASES = ("", "basis:365", "basis:360", "basis:30/360")
METHODS = (
    "",
    *(f"compounding:{one}" for one in ("simple", "quarter_on_principal", "quarter_rounded", "nine_places")),
    *(f"compounding:{one}" for one in ("quarterly", "thirty_day_periods", "quarter_day_dropped")),
)
NETTINGS = ("", "netting:less", "netting:more")


def rate_classes(payee: str) -> tuple[str, ...]:
    """Return the rate departures of a payee."""
    return ("", *(f"rate:{kind}" for kind in CLASSES if kind != payee))


def axes_of(payee: str) -> tuple[tuple[str, ...], ...]:
    """Return all answers on all axes, the law's being empty."""
    return rate_classes(payee), QUARTERS, STARTS, SHIFTS, ENDS, COUNTS, BASES, METHODS, NETTINGS


def all_sets(payee: str, most: int) -> Iterator[tuple[str, ...]]:
    """Yield every set of at most `most` departures."""

    def choose(axes: tuple[tuple[str, ...], ...], left: int) -> Iterator[tuple[str, ...]]:
        if not axes:
            yield ()
            return
        for one in axes[0]:
            if not one or left:
                for rest in choose(axes[1:], left - bool(one)):
                    yield (one, *rest) if one else rest

    yield from choose(axes_of(payee), most)
