"""The facts of `cape_facts` as columns of codes, each worked out only when a rule asks for it.

A code is the place of the value in the rule file's list, counted from 1; 0 is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import cast

import numpy as np

from ieeparefund.columns.kernels import Array
from ieeparefund.columns.rows import FALSE, EntryDuty
from ieeparefund.columns.rules import fact_code
from ieeparefund.columns.tables import day_number
from ieeparefund.entries.codes import AdCvdStatus, EntryType, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.law.cape_facts import RATE_OF_ANOTHER_DAY, clock_limits
from ieeparefund.law.once import once

__all__ = ["CODE_LISTS", "FactColumns"]

CODE_LISTS: Mapping[str, tuple[str, ...]] = {
    "entry_type": tuple(EntryType),
    "liquidation_status": tuple(LiquidationStatus),
    "summary_status": tuple(SummaryStatus),
    "protest": tuple(ProtestStatus),
    "ad_cvd": tuple(AdCvdStatus),
}
"""Members of the coded columns in the order of their codes. The rule file lists the same values in that order."""


@cache
def _code(name: str, value: str) -> np.uint8:
    return np.uint8(fact_code(name, value))


def _flag(truth: Array) -> Array:
    """True is 1, false is 2."""
    return FALSE - truth.view(np.uint8)


class FactColumns:
    """Facts of some entries on `as_of`. `columns` holds their arrays by name, `None` for a column not there."""

    def __init__(self, columns: Mapping[str, Array | None], duty: EntryDuty, as_of: dt.date) -> None:
        self._columns, self._duty = columns, duty
        self._on = np.int32(day_number(as_of))
        self._limits = clock_limits(as_of)
        self._count = len(duty.paid)
        liquidation, again = columns["liquidation_date"], columns["reliquidation_date"]
        self.latest = np.zeros(self._count, np.int32)
        if liquidation is not None:
            self.latest += liquidation * (liquidation <= self._on)
        if again is not None:
            # A reliquidation never lies before the liquidation, so the latest is the larger number.
            np.maximum(self.latest, again * (again <= self._on), out=self.latest)
        self.liquidated = self.latest != 0
        self._state: Array | None = None
        self._stages: Array | None = None

    def code(self, name: str) -> Array | None:
        """Return the codes of a fact, `None` where none is known."""
        own = getattr(self, f"_{name}", None)
        found: Array | None = self._columns[name] if own is None else own()
        return found

    def _required(self, name: str) -> Array:
        return cast("Array", self._columns[name])

    def _liquidation(self) -> Array:
        state = self._state
        if state is None:
            place = self.liquidated * np.uint8(2 * _STATUSES)
            date, status = self._columns["liquidation_date"], self._columns["liquidation_status"]
            if date is not None:
                place += (date > self._on) * np.uint8(_STATUSES)
            if status is not None:
                place += status
            state = self._state = _states().take(place, mode="clip")
        return state

    def _stage(self) -> Array:
        """Whether clocks run: 2 once liquidated, else 1 where the entry is known not to be, else 0."""
        stages = self._stages
        if stages is None:
            stages = self._stages = _stages().take(self._liquidation(), mode="clip") * ~self.liquidated
            stages += self.liquidated.view(np.uint8) * np.uint8(2)
        return stages

    def _clock(self, name: str, start: Array, steps: tuple[tuple[str, int], ...]) -> Array:
        """Codes of a clock: `steps` names each state with the first day of it, counted from `start`."""
        place = self._stage() * np.uint8(len(steps))
        for _, begins in steps[1:]:
            place += (start <= self._on - np.int32(begins)).view(np.uint8)
        return _clock_codes(name, tuple(state for state, _ in steps)).take(place, mode="clip")

    def _cape_clock(self) -> Array:
        limits = self._limits
        return self._clock(
            "cape_clock",
            self.latest,
            (("open", 0), ("closing", limits.cape_many_left), ("closed", limits.cape + 1)),
        )

    def _protest_clock(self) -> Array:
        return self._clock("protest_clock", self.latest, (("open", 0), ("closed", self._limits.protest + 1)))

    def _reliquidation_clock(self) -> Array:
        original = self._columns["liquidation_date"]
        # Without the original date the days since are beyond any clock: it counts as closed.
        start = np.zeros(self._count, np.int32) if original is None else original
        return self._clock(
            "reliquidation_clock", start, (("open", 0), ("closed", self._limits.reliquidation + 1))
        )

    def _correction_clock(self) -> Array:
        entered, scheduled = self._required("entry_date"), self._columns["liquidation_date"]
        limits = self._limits
        closed = self._liquidation() == _code("liquidation", LiquidationStatus.LIQUIDATED)
        closed |= self._on - entered > limits.after_entry
        if scheduled is not None:
            closed |= (scheduled != 0) & (scheduled - self._on < limits.before_liquidation)
        return np.where(closed, _code("correction_clock", "closed"), _code("correction_clock", "open"))

    def _liquidation_conflict(self) -> Array:
        status, held, date = (
            self._columns[name] for name in ("liquidation_status", "ad_cvd", "liquidation_date")
        )
        done = _code("liquidation", LiquidationStatus.LIQUIDATED)
        conflict = np.zeros(self._count, np.bool_)
        if held is not None:
            conflict |= (held > _code("ad_cvd", AdCvdStatus.NONE)) & self.liquidated
        if status is not None:
            conflict |= (status != 0) & (status != done) & self.liquidated
            if date is not None:
                conflict |= (status == done) & (date > self._on) & ~self.liquidated
        return _flag(conflict)

    def _reconciliation_filed(self) -> Array | None:
        flagged, filed = self._columns["reconciliation_flagged"], self._columns["reconciliation_filed"]
        # Without a flag there is nothing to file, so only a flagged entry leaves the question open.
        false = np.full(self._count, FALSE)
        if filed is None:
            return false if flagged is None else false * (flagged != 1)
        open_question = np.zeros(self._count, np.bool_) if flagged is None else flagged == 1
        found: Array = filed + FALSE * ((filed == 0) & ~open_question)
        return found

    def _reconciliation_due(self) -> Array:
        flagged, filed = self._columns["reconciliation_flagged"], self._columns["reconciliation_filed"]
        due = self._columns["reconciliation_due"]
        asked = np.zeros(self._count, np.bool_) if flagged is None else flagged == 1
        if filed is not None:
            asked &= filed != 1
        found = np.zeros(self._count, np.uint8)
        if due is not None:
            left = due - self._on
            found[:] = _code("reconciliation_due", "later")
            found[left < self._limits.reconciliation_first] = _code("reconciliation_due", "soon")
            found[left < 0] = _code("reconciliation_due", "passed")
            found *= due != 0
        found[~asked] = _code("reconciliation_due", "none")
        return found

    def _ad_cvd(self) -> Array | None:
        held = self._columns["ad_cvd"]
        if held is None:
            return None
        # Suspension and pending liquidation end with the liquidation.
        over = (held != 0) & (self._liquidation() == _code("liquidation", LiquidationStatus.LIQUIDATED))
        found: Array = held * ~over + _code("ad_cvd", AdCvdStatus.NONE) * over
        return found

    def _already_accepted(self) -> Array:
        accepted = self._columns["cape_accepted_on"]
        if accepted is None:
            return np.full(self._count, FALSE)
        return _flag((accepted != 0) & (accepted <= self._on))

    def _ieepa_duty(self) -> Array:
        duty = self._duty
        place = (duty.total > 0).view(np.uint8) * np.uint8(8)
        place += duty.blank.view(np.uint8) * np.uint8(4)
        place += duty.exempt_duty.view(np.uint8) * np.uint8(2)
        place += duty.any_ieepa.view(np.uint8)
        return _duty_codes().take(place, mode="clip")

    def _value_on_ieepa_number(self) -> Array:
        return _flag(self._duty.value_on)

    def _value_off_chapter_1_97(self) -> Array:
        return self._duty.value_off

    def _ieepa_number_out_of_dates(self) -> Array:
        types = self._required("entry_type")
        exempt = _types_of_another_day().take(types, mode="clip")
        return _flag(self._duty.out_of_dates) * ~exempt


_STATUSES = 1 + len(LiquidationStatus)


@once
def _states() -> Array:
    """The state of liquidation by status, then by whether a date lies ahead, then by whether it is liquidated."""
    unliquidated, done = (
        _code("liquidation", status)
        for status in (LiquidationStatus.UNLIQUIDATED, LiquidationStatus.LIQUIDATED)
    )
    own = np.arange(_STATUSES, dtype=np.uint8)
    # A date ahead is a scheduled one: the entry cannot be liquidated.
    ahead = np.where((own == 0) | (own == done), unliquidated, own)
    return np.concatenate((own, ahead, np.full(2 * _STATUSES, done)))


@once
def _stages() -> Array:
    """Whether each state is known to be one before liquidation."""
    done = _code("liquidation", LiquidationStatus.LIQUIDATED)
    states: Array = np.arange(_STATUSES)
    known: Array = (states != 0) & (states != done)
    return known.astype(np.uint8)


@once
def _clock_codes(name: str, states: tuple[str, ...]) -> Array:
    """The codes of a clock by stage and state."""
    before = [np.uint8(0)] * len(states) + [_code(name, "not_started")] * len(states)
    return np.array([*before, *(_code(name, state) for state in states)], np.uint8)


@once
def _duty_codes() -> Array:
    """The fact `ieepa_duty` by four bits: duty paid, unknown duty, duty on an exemption, an IEEPA number."""
    none, zero, exempt, paid = (
        _code("ieepa_duty", value) for value in ("none", "zero", "exempt_only", "paid")
    )
    unknown = np.uint8(0)
    return np.array([none, zero, exempt, exempt] + [unknown] * 4 + [paid] * 8, np.uint8)


@once
def _types_of_another_day() -> Array:
    return np.array([False, *(member in RATE_OF_ANOTHER_DAY for member in EntryType)])
