"""The documentation's hooks and the built site: nothing left out, nothing from elsewhere, no warning."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import ieeparefund
from ieeparefund.law.cape_rules import cape_rules
from ieeparefund.law.citations import table_text
from ieeparefund.law.headings import ieepa_headings
from ieeparefund.law.rates import PUBLISHED_RATES

pytest.importorskip("typer", reason="the cli extra is not installed")
pytest.importorskip("griffe", reason="the documentation's packages are not installed")

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def hook(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_hook_{name}", DOCS / "hooks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


law_tables, command_line, reference, glossary, doctest_fences = map(
    hook, ("law_tables", "command_line", "reference", "glossary", "doctest_fences")
)


def expanded() -> dict[str, str]:
    return {
        page.relative_to(DOCS).as_posix(): law_tables.expand(
            page.read_text(encoding="utf-8"), page.relative_to(DOCS).as_posix()
        )
        for page in PAGES
    }


def test_every_public_name_is_in_the_reference_once() -> None:
    text = reference.expand((DOCS / "reference.md").read_text(encoding="utf-8"))
    names = re.findall(r"^::: ieeparefund\.(\w+)$", text, re.MULTILINE)
    assert sorted(names) == sorted(set(ieeparefund.__all__) - {"__version__"})
    assert "<!--" not in text


def test_every_marker_is_replaced_and_every_table_is_on_some_page() -> None:
    pages = expanded()
    assert not [name for name, text in pages.items() if "<!-- law:" in text]
    used = {
        found[0] for page in PAGES for found in law_tables.MARKER.findall(page.read_text(encoding="utf-8"))
    }
    assert used == set(law_tables.TABLES)


def test_the_pages_show_every_row_of_law() -> None:
    pages = expanded()
    for band in PUBLISHED_RATES.bands:
        assert (
            f'<span class="day">{band.last_day}</span> | {band.underpayment} | {band.corporation}'
            in pages["law/rates.md"]
        )
    assert sum(line.startswith("| 9903.") for line in pages["law/headings.md"].splitlines()) >= len(
        ieepa_headings()
    )
    for rule in cape_rules().rules:
        assert f"<code>{rule.id.replace('_', '_<wbr>')}</code>" in pages["law/cape-rules.md"]
    for clock in tomllib.loads(table_text("clocks.toml")):
        assert f"<code>{clock.replace('_', '_<wbr>')}</code>" in pages["law/windows.md"]
    for citation in tomllib.loads(table_text("citations.toml")):
        assert f'<a id="{citation}"></a>' in pages["law/citations.md"]
    for table in tomllib.loads(table_text("manifest.toml"))["table"]:
        assert f"`{table['file']}`" in pages["law/citations.md"]


def test_a_change_of_law_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    marker = "<!-- law: clocks -->"
    before = law_tables.expand(marker, "law/windows.md")
    changed = table_text("clocks.toml").replace("count = 80", "count = 81", 1)
    monkeypatch.setattr(law_tables, "table_text", lambda _: changed)
    after = law_tables.expand(marker, "law/windows.md")
    assert "| 80 days |" in before
    assert "| 80 days |" not in after
    assert "| 81 days |" in after


def test_each_clock_names_a_public_function() -> None:
    assert set(law_tables.CLOCK_FUNCTIONS) == set(tomllib.loads(table_text("clocks.toml")))
    assert set(law_tables.CLOCK_FUNCTIONS.values()) <= set(ieeparefund.__all__)


def test_an_unknown_table_stops_the_build() -> None:
    with pytest.raises(KeyError):
        law_tables.expand("<!-- law: nothing -->", "index.md")


def test_sources_are_linked_from_any_folder() -> None:
    assert "](law/citations.md#" in law_tables.expand("<!-- law: practice -->", "index.md")
    assert "](../law/citations.md#" in law_tables.expand("<!-- law: practice -->", "how-to/cash.md")
    assert "](citations.md#" in law_tables.expand("<!-- law: practice -->", "law/rates.md")


def test_every_command_and_option_is_on_the_page() -> None:
    text = command_line.commands_text()
    names = [name for name, _ in command_line.commands()]
    assert {"ieeparefund estimate", "ieeparefund ledger record", "ieeparefund working-days nth"} <= set(names)
    for name in names:
        assert f"### {name}\n" in text
    assert "| `--as-of`<br>DATE |  | Day of the question" in text
    assert "| `--payee`<br>corporation or other | **needed** |" in text
    assert "| `--format`<br>table or json | `table` |" in text
    assert "Example:" not in text


def test_the_glossary_has_each_form_once_and_definitions() -> None:
    text = glossary.PAGE.read_text(encoding="utf-8")
    found = glossary._TERM.findall(text)
    assert len(found) == text.count("\n## ")
    forms = [
        form.strip().casefold()
        for name, _, also in found
        for form in (name, *also.split(","))
        if form.strip()
    ]
    assert len(forms) == len(set(forms))
    assert [name.casefold() for name, *_ in found] == sorted(name.casefold() for name, *_ in found)
    for words in (
        "entry",
        "entry summary",
        "liquidation",
        "protest",
        "cape",
        "psc",
        "ior",
        "filer",
        "4811 party",
    ):
        assert words in glossary.terms()


def test_the_first_use_of_a_term_is_linked_and_nothing_else_is_touched() -> None:
    html = (
        "<h2>Protest</h2><p>A <code>protest</code> &amp; a <a href='x'>protest</a>: the Protest, a protest. "
        "Entry summaries &#8212; entries.<br/><img src='a.png'></p><!-- protest -->"
    )
    assert glossary.link_terms(html, "../glossary/") == html.replace(
        "the Protest", 'the <a class="term" href="../glossary/#protest">Protest</a>'
    ).replace(
        "Entry summaries &#8212; entries",
        '<a class="term" href="../glossary/#entry-summary">Entry summaries</a> &#8212; '
        '<a class="term" href="../glossary/#entry">entries</a>',
    )


def test_examples_in_docstrings_are_fenced() -> None:
    text = "Words.\n\n>>> [1, 2]\n[1, 2]\n\nMore words."
    assert doctest_fences.fenced(text) == "Words.\n\n```pycon\n>>> [1, 2]\n[1, 2]\n```\n\nMore words."


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the documentation's packages are not installed")
    # Without -q: a quiet build counts no warnings, so that --strict would never stop it.
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path / "site")],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"']?([^\"' >]+)", text)
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)], page
    reference_page = (tmp_path / "site" / "reference" / "index.html").read_text(encoding="utf-8")
    for name in set(ieeparefund.__all__) - {"__version__"}:
        assert f'id="ieeparefund.{name}"' in reference_page, name
