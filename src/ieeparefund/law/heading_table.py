"""The rows of `tables/ieepa_headings.csv`: HTSUS 9903.01 and 9903.02, one per (heading, countries, period).

Clock times are US eastern. A row starts at 12:01 a.m. of its first day, and most files know entry *dates*
only, so the first day counts whole and the day on which a row ends at 12:01 a.m. does not count. Look rows up
with `ieeparefund.law.headings`.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.once import once

__all__ = [
    "Ground",
    "Heading",
    "HeadingKind",
    "Measure",
    "Programme",
    "all_headings",
    "headings_by_number",
    "measures_without_heading",
]


class HeadingKind(StrEnum):
    """What a heading does: imposes a duty, exempts, or caps duty at an all-in total of 15 per cent."""

    DUTY = "duty"
    EXEMPTION = "exemption"
    CAP = "cap"


class Programme(StrEnum):
    """The action of the President a heading belongs to. `OTHER` lifts IEEPA duty without being IEEPA."""

    MEXICO_FENTANYL = "mexico_fentanyl"
    CANADA_FENTANYL = "canada_fentanyl"
    CHINA_FENTANYL = "china_fentanyl"
    RECIPROCAL = "reciprocal"
    BRAZIL = "brazil"
    INDIA_RUSSIA = "india_russia"
    VENEZUELA = "venezuela"
    CUBA = "cuba"
    IRAN = "iran"
    OTHER = "other"


class Ground(StrEnum):
    """Why a heading applies to a line: by country alone, or because of something about the goods."""

    COUNTRY = "country"
    TRANSHIPPED = "transhipped"
    ENERGY = "energy"
    POTASH = "potash"
    IN_TRANSIT = "in_transit"
    USMCA = "usmca"
    DONATION = "donation"
    INFORMATION = "information"
    LISTED_GOODS = "listed_goods"
    SECTION_232 = "section_232"
    US_CONTENT = "us_content"
    CIVIL_AIRCRAFT = "civil_aircraft"
    PHARMACEUTICAL = "pharmaceutical"


def _standing(confidence: str) -> Standing:
    return Standing.PUBLISHED if confidence == "primary" else Standing.INFERRED


@dataclass(frozen=True, slots=True)
class Heading:
    """One row of the table: a heading, for a set of countries, in one period.

    `countries` holds ISO 3166 alpha-2 codes; empty means every country not listed elsewhere. `rate` is per
    cent of `basis`: `None` on an exemption and on an all-in heading below 15 (there the IEEPA part is what
    `cap_total` leaves after column 1), 0 on its twin for 15 and more. `effective_from` is inclusive,
    `effective_to` exclusive: naive clock times, US eastern; `first_day` and `last_day` are the same span in
    whole days, both inclusive. Goods loaded before `in_transit_loaded_before` and entered before
    `in_transit_until` are what an in-transit heading covers, and escape the rate of a duty heading (`note`
    says what they pay). Until `reported_until` (exclusive) a heading ended retroactively could still be
    reported. `citation` is the source as text, `citations` the same in the registry; `confidence` is
    `primary` or `secondary`, which `standing` calls published or inferred.
    """

    number: str
    programme: Programme
    countries: frozenset[str]
    kind: HeadingKind
    ground: Ground
    rate: Decimal | None
    cap_total: Decimal | None
    basis: str
    effective_from: dt.datetime
    effective_to: dt.datetime
    first_day: dt.date
    last_day: dt.date
    in_transit_until: dt.datetime | None
    in_transit_loaded_before: dt.datetime | None
    reported_until: dt.datetime | None
    citation: str
    citation_ids: tuple[str, ...]
    note: str
    confidence: str

    @property
    def standing(self) -> Standing:
        """How firmly the row is known: `primary` sources are published, `secondary` ones inferred."""
        return _standing(self.confidence)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources in the citation registry, the one that made the heading first."""
        return tuple(cite(identifier) for identifier in self.citation_ids)

    @property
    def is_all_in(self) -> bool:
        """Whether the heading's 15 per cent covers column 1 and IEEPA duty together."""
        return self.kind is HeadingKind.CAP and self.rate is None

    def holds_on(self, day: dt.date) -> bool:
        """Return whether the row is in force on an entry date, whole days."""
        return self.first_day <= day <= self.last_day

    def holds_at(self, moment: dt.datetime) -> bool:
        """Return whether the row is in force at a clock time, US eastern without zone."""
        return self.effective_from <= moment < self.effective_to

    def in_transit_on(self, day: dt.date) -> bool:
        """Return whether goods entered on `day` could still claim the row's in-transit clause."""
        return self.in_transit_until is not None and self.first_day <= day < self.in_transit_until.date()

    def reportable_on(self, day: dt.date) -> bool:
        """Return whether an entry of `day` could carry the heading, in force or ended retroactively."""
        return self.holds_on(day) or (
            self.reported_until is not None and self.first_day <= day < self.reported_until.date()
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """An IEEPA measure without a heading: authorised and never imposed, or collected by post.

    It never stands on an entry line. Fields as of `Heading`; the times are `None` where it never began.
    """

    programme: Programme
    countries: frozenset[str]
    rate: Decimal | None
    basis: str
    effective_from: dt.datetime | None
    effective_to: dt.datetime | None
    citation: str
    citation_ids: tuple[str, ...]
    note: str
    confidence: str


def _moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _countries(text: str) -> frozenset[str]:
    return frozenset() if text in ("", "*") else frozenset(text.split("|"))


def _row(row: dict[str, str]) -> Heading:
    starts, ends = (
        dt.datetime.fromisoformat(row["effective_from"]),
        dt.datetime.fromisoformat(row["effective_to"]),
    )
    return Heading(
        number=row["heading"],
        programme=Programme(row["programme"]),
        countries=_countries(row["country_iso2"]),
        kind=HeadingKind(row["kind"]),
        ground=Ground(row["ground"]),
        rate=_number(row["additional_rate_pct"]),
        cap_total=_number(row["cap_total_pct"]),
        basis=row["basis"],
        effective_from=starts,
        effective_to=ends,
        first_day=starts.date(),
        last_day=ends.date() - dt.timedelta(days=1),
        in_transit_until=_moment(row["in_transit_until"]),
        in_transit_loaded_before=_moment(row["in_transit_loaded_before"]),
        reported_until=_moment(row["reported_until"]),
        citation=row["legal_source"],
        citation_ids=tuple(row["citations"].split("|")),
        note=row["note"],
        confidence=row["confidence"],
    )


def _measure(row: dict[str, str]) -> Measure:
    return Measure(
        programme=Programme(row["programme"]),
        countries=_countries(row["country_iso2"]),
        rate=_number(row["additional_rate_pct"]),
        basis=row["basis"],
        effective_from=_moment(row["effective_from"]),
        effective_to=_moment(row["effective_to"]),
        citation=row["legal_source"],
        citation_ids=tuple(row["citations"].split("|")),
        note=row["note"],
        confidence=row["confidence"],
    )


@once
def _table() -> tuple[tuple[Heading, ...], tuple[Measure, ...]]:
    rows = list(csv.DictReader(table_text("ieepa_headings.csv").splitlines()))
    return (
        tuple(_row(row) for row in rows if row["heading"] != "none"),
        tuple(_measure(row) for row in rows if row["heading"] == "none"),
    )


def all_headings() -> tuple[Heading, ...]:
    """Return every row that has a heading, in table order."""
    return _table()[0]


@once
def headings_by_number() -> dict[str, tuple[Heading, ...]]:
    """Return the rows by heading number, each in table order."""
    found: dict[str, list[Heading]] = {}
    for row in _table()[0]:
        found.setdefault(row.number, []).append(row)
    return {number: tuple(rows) for number, rows in found.items()}


def measures_without_heading() -> tuple[Measure, ...]:
    """Return the IEEPA measures that never stood on an entry line: never imposed, or postal."""
    return _table()[1]
