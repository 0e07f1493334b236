"""Tables about single entries, in a statement and its workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.report.model import Column, Kind, Section, Table, Value
from ieeparefund.report.words import OUTCOME_NAMES, words_of

__all__ = ["detail_sections", "entries_table", "party"]


def party(number: str | None, show: bool) -> str | None:
    """Return an importer or party number, masked unless it may be shown."""
    return number if show else mask_importer(number)


def entries_table(estimates: Sequence[RefundEstimate], show: bool) -> Table:
    """Return the table of the entries, in the order of the file."""

    def rows() -> Iterator[tuple[Value, ...]]:
        for one in estimates:
            cape = one.windows.get("cape")
            yield (
                str(one.entry.number),
                one.entry.entry_type.value,
                party(one.entry.importer, show),
                one.entry.entry_date,
                OUTCOME_NAMES[one.outcome],
                one.refundable_duty,
                one.interest,
                one.refund,
                one.interest_to,
                None if cape is None else cape.closes,
                _remarks(one),
            )

    return Table(
        "Entries (where interest runs on, it is counted to the day of the statement)",
        (
            Column("Entry", Kind.NUMBER),
            Column("Type"),
            Column("Importer", Kind.CODE),
            Column("Entered", Kind.DATE),
            Column("Outcome"),
            Column("Refundable duty", Kind.MONEY),
            Column("Interest", Kind.MONEY),
            Column("Refund", Kind.MONEY),
            Column("Interest to", Kind.DATE),
            Column("CAPE until", Kind.DATE),
            Column("Why, and what is open"),
        ),
        tuple(rows()),
        sheet="Entries",
        empty="No entry.",
    )


def _remarks(one: RefundEstimate) -> str:
    remarks = (
        (words_of(one), True),
        ("interest runs on", one.schedule is not None and one.end.open_ended),
        ("rates projected", one.provisional),
        ("duty in a range", not one.duty.is_certain),
    )
    return "; ".join(words for words, holds in remarks if words and holds)


def detail_sections(estimates: Sequence[RefundEstimate]) -> list[Section]:
    """Return what only a workbook shows of every entry: the interest schedule and the findings."""
    schedule: tuple[tuple[Value, ...], ...] = tuple(
        (
            str(one.entry.number),
            period.first_day,
            period.last_day,
            period.days,
            period.annual_rate,
            period.day_basis,
            period.interest,
            period.balance,
            period.standing.value,
            str(period.citation),
        )
        for one in estimates
        if one.schedule is not None
        for period in one.schedule.periods
    )
    findings: tuple[tuple[Value, ...], ...] = tuple(
        (
            str(one.entry.number),
            finding.rule,
            finding.effect.value,
            finding.line_number,
            finding.amount,
            finding.explanation,
            finding.ace_text,
            finding.remedy,
            finding.standing.value,
            str(finding.citation),
        )
        for one in estimates
        for finding in one.findings
    )
    return [
        Section(
            "schedule",
            "Interest schedule",
            (
                Table(
                    "Interest of each entry by rate and length of the year",
                    (
                        Column("Entry", Kind.NUMBER),
                        Column("First day", Kind.DATE),
                        Column("Last day", Kind.DATE),
                        Column("Days", Kind.COUNT),
                        Column("Rate a year", Kind.PERCENT),
                        Column("Days of the year", Kind.COUNT),
                        Column("Interest", Kind.MONEY),
                        Column("Balance", Kind.MONEY),
                        Column("Standing"),
                        Column("Citation"),
                    ),
                    schedule,
                    sheet="Interest schedule",
                ),
            ),
            on_page=False,
        ),
        Section(
            "findings",
            "Findings",
            (
                Table(
                    "Every rule that matched",
                    (
                        Column("Entry", Kind.NUMBER),
                        Column("Rule", Kind.CODE),
                        Column("Effect"),
                        Column("Line", Kind.COUNT),
                        Column("Amount", Kind.MONEY),
                        Column("Explanation"),
                        Column("ACE prints"),
                        Column("What to do"),
                        Column("Standing"),
                        Column("Citation"),
                    ),
                    findings,
                    sheet="Findings",
                ),
            ),
            on_page=False,
        ),
    ]
