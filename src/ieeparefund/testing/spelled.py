"""The many ways in which reports and spreadsheets spell the same fact. Each choice is made by a `random.Random`."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from ieeparefund.entries.entry_number import EntryNumber

__all__ = [
    "spelled_amount",
    "spelled_date",
    "spelled_flag",
    "spelled_heading",
    "spelled_number",
    "spelled_tariff_number",
]


def spelled_number(number: EntryNumber, chance: random.Random) -> str:
    """Return a spelling of an entry number: dashes, blanks, `="..."`, an apostrophe, leading zeros lost."""
    shapes = [number.compact, str(number), f'="{number.compact}"', f" {number}\xa0", f"'{number.compact}"]
    shapes += [number.compact.lower(), str(number).replace("-", " – ")]
    stripped = number.compact.lstrip("0")
    if stripped.isdigit() and len(stripped) in (9, 10):
        shapes.append(stripped)
    return chance.choice(shapes)


def spelled_date(day: dt.date | None, chance: random.Random) -> str:
    """Return a spelling of a day, month before day, with or without a clock time; blank where it is not known."""
    if day is None:
        return chance.choice(["", " "])
    shapes = [f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day}", f"{day:%Y/%m/%d} 00:00:00"]
    return chance.choice([*shapes, f"{day:%m/%d/%y}", f" {day:%m/%d/%Y} 12:00:00 AM"])


def spelled_amount(amount: Decimal | None, chance: random.Random) -> str:
    """Return a spelling of dollars: `$`, commas, brackets or a minus in front or behind, `FREE` for zero."""
    if amount is None:
        return ""
    if amount < 0:
        return chance.choice(
            [f"{amount}", f"({-amount:,})", f"{-amount}-", f"-${-amount:,}", f"$({-amount})"]
        )
    shapes = [f"{amount}", f"${amount:,}", f" {amount:,} ", f"{amount}0"]
    if amount == 0:
        shapes += ["FREE", "0"]
    return chance.choice(shapes)


def spelled_tariff_number(number: str, chance: random.Random) -> str:
    """Return a spelling of a tariff number: without dots, as a number, with two zeros more, without its first zero."""
    digits = number.replace(".", "")
    shapes = [number, digits, f"{digits}.0", f" {digits}"]
    if digits.startswith("99"):
        shapes += [f"{digits}00", f"{number}.00"]
    return chance.choice([*shapes, digits[1:]] if digits.startswith("0") else shapes)


def spelled_flag(flag: bool | None, chance: random.Random) -> str:
    """Return a spelling of yes, no and blank."""
    return chance.choice({True: ["Y", "yes"], False: ["N", "no"], None: [""]}[flag])


def spelled_heading(heading: str, chance: random.Random) -> str:
    """Return a spelling of a column's heading: case, blanks and marks differ, never a word."""
    shapes = [heading, heading.upper(), heading.lower(), heading.replace(" ", "_"), f" {heading}  "]
    return chance.choice(
        [*shapes, heading.replace(" ", "\xa0"), heading.replace(" - ", " "), f"\u200b{heading}"]
    )
