"""The refund of one entry: eligibility, duty, interest and deadlines put together, with every assumption."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.errors import FieldError
from ieeparefund.law.citations import Standing
from ieeparefund.law.duty import IeepaDuty, ieepa_duty
from ieeparefund.law.eligibility import Eligibility, Outcome, Remedy, check_eligibility
from ieeparefund.law.findings import Finding
from ieeparefund.law.interest import Interest
from ieeparefund.law.interest_bounds import interest_bounds
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.law.schedule_rates import with_schedule_rates
from ieeparefund.law.windows import Window, windows
from ieeparefund.money import ZERO, exactly
from ieeparefund.refunds.accrual import InterestEnd, accrue, end_of_interest
from ieeparefund.refunds.deposit import Deposit, DepositRule, as_deposit_rule, deposit_of

__all__ = ["Column1Source", "RefundEstimate", "as_payee", "check_day", "estimate_refund"]


class Column1Source(StrEnum):
    """Where the ordinary (column 1) rate of an all-in line comes from if the entry does not give it."""

    GIVEN = "given"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class RefundEstimate:
    """What one entry is owed, and what that rests on. Made by `estimate_refund`.

    Amounts are dollars with two places. For a rejected or undetermined entry the same figures say what is at
    stake. `interest_from` is excluded and `interest_to` included; both are `None` where nothing comes back.
    `schedule` is the interest with its schedule by quarter, `None` where nothing is refundable.
    `provisional` means that part of the interest uses projected rates (`interest_projected`, contained in
    `interest`).
    """

    entry: Entry
    as_of: dt.date
    payee: Payee
    duty: IeepaDuty
    eligibility: Eligibility
    deposit: Deposit
    end: InterestEnd
    schedule: Interest | None
    rates: RateTable

    @property
    def outcome(self) -> Outcome:
        """What CAPE does with the entry on `as_of`."""
        return self.eligibility.outcome

    @property
    def ieepa_duty(self) -> Decimal:
        """Duty paid on IEEPA headings."""
        return self.duty.paid

    @property
    def refundable_duty(self) -> Decimal:
        """The part that comes back, the low end of the range where the file leaves a range."""
        return self.duty.refundable

    @property
    def by_programme(self) -> dict[str, Decimal]:
        """Duty paid by IEEPA programme."""
        return dict(self.duty.by_programme)

    @property
    def deposit_date(self) -> dt.date:
        """The day of deposit, known or assumed (`assumed` says which)."""
        return self.deposit.date

    @property
    def interest_from(self) -> dt.date | None:
        """The deposit day, itself not counted; `None` where nothing is refundable."""
        return None if self.schedule is None else self.deposit.date

    @property
    def interest_to(self) -> dt.date | None:
        """The last day counted; `None` where nothing is refundable."""
        return None if self.schedule is None else self.schedule.liquidated

    @property
    def interest(self) -> Decimal:
        """Interest, whole."""
        return ZERO if self.schedule is None else self.schedule.amount

    @property
    def interest_projected(self) -> Decimal:
        """The part of `interest` past the last quarter of the rate table, at its last rate."""
        return ZERO if self.schedule is None else self.schedule.projected

    @property
    def provisional(self) -> bool:
        """Whether some of the interest rests on projected rates."""
        return self.schedule is not None and self.schedule.standing is Standing.PROJECTED

    @property
    @exactly
    def refund(self) -> Decimal:
        """Refundable duty and interest."""
        return self.refundable_duty + self.interest

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every rule that matched: eligibility first, then duty."""
        return (*self.eligibility.findings, *self.duty.findings)

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What to do, with the last day for it."""
        return self.eligibility.remedies

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that are needed for a definite answer."""
        return self.eligibility.missing

    @property
    def assumed(self) -> tuple[str, ...]:
        """Every assumption as a sentence."""
        found = list(self.eligibility.assumed)
        if self.deposit.assumption is not None:
            found.append(self.deposit.assumption)
        if self.duty.entry is not self.entry:
            found.append(
                "Column-1 rates of all-in lines are those of the published schedule for the number filed."
            )
        if self.schedule is None:
            return tuple(found)
        if self.end.assumed:
            found.append(f"Interest ends on {self.schedule.liquidated}: {self.end.reason}.")
        if self.schedule.inferred:
            found.append(
                "Some overpayment rates are inferred from the published underpayment rate; no CBP notice is known."
            )
        if self.provisional:
            found.append(f"Rates after {self.rates.last_day} are not published; the last rate is carried on.")
        return tuple(found)

    @property
    def windows(self) -> dict[str, Window]:
        """Every window of the entry by rule, in order of the last day."""
        return {window.rule: window for window in windows(self.entry, as_of=self.as_of)}

    @property
    def interest_range(self) -> tuple[Decimal, Decimal]:
        """Lowest and highest interest over the plausible deposit dates (equal where the date is known)."""
        if self.schedule is None:
            return ZERO, ZERO
        end = self.schedule.liquidated
        first, last = self.deposit.bounds(self.entry)
        low, high = interest_bounds(
            self.refundable_duty,
            deposited=(min(first, end), min(last, end)),
            liquidated=(end, end),
            payee=self.payee,
            rates=self.schedule.rates,
        )
        return low.amount, high.amount

    def explain(self) -> str:
        """Return the whole reasoning as numbered steps with citations."""
        from ieeparefund.refunds.explain import explain_estimate

        return explain_estimate(self)

    def _repr_html_(self) -> str:
        from ieeparefund.refunds.notebook import estimate_html

        return estimate_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain JSON values, with the keys of the command line's `entries`."""
        from ieeparefund.refunds.plain import estimate_to_dict

        return estimate_to_dict(self)


