"""What a reconciliation is fed besides estimates: CBP's refund rows, bank lines, set-offs. Facts only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import FieldError
from ieeparefund.law.rate_bands import require_date
from ieeparefund.money import ZERO, Money, as_dollars, exactly

__all__ = [
    "BankLine",
    "Offset",
    "OffsetKind",
    "Payment",
    "PaymentState",
    "is_held",
    "is_returned",
    "party_key",
]

_Code = TypeVar("_Code", bound=StrEnum)
_set = object.__setattr__


class PaymentState(StrEnum):
    """Where CBP's reports say a refund stands (CSMS 68536553).

    `FUNDS_DIVERTED`: set off against an open bill (19 CFR 24.72). `RETURNED`: the payment came back.
    `ACH_REJECTED`: named in REV-613, held until ACH data are there.
    """

    TRANSMITTED = "transmitted"
    SENT_TO_TREASURY = "sent_to_treasury"
    TREASURY_ISSUED = "treasury_issued"
    FUNDS_DIVERTED = "funds_diverted"
    RETURNED = "returned"
    REISSUED = "reissued"
    ACH_REJECTED = "ach_rejected"


def is_held(states: Collection[PaymentState]) -> bool:
    """Return whether CBP holds the refund for want of ACH data."""
    return PaymentState.ACH_REJECTED in states and PaymentState.REISSUED not in states


def is_returned(states: Collection[PaymentState]) -> bool:
    """Return whether the payment came back and was not issued again."""
    return PaymentState.RETURNED in states and PaymentState.REISSUED not in states


class OffsetKind(StrEnum):
    """What a known reduction is.

    `OFFSET`: a bill set off before payment, seen at the bank. `NETTING`: an increase on another line of the
    entry, which CBP takes off the principal it refunds (19 CFR 159.1).
    """

    OFFSET = "offset"
    NETTING = "netting"


def party_key(number: str | None) -> str | None:
    """Return an importer number for comparing: letters and digits only, upper case; blank is `None`.

    >>> party_key("75-419312501"), party_key(" ")
    ('75419312501', None)
    """
    if number is None:
        return None
    return "".join(filter(str.isalnum, number)).upper() or None


def _entry_number(value: EntryNumber | str | None) -> EntryNumber | None:
    return EntryNumber.parse(value, check=False) if isinstance(value, str) else value


def _code(kind: type[_Code], value: str, name: str) -> _Code:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise FieldError(
            f"{name} is {value!r}.", remedy=f"Use one of {known}.", column=name, value=str(value)
        ) from None


def _day(value: dt.date | None, name: str) -> dt.date | None:
    if value is not None:
        require_date(value, name)
    return value


def _amount(value: Money | None, name: str) -> Decimal | None:
    return None if value is None else as_dollars(value, name)


@dataclass(frozen=True, slots=True, init=False)
class Payment:
    """One row of a refund report of CBP. What it does not say is `None`. Amounts are dollars.

    A row of ES-022 or REV-615 has an entry with principal and interest, or both together in `total`; one of
    REV-603 or REV-613 may have a refund number and a state only. `report` keeps reports apart, so that an
    entry that stands in two of them is not counted twice. `party` is the number of the importer of record or
    Form 4811 party paid, `liquidation_date` that of the (re)liquidation, `paid_on` the day of the refund,
    `source` where the row stands.

    Raises `FieldError` for a row with neither entry nor refund number, an unknown state, part cents and what
    is no plain date, `FloatMoneyError` for floats.
    """

    entry: EntryNumber | None
    refund_number: str | None
    party: str | None = field(repr=False)
    liquidation_date: dt.date | None
    principal: Decimal | None
    interest: Decimal | None
    total: Decimal | None
    state: PaymentState | None
    status: str
    paid_on: dt.date | None
    trace: str | None = field(repr=False)
    report: str
    source: str

    def __init__(
        self,
        entry: EntryNumber | str | None = None,
        refund_number: str | None = None,
        *,
        party: str | None = None,
        liquidation_date: dt.date | None = None,
        principal: Money | None = None,
        interest: Money | None = None,
        total: Money | None = None,
        state: PaymentState | str | None = None,
        status: str = "",
        paid_on: dt.date | None = None,
        trace: str | None = None,
        report: str = "",
        source: str = "",
    ) -> None:
        if entry is None and not refund_number:
            raise FieldError(
                "a payment names neither an entry nor a refund.",
                remedy="Pass entry, refund_number or both.",
                column="entry",
            )
        _set(self, "entry", _entry_number(entry))
        _set(self, "refund_number", refund_number or None)
        _set(self, "party", party)
        _set(self, "liquidation_date", _day(liquidation_date, "liquidation_date"))
        _set(self, "principal", _amount(principal, "principal"))
        _set(self, "interest", _amount(interest, "interest"))
        _set(self, "total", _amount(total, "total"))
        _set(self, "state", None if state is None else _code(PaymentState, state, "state"))
        _set(self, "status", status)
        _set(self, "paid_on", _day(paid_on, "paid_on"))
        _set(self, "trace", trace or None)
        _set(self, "report", report)
        _set(self, "source", source)

    @property
    @exactly
    def amount(self) -> Decimal | None:
        """Principal and interest together: `total`, else their sum; `None` where the row has no amount."""
        if self.total is not None or (self.principal is None and self.interest is None):
            return self.total
        return (self.principal or ZERO) + (self.interest or ZERO)


@dataclass(frozen=True, slots=True, init=False)
class BankLine:
    """One line of a bank statement about refunds from Treasury, in dollars; below zero money went out.

    `reference` is what the bank prints beside it; a refund number or ACH trace number in it ties the line to
    the payment. Raises as `Payment` does.
    """

    date: dt.date
    amount: Decimal
    reference: str | None = field(repr=False)
    source: str

    def __init__(
        self, date: dt.date, amount: Money, reference: str | None = None, *, source: str = ""
    ) -> None:
        require_date(date, "date")
        _set(self, "date", date)
        _set(self, "amount", as_dollars(amount, "amount"))
        _set(self, "reference", reference)
        _set(self, "source", source)


@dataclass(frozen=True, slots=True, init=False)
class Offset:
    """A known reduction of a refund, in dollars above zero, and the refund or entry it belongs to.

    An `OFFSET` names the refund number, or an entry of the payment; `bill` is the bill it paid. A `NETTING`
    names the entry. Raises `FieldError` where nothing is named or the amount is not above zero.
    """

    amount: Decimal
    kind: OffsetKind
    entry: EntryNumber | None
    refund_number: str | None
    bill: str
    source: str

    def __init__(
        self,
        amount: Money,
        *,
        entry: EntryNumber | str | None = None,
        refund_number: str | None = None,
        kind: OffsetKind | str = OffsetKind.OFFSET,
        bill: str = "",
        source: str = "",
    ) -> None:
        _set(self, "amount", as_dollars(amount, "amount"))
        _set(self, "kind", _code(OffsetKind, kind, "kind"))
        _set(self, "entry", _entry_number(entry))
        _set(self, "refund_number", refund_number or None)
        _set(self, "bill", bill)
        _set(self, "source", source)
        if self.amount <= 0:
            raise FieldError(
                f"amount of an offset is {self.amount}.",
                remedy="Pass what was taken, above zero.",
                column="amount",
            )
        if self.entry is None and (self.refund_number is None or self.kind is OffsetKind.NETTING):
            needed = "the entry" if self.kind is OffsetKind.NETTING else "the refund number or an entry"
            raise FieldError(
                f"an offset of {self.amount} belongs to nothing.", remedy=f"Name {needed}.", column="entry"
            )
