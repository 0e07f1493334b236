"""Values, tables and TOML given by the user: every mistake is an error of the package, in little time."""

from __future__ import annotations

import datetime as dt
import decimal
import time
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile import targets
from tests.hostile.test_readers_hostile import examples

import ieeparefund as ir
from ieeparefund.ace.book import load_columns
from ieeparefund.ace.column_map import load_column_map, parse_column_map
from ieeparefund.errors import FieldError, FileFormatError, IeepaRefundError, LimitError, brief
from ieeparefund.inputs.limits import ReadLimits
from ieeparefund.inputs.toml import parse_toml, read_toml
from ieeparefund.law.cape_rules import CapeRules
from ieeparefund.law.citations import table_text
from ieeparefund.money import as_dollars, exact_dollars

VAST: list[Any] = [
    "1e9999999",
    "-1e9999999",
    Decimal("1e9999999"),
    Decimal("1e999999999999999999"),
    10**5000,
    "9" * 100_000,
    "1" + "0" * 30,
    Decimal("NaN"),
    Decimal("sNaN"),
    "Infinity",
    "１２",
    "٣",
    "1\u200b2",
    "\ud800",
]


@pytest.mark.parametrize("value", VAST, ids=range(len(VAST)))
def test_amounts_are_refused_by_an_error_of_the_package(value: Any) -> None:
    began = time.perf_counter()
    for read in (exact_dollars, as_dollars):
        with pytest.raises(FieldError) as caught:
            read(value)
        assert len(str(caught.value)) < 300
    with pytest.raises(FieldError):
        ir.interest(value, deposited=dt.date(2025, 4, 8), liquidated=dt.date(2026, 3, 1), payee="other")
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("value", ["1e-9999999", Decimal("1e-999999999999999999")])
def test_less_than_a_cent_is_part_of_a_cent(value: Any) -> None:
    with pytest.raises(FieldError, match="part cents"):
        as_dollars(value)


def test_a_narrow_context_of_the_caller_changes_no_refusal() -> None:
    with decimal.localcontext(decimal.Context(prec=2, Emax=3, Emin=-3)):
        with pytest.raises(FieldError, match="more than 10"):
            exact_dollars("1e14")
        assert exact_dollars("123456.78") == Decimal("123456.78")


def test_brief_never_writes_out_a_vast_value() -> None:
    assert brief(10**5000) == "an integer of hundreds of digits"
    assert brief("x") == "'x'"
    assert brief(7) == "7"
    assert len(brief("x" * 1000)) == 61


RATES: list[Any] = ["５", "1e9999999", "1e-9999999", 10**5000, "NaN", "sNaN", True, None]


@pytest.mark.parametrize("rate", RATES, ids=range(len(RATES)))
def test_rates_are_refused(rate: Any) -> None:
    with pytest.raises(FieldError, match="rate is") as caught:
        ir.PUBLISHED_RATES.with_rate(
            dt.date(2027, 1, 1), dt.date(2027, 3, 31), corporation=rate, other=7, citation="mine"
        )
    assert len(str(caught.value)) < 400


def test_tables_that_reach_the_ends_of_the_calendar() -> None:
    table = ir.RateTable.flat(5, dt.date(9980, 1, 1), dt.date.max)
    found = ir.interest(
        "100", deposited=dt.date(9990, 1, 1), liquidated=dt.date(9990, 12, 31), payee="other", rates=table
    )
    assert found.amount > 0
    (band,) = table.bands
    with pytest.raises(ValueError, match="does not follow"):
        ir.RateTable([band, band])


NOT_TOML: list[tuple[str, str]] = [
    ("a = " + "[" * 100_000, "nested too deep|no TOML"),
    ("a = " + "{a=" * 100_000, "nested too deep|no TOML"),
    ("a." * 30_000 + "b = 1", "more than 200 dots in a line"),
    ("[" + "a." * 30_000 + "b]", "more than 200 dots in a line"),
    ("a = 1\na = 2", "no TOML"),
    ("[columns]\n[columns]", "no TOML"),
    ("a = " + "9" * 5000, "no TOML"),
    ("a = 2025-02-30", "no TOML"),
    ("a = '\0'", "no TOML"),
    ('a = "\\ud800"', "no TOML"),
]


