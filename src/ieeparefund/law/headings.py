"""Look up the dated table of IEEPA headings by number, country, programme, kind and entry date.

The rows and the meaning of their dates are in `heading_table`; all is whole days of entry, US eastern.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import FieldError
from ieeparefund.law.authorities import Authority, authority
from ieeparefund.law.heading_table import (
    Ground,
    Heading,
    HeadingKind,
    Measure,
    Programme,
    all_headings,
    headings_by_number,
    measures_without_heading,
)

__all__ = [
    "Authority",
    "Ground",
    "Heading",
    "HeadingKind",
    "Measure",
    "Programme",
    "authority",
    "country_headings",
    "heading_rows",
    "ieepa_heading",
    "ieepa_headings",
    "measures_without_heading",
    "origin_country",
]

_Filter = TypeVar("_Filter", bound=StrEnum)
# Canada's provinces and territories, which stand for origin and manufacturer; XC is seen in exports, the
# others follow the same list.
_PROVINCES = frozenset({"XA", "XB", "XC", "XM", "XN", "XO", "XP", "XQ", "XS", "XT", "XV", "XW", "XY"})


def origin_country(code: str | None) -> str | None:
    """Return the country of an origin code as filed: Canadian province codes become `CA`, others stay.

    Blank and `None` give `None`; an unknown code is kept, since files hold codes no list has.
    Source: Form 7501 instructions, block 10.

    >>> origin_country("XC"), origin_country(" cn "), origin_country("")
    ('CA', 'CN', None)
    """
    if not code:
        return None
    found = code.strip().upper()
    return "CA" if found in _PROVINCES else found or None


@lru_cache(maxsize=65536)
def heading_rows(number: str) -> tuple[Heading, ...]:
    """Return every row of a heading, whatever its dates, in table order; none for a number not in the table.

    Raises `HtsNumberError` for text that is no tariff number.
    """
    return headings_by_number().get(normalise_tariff_number(number)[:10], ())


@lru_cache(maxsize=4096)
def _listed(programme: Programme, country: str, on: dt.date) -> tuple[Heading, ...]:
    return tuple(
        row
        for row in all_headings()
        if row.programme is programme and country in row.countries and row.holds_on(on)
    )


def _applies(row: Heading, country: str, on: dt.date) -> bool:
    """Whether goods of the country can stand on the row on that day."""
    if row.countries:
        return country in row.countries
    if row.ground is not Ground.COUNTRY:
        return True
    # A rate for "all other" countries: the country has no row of its own, or has one with an in-transit
    # clause still open, which sends goods loaded in time back to the general rate.
    listed = _listed(row.programme, country, on)
    return not listed or any(own.in_transit_on(on) for own in listed if own.kind is not HeadingKind.EXEMPTION)


def ieepa_heading(number: str, entry_date: dt.date, country: str | None = None) -> Heading | None:
    """Return the row of a heading in force on the entry date, `None` where it is not in force or not IEEPA.

    With `country` (ISO alpha-2, or a Canadian province code) the row must cover it: a row that names the
    country goes before one for every other country. A general rate covers a country with a rate of its own
    only while an in-transit clause is open (9903.01.25 for Vietnam until 2025-10-04). Without `country` and
    where several rows are in force (9903.01.25 for China and for the others), the one for every other
    country is returned. 9903.96.01 and .02 are answered too: exemptions which lift IEEPA duty.

    The date is that of entry, or of withdrawal from warehouse, for consumption (19 CFR 141.68, 141.69).
    Raises `HtsNumberError` for text that is no tariff number.
    Source: HTSUS chapter 99 subchapter III U.S. note 2 and the sources of each row.

    >>> import datetime as dt
    >>> [ieepa_heading("9903.01.24", dt.date(2025, 11, day)).rate for day in (9, 10)]
    [Decimal('20'), Decimal('10')]
    """
    return _in_force(normalise_tariff_number(number)[:10], entry_date, origin_country(country))


@lru_cache(maxsize=65536)
def _in_force(number: str, entry_date: dt.date, origin: str | None) -> Heading | None:
    rows = [row for row in heading_rows(number) if row.holds_on(entry_date)]
    if origin is not None:
        rows = [row for row in rows if _applies(row, origin, entry_date)]
    # Named countries first where a country is asked for, the general row first where none is.
    rows.sort(key=lambda row: bool(row.countries) is (origin is None))
    return rows[0] if rows else None


def ieepa_headings(
    country: str | None = None,
    programme: Programme | str | None = None,
    on: dt.date | None = None,
    kind: HeadingKind | str | None = None,
) -> tuple[Heading, ...]:
    """Return the rows of the table that pass every filter given, in table order.

    `country` keeps the rows goods of that country can stand on (see `ieepa_heading`); without `on` a row for
    every other country is kept for each country, since a country may have its own row for a part of the
    time only. `on` keeps what is in force on that entry date. `programme` and `kind` are members or their
    text; unknown text raises `FieldError`. The rows that name the country are those with `row.countries`;
    `row.ground` says what about the goods a row asks for.

    >>> import datetime as dt
    >>> [row.number for row in ieepa_headings("IN", on=dt.date(2025, 12, 1), kind="duty")]
    ['9903.01.84', '9903.02.01', '9903.02.26']
    """
    return _filtered(
        origin_country(country),
        _member(Programme, programme, "programme"),
        on,
        _member(HeadingKind, kind, "kind"),
    )


def country_headings(
    country: str, on: dt.date, programme: Programme | str | None = None
) -> tuple[Heading, ...]:
    """Return the rows that apply to goods of a country by origin alone on an entry date, in table order.

    For each programme these are the rows that name the country, or where none does, the general one: the
    country's rate, its all-in pair, or the heading that takes it out (9903.01.26). In-transit clauses, exempt
    goods and transhipment are left out: they turn on facts about the goods (`Heading.ground`). A suspended
    heading is a row with rate 0.

    >>> import datetime as dt
    >>> [(row.number, row.rate) for row in country_headings("CN", dt.date(2025, 4, 10))]
    [('9903.01.24', Decimal('20')), ('9903.01.63', Decimal('125'))]
    """
    rows = [row for row in ieepa_headings(country, programme, on) if row.ground is Ground.COUNTRY]
    named = {row.programme for row in rows if row.countries}
    return tuple(row for row in rows if row.countries or row.programme not in named)


def _member(kinds: type[_Filter], value: str | None, name: str) -> _Filter | None:
    if value is None:
        return None
    try:
        return kinds(value)
    except ValueError:
        raise FieldError(
            f"{name} is {value!r}.", remedy=f"Use one of {', '.join(kinds)}.", column=name, value=str(value)
        ) from None


@lru_cache(maxsize=16384)
def _filtered(
    country: str | None, programme: Programme | None, on: dt.date | None, kind: HeadingKind | None
) -> tuple[Heading, ...]:
    return tuple(
        row
        for row in all_headings()
        if (programme is None or row.programme is programme)
        and (kind is None or row.kind is kind)
        and (on is None or row.holds_on(on))
        and (
            country is None
            or (
                _applies(row, country, on)
                if on is not None
                else not row.countries or country in row.countries
            )
        )
    )
