"""How much IEEPA duty an entry bore, and how much of it comes back.

The base is the duty paid on IEEPA headings (`duty_lines`), less what was returned already, netted with the
other changes of the entry. Every amount is a step that `IeepaDuty.explain` shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.entry import Entry
from ieeparefund.law.citations import Citation, cite
from ieeparefund.law.duty_findings import duty_findings
from ieeparefund.law.duty_lines import LineDuty, Role, line_amounts, line_duty, programme_of, role_of
from ieeparefund.law.findings import Finding
from ieeparefund.money import ZERO, exactly, format_dollars

__all__ = ["DutyStep", "IeepaDuty", "ieepa_duty"]


@dataclass(frozen=True, slots=True)
class DutyStep:
    """One step from the duty paid to the refundable duty.

    `low` and `high` are the running amounts after the step, dollars; the step changed them by `change_low`
    and `change_high`. `name` is stable: `duty_on_headings`, `no_duty_headings`, `all_in_correction`,
    `already_returned`, `netting`, `not_below_zero`.
    """

    name: str
    explanation: str
    change_low: Decimal
    change_high: Decimal
    low: Decimal
    high: Decimal
    citation: Citation


@dataclass(frozen=True, slots=True)
class IeepaDuty:
    """The IEEPA duty of one entry, dollars with two places. Made by `ieepa_duty`.

    `paid` is every dollar reported on 9903.01 and 9903.02, corrections below zero included. The refundable
    duty lies between `low` and `high`, both included, and `refundable` is `low`; they differ only where the
    file leaves the question open, and a finding then says what is missing. Lines, steps and findings are
    worked out when they are read.
    """

    entry: Entry
    paid: Decimal
    low: Decimal
    high: Decimal

    @property
    def refundable(self) -> Decimal:
        """The duty that comes back for certain: the low end of the range."""
        return self.low

    @property
    def is_certain(self) -> bool:
        """Whether the file leaves no range."""
        return self.low == self.high

    @property
    @exactly
    def by_programme(self) -> dict[str, Decimal]:
        """Duty paid by programme, such as `{"reciprocal": Decimal("100.00")}`; the parts sum to `paid`.

        A programme is named where a row of it carries an amount. Duty on a number that never had a rate line
        stands under `unassigned`.
        """
        found: dict[str, Decimal] = {}
        for line in self.entry.lines:
            for row in line.tariffs:
                if row.duty and role_of(row.number) >= Role.DUTY:
                    programme = programme_of(row.number)
                    found[programme] = found.get(programme, ZERO) + row.duty
        return found

    @property
    @exactly
    def lines(self) -> tuple[LineDuty, ...]:
        """The lines of the entry, with the headings of each."""
        return tuple(line_duty(line, self.entry.entry_date) for line in self.entry.lines)

    @property
    @exactly
    def findings(self) -> tuple[Finding, ...]:
        """What a filer should look at, and what makes the amount uncertain."""
        return duty_findings(self.entry, self.paid)

    @property
    @exactly
    def steps(self) -> tuple[DutyStep, ...]:
        """The steps from `paid` to `low` and `high`; a step that changes nothing is left out."""
        return _steps(self)

    def explain(self) -> str:
        """Return the steps as numbered lines with their citations."""
        texts = []
        for count, step in enumerate(self.steps, 1):
            amount = format_dollars(step.low)
            if step.low != step.high:
                amount += f" to {format_dollars(step.high)}"
            texts.append(f"{count}. {step.explanation} {amount} [{step.citation}]")
        return "\n".join(texts)


def _after_return(amount: Decimal, entry: Entry) -> Decimal:
    # A sum already below zero (corrections) stays: a return must never bring it up to zero.
    return max(ZERO, amount - entry.already_refunded) if amount > 0 else amount


def _settle(amount: Decimal, entry: Entry) -> Decimal:
    """Take off what was returned, net with the rest of the entry, and stop at zero."""
    amount = _after_return(amount, entry) - entry.other_adjustments
    return amount if amount > 0 else ZERO


def _steps(duty: IeepaDuty) -> tuple[DutyStep, ...]:
    entry, lines = duty.entry, duty.lines
    low = high = duty.paid
    steps = [
        DutyStep(
            "duty_on_headings",
            "Duty paid on IEEPA headings:",
            low,
            high,
            low,
            high,
            cite("ieepa-refund-base"),
        )
    ]

    def step(name: str, explanation: str, new_low: Decimal, new_high: Decimal, citation: str) -> None:
        nonlocal low, high
        if (new_low, new_high) != (low, high):
            steps.append(
                DutyStep(name, explanation, new_low - low, new_high - high, new_low, new_high, cite(citation))
            )
            low, high = new_low, new_high

    idle = [
        sum((row.duty for row in line.headings if row.duty and role_of(row.number) is Role.NO_DUTY), ZERO)
        for line in lines
    ]
    step(
        "no_duty_headings",
        "Duty on headings that impose none is not certain to come back:",
        low - sum((amount for amount in idle if amount > 0), ZERO),
        high - sum((amount for amount in idle if amount < 0), ZERO),
        "ieepa-refund-base",
    )
    step(
        "all_in_correction",
        "The ordinary duty inside all-in headings is taken off:",
        sum((line.low for line in lines), ZERO),
        sum((line.high for line in lines), ZERO),
        "csms-66319804",
    )
    step(
        "already_returned",
        f"Already returned, {format_dollars(entry.already_refunded)}, is taken off, not below zero:",
        _after_return(low, entry),
        _after_return(high, entry),
        "ieepa-refund-base",
    )
    step(
        "netting",
        f"Other changes of the entry, {format_dollars(entry.other_adjustments)} owed, are netted:",
        low - entry.other_adjustments,
        high - entry.other_adjustments,
        "19-cfr-159-1",
    )
    step("not_below_zero", "A refund is never below zero:", duty.low, duty.high, "19-cfr-159-1")
    return tuple(steps)


@exactly
def ieepa_duty(entry: Entry) -> IeepaDuty:
    """Return the IEEPA duty paid on an entry and the part that comes back.

    Paid is what the rows of 9903.01 and 9903.02 carry; sections 122, 201, 232 and 301, AD/CVD, ordinary duty
    and fees never count. Refundable is that less: duty on headings that impose none (in `high` only), the
    ordinary duty inside an all-in heading (`EntryLine.column1_rate`; not known: a range), `already_refunded`
    (never below zero) and `other_adjustments` (19 CFR 159.1; one below zero adds, and then alone the refund
    can exceed the duty paid). A wrong or outdated heading counts: the duty was paid. A blank duty counts
    nothing and gives a finding.

    Source: HTSUS chapter 99 subchapter III U.S. note 2; CSMS 66319804, 68340863; 19 CFR 159.1.

    >>> import datetime as dt
    >>> from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
    >>> rows = [TariffLine("9903.01.24", 0, "850.00"), TariffLine("9903.88.03", 0, "500.00")]
    >>> entry = Entry("ABC-1234567-6", "01", dt.date(2025, 7, 1), [EntryLine(1, "CN", rows)])
    >>> duty = ieepa_duty(entry)
    >>> duty.refundable, duty.by_programme
    (Decimal('850.00'), {'china_fentanyl': Decimal('850.00')})
    """
    paid = low = high = ZERO
    for line in entry.lines:
        line_paid, line_low, line_high, _ = line_amounts(line)
        paid += line_paid
        low += line_low
        high += line_high
    return IeepaDuty(entry, paid, _settle(low, entry), _settle(high, entry))