@pytest.mark.parametrize(("text", "words"), NOT_TOML, ids=range(len(NOT_TOML)))
def test_text_that_is_no_toml(text: str, words: str) -> None:
    began = time.perf_counter()
    path = targets.given(text.encode("utf-8", "surrogatepass"), "bad.toml")
    for read in (load_columns, load_column_map):
        with pytest.raises(FileFormatError, match=words) as caught:
            read(path)
        assert caught.value.file == str(path)
    for parse in (parse_column_map, CapeRules.parse):
        with pytest.raises(FileFormatError, match=words):
            parse(text)
    assert time.perf_counter() - began < 5


def test_toml_past_the_limit_and_not_in_utf8() -> None:
    with pytest.raises(LimitError, match="toml_bytes"):
        load_columns(targets.given(b"#" * 2_000_000, "vast.toml"))
    with pytest.raises(LimitError, match="toml_bytes"):
        load_column_map(targets.given(b"a = 1", "vast.toml"), limits=ReadLimits(toml_bytes=4))
    with pytest.raises(FileFormatError, match="not UTF-8 text at byte 5"):
        load_columns(targets.given(b"a = \xff", "latin.toml"))
    path = targets.given("\ufeffa = 1".encode(), "marked.toml")
    assert read_toml(path, "it", "")[1] == parse_toml("a = 1", "it", "") == {"a": 1}


def toml_values() -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["1", "-1", "1.5", "nan", "inf", "true", '"x"', '""', "[]", "[1]", '["x"]', "{}", "{a = 1}",
         "2025-04-08", "2025-04-08T10:00:00", "10:00:00", "9999-12-31", "0xff", "[[1], {}]"]
    )  # fmt: skip


@examples("column_map")
@given(st.dictionaries(st.sampled_from(["report", "sheet", "columns", "other"]), toml_values()))
def test_a_column_map_of_wrong_kinds(table: dict[str, str]) -> None:
    targets.hold("column_map", "\n".join(f"{name} = {value}" for name, value in table.items()).encode())


def _places() -> list[tuple[str, str]]:
    """Every different line `name = value` of the table of rules."""
    lines = (
        line for line in table_text("cape_rules.toml").splitlines() if " = " in line and line[0].isalpha()
    )
    by_name = {line.partition(" = ")[0]: line for line in lines}
    return sorted(by_name.items())


@pytest.mark.parametrize(("name", "line"), _places(), ids=lambda value: value[:20])
def test_a_table_of_rules_with_a_value_of_a_wrong_kind(name: str, line: str) -> None:
    text = table_text("cape_rules.toml")
    right = tomllib.loads(line)[name]
    for value in ("1", "[1]", "2025-04-08T10:00:00"):
        changed = text.replace(line, f"{name} = {value}", 1)
        try:
            found = CapeRules.parse(changed)
        except IeepaRefundError:
            continue
        # Whatever is let through is of the right kind.
        assert isinstance(tomllib.loads(f"a = {value}")["a"], type(right) | str | bool), value
        assert found.rules


def test_a_table_of_rules_without_its_parts() -> None:
    for text in ("", "facts = 1", "[facts]\na = 1", "rule = [1]", "[coverage]\n", "[[facts]]\n"):
        with pytest.raises(FileFormatError, match="the table of rules"):
            CapeRules.parse(text)


@pytest.mark.parametrize("read", [load_columns, load_column_map])
def test_toml_files_that_are_not_there(read: Callable[[Path], object], tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml", tmp_path / "a\0b"):
        with pytest.raises(FileFormatError):
            read(path)
