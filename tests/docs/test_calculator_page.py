"""The calculator page without a browser: its Python, its form and the script that publishes it."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.ace.book import read_book
from ieeparefund.ace.cape_declaration import declaration_bytes
from ieeparefund.entries.codes import AdCvdStatus, EntryType, LiquidationStatus, Payee, ProtestStatus
from ieeparefund.entries.entry import Entry
from ieeparefund.money import exact_dollars
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source

typer_testing = pytest.importorskip("typer.testing", reason="the cli extra is not installed")

from ieeparefund.cli.app import app  # noqa: E402

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "calculator"
PAGE = (ROOT / "docs" / "calculator.md").read_text(encoding="utf-8")
DATA = ROOT / "tests" / "golden" / "data"
TERMS = {"as_of": "2026-05-15", "payee": "corporation", "deposit_rule": "summary", "column1": "given"}
FACTS = {
    "entry_number": "QZ7-2496793-3",
    "entry_type": "01",
    "entry_date": "2025-05-14",
    "deposit_date": "",
    "entry_summary_date": "2025-05-28",
    "liquidation_date": "2026-04-05",
    "liquidation_status": "liquidated",
    "protest": "open",
    "ad_cvd": "",
    "paid_by_surety": "no",
    "already_refunded": "",
    "rows": [
        {"line": "1", "number": "99030124", "value": "", "duty": "$9,068.20", "country": "hk", "rate": ""},
        {"line": "1", "number": "9903.01.25", "value": "", "duty": "4534.10", "country": "", "rate": ""},
        {"line": "", "number": "8481809050", "value": "45341", "duty": "906.82", "country": "", "rate": ""},
    ],
}
ROW = {"line": "2", "number": "9903.01.25", "value": "", "duty": "10", "country": "", "rate": ""}


def module(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"calculator_{name}", FOLDER / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


glue = module("glue")
build = module("build")


@pytest.fixture
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture
def session(told: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(DATA)
    return glue.Session(lambda done, total: told.append((done, total)))


def ask(session: Any, name: str, **arguments: Any) -> Any:
    return json.loads(session.call(name, json.dumps(arguments)))


def command(*arguments: str) -> str:
    return str(typer_testing.CliRunner().invoke(app, list(arguments)).stdout)


@pytest.mark.parametrize("name", ["es003_small.csv", "es003_messy.csv"])
def test_a_file_gives_the_command_lines_answers(session: Any, told: list[tuple[int, int]], name: str) -> None:
    view = ask(session, "estimate_files", names=[name], terms=TERMS)["value"]
    arguments = ("estimate", name, "--as-of", "2026-05-15", "--payee", "corporation", "--format")
    text = command(*arguments, "json")
    assert ask(session, "results_json")["value"] == text
    assert ask(session, "results_csv")["value"] == command(*arguments, "csv")
    expected = json.loads(text)
    assert [row["number"] for row in view["entries"]] == [one["entry_number"] for one in expected["entries"]]
    assert [sums[1] for sums in view["outcomes"]] == [
        str(one["entries"]) for one in expected["by_outcome"].values() if one["entries"]
    ]
    assert view["coming"][2].replace(",", "") == expected["totals"]["refund"]
    assert len(view["problems"]) == len(expected["problems"])
    assert told == [(0, len(view["entries"]))]
    number = view["entries"][0]["number"]
    assert ask(session, "explain", place=0)["value"] + "\n" == command(
        "explain", name, "--entry", number, *arguments[2:-1]
    )


def test_the_upload_file_holds_the_planned_entries_and_the_rest_has_reasons(session: Any) -> None:
    view = ask(session, "estimate_files", names=["es003_small.csv"], terms=TERMS)["value"]
    (declaration,) = view["declarations"]
    text = ask(session, "declaration", place=0)["value"]
    numbers = text.split()[2:]
    assert declaration["name"] == "cape_declaration_0001.csv"
    assert len(numbers) == declaration["entries"]
    assert declaration_bytes(numbers).decode() == text
    assert len(numbers) + len(view["excluded"]) == len(view["entries"])
    assert all(reason for _, reason in view["excluded"])


def test_deadlines_point_at_their_entries_in_order(session: Any) -> None:
    view = ask(session, "estimate_files", names=["es003_small.csv"], terms=TERMS)["value"]
    days = [one["days"] for one in view["deadlines"]]
    assert days == sorted(days)
    assert all(view["entries"][one["place"]]["number"] == one["entry"] for one in view["deadlines"])


def test_a_typed_entry_is_the_same_entry_as_in_the_file(session: Any) -> None:
    typed = ask(session, "estimate_entry", facts=FACTS, terms=TERMS)["value"]["entries"][0]
    book = read_book(["es003_small.csv"])
    place = next(at for at, entry in enumerate(book.entries) if str(entry.number) == FACTS["entry_number"])
    read = ask(session, "estimate_files", names=["es003_small.csv"], terms=TERMS)["value"]["entries"][place]
    assert typed == read
    assert typed["why"] == "PROTEST ON ENTRY"


def test_blank_fields_of_the_form_are_facts_not_known() -> None:
    entry = glue.typed_entry({**FACTS, "liquidation_status": "", "paid_by_surety": "", "protest": ""})
    assert (entry.liquidation_status, entry.paid_by_surety, entry.protest, entry.deposit_date) == (None,) * 4
    assert glue.typed_entry({**FACTS, "paid_by_surety": "no"}).paid_by_surety is False
    assert glue.typed_entry({**FACTS, "paid_by_surety": "yes"}).paid_by_surety is True
    assert str(glue.typed_entry({**FACTS, "already_refunded": "1,000"}).already_refunded) == "1000.00"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"entry_number": ""}, "entry_number", "blank"),
        ({"entry_date": ""}, "entry_date", "blank"),
        ({"entry_date": "14.5.2025"}, "entry_date", "YYYY-MM-DD"),
        ({"entry_number": "QZ7-2496793-4"}, None, "check digit"),
        ({"rows": []}, "number", "no tariff number"),
        ({"rows": [{**ROW, "duty": "12,34"}]}, "duty", "not an amount"),
        ({"rows": [{**ROW, "rate": "free"}]}, "ad_valorem", "not an amount"),
        ({"rows": [{**ROW, "line": "0"}]}, "line_number", "not a number of a line"),
        ({"rows": [{**ROW, "line": "1.5"}]}, "line_number", "not a number of a line"),
        ({"rows": [{**ROW, "line": "9" * 5000}]}, "line_number", "not a number of a line"),
        (
            {"rows": [{**ROW, "country": "cn"}, {**ROW, "country": "HK"}]},
            "country_of_origin",
            "line 2 has more than one country of origin: CN, HK",
        ),
        ({"rows": [{**ROW, "rate": "2"}, {**ROW, "rate": "2.5"}]}, "ad_valorem", "more than one column 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(
    session: Any, change: dict[str, Any], field: str | None, words: str
) -> None:
    error = ask(session, "estimate_entry", facts={**FACTS, **change}, terms=TERMS)["error"]
    assert error["field"] == field
    assert words in error["text"]


def test_rows_are_put_together_by_line_whatever_their_order() -> None:
    rows = [
        {**ROW, "line": "3", "country": "jp", "rate": "2.5 %"},
        {**ROW, "line": "1", "number": "8481809050", "duty": "5"},
        {**ROW, "line": "3", "number": "8481805060", "duty": "1", "rate": "2.5 %"},
        {**ROW, "line": "1"},
    ]
    first, third = glue.typed_entry({**FACTS, "rows": rows}).lines
    assert (first.line_number, first.country_of_origin, first.column1_rate) == (1, None, None)
    assert [row.number for row in first.tariffs] == ["8481.80.90.50", "9903.01.25"]
    assert (third.line_number, third.country_of_origin) == (3, "JP")
    assert str(third.column1_rate.ad_valorem) == "2.5"
    assert [row.number for row in third.tariffs] == ["9903.01.25", "8481.80.50.60"]


def test_before_an_answer_there_is_nothing_to_save(session: Any) -> None:
    assert "nothing has been estimated" in ask(session, "results_csv")["error"]["text"]
    assert set(ask(session, "about")["value"]) == {"version", "rules"}


def test_text_of_a_file_cannot_become_a_formula(session: Any, tmp_path: Path) -> None:
    ask(session, "estimate_entry", facts=FACTS, terms=TERMS)
    (row,) = csv.DictReader(io.StringIO(ask(session, "results_csv")["value"]))
    assert row["entry_number"] == FACTS["entry_number"]
    empty = tmp_path / "empty.csv"
    empty.write_text(
        (DATA / "es003_small.csv").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    assert ask(session, "estimate_files", names=[str(empty)], terms=TERMS)["value"]["entries"] == []
    assert ask(session, "results_csv")["value"] == ""


@given(cents=st.integers(0, 10**13))
def test_an_amount_reads_back_with_or_without_commas(cents: int) -> None:
    for text in (f"{cents / 100:,.2f}", f"$ {cents // 100}.{cents % 100:02d}"):
        if cents < 10**13:
            assert exact_dollars(glue.amount(text)) * 100 == cents


@pytest.mark.parametrize(
    ("name", "kind", "blank"),
    [
        ("entry_type", EntryType, False),
        ("liquidation_status", LiquidationStatus, True),
        ("protest", ProtestStatus, True),
        ("ad_cvd", AdCvdStatus, True),
        ("payee", Payee, True),
        ("deposit_rule", DepositRule, False),
        ("column1", Column1Source, False),
    ],
)
def test_the_choices_of_the_form_are_the_packages(name: str, kind: Any, blank: bool) -> None:
    select = re.search(rf'<select id="{name}".*?</select>', PAGE, re.DOTALL)
    assert select is not None
    values = re.findall(r'<option value="([^"]*)"', select[0])
    assert (values[0] == "") is blank
    codes = [kind(value) for value in values if value]
    if kind is not EntryType:
        assert set(codes) == set(kind)


def test_the_facts_of_the_form_are_facts_of_an_entry() -> None:
    flags = re.findall(r'<select id="(\w+)" name="\1" data-flag>', PAGE)
    assert set(flags) == set(glue._FLAGS)
    assert {*flags, *glue._DATES, *glue._CODES} <= set(Entry.__slots__)
    labels = set(re.findall(r'<label for="([\w-]+)"', PAGE))
    assert labels == set(re.findall(r'<(?:input|select) id="([\w-]+)"', PAGE))


def test_the_program_is_published_under_its_checksum(tmp_path: Path) -> None:
    page = tmp_path / "calculator" / "index.html"
    page.parent.mkdir()
    page.write_text("<!doctype html><html><head><title>x</title></head></html>", encoding="utf-8")
    first = build.publish(tmp_path, {"a.whl": b"12", "b.mjs": b"345"}, {"python": "3.14.2"})
    assert first["bytes"] == 5
    assert (page.parent / first["runtime"] / "b.mjs").read_bytes() == b"345"
    assert json.loads((page.parent / "assets.json").read_text(encoding="utf-8")) == first
    assert build.publish(tmp_path, {"b.mjs": b"345", "a.whl": b"12"}, {"python": "3.14.2"}) == first
    second = build.publish(tmp_path, {"a.whl": b"13", "b.mjs": b"345"}, {"python": "3.14.2"})
    assert second["version"] != first["version"]
    assert [path.name for path in (page.parent / "runtime").iterdir()] == [second["version"]]
    build.forbid_other_addresses(page)
    build.forbid_other_addresses(page)
    html = page.read_text(encoding="utf-8")
    assert html.count("Content-Security-Policy") == 1
    assert html.index("Content-Security-Policy") < html.index("<title>")
    assert "connect-src 'self'" in html


def test_a_site_without_the_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="run mkdocs build first"):
        build.build(tmp_path)


def test_the_scripts_name_no_other_host() -> None:
    for path in FOLDER.iterdir():
        if path.is_file():
            assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text(encoding="utf-8")), path.name
