from __future__ import annotations

import datetime as dt

import pytest

from ieeparefund.errors import CoverageError
from ieeparefund.law.citations import Standing
from ieeparefund.law.declaration_file import declaration_limits


def test_the_limits_of_the_announcement() -> None:
    # CSMS 68315804 (Apr. 10, 2026): at most 9,999 entry numbers; quick reference guide: header, under 1 MB.
    limits = declaration_limits()
    assert (limits.header, limits.entries, limits.size) == ("Entry Number", 9999, 1_000_000)
    assert limits.entries_citation.id == "csms-68315804"
    assert limits.file_citation.id == "cbp-cape-qrg"
    assert limits.standing is Standing.PUBLISHED
    assert "10,000" in limits.note


def test_the_limits_are_dated() -> None:
    assert declaration_limits(dt.date(2026, 4, 20)) == declaration_limits(dt.date(2026, 9, 29))
    with pytest.raises(CoverageError, match="2026-04-20"):
        declaration_limits(dt.date(2026, 4, 19))
