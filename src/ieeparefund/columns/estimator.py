"""The refund of many entries on given terms: `refunds.estimate_refund` over columns, chunk by chunk.

Duty, facts, outcome, deposit, end of interest, interest and windows are put together as the scalar code does it.
Where two columns are to be merged by a condition they are blended by arithmetic, which costs a third of a choice
by element.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from ieeparefund.columns import arrays, tables
from ieeparefund.columns.duty import entry_duty
from ieeparefund.columns.facts import CODE_LISTS, FactColumns
from ieeparefund.columns.headings import Numbers
from ieeparefund.columns.kernels import Array, settle, share_cents
from ieeparefund.columns.rows import EntryDuty, Rows
from ieeparefund.columns.rules import OUTCOMES, compiled_rules
from ieeparefund.columns.schema import ENTRY_COLUMNS, LARGEST_CENTS, ColumnError, Kind
from ieeparefund.columns.tables import clock_days, day_number, factor_table, to_date
from ieeparefund.columns.units import Unit
from ieeparefund.entries.codes import Payee
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.deposit import DepositRule, as_deposit_rule
from ieeparefund.refunds.estimate import as_payee, check_day

__all__ = ["CHUNK", "Estimator"]

CHUNK = 32768
"""Entries worked on at a time: their columns stay in the processor's cache."""

_KINDS = {column.name: column.kind for column in ENTRY_COLUMNS}
_ACCEPTED = OUTCOMES.index(Outcome.ACCEPTED)
_PAYEES = tuple(Payee)


def blend(mask: Array, chosen: Array | np.integer[Any], other: Array | np.integer[Any]) -> Array:
    """Return `chosen` where `mask` is true and `other` elsewhere."""
    found = (chosen - other) * mask
    found += other
    return found


class _Chunk(dict[str, "Array | None"]):
    """Entry columns of one chunk as numpy arrays, each converted when first asked for."""

    def __init__(
        self, given: Mapping[str, pa.Array], codes: Mapping[str, arrays.Codes], first: int, count: int
    ) -> None:
        super().__init__()
        self._given, self._codes, self._first, self.count = given, codes, first, count

    def __missing__(self, name: str) -> Array | None:
        whole = self._given.get(name)
        found: Array | None = None
        if whole is not None:
            array, kind = whole.slice(self._first, self.count), _KINDS[name]
            # A column without a single value costs nothing more than one that is not there.
            if array.null_count < self.count:
                if kind is Kind.DAY:
                    found = arrays.days(array, name)
                elif kind is Kind.FLAG:
                    found = arrays.flags(array)
                elif kind is Kind.CENTS:
                    found = arrays.cents(array, name)
                else:
                    found = arrays.code_column(array, self._codes[name])
        self[name] = found
        return found

    def known(self, name: str) -> Array:
        """Return a column that the schema requires, or zeros of its kind."""
        found = self[name]
        if found is None:
            found = np.zeros(self.count, np.int64 if _KINDS[name] is Kind.CENTS else np.int32)
        return found


