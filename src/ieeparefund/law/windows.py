"""By when each step can be taken: all windows of an entry on a day, and every window and due date by itself.

The windows that run from one date stand in `window_rules`, the single days in `due_dates`; both are offered
here. `windows` decides which of them apply to an entry.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus
from ieeparefund.entries.entry import Entry
from ieeparefund.law.clocks import clock
from ieeparefund.law.due_dates import (
    deemed_liquidation_date,
    entry_summary_due_date,
    expected_liquidation_date,
    periodic_statement_due_date,
    reconciliation_due_date,
    refund_due_date,
)
from ieeparefund.law.window_rules import (
    Window,
    cape_window,
    denied_protest_suit_window,
    post_summary_correction_window,
    protest_window,
    residual_suit_window,
    voluntary_reliquidation_window,
)
from ieeparefund.law.working_days import check_day

__all__ = [
    "Window",
    "cape_window",
    "deemed_liquidation_date",
    "denied_protest_suit_window",
    "entry_summary_due_date",
    "expected_liquidation_date",
    "periodic_statement_due_date",
    "post_summary_correction_window",
    "protest_window",
    "reconciliation_due_date",
    "refund_due_date",
    "residual_suit_window",
    "voluntary_reliquidation_window",
    "windows",
]

# While liquidation is held its day cannot be foretold; while it is suspended no year runs (19 USC 1504).
_HELD = frozenset((LiquidationStatus.EXTENDED, LiquidationStatus.SUSPENDED, LiquidationStatus.UNDER_REVIEW))
_IN_DOUBT = "If the entry is unliquidated, which is not known: "
_AD_CVD_HELD = frozenset((AdCvdStatus.SUSPENDED, AdCvdStatus.LIQUIDATION_PENDING))


def windows(entry: Entry, *, as_of: dt.date) -> list[Window]:
    """Return every window that applies to `entry` as it stands on `as_of`, in order of the last day.

    Closed windows stay in the list. By `rule`:

    - once liquidated (a liquidation date up to `as_of`): `cape` and `protest` from the latest
      (re)liquidation, `reliquidation` from the original one;
    - before (no date, or a later one, which is a scheduled one): `post_summary_correction`, unless CAPE has
      accepted the entry; `expected_liquidation`, one day: 45 days after CAPE accepted it, else the scheduled
      day, else the forecast, none while liquidation is held; `deemed_liquidation`, one day, or two to four
      years after entry if extended, none while suspended;
    - `reconciliation` if the entry is flagged, no type 09 is filed and its last day is known;
    - `residual_suit` from the deposit, or the entry where the deposit is not known, the earliest reading.

    An entry known to be liquidated on an unknown day has only the last two: without a date no deadline.

    Raises `FieldError` if `as_of` is not a plain date.
    """
    check_day(as_of, "as_of")
    original = _up_to(entry.liquidation_date, as_of)
    latest = _up_to(entry.reliquidation_date, as_of) or original
    found: list[Window | None] = [_reconciliation(entry), _suit(entry.entry_date, entry.deposit_date)]
    if latest is not None:
        found += cape_window(latest), voluntary_reliquidation_window(original), protest_window(latest)
    elif entry.liquidation_date is not None or entry.liquidation_status is not LiquidationStatus.LIQUIDATED:
        accepted = _up_to(entry.cape_accepted_on, as_of)
        stage = _Stage(
            entry.entry_date, entry.liquidation_date, entry.liquidation_status, entry.ad_cvd, accepted
        )
        found += _before_liquidation(stage, as_of)
    return sorted((window for window in found if window is not None), key=lambda window: window.closes)


def _up_to(day: dt.date | None, as_of: dt.date) -> dt.date | None:
    return day if day is not None and day <= as_of else None


def _reconciliation(entry: Entry) -> Window | None:
    due = entry.reconciliation_due
    if due is None or not entry.reconciliation_flagged or entry.reconciliation_filed:
        return None
    citation = clock("reconciliation").citation
    return Window("reconciliation", entry.entry_date, due, citation, clock("reconciliation_first").note)


@lru_cache(maxsize=4096)
def _suit(entry_date: dt.date, deposit_date: dt.date | None) -> Window:
    window = residual_suit_window(deposit_date or entry_date)
    start = "deposit" if deposit_date else "entry"
    return replace(window, note=f"Counted from the {start}, the earliest reading. {window.note}")


class _Stage(NamedTuple):
    """What decides the windows of an unliquidated entry; many entries share one."""

    entry_date: dt.date
    scheduled: dt.date | None
    status: LiquidationStatus | None
    ad_cvd: AdCvdStatus | None
    accepted: dt.date | None

    @property
    def suspended(self) -> bool:
        return self.status is LiquidationStatus.SUSPENDED or self.ad_cvd in _AD_CVD_HELD

    @property
    def held(self) -> bool:
        return self.suspended or self.status in _HELD


@lru_cache(maxsize=4096)
def _before_liquidation(stage: _Stage, as_of: dt.date) -> tuple[Window | None, ...]:
    found = (_correction(stage), _expected(stage), _deemed(stage, as_of))
    if stage.status is None and stage.scheduled is None:
        return tuple(window and replace(window, note=_IN_DOUBT + window.note) for window in found)
    return found


def _correction(stage: _Stage) -> Window | None:
    if stage.accepted is not None:
        # ACE refuses a correction from acceptance to liquidation (ABI error 864).
        return None
    forecast = None if stage.held else expected_liquidation_date(stage.entry_date)
    return post_summary_correction_window(stage.entry_date, stage.scheduled or forecast)


def _expected(stage: _Stage) -> Window | None:
    term = clock("normal_liquidation")
    if stage.accepted is not None and not stage.held:
        term = clock("cape_unliquidated")
        day, note = term.end(stage.accepted), term.note
    elif stage.scheduled is not None:
        day, note = stage.scheduled, "The scheduled liquidation. It may still be moved."
    elif stage.held:
        return None
    else:
        day, note = expected_liquidation_date(stage.entry_date), f"A forecast. {term.note}"
    return Window("expected_liquidation", day, day, term.citation, note)


def _deemed(stage: _Stage, as_of: dt.date) -> Window | None:
    if stage.suspended:
        return None
    term, limit = clock("deemed_liquidation"), clock("deemed_liquidation_limit")
    if stage.status is LiquidationStatus.EXTENDED:
        first, last = deemed_liquidation_date(stage.entry_date, 1), limit.end(stage.entry_date)
        return Window(
            "deemed_liquidation", first, last, limit.citation, f"Extended: within these days. {limit.note}"
        )
    day, note = deemed_liquidation_date(stage.entry_date), term.note
    if day < as_of:
        note += " It is past: unless extended or suspended, the entry liquidated on it by law."
    return Window("deemed_liquidation", day, day, term.citation, note)
