"""Charts by matplotlib: what they show is what the results say, with title, unit, day and table version."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.strict import STRICT

pytest.importorskip("matplotlib", reason="the report extra is not installed")

from tests.books import DAY, entry, estimate

from ieeparefund.ace.book import read_book
from ieeparefund.errors import MissingExtraError
from ieeparefund.law.manifest import rules_version
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio
from ieeparefund.report.charts import accrual_chart, deadlines_chart, outcome_chart, payments_chart

SAMPLE = Path(__file__).parents[2] / "examples" / "es003_small.csv"


def sample() -> Portfolio:
    return estimate_portfolio(read_book([SAMPLE]).entries, as_of=DAY, payee="corporation")


def words(figure: Any) -> str:
    return " | ".join(text.get_text() for text in figure.findobj(lambda one: hasattr(one, "get_text")))


def png(figure: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("chart", "title"),
    [
        (payments_chart, "Refund by expected week of payment"),
        (deadlines_chart, "Deadlines ahead"),
        (outcome_chart, "Refund by outcome"),
        (lambda book: accrual_chart(book.estimates[9]), "Interest accrued on entry"),
    ],
)
def test_every_chart_has_title_day_version_and_unit(chart: Callable[[Portfolio], Any], title: str) -> None:
    figure = chart(sample())
    assert figure.axes[0].get_title(loc="left").startswith(title)
    assert f"As of 2026-05-15 · law tables {rules_version()} · US dollars" in words(figure)
    assert "US dollars" in figure.axes[0].get_ylabel() + figure.axes[0].get_xlabel()
    assert png(figure).startswith(b"\x89PNG")


def test_bars_of_the_payments_are_the_dated_refund() -> None:
    book = sample()
    figure = payments_chart(book)
    heights = sum(bar.get_height() for bar in figure.axes[0].patches)
    # 340,910.87: the accepted entries of the sample; the deferred ones have no date.
    assert heights == pytest.approx(340910.87)
    assert "5 entries with $77,086.27 have no date yet" in figure.axes[0].get_xlabel()
    assert len(figure.axes[0].collections) == 1
    empty = payments_chart(estimate_portfolio([], as_of=DAY, payee="other"))
    assert empty.axes[0].get_xlabel() == "week from Monday"
    assert png(empty)


def test_many_weeks_have_slanted_labels() -> None:
    spread = [
        entry(
            1,
            liquidation_date=dt.date(2026, 2, 27),
            reliquidation_date=dt.date(2026, 5, 4),
            liquidation_status="liquidated",
        ),
        entry(2),
    ]
    axes = payments_chart(estimate_portfolio(spread, as_of=DAY, payee="corporation")).axes[0]
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {45.0}


def test_the_accrual_ends_at_the_interest_and_is_dashed_where_projected() -> None:
    later = estimate(
        liquidation_date=dt.date(2026, 5, 8),
        reliquidation_date=dt.date(2027, 3, 1),
        liquidation_status="liquidated",
    )
    lines = accrual_chart(later).axes[0].lines
    assert lines[-1].get_ydata()[-1] == pytest.approx(float(later.interest))
    assert [line.get_linestyle() for line in lines][-2:] == ["-", "--"]
    none = accrual_chart(estimate(duty="0.00"))
    assert not none.axes[0].lines
    assert "no interest runs" in words(none)


def test_deadlines_name_entries_and_dollars() -> None:
    figure = deadlines_chart(sample())
    assert [round(bar.get_width(), 2) for bar in figure.axes[0].patches] == [
        74929.59,
        35348.24,
        0,
        37917.47,
        94592.99,
        1649.59,
        69085.56,
    ]
    assert "3 entries | 1 entry | 0 entries | 4 entries" in words(figure)


def test_outcomes_are_stacked() -> None:
    figure = outcome_chart(sample())
    widths = [Decimal(str(round(bar.get_width(), 2))) for bar in figure.axes[0].patches]
    assert widths == [
        Decimal(text)
        for text in ("330459.25", "74770", "214597.49", "0", "10451.62", "2316.27", "9351.21", "0")
    ]
    assert "19 entries" in words(figure)


def test_no_window_and_no_global_state() -> None:
    code = (
        "import datetime as dt, sys; from ieeparefund.refunds.portfolio import estimate_portfolio;"
        "from ieeparefund.report.charts import outcome_chart;"
        "book = estimate_portfolio([], as_of=dt.date(2026, 5, 15), payee='other');"
        "outcome_chart(book).savefig('/dev/null', format='png');"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, *STRICT, "-c", code], check=True)


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[report\]"):
        outcome_chart(sample())


def test_a_chart_draws_itself_in_a_notebook() -> None:
    picture = outcome_chart(sample())._repr_svg_()  # type: ignore[attr-defined]  # a notebook asks for it by name
    assert "<svg" in picture
    assert picture.rstrip().endswith("</svg>")
