"""Threads and processes: the same answers as one after the other, and every table built once."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import ieeparefund
from ieeparefund.entries.codes import Payee
from ieeparefund.law import once as module
from ieeparefund.law.once import building, once, once_for
from ieeparefund.law.rates import PUBLISHED_RATES

TESTS = Path(__file__).parents[1]
SOURCE = Path(ieeparefund.__file__).parent
THREADS = 16
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@cache
def asked(how: str) -> dict[str, Any]:
    """What a fresh interpreter finds that asks in this way. Answers are compared by digests of their text."""
    run = subprocess.run(
        [sys.executable, str(TESTS / "concurrent_answers.py"), how],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        # One order of the members of sets in all runs.
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize(
    ("how", "askers"),
    [
        pytest.param("threads_then_fork", THREADS + 3, marks=forks),
        pytest.param("fork_in_a_storm", 3, marks=forks),
        pytest.param("fork_under_lock", 2, marks=forks),
        ("spawn", 2),
    ],
)
def test_the_answers_are_those_of_one_asker_and_every_table_is_built_once(how: str, askers: int) -> None:
    (alone,) = asked("alone")["answers"]
    assert len(alone) == 10
    found = asked(how)
    assert found["answers"] == [alone] * askers
    # Workers that were spawned count for themselves, and are not asked. Columns have tables of their own.
    least = 25 if find_spec("pyarrow") else 20
    assert len(found["builds"]) >= (0 if how == "spawn" else least)
    assert {name: count for name, count in found["builds"].items() if count > 1} == {}
    # The calendar with closures and the one without both read the holidays.
    twice = {name for name, count in found["reads"].items() if count > 1}
    assert twice == (set() if how == "spawn" else {"national_holidays.csv"})
    assert found["reads"].get("national_holidays.csv", 2) == 2


def test_every_table_of_the_package_is_built_by_once() -> None:
    """`functools.cache` is for small values by argument; a table takes no argument. The testing kit has none."""
    found = []
    for path in sorted(set(SOURCE.rglob("*.py")) - set((SOURCE / "testing").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not ast.unparse(node.args):
                names = {ast.unparse(each).split("(")[0] for each in node.decorator_list}
                found += [f"{path.stem}.{node.name}"] * bool(names & {"cache", "lru_cache"})
    assert found == []


@pytest.mark.parametrize("decorate", [once, once_for(4)])
def test_threads_that_ask_together_wait_for_one_build(decorate: Any) -> None:
    builds = []
    asked_for = threading.Barrier(THREADS)

    def build(key: str) -> list[str]:
        builds.append(key)
        # Long enough for the others to come to the lock.
        threading.Event().wait(0.05)
        return [key]

    table = decorate(build)

    def ask(key: str) -> list[str]:
        asked_for.wait()
        found: list[str] = table(key)
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, ["one", "other"] * (THREADS // 2)))
    assert sorted(builds) == ["one", "other"]
    assert all(each is table(each[0]) for each in found)


def test_a_table_is_kept_and_cleared_like_that_of_a_cache() -> None:
    builds = []

    @once_for(2)
    def table(key: int) -> list[int]:
        """Say what it is."""
        builds.append(key)
        return [key]

    assert (table.__name__, table.__doc__) == ("table", "Say what it is.")
    first = table(1)
    assert table(1) is first
    assert (table(2), table(3), builds) == ([2], [3], [1, 2, 3])
    assert table(1) is not first  # only the last two are kept
    assert builds == [1, 2, 3, 1]
    table.cache_clear()
    assert (table(1), builds) == ([1], [1, 2, 3, 1, 1])


def test_what_raises_is_asked_again() -> None:
    answers: list[Exception | int] = [ValueError("not yet"), 7]

    @once
    def table() -> int:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(ValueError, match="not yet"):
        table()
    assert (table(), table()) == (7, 7)


def test_a_table_may_ask_for_another_and_for_itself_by_another_key() -> None:
    @once
    def small() -> int:
        return 1

    @once
    def large(key: int) -> int:
        return small() + (large(key - 1) if key else 0)

    assert large(5) == 6


def test_a_child_does_not_wait_for_a_thread_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_lock", module._lock)
    begun, end = threading.Event(), threading.Event()

    @once
    def slow() -> int:
        begun.set()
        end.wait(60)
        return 1

    @once
    def quick() -> int:
        return 2

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow)
        begun.wait(60)
        assert building().acquire(blocking=False) is False
        module._renew()  # what the system calls in a forked child
        assert quick() == 2
        end.set()
        assert waiting.result() == 1


def test_a_growth_table_that_another_thread_built_is_taken() -> None:
    growth = PUBLISHED_RATES.growths[Payee.OTHER]
    # What a thread does that found none, and then had to wait for the lock.
    assert PUBLISHED_RATES.growths.__missing__(Payee.OTHER) is growth
