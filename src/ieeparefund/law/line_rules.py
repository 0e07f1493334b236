"""Findings on a line as a whole before it is declared: value, headings together, a heading missing, duty
merged.

The words stand in `tables/line_checks.toml`, the findings on one heading in `row_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ieeparefund.entries.hts import is_chapter_99
from ieeparefund.law.authorities import is_ieepa_number
from ieeparefund.law.check_results import CauseKind
from ieeparefund.law.filed_line import is_ordinary
from ieeparefund.law.finding_words import programme_name
from ieeparefund.law.grounds import programme_rows
from ieeparefund.law.headings import (
    Ground,
    Heading,
    HeadingKind,
    Programme,
    country_headings,
    heading_rows,
)
from ieeparefund.law.row_rules import Case, Hit, row_hits
from ieeparefund.law.stacking import Stacking, stacking
from ieeparefund.money import CENT, ZERO, format_dollars

__all__ = ["line_hits"]


def line_hits(case: Case) -> list[Hit]:
    """Return what matches a line: row by row, then the line as a whole."""
    found: list[Hit] = []
    for row in case.filed.line.tariffs:
        if is_ieepa_number(row.number) or heading_rows(row.number):
            found += row_hits(case, row)
        if row.value and is_chapter_99(row.number):
            rule = "value_on_ieepa_row" if is_ieepa_number(row.number) else "value_on_chapter_99_row"
            found.append(Hit(rule, (row.number,), row.duty, format_dollars(row.value)))
    found += _value_off(case)
    for programme in case.filed.programmes:
        found += _together(case, programme)
    found += _missing(case)
    found += _merged(case)
    explained = {programme for hit in found for programme in hit.programmes}
    return [*found, *_differs(case, explained)]


def _value_off(case: Case) -> Iterator[Hit]:
    """A value on a chapter 99 number and none on the chapter 1-97 number; chapter 98 has rules of its own."""
    rows = case.filed.line.tariffs
    ordinary = [row for row in rows if is_ordinary(row.number)]
    stray = [row for row in rows if row.value and is_chapter_99(row.number)]
    empty = ordinary and all(row.value is not None and not row.value for row in ordinary)
    if stray and empty and case.filed.goods.chapter_98 is None:
        yield Hit("value_off_ordinary_row", (stray[0].number,), None, format_dollars(stray[0].value or ZERO))


def _together(case: Case, programme: Programme) -> Iterator[Hit]:
    rows = case.filed.filed(programme)
    exempt = [row.number for row in rows if heading_rows(row.number)[0].kind is HeadingKind.EXEMPTION]
    paying = [row for row in rows if row.duty and row.number not in exempt]
    numbers = tuple(dict.fromkeys(row.number for row in paying))
    amount = sum((row.duty or ZERO for row in paying), ZERO)
    if len(numbers) > 1:
        grounds = {heading_rows(number)[0].ground for number in numbers}
        rule = "two_headings_of_one_programme"
        if Ground.TRANSHIPPED in grounds:
            rule = "in_lieu_heading_added"
        elif programme is Programme.CHINA_FENTANYL:
            rule = "both_fentanyl_steps"
        yield Hit(rule, numbers, amount, programme_name(programme), (programme.value,))
    if exempt and numbers:
        yield Hit("exemption_beside_duty", numbers, amount, ", ".join(exempt), (programme.value,))


def _missing(case: Case) -> Iterator[Hit]:
    """From the first day of a programme every line of its origin needs one of its headings."""
    origin, goods = case.filed.origin, case.filed.goods
    if origin is None or not case.day_known or not case.headings_needed:
        return
    needed: dict[Programme, list[Heading]] = {}
    for row in country_headings(origin, case.day):
        if row.programme not in case.filed.programmes and (row.kind is not HeadingKind.DUTY or row.rate):
            needed.setdefault(row.programme, []).append(row)
    for programme, rows in needed.items():
        law = None if goods.section_232 is None else stacking(goods.section_232, programme, case.day)
        lifts = any(known.ground is Ground.SECTION_232 for known in programme_rows(programme, origin, goods))
        # No heading takes section 232 goods out of the Canada and Mexico duty, so none can be missing.
        if law is None or law.effect is Stacking.CUMULATIVE or lifts:
            yield Hit(
                "missing_heading",
                tuple(row.number for row in rows),
                None,
                programme_name(programme),
                (programme.value,),
                citation=rows[0].citation_ids[0],
            )


def _merged(case: Case) -> Iterator[Hit]:
    """Duty that stands on the row of another programme, or on the chapter 1-97 number."""
    filed = case.filed
    for check in case.check.differences:
        cause = check.causes[0] if check.causes else None
        if cause is not None and cause.kind is CauseKind.MERGED:
            idle = [other.programme for other in case.check.differences if not other.paid]
            yield Hit(
                "merged_headings", check.filed, check.paid, cause.explanation[:-1], (check.programme, *idle)
            )
    idle_rows = [
        row
        for row in filed.line.tariffs
        if row.duty is not None
        and not row.duty
        and heading_rows(row.number)
        and heading_rows(row.number)[0].kind is not HeadingKind.EXEMPTION
    ]
    unpaid = [
        check
        for check in case.check.differences
        if not check.paid and any(row.number in check.filed for row in idle_rows)
    ]
    if not unpaid or filed.ordinary_duty is None or filed.column1_duty is None:
        return
    extra = filed.ordinary_duty - filed.column1_duty
    if extra > CENT:
        owed = sum((check.expected or ZERO for check in unpaid), ZERO)
        said = f"{format_dollars(filed.ordinary_duty)} against {format_dollars(filed.column1_duty)}"
        if abs(extra - owed) <= CENT * len(unpaid):
            said += f", which is more by just the IEEPA duty of {format_dollars(owed)}"
        numbers = tuple(row.number for row in idle_rows)
        yield Hit("merged_duty", numbers, ZERO, said, tuple(check.programme for check in unpaid))


def _differs(case: Case, explained: set[str]) -> Iterator[Hit]:
    """What the check of the line found, where no rule above has said why."""
    if not case.day_known:
        return
    for check in case.check.differences:
        if check.filed and check.programme not in explained:
            cause = f" {check.causes[0].explanation}" if check.causes else ""
            expected = format_dollars(check.expected or ZERO)
            yield Hit(
                "duty_differs",
                check.filed,
                check.paid,
                f"{expected}: {check.reason}.{cause}",
            )
