"""Daft runs the job of the page: equal to the scalar code in every column."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.differential.jobs import BOOK, answers_in, job, wanted, write

# Before the import, which may already report to its makers.
os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")
pytest.importorskip("daft", reason="daft is not installed")


def test_the_job_of_the_page(tmp_path: Path) -> None:
    paths = write(tmp_path)
    job("daft_job").run(paths["nested"], str(tmp_path / "out"))
    assert answers_in(tmp_path / "out") == wanted(BOOK)
