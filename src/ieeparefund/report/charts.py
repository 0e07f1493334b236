"""Charts of a book or an entry by matplotlib, for notebooks and slides. Each function returns a `Figure`.

No window is opened and no global state is touched: save with `figure.savefig("refunds.png")`. A notebook shows a
figure that is the last value of a cell, without any set-up.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from ieeparefund.errors import MissingExtraError
from ieeparefund.law.citations import Standing
from ieeparefund.money import exactly
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.portfolio import Portfolio
from ieeparefund.report.series import accrual_points, deadline_bands, deadlines_ahead, payment_weeks
from ieeparefund.report.words import OUTCOME_NAMES, money, plural, provenance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["accrual_chart", "deadlines_chart", "outcome_chart", "payments_chart"]

_DUTY, _INTEREST, _INK = "#1d4f91", "#c2660a", "#1b2430"


def _chart() -> type[Figure]:
    """Return the class of the charts, which exists only where matplotlib does."""
    try:
        from matplotlib.figure import Figure as Canvas
    except ModuleNotFoundError:
        raise MissingExtraError("Drawing a chart", "report") from None

    class Chart(Canvas):
        """A figure that draws itself in a notebook; matplotlib's own does so for its own windows only."""

        def _repr_svg_(self) -> str:
            out = io.StringIO()
            self.savefig(out, format="svg")
            return out.getvalue()

    return Chart


def _figure(title: str, as_of: dt.date, height: float = 4.0) -> tuple[Figure, Axes]:
    """Return an empty figure with its title and the line that says what it rests on."""
    figure = _chart()(figsize=(8.0, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontweight="bold", color=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    figure.supxlabel(provenance(as_of), x=0.01, ha="left", fontsize=8, color="#525e6d")
    return figure, axes


def _dollars(axes: Axes, which: str, label: str = "US dollars") -> None:
    from matplotlib.ticker import FuncFormatter

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_label_text(label)
    axes.grid(visible=True, axis="x" if which == "x" else "y", color="#d9dee5")
    axes.set_axisbelow(True)


@exactly
def payments_chart(portfolio: Portfolio) -> Figure:
    """Return the refund by expected week of payment: principal and interest stacked, and the range low to high.

    Weeks and amounts are those of `portfolio.cash_forecast()`, each payment in the week of its expected day.
    Entries without a date (liquidation on hold) are named below the axis. Raises `MissingExtraError` without
    matplotlib.
    """
    forecast = portfolio.cash_forecast()
    weeks = payment_weeks(forecast)
    figure, axes = _figure("Refund by expected week of payment", portfolio.as_of)
    labels = [week.monday.isoformat() for week in weeks]
    principal = [float(week.principal) for week in weeks]
    axes.bar(labels, principal, color=_DUTY, label="duty", width=0.7)
    axes.bar(
        labels,
        [float(week.interest) for week in weeks],
        bottom=principal,
        color=_INTEREST,
        label="interest",
        width=0.7,
    )
    axes.vlines(
        labels,
        [float(week.low) for week in weeks],
        [float(week.high) for week in weeks],
        color=_INK,
        linewidth=2,
        label="low to high",
    )
    undated = (
        f"; {plural(len(forecast.undated_entries), 'entry', 'entries')} with {money(forecast.undated.expected)} "
        "have no date yet"
    )
    axes.set_xlabel(f"week from Monday{undated if forecast.undated_entries else ''}")
    # A bar or two would fill the whole width.
    spare = max(0.0, (5 - len(weeks)) / 2)
    axes.set_xlim(-0.6 - spare, len(weeks) - 0.4 + spare)
    axes.tick_params(axis="x", rotation=45 if len(weeks) > 6 else 0)
    _dollars(axes, "y")
    figure.legend(loc="outside upper right", ncols=3, frameon=False)
    return figure


@exactly
def accrual_chart(estimate: RefundEstimate) -> Figure:
    """Return the interest of one entry as it accrues through the quarters; projected rates are dashed.

    Points are the ends of the periods of the schedule. An entry without refundable duty gives an empty chart.
    Raises `MissingExtraError` without matplotlib.
    """
    figure, axes = _figure(f"Interest accrued on entry {estimate.entry.number}", estimate.as_of)
    _dollars(axes, "y")
    if estimate.schedule is None:
        axes.text(
            0.5, 0.5, "Nothing is refundable, so no interest runs.", ha="center", transform=axes.transAxes
        )
        return figure
    points = accrual_points(estimate.schedule)
    periods = estimate.schedule.periods
    for (day, amount), (then, more), period in zip(points, points[1:], periods, strict=False):
        dashed = period.standing is Standing.PROJECTED
        axes.plot(
            [day, then],  # type: ignore[arg-type]  # matplotlib takes dates through its units
            [float(amount), float(more)],
            color=_DUTY,
            linestyle="--" if dashed else "-",
            marker="o",
            markersize=4,
        )
        axes.annotate(
            f"{period.annual_rate} %",
            (day + (then - day) / 2, float(amount + more) / 2),
            xytext=(0, 9),
            textcoords="offset points",
            fontsize=8,
            ha="right",
        )
    axes.set_xlabel("end of each period; rate a year at the line")
    return figure


@exactly
def deadlines_chart(portfolio: Portfolio) -> Figure:
    """Return entries and dollars at stake by the days left to each entry's nearest deadline.

    An entry counts once; entries without money at stake or without a dated step are left out. Raises
    `MissingExtraError` without matplotlib.
    """
    bands = deadline_bands(deadlines_ahead(portfolio.estimates, portfolio.as_of))
    figure, axes = _figure("Deadlines ahead", portfolio.as_of)
    labels = [band.label for band in bands]
    drawn = axes.barh(labels, [float(band.amount) for band in bands], color=_DUTY)
    axes.bar_label(drawn, [plural(band.entries, "entry", "entries") for band in bands], padding=4, fontsize=9)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_ylabel("days left")
    _dollars(axes, "x", "US dollars at stake")
    return figure


@exactly
def outcome_chart(portfolio: Portfolio) -> Figure:
    """Return duty and interest by CAPE's outcome; for rejected and undetermined entries what is at stake.

    Raises `MissingExtraError` without matplotlib.
    """
    sums = portfolio.by_outcome
    figure, axes = _figure("Refund by outcome", portfolio.as_of)
    labels = [OUTCOME_NAMES[outcome] for outcome in sums]
    duty = [float(one.refundable_duty) for one in sums.values()]
    axes.barh(labels, duty, color=_DUTY, label="duty")
    drawn = axes.barh(
        labels, [float(one.interest) for one in sums.values()], left=duty, color=_INTEREST, label="interest"
    )
    axes.bar_label(
        drawn, [plural(one.entries, "entry", "entries") for one in sums.values()], padding=4, fontsize=9
    )
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.legend(frameon=False, loc="lower right")
    _dollars(axes, "x")
    return figure
