"""Ray runs the job of the page: equal to the scalar code in every column."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.differential.jobs import BOOK, JOBS, answers_in, job, wanted, write

ray = pytest.importorskip("ray", reason="ray[data] is not installed")
pytest.importorskip("ray.data", reason="ray[data] is not installed")

# Of Ray's own code: what it deprecates itself, and sockets it leaves to the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_the_job_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    paths = write(tmp_path)
    # As a script the job is sent along; imported, as here, the workers look for its file.
    here = {"env_vars": {"PYTHONPATH": str(JOBS)}}
    ray.init(
        num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR", runtime_env=here
    )
    try:
        job("ray_job").run(paths["nested"], str(tmp_path / "out"))
    finally:
        ray.shutdown()
    assert answers_in(tmp_path / "out") == wanted(BOOK)
