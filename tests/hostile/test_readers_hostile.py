"""Every reader under random bytes, broken good files and hostile cells: the law of `targets.hold`."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hostile.seeds import SEEDS, TOKENS, changed, changed_workbook
from tests.hostile.targets import READERS, hold

_NEEDS = {
    "es003_xlsx": ("python_calamine", "xlsxwriter"),
    "exhibit_html": ("jinja2",),
    "exhibit_xlsx": ("python_calamine", "xlsxwriter"),
    "columns_csv": ("pyarrow",),
    "columns_parquet": ("pyarrow",),
}
# Laying out an exhibit anew takes a while; the deep profile makes up for it.
_USUAL = settings().max_examples
_DEEP = 1000
_FEW = {"exhibit_html": 12, "exhibit_xlsx": 12, "columns_csv": 20, "columns_parquet": 20}
_TABLES = {"es003_csv": ",", "claim_details": ",", "refund_report": ",", "bank_lines": ",", "offsets": ","}


def examples(reader: str) -> settings:
    return settings(max_examples=_USUAL if _USUAL >= _DEEP else min(_USUAL, _FEW.get(reader, 30)))


def needed(reader: str) -> None:
    for module in _NEEDS.get(reader, ()):
        pytest.importorskip(module, reason="an extra is not installed")


@pytest.mark.parametrize("reader", READERS)
def test_the_good_file_is_read(reader: str) -> None:
    needed(reader)
    assert hold(reader, SEEDS[reader]()) is None


@pytest.mark.parametrize("reader", READERS)
def test_any_bytes(reader: str) -> None:
    needed(reader)

    @examples(reader)
    @given(st.binary(max_size=300) | st.lists(st.sampled_from(TOKENS), max_size=12).map(b"".join))
    def law(data: bytes) -> None:
        hold(reader, data)

    law()


@pytest.mark.parametrize("reader", READERS)
def test_a_good_file_that_was_changed(reader: str) -> None:
    needed(reader)
    good = SEEDS[reader]()

    @examples(reader)
    @given(st.integers(0, 1 << 32), st.booleans())
    def law(seed: int, inside: bool) -> None:
        draw = random.Random(seed).randint
        way = changed_workbook if inside and good.startswith(b"PK") else changed
        hold(reader, way(good, draw))

    law()


def hostile_cells() -> st.SearchStrategy[str]:
    """Cells that look like good ones, and pieces that break them."""
    pieces = [token.decode("utf-8", "replace") for token in TOKENS]
    good = [
        "ZT400001231",
        "04/08/2025",
        "2025-04-08",
        "100.00",
        "9903.01.24",
        "1",
        "01",
        "CN",
        "Open",
        "Y",
        "",
    ]
    whole = st.sampled_from(good + pieces)
    return whole | st.tuples(whole, whole).map("".join) | st.text(max_size=8)


@pytest.mark.parametrize("reader", _TABLES)
def test_hostile_cells_in_a_good_table(reader: str) -> None:
    head, *rows = csv.reader(io.StringIO(SEEDS[reader]().decode()))

    @examples(reader)
    @given(st.data())
    def law(data: Any) -> None:
        changes = data.draw(
            st.dictionaries(
                st.tuples(st.integers(0, len(rows)), st.integers(0, len(head) - 1)),
                hostile_cells(),
                min_size=1,
                max_size=6,
            )
        )
        table = [list(row) for row in (*rows, rows[0])]
        for (row, column), cell in changes.items():
            table[row][column] = cell
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([head, *table])
        hold(reader, out.getvalue().encode("utf-8", "surrogatepass"))

    law()
