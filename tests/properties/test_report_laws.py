"""Laws of statements and exhibits."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("jinja2", reason="the report extra is not installed")
pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
pytest.importorskip("python_calamine", reason="the excel extra is not installed")

from tests.books import DAY
from tests.strategies import entries

from ieeparefund.entries.entry import Entry
from ieeparefund.refunds.estimate import estimate_refund
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.report.cells import neutral, starts_formula
from ieeparefund.report.exhibit import exhibit
from ieeparefund.report.model import Column, Document, Kind, Section, Table
from ieeparefund.report.render import Form, render
from ieeparefund.report.seal import canonical_json, envelope_lines, read_envelope, seal_of
from ieeparefund.report.series import deadline_bands, deadlines_ahead, payment_weeks
from ieeparefund.report.statement import statement
from ieeparefund.report.verify import verify_exhibit
from ieeparefund.report.visible import html_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=10,
)
# What XML cannot hold at all never reaches a workbook as such, and is no text of a file that was read.
PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=40
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_the_seal_does_not_depend_on_the_order_of_keys_and_survives_the_document(
    record: dict[str, Any],
) -> None:
    turned = dict(reversed(record.items()))
    assert seal_of(turned) == seal_of(record)
    lines = envelope_lines(record, seal_of(record), "")
    assert all(line.isascii() for line in lines)
    assert seal_of(read_envelope("\n".join(lines), "x")["record"]) == seal_of(record)


@given(JSON, JSON)
def test_other_records_have_other_canonical_texts(one: Any, other: Any) -> None:
    assert (canonical_json(one) == canonical_json(other)) == (repr(one) == repr(other) or _same(one, other))


def _same(one: Any, other: Any) -> bool:
    # Python holds True and 1 to be equal, JSON does not.
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


@given(st.text())
@example("\r")
@example("=1\r\n+2")
def test_neutral_text_starts_no_formula_or_is_a_number(text: str) -> None:
    found = neutral(text)
    # A carriage return would end the row.
    assert found.endswith(text.replace("\r\n", "\n").replace("\r", "\n"))
    assert not starts_formula(found) or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", found)


def of_text(text: str) -> Document:
    columns = (Column("Entry", Kind.NUMBER), Column("Text"), Column("Code", Kind.CODE))
    rows = Table("Rows", columns, ((text, text, text), ("x", "y", "z")), sheet="Rows")
    return Document(text, "sub", "caveat", (Section("one", "One", (rows,)),))


@given(PRINTABLE)
def test_no_text_changes_the_structure_of_a_page(text: str) -> None:
    page = render(of_text(text), Form.HTML).decode("utf-8")
    plain = render(of_text("word"), Form.HTML).decode("utf-8")
    assert re.findall(r"</?[a-z0-9]+", page) == re.findall(r"</?[a-z0-9]+", plain)
    words = " ".join(text.split())
    if words and words != "Sealed record":
        assert words in html_lines(page)[0]


@given(PRINTABLE)
def test_no_text_changes_the_structure_of_a_markdown_table(text: str) -> None:
    lines = render(of_text(text), Form.MARKDOWN).decode("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 4
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows} == {4}
    assert not any("<" in re.sub(r"\\.", "", line) for line in lines)


@given(PRINTABLE)
def test_no_text_is_a_formula_in_a_workbook(text: str) -> None:
    with zipfile.ZipFile(io.BytesIO(render(of_text(f"={text}"), Form.WORKBOOK))) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)


@settings(max_examples=12)
@given(entries(), st.sampled_from([".html", ".md", ".xlsx"]))
def test_an_exhibit_of_any_entry_is_intact(entry: Entry, end: str) -> None:
    document = exhibit(estimate_refund(entry, as_of=DAY, payee="corporation"), show_importers=True)
    form = {".html": Form.HTML, ".md": Form.MARKDOWN, ".xlsx": Form.WORKBOOK}[end]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"exhibit{end}"
        path.write_bytes(render(document, form))
        found = verify_exhibit(path)
    assert found.differences == ()
    assert found.seal == document.seal


@settings(max_examples=20)
@given(st.lists(entries(), max_size=4, unique_by=lambda one: one.number))
def test_a_statement_counts_every_entry_and_dollar_once(book: list[Entry]) -> None:
    portfolio = estimate_portfolio(book, as_of=DAY, payee="corporation")
    tables = {
        block.sheet: block
        for section in statement(portfolio).sections
        for block in section.blocks
        if isinstance(block, Table)
    }
    assert len(tables["Entries"].rows) == len(book)
    forecast = portfolio.cash_forecast()
    weeks = payment_weeks(forecast)
    dated = sum((week.principal + week.interest for week in weeks), Decimal(0))
    assert dated + forecast.undated.expected == portfolio.totals.refund
    ahead = deadlines_ahead(portfolio.estimates, DAY)
    bands = deadline_bands(ahead)
    assert sum(band.entries for band in bands) == len({one.estimate.entry.number for one in ahead})
