"""The page of limits says what the limits are."""

from __future__ import annotations

import re
from pathlib import Path

from ieeparefund.inputs.limits import ReadLimits

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "hostile-files.md"


def test_every_limit_stands_on_the_page_with_its_default() -> None:
    rows = re.findall(
        r"^\| `([a-z_]+)` \| ([\d,]+) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    described = ReadLimits.described()
    assert [(name, int(number.replace(",", ""))) for name, number, _ in rows] == [
        (name, default) for name, default, _ in described
    ]
    for (_, _, shown), (_, _, counts) in zip(rows, described, strict=True):
        assert shown.startswith(counts)
