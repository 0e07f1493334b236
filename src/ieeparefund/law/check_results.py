"""What the check of a line gives: programme by programme expected and paid, and named causes of a
difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ieeparefund.law.headings import Heading
from ieeparefund.money import ZERO, exactly, format_dollars

__all__ = ["Cause", "CauseKind", "LineCheck", "ProgrammeCheck", "Verdict"]


class CauseKind(StrEnum):
    """What explains the figure: another heading, another day's rate, both of two rates, another country's
    rate, another value, the ordinary duty counted twice or not at all, the duty of two headings on one, or
    nothing paid.
    """

    OTHER_HEADING = "other_heading"
    OTHER_DAY = "other_day"
    TWO_RATES = "two_rates"
    OTHER_COUNTRY = "other_country"
    OTHER_VALUE = "other_value"
    ORDINARY_DUTY = "ordinary_duty"
    MERGED = "merged"
    NOTHING_PAID = "nothing_paid"


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation. `rate` per cent of `base` dollars, less `less` dollars, gives `duty`, which is what
    was paid, within the tolerance. `numbers` are the headings it names; `boundary` the day on which the rate
    of one of them begins, or the other's ends. `rate` and `base` are `None` where no rate is behind the
    figure.
    """

    kind: CauseKind
    explanation: str
    duty: Decimal
    rate: Decimal | None = None
    base: Decimal | None = None
    less: Decimal = ZERO
    numbers: tuple[str, ...] = ()
    boundary: dt.date | None = None


class Verdict(StrEnum):
    """What a check found; `NOT_CHECKED`: a fact is missing, or the law is not settled."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class ProgrammeCheck:
    """The duty of one programme on a line, dollars.

    `programme` is `unassigned` for IEEPA numbers that never had a rate line. `filed` are its numbers on the
    line, `heading` the row that decides, `rate` per cent of `base`; `expected` and `paid` are `None` where
    not known. `reason` says how the expected duty came about, or why there is none; `against` why headings on
    the line do not fit. `causes` are given for a difference, the likeliest first, and may be empty.
    """

    programme: str
    filed: tuple[str, ...]
    heading: Heading | None
    rate: Decimal | None
    base: Decimal | None
    expected: Decimal | None
    paid: Decimal | None
    tolerance: Decimal
    verdict: Verdict
    reason: str
    against: tuple[str, ...]
    assumed: tuple[str, ...]
    causes: tuple[Cause, ...]

    @property
    @exactly
    def difference(self) -> Decimal | None:
        """Paid less expected: above zero too much was paid. `None` where either is not known."""
        if self.paid is None or self.expected is None:
            return None
        return self.paid - self.expected

    def __str__(self) -> str:
        paid, expected = (
            "not known" if amount is None else format_dollars(amount) for amount in (self.paid, self.expected)
        )
        verdict = self.verdict.replace("_", " ")
        text = f"{self.programme}: {verdict}; paid {paid}, expected {expected}: {self.reason}."
        against = (f"{clause}." for clause in self.against)
        return " ".join([text, *against, *(cause.explanation for cause in self.causes[:1])])


@dataclass(frozen=True, slots=True)
class LineCheck:
    """What a line should bear against what it bore, programme by programme. Made by `check_line`.

    `day` is the day whose law was applied. `clock_time` says what would be different in the first minute of
    that day, where the time of entry or loading is not known; `assumed` what was taken on trust.
    """

    line_number: int
    country: str | None
    day: dt.date
    value: Decimal | None
    programmes: tuple[ProgrammeCheck, ...]
    assumed: tuple[str, ...]
    clock_time: tuple[str, ...]

    @property
    def agrees(self) -> bool | None:
        """`True`: every programme agrees; `False`: one differs; `None`: none differs, but not all
        are checked.
        """
        verdicts = {check.verdict for check in self.programmes}
        if Verdict.DIFFERS in verdicts:
            return False
        return None if Verdict.NOT_CHECKED in verdicts else True

    @property
    @exactly
    def paid(self) -> Decimal | None:
        """IEEPA duty paid on the line, `None` where a row is blank."""
        return _total(check.paid for check in self.programmes)

    @property
    @exactly
    def expected(self) -> Decimal | None:
        """IEEPA duty the line should bear, `None` where a programme could not be checked."""
        return _total(check.expected for check in self.programmes)

    @property
    def differences(self) -> tuple[ProgrammeCheck, ...]:
        """The programmes that differ."""
        return tuple(check for check in self.programmes if check.verdict is Verdict.DIFFERS)

    @property
    def not_checked(self) -> tuple[ProgrammeCheck, ...]:
        """The programmes that could not be checked, each with its `reason`."""
        return tuple(check for check in self.programmes if check.verdict is Verdict.NOT_CHECKED)

    def explain(self) -> str:
        """Return the check as numbered lines: programmes, then what was assumed, then clock times."""
        texts = [str(check) for check in self.programmes] or ["No IEEPA duty is owed, and none was filed."]
        texts += [f"Assumed: {text}." for text in self.assumed]
        texts += self.clock_time
        return "\n".join(f"{count}. {text}" for count, text in enumerate(texts, 1))


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
