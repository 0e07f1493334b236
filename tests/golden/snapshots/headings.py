"""IEEPA headings: the table row by row, what stands for each country on each day, and numbers that look alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from tests.golden.snapshots.runs import runs, table

from ieeparefund.law.authorities import authority, look_alike, look_alikes
from ieeparefund.law.headings import Heading, country_headings, ieepa_heading, ieepa_headings

D = dt.date
FIRST, LAST = D(2025, 2, 1), D(2026, 3, 1)
ONE = dt.timedelta(days=1)
# Beside the countries of the table: some it does not name, and a Canadian province.
UNNAMED = ("AU", "SG", "AE", "XB")


def render(row: Heading) -> str:
    """One row of law as one line of the snapshot."""
    rate = "-" if row.rate is None else str(row.rate)
    parts = [
        row.number,
        f"{row.effective_from:%Y-%m-%dT%H:%M}..{row.effective_to:%Y-%m-%dT%H:%M}",
        row.programme.value,
        row.kind.value,
        row.ground.value,
        f"rate={rate}",
        f"countries={'+'.join(sorted(row.countries)) or '*'}",
        f"standing={row.standing.value}",
    ]
    for name in ("cap_total", "in_transit_loaded_before", "in_transit_until", "reported_until"):
        value = getattr(row, name)
        if value is not None:
            parts.append(
                f"{name}={value:%Y-%m-%dT%H:%M}" if isinstance(value, dt.datetime) else f"{name}={value}"
            )
    return " ".join(parts)


def heading_rows() -> Iterator[str]:
    """The whole table in table order."""
    return map(render, ieepa_headings())


def turning_days() -> list[dt.date]:
    """The first and last day, and both sides of every day on which a row of the table begins, ends or turns."""
    turns = {FIRST, LAST}
    for row in ieepa_headings():
        for moment in (row.effective_from, row.effective_to, row.in_transit_until, row.reported_until):
            if moment is not None and FIRST < moment.date() <= LAST:
                turns |= {moment.date() - ONE, moment.date()}
    return sorted(turns)


def _short(row: Heading | None) -> str:
    if row is None:
        return "not in force"
    if row.is_all_in:
        return f"{row.programme} all-in {row.cap_total}, rate {row.rate}"
    return f"{row.programme} {row.kind} {row.ground}" + ("" if row.rate is None else f" {row.rate}")


def _rate(row: Heading) -> str:
    if row.is_all_in:
        return f"all-in {row.cap_total}"
    return str(row.kind if row.rate is None or row.kind != "duty" else row.rate)


def _named() -> list[str]:
    return sorted({country for row in ieepa_headings() for country in row.countries} | set(UNNAMED))


def heading_days() -> Iterator[str]:
    """By country and day what stands by origin alone, by heading and day what it is, and whose a number is."""

    def standing(country: str, day: dt.date) -> str:
        rows = country_headings(country, day)
        return " + ".join(f"{row.number} {_rate(row)}" for row in rows)

    days = turning_days()
    yield "# Headings by origin alone and entry date, with the rate in per cent; countries with the same line."
    lines: dict[str, list[str]] = {}
    for country in _named():
        spans = runs(days, lambda day, country=country: standing(country, day) or "nothing")
        lines.setdefault("\n".join(f"    {table(*span)}" for span in spans), []).append(country)
    for text, countries in lines.items():
        yield " ".join(countries)
        yield text
    yield ""
    yield "# Every heading by entry date, without a country."
    for number in sorted({row.number for row in ieepa_headings()}):
        for span, text in runs(days, lambda day, number=number: _short(ieepa_heading(number, day))):
            if text != "not in force":
                yield table(number, span, text)
    yield ""
    yield "# The law a number of chapter 99 stands on, and of some others."
    numbers = [
        f"99{chapter:02}.{part:02}.{place:02}"
        for chapter in (3,)
        for part in range(100)
        for place in range(100)
    ]
    for (law, known), same in groupby(numbers, lambda number: (authority(number), look_alike(number))):
        found = list(same)
        span = found[0] if len(found) == 1 else f"{found[0]}..{found[-1]}"
        yield table(span, law, known and known.name, known and known.standing)
    for number in (
        *(
            "9902.01.01",
            "9904.17.01",
            "9817.00.96",
            "9802.00.80",
            "8471.30.01.00",
            "0101.21.00",
            "A-570-601-000",
        ),
        *("C-570-602-000", "499", "501", "056", "9903.01", "990301", "99030125", "9903.1.25"),
    ):
        try:
            yield table(number, authority(number))
        except ValueError as refused:
            yield table(number, type(refused).__name__)
    yield ""
    yield "# Numbers that look like IEEPA headings and are not."
    for row in look_alikes():
        yield table(row.heading_range, row.authority, row.rate_and_dates, row.standing)
        yield f"    {row.name}: {row.note or '-'}"
