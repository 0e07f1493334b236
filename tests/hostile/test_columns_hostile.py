"""Columnar files that are broken or misleading: an error of the package, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the arrow extra is not installed")

from tests.hostile.seeds import columnar

from ieeparefund.columns.readers import read_pieces
from ieeparefund.errors import FileFormatError

GOOD = columnar(".csv").decode()

BROKEN = {
    "first line that never ends": (b"x" * 2_000_000, "first line has more than"),
    "not UTF-8 in the first line": (b"\xff\xfe,\n1,2\n", "utf-8"),
    "not UTF-8 below": (GOOD.encode().replace(b"9903.01.24", b"\xff\xff.01.24"), "UTF8|utf-8"),
    "nothing": (b"", "Empty CSV"),
    "a quotation mark": (GOOD.encode() + b'"', "CSV parse error"),
    "too few cells": (GOOD.encode() + b"1\n", "CSV parse error"),
    "a row longer than a block": (
        GOOD.encode() + b'"' + b"x" * (17 << 20) + b'"\n',
        "straddling|CSV parse error",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_csv(name: str, tmp_path: Path) -> None:
    data, words = BROKEN[name]
    path = tmp_path / "rows.csv"
    path.write_bytes(data)
    with pytest.raises(FileFormatError, match=words) as caught:
        list(read_pieces(path, None))
    assert caught.value.file == str(path)
    assert caught.value.remedy


@pytest.mark.parametrize("cut", [0, 4, 40, -1, -8])
def test_broken_parquet(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(columnar(".parquet")[:cut])
    with pytest.raises(FileFormatError, match="not a Parquet file") as caught:
        list(read_pieces(path, None))
    assert caught.value.file == str(path)


def test_damaged_pages(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    data = bytearray(columnar(".parquet"))
    data[4:300] = b"\xff" * 296
    path.write_bytes(data)
    with pytest.raises(FileFormatError, match="not a Parquet file"):
        list(read_pieces(path, None))


def test_good_files_are_read(tmp_path: Path) -> None:
    for end in (".csv", ".parquet"):
        path = tmp_path / f"rows{end}"
        path.write_bytes(columnar(end))
        assert sum(piece.rows for piece in read_pieces(path, None)) == 3
