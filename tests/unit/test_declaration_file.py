from __future__ import annotations

import datetime as dt

import pytest

from ieeparefund.errors import CoverageError
from ieeparefund.law import declaration_file as module
from ieeparefund.law.citations import Standing, table_text
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


def test_limits_that_changed_are_asked_by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    old = table_text("declaration_file.toml")
    new = old.replace("from = 2026-04-20", "from = 2026-07-01").replace("entries = 9999", "entries = 20000")
    both = old.replace("from = 2026-04-20", "from = 2026-04-20\nto = 2026-06-30") + new
    module._timeline.cache_clear()
    monkeypatch.setattr(module, "table_text", lambda _: both)
    try:
        assert declaration_limits(dt.date(2026, 6, 30)).entries == 9999
        assert declaration_limits(dt.date(2026, 6, 30)).last_day == dt.date(2026, 6, 30)
        assert declaration_limits(dt.date(2026, 7, 1)).entries == declaration_limits().entries == 20000
    finally:
        module._timeline.cache_clear()


def test_before_cape_the_error_names_the_table_and_the_first_day() -> None:
    with pytest.raises(
        CoverageError,
        match=r"^the CAPE declaration file is known from 2026-04-20 .* CAPE opened on the first of these days\.$",
    ):
        declaration_limits(dt.date(2026, 4, 19))
