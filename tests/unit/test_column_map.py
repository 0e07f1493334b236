from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from ieeparefund.ace.column_map import ColumnMap, column_map_template, load_column_map, parse_column_map
from ieeparefund.ace.report_fields import REPORTS, report_layout
from ieeparefund.errors import FileFormatError, IeepaRefundError, InputError

ES022 = ColumnMap("ES-022", {"entry_number": "Entry", "principal": "Duty"})


def test_a_filled_map(tmp_path: Path) -> None:
    path = tmp_path / "es022.toml"
    path.write_text(
        '\ufeffreport = "es-022"\nsheet = "Main Report"\n[columns]\n'
        'refund_number = "Refund No."\nprincipal = "Duty \\u00e9"\ninterest = ""\n',
        encoding="utf-8",
    )
    found = load_column_map(path)
    assert found == load_column_map(str(path))
    assert found.report == "ES-022"
    assert dict(found.columns) == {"refund_number": "Refund No.", "principal": "Duty \u00e9"}
    assert found.sheet == "Main Report"
    assert found.layout is report_layout("ES-022")


def test_a_map_is_a_value() -> None:
    again = ColumnMap("es-022", dict(ES022.columns))
    assert again == ES022
    assert hash(again) == hash(ES022)
    assert pickle.loads(pickle.dumps(ES022)) == copy.deepcopy(ES022) == ES022
    with pytest.raises(TypeError):
        ES022.columns["interest"] = "Interest"  # type: ignore[index]  # that it is refused is the test


@pytest.mark.parametrize("report", REPORTS)
def test_the_template_names_every_field_and_what_is_needed(report: str) -> None:
    text = column_map_template(report.lower())
    layout = report_layout(report)
    for field in layout.fields:
        assert f'\n{field.name} = ""  # {field.form}: {field.meaning}\n' in text
    for group in layout.required:
        assert f"# Needed: {' or '.join(group)}." in text
    with pytest.raises(InputError, match=f"names no {layout.required[0][0]}"):
        parse_column_map(text)
    filled = text
    for group in layout.required:
        filled = filled.replace(f'\n{group[0]} = ""', f'\n{group[0]} = "The {group[0]}"')
    assert dict(parse_column_map(filled).columns) == {
        group[0]: f"The {group[0]}" for group in layout.required
    }


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"entry_number": "Entry", "duty": "Duty"}, "'duty' is not a field of ES-022"),
        ({"entry_number": "Entry"}, "names no principal or total"),
        ({"principal": "Duty"}, "names no refund_number or entry_number"),
        ({"entry_number": " ", "principal": "Duty"}, "entry_number names the heading"),
        ({"entry_number": "-", "principal": "Duty"}, "entry_number names the heading"),
        ({"entry_number": 5, "principal": "Duty"}, "names the heading 5"),
        (
            {"principal": "Refund Amount", "entry_number": "Entry", "total": "refund_amount"},
            "principal and total both",
        ),
    ],
)
def test_maps_that_cannot_be_used(columns: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        ColumnMap("ES-022", columns)
    assert caught.value.column in {"duty", "principal", "refund_number", "entry_number", "total"}
    assert caught.value.remedy


def test_an_unknown_report() -> None:
    for call in (report_layout, column_map_template):
        with pytest.raises(InputError, match=r"'ES-023' is not known.*ES-022, REV-603"):
            call("ES-023")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("report = ES-022", "no TOML"),
        ("a" * 9 + " = " + "[" * 20000, "no TOML"),
        ('report = "bank"\ndelimiter = ","\n[columns]', "key 'delimiter'"),
        ("[columns]", "no report"),
        ('report = "bank"', r"no \[columns\]"),
        ('report = "bank"\ncolumns = "date"', r"no \[columns\]"),
        ('report = "bank"\nsheet = 3\n[columns]', "sheet is not text"),
    ],
)
def test_text_that_is_no_map(text: str, words: str) -> None:
    with pytest.raises(FileFormatError, match=words) as caught:
        parse_column_map(text, file="my.toml")
    assert caught.value.file == "my.toml"


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bank.toml"
    with pytest.raises(FileFormatError, match="cannot be opened"):
        load_column_map(path)
    path.write_bytes(b"\xff")
    with pytest.raises(FileFormatError, match="UTF-8"):
        load_column_map(path)
    path.write_text('report = "bank"\n[columns]\namount = "Credit"\n', encoding="utf-8")
    with pytest.raises(InputError, match="names no date") as caught:
        load_column_map(path)
    assert caught.value.file == str(path)
    with pytest.raises(IeepaRefundError):
        load_column_map("none\0.toml")
