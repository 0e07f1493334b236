"""mutmut with the three adjustments this code base needs; `run.py` calls it inside the copy it has made.

1. A sentence (a text with a blank beside a word) is neither changed nor taken away as an argument: its wording is
   free. `run.py` prints how many mutants that spares.
2. The tests are collected once; each mutant runs in a fork of that process, after every cache of the package has
   been emptied, so that no table there was built by the unmutated code. What a module makes while it is imported
   is made by the unmutated code.
3. Tests that killed a mutant of the same function come first, then the quick ones; slow tests and most cases of
   tests with many parameters are left out, and the first failure ends the run. Hypothesis draws few examples and
   does not shrink.
"""

from __future__ import annotations

import functools
import gc
import json
import re
import sys
import time
from array import array
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import libcst as cst
import pytest
from _pytest.config import _prepareconfig
from _pytest.runner import runtestprotocol
from mutmut import __main__ as mutmut_cli
from mutmut.core import MutmutProgrammaticFailException
from mutmut.mutation import data, diff_apply, file_mutation, mutators, trampoline
from mutmut.mutation.trampoline_templates import CLASS_NAME_SEPARATOR
from mutmut.runners import harness
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd

BARE = "__bare"
_STATUS = {None: "not tried", 0: "survived", 1: "killed", 3: "killed", 5: "no tests", 33: "no tests"}
_SLOW = 1.0  # seconds of processor time; a test that takes longer is left out
_CASES = 16  # of one test with parameters; the rest is left out, but for those that have killed before
_TIMEOUT = {24, -24, 36, 152, -9}
_KILLS = Path("kills.tsv").absolute()
_WORDS = re.compile(r"[A-Za-z]\S* |\s[A-Za-z]")

_operator_string = mutators.operator_string
_operator_arg_removal = mutators.operator_arg_removal
_ALL_OPERATORS = mutators.mutation_operators
_execute_pytest = harness.PytestRunner.execute_pytest
_collected: dict[str, Any] = {}


def is_words(node: cst.CSTNode) -> bool:
    """Whether a node is text that a person reads: a literal, or an f-string, with a blank beside a word."""
    if isinstance(node, cst.SimpleString):
        return bool(_WORDS.search(str(node.evaluated_value)))
    if isinstance(node, cst.FormattedString):
        return any(
            isinstance(part, cst.FormattedStringText) and _WORDS.search(part.value) for part in node.parts
        )
    if isinstance(node, cst.ConcatenatedString | cst.BinaryOperation):
        return is_words(node.left) or is_words(node.right)
    return False


def operator_string(node: cst.BaseString) -> Any:
    return () if is_words(node) else _operator_string(node)


def operator_arg_removal(node: cst.Call) -> Any:
    """mutmut's own, but for the arguments that are words."""
    for mutated in _operator_arg_removal(node):
        pairs = zip(node.args, [*mutated.args, None], strict=False)
        changed = next(arg for arg, other in pairs if arg is not other)
        if not is_words(changed.value):
            yield mutated


def warm_up(self: harness.PytestRunner) -> None:
    """Collect the tests in the fork server, once for all mutants, and without one: imports call functions too."""
    mutant, trampoline._mutant_under_test = trampoline._mutant_under_test, ""
    with change_cwd("mutants"):
        arguments = ["--rootdir=.", "-q", "-s", "--tb=native", *self._pytest_add_cli_args]
        config = _prepareconfig([*arguments, *self._pytest_add_cli_args_test_selection])
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        session.perform_collect()
    trampoline._mutant_under_test = mutant
    if session.testsfailed:
        raise SystemExit(f"{session.testsfailed} test files could not be collected.")
    _collected.update({item.nodeid: item for item in session.items})
    gc.freeze()


def run_tests(self: harness.PytestRunner, *, mutant_name: str | None, tests: Any) -> int:
    """Run these tests (all, where none is named) until one fails: 1 if one did, else 0."""
    if not _collected:
        self.warm_up()
    forget()
    gc.disable()
    with change_cwd("mutants"):
        for item in (_collected[name] for name in in_order(mutant_name or "", tests or _collected)):
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                with _KILLS.open("a", encoding="utf-8") as kills:
                    kills.write(f"{(mutant_name or '').partition('__mutmut_')[0]}\t{item.nodeid}\n")
                return 1
    return 0


def forget() -> None:
    """Empty every cache of the package, so that tables are built anew."""
    modules = {name: module for name, module in sys.modules.items() if name.startswith("ieeparefund")}
    for module in modules.values():
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()
            elif isinstance(value, dict) and hasattr(value, "__missing__"):
                value.clear()
    if days := modules.get("ieeparefund.law.working_days"):
        days._rank, days._days = array("H"), []
    if rates := modules.get("ieeparefund.law.rates"):
        rates.PUBLISHED_RATES._timeline = rates.PUBLISHED_RATES._hash = None
        rates.PUBLISHED_RATES.growths.clear()


