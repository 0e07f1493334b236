"""The heading table against an independent list of (date, country, rate) facts, and its own snapshot.

`data/ieepa_rate_facts.csv` was typed from the orders, Federal Register notices and CSMS messages it names,
not from the table: each row is the rate a country's goods bore by origin alone on an entry date, per
programme; a blank rate means none, `all_in` that an all-in pair applied.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
from decimal import Decimal
from pathlib import Path

import pytest

from ieeparefund.law.headings import Heading, HeadingKind, country_headings, ieepa_headings

DATA = Path(__file__).parent / "data"
SNAPSHOT = Path(__file__).parent / "headings_snapshot.txt"
FACTS = list(csv.DictReader((DATA / "ieepa_rate_facts.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("programme", sorted({fact["programme"] for fact in FACTS}))
def test_each_rate_on_each_side_of_each_change(programme: str) -> None:
    for fact in FACTS:
        if fact["programme"] != programme:
            continue
        rows = country_headings(fact["country"], dt.date.fromisoformat(fact["date"]), programme)
        rates = {row.rate for row in rows if row.kind is HeadingKind.DUTY and row.rate}
        caps = {row.cap_total for row in rows if row.is_all_in}
        assert rates == ({Decimal(fact["rate"])} if fact["rate"] else set()), fact
        assert caps == ({Decimal(fact["all_in"])} if fact["all_in"] else set()), fact


def test_the_facts_reach_every_country_with_a_rate_of_its_own() -> None:
    known = {(fact["programme"], fact["country"]) for fact in FACTS}
    for row in ieepa_headings(kind=HeadingKind.DUTY):
        for country in row.countries:
            assert (row.programme.value, country) in known


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


def snapshot() -> str:
    """The whole table as text, in table order."""
    return "".join(f"{render(row)}\n" for row in ieepa_headings())


def test_a_change_of_law_shows_as_a_diff() -> None:
    before, after = SNAPSHOT.read_text(encoding="utf-8"), snapshot()
    diff = "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "known", "table"))
    assert not diff, (
        f"the law changed; if it should, run `python -m tests.golden.test_heading_facts`:\n{diff}"
    )


def test_the_snapshot_notices_a_change_of_rate() -> None:
    row = ieepa_headings("IN", "reciprocal", dt.date(2025, 12, 1), "duty")[-1]
    assert f"{render(row)}\n" in SNAPSHOT.read_text(encoding="utf-8")
    changed = Heading(**{**{name: getattr(row, name) for name in row.__slots__}, "rate": Decimal(18)})
    assert f"{render(changed)}\n" not in SNAPSHOT.read_text(encoding="utf-8")


def write() -> None:
    """Write the snapshot anew, after a change of law."""
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")


if __name__ == "__main__":
    write()
