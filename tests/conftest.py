"""Hypothesis profiles: `dev` (default), `ci` (derandomised), `deep`. Chosen by HYPOTHESIS_PROFILE.

A module of tests that needs an extra which is not installed is skipped, with the extra's name as the reason.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from ieeparefund.errors import MissingExtraError

_QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=60, deadline=None, suppress_health_check=_QUIET)
settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=_QUIET
)
settings.register_profile("deep", max_examples=3000, deadline=None, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

# Modules that extras bring and tests import at their head.
_EXTRAS = {
    **dict.fromkeys(("numpy", "pyarrow"), "arrow"),
    **dict.fromkeys(("click", "rich", "typer"), "cli"),
    **dict.fromkeys(("python_calamine", "xlsxwriter"), "excel"),
    **dict.fromkeys(("jinja2", "matplotlib"), "report"),
    **dict.fromkeys(("mcp", "mcp_types", "pydantic", "typing_extensions"), "mcp"),
    **{name: name for name in ("duckdb", "pandas", "polars")},
}


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, None]:
    outcome = yield
    report = outcome.get_result()
    error = getattr(getattr(report.call, "excinfo", None), "value", None)
    cause = getattr(error, "__cause__", None) or error
    if isinstance(cause, MissingExtraError):
        reason = str(cause)
    elif isinstance(cause, ModuleNotFoundError) and (cause.name or "").partition(".")[0] in _EXTRAS:
        reason = f"the {_EXTRAS[cause.name.partition('.')[0]]} extra is not installed"
    else:
        return
    report.outcome, report.longrepr = "skipped", (str(collector.path), 0, f"Skipped: {reason}")
