"""How long a CAPE refund takes in practice, as dated rows with citations. Not law: nobody is bound by it."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass

from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.dated import Timeline
from ieeparefund.law.once import once

__all__ = ["RefundPractice", "refund_practice"]


@dataclass(frozen=True, slots=True)
class RefundPractice:
    """What was announced and observed for declarations accepted from `first_day` to `last_day`.

    Both days are inclusive, `last_day` `None` means still. Money comes `least_days` to `most_days` after
    acceptance (announced), and came `observed_days` after (re)liquidation on average (observed). All are
    calendar days.
    """

    first_day: dt.date
    last_day: dt.date | None
    least_days: int
    most_days: int
    days_citation: Citation
    days_standing: Standing
    observed_days: int
    observed_citation: Citation
    observed_standing: Standing
    note: str

    @property
    def middle_days(self) -> int:
        """Half way between `least_days` and `most_days`, rounded down."""
        return (self.least_days + self.most_days) // 2


@once
def _timeline() -> Timeline[RefundPractice]:
    rows = tomllib.loads(table_text("refund_practice.toml"))["practice"]
    return Timeline(
        (
            RefundPractice(
                row["from"],
                row.get("to"),
                row["least_days"],
                row["most_days"],
                cite(row["days_citation"]),
                Standing(row["days_standing"]),
                row["observed_days"],
                cite(row["observed_citation"]),
                Standing(row["observed_standing"]),
                row["note"],
            )
            for row in rows
        ),
        "the time a CAPE refund takes",
        remedy="CAPE opened on the first of these days.",
    )


def refund_practice(on: dt.date | None = None) -> RefundPractice:
    """Return the practice for a declaration accepted on the day `on`, or the newest where `on` is `None`.

    Raises `CoverageError` for a day before CAPE opened.

    >>> practice = refund_practice()
    >>> practice.least_days, practice.middle_days, practice.most_days
    (60, 75, 90)
    """
    timeline = _timeline()
    return timeline.rows[-1] if on is None else timeline.at(on)
