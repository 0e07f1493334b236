"""Which column holds which field: headings, their aliases, and the row they stand in.

Headings are compared whole after normalising, never by a part of them: by parts "Entry Date" and "Entry
Summary Date", or the goods value of a line and of a tariff number, are confused. The aliases, each with the
report it was seen in, its source and its confidence, are data in `tables/ace_headers.csv`. No genuine ACE
export is public, so all of them are secondary or inferred. Headings that other tools use for several things
(`Duty`, `Total Duty`, `Date`) are left out on purpose: name them with a column map.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.law.once import once

__all__ = [
    "FIELDS",
    "HEADER_ROWS",
    "REQUIRED",
    "Layout",
    "find_layout",
    "normalise_heading",
    "require",
    "usual_heading",
]

HEADER_ROWS = 25
"""How many rows at the top of a sheet are searched for the headings."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "entry_number": "entry number with filer code",
        "entry_type": "CBP entry type, two digits",
        "entry_date": "date of entry",
        "line_number": "number of the entry summary line",
        "hts": "full HTS number of the row",
        "tariff_duty": "duty under this HTS number, dollars",
        "tariff_value": "customs value under this HTS number, dollars",
        "tariff_ordinal": "place of the HTS number on its line",
        "line_duty": "duty of the whole line, dollars; used only on a line with one HTS number",
        "origin_country": "country of origin, two letters",
        "spi": "special program indicator of the line",
        "primary_duty_rate": "column 1 rate: free, or per cent",
        "importer_number": "importer of record number",
        "entry_summary_date": "date of the entry summary",
        "liquidation_date": "date of liquidation, past or scheduled",
        "liquidation_status": "liquidated, unliquidated, pending, extended, suspended, under review",
        "protest_number": "number of a protest",
        "protest_status": "open, suspended, approved, denied, withdrawn; blank where there is none",
        "recon_indicator": "flagged for reconciliation, Y or N",
        "psc_indicator": "post summary correction filed, Y or N",
        # No heading of ACE is known for the fields below: they are read through a column map only.
        "deposit_date": "day the estimated duties were deposited",
        "reliquidation_date": "date of reliquidation",
        "reconciliation_due": "last day to file the reconciliation entry",
        "cape_accepted_on": "day CBP accepted the CAPE declaration",
        "statement_paid": "statement paid, Y or N",
        "reconciliation_filed": "reconciliation entry filed, Y or N",
        "on_drawback_claim": "named on a drawback claim, Y or N",
        "paid_by_surety": "duties paid by the surety, Y or N",
        "in_ace": "entry summary filed in ACE, Y or N",
        "ad_cvd": "none, suspended, liquidation_pending",
        "summary_status": "accepted, rejected, cancelled, trade_control",
        "notify_party": "number of the Form 4811 party",
    }
)
"""The fields that are read, by the name a column map uses, and what their cells hold."""

REQUIRED = ("entry_number", "entry_type", "entry_date", "line_number", "hts")
"""Fields without which no entry can be made; a duty column is needed besides."""

_DROPPED = str.maketrans("", "", "-_().#\ufeff\u200b\u200c\u200d\u2060")
_ES003 = ("ES-003", "ES-003 (user-added columns)", "ES-003 (extended variant)")
_SHOWN = 40
_LEAST_HEADINGS = 2


def normalise_heading(heading: object) -> str:
    """Return a heading as it is compared: case folded, without blanks, `-_().#`, BOM and zero-width marks.

    >>> normalise_heading("\\ufeffHTS Number - Full"), normalise_heading("HTS_NUMBER\\xa0FULL ")
    ('htsnumberfull', 'htsnumberfull')
    """
    return "".join(str(heading).translate(_DROPPED).casefold().split())