def _source(value: Column1Source | str) -> Column1Source:
    try:
        return Column1Source(value)
    except ValueError:
        raise FieldError(
            f"column1 is {value!r}.", remedy="Use given or schedule.", column="column1", value=str(value)
        ) from None


def as_payee(value: Payee | str | None) -> Payee:
    """Return the payee class of a member or its text; there is no default (`FieldError`)."""
    try:
        return Payee(value)  # type: ignore[arg-type]  # None falls into the ValueError like any unknown text
    except ValueError:
        raise FieldError(
            f"payee is {value!r}.",
            remedy='Pass "corporation" or "other": CBP pays them different rates.',
            column="payee",
            value=str(value),
        ) from None


def check_day(value: dt.date, name: str) -> None:
    """Refuse anything but a plain date, also a `datetime`, whose clock time would be dropped."""
    if type(value) is not dt.date and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
        raise FieldError(
            f"{name} is {value!r}, not a date.", remedy="Pass a datetime.date.", column=name, value=str(value)
        )


@exactly
def estimate_refund(
    entry: Entry,
    *,
    as_of: dt.date,
    payee: Payee | str,
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
    column1: Column1Source | str = Column1Source.GIVEN,
) -> RefundEstimate:
    """Estimate the IEEPA refund of one entry as it stands on `as_of`.

    `payee` decides the interest rate; a class known for the entry itself (`entry.payee`) goes before it.
    `liquidated_on` ends the interest at a (re)liquidation date of the caller's choice. `rates` may be a table
    with the caller's own rates. `deposit_rule` says what stands in for an unknown deposit date. `column1`
    "schedule" takes the ordinary rate of an all-in line that has none from the published tariff schedule;
    "given", the default, leaves a range there.

    Raises `FieldError` for an unusable argument and `RateNotPublishedError` for a deposit outside `rates`.
    Source: 19 USC 1505(b), (c); CSMS 68315804, 68340863.
    """
    check_day(as_of, "as_of")
    if liquidated_on is not None:
        check_day(liquidated_on, "liquidated_on")
    chosen = entry.payee or as_payee(payee)
    rule = as_deposit_rule(deposit_rule)
    duty = ieepa_duty(with_schedule_rates(entry) if _source(column1) is Column1Source.SCHEDULE else entry)
    eligibility = check_eligibility(entry, as_of=as_of)
    deposit = deposit_of(entry, rule)
    end = end_of_interest(entry, eligibility.outcome, as_of=as_of, liquidated_on=liquidated_on)
    schedule = (
        accrue(duty.refundable, deposited=deposit.date, ends=end.date, payee=chosen, rates=rates)
        if duty.refundable > 0
        else None
    )
    return RefundEstimate(entry, as_of, chosen, duty, eligibility, deposit, end, schedule, rates)
