"""The reasoning behind an estimate as numbered steps a lawyer can read and check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.law.citations import Standing, cite
from ieeparefund.law.duty_split import split_duty
from ieeparefund.law.line_findings import entry_findings, merge_findings
from ieeparefund.money import exactly, format_dollars

if TYPE_CHECKING:
    from ieeparefund.refunds.estimate import RefundEstimate

__all__ = ["explain_estimate"]


@exactly
def explain_estimate(estimate: RefundEstimate) -> str:
    """Return numbered steps: facts, duty, filing, eligibility, interest with its schedule, refund, deadlines."""
    steps = [
        _facts(estimate),
        _duty(estimate),
        _filing(estimate),
        _eligibility(estimate),
        _interest(estimate),
        _refund(estimate),
        _windows(estimate),
        _remedies(estimate),
        _open_points(estimate),
    ]
    blocks = []
    number = 0
    for title, lines in steps:
        body = list(lines)
        if body:
            number += 1
            blocks.append("\n".join([f"{number}. {title}", *(f"   {line}" for line in body)]))
    return "\n".join(blocks)


def _facts(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    entry = estimate.entry

    def lines() -> Iterator[str]:
        yield f"Entry {entry.number}, type {entry.entry_type.value}, entered {entry.entry_date}."
        if entry.importer is not None:
            yield f"Importer of record {mask_importer(entry.importer)}."
        status = f", status {entry.liquidation_status.value}" if entry.liquidation_status else ""
        if entry.liquidation_date is not None:
            yield f"Liquidation date {entry.liquidation_date}{status}."
        elif status:
            yield f"No liquidation date{status}."
        else:
            yield "Neither liquidation date nor liquidation status is known."
        if entry.reliquidation_date is not None:
            yield f"Reliquidated {entry.reliquidation_date}."
        yield f"Asked as of {estimate.as_of}; payee class {estimate.payee.value}."

    return "Facts", lines()


def _duty(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    def lines() -> Iterator[str]:
        duty = estimate.duty
        for step in duty.steps:
            shown = format_dollars(step.low)
            if step.low != step.high:
                shown += f" to {format_dollars(step.high)}"
            yield f"{step.explanation} {shown} [{step.citation}]"
        for programme, amount in duty.by_programme.items():
            yield f"{programme}: {format_dollars(amount)} paid."
        yield f"IEEPA duty paid {format_dollars(duty.paid)}; refundable {format_dollars(duty.refundable)}."
        if duty.low != duty.high:
            yield f"The file leaves a range from {format_dollars(duty.low)} to {format_dollars(duty.high)}."
        split = split_duty(estimate.entry)
        parts = [f"{name} {format_dollars(part)}" for name, part in split.by_authority.items() if part]
        yield f"All duty and fees of the entry, {format_dollars(split.total)}: {', '.join(parts) or 'none'}."
        if split.unknown_numbers:
            yield f"Numbers in no table: {', '.join(split.unknown_numbers)}."

    return "IEEPA duty", lines()


def _filing(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    checked = entry_findings(estimate.entry, as_of=estimate.as_of)

    def lines() -> Iterator[str]:
        for finding in merge_findings(checked, estimate.duty.findings):
            line = "" if finding.line_number is None else f"Line {finding.line_number}: "
            remedy = f" {finding.remedy}" if finding.remedy else ""
            yield f"{line}{finding.explanation}{remedy} [{finding.citation}]"

    return "The filing, line by line", lines()


def _eligibility(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    def lines() -> Iterator[str]:
        yield f"Outcome: {estimate.outcome.value}."
        for finding in estimate.eligibility.findings:
            text = f' ACE prints "{finding.ace_text}".' if finding.ace_text else ""
            standing = "" if finding.standing is Standing.PUBLISHED else f" ({finding.standing.value})"
            yield f"{finding.explanation}{text} [{finding.citation}{standing}]"

    return "CAPE", lines()


def _interest(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    def lines() -> Iterator[str]:
        schedule = estimate.schedule
        if schedule is None:
            yield "Nothing is refundable, so no interest runs."
            return
        yield (
            f"From {schedule.deposited} (deposit, not counted) to {schedule.liquidated} (counted): "
            f"{estimate.end.reason}. [{cite('19-usc-1505-c')}; {cite('26-usc-6622')}]"
        )
        for period in schedule.periods:
            standing = "" if period.standing is Standing.PUBLISHED else f", {period.standing.value}"
            yield (
                f"{period.first_day} to {period.last_day}: {period.days:>3} days at {period.annual_rate} % "
                f"/{period.day_basis} = {format_dollars(period.interest)}{standing}"
            )
        yield f"Interest {format_dollars(estimate.interest)}."
        low, high = estimate.interest_range
        if low != high:
            yield f"Over the plausible deposit dates: {format_dollars(low)} to {format_dollars(high)}."
        if estimate.end.open_ended:
            yield "Open-ended: interest goes on until a (re)liquidation."
        if estimate.interest_projected:
            yield f"Of it {format_dollars(estimate.interest_projected)} at a projected rate: provisional."

    return "Interest", lines()


def _refund(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    text = (
        f"{format_dollars(estimate.refundable_duty)} + {format_dollars(estimate.interest)} "
        f"= {format_dollars(estimate.refund)}."
    )
    return "Refund", iter([text])


def _windows(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    def lines() -> Iterator[str]:
        for window in estimate.windows.values():
            left = window.days_left(estimate.as_of)
            when = f"{left} days left" if left >= 0 else "closed"
            yield f"{window.rule}: {window.opens} to {window.closes}, both included ({when}). [{window.citation}]"
            yield from (f"  {note}" for note in (window.note,) if note)

    return "Deadlines", lines()


def _remedies(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    def lines() -> Iterator[str]:
        for remedy in estimate.remedies:
            days = [
                f"{word} {day}"
                for word, day in (("from", remedy.opens), ("by", remedy.by))
                if day is not None
            ]
            yield remedy.text + (f" ({', '.join(days)})" if days else "")

    return "What to do", lines()


def _open_points(estimate: RefundEstimate) -> tuple[str, Iterator[str]]:
    def lines() -> Iterator[str]:
        for sentence in estimate.assumed:
            yield f"Assumed: {sentence}"
        for sentence in estimate.missing:
            yield f"Missing: {sentence}"

    return "Assumed and missing", lines()
