"""The sources an answer rests on: its citations, and the version of every table of law."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator

from ieeparefund.law.citations import Citation, table_text
from ieeparefund.law.manifest import rules_version
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.report.model import Block, Column, Kind, Section, Table, Text, Value

__all__ = ["citation_rows", "citations_of", "citations_table", "sources_section", "versions_table"]


def citations_of(estimates: Iterable[RefundEstimate]) -> list[Citation]:
    """Return every citation of the estimates once, sorted by text."""
    found = {citation.text: citation for estimate in estimates for citation in _citations(estimate)}
    return [found[text] for text in sorted(found)]


def _citations(estimate: RefundEstimate) -> Iterator[Citation]:
    for finding in estimate.findings:
        yield finding.citation
    for window in estimate.windows.values():
        yield window.citation
    for remedy in estimate.remedies:
        yield remedy.citation
    for step in estimate.duty.steps:
        yield step.citation
    if estimate.schedule is not None:
        for period in estimate.schedule.periods:
            yield period.citation


def citation_rows(citations: Iterable[Citation]) -> list[tuple[str, str, str]]:
    """Return (citation, what it settles, standing) of each."""
    return [(one.text, one.title, one.standing.value) for one in citations]


def citations_table(rows: Iterable[tuple[Value, ...]]) -> Table:
    """Return the table of citations."""
    columns = (Column("Citation"), Column("What it settles"), Column("Standing"))
    return Table("Citations", columns, tuple(rows), sheet="Citations")


def versions_table() -> Table:
    """Return the tables of law with the day each was read and the start of its sha256."""
    rows = tomllib.loads(table_text("manifest.toml"))["table"]
    return Table(
        f"Tables of law, version {rules_version()}",
        (
            Column("Table", Kind.CODE),
            Column("Read on", Kind.DATE),
            Column("sha256", Kind.CODE),
            Column("Source"),
        ),
        tuple((row["file"], row["read_on"], row["sha256"][:16], row["source"]) for row in rows),
        sheet="Tables of law",
    )


def sources_section(estimates: Iterable[RefundEstimate]) -> Section:
    """Return the section of citations and table versions."""
    blocks: tuple[Block, ...] = (
        Text(
            (
                "Standing: published is a text of CBP, a court, a statute or regulation; inferred is a conclusion or "
                "reported practice, which may turn out otherwise.",
            )
        ),
        citations_table(citation_rows(citations_of(estimates))),
        versions_table(),
    )
    return Section("sources", "Sources", blocks)
