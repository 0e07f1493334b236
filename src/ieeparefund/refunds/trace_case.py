"""The facts of one interest payment, as far as they are known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError
from ieeparefund.law.rate_bands import require_date
from ieeparefund.money import Money, as_dollars, exactly

__all__ = ["InterestCase"]

_set = object.__setattr__


@dataclass(frozen=True, slots=True, init=False)
class InterestCase:
    """What CBP paid as interest on one entry, and the facts its figure may rest on. Amounts are dollars.

    `paid` is the interest, `principal` the refunded duty it was paid on. By the law interest runs from
    `deposited` to `liquidated`, or to `reliquidated` where the refund was made on reliquidation. The other
    dates are optional, and each one given widens the search: `certified` is the day CBP certified the refund
    to Treasury, `paid_on` the day the money came. `netted` is the sum of the entry's other adjustments; its
    sign does not matter. `id` names the entry in a book.

    Raises `FieldError` for a payment below zero, a principal not above zero, part cents, an unknown payee
    class, a date that is no plain date, or a reliquidation before the liquidation; `FloatMoneyError` for
    floats.
    """

    paid: Decimal
    principal: Decimal
    deposited: dt.date
    liquidated: dt.date
    payee: Payee
    entry_date: dt.date | None
    entry_summary_date: dt.date | None
    reliquidated: dt.date | None
    certified: dt.date | None
    paid_on: dt.date | None
    netted: Decimal | None
    id: str

    @exactly
    def __init__(
        self,
        paid: Money,
        principal: Money,
        *,
        deposited: dt.date,
        liquidated: dt.date,
        payee: Payee | str,
        entry_date: dt.date | None = None,
        entry_summary_date: dt.date | None = None,
        reliquidated: dt.date | None = None,
        certified: dt.date | None = None,
        paid_on: dt.date | None = None,
        netted: Money | None = None,
        id: str = "",  # noqa: A002  # the field's plain name; the built-in is not needed here
    ) -> None:
        _set(self, "paid", as_dollars(paid, "paid"))
        _set(self, "principal", as_dollars(principal, "principal"))
        if self.paid < 0 or self.principal <= 0:
            name, least = ("paid", "zero or more") if self.paid < 0 else ("principal", "above zero")
            raise FieldError(
                f"{name} is {getattr(self, name)}; it must be {least}.",
                remedy="Pass the interest received and the duty refunded, in dollars.",
                column=name,
                value=str(getattr(self, name)),
            )
        needed = {"deposited": deposited, "liquidated": liquidated}
        optional = {
            "entry_date": entry_date,
            "entry_summary_date": entry_summary_date,
            "reliquidated": reliquidated,
            "certified": certified,
            "paid_on": paid_on,
        }
        for name, day in (needed | optional).items():
            if day is not None or name in needed:
                require_date(day, name)
            _set(self, name, day)
        if reliquidated is not None and reliquidated < liquidated:
            raise FieldError(
                f"reliquidated, {reliquidated}, is before liquidated, {liquidated}.",
                remedy="Pass the first liquidation as liquidated; check the two dates.",
                column="reliquidated",
                value=str(reliquidated),
            )
        _set(self, "payee", _payee(payee))
        _set(self, "netted", None if netted is None else abs(as_dollars(netted, "netted")))
        _set(self, "id", id)

    @property
    def end(self) -> dt.date:
        """The day interest ends by the law: the reliquidation if there was one, else the liquidation."""
        return self.liquidated if self.reliquidated is None else self.reliquidated


def _payee(payee: Payee | str) -> Payee:
    try:
        return Payee(payee)
    except ValueError:
        raise FieldError(
            f"payee is {payee!r}, not a payee class.",
            remedy='Pass "corporation" or "other", the class the refund is owed to by the law.',
            column="payee",
            value=str(payee),
        ) from None
