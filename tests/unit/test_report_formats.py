"""A document in its three formats: nothing from a file turns into markup or a formula, and values keep their kind."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest

pytest.importorskip("jinja2", reason="the report extra is not installed")
pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")

from ieeparefund.errors import FileFormatError, InputError, MissingExtraError
from ieeparefund.report import html
from ieeparefund.report.cells import neutral, starts_formula
from ieeparefund.report.html import html_text
from ieeparefund.report.markdown import markdown_text
from ieeparefund.report.model import (
    Column,
    Document,
    Facts,
    Figure,
    Kind,
    Section,
    Steps,
    Table,
    Text,
    shown,
)
from ieeparefund.report.render import Form, form_of, render, visible_lines
from ieeparefund.report.visible import html_lines, markdown_lines, workbook_lines
from ieeparefund.report.xlsx import workbook_bytes

python_calamine = pytest.importorskip("python_calamine", reason="the excel extra is not installed")

HOSTILE = '=HYPERLINK("http://x","<script>alert(1)</script>")|**b**'
TABLE = Table(
    "Rows",
    (
        Column("Entry", Kind.NUMBER),
        Column("Text"),
        Column("Day", Kind.DATE),
        Column("Amount", Kind.MONEY),
        Column("Days", Kind.COUNT),
        Column("Rate", Kind.PERCENT),
        Column("Nothing"),
    ),
    (
        ("009-6131459-8", HOSTILE, dt.date(2026, 5, 15), Decimal("1234.50"), 1200, Decimal("6.5"), None),
        ("12E-1121865-8", "-1+1", None, Decimal("-0.10"), None, None, ""),
    ),
    total=("in all", None, None, Decimal("1234.40"), 1200, None, None),
    marked=frozenset((1,)),
    sheet="Rows",
)


def document(**changes: object) -> Document:
    blocks = (
        Text(("A sentence.",)),
        Facts("Lead", (("Refund", Decimal("9314.51"), Kind.MONEY),), lead=True),
        Facts("Facts", (("Importer", HOSTILE, Kind.TEXT), ("Blank", None, Kind.TEXT))),
        Steps("Steps", ("first", "second")),
        Figure("A chart", '<svg class="chart"><text>figure</text></svg>', ("duty", "interest")),
        Table("Small", (Column("A"), Column("B", Kind.COUNT)), (("x", 1),)),
        Table("Empty", (Column("A"),), (), total=("in all",), sheet="Empty", empty="Nothing here."),
        TABLE,
    )
    sections = (
        Section("one", "One", blocks),
        Section("figure-only", "Figure only", (Figure("f", "<svg></svg>"),)),
        Section("more", "More", (TABLE_ALONE,), on_page=False),
    )
    facts = {"title": "Title & co", "subtitle": "Sub", "caveat": "No legal advice.", "sections": sections}
    return Document(**(facts | changes))  # type: ignore[arg-type]  # changes are of many kinds


TABLE_ALONE = Table("Alone", (Column("Entry", Kind.NUMBER),), (("X",),), sheet="Alone")


def rows(content: bytes, sheet: str) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return list(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def parts(content: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode("utf-8")


def test_values_as_a_reader_sees_them() -> None:
    assert shown(None) == ""
    assert shown(Decimal("1234.50"), Kind.MONEY) == "1,234.50"
    assert shown("in all", Kind.MONEY) == "in all"
    assert shown(Decimal("6"), Kind.PERCENT) == "6 %"
    assert shown(12000, Kind.COUNT) == "12,000"
    assert shown(dt.date(2026, 5, 15), Kind.DATE) == "2026-05-15"
    assert [kind for kind in Kind if kind.is_number] == [Kind.MONEY, Kind.COUNT, Kind.PERCENT]


def test_columns_that_say_nothing_are_left_out_of_a_page() -> None:
    assert [column.heading for column in TABLE.without_blank_columns().columns] == [
        "Entry",
        "Text",
        "Day",
        "Amount",
        "Days",
        "Rate",
    ]
    assert TABLE.without_blank_columns().total == ("in all", None, None, Decimal("1234.40"), 1200, None)
    assert TABLE_ALONE.without_blank_columns() == TABLE_ALONE


def test_html_escapes_text_and_holds_no_script_and_no_address() -> None:
    text = html_text(document())
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Title &amp; co" in text
    assert not re.search(r'(?:src|href)="(?!#)', text)
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text
    assert '<tr role="row" class="marked">' in text
    assert 'class="identifier">009-6131459-8' in text
    assert "Alone" not in text
    assert "Nothing here." in text
    assert "<footer>" not in text
    assert '<pre id="record"' in html_text(document(), '{"a": 1}')


def test_html_lines_are_what_a_reader_sees() -> None:
    lines, record = html_lines(html_text(document(), '{"a": 1}'))
    assert record == '{"a": 1}'
    assert {"Refund", "9,314.51", "A sentence.", HOSTILE, "figure"} <= set(lines)
    assert not any("color-scheme" in line or "Sealed" in line for line in lines)
    assert html_lines("<p>a<br>b</p>c") == (["a", "b", "c"], None)


def test_markdown_escapes_markup() -> None:
    text = markdown_text(document())
    row = next(line for line in text.splitlines() if line.startswith("| 009"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 7
    assert r"\<script\>" in row
    assert r"\*\*b\*\*" in row
    assert "1. first\n2. second" in text
    assert "Nothing here." in text
    assert "| --- | --- | --- | --: | --: | --: |" in text
    assert text.startswith("# Title \\& co\n\nSub\n\n> No legal advice.\n\n## One\n")
    assert "Alone" not in text


def test_markdown_lines_see_words_before_and_after_the_record() -> None:
    text = markdown_text(document(), '{\n "a": 1\n}')
    lines, record = markdown_lines(text + "\nand more\n")
    assert record == '{\n "a": 1\n}'
    assert lines[-1] == "and more"
    assert markdown_lines("a\n\n b  c\n") == (["a", "b c"], None)
    assert markdown_lines("a\n\n## Sealed record\n\nnothing\n") == (["a"], None)


def test_a_workbook_has_a_sheet_a_table_with_real_values() -> None:
    content = workbook_bytes(document())
    found = rows(content, "Rows")
    assert found[0] == ["Entry", "Text", "Day", "Amount", "Days", "Rate", "Nothing"]
    assert found[1] == ["009-6131459-8", HOSTILE, dt.date(2026, 5, 15), 1234.5, 1200.0, 6.5, ""]
    assert found[2][:4] == ["12E-1121865-8", "-1+1", "", -0.1]
    assert found[3][0] == "in all"
    summary = rows(content, "Summary")
    assert summary[0][0] == "Title & co"
    assert ["Refund", 9314.51] in [row[:2] for row in summary]
    assert "Figure only" not in [row[0] for row in summary]
    assert rows(content, "Alone") == [["Entry"], ["X"]]
    assert rows(content, "Empty") == [["A"], ["Nothing here."]]


def test_no_text_turns_into_a_formula_or_a_link() -> None:
    content = workbook_bytes(document())
    for name, text in parts(content):
        assert "<f>" not in text, name
        assert "<hyperlink" not in text, name
    with_marks = dict(parts(content))
    assert 'quotePrefix="1"' in with_marks["xl/styles.xml"]
    assert 'state="frozen"' in with_marks["xl/worksheets/sheet2.xml"]
    assert "yyyy\\-mm\\-dd" in with_marks["xl/styles.xml"] or "yyyy-mm-dd" in with_marks["xl/styles.xml"]
    assert "#,##0.00" in with_marks["xl/styles.xml"]


def test_a_very_long_text_is_cut_in_a_cell() -> None:
    long = Table("Long", (Column("A"),), (("x" * 40_000,),), sheet="Long")
    content = workbook_bytes(document(sections=(Section("one", "One", (long,)),)))
    cell = str(rows(content, "Long")[1][0])
    assert len(cell) == 32_000
    assert cell.endswith("…")


def test_a_long_line_of_the_record_comes_back_whole() -> None:
    line = '  "' + "a b" * 30_000 + '"'
    _, record = workbook_lines(workbook_bytes(document(), ["{", line, "}"]))
    assert record == "\n".join(("{", line.lstrip(), "}"))


def test_workbook_lines_are_normal_text() -> None:
    lines, record = workbook_lines(workbook_bytes(document()))
    assert record is None
    assert f"Rows: 009-6131459-8 | {HOSTILE} | 2026-05-15 | 1234.50 | 1200 | 6.50" in lines
    with pytest.raises(FileFormatError, match="cannot be read"):
        workbook_lines(b"no workbook")


def test_dates_with_a_clock_time_read_as_their_day() -> None:
    import xlsxwriter

    noon = dt.datetime(2026, 5, 15, 12, 30)  # a cell has no time zone
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("S").write_datetime(0, 0, noon, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    book.close()
    assert workbook_lines(out.getvalue())[0] == ["S: 2026-05-15"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_starts_that_a_spreadsheet_might_compute(start: str) -> None:
    assert starts_formula(f"{start}x")
    # A carriage return would end the row, so it is written as a line feed.
    assert neutral(f"{start}x") == f"'{start}x".replace("\r", "\n")


def test_numbers_and_words_stay_as_they_are() -> None:
    assert neutral("-12.50") == "-12.50"
    assert neutral("+7") == "+7"
    assert neutral("**-*****2501") == "**-*****2501"


def test_the_name_of_a_file_says_its_format() -> None:
    assert [form_of(f"a{end}") for end in (".html", ".HTM", ".md", ".markdown", ".xlsx")] == [
        Form.HTML,
        Form.HTML,
        Form.MARKDOWN,
        Form.MARKDOWN,
        Form.WORKBOOK,
    ]
    with pytest.raises(InputError, match=r"\.pdf is no format.*ends in"):
        form_of("a.pdf")
    with pytest.raises(InputError, match="a name without an end"):
        form_of("statement")


@pytest.mark.parametrize("form", list(Form))
def test_equal_documents_give_equal_bytes(form: Form) -> None:
    assert render(document(), form) == render(document(), form)
    assert visible_lines(render(document(), form), form)


@pytest.mark.parametrize(
    ("module", "form", "extra"),
    [("jinja2", Form.HTML, "report"), ("xlsxwriter", Form.WORKBOOK, "excel")],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, form: Form, extra: str
) -> None:
    html._template.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"ieeparefund\[{extra}\]"):
        render(document(), form)
    html._template.cache_clear()


def test_reading_a_workbook_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[excel\]"):
        workbook_lines(b"")
