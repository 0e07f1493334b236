"""The space of assumptions under which an interest figure may have been computed, as data.

A computation of interest answers eight questions (the axes): which rate, how rates change with the quarters,
from which day, to which day, which of the two days count, over how long a year, how interest is added up,
and on what principal. The law gives one answer to each (19 U.S.C. 1505(c), 26 U.S.C. 6621 and 6622; see
`ieeparefund.law.interest`). Every other answer is a *departure*, a row of `DEPARTURES`.

Each departure costs one. `weight` only breaks ties between hypotheses of as many departures: 1 for a
mistake seen in practice or in print, 2 for a likely one, 3 for one that takes a special cause. What is left
is broken by the order of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from ieeparefund.errors import FieldError

__all__ = [
    "DEPARTURES",
    "Departure",
    "Rank",
    "departure",
    "rank",
]


class Departure(NamedTuple):
    """One answer other than the law's. `phrase` goes into a sentence, `meaning` is the exact definition."""

    id: str
    axis: str
    weight: int
    phrase: str
    meaning: str


_ROWS = (
    # Which rate.
    ("rate:other", 1, "the overpayment rate for others", "The overpayment rate for all but corporations."),
    (
        "rate:corporation",
        1,
        "the overpayment rate for corporations",
        "The overpayment rate for corporations.",
    ),
    (
        "rate:underpayment",
        2,
        "the rate for underpayments",
        "The rate at which duty owed to CBP bears interest.",
    ),
    # How the rates change.
    (
        "quarters:first_day",
        1,
        "with the rate of the first day kept throughout",
        "Every day bears the rate in force on the first day that earns.",
    ),
    (
        "quarters:last_day",
        2,
        "with the rate of the last day for all days",
        "Every day bears the rate in force on the last day that earns.",
    ),
    (
        "quarters:last_published",
        2,
        "with the last rate of a CBP notice kept for later quarters",
        "Days whose rate is inferred or projected bear the rate of the last published band before them.",
    ),
    (
        "quarters:quarter_late",
        3,
        "with each rate change a quarter late",
        "Every day bears the rate in force on the last day of the calendar quarter before its own.",
    ),
    # From which day.
    ("start:entry", 1, "from the entry date", "Interest from the entry date."),
    ("start:entry_summary", 1, "from the entry summary date", "Interest from the entry summary date."),
    (
        "start:statement",
        1,
        "from the periodic monthly statement",
        "Interest from the 15th working day of the month after entry.",
    ),
    (
        "start:tenth_working_day",
        2,
        "from the 10th working day after entry",
        "Interest from the day on which the entry summary was due.",
    ),
    # To which day.
    ("end:paid", 1, "to the payment date", "Interest to the day the money came."),
    (
        "end:certified",
        1,
        "to the certification date",
        "Interest to the day CBP certified the refund to Treasury.",
    ),
    (
        "end:first_liquidation",
        1,
        "to the first liquidation",
        "Interest to the first liquidation although the refund was made on reliquidation.",
    ),
    (
        "end:2026-02-24",
        1,
        "to 2026-02-24, when collection had ended",
        "Interest to 2026-02-24, from which collection of IEEPA duty ended (E.O. 14389).",
    ),
    (
        "end:2026-02-23",
        1,
        "to 2026-02-23, the last day of collection",
        "Interest to 2026-02-23, the last day on which IEEPA duty was collected (E.O. 14389).",
    ),
    (
        "end:friday_after",
        2,
        "to the Friday after the liquidation",
        "Interest to the first Friday after the liquidation; CBP dates its cycle on Fridays.",
    ),
    (
        "end:friday_before",
        2,
        "to the Friday before the liquidation",
        "Interest to the last Friday before the liquidation.",
    ),
    (
        "end:refund_due",
        2,
        "to the last day to pay the refund",
        "Interest to the end of the 30 days from liquidation in which the refund is due.",
    ),
    (
        "end:normal_cycle",
        2,
        "to the liquidation of the normal cycle",
        "Interest to the first Friday on or after the 314th day from entry, not to the true liquidation.",
    ),
    (
        "end:deemed",
        3,
        "to the deemed liquidation",
        "Interest to the day a year after entry, not to the true liquidation.",
    ),
    # Which of the two days count.
    ("count:both", 1, "with both the first and the last day counted", "Days start <= d <= end."),
    (
        "count:neither",
        1,
        "with neither the first nor the last day counted",
        "Days start < d < end.",
    ),
    (
        "count:start_only",
        2,
        "with the first day counted and the last not",
        "Days start <= d < end; as many as by the law, each a day earlier.",
    ),
    # The length of the year.
    ("basis:365", 1, "with 365 days also in a leap year", "The annual rate is divided by 365 in every year."),
    ("basis:360", 2, "over a year of 360 days", "The annual rate is divided by 360; days are actual days."),
    (
        "basis:30/360",
        2,
        "over months of 30 days and a year of 360",
        "A day d counts i(d) - i(d - 1) times, i being 360 x year + 30 x month + the lesser of 30 and the "
        "day of the month: the 31st not at all, 1 March thrice (twice in a leap year). Each counted day "
        "bears 1/360 of the annual rate.",
    ),
    # How interest is added up: `f` is the daily compounded factor of 18 places, `s` the sum of the days'
    # rates, a rate being the annual one divided by the days of the year.
    ("compounding:simple", 1, "as simple interest", "principal x s over all days, rounded once."),
    (
        "compounding:quarter_on_principal",
        1,
        "with each quarter computed on the bare principal",
        "principal x the sum of f over the calendar quarters, rounded once: nothing is carried from one "
        "quarter to the next.",
    ),
    (
        "compounding:quarter_rounded",
        2,
        "with the balance rounded to cents after each quarter",
        "For each calendar quarter, balance x f, rounded half up to cents, is added to the balance.",
    ),
    (
        "compounding:nine_places",
        2,
        "with factors of nine places for each quarter",
        "principal x (product of 1 + f over the calendar quarters - 1), each f rounded half up at the ninth "
        "place, as in the tables of Rev. Proc. 95-17.",
    ),
    (
        "compounding:quarterly",
        2,
        "compounded by quarters",
        "principal x (product of 1 + s over the calendar quarters - 1).",
    ),
    (
        "compounding:thirty_day_periods",
        2,
        "compounded by periods of 30 days",
        "principal x (product of 1 + s over periods - 1), the periods being 30 days from the start on, as in "
        "19 U.S.C. 1505(d), and a shorter last one.",
    ),
    (
        "compounding:quarter_day_dropped",
        2,
        "with each quarter computed on the bare principal and a day dropped at each turn of a quarter",
        "As quarter_on_principal, but in each calendar quarter after that of the start day the first day is "
        "not counted.",
    ),
    # The principal.
    (
        "netting:less",
        1,
        "on the principal less the netted amount",
        "The other adjustments of the entry are taken off the principal given.",
    ),
    (
        "netting:more",
        1,
        "on the principal plus the netted amount",
        "The other adjustments of the entry, already netted, are added back to the principal given.",
    ),
)

