"""A book of `Entry` objects estimated by columns, with the explanations of the scalar code.

Amounts, outcomes and dates of all entries come from `estimate_batch`. What is said about an entry (findings,
assumptions, windows, remedies) turns on its *state*: its dates, codes and flags, and what its lines say to the
rules. Many entries share one, so the first of each state is estimated by `estimate_refund`, and the others take
over its sentences with their own amounts. That first estimate is compared with the columns as well: a run in
which the two differ on any state stops with `EngineDifferenceError`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ieeparefund.columns.batch import estimate_batch
from ieeparefund.columns.from_entries import answer_row, entry_batch, fits_columns, tariff_batch
from ieeparefund.columns.schema import estimate_schema
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import IeepaRefundError, InputError
from ieeparefund.law.cape_facts import cape_facts
from ieeparefund.law.citations import Standing
from ieeparefund.law.duty import IeepaDuty
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.growth import PLACE_18
from ieeparefund.law.interest_factor import factor_units
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.law.schedule_rates import with_schedule_rates
from ieeparefund.money import ZERO, exactly, from_cents, to_cents
from ieeparefund.refunds.deposit import DepositRule, as_deposit_rule
from ieeparefund.refunds.estimate import Column1Source, RefundEstimate, as_payee, estimate_refund
from ieeparefund.refunds.portfolio import OutcomeTotals, PortfolioTotals

__all__ = ["Amounts", "Answer", "EngineDifferenceError", "StateBook"]

_BLOCK = 32768
_DAY = dt.timedelta(days=1)
_HALF = PLACE_18 // 2
# What is said of an entry may turn on any of its fields but these: identity, and amounts.
_NOT_STATE = {
    "number",
    "importer",
    "filer_code",
    "notify_party",
    "lines",
    "already_refunded",
    "other_adjustments",
}
_state_of = attrgetter(*(name for name in Entry.__slots__ if name not in _NOT_STATE))
_AMOUNT_COLUMNS = (
    "ieepa_duty_cents",
    "refundable_low_cents",
    "refundable_high_cents",
    "interest_cents",
    "interest_projected_cents",
)
_COMING = (Outcome.ACCEPTED, Outcome.ACCEPTED_DEFERRED)


class EngineDifferenceError(IeepaRefundError):
    """Columns and scalar code give two answers for one entry. This is a fault of the package."""

    def __init__(self, number: EntryNumber, column: str, columns: object, scalar: object) -> None:
        self.number, self.column = number, column
        super().__init__(
            f"entry {number}: the columns give {column} {columns}, the scalar code {scalar}. This is a fault of "
            "ieeparefund, please report it; the scalar engine is the one that is documented."
        )


class Amounts(NamedTuple):
    """What is an entry's own, in cents; `interest_low` and `interest_high` are the bounds of the deposit date."""

    ieepa_duty: int
    low: int
    high: int
    interest: int
    interest_projected: int
    interest_low: int
    interest_high: int

    @property
    def refund(self) -> int:
        """Refundable duty and interest."""
        return self.low + self.interest


@dataclass(frozen=True, slots=True)
class _Accrual:
    """Factors of a state's interest in units of the 18th place; `inferred` are those around inferred rates."""

    low: int
    high: int
    inferred: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, estimate: RefundEstimate) -> _Accrual:
        schedule = estimate.schedule
        if schedule is None:
            return cls(0, 0, ())

        def units(start: dt.date, end: dt.date) -> int:
            return factor_units(start, end, schedule.payee, schedule.rates)

        start, end = schedule.deposited, schedule.liquidated
        first, last = estimate.deposit.bounds(estimate.entry)
        inferred = []
        if start < end:
            for band in schedule.rates.bands_between(start + _DAY, end):
                if band.standing is Standing.INFERRED:
                    before = units(start, max(start, band.first_day - _DAY))
                    inferred.append((before, units(start, min(end, band.last_day))))
        return cls(units(min(last, end), end), units(min(first, end), end), tuple(inferred))

    def has_inferred(self, principal: int) -> bool:
        """Whether some cents of the interest rest on inferred rates."""
        return (
            sum(_share(principal, after) - _share(principal, before) for before, after in self.inferred) != 0
        )


def _share(principal: int, units: int) -> int:
    return (principal * units + _HALF) // PLACE_18


