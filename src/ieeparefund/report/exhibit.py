"""The exhibit of one entry: facts, steps, schedule by quarter, deadlines, citations, and the seal.

It is laid out from the sealed record alone, so the record can be checked against what the document shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ieeparefund.law.eligibility import Outcome
from ieeparefund.money import as_dollars, exactly, format_dollars
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.report.exhibit_tables import (
    assumptions_table,
    findings_table,
    read_amount,
    schedule_blocks,
    source_blocks,
    window_blocks,
)
from ieeparefund.report.model import (
    Block,
    Column,
    Document,
    Facts,
    Kind,
    Section,
    Steps,
    Table,
    Text,
    Value,
)
from ieeparefund.report.record import exhibit_record
from ieeparefund.report.seal import seal_of
from ieeparefund.report.words import CAVEAT, OUTCOME_NAMES, money

__all__ = ["document_of", "exhibit"]

_FACT_NAMES = {
    "number": "entry number",
    "ad_cvd": "antidumping and countervailing state",
    "on_drawback_claim": "on a drawback claim",
    "in_ace": "in ACE",
    "cape_accepted_on": "accepted by CAPE on",
    "payee": "payee class of this entry",
    "already_refunded": "already refunded, US dollars",
    "other_adjustments": "other adjustments, US dollars",
}


@exactly
def exhibit(estimate: RefundEstimate, *, show_importers: bool = False) -> Document:
    """Return the exhibit of one estimate as a document for `render`. Importer numbers are masked by default."""
    return document_of(exhibit_record(estimate, show_importers=show_importers))


@exactly
def document_of(record: dict[str, Any]) -> Document:
    """Lay out a record. Raises `KeyError`, `TypeError` or `ValueError` for one that `exhibit_record` did not make."""
    found = record["estimate"]
    seal = seal_of(record)
    sections = (
        Section("answer", "Answer", tuple(_answer(record))),
        Section("facts", "Facts", tuple(_facts(record))),
        Section("steps", "Steps", tuple(_steps(record))),
        Section("schedule", "Interest by quarter", tuple(schedule_blocks(record))),
        Section("findings", "Rules that matched", (findings_table(found),)),
        Section("deadlines", "Deadlines and next steps", tuple(window_blocks(record))),
        Section("assumptions", "Assumed and missing", (assumptions_table(found),)),
        Section("sources", "Sources", tuple(source_blocks(record))),
        Section("seal", "Seal", (_seal(seal),)),
    )
    return Document(
        f"IEEPA refund of entry {found['entry_number']}",
        f"As of {record['as_of']} · payee class {record['payee']} · law tables {record['rules_version']} · "
        f"ieeparefund {record['package']}",
        CAVEAT,
        sections,
        seal,
        record,
    )


def _range(low: str, high: str) -> str:
    first, last = as_dollars(low), as_dollars(high)
    return money(first) if first == last else f"{money(first)} to {money(last)}"


def _answer(record: Mapping[str, Any]) -> Iterator[Block]:
    found = record["estimate"]
    items: list[tuple[str, Value, Kind]] = [
        ("Refund", as_dollars(found["refund"]), Kind.MONEY),
        ("of it duty", as_dollars(found["refundable_duty"]), Kind.MONEY),
        ("of it interest", as_dollars(found["interest"]), Kind.MONEY),
        ("CAPE's answer", OUTCOME_NAMES[Outcome(found["outcome"])], Kind.TEXT),
    ]
    yield Facts("Answer in US dollars", tuple(items), lead=True)
    sentences = []
    if found["outcome"] in (Outcome.REJECTED, Outcome.UNDETERMINED):
        sentences.append("CAPE does not pay this entry as it stands: the figures say what is at stake.")
    if found["interest_open_ended"] and record["schedule"]:
        sentences.append(
            "Interest runs on: no (re)liquidation is in sight, so it is counted to the day asked about."
        )
    if found["provisional"]:
        part = money(as_dollars(found["interest_projected"]))
        sentences.append(f"Provisional: {part} of the interest rests on projected rates.")
    if sentences:
        yield Text(tuple(sentences))


def _facts(record: Mapping[str, Any]) -> Iterator[Block]:
    facts = record["facts"]
    known: list[tuple[str, Value, Kind]] = []
    unknown = []
    for name, value in facts.items():
        words = str(_FACT_NAMES.get(name) or name.replace("_", " "))
        label = words[0].upper() + words[1:]
        if value is None:
            unknown.append(words)
        elif isinstance(value, bool):
            known.append((label, "yes" if value else "no", Kind.TEXT))
        else:
            known.append((label, value, Kind.TEXT))
    yield Facts("What is known of the entry", tuple(known))
    if unknown:
        yield Text((f"Not known: {', '.join(unknown)}.",))
    yield Table(
        "Lines as filed",
        (
            Column("Line", Kind.COUNT),
            Column("Origin"),
            Column("Tariff number", Kind.NUMBER),
            Column("Value", Kind.MONEY),
            Column("Duty", Kind.MONEY),
            Column("Column 1 rate"),
        ),
        tuple(
            (line, origin, number, read_amount(value), read_amount(duty), rate)
            for line, origin, number, value, duty, rate in record["lines"]
        ),
        sheet="Lines",
    )


def _steps(record: Mapping[str, Any]) -> Iterator[Block]:
    found = record["estimate"]
    steps = [
        f"{step['explanation']} {_range(step['low'], step['high'])} [{step['citation']}]"
        for step in record["duty_steps"]
    ]
    steps.append(
        f"Refundable duty: {_range(found['refundable_low'], found['refundable_high'])}; the low end counts."
    )
    if record["schedule"]:
        days = sum(period["days"] for period in record["schedule"])
        steps += [
            f"Interest runs from the deposit on {found['interest_from']}, that day not counted, to "
            f"{found['interest_to']}, that day counted: {days:,} days. It ends with {record['interest_end']}. "
            "[19 U.S.C. 1505(c)]",
            f"Compounded daily, the days multiply to the factor {record['factor']}. [26 U.S.C. 6622]",
            f"{format_dollars(as_dollars(found['refundable_duty']))} × {record['factor']}, rounded half up to the cent "
            f"once, is {money(as_dollars(found['interest']))}.",
        ]
        if found["interest_low"] != found["interest_high"]:
            span = _range(found["interest_low"], found["interest_high"])
            steps.append(f"Over the plausible deposit dates the interest is {span}.")
    else:
        steps.append("No interest runs.")
    steps.append(
        f"{money(as_dollars(found['refundable_duty']))} + {money(as_dollars(found['interest']))} = "
        f"{money(as_dollars(found['refund']))}."
    )
    yield Steps("From the duty paid to the refund", tuple(steps))
    yield Table(
        "Duty paid by programme",
        (Column("Programme", Kind.CODE), Column("Duty paid", Kind.MONEY)),
        tuple((name, as_dollars(amount)) for name, amount in found["by_programme"].items()),
        empty="No IEEPA duty was paid.",
    )


def _seal(seal: str) -> Text:
    return Text(
        (
            f"sha256 {seal}",
            "The seal is taken over the record at the end of this document, in canonical JSON. `ieeparefund report "
            "verify FILE` checks the record against the seal and every word above against the record. The same facts, "
            "day and tables of law give the same seal.",
            "It is no signature: note the seal apart from the document, and compare.",
        )
    )
