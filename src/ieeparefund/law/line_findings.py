"""Findings on lines and entries before they are declared in CAPE: what is wrong with the filing, and until
when it can be mended.

A finding never changes a refund. Rules that `ieepa_duty` knows too bear the same name here, with more facts
behind them; `merge_findings` puts the two together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Unpack

from ieeparefund.entries.codes import EntryType
from ieeparefund.entries.entry import Entry, EntryLine
from ieeparefund.errors import FieldError
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.eastern import read_moment
from ieeparefund.law.filed_line import paid_on, read_line
from ieeparefund.law.finding_words import (
    Declaration,
    carries_headings,
    from_warehouse,
    from_zone,
    put_into_words,
)
from ieeparefund.law.findings import Finding
from ieeparefund.law.goods import GoodsFacts
from ieeparefund.law.line_checks import check_filed
from ieeparefund.law.line_rules import line_hits
from ieeparefund.law.rate_bands import require_date
from ieeparefund.law.row_rules import Case
from ieeparefund.money import ZERO, exactly

__all__ = ["entry_findings", "line_findings", "merge_findings"]


@exactly
def line_findings(
    line: EntryLine,
    entry_date: dt.date | dt.datetime,
    *,
    as_of: dt.date,
    entry_type: EntryType | str | None = None,
    liquidation_date: dt.date | None = None,
    **goods: Unpack[GoodsFacts],
) -> tuple[Finding, ...]:
    """Return what a filer should look at in a line before declaring it in CAPE on `as_of`.

    Headings out of their dates, of another country or for other goods; duty on exemption and suspended
    headings, on two alternatives at once, merged, or other than the table gives; values on chapter 99 rows; a
    heading missing; deal headings and what a correction may have paid back. `effect` is `reject` where CAPE
    tests for the fault on `as_of`, with ACE's words in `ace_text`; `remedy` names the last day of a
    correction, for which `liquidation_date` (actual or scheduled) counts where known.

    `entry_type` matters for goods from a zone or a warehouse, whose rate may be that of another day: without
    `privileged_status_on` or `withdrawn_on` their dates are not held against them. Other keywords are those
    of `GoodsFacts`. A fact that is not known gives no finding.

    Raises `FieldError` for a day that is not a date or an unknown entry type, and as `read_goods` does.

    >>> import datetime as dt
    >>> from ieeparefund.entries.entry import TariffLine
    >>> rows = [TariffLine("9903.01.20", 0, "1000.00"), TariffLine("9903.01.24", 0, "2000.00")]
    >>> line = EntryLine(1, "CN", [*rows, TariffLine("8479.89.95.00", 10000, 0)])
    >>> found = line_findings(line, dt.date(2025, 3, 10), as_of=dt.date(2026, 7, 1))
    >>> [(finding.rule, str(finding.effect), finding.ace_text) for finding in found]
    [('heading_not_in_force', 'reject', 'INVALID HTS'), ('both_fentanyl_steps', 'warn', None)]
    """
    declaration = _declaration(as_of, liquidation_date, None)
    return _line_findings(line, entry_date, _entry_type(entry_type), declaration, goods)


@exactly
def entry_findings(
    entry: Entry, *, as_of: dt.date, goods: Mapping[int, GoodsFacts] | None = None
) -> tuple[Finding, ...]:
    """Return the findings of every line of an entry, as `line_findings` does, in the order of its lines.

    `goods` gives facts by line number. The entry adds its type, its liquidation date and whether it bears any
    IEEPA duty, without which CAPE refuses it. Raises `FieldError` for a line number that the entry has not.
    """
    facts = dict(goods or {})
    unknown = sorted(set(facts) - {line.line_number for line in entry.lines})
    if unknown:
        raise FieldError(
            f"goods speaks of line {unknown[0]}, which the entry has not.",
            remedy="Give facts by line number.",
            column="goods",
            value=str(unknown[0]),
        )
    declaration = _declaration(as_of, entry.liquidation_date, _bears_duty(entry))
    found: list[Finding] = []
    for line in entry.lines:
        known = facts.get(line.line_number, {})
        found += _line_findings(line, entry.entry_date, entry.entry_type, declaration, known)
    return tuple(found)


def merge_findings(detailed: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `detailed`, then those of `others` whose rule `detailed` has not on the same line.

    For the findings of this module with those of `ieepa_duty`, so that none is told twice.
    """
    first = tuple(detailed)
    told = {(finding.rule, finding.line_number) for finding in first}
    return first + tuple(finding for finding in others if (finding.rule, finding.line_number) not in told)


def _declaration(as_of: dt.date, liquidation_date: dt.date | None, bears_duty: bool | None) -> Declaration:
    require_date(as_of, "as_of")
    if liquidation_date is not None:
        require_date(liquidation_date, "liquidation_date")
    return Declaration(as_of, liquidation_date, bears_duty)


def _entry_type(value: EntryType | str | None) -> EntryType | None:
    try:
        return None if value is None else EntryType(value)
    except ValueError:
        raise FieldError(
            f"entry_type is {value!r}.",
            remedy="Pass the two digits of a CBP entry type, such as 01, as text.",
            column="entry_type",
            value=str(value),
        ) from None


def _bears_duty(entry: Entry) -> bool | None:
    """Whether the entry bears IEEPA duty, `None` where a blank row leaves it open."""
    paid = [
        paid_on(tuple(row for row in line.tariffs if is_ieepa_number(row.number))) for line in entry.lines
    ]
    if any(amount is not None and amount > ZERO for amount in paid):
        return True
    return None if None in paid else False


def _line_findings(
    line: EntryLine,
    entry_date: dt.date | dt.datetime,
    entry_type: EntryType | None,
    declaration: Declaration,
    goods: GoodsFacts,
) -> tuple[Finding, ...]:
    filed = read_line(line, entry_date, **goods)
    zone, warehouse = from_zone(entry_type), from_warehouse(entry_type)
    given = filed.goods.privileged_status_on is not None or filed.goods.withdrawn_on is not None
    case = Case(
        filed=filed,
        check=check_filed(filed),
        entry_date=read_moment(entry_date, "entry_date").day,
        day_known=given or not (zone or warehouse),
        zone=zone,
        headings_needed=carries_headings(entry_type),
    )
    return tuple(put_into_words(hit, case, declaration) for hit in line_hits(case))
