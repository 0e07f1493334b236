"""The day the estimated duties were deposited, known or assumed. It starts the interest (19 USC 1505(c))."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from ieeparefund.entries.entry import Entry
from ieeparefund.errors import FieldError
from ieeparefund.law.windows import entry_summary_due_date, periodic_statement_due_date

__all__ = ["Deposit", "DepositRule", "as_deposit_rule", "deposit_of"]


class DepositRule(StrEnum):
    """What stands in for an unknown deposit date.

    `SUMMARY`: the entry summary date, else the 10th working day after entry. `PERIODIC`: the periodic
    monthly statement, 15th working day of the month after entry. `ENTRY`: the entry date itself.
    """

    SUMMARY = "summary"
    PERIODIC = "periodic"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit date; `assumption` says in a sentence what it rests on, `None` where the date is known."""

    date: dt.date
    assumption: str | None

    def bounds(self, entry: Entry) -> tuple[dt.date, dt.date]:
        """Return the earliest and latest plausible deposit dates (both inclusive).

        A known date is both. Otherwise the entry date and the later of the periodic monthly statement, the
        entry summary date and the assumed date.
        """
        if self.assumption is None:
            return self.date, self.date
        late = [self.date, periodic_statement_due_date(entry.entry_date)]
        if entry.entry_summary_date is not None:
            late.append(entry.entry_summary_date)
        return min(entry.entry_date, self.date), max(late)


def as_deposit_rule(value: DepositRule | str) -> DepositRule:
    """Return the rule of a member or its text (`FieldError` for another)."""
    try:
        return DepositRule(value)
    except ValueError:
        raise FieldError(
            f"deposit_rule is {value!r}.",
            remedy="Use summary, periodic or entry.",
            column="deposit_rule",
            value=str(value),
        ) from None


def deposit_of(entry: Entry, rule: DepositRule = DepositRule.SUMMARY) -> Deposit:
    """Return the deposit date of `entry`: the known one, else the one `rule` gives, marked as assumed."""
    if entry.deposit_date is not None:
        return Deposit(entry.deposit_date, None)
    if rule is DepositRule.PERIODIC:
        due = periodic_statement_due_date(entry.entry_date)
        return Deposit(
            due,
            f"Deposit date {due}: the periodic monthly statement, 15th working day of the month after entry.",
        )
    if rule is DepositRule.ENTRY:
        return Deposit(entry.entry_date, f"Deposit date {entry.entry_date}: the entry date.")
    if entry.entry_summary_date is not None:
        return Deposit(
            entry.entry_summary_date, f"Deposit date {entry.entry_summary_date}: the entry summary date."
        )
    due = entry_summary_due_date(entry.entry_date)
    return Deposit(due, f"Deposit date {due}: the 10th working day after entry.")
