"""An `Interest` as a table for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ieeparefund.law.citations import Standing
from ieeparefund.money import format_dollars
from ieeparefund.notebook import html_table

if TYPE_CHECKING:
    from ieeparefund.law.interest import Interest

__all__ = ["interest_html"]


def interest_html(interest: Interest) -> str:
    """Return the schedule as an HTML table, the sum as its last row; rates not published are named so."""
    rows: list[tuple[object, ...]] = [
        (
            f"{period.first_day} to {period.last_day}",
            period.days,
            f"{period.annual_rate} %"
            + ("" if period.standing is Standing.PUBLISHED else f" ({period.standing})"),
            format_dollars(period.interest),
            format_dollars(period.balance),
        )
        for period in interest.periods
    ]
    rows.append(("in all", interest.days, "", format_dollars(interest.amount), ""))
    return html_table(
        f"Interest on {format_dollars(interest.principal)}, {interest.payee}: {format_dollars(interest.amount)}",
        ("Days, both included", "Days", "Rate a year", "Interest", "Balance"),
        rows,
        numbers=(1, 2, 3, 4),
        note=f"US dollars. Deposited {interest.deposited}, not counted; (re)liquidated {interest.liquidated}, counted.",
    )