class Estimator:
    """Estimates on one set of terms; see `estimate_refund` for what they mean and which errors they raise.

    One estimator serves a whole run, also from several threads: it holds the tables, filled as they are needed.
    """

    def __init__(
        self,
        as_of: dt.date,
        payee: Payee | str,
        liquidated_on: dt.date | None = None,
        rates: RateTable = PUBLISHED_RATES,
        deposit_rule: DepositRule | str = DepositRule.SUMMARY,
    ) -> None:
        check_day(as_of, "as_of")
        if liquidated_on is not None:
            check_day(liquidated_on, "liquidated_on")
        self.as_of, self._on = as_of, np.int32(day_number(as_of))
        self.payee, self.rates, self.deposit_rule = as_payee(payee), rates, as_deposit_rule(deposit_rule)
        self.liquidated_on = liquidated_on
        self._liquidated_on = None if liquidated_on is None else np.int32(day_number(liquidated_on))
        self._rules = compiled_rules(as_of)
        self._factors = {member: factor_table(member, rates) for member in Payee}
        self.numbers = Numbers()
        self.payees = _PAYEES
        self.codes = {name: arrays.members(name, known) for name, known in CODE_LISTS.items()}
        self.codes["payee"] = arrays.members("payee", _PAYEES)
        self._reliquidation, self._cape, self._protest, self._unliquidated = (
            np.int32(clock_days(name))
            for name in ("voluntary_reliquidation", "cape", "protest", "cape_unliquidated")
        )

    def chunk(
        self,
        entries: Mapping[str, pa.Array],
        first: int,
        count: int,
        rows: Rows | None,
        places: Array | None,
        out: Mapping[str, Array],
    ) -> None:
        """Estimate `count` entries from `first` on and write the answers into the arrays of `out`.

        `rows` are their tariff rows, `None` where there is none; `places` says which entries of the chunk have
        rows, `None` where all have.
        """
        columns = _Chunk(entries, self.codes, first, count)
        self._check(columns, entries, first)
        entered = columns.known("entry_date")
        duty = self._duty(rows, places, entered, count)
        here = slice(first, first + count)
        facts = FactColumns(columns, duty, self.as_of)
        outcome = self._rules.outcomes(facts.code, count)
        out["outcome"][here] = outcome
        out["ieepa_duty_cents"][here] = duty.paid
        refundable = self._settled(columns, duty, here, out)
        deposit = self._deposit(columns, entered, here, out)
        end = self._end(columns, outcome == _ACCEPTED, here, out)
        self._interest(columns, refundable, deposit, end, here, out)
        self._windows(columns, facts, here, out)

    def _check(self, columns: _Chunk, entries: Mapping[str, pa.Array], first: int) -> None:
        """Refuse what `Entry` refuses of dates and amounts that contradict one another."""
        for earlier, later in (
            ("entry_date", "liquidation_date"),
            ("liquidation_date", "reliquidation_date"),
        ):
            before, after = columns[earlier], columns[later]
            if before is None or after is None:
                continue
            wrong = (after < before) & (after != 0)
            if wrong.any():
                place = int(wrong.argmax())
                number = entries["entry_number"][first + place]
                raise ColumnError(
                    later,
                    f"{to_date(after[place])} before {earlier} {to_date(before[place])} in entry {number}",
                    "dates in order",
                    "Check both dates.",
                )
        returned = columns["already_refunded_cents"]
        if returned is not None and returned.min() < 0:
            raise ColumnError("already_refunded_cents", f"{returned.min()} cents", "zero or more")

    def check(self, unit: Unit) -> None:
        """Refuse a unit with dates or amounts that contradict one another."""
        columns = _Chunk(unit.entries, self.codes, 0, unit.count)
        self._check(columns, unit.entries, 0)

    @staticmethod
    def _duty(rows: Rows | None, places: Array | None, entered: Array, count: int) -> EntryDuty:
        if rows is None:
            return EntryDuty.without_rows(count)
        if places is None:
            return entry_duty(rows, entered)
        return entry_duty(rows, entered.take(places)).spread(places, count)

    @staticmethod
    def _settled(columns: _Chunk, duty: EntryDuty, here: slice, out: Mapping[str, Array]) -> Array:
        returned, adjusted = columns["already_refunded_cents"], columns["other_adjustments_cents"]
        low, high = duty.low, duty.high
        if returned is None and adjusted is None:
            low, high = np.maximum(low, 0), np.maximum(high, 0)
        else:
            returned, adjusted = (
                columns.known("already_refunded_cents"),
                columns.known("other_adjustments_cents"),
            )
            low, high = settle(low, returned, adjusted), settle(high, returned, adjusted)
        if low.max() > LARGEST_CENTS or duty.paid.max() > LARGEST_CENTS:
            raise ColumnError(
                "duty_cents", "an entry beyond the range", f"at most {LARGEST_CENTS} cents an entry"
            )
        out["refundable_low_cents"][here] = low
        out["refundable_high_cents"][here] = high
        return low

    def _deposit(self, columns: _Chunk, entered: Array, here: slice, out: Mapping[str, Array]) -> Array:
        deposit = out["deposit_date"][here]
        deposit[:] = columns.known("deposit_date")
        assumed = out["deposit_assumed"][here]
        np.equal(deposit, 0, out=assumed)
        missing = np.flatnonzero(assumed)
        if len(missing):
            stand_in = entered.take(missing)
            if self.deposit_rule is DepositRule.PERIODIC:
                stand_in = tables.periodic_due_days()(stand_in)
            elif self.deposit_rule is DepositRule.SUMMARY:
                summary = columns.known("entry_summary_date").take(missing)
                still = np.flatnonzero(summary == 0)
                summary[still] = tables.summary_due_days()(stand_in.take(still))
                stand_in = summary
            deposit[missing] = stand_in
        return deposit

    def _end(self, columns: _Chunk, accepted: Array, here: slice, out: Mapping[str, Array]) -> Array:
        """The last day of interest, as `accrual.end_of_interest` has it."""
        again = columns["reliquidation_date"]
        open_ended = out["open_ended"][here]
        if self._liquidated_on is not None:
            end = np.full(columns.count, self._liquidated_on)
            open_ended[:] = False
        else:
            np.logical_not(accepted, out=open_ended)
            end = blend(accepted, self._accepted_end(columns, accepted), self._on)
        if again is not None:
            known = again != 0
            end = blend(known, again, end)
            open_ended &= ~known
        return end

    def _accepted_end(self, columns: _Chunk, accepted: Array) -> Array:
        taken = columns["cape_accepted_on"]
        day: Array = np.full(1, self._on)
        if taken is not None:
            day = blend(accepted & (taken != 0), taken, self._on)
        following = tables.next_working_days()(day)
        waiting = day + self._unliquidated
        liquidation = columns["liquidation_date"]
        if liquidation is None:
            return waiting
        following = np.minimum(following, liquidation + self._reliquidation)
        return blend((liquidation == 0) | (liquidation > self._on), waiting, following)

    def _interest(
        self,
        columns: _Chunk,
        principal: Array,
        deposit: Array,
        end: Array,
        here: slice,
        out: Mapping[str, Array],
    ) -> None:
        due = principal > 0
        # Where nothing comes back no day is looked up: the days of the question stand in, between which none lies.
        start = blend(due, deposit, self._on)
        last = np.maximum(start, blend(due, end, self._on))
        interest = out["interest_cents"][here]
        share_cents(principal, self._factor(columns, start, last), interest)
        np.add(principal, interest, out=out["refund_cents"][here])
        np.multiply(start, due, out=out["interest_from"][here])
        np.multiply(last, due, out=out["interest_to"][here])
        projected, provisional = out["interest_projected_cents"][here], out["provisional"][here]
        projected[:] = 0
        provisional[:] = False
        for first_day, last_day in tables.projected_spans(self.rates, int(last.max())):
            inside = np.flatnonzero((last >= first_day) & (start < last_day) & (start < last) & due)
            if len(inside):
                some, begin, until = principal.take(inside), start.take(inside), last.take(inside)
                payees = columns["payee"]
                part = {"payee": None if payees is None else payees.take(inside)}
                through = share_cents(some, self._factor(part, begin, np.minimum(until, last_day)))
                before = np.maximum(begin, first_day - 1)
                through -= share_cents(some, self._factor(part, begin, before))
                projected[inside] += through
                provisional[inside] = True

    def _factor(self, columns: Mapping[str, Array | None], start: Array, last: Array) -> Array:
        return self.factor(columns["payee"], start, last)

    def factor(self, payees: Array | None, start: Array, last: Array) -> Array:
        """Return the interest factor of each pair of days; `payees` are places in `Payee` from 1, 0 not known."""
        if payees is None:
            return self._factors[self.payee](start, last)
        found = np.zeros(len(start), np.int64)
        codes = blend(payees == 0, np.uint8(1 + _PAYEES.index(self.payee)), payees)
        for code, member in enumerate(_PAYEES, 1):
            chosen = np.flatnonzero(codes == code)
            if len(chosen):
                found[chosen] = self._factors[member](start.take(chosen), last.take(chosen))
        return found

    def _windows(self, columns: _Chunk, facts: FactColumns, here: slice, out: Mapping[str, Array]) -> None:
        np.multiply(facts.latest + self._cape, facts.liquidated, out=out["cape_closes"][here])
        np.multiply(facts.latest + self._protest, facts.liquidated, out=out["protest_closes"][here])
        original = columns["liquidation_date"]
        closes = out["reliquidation_closes"][here]
        if original is None:
            closes[:] = 0
        else:
            np.multiply(original + self._reliquidation, (original != 0) & (original <= self._on), out=closes)