@once
def _table() -> tuple[dict[str, str], ...]:
    text = files("ieeparefund.ace").joinpath("tables/ace_headers.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@once
def _aliases() -> dict[str, tuple[int, str]]:
    """Return, by normalised heading, its rank (0 for an ES-003 spelling, 1 for others) and its field."""
    return {
        normalise_heading(row["header_spelling"]): (int(row["report"] not in _ES003), row["canonical_field"])
        for row in _table()
    }


def usual_heading(name: str) -> str:
    """Return the heading under which ACE writes a field, or the field's name where none is known."""
    return next((row["header_spelling"] for row in _table() if row["canonical_field"] == name), name)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields stand in a sheet.

    `row` is the header row (1 is the first row of the sheet); `columns` gives the place of each field from 0;
    `rivals` the further places of a field that has several headings, in order of preference; `ignored` the
    headings of no known field. `known` counts the recognised headings.
    """

    row: int
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    rivals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    known: int = 0

    def heading(self, name: str) -> str:
        """Return the heading of a field as the file spells it."""
        return self.headings[self.columns[name]]


def _mapped(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the user's map as field by normalised heading. Raises `InputError` for an unknown field."""
    for name in columns:
        if name not in FIELDS:
            raise InputError(
                f"columns names the field {name!r}, which does not exist.",
                remedy=f"Use some of {', '.join(FIELDS)}.",
                value=name,
            )
    wanted = {normalise_heading(heading): name for name, heading in columns.items()}
    if len(wanted) != len(columns):
        raise InputError(
            "columns gives one heading to two fields.", remedy="Name a heading of its own for each field."
        )
    return wanted


def find_layout(rows: Sequence[Sequence[object]], columns: Mapping[str, str] | None = None) -> Layout | None:
    """Return the layout by the row with most known headings among the first 25; the first of equals.

    `columns` maps fields to headings and goes before the aliases. `None` where no row holds two known
    headings. Raises `InputError` for a map with an unknown field or with one heading twice.
    """
    wanted = _mapped(columns or {})
    best: Layout | None = None
    for number, cells in enumerate(rows[:HEADER_ROWS], start=1):
        layout = _layout(number, cells, wanted)
        if layout.known >= _LEAST_HEADINGS and (best is None or layout.known > best.known):
            best = layout
    return best


def _layout(number: int, cells: Sequence[object], wanted: Mapping[str, str]) -> Layout:
    aliases = _aliases()
    headings = tuple(" ".join(str(cell).strip("\ufeff").split()) for cell in cells)
    places: dict[str, list[tuple[int, int]]] = {}
    ignored: list[str] = []
    for place, heading in enumerate(headings):
        key = normalise_heading(heading)
        if key in wanted:
            places.setdefault(wanted[key], []).append((-1, place))
        elif key in aliases:
            rank, name = aliases[key]
            # A field the user mapped is read from there alone.
            if name not in wanted.values():
                places.setdefault(name, []).append((rank, place))
        elif heading:
            ignored.append(heading)
    ordered = {name: [place for _, place in sorted(found)] for name, found in places.items()}
    return Layout(
        number,
        headings,
        {name: found[0] for name, found in ordered.items()},
        {name: tuple(found[1:]) for name, found in ordered.items() if len(found) > 1 and name in FIELDS},
        tuple(ignored),
        sum(map(len, ordered.values())),
    )


def require(layout: Layout | None, columns: Mapping[str, str] | None, file: str, sheet: str | None) -> Layout:
    """Return the layout if entries can be made from it. Raises `FileFormatError` naming what is missing."""
    if layout is None:
        raise FileFormatError(
            f"none of the first {HEADER_ROWS} rows holds the headings of an ES-003 report.",
            remedy="Export ES-003 (Entry Summary Line Tariff Details) with its headings, or pass columns.",
            file=file,
            sheet=sheet,
        )
    lost = [
        f"{heading!r} for {name}" for name, heading in (columns or {}).items() if name not in layout.columns
    ]
    lost += [
        f"{usual_heading(name)!r}" for name in REQUIRED if name not in {*layout.columns, *(columns or ())}
    ]
    if not {"tariff_duty", "line_duty"} & {*layout.columns, *(columns or ())}:
        lost.append(f"{usual_heading('tariff_duty')!r}")
    if lost:
        shown = [heading for heading in layout.headings if heading]
        more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
        raise FileFormatError(
            f"no column {' or '.join(lost)}. Found: {', '.join(shown[:_SHOWN])}{more}.",
            remedy="Add the column to the report in ACE, or name yours with columns, "
            'such as {"tariff_duty": "Duty"}.',
            file=file,
            sheet=sheet,
            row=layout.row,
        )
    return layout
