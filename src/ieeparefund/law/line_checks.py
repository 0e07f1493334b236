"""Check a line: every IEEPA duty its goods should bear, from the dated table, against what was paid.

A check never changes a refund, whose base is what was paid (`ieepa_duty`). It tells a wrong filing, a wrong
fact or a wrong table before CBP does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Unpack

from ieeparefund.entries.entry import EntryLine
from ieeparefund.law.check_results import Cause, CauseKind, LineCheck, ProgrammeCheck, Verdict
from ieeparefund.law.citations import cite
from ieeparefund.law.duty_causes import find_causes
from ieeparefund.law.expected_duty import minute_variants
from ieeparefund.law.filed_line import FiledLine, paid_on, read_line
from ieeparefund.law.goods import Goods, GoodsFacts
from ieeparefund.law.heading_amount import Amount
from ieeparefund.law.headings import Programme, country_headings
from ieeparefund.law.line_decision import Decision, decide
from ieeparefund.money import CENT, ZERO, exactly, format_dollars

__all__ = ["Cause", "CauseKind", "LineCheck", "ProgrammeCheck", "Verdict", "check_filed", "check_line"]

_UNASSIGNED = "unassigned"


@exactly
def check_line(line: EntryLine, entry_date: dt.date | dt.datetime, **goods: Unpack[GoodsFacts]) -> LineCheck:
    """Recompute every IEEPA duty that applies to a line and compare it with what was paid.

    The facts not given are told from the line where it tells them: its headings (which claim an exemption,
    goods in transit, potash ...), SPI, chapter 98 number, section 232 duty, `column1_rate` or else the rate
    of the schedule. A claim that no fact gainsays is taken on trust and listed in `assumed`. Where a fact
    that decides is not known the programme is not checked, with the reason.

    A programme agrees within 0.01 for each of its rows that carries duty: how half a cent is rounded is not
    published, and half up is used here. Values count in whole dollars. `entry_date` and errors are as of
    `expected_duty`.
    Source: HTSUS chapter 99 subchapter III U.S. note 2; E.O. 14289; 19 CFR 141.68, 159.3(a).

    >>> import datetime as dt
    >>> from ieeparefund.entries.entry import TariffLine
    >>> rows = [
    ...     TariffLine("9903.01.24", 0, "2000.00"),
    ...     TariffLine("9903.01.25", 0, "1000.00"),
    ...     TariffLine("8479.89.95.00", 10000, "0.00"),
    ... ]
    >>> check = check_line(EntryLine(1, "CN", rows), dt.date(2025, 11, 12))
    >>> check.agrees, check.paid, check.expected
    (False, Decimal('3000.00'), Decimal('2000.00'))
    >>> print(check.differences[0].causes[0].explanation)
    It is the rate of 9903.01.24 to 2025-11-09, while 2025-11-12 decides: 20 per cent of 10000 is 2000.00.
    """
    return check_filed(read_line(line, entry_date, **goods))


def check_filed(filed: FiledLine) -> LineCheck:
    """Check a line that was read with its facts (see `check_line`)."""
    checks = _merged(_checks(filed, filed.goods), filed)
    notes = []
    for words, variant in minute_variants(filed.goods):
        notes += _changes(words, checks, _checks(filed, variant))
    assumed = [text for check in checks for text in check.assumed]
    if filed.goods.privileged_status_on is not None:
        assumed.append(
            f"the rate is that of {filed.goods.privileged_status_on}, the election of privileged foreign"
            f" status ({cite('19-cfr-146-65')}; not confirmed by CBP for IEEPA duty)"
        )
    return LineCheck(
        line_number=filed.line.line_number,
        country=filed.origin,
        day=filed.goods.day,
        value=filed.value,
        programmes=checks,
        assumed=tuple(dict.fromkeys(assumed)),
        clock_time=tuple(notes),
    )


def _checks(line: FiledLine, goods: Goods) -> tuple[ProgrammeCheck, ...]:
    found = []
    origin = line.origin or ""
    blank = Decision(None, Amount(None, None, None, "the country of origin is blank"))
    owed = [row.programme for row in country_headings(origin, goods.day)] if origin else []
    for programme in dict.fromkeys([*line.programmes, *owed]):
        decision = decide(programme, line, goods, origin) if origin else blank
        found.append(_check(programme, line, goods, origin, decision))
    if line.filed(None):
        nothing = Decision(None, Amount(ZERO, line.value, ZERO, "the numbers never had a rate line"))
        found.append(_check(None, line, goods, origin, nothing))
    return tuple(found)


def _check(
    programme: Programme | None, line: FiledLine, goods: Goods, origin: str, decision: Decision
) -> ProgrammeCheck:
    rows = line.filed(programme)
    paid, amount = paid_on(rows), decision.amount
    tolerance = CENT * max(1, sum(bool(row.duty) for row in rows))
    causes: tuple[Cause, ...] = ()
    if paid is None or amount.duty is None:
        verdict = Verdict.NOT_CHECKED
    elif abs(paid - amount.duty) <= tolerance:
        verdict = Verdict.AGREES
    else:
        verdict = Verdict.DIFFERS
        causes = find_causes(
            programme or Programme.RECIPROCAL, line, goods, origin, decision, paid, tolerance
        )
    blank = "" if paid is not None else "; the duty of a row is blank"
    return ProgrammeCheck(
        programme=_UNASSIGNED if programme is None else programme.value,
        filed=tuple(dict.fromkeys(row.number for row in rows)),
        heading=decision.row,
        rate=amount.rate,
        base=amount.base,
        expected=amount.duty,
        paid=paid,
        tolerance=tolerance,
        verdict=verdict,
        reason=amount.reason + blank,
        against=decision.against,
        assumed=decision.assumed,
        causes=causes,
    )


def _merged(checks: tuple[ProgrammeCheck, ...], line: FiledLine) -> tuple[ProgrammeCheck, ...]:
    """Find duty that stands on the row of another programme, or on the chapter 1-97 row."""
    found = list(checks)
    idle = [check for check in checks if check.verdict is Verdict.DIFFERS and not check.paid]
    for check in idle:
        place = checks.index(check)
        for other, carrier in enumerate(checks):
            if carrier.paid and carrier.expected is not None and check.expected is not None:
                both = carrier.expected + check.expected
                if abs(carrier.paid - both) <= carrier.tolerance:
                    text = f"It is the duty of {check.programme}, {check.expected}, on top of its own."
                    merged = Cause(CauseKind.MERGED, text, both, numbers=carrier.filed)
                    found[other] = replace(carrier, causes=(merged, *carrier.causes))
                    found[place] = _says(check, f"Its duty stands on {', '.join(carrier.filed)}.")
    if line.ordinary_duty is None or line.column1_duty is None:
        return tuple(found)
    extra = line.ordinary_duty - line.column1_duty
    if abs(extra - sum(check.expected or ZERO for check in idle)) <= CENT * len(idle):
        for check in idle:
            text = (
                f"Its duty stands on the chapter 1-97 row, which carries {extra} more than column 1 asks for."
            )
            found[checks.index(check)] = _says(check, text)
    return tuple(found)


def _says(check: ProgrammeCheck, text: str) -> ProgrammeCheck:
    nothing = Cause(CauseKind.NOTHING_PAID, f"Nothing was paid. {text}", ZERO)
    return replace(check, causes=(nothing,))


def _changes(words: str, checks: tuple[ProgrammeCheck, ...], others: tuple[ProgrammeCheck, ...]) -> list[str]:
    """Say which programmes would expect another duty."""
    now = {check.programme: check for check in checks}
    then = {check.programme: check for check in others}
    notes = []
    for programme in dict.fromkeys([*now, *then]):
        before, after = now.get(programme), then.get(programme)
        duty = before.expected if before else ZERO
        other = after.expected if after else ZERO
        doubt = after.assumed if after and before and not before.assumed else ()
        if duty != other or doubt:
            shown = "not known" if other is None else format_dollars(other)
            why = "; ".join((after.reason, *doubt)) if after else "not yet or no longer in force"
            notes.append(f"{words}: {programme} {shown}, {why}.")
    return notes