class _ForgetBetweenTests:
    """Lets every test function be seen to reach the functions behind a cache, while mutmut records who reaches what."""

    last = ""
    began = 0.0

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        function = item.nodeid.partition("[")[0]
        if trampoline._mutant_under_test == "stats" and function != self.last:
            self.last = function
            forget()
        self.began = time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        # The clock on the wall says little on a busy machine.
        state().duration_by_test[nodeid] = time.process_time() - self.began


def wrap_in_trampoline(mutants: dict[str, Any], is_classmethod: bool = False) -> Any:
    """mutmut's own without the look into the environment at every call, which costs more than most functions."""

    def decorate(function: Any) -> Any:
        module = function.__module__

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            chosen = mutants["_mutmut_orig"]
            if active := trampoline._mutant_under_test:
                if active == "stats":
                    state()._stats.add(f"{module}.{chosen.__name__.partition('__mutmut_')[0]}")
                elif active == "fail":
                    raise MutmutProgrammaticFailException
                else:
                    where, _, name = active.rpartition(".")
                    chosen = mutants.get(name, chosen) if where == module else chosen
            return (
                getattr(args[0], chosen.__name__)(*args[1:], **kwargs)
                if is_classmethod
                else chosen(*args, **kwargs)
            )

        return call

    return decorate


def execute_pytest(self: harness.PytestRunner, params: list[str], **kwargs: Any) -> int:
    plugins = [*kwargs.pop("plugins", ()), _ForgetBetweenTests()]
    return _execute_pytest(self, params, plugins=plugins, **kwargs)


def in_order(mutant_name: str, tests: Any) -> list[str]:
    """The tests, without the slow ones: first those that killed mutants of the same function, then the quick ones."""
    seconds = state().duration_by_test
    kills: Counter[str] = Counter()
    function = mutant_name.partition("__mutmut_")[0]
    if _KILLS.exists():
        for line in _KILLS.read_text("utf-8").splitlines():
            place, _, test = line.partition("\t")
            kills[test] += 1000 if place == function else 1
    cases: dict[str, list[str]] = {}
    for test in sorted(test for test in tests if seconds.get(test, 0.0) < _SLOW):
        cases.setdefault(test.partition("[")[0], []).append(test)
    spread = {
        group[place * len(group) // wanted]
        for group in cases.values()
        for wanted in [min(len(group), _CASES)]
        for place in range(wanted)
    }
    return sorted(
        spread | (kills.keys() & set(tests)), key=lambda test: (-kills[test], seconds.get(test, 0.0), test)
    )


def adjust() -> None:
    own = {_operator_string: operator_string, _operator_arg_removal: operator_arg_removal}
    file_mutation.mutation_operators = [
        (kind, own.get(operator, operator)) for kind, operator in _ALL_OPERATORS
    ]
    harness.PytestRunner.warm_up = warm_up  # type: ignore[method-assign]
    trampoline.wrap_in_trampoline = wrap_in_trampoline
    harness.PytestRunner.execute_pytest = execute_pytest  # type: ignore[method-assign]
    harness.PytestRunner.run_tests = run_tests  # type: ignore[method-assign]
    hypothesis.settings.register_profile(
        "mutation",
        max_examples=5,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )


def collect(paths: list[str]) -> list[dict[str, Any]]:
    """Every mutant of these files with its fate, and what it changes as `was -> now`."""
    found = []
    for path in map(Path, paths):
        mutants = data.SourceFileMutationData(path=path)
        mutants.load()
        words = _count_all(path) - len(mutants.exit_code_by_key)
        found.append({"path": str(path), "words": words, "mutants": []})
        for name, code in mutants.exit_code_by_key.items():
            status = "timeout" if code in _TIMEOUT else _STATUS.get(code, f"exit {code}")
            mutant = {"status": status, "function": _function(name)}
            if status not in ("killed", "not tried"):
                mutant["change"] = _change(diff_apply.get_diff_for_mutant(name, path=path))
            found[-1]["mutants"].append(mutant)
    return found


def _count_all(path: Path) -> int:
    """How many mutants there would be if words were changed as well."""
    adjusted = file_mutation.mutation_operators
    file_mutation.mutation_operators = _ALL_OPERATORS
    try:
        made = file_mutation.create_mutations(str(path), path.read_text("utf-8"))[1]
    finally:
        file_mutation.mutation_operators = adjusted
    return sum(mutation.contained_by_top_level_function is not None for mutation in made)


def _function(name: str) -> str:
    mangled = name.rpartition(".")[2].partition("__mutmut_")[0].replace(BARE, "")
    return mangled[2:] if mangled.startswith("x_") else mangled[2:].replace(CLASS_NAME_SEPARATOR, ".")


def _change(diff: str) -> str:
    lines = diff.split("\n")[2:]
    was = " / ".join(line[1:].strip() for line in lines if line.startswith("-"))
    now = " / ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return f"{was}  ->  {now}".replace(BARE, "")


def main(arguments: list[str]) -> None:
    adjust()
    if arguments[0] == "collect":
        sys.stdout.write(json.dumps(collect(arguments[1:])))
    else:
        sys.argv[1:] = arguments
        mutmut_cli.cli()


if __name__ == "__main__":
    main(sys.argv[1:])
