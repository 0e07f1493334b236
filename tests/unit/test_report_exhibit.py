"""The exhibit of one entry, its seal, and what `verify_exhibit` finds in each format."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="the report extra is not installed")
pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
pytest.importorskip("python_calamine", reason="the excel extra is not installed")

from tests.books import DAY, estimate

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.report import verify
from ieeparefund.report.exhibit import document_of, exhibit
from ieeparefund.report.model import Facts, Steps, Table, Text
from ieeparefund.report.record import exhibit_record
from ieeparefund.report.render import Form, form_of, render
from ieeparefund.report.seal import canonical_json, envelope_lines, read_envelope, seal_of
from ieeparefund.report.verify import verify_exhibit

ENDS = (".html", ".md", ".xlsx")


def made(**changes: Any) -> RefundEstimate:
    facts: dict[str, Any] = {
        "liquidation_date": dt.date(2026, 3, 30),
        "liquidation_status": "liquidated",
    }
    return estimate(**(facts | changes))


def written(folder: Path, end: str, answer: RefundEstimate | None = None, **changes: Any) -> Path:
    path = folder / f"exhibit{end}"
    path.write_bytes(render(exhibit(answer or made(), **changes), form_of(path)))
    return path


def tampered(path: Path, change: Callable[[str], str]) -> Path:
    """Change the text of the file; in a workbook the texts of its shared strings."""
    if path.suffix != ".xlsx":
        path.write_bytes(change(path.read_bytes().decode("utf-8")).encode("utf-8"))
        return path
    out = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/sharedStrings.xml":
                content = change(content.decode("utf-8")).encode("utf-8")
            after.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path


def test_the_record_is_the_plain_estimate_with_its_facts_steps_and_sources() -> None:
    answer = made()
    record = exhibit_record(answer)
    assert record["estimate"] == answer.to_dict()
    assert record["facts"]["importer"] == "**-*****8900"
    assert record["facts"]["statement_paid"] is True
    assert record["lines"] == [
        [1, "VN", "9903.02.69", "0.00", "1000.00", None],
        [1, "VN", "8471.30.01.00", "5000.00", "0.00", None],
    ]
    assert sum(Decimal(period["interest"]) for period in record["schedule"]) == answer.interest
    assert json.loads(canonical_json(record)) == record
    assert exhibit_record(answer, show_importers=True)["estimate"]["importer"] == "12-345678900"


def test_the_seal_is_the_sha256_of_the_canonical_json() -> None:
    # Computed apart: printf '{"a":"\\u00e9","b":[1,null]}' | sha256sum
    assert canonical_json({"b": [1, None], "a": "é"}) == '{"a":"\\u00e9","b":[1,null]}'
    expected = hashlib.sha256(b'{"a":"\\u00e9","b":[1,null]}').hexdigest()
    assert seal_of({"b": [1, None], "a": "é"}) == expected
    assert exhibit(made()).seal == exhibit(made()).seal
    assert exhibit(made()).seal != exhibit(made(importer=None)).seal


def test_the_rates_of_a_line_in_words() -> None:
    def rate(given: Column1Rate | None) -> Any:
        row = TariffLine("9903.02.19", 0, "10.00")
        return exhibit_record(made(lines=[EntryLine(1, "DE", [row], column1_rate=given)]))["lines"][0][5]

    assert rate(Column1Rate(Decimal("2.5"))) == "2.5 %"
    assert rate(Column1Rate()) == "0 %"
    assert rate(Column1Rate(Decimal(0), Decimal("0.10"), Decimal(30))) == "0.10 a unit of 30"
    assert rate(Column1Rate(Decimal(1), Decimal("0.10"), Decimal(30))) == "1 % + 0.10 a unit of 30"
    assert rate(None) is None


def steps(answer: RefundEstimate) -> tuple[str, ...]:
    return next(
        block.items
        for section in exhibit(answer).sections
        for block in section.blocks
        if isinstance(block, Steps)
    )


def test_the_steps_lead_from_the_duty_to_the_refund() -> None:
    answer = made()
    assert answer.schedule is not None
    found = steps(answer)
    assert found[0].startswith("Duty paid on IEEPA headings: $1,000.00 [")
    assert f"factor {answer.schedule.factor:f}" in found[3]
    assert found[-1] == f"$1,000.00 + ${answer.interest} = ${answer.refund:,.2f}."
    assert any("plausible deposit dates" in step for step in steps(made(deposit_date=None)))
    none = steps(made(lines=[EntryLine(1, "VN", [TariffLine("8471300100", 5000, 0)])]))
    assert "No interest runs." in none


def test_what_is_open_is_said_first() -> None:
    def sentences(answer: RefundEstimate) -> str:
        blocks = exhibit(answer).sections[0].blocks
        return " ".join(text for block in blocks if isinstance(block, Text) for text in block.paragraphs)

    assert sentences(made()) == ""
    assert "what is at stake" in sentences(made(protest="open"))
    assert "Interest runs on" in sentences(made(protest="open"))
    later = made(reliquidation_date=dt.date(2027, 3, 1), cape_accepted_on=dt.date(2026, 4, 27))
    assert "Provisional: $" in sentences(later)


def test_facts_that_are_not_known_are_named() -> None:
    facts = exhibit(made()).sections[1].blocks
    known, unknown = facts[0], facts[1]
    assert isinstance(known, Facts)
    assert isinstance(unknown, Text)
    labels = {label: value for label, value, _ in known.items}
    assert labels["Entry number"] == str(made().entry.number)
    assert labels["Statement paid"] == "yes"
    assert labels["Correction pending"] == "no"
    assert "in ACE" in unknown.paragraphs[0]
    every = {
        "entry_summary_date": dt.date(2025, 8, 25),
        "summary_status": "accepted",
        "ad_cvd": "none",
        "reconciliation_flagged": False,
        "reconciliation_filed": False,
        "reconciliation_due": dt.date(2027, 1, 4),
        "in_ace": True,
        "cape_accepted_on": dt.date(2026, 5, 11),
        "reliquidation_date": dt.date(2026, 6, 26),
        "payee": "corporation",
        "notify_party": "12-345678900",
    }
    complete = exhibit(made(**every)).sections[1].blocks
    assert not any(isinstance(block, Text) for block in complete)


def test_a_projected_part_of_the_curve_is_dashed() -> None:
    later = made(reliquidation_date=dt.date(2027, 3, 1), cape_accepted_on=dt.date(2026, 4, 27))
    text = render(exhibit(later), Form.HTML).decode("utf-8")
    assert "line broken" in text
    assert "line broken" not in render(exhibit(made()), Form.HTML).decode("utf-8")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "answer",
    [
        made(),
        made(importer='=1+1"<script>|`'),
        made(protest="open", deposit_date=None),
        made(lines=[EntryLine(1, "VN", [TariffLine("8471300100", 5000, 0)])]),
    ],
    ids=["plain", "hostile", "rejected", "no duty"],
)
def test_an_exhibit_as_written_is_intact(tmp_path: Path, end: str, answer: RefundEstimate) -> None:
    found = verify_exhibit(written(tmp_path, end, answer, show_importers=True))
    assert found.differences == ()
    assert found.intact
    assert found.notes == ()
    assert found.seal == exhibit(answer, show_importers=True).seal
    assert found.entry_number == str(answer.entry.number)
    assert found.to_dict()["intact"] is True


@pytest.mark.parametrize("end", ENDS)
def test_a_changed_word_is_found_and_named(tmp_path: Path, end: str) -> None:
    path = tampered(
        written(tmp_path, end), lambda text: text.replace("Entry types 01, 02 and 06", "All types", 1)
    )
    found = verify_exhibit(path)
    assert not found.intact
    assert any("All types" in one and "Entry types 01, 02 and 06" in one for one in found.differences)


@pytest.mark.parametrize("end", ENDS)
def test_a_changed_record_breaks_the_seal(tmp_path: Path, end: str) -> None:
    path = tampered(written(tmp_path, end), lambda text: text.replace('"refund": "', '"refund": "9'))
    found = verify_exhibit(path)
    assert any(one.startswith("The record was changed: the seal says") for one in found.differences)
    assert len(found.differences) > 1


def test_words_added_and_taken_away_are_found(tmp_path: Path) -> None:
    added = tampered(written(tmp_path, ".md"), lambda text: "Paid in full.\n\n" + text)
    assert 'At the start: not in the record is "Paid in full.".' in verify_exhibit(added).differences
    less = tampered(written(tmp_path, ".md"), lambda text: text.replace("> This", "This", 1))
    assert not verify_exhibit(less).intact
    gone = tampered(written(tmp_path, ".md"), lambda text: text.replace("## Facts\n", "", 1))
    assert any(
        one.endswith('missing in the document is "## Facts".') for one in verify_exhibit(gone).differences
    )


def test_line_ends_and_a_byte_order_mark_are_no_change(tmp_path: Path) -> None:
    path = written(tmp_path, ".md")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert verify_exhibit(path).intact


def test_an_exhibit_of_another_version_is_held_against_the_digest_of_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, ".md")
    monkeypatch.setattr(verify, "package_version", lambda: "99.0")
    monkeypatch.setattr(verify, "document_of", lambda _: exhibit(made(importer="98-765432100")))
    found = verify_exhibit(path)
    assert found.intact
    assert "this is 99.0" in found.notes[0]
    tampered(path, lambda text: text.replace("accepted", "rejected", 1))
    assert not verify_exhibit(path).intact


def test_another_digest_of_the_words_is_a_difference(tmp_path: Path) -> None:
    path = written(tmp_path, ".md")
    record = exhibit_record(made())
    text = path.read_text(encoding="utf-8")
    digest = read_envelope(text.split("```json\n")[1].split("\n```")[0], "x")["text"]
    path.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    assert verify_exhibit(path).differences == ("The words were changed: their digest is another.",)
    # A record of a later layout, sealed well, cannot be laid out.
    for strange in (
        {**record, "format": "another"},
        {**record, "estimate": 7},
        {**record, "payee": None, "lines": [1]},
    ):
        other = "\n".join(envelope_lines(strange, seal_of(strange), digest))
        start, rest = text.split("```json\n")
        path.write_text(f"{start}```json\n{other}\n```\n", encoding="utf-8")
        assert "cannot be laid out" in verify_exhibit(path).differences[0]
        assert rest


def test_what_is_no_exhibit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be opened: No such file"):
        verify_exhibit(tmp_path / "none.html")
    with pytest.raises(InputError, match="no format of a statement"):
        verify_exhibit(tmp_path / "a.pdf")
    plain = tmp_path / "a.md"
    plain.write_text("# Notes\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="holds no sealed record"):
        verify_exhibit(plain)
    plain.write_bytes(b"\xff\xfe")
    with pytest.raises(FileFormatError, match="not UTF-8"):
        verify_exhibit(plain)
    for damaged, words in (("{", "is damaged"), ("[]", "lacks"), ('{"seal": "a", "record": {}}', "lacks")):
        plain.write_text(f"## Sealed record\n\n```json\n{damaged}\n```\n", encoding="utf-8")
        with pytest.raises(FileFormatError, match=words):
            verify_exhibit(plain)


def test_the_record_can_stand_in_any_document() -> None:
    lines = envelope_lines({"importer": "</pre><script>&"}, "s", "t")
    assert not set("<>&") & set("".join(lines))
    assert read_envelope("\n".join(lines), "x")["record"] == {"importer": "</pre><script>&"}


def test_the_exhibit_has_the_parts_a_lawyer_needs() -> None:
    document = exhibit(made())
    assert [section.id for section in document.sections] == [
        "answer",
        "facts",
        "steps",
        "schedule",
        "findings",
        "deadlines",
        "assumptions",
        "sources",
        "seal",
    ]
    assert document_of(exhibit_record(made())) == document
    schedule = next(block for block in document.sections[3].blocks if isinstance(block, Table))
    assert schedule.total is not None
    assert schedule.total[5] == made().interest
    assert str(DAY) in document.subtitle
    windows = next(block for block in document.sections[5].blocks if isinstance(block, Table))
    assert [row[3] for row in windows.rows if row[0] == "CAPE declaration"] == ["34"]
    closed = exhibit(made(liquidation_date=dt.date(2025, 12, 1))).sections[5].blocks[0]
    assert isinstance(closed, Table)
    assert "closed" in [row[3] for row in closed.rows]
