"""Charts as inline SVG: fluid in width, text at its own size, colours by style classes, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise

from ieeparefund.money import exactly

__all__ = ["Bar", "columns_svg", "line_svg", "rows_svg"]

_ROW, _BAR = 46, 16
_TOP, _PLOT, _BOTTOM = 24, 150, 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, what is written at it, and the stacked parts from the axis outward, none below zero."""

    label: str
    text: str
    parts: tuple[Decimal, ...]
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def reach(self) -> Decimal:
        """The farthest point of the bar and its range."""
        whole = sum(self.parts, Decimal(0))
        return whole if self.high is None else max(whole, self.high)


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole * 100:.3f}%" if whole else "0%"


def _wrap(identifier: str, title: str, height: int, body: Sequence[str]) -> str:
    return (
        f'<svg role="img" aria-labelledby="{escape(identifier)}" width="100%" height="{height}" class="chart">'
        f'<title id="{escape(identifier)}">{escape(title)}</title>{"".join(body)}</svg>'
    )


@exactly
def rows_svg(identifier: str, title: str, bars: Sequence[Bar]) -> str:
    """Return bars from left to right, one under the other, label and text above each."""
    widest = max((bar.reach for bar in bars), default=Decimal(0))
    body: list[str] = []
    for place, bar in enumerate(bars):
        y = place * _ROW
        body.append(f'<text x="0" y="{y + 15}" class="label">{escape(bar.label)}</text>')
        body.append(f'<text x="100%" y="{y + 15}" text-anchor="end" class="value">{escape(bar.text)}</text>')
        body.append(f'<rect x="0" y="{y + 22}" width="100%" height="{_BAR}" class="track"/>')
        start = Decimal(0)
        for number, part in enumerate(bar.parts, 1):
            body.append(
                f'<rect x="{_share(start, widest)}" y="{y + 22}" width="{_share(part, widest)}" height="{_BAR}" '
                f'class="part{number}"/>'
            )
            start += part
    return _wrap(identifier, title, len(bars) * _ROW, body)


@exactly
def columns_svg(identifier: str, title: str, bars: Sequence[Bar], scale: str) -> str:
    """Return upright bars side by side; `scale` names the height of the tallest. Labels are thinned to fit."""
    tallest = max((bar.reach for bar in bars), default=Decimal(0))
    base = _TOP + _PLOT
    body = [
        f'<text x="0" y="13" class="value">{escape(scale)}</text>',
        f'<line x1="0" x2="100%" y1="{_TOP}" y2="{_TOP}" class="grid"/>',
        f'<line x1="0" x2="100%" y1="{base}" y2="{base}" class="axis"/>',
    ]

    def height(amount: Decimal) -> Decimal:
        return amount / tallest * _PLOT if tallest else Decimal(0)

    step = Decimal(100) / max(len(bars), 1)
    width = min(step * Decimal("0.7"), Decimal(9))
    every = max(1, -(-len(bars) // 4))
    for place, bar in enumerate(bars):
        middle = step * place + step / 2
        y = Decimal(base)
        for number, part in enumerate(bar.parts, 1):
            y -= height(part)
            body.append(
                f'<rect x="{middle - width / 2:.3f}%" y="{y:.2f}" width="{width:.3f}%" height="{height(part):.2f}" '
                f'class="part{number}"><title>{escape(bar.label)}: {escape(bar.text)}</title></rect>'
            )
        if bar.low is not None and bar.high is not None and bar.low != bar.high:
            body.append(
                f'<line x1="{middle:.3f}%" x2="{middle:.3f}%" y1="{base - height(bar.low):.2f}" '
                f'y2="{base - height(bar.high):.2f}" class="range"/>'
            )
        if place % every == 0:
            body.append(
                f'<text x="{middle:.3f}%" y="{base + 18}" text-anchor="middle" class="label">{escape(bar.label)}</text>'
            )
    return _wrap(identifier, title, _TOP + _PLOT + _BOTTOM, body)


@exactly
def line_svg(
    identifier: str,
    title: str,
    points: Sequence[tuple[int, Decimal, str]],
    scale: str,
    broken_from: int | None = None,
) -> str:
    """Return a rising line through (day, amount, label) points. After the day `broken_from` it is dashed.

    The first and last labels are written below, each point is a mark with its label as tooltip.
    """
    first, last = points[0][0], points[-1][0]
    span, tallest = Decimal(last - first), max(amount for _, amount, _ in points)
    base = _TOP + _PLOT

    def x(day: int) -> Decimal:
        return Decimal(day - first) / span * 100 if span else Decimal(0)

    def y(amount: Decimal) -> Decimal:
        return base - amount / tallest * _PLOT if tallest else Decimal(base)

    body = [
        f'<text x="0" y="13" class="value">{escape(scale)}</text>',
        f'<line x1="0" x2="100%" y1="{_TOP}" y2="{_TOP}" class="grid"/>',
        f'<line x1="0" x2="100%" y1="{base}" y2="{base}" class="axis"/>',
    ]
    for (day, amount, _), (then, more, _) in pairwise(points):
        dashed = " broken" if broken_from is not None and day >= broken_from else ""
        body.append(
            f'<line x1="{x(day):.3f}%" y1="{y(amount):.2f}" x2="{x(then):.3f}%" y2="{y(more):.2f}" '
            f'class="line{dashed}"/>'
        )
    for day, amount, label in points:
        body.append(
            f'<circle cx="{x(day):.3f}%" cy="{y(amount):.2f}" r="3.5" class="mark">'
            f"<title>{escape(label)}</title></circle>"
        )
    body.append(f'<text x="0" y="{base + 18}" class="label">{escape(points[0][2])}</text>')
    body.append(
        f'<text x="100%" y="{base + 18}" text-anchor="end" class="label">{escape(points[-1][2])}</text>'
    )
    return _wrap(identifier, title, _TOP + _PLOT + _BOTTOM, body)
