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

from ieeparefund.law.citations import Standing
from ieeparefund.law.headings import Heading, HeadingKind, country_headings, heading_rows, ieepa_headings

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


PAGE = Path(__file__).parents[2] / "docs" / "law" / "headings.md"
BEGINS, ENDS = (
    "<!-- table begins: written by python -m tests.golden.test_heading_facts -->",
    "<!-- table ends -->",
)
EU = heading_rows("9903.02.20")[0].countries


def cells(row: Heading) -> tuple[str, ...]:
    """A row of law as the cells of the docs' table."""
    who = row.countries - EU if row.countries >= EU else row.countries
    names = [*(["EU"] if row.countries >= EU else []), *sorted(who)]
    rate = "" if row.rate is None else str(row.rate)
    source = row.citation.split("; end:")[0]
    return (
        row.number,
        row.programme.value,
        " ".join(names) or "every other",
        row.kind.value,
        row.ground.value.replace("_", " "),
        f"all-in {row.cap_total}" if row.is_all_in else rate,
        str(row.first_day),
        str(row.last_day),
        source + (" (inferred)" if row.standing is Standing.INFERRED else ""),
    )


def table() -> str:
    """The whole table as Markdown."""
    head = (
        "Heading",
        "Programme",
        "Countries",
        "Kind",
        "Ground",
        "Per cent",
        "First day",
        "Last day",
        "Source",
    )
    lines = [head, ("---",) * len(head), *(cells(row) for row in ieepa_headings())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def test_the_page_shows_the_table_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text[text.index(BEGINS) + len(BEGINS) : text.index(ENDS)]
    assert shown.strip() == table().strip(), "run `python -m tests.golden.test_heading_facts`"


def write() -> None:
    """Write the snapshot and the table of the page anew, after a change of law."""
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGINS) + len(BEGINS)], text[text.index(ENDS) :]
    PAGE.write_text(f"{before}\n\n{table()}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
