"""Exhibits made to mislead or to exhaust whoever checks them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="the report extra is not installed")

from tests.hostile.seeds import exhibit

from ieeparefund.errors import FileFormatError, LimitError
from ieeparefund.inputs.limits import ReadLimits
from ieeparefund.report import verify
from ieeparefund.report.seal import canonical_json, envelope_lines, seal_of
from ieeparefund.report.verify import Verification, verify_exhibit
from ieeparefund.report.visible import html_lines


def sealed(folder: Path, record: dict[str, Any]) -> Verification:
    """Check a Markdown exhibit with this record, sealed anew."""
    path = folder / "exhibit.md"
    words = exhibit(".md").decode().split("## Sealed record")[0]
    envelope = "\n".join(envelope_lines(record, seal_of(record), "x"))
    path.write_text(f"{words}## Sealed record\n\n```json\n{envelope}\n```\n", encoding="utf-8")
    return verify_exhibit(path)


def good_record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exhibit(".md").decode().split("```json\n")[1].split("\n```")[0])[
        "record"
    ]
    return found


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace('"seal"', '"seal": NaN, "x"', 1),
        lambda text: text.replace(
            '"record": {', '"record": {"deep": ' + "[" * 100_000 + "]" * 100_000 + ",", 1
        ),
        lambda text: text.replace('"record": {', '"record": {"vast": 1e999,', 1),
        lambda text: text.replace('"record": {', '"record": {"vast": ' + "9" * 5000 + ",", 1),
        lambda text: text.replace('"record": {', '"record": {"odd": Infinity,', 1),
    ],
    ids=range(5),
)
def test_a_record_that_is_no_plain_json(damage: Callable[[str], str], tmp_path: Path) -> None:
    path = tmp_path / "exhibit.md"
    text = damage(exhibit(".md").decode())
    assert text != exhibit(".md").decode()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError, match="the sealed record is damaged"):
        verify_exhibit(path)


AMOUNTS = ["1e999999999", "9" * 100_000, "NaN", "-1e999999999", 10**4000, 1.5, None, [], {}, "１"]


@pytest.mark.parametrize("amount", AMOUNTS, ids=range(len(AMOUNTS)))
@pytest.mark.parametrize("name", ["refund", "interest", "refundable_duty", "refundable_low"])
def test_amounts_no_exhibit_has(name: str, amount: Any, tmp_path: Path) -> None:
    record = good_record()
    record["estimate"][name] = amount
    began = time.perf_counter()
    found = sealed(tmp_path, record)
    assert not found.intact
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("name", list(good_record()))
def test_a_record_with_any_part_of_another_kind(name: str, tmp_path: Path) -> None:
    for value in (None, 5, "x", [1], [[1]], {"a": 1}, "\ud800"):
        record = good_record()
        record[name] = value
        assert not sealed(tmp_path, record).intact


def test_very_long_documents_are_compared_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "exhibit.md"
    words, _, record = exhibit(".md").decode().partition("## Sealed record")
    for more, last in ((30_000, "The document has"), (0, "")):
        path.write_text(words + "one line more\n" * more + "## Sealed record" + record, encoding="utf-8")
        began = time.perf_counter()
        found = verify_exhibit(path)
        assert time.perf_counter() - began < 10
        assert found.intact == (not more)
        assert not last or found.differences[-1].startswith(last)
    changed = words.replace("\n", " x\n") + "one line more\n" * 30_000
    path.write_text(f"{changed}## Sealed record{record}", encoding="utf-8")
    assert any("more lines differ" in sentence for sentence in verify_exhibit(path).differences)


def test_one_changed_line_of_a_long_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_MOST_PAIRS", 1)
    path = tmp_path / "exhibit.md"
    path.write_text(exhibit(".md").decode().replace("## Facts", "## Fact"), encoding="utf-8")
    (sentence,) = verify_exhibit(path).differences
    assert sentence.endswith('the document says "## Fact", the record "## Facts".')


@pytest.mark.parametrize(
    "markup",
    [
        "<a" * 100_000,
        "<!--" * 50_000,
        "<![CDATA[x]]>",
        "<?x?>",
        "<a " + "b=" * 20_000 + ">",
        "< p>",
        "a < b",
        "<>",
    ],
    ids=range(8),
)
def test_markup_no_exhibit_has(markup: str, tmp_path: Path) -> None:
    path = tmp_path / "exhibit.html"
    began = time.perf_counter()
    with pytest.raises(FileFormatError, match="markup"):
        html_lines(markup)
    path.write_text(exhibit(".html").decode().replace("</body>", f"{markup}</body>"), encoding="utf-8")
    with pytest.raises(FileFormatError, match="markup"):
        verify_exhibit(path)
    assert time.perf_counter() - began < 5


def test_exhibits_past_a_limit(tmp_path: Path) -> None:
    for end in (".html", ".md"):
        path = tmp_path / f"exhibit{end}"
        path.write_bytes(exhibit(end))
        with pytest.raises(LimitError, match="document_bytes"):
            verify_exhibit(path, limits=ReadLimits(document_bytes=100))


def test_canonical_json_is_refused_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"a": float("nan")})
