"""What is written from hostile input: no formula, no markup, no control of a terminal gets through."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")
pytest.importorskip("jinja2", reason="the report extra is not installed")
pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")

from hypothesis import given
from hypothesis import strategies as st
from tests.books import DAY, entry, estimate
from tests.es003_files import csv_text, row
from tests.hostile import targets
from tests.hostile.test_readers_hostile import examples
from typer.testing import CliRunner

from ieeparefund.ace.book import read_book
from ieeparefund.cli import main
from ieeparefund.cli.app import app
from ieeparefund.cli.output import plain_table, render, rows_as_csv
from ieeparefund.cli.words import printable
from ieeparefund.refunds.portfolio import Portfolio, estimate_portfolio
from ieeparefund.report.exhibit import exhibit
from ieeparefund.report.render import Form
from ieeparefund.report.render import render as render_document
from ieeparefund.report.statement import statement

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXTS = [
    '=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</pre><b>", "](javascript:alert(1))", "a|b|c",
    "![x](http://x)", "`x` **b**", "&lt;script&gt;", "[red]x[/red]", "\x1b[2J\x1b]0;x\x07", "\u202e12345\u2066",
    "{{ 7*7 }}", "{% raw %}", "'=1", "\x9b2J",
]  # fmt: skip
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(TEXTS) | st.text(), min_size=2), min_size=1
)
hostile = pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def formulas(text: str) -> list[str]:
    """Cells of CSV text a spreadsheet would compute."""
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    return [cell for cell in cells if cell.startswith(STARTS) and not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def tags_of(html: str) -> tuple[set[str], set[str]]:
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return reader.found, reader.attributes


def portfolio_of(text: str) -> Portfolio:
    made = entry(importer=text, notify_party=text)
    return estimate_portfolio([made], as_of=DAY, payee="corporation")


@hostile
def test_documents_have_the_same_markup_whatever_the_text(text: str) -> None:
    plain, misled = estimate(importer="plain"), estimate(importer=text)
    documents = [exhibit(answer, show_importers=True) for answer in (plain, misled)]
    html = [render_document(document, Form.HTML).decode() for document in documents]
    assert tags_of(html[0]) == tags_of(html[1])
    visible = [
        render_document(document, Form.MARKDOWN).decode().split("```json")[0] for document in documents
    ]
    for mark in ("<", "[", "`", "!", "*", "~"):
        bare = re.compile(rf"(?<!\\)\{mark}")
        assert len(bare.findall(visible[0])) == len(bare.findall(visible[1]))
    assert visible[0].count("\n") == visible[1].count("\n")
    archive = zipfile.ZipFile(io.BytesIO(render_document(documents[1], Form.WORKBOOK)))
    for name in archive.namelist():
        part = archive.read(name)
        assert b"<f>" not in part
        assert b"<hyperlink" not in part


@hostile
def test_a_statement_of_a_book_with_hostile_problems(text: str, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    cells = [row(1), row(1, Entry_Summary_Number="MYK28103742", Entry_Date=text, Importer_Number=text)]
    path.write_text(csv_text(cells), encoding="utf-8")
    read = read_book([path])
    portfolio = estimate_portfolio(read.entries, as_of=DAY, payee="other")
    document = statement(portfolio, book=read, show_importers=True)
    tags, attributes = tags_of(render_document(document, Form.HTML).decode())
    assert not tags & {"script", "img", "iframe", "object", "form", "b"}
    assert not [name for name in attributes if name.startswith("on")]
    assert "<" not in re.sub(r"\\.", "", render_document(document, Form.MARKDOWN).decode())
    workbook = render_document(document, Form.WORKBOOK)
    archive = zipfile.ZipFile(io.BytesIO(workbook))
    assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


@hostile
def test_tables_of_notebooks(text: str) -> None:
    for html in (portfolio_of(text)._repr_html_(), estimate(importer=text)._repr_html_()):
        tags, attributes = tags_of(html)
        assert tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
        assert attributes <= {"style", "scope"}


@hostile
@pytest.mark.parametrize("engine", ["scalar", "columns"])
def test_csv_of_the_command_line_holds_no_formula(text: str, engine: str, tmp_path: Path) -> None:
    if engine == "columns":
        pytest.importorskip("pyarrow", reason="the arrow extra is not installed")
    path = tmp_path / "book.csv"
    name = (
        text.replace("\r", "")
        .replace("\x1b", "")
        .replace("\x07", "")
        .replace("\x9b", "")
        .strip("\u202e\u2066\t")
    )
    path.write_text(csv_text([row(1, Importer_Number=name.replace("\u2066", ""))]), encoding="utf-8")
    asked = ["estimate", str(path), "--as-of", "2026-05-15", "--payee", "other", "--format", "csv"]
    found = CliRunner().invoke(app, [*asked, "--engine", engine])
    assert found.exit_code == 0, found.stderr
    assert formulas(found.stdout) == []
    assert "ZT4-0000123-1" in found.stdout


@examples("es003_csv")
@given(ROWS)
def test_rows_as_csv_hold_no_formula_and_lose_nothing(rows: list[dict[str, str]]) -> None:
    text = rows_as_csv(rows)
    assert formulas(text) == []
    back = list(csv.DictReader(io.StringIO(text, newline="")))
    for given_row, read in zip(rows, back, strict=True):
        for name, value in given_row.items():
            # A carriage return is written as a line feed.
            lines = value.replace("\r\n", "\n").replace("\r", "\n")
            assert read[name] in (lines, f"'{lines}")


def error_of(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *before: str
) -> str:
    """What the command line says of a file it cannot read."""
    asked = ["ieeparefund", *before, "estimate", str(path), "--as-of", "2026-05-15", "--payee", "other"]
    monkeypatch.setattr(sys, "argv", asked)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_errors_and_tables_send_no_control_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "book.csv"
    path.write_text("Entry Summary Number,Entry Date,\x1b[2J\u202eEvil\n", encoding="utf-8")
    line = error_of(path, monkeypatch, capsys)
    assert "no column" in line
    assert not CONTROL.search(line)
    table = plain_table(None, [("x", False)], [["\x1b[2J\u202ex"]])
    assert not CONTROL.search(render([table, "\x1b]0;x\x07"], colour=False).replace("\n", ""))
    for text in TEXTS:
        assert not CONTROL.search(printable(text))
    assert printable("a\n\tb é") == "a\n\tb é"


def test_the_limit_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = targets.given(csv_text([row(1), row(2, "8471300100", "0.00")]).encode(), "two.csv")
    asked = ["estimate", str(path), "--as-of", "2026-05-15", "--payee", "other", "--format", "json"]
    line = error_of(path, monkeypatch, capsys, "--limit", "rows=1")
    assert "too many rows of a table: more than the limit of 1." in line
    assert "--limit rows=" in line
    line = error_of(path, monkeypatch, capsys, "--limit", "rows=many")
    assert "'rows=many' is no limit. Write NAME=NUMBER" in line
    found = CliRunner().invoke(app, ["--limit", "rows=3", *asked])
    assert json.loads(found.stdout)["totals"]["rows_read"] == 2