DEPARTURES: Mapping[str, Departure] = MappingProxyType(
    {
        key: Departure(key, key.partition(":")[0], weight, phrase, meaning)
        for key, weight, phrase, meaning in _ROWS
    }
)
"""All departures by id but the shifts of the start, `shift:-3` to `shift:+3`, which `departure` knows too."""

_ORDER = {key: place for place, key in enumerate(DEPARTURES)}


@cache
def departure(identifier: str) -> Departure:
    """Return the departure of an id, also of a shift such as `shift:+2`: two working days later.

    Raises `FieldError` for an unknown id.

    >>> departure("shift:-1").phrase
    'from 1 working day before'
    """
    known = DEPARTURES.get(identifier)
    if known is not None:
        return known
    axis, _, text = identifier.partition(":")
    digits = text[1:]
    if axis != "shift" or text[:1] not in ("+", "-") or not digits.isdecimal() or not int(digits):
        raise FieldError(
            f"{identifier!r} is no departure.",
            remedy="Take an id of DEPARTURES, or a shift such as 'shift:+2'.",
            value=identifier,
        )
    side = "after" if text[0] == "+" else "before"
    days = f"{int(digits)} working day{'s' if int(digits) > 1 else ''}"
    # A near day is likelier than a far one: three days are as unlikely as the least likely row.
    weight = min(3, int(digits))
    return Departure(
        identifier,
        "shift",
        weight,
        f"from {days} {side}",
        f"Interest from {days} {side} the start, itself uncounted.",
    )


Rank: TypeAlias = tuple[int, int, tuple[int, ...]]
"""How far from the law: number of departures, their weights, then a fixed order of the rows."""


@cache
def _place(identifier: str) -> int:
    found = _ORDER.get(identifier)
    if found is not None:
        return found
    text = departure(identifier).id.partition(":")[2]
    # Shifts go after all rows, near ones first, later before earlier.
    return len(_ORDER) + 2 * int(text[1:]) + (text[0] == "-")


# Ranks are asked again and again for the same few thousand sets.
@lru_cache(maxsize=1 << 16)
def rank(departures: tuple[str, ...]) -> Rank:
    """Return the sort key of a set of departures; the law itself, the empty set, is the least."""
    return (
        len(departures),
        sum(departure(identifier).weight for identifier in departures),
        tuple(sorted(map(_place, departures))),
    )
