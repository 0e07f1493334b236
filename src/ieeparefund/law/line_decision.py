"""Which heading of a programme goods should stand on, and what it bears: by the facts, else as the line says.

A heading on the line is taken at its word unless a fact speaks against it. Without any heading of the
programme on the line nothing is claimed, and a duty is expected only where no exemption can apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.entries.entry import TariffLine
from ieeparefund.law.filed_line import FiledLine
from ieeparefund.law.goods import Goods
from ieeparefund.law.grounds import Fit, fit, programme_rows
from ieeparefund.law.heading_amount import Amount, heading_on, row_amount
from ieeparefund.law.headings import Ground, Heading, HeadingKind, Programme
from ieeparefund.money import ZERO

__all__ = ["Decision", "decide"]

# Grounds that a line must claim by its heading, or a fact state: nobody is taken to meet them unasked.
_CLAIMED = (Ground.TRANSHIPPED, Ground.POTASH, Ground.ENERGY)


@dataclass(frozen=True, slots=True)
class Decision:
    """The row that decides (`None`: none does) and its amount; `against` says why headings on the line do not
    fit, `assumed` what was taken as the line says.
    """

    row: Heading | None
    amount: Amount
    against: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


def decide(programme: Programme, line: FiledLine, goods: Goods, origin: str) -> Decision:
    """Return the heading of a programme that the goods of a line should stand on, with its duty."""
    filed = line.filed(programme)
    found: dict[str, tuple[Heading, Fit]] = {}
    against = []
    for row in filed:
        heading = heading_on(row.number, origin, goods)
        if heading is None:
            against.append(f"{row.number} is not in force for goods of {origin} on {goods.day}")
            continue
        stands = fit(heading, origin, goods, line.column1_percent)
        if stands.holds is False:
            against.append(f"{row.number} is not for them: {stands.reason}")
        elif heading.kind is not HeadingKind.DUTY or heading.rate:
            found[row.number] = (heading, stands)
    if found:
        return _as_claimed(list(found.values()), filed, line, goods, tuple(dict.fromkeys(against)))
    return _by_facts(programme, bool(filed), line, goods, origin, tuple(dict.fromkeys(against)))


def _as_claimed(
    found: list[tuple[Heading, Fit]],
    filed: tuple[TariffLine, ...],
    line: FiledLine,
    goods: Goods,
    against: tuple[str, ...],
) -> Decision:
    paying = {row.number for row in filed if row.duty}
    exempt = [claim for claim in found if claim[0].kind is HeadingKind.EXEMPTION]
    dutiable = [claim for claim in found if claim[0].kind is not HeadingKind.EXEMPTION]
    certain = [claim for claim in exempt if claim[1].holds]
    if certain:
        return _decision(certain[0], line, goods, against)
    if exempt and any(row.number in paying for row, _ in dutiable):
        reason = f"{exempt[0][0].number}, which exempts, and {dutiable[0][0].number} stand on one line"
        return Decision(None, Amount(None, None, None, reason), against)
    if exempt:
        return _decision(exempt[0], line, goods, against)
    # Goods found to be transhipped pay in lieu; else the row that surely fits, was paid, names the origin.
    dutiable.sort(
        key=lambda claim: (
            claim[0].ground is not Ground.TRANSHIPPED,
            not claim[1].holds,
            claim[0].number not in paying,
            not claim[0].countries,
        )
    )
    return _decision(dutiable[0], line, goods, against)


def _decision(
    claim: tuple[Heading, Fit], line: FiledLine, goods: Goods, against: tuple[str, ...]
) -> Decision:
    row, stands = claim
    assumed = (f"taken as {row.number} says: {stands.reason}",) if stands.holds is None else ()
    return Decision(row, _amount(row, line, goods), against, assumed)


def _amount(row: Heading, line: FiledLine, goods: Goods) -> Amount:
    if line.value is not None:
        return row_amount(row, line.value, goods, line.ordinary_duty)
    # A row that bears nothing on one dollar bears nothing on any value.
    trial = row_amount(row, Decimal(1), goods)
    if _bears_nothing(trial):
        return Amount(trial.rate, None, ZERO, trial.reason)
    return Amount(trial.rate, None, None, "the customs value of the chapter 1-97 number is not known")


def _bears_nothing(amount: Amount) -> bool:
    return amount.duty is not None and not amount.duty


def _by_facts(
    programme: Programme, claimed: bool, line: FiledLine, goods: Goods, origin: str, against: tuple[str, ...]
) -> Decision:
    rows = programme_rows(programme, origin, goods)
    found = [(row, fit(row, origin, goods, line.column1_percent)) for row in rows]
    exempt = [claim for claim in found if claim[0].kind is HeadingKind.EXEMPTION]
    for claim in exempt:
        if claim[1].holds:
            return _decision(claim, line, goods, against)
    dutiable = [
        claim
        for claim in found
        if claim[0].kind is not HeadingKind.EXEMPTION
        and claim[1].holds is not False
        and (claim[0].kind is HeadingKind.CAP or claim[0].rate)
        and not (claim[0].ground in _CLAIMED and claim[1].holds is None)
    ]
    # The all-in pair goes before a flat rate that ended retroactively, a special rate before the general one.
    dutiable.sort(
        key=lambda claim: (
            claim[0].ground not in _CLAIMED,
            not claim[0].countries,
            claim[0].reported_until is not None,
        )
    )
    if not dutiable:
        amount = Amount(ZERO, line.value, ZERO, f"no {programme} duty is owed on {goods.day}")
        return Decision(None, amount, against)
    row, stands = dutiable[0]
    amount = _amount(row, line, goods)
    if all(_bears_nothing(_amount(other, line, goods)) for other, _ in dutiable):
        return Decision(row, amount, against)
    if stands.holds is None:
        return Decision(None, Amount(None, None, None, stands.reason), against)
    open_exemption = next((claim for claim in exempt if claim[1].holds is None), None)
    if not claimed and open_exemption is not None:
        owed = "an amount not known" if amount.duty is None else f"{amount.duty}"
        reason = (
            f"no heading of it stands on the line: {owed} under {row.number} ({amount.reason}) unless the"
            f" goods are exempt ({open_exemption[0].number}: {open_exemption[1].reason})"
        )
        return Decision(None, Amount(None, None, None, reason), against)
    return Decision(row, amount, against)