@dataclass(eq=False)
class Model:
    """The scalar estimate of the first entry of a state. `kept` is room for what callers derive from it."""

    estimate: RefundEstimate
    accrual: _Accrual
    has_inferred: bool
    kept: Any = None

    @classmethod
    def of(cls, estimate: RefundEstimate) -> Model:
        """Return the model of an estimate."""
        accrual = _Accrual.of(estimate)
        return cls(estimate, accrual, accrual.has_inferred(to_cents(estimate.refundable_duty)))


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry's answer: the sentences and dates of `model`, amounts of its own.

    `filled` is the entry with the column-1 rates of the schedule where these were asked for, else the entry.
    """

    entry: Entry
    filled: Entry
    model: Model
    amounts: Amounts

    @property
    def duty(self) -> IeepaDuty:
        """The duty, of which findings and programmes are worked out when read."""
        amounts = self.amounts
        return IeepaDuty(
            self.filled, from_cents(amounts.ieepa_duty), from_cents(amounts.low), from_cents(amounts.high)
        )

    @property
    def estimate(self) -> RefundEstimate:
        """The answer as `estimate_refund` gives it."""
        known = self.model.estimate
        schedule = known.schedule
        if schedule is not None:
            schedule = replace(
                schedule, principal=from_cents(self.amounts.low), amount=from_cents(self.amounts.interest)
            )
        eligibility = replace(known.eligibility, entry=self.entry)
        return replace(known, entry=self.entry, duty=self.duty, eligibility=eligibility, schedule=schedule)


class StateBook(Sequence[Answer]):
    """The answers of a book in the order of its entries, made one by one as they are read.

    Terms and errors are those of `estimate_portfolio`. Entries that columns cannot hold (see `fits_columns`) are
    answered by the scalar code alone.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        as_of: dt.date,
        payee: Payee | str,
        liquidated_on: dt.date | None = None,
        rates: RateTable = PUBLISHED_RATES,
        deposit_rule: DepositRule | str = DepositRule.SUMMARY,
        column1: Column1Source = Column1Source.GIVEN,
    ) -> None:
        self.as_of, self.payee = as_of, as_payee(payee)
        self._terms: dict[str, Any] = {
            "as_of": as_of,
            "payee": self.payee,
            "liquidated_on": liquidated_on,
            "rates": rates,
            "deposit_rule": as_deposit_rule(deposit_rule),
        }
        self._column1 = column1
        self._entries = entries
        self._filled: dict[int, Entry] = {}
        self._alone: dict[int, RefundEstimate] = {}
        self._states: dict[object, list[Model]] = {}
        _refuse_repeats(entries)
        self._answers = self._estimated()
        self._amounts = [self._answers[name].fill_null(0).to_numpy() for name in _AMOUNT_COLUMNS]

    def _scalar(self, entry: Entry) -> RefundEstimate:
        return estimate_refund(entry, column1=self._column1, **self._terms)

    def _estimated(self) -> pa.Table:
        batches = []
        for first in range(0, len(self._entries), _BLOCK):
            block = list(self._entries[first : first + _BLOCK])
            if self._column1 is Column1Source.SCHEDULE:
                for place, entry in enumerate(block):
                    block[place] = filled = with_schedule_rates(entry)
                    if filled is not entry:
                        self._filled[first + place] = filled
            batches.append(self._block(first, block))
        # One chunk, so that a row is found at once.
        return pa.Table.from_batches(batches, estimate_schema()).unify_dictionaries().combine_chunks()

    def _block(self, first: int, block: list[Entry]) -> pa.RecordBatch:
        try:
            return estimate_batch(entry_batch(block), tariff_batch(block), **self._terms)
        except (IeepaRefundError, OverflowError, pa.ArrowInvalid):
            # A day without a rate is refused by both codes; the scalar one says of which entry.
            alone = [not fits_columns(entry) for entry in block]
        if not any(alone):
            alone = [True] * len(block)
        for place, entry in enumerate(self._entries[first : first + len(block)]):
            if alone[place]:
                self._alone[first + place] = self._scalar(entry)
        fit = [entry for place, entry in enumerate(block) if not alone[place]]
        answers = estimate_batch(entry_batch(fit), tariff_batch(fit), **self._terms)
        # The rows of the others stay null and are never read.
        places = iter(range(len(fit)))
        return answers.take(pa.array([None if one else next(places) for one in alone], pa.int32()))

    @property
    def by_outcome(self) -> dict[Outcome, OutcomeTotals]:
        """Sums for each of the four outcomes, as in `Portfolio.by_outcome`."""
        return {outcome: self._sums(outcome) for outcome in Outcome}

    def _sums(self, outcome: Outcome) -> OutcomeTotals:
        rows = self._answers.filter(pc.equal(self._answers["outcome"].cast(pa.string()), str(outcome)))
        alone = [_scalar_amounts(one) for one in self._alone.values() if one.outcome is outcome]
        duty = _total(rows["refundable_cents"]) + sum(one.low for one in alone)
        interest = _total(rows["interest_cents"]) + sum(one.interest for one in alone)
        return OutcomeTotals(
            len(rows) + len(alone), from_cents(duty), from_cents(interest), from_cents(duty + interest)
        )

    @property
    @exactly
    def totals(self) -> PortfolioTotals:
        """Sums over the book, as in `Portfolio.totals`."""
        coming = [self._sums(outcome) for outcome in _COMING]
        duty = _total(self._answers["ieepa_duty_cents"])
        duty += sum(to_cents(one.ieepa_duty) for one in self._alone.values())
        return PortfolioTotals(
            len(self._entries),
            from_cents(duty),
            sum((sums.refundable_duty for sums in coming), ZERO),
            sum((sums.interest for sums in coming), ZERO),
            sum((sums.refund for sums in coming), ZERO),
        )

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        return self._answer(range(len(self))[place])

    def __iter__(self) -> Iterator[Answer]:
        return map(self._answer, range(len(self)))

    def _answer(self, place: int) -> Answer:
        entry = self._entries[place]
        alone = self._alone.get(place)
        if alone is not None:
            return Answer(entry, alone.duty.entry, Model.of(alone), _scalar_amounts(alone))
        duty, low, high, interest, projected = (column.item(place) for column in self._amounts)
        filled = self._filled.get(place, entry)
        key = (_state_of(entry), cape_facts(entry, self.as_of), low > 0, filled is entry)
        models = self._states.setdefault(key, [])
        # A sentence says whether some cents rest on inferred rates, so a state has two models at most.
        model = next((one for one in models if one.accrual.has_inferred(low) is one.has_inferred), None)
        if model is None:
            model = self._model(place, entry)
            models.append(model)
        accrual = model.accrual
        bounds = _share(low, accrual.low), _share(low, accrual.high)
        return Answer(entry, filled, model, Amounts(duty, low, high, interest, projected, *bounds))

    def _model(self, place: int, entry: Entry) -> Model:
        """Estimate an entry by the scalar code, and compare every column."""
        estimate = self._scalar(entry)
        for name, scalar in answer_row(estimate).items():
            columns = self._answers[name][place].as_py()
            if columns != scalar:
                raise EngineDifferenceError(entry.number, name, columns, scalar)
        return Model.of(estimate)


def _refuse_repeats(entries: Sequence[Entry]) -> None:
    seen: set[EntryNumber] = set()
    for entry in entries:
        if entry.number in seen:
            raise InputError(
                f"entry {entry.number} is given twice.",
                remedy="Leave out the repeat, or merge its lines into one entry.",
                value=str(entry.number),
            )
        seen.add(entry.number)


def _scalar_amounts(estimate: RefundEstimate) -> Amounts:
    low, high = estimate.interest_range
    return Amounts(
        *(
            to_cents(amount)
            for amount in (
                estimate.ieepa_duty,
                estimate.duty.low,
                estimate.duty.high,
                estimate.interest,
                estimate.interest_projected,
                low,
                high,
            )
        )
    )


def _total(cents: pa.ChunkedArray) -> int:
    """Return the exact sum: of a large book int64 would not hold it."""
    found = cents.fill_null(0)
    high = pc.sum(pc.shift_right(found, 32)).as_py() or 0
    low = pc.sum(pc.bit_wise_and(found, pa.scalar(0xFFFFFFFF, pa.int64()))).as_py() or 0
    return int(high) * (1 << 32) + int(low)
