"""May goods with these facts stand on this heading? Yes, no, or not known, with the reason.

Each heading has a ground (`Heading.ground`): origin alone, or something about the goods. A heading that
imposes duty is also barred where another one takes the goods out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.law.goods import Goods, TransportMode
from ieeparefund.law.headings import Ground, Heading, HeadingKind, Programme, ieepa_headings
from ieeparefund.law.stacking import (
    Section232,
    Stacking,
    doubtful_loading,
    least_us_content,
    needs_vessel,
    stacking,
)

__all__ = ["Fit", "fit", "programme_rows"]

_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fit:
    """`holds`: whether the goods may stand on the heading, `None` where not known; `reason`: why, in a
    clause.
    """

    holds: bool | None
    reason: str


def programme_rows(programme: Programme, origin: str, goods: Goods) -> tuple[Heading, ...]:
    """Return the rows in force of a programme, and those that lift it, that goods of the origin can
    stand on.
    """
    rows = ieepa_headings(origin, programme, goods.day)
    if programme is Programme.RECIPROCAL:
        rows += ieepa_headings(origin, Programme.OTHER, goods.day)
    return rows


def fit(row: Heading, origin: str, goods: Goods, column1: Decimal | None = None) -> Fit:
    """Return whether goods of the origin may stand on a row in force on their day.

    `column1` is the ordinary duty as per cent of the value, `None` where not known; only all-in rows use it.
    """
    if row.kind is HeadingKind.EXEMPTION:
        return _exempt(row, goods)
    rows = programme_rows(row.programme, origin, goods)
    for other in rows:
        if other.kind is HeadingKind.EXEMPTION and _exempt(other, goods).holds:
            return Fit(False, f"{other.number} takes them out: {_exempt(other, goods).reason}")
    action = goods.section_232
    law = stacking(action, row.programme, goods.day) if action is not None else None
    if law is not None and law.effect is Stacking.LIFTED:
        return Fit(False, f"goods subject to section 232 ({action}) do not owe it")
    return _dutiable(row, rows, goods, column1)


def _dutiable(row: Heading, rows: tuple[Heading, ...], goods: Goods, column1: Decimal | None) -> Fit:
    for ground, flag in (
        (Ground.TRANSHIPPED, goods.transhipped),
        (Ground.POTASH, goods.potash),
        (Ground.ENERGY, goods.energy),
    ):
        name = ground.value
        if row.ground is ground:
            return Fit(flag, _said(flag, name, f"goods {name}" if ground is Ground.TRANSHIPPED else name))
        special = next((other for other in rows if other.ground is ground), None)
        if flag and special is not None:
            return Fit(False, f"{special.number} stands in its place: {name}")
    by_origin = _by_origin(row, rows, goods)
    if row.kind is not HeadingKind.CAP or by_origin.holds is False:
        return by_origin
    pair = _all_in(row, column1)
    return pair if pair.holds is False or by_origin.holds else by_origin


def _all_in(row: Heading, column1: Decimal | None) -> Fit:
    if column1 is None:
        return Fit(None, "the column-1 rate is not known")
    # A heading has the pair of its total: below it the one that imposes, from it on the one that does not.
    below = column1 < (row.cap_total or 0)
    return Fit(below is row.is_all_in, f"column 1 is {column1:.4g} per cent of the value")


def _by_origin(row: Heading, rows: tuple[Heading, ...], goods: Goods) -> Fit:
    """A rate by origin, which goods in transit escape; the general rate is where those of listed countries
    go.
    """
    if not row.countries:
        own = [other for other in rows if other.countries and other.in_transit_on(goods.day)]
        own = [
            other
            for other in own
            if other.ground is Ground.COUNTRY and other.kind is not HeadingKind.EXEMPTION
        ]
        if own:
            return _in_transit(own[0], goods)
    if row.in_transit_on(goods.day) and row.countries:
        escape = _in_transit(row, goods)
        return Fit(None if escape.holds is None else not escape.holds, escape.reason)
    return Fit(True, "by origin")


def _in_transit(row: Heading, goods: Goods) -> Fit:
    """Whether goods meet the in-transit clause of a row on whose day it is open."""
    # Every row with an entry deadline has a loading one; the other is there for the type checker.
    cutoff = row.in_transit_loaded_before or row.effective_from
    loaded, mode = goods.loaded, goods.mode
    vessel = needs_vessel(row.number)
    if vessel and mode is not None and mode is not TransportMode.VESSEL:
        return Fit(False, f"they came by {mode}, not by vessel alone")
    if loaded is None:
        return Fit(None, "loading date and mode of transport are not known")
    doubt = doubtful_loading(row, loaded.day)
    if doubt is not None:
        return Fit(None, doubt)
    if not loaded.is_before(cutoff):
        return Fit(False, f"loaded {loaded}, not before 12:01 a.m. eastern on {cutoff.date()}")
    if vessel and mode is None:
        return Fit(None, "the mode of transport is not known")
    return Fit(True, f"loaded {loaded}, before 12:01 a.m. eastern on {cutoff.date()}")


def _said(flag: bool | None, keyword: str, what: str) -> str:
    if flag is None:
        return f"whether they are {what} is not known ({keyword})"
    return what if flag else f"they are not {what}"


def _exempt(row: Heading, goods: Goods) -> Fit:
    if row.ground is Ground.COUNTRY:
        return Fit(True, "by origin")
    if row.ground is Ground.IN_TRANSIT:
        return _in_transit(row, goods)
    if row.ground is Ground.USMCA:
        return Fit(goods.usmca, _said(goods.usmca, "usmca", "USMCA goods"))
    if row.ground is Ground.SECTION_232:
        return _under_section_232(row, goods)
    if row.ground is Ground.US_CONTENT:
        return _us_content(row, goods)
    listed = None if goods.exempt_under is None else row.number in goods.exempt_under
    return Fit(listed, _said(listed, "exempt_under", f"exempt under {row.number}"))


def _under_section_232(row: Heading, goods: Goods) -> Fit:
    action = goods.section_232
    if action is None:
        return Fit(None, "whether they owe section 232 duty is not known (section_232)")
    law = None if action is Section232.NONE else stacking(action, row.programme, goods.day)
    if law is None:
        return Fit(False, "they owe no section 232 duty")
    if law.effect is Stacking.LIFTED:
        return Fit(True, f"they owe section 232 duty ({action})")
    if law.effect is not Stacking.ON_REST:
        return Fit(None, f"what section 232 ({action}) does to it is {law.effect}")
    if goods.metal_content is None:
        return Fit(None, "their metal content is not known (metal_content)")
    if goods.metal_content == _FULL:
        return Fit(True, "it is metal content that pays section 232 duty")
    # A part of the value: that part belongs on a line of its own, so the line as a whole does not fit.
    return Fit(False, f"{goods.metal_content} per cent of the value is metal content")


def _us_content(row: Heading, goods: Goods) -> Fit:
    least, share = least_us_content(row.programme), goods.us_content
    if share is None or least is None:
        return Fit(None, "their US content is not known (us_content)")
    if share == _FULL:
        return Fit(True, "it is US content")
    return Fit(False, f"{share} per cent of the value is US content")
