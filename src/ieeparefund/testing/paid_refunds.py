"""Strategies for what comes in after a refund: CBP's rows and bank lines, with faults and what they are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.law.interest import interest
from ieeparefund.money import ZERO
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, Payment
from ieeparefund.testing.drawing import st
from ieeparefund.testing.payment_faults import FAULTS, Fault, Named, RefundBook

__all__ = ["PaymentCase", "payment_cases"]

_Row = TypeVar("_Row")
_AS_OF = dt.date(2026, 11, 30)
_ACCEPTED = dt.date(2026, 4, 28)
# Fridays after the 45 days of the acceptance.
_LIQUIDATIONS = (dt.date(2026, 6, 12), dt.date(2026, 6, 26), dt.date(2026, 7, 10))


@dataclass(frozen=True, slots=True)
class PaymentCase:
    """A book, what was reported and paid, and the differences a reconciliation must name.

    `estimates`, `rows`, `offsets`, `bank` and `as_of` are the arguments of `reconcile`. `named` has every refund
    number with what its difference is called and its amount, `None` where there is none; `faults` the names of
    the faults that were put in.
    """

    estimates: tuple[RefundEstimate, ...]
    rows: tuple[Payment, ...]
    offsets: tuple[Offset, ...]
    bank: tuple[BankLine, ...]
    as_of: dt.date
    named: Mapping[str, Named | None]
    faults: tuple[str, ...]

    def __repr__(self) -> str:
        # Estimates show every rule they rest on: too much beside a failing example.
        return (
            f"<PaymentCase as of {self.as_of}: {len(self.estimates)} estimates, rows={self.rows!r}, "
            f"offsets={self.offsets!r}, bank={self.bank!r}, named={dict(self.named)!r}, faults={self.faults!r}>"
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002  # the protocol has two arguments
        # Hypothesis would else show a dataclass field by field.
        printer.text(repr(self))


@st.composite
def _entry(draw: st.DrawFn, serial: int, importer: str, liquidated: dt.date) -> Entry:
    ten = f"QZ7{serial:07d}"
    entered = draw(st.dates(dt.date(2025, 4, 5), dt.date(2025, 8, 6)))
    # Large enough that ten dollars or a cent are never a whole refund.
    duty = Decimal(draw(st.integers(100_000, 9_000_000))).scaleb(-2)
    return Entry(
        EntryNumber(f"{ten}{entry_check_digit(ten)}"),
        "01",
        entered,
        [EntryLine(1, "VN", [TariffLine("9903.01.25", 0, duty)])],
        importer=importer,
        deposit_date=entered + dt.timedelta(days=draw(st.integers(0, 14))),
        liquidation_date=liquidated,
        liquidation_status="liquidated",
        cape_accepted_on=_ACCEPTED,
        on_drawback_claim=False,
        protest="none",
    )


def _paid(estimate: RefundEstimate, number: str, liquidated: dt.date) -> Payment:
    due = interest(
        estimate.refundable_duty,
        deposited=estimate.deposit_date,
        liquidated=liquidated,
        payee=estimate.payee,
    )
    return Payment(
        estimate.entry.number,
        number,
        party=(estimate.entry.importer or "").replace("-", ""),
        liquidation_date=liquidated,
        principal=estimate.refundable_duty,
        interest=due.amount,
        state="treasury_issued",
        report="ES-022",
    )


def _shuffled(draw: st.DrawFn, rows: Sequence[_Row]) -> tuple[_Row, ...]:
    # Places are drawn and not rows: a strategy over rows shows them all when it is named.
    return tuple(rows[place] for place in draw(st.permutations(range(len(rows)))))


@st.composite
def payment_cases(draw: st.DrawFn, faults: Sequence[Fault] = FAULTS) -> PaymentCase:
    """One to three refunds of three or four entries each, for an importer each, with a fault in some.

    Without a fault CBP pays the refundable duty with interest to the cent, whole or principal and interest apart,
    and the bank names the refund. `faults` are those that may be put in; with `()` nothing is wrong.
    """
    found = RefundBook([], [], [], _AS_OF)
    named: dict[str, Named | None] = {}
    for place in range(draw(st.integers(1, 3))):
        number = f"RF{100_000 + place}"
        liquidated = draw(st.sampled_from(_LIQUIDATIONS))
        payee = draw(st.sampled_from(["corporation", "other"]))
        for serial in range(draw(st.integers(3, 4))):
            entry = draw(_entry(10 * place + serial, f"75-4193{place:05d}", liquidated))
            estimate = estimate_refund(entry, as_of=_AS_OF, payee=payee)
            found.book.append(estimate)
            found.rows.append(_paid(estimate, number, liquidated))
        parts = [sum((row.principal or ZERO for row in found.refund(number)), ZERO)]
        parts.append(found.total(number) - parts[0])
        found.rebank(number, *(parts if draw(st.booleans()) else [sum(parts, ZERO)]))
        named[number] = None
    put_in = []
    for number in named if faults else ():
        fault = draw(st.one_of(st.none(), st.sampled_from(tuple(faults))))
        if fault is not None:
            named[number] = fault(found, number)
            put_in.append(fault.__name__)
    return PaymentCase(
        _shuffled(draw, found.book),
        _shuffled(draw, found.rows),
        tuple(found.offsets),
        _shuffled(draw, found.bank),
        found.as_of,
        named,
        tuple(put_in),
    )
