"""What a filer should look at in the duty of an entry; words and sources: `tables/duty_findings.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from ieeparefund.entries.codes import EntryType
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.law.authorities import look_alike
from ieeparefund.law.citations import Standing, cite, table_text
from ieeparefund.law.duty_lines import HeadingDuty, LineDuty, Role, Treatment, line_duty, role_of
from ieeparefund.law.findings import Effect, Finding
from ieeparefund.law.headings import (
    Authority,
    HeadingKind,
    authority,
    heading_rows,
    ieepa_heading,
    origin_country,
)
from ieeparefund.law.once import once
from ieeparefund.law.schedule_rates import listed_for_line
from ieeparefund.money import ZERO, format_dollars

__all__ = ["duty_findings", "line_findings"]

# The rate of these can be that of another day: withdrawal from warehouse, or election of zone status.
_WAREHOUSE = frozenset(
    {
        EntryType.WAREHOUSE,
        EntryType.REWAREHOUSE,
        EntryType.WITHDRAWAL_CONSUMPTION,
        EntryType.WITHDRAWAL_QUOTA,
        EntryType.WITHDRAWAL_ANTIDUMPING_COUNTERVAILING,
        EntryType.WITHDRAWAL_QUOTA_AND_ANTIDUMPING_COUNTERVAILING,
    }
)


@once
def _rules() -> dict[str, dict[str, Any]]:
    return tomllib.loads(table_text("duty_findings.toml"))


def _finding(
    rule: str,
    entry: Entry,
    *,
    line: int | None,
    amount: Decimal | None = None,
    **words: str,
) -> Finding:
    row = _rules()[rule]
    shown = "an unknown amount" if amount is None else format_dollars(amount)
    return Finding(
        rule=rule,
        effect=Effect(row["effect"]),
        explanation=row["text"].format(amount=shown, date=entry.entry_date, **words),
        citation=cite(row["citation"]),
        ace_text=row.get("ace_text"),
        standing=Standing(row["standing"]),
        remedy=row.get("remedy"),
        line_number=line,
        amount=amount,
    )


def duty_findings(entry: Entry, paid: Decimal) -> tuple[Finding, ...]:
    """Return the findings on the duty of an entry, line by line, then on the entry as a whole.

    `paid` is that of `IeepaDuty`. None of them rejects an entry: CAPE's own rules are in `eligibility`.
    """
    found: list[Finding] = []
    for line in entry.lines:
        if not _is_plain(line, entry.entry_date):
            found += line_findings(entry, line)
    if entry.already_refunded > max(paid, ZERO):
        found.append(
            _finding(
                "returned_more_than_paid",
                entry,
                line=None,
                amount=paid,
                other=format_dollars(entry.already_refunded),
            )
        )
    return tuple(found)


def line_findings(entry: Entry, line: EntryLine) -> list[Finding]:
    """Return the findings on one line of an entry."""
    duty = line_duty(line, entry.entry_date)
    found: list[Finding] = []
    for heading in duty.headings:
        found += _on_heading(entry, line, heading)
    found += _on_other_rows(entry, line)
    found += _on_all_in(entry, line, duty)
    found += _on_line(entry, line, duty)
    return found


def _is_plain(line: EntryLine, entry_date: dt.date) -> bool:
    """Whether a line can have no finding: most have none, and this costs a tenth of looking closely."""
    revives = _rules()["section_232_may_revive"]
    if revives["first_day"] <= entry_date <= revives["last_day"]:
        return False
    first = line.tariffs[0].duty
    differs = not first or len(line.tariffs) == 1
    for row in line.tariffs:
        plain = _plain_amount(row.number, entry_date)
        if plain is _Plain.NEVER or (
            plain is not _Plain.ALWAYS and (bool(row.duty) if plain is _Plain.IF_NONE else row.duty is None)
        ):
            return False
        if row.duty != first:
            differs = True
    return differs


class _Plain(Enum):
    """With which duty a row gives no finding."""

    NEVER = 0
    ALWAYS = 1
    IF_NONE = 2
    IF_KNOWN = 3


@lru_cache(maxsize=65536)
def _plain_amount(number: str, entry_date: dt.date) -> _Plain:
    role = role_of(number)
    if role is Role.ORDINARY:
        return _Plain.ALWAYS
    if role is Role.OUTSIDE:
        known = look_alike(number) if is_chapter_99(number) else None
        if known is None:
            return _Plain.NEVER if is_chapter_99(number) else _Plain.ALWAYS
        return _Plain.IF_NONE if known.mirrors_ieepa else _Plain.ALWAYS
    heading = ieepa_heading(number, entry_date)
    if heading is None:
        return _Plain.NEVER
    if role is Role.DUTY and heading.rate:
        return _Plain.IF_KNOWN
    return _Plain.NEVER if role is Role.ALL_IN else _Plain.IF_NONE


def _on_heading(entry: Entry, line: EntryLine, row: HeadingDuty) -> Iterator[Finding]:
    def say(rule: str, **words: str) -> Finding:
        return _finding(rule, entry, line=line.line_number, number=row.number, amount=row.duty, **words)

    suspended = row.heading is not None and row.heading.kind is HeadingKind.DUTY and row.heading.rate == 0
    # A heading that imposes nothing is often left blank, which says as much as zero.
    if row.duty is None and role_of(row.number) in (Role.DUTY, Role.ALL_IN) and not suspended:
        yield say("ieepa_duty_missing")
    rows = heading_rows(row.number)
    if not rows:
        yield say("unassigned_heading")
        return
    if row.duty and rows[0].kind is HeadingKind.EXEMPTION:
        yield say("exemption_heading_carries_duty")
    if row.heading is None:
        yield say(_rule_for_date(entry, row.number), other=_period(row.number))
    elif row.duty and suspended:
        yield say("suspended_heading_carries_duty")


def _rule_for_date(entry: Entry, number: str) -> str:
    if any(row.reportable_on(entry.entry_date) for row in heading_rows(number)):
        return "heading_ended_retroactively"
    if entry.entry_type in _WAREHOUSE:
        return "heading_of_another_date"
    if entry.entry_type is EntryType.FOREIGN_TRADE_ZONE:
        return "zone_rate_of_another_date"
    return "heading_not_in_force"


def _period(number: str) -> str:
    """Say when a heading was in force; the periods of a heading follow each other without gap."""
    rows = heading_rows(number)
    return f"in force from {min(row.first_day for row in rows)} to {max(row.last_day for row in rows)}"


def _on_other_rows(entry: Entry, line: EntryLine) -> Iterator[Finding]:
    for row in line.tariffs:
        if role_of(row.number) is not Role.OUTSIDE or not is_chapter_99(row.number):
            continue
        known = look_alike(row.number)
        if known is None:
            yield _outside("unknown_9903_number", entry, line, row)
        elif row.duty and known.mirrors_ieepa:
            yield _outside("look_alike_carries_duty", entry, line, row, other=known.name)


def _outside(rule: str, entry: Entry, line: EntryLine, row: TariffLine, **words: str) -> Finding:
    return _finding(rule, entry, line=line.line_number, number=row.number, amount=row.duty, **words)


def _on_all_in(entry: Entry, line: EntryLine, duty: LineDuty) -> Iterator[Finding]:
    rows = [
        row for row in line.tariffs if role_of(row.number) in (Role.ALL_IN, Role.ALL_IN_TWIN) and row.duty
    ]
    if not rows:
        return
    number = rows[0].number
    paid = sum((row.duty for row in rows if row.duty is not None), ZERO)

    def say(rule: str, **words: str) -> Finding:
        return _finding(rule, entry, line=line.line_number, number=number, amount=paid, **words)

    for row in rows:
        if role_of(row.number) is Role.ALL_IN_TWIN:
            yield _outside("all_in_twin_carries_duty", entry, line, row)
    if duty.treatment is Treatment.RANGE:
        yield say(
            "column1_rate_needed",
            other=_what_is_missing(entry, line, duty),
            low=format_dollars(duty.low),
            high=format_dollars(duty.high),
        )
    elif duty.treatment is Treatment.SPLIT_STYLE:
        yield say("all_in_split_style")
    base = sum((row.duty for row in line.tariffs if role_of(row.number) is Role.ORDINARY and row.duty), ZERO)
    if duty.column1_duty is not None and paid > 0 and base > duty.column1_duty:
        yield say(
            "base_duty_above_column1",
            other=f"{format_dollars(base)} against {format_dollars(duty.column1_duty)}",
        )


def _what_is_missing(entry: Entry, line: EntryLine, duty: LineDuty) -> str:
    if line.column1_rate is None:
        found = listed_for_line(line, entry.entry_date)
        if found is None:
            return "The column-1 rate is not known"
        listed, program = found
        kind = "special rate for KR" if program else "general rate"
        return (
            "The column-1 rate is not known from the entry (the schedule lists "
            f"{listed.text(program) or 'none'} as the {kind} of {listed.number})"
        )
    if duty.column1_duty is None:
        return "The value of the chapter 1-97 row is not known"
    return "The duty of the chapter 1-97 row is not known"


def _on_line(entry: Entry, line: EntryLine, duty: LineDuty) -> Iterator[Finding]:
    if duty.headings:
        first, *others = (row.duty for row in line.tariffs)
        if first and set(others) == {first}:
            yield _finding("line_duty_repeated", entry, line=line.line_number, amount=first)
    rule = _rules()["section_232_may_revive"]
    if not duty.paid or not rule["first_day"] <= entry.entry_date <= rule["last_day"]:
        return
    metal = any(
        role_of(row.number) is Role.ORDINARY and row.number[:2] in rule["chapters"] for row in line.tariffs
    )
    pays_232 = any(authority(row.number) is Authority.SECTION_232 and row.duty for row in line.tariffs)
    if metal and not pays_232 and origin_country(line.country_of_origin) in rule["countries"]:
        paying = next(row.number for row in duty.headings if row.duty)
        yield _finding(
            "section_232_may_revive", entry, line=line.line_number, number=paying, amount=duty.paid
        )
