"""The published vectors: cases of others with their inputs, the right answer and where it is from.

Every class is one row of a table in `testing/data/`. Amounts are dollars, days are dates, what a source does not
say is `None`. `id` is unique within its table and names the case in a test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine

__all__ = [
    "DutyVector",
    "EligibilityVector",
    "EntryNumberVector",
    "InterestVector",
    "PaidInterestVector",
    "ProgrammeRateVector",
    "VectorRow",
    "Vectors",
    "WindowVector",
]


@dataclass(frozen=True, slots=True)
class InterestVector:
    """Interest on a principal from the day of deposit to the day of liquidation.

    `fixed_rate` is the rate in per cent a year where the source assumes one (`payee` is then `None`); else CBP's
    published rates apply. `origin` is `outside` for worked examples of others, `computed` for figures computed
    day by day in exact fractions, by other code than the library's.
    """

    id: str
    principal: Decimal
    deposited: dt.date
    liquidated: dt.date
    payee: str | None
    fixed_rate: Decimal | None
    expected: Decimal
    origin: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class PaidInterestVector:
    """An interest figure that was paid or claimed, and the one departure from the law that gives it.

    `expected` is the right figure, `departure` the name `InterestHypothesis.departures` has for the wrong turn.
    """

    id: str
    paid: Decimal
    principal: Decimal
    payee: str
    deposited: dt.date
    liquidated: dt.date
    entry_date: dt.date | None
    paid_on: dt.date | None
    expected: Decimal
    departure: str
    source: str


@dataclass(frozen=True, slots=True)
class VectorRow:
    """One tariff number of a line: the grain of an ES-003 report."""

    line_number: int
    hts: str
    special_program: str | None
    value: Decimal | None
    duty: Decimal | None


def _lines(
    rows: tuple[VectorRow, ...], country: str, column1_rate: Column1Rate | None = None
) -> list[EntryLine]:
    by_line: dict[int, list[VectorRow]] = {}
    for row in rows:
        by_line.setdefault(row.line_number, []).append(row)
    return [
        EntryLine(
            number,
            country,
            [TariffLine(row.hts, row.value, row.duty) for row in found],
            column1_rate=column1_rate,
            special_program=next((row.special_program for row in found if row.special_program), None),
        )
        for number, found in by_line.items()
    ]


@dataclass(frozen=True, slots=True)
class DutyVector:
    """What was paid on an entry and how much of it comes back.

    `column1_rate` is the ordinary rate the source states, where an all-in heading asks for it. Where the source
    names a chapter only, a number of that chapter stands in; goods of the EU are given as German. `total_duty`
    is the duty of every row, `ieepa_duty` that under 9903.01 and 9903.02, `refundable` what comes back.
    """

    id: str
    entry_date: dt.date
    country_of_origin: str
    scenario: str
    rows: tuple[VectorRow, ...]
    column1_rate: Column1Rate | None
    total_duty: Decimal
    ieepa_duty: Decimal
    refundable: Decimal
    source: str
    confidence: str
    note: str

    def entry(self, *, with_column1_rate: bool = True) -> Entry:
        """Return the case as an entry of type 01, with or without the ordinary rate the source states."""
        rate = self.column1_rate if with_column1_rate else None
        return Entry("ABC-1234567-6", "01", self.entry_date, _lines(self.rows, self.country_of_origin, rate))


@dataclass(frozen=True, slots=True)
class EntryNumberVector:
    """A real, damaged or made-up entry number. `compact` is its text without dashes, also where `valid` is false."""

    id: str
    entry_number: str
    compact: str
    valid: bool
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class EligibilityVector:
    """What CAPE does with an entry that is declared on `as_of`.

    `facts` are fields of `Entry` by name; one that is missing is not known. `outcome` is `accepted`,
    `accepted_deferred`, `rejected` or `undetermined`; `ace_text` the message ACE prints with a refusal.
    """

    id: str
    topic: str
    entry_type: str
    entry_date: dt.date
    country_of_origin: str
    facts: Mapping[str, dt.date | bool | str]
    rows: tuple[VectorRow, ...]
    as_of: dt.date
    outcome: str
    ace_text: str | None
    source: str

    def entry(self) -> Entry:
        """Return the case as an entry; a fact that is not given stays not known."""
        lines = _lines(self.rows, self.country_of_origin)
        facts: dict[str, object] = dict(self.facts)
        return Entry("ZT4-0000123-1", self.entry_type, self.entry_date, lines, **facts)  # type: ignore[arg-type]  # each is of its field's kind


@dataclass(frozen=True, slots=True)
class WindowVector:
    """The last day of a step. `function` is the public function that answers, `given` its arguments by name."""

    id: str
    function: str
    given: Mapping[str, dt.date]
    last_day: dt.date
    source: str


@dataclass(frozen=True, slots=True)
class ProgrammeRateVector:
    """The rate goods of a country bore by origin alone under a programme, entered on `day`, in per cent.

    Both `rate` and `all_in` are `None` where nothing was due; `all_in` is a total that includes the ordinary
    duty. Typed from the orders, notices and messages each names, not from the library's table.
    """

    id: str
    day: dt.date
    country: str
    programme: str
    rate: Decimal | None
    all_in: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class Vectors:
    """All published vectors, by subject."""

    interest: tuple[InterestVector, ...]
    paid_interest: tuple[PaidInterestVector, ...]
    duty: tuple[DutyVector, ...]
    entry_numbers: tuple[EntryNumberVector, ...]
    eligibility: tuple[EligibilityVector, ...]
    windows: tuple[WindowVector, ...]
    programme_rates: tuple[ProgrammeRateVector, ...]
