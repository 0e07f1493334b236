"""Dask runs the job of the page: equal to the scalar code in every column."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.differential.jobs import LINED, answers_in, job, wanted, write

pytest.importorskip("dask.dataframe", reason="dask[dataframe] is not installed")
pytest.importorskip("pandas", reason="the pandas extra is not installed")

# Dask uses what the newest pandas deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_the_job_of_the_page(tmp_path: Path) -> None:
    paths = write(tmp_path)
    job("dask_job").run(paths["rows"], str(tmp_path / "out"))
    assert answers_in(tmp_path / "out") == wanted(LINED)
