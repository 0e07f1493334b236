"""Mutation testing of the law, the money and the entries, with mutmut 3.

    python tests/mutation/run.py [--keep FOLDER] [--list] [--sample DIGITS] [module ...]

Modules are named below the package: `law.duty`, `money`, `entries`. Without names all of `law`, `entries` and `money`.
Needs `pip install -e '.[dev]' mutmut`. The tree is copied into a temporary folder, where mutmut changes the named
modules one place at a time and runs the quick tests that reach the changed function. Printed: for each module how
many mutants were killed, survived, ran out of time or met no test, and how many words (sentences) were left alone;
then every survivor that no `survivors*.toml` lists, and every listed one that no longer survives.
Exit code 0 when survivors and list agree and at least 90 % were killed, else 1.

mutmut leaves decorated functions alone. In the copy, `@property` and the caches are therefore written as calls below
the function (`name = cache(name__bare)`), which means the same and lets the body be mutated.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = Path("src/ieeparefund")
TARGET = 90.0

# The quick tests by subject: those of the modules whose names begin with one of the words.
# mutmut takes from them the tests that reach the function at hand.
_DUTY = (
    "authorities check_results column1 duty expected_duty filed_line finding goods grounds heading line_ manifest "
    "row_rules schedule_rates stacking citations dated"
)
_TESTS = {
    _DUTY: (
        "unit/test_authorities.py unit/test_citations.py unit/test_column1.py unit/test_dated.py unit/test_duty.py "
        "unit/test_expected_duty.py unit/test_headings.py unit/test_line_checks.py unit/test_line_decision.py "
        "unit/test_line_findings.py "
        "unit/test_schedule_rates.py golden/test_column1_schedule.py golden/test_duty_vectors.py "
        "golden/test_heading_boundaries.py golden/test_heading_facts.py golden/test_line_check_vectors.py "
        "properties/test_column1_laws.py properties/test_duty_laws.py properties/test_expected_duty_laws.py "
        "properties/test_heading_laws.py"
    ),
    "money entries": (
        "unit/test_money.py unit/test_entry.py unit/test_entry_number.py unit/test_masks.py unit/test_column1.py "
        "unit/test_duty.py unit/test_privacy.py golden/test_entry_number_vectors.py properties/test_entry_laws.py "
        "properties/test_es003_laws.py"
    ),
    "cape_ clocks declaration_file eligibility refund_practice eastern window due_dates working_days": (
        "unit/test_cape_declaration.py unit/test_cape_rules.py unit/test_clocks.py unit/test_declaration_file.py "
        "unit/test_due_dates.py unit/test_eastern.py unit/test_eligibility.py unit/test_notebook.py "
        "unit/test_cash.py unit/test_windows.py unit/test_working_days.py golden/test_window_vectors.py "
        "golden/test_cape_decision_table.py golden/test_public_cases.py golden/test_refund_cases.py "
        "golden/test_upload_file.py properties/test_eligibility_laws.py properties/test_window_laws.py "
        "properties/test_working_day_laws.py"
    ),
    "growth interest late_interest rate": (
        "unit/test_growth.py unit/test_interest.py unit/test_interest_bounds.py unit/test_late_interest.py "
        "unit/test_rates.py unit/test_notebook.py golden/test_interest_vectors.py properties/test_interest_laws.py"
    ),
}

_CONFIG = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {paths}
process_isolation = "forkserver"
use_git_change_detection = false
track_dependencies = false
use_setproctitle = false
timeout_constant = 4.0
timeout_multiplier = 6.0
pytest_add_cli_args = [
    "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov",
    "-p", "no:unraisableexception", "-p", "no:threadexception",
]
pytest_add_cli_args_test_selection = {tests}
"""


def modules_named(names: list[str]) -> list[Path]:
    """The source files, relative to the tree, of modules and packages named below `ieeparefund`."""
    found: list[Path] = []
    for name in names or ["money", "entries", "law"]:
        path = PACKAGE / name.replace(".", "/")
        files = (
            sorted((ROOT / path).glob("*.py")) if (ROOT / path).is_dir() else [ROOT / path.with_suffix(".py")]
        )
        for file in files:
            if not file.is_file():
                raise SystemExit(f"There is no module {name} in {ROOT / PACKAGE}.")
            if file.name != "__init__.py":
                found.append(file.relative_to(ROOT))
    return found


def tests_for(paths: list[Path]) -> list[str]:
    """The test files for these modules, in the order of the table."""
    chosen: dict[str, None] = {}
    for path in paths:
        subject = "entries" if path.parent.name == "entries" else path.stem
        groups = [tests for words, tests in _TESTS.items() if subject.startswith(tuple(words.split()))]
        for test in " ".join(groups).split() or [f"unit/test_{path.stem}.py"]:
            if (ROOT / "tests" / test).is_file():
                chosen[f"tests/{test}"] = None
    return list(chosen)


# What `without_decorators` applies below the function: `property` alone has setters and the like.
_APPLIED_BELOW = ("property", "cache", "once", "exactly", "lru_cache(")


def without_decorators(source: str) -> str:
    """The same module with caches and properties applied below the function instead of above it."""
    lines = source.splitlines()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(functions, key=lambda function: -function.lineno):
        texts = [ast.unparse(decorator) for decorator in node.decorator_list]
        if not texts or not all(text.startswith(_APPLIED_BELOW) for text in texts):
            continue
        indent, whole = " " * node.col_offset, f"{node.name}__bare"
        for text in reversed(texts):
            whole = f"{text}({whole})"
        lines.insert(node.end_lineno or node.lineno, f"{indent}{node.name} = {whole}")
        lines[node.lineno - 1] = lines[node.lineno - 1].replace(
            f"def {node.name}(", f"def {node.name}__bare(", 1
        )
        del lines[node.decorator_list[0].lineno - 1 : node.decorator_list[-1].end_lineno]
    return "\n".join(lines) + "\n"


def make_copy(folder: Path, paths: list[Path], tests: list[str]) -> None:
    """A clean tree in `folder`: package, quick tests, examples and the settings of mutmut."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored)
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=ignored)
    for part in ("browser", "docs", "differential", "packaging"):
        shutil.rmtree(folder / "tests" / part, ignore_errors=True)
    for path in paths:
        text = without_decorators((ROOT / path).read_text("utf-8"))
        (folder / path).write_text(text, "utf-8")
    names = [str(path) for path in paths]
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    settings += _CONFIG.format(paths=json.dumps(names), tests=json.dumps(tests))
    (folder / "pyproject.toml").write_text(settings, "utf-8")


def mutate(folder: Path, paths: list[Path], sample: str) -> list[dict]:
    """Run mutmut in the copy; the mutants of each file with their fates."""
    driver = [sys.executable, str(Path(__file__).with_name("driver.py"))]
    environment = os.environ | {"HYPOTHESIS_PROFILE": "mutation"}
    log = folder / "mutmut.log"
    with log.open("w", encoding="utf-8") as out:
        ran = subprocess.run(
            [*driver, "run", "--max-children", "1", *(f"*__mutmut_*{digit}" for digit in sample)],
            cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if ran.returncode:
        raise SystemExit(f"{_last_words(log)}\n{_plain_run(folder)}\nmutmut ended with {ran.returncode}.")
    names = [str(path) for path in paths]
    collected = subprocess.run(
        [*driver, "collect", *names], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(collected.stdout)


def _last_words(log: Path) -> str:
    """The end of mutmut's output without the frames of its spinner."""
    lines = log.read_text("utf-8").replace("\r", "\n").splitlines()
    return "\n".join([line for line in lines if line[:1] not in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"][-40:])


def _plain_run(folder: Path) -> str:
    """What pytest says about the same tests without a mutant: mutmut does not show it."""
    tests = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=short", *tests["pytest_add_cli_args"]]
    ran = subprocess.run(
        [*command, *tests["pytest_add_cli_args_test_selection"]],
        cwd=folder / "mutants", env=os.environ | {"PYTHONPATH": "src"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.stdout[-3000:]


def listed_survivors() -> dict[tuple[str, str, str], str]:
    """The reviewed survivors of all `survivors*.toml`: (module, function, change) with the reason."""
    files = sorted(Path(__file__).parent.glob("survivors*.toml"))
    return {
        (item["module"], item["function"], change): item["reason"]
        for file in files
        for item in tomllib.loads(file.read_text("utf-8")).get("survivors", ())
        for change in item["changes"]
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Mutation testing with mutmut; see the head of this file.")
    parser.add_argument("modules", nargs="*", help="for example law.duty, entries, money")
    parser.add_argument("--keep", type=Path, help="work in this new folder and leave it there")
    parser.add_argument(
        "--list", action="store_true", help="print every survivor, not only those not in the list"
    )
    parser.add_argument(
        "--sample", default="", help="only mutants whose number ends in one of these digits: 37"
    )
    options = parser.parse_args(arguments)
    paths = modules_named(options.modules)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="mutation-"))
    try:
        make_copy(folder, paths, tests_for(paths))
        files = mutate(folder, paths, options.sample)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    return report(files, everything=options.list, sample=bool(options.sample))


def report(files: list[dict], *, everything: bool, sample: bool = False) -> int:
    """Print the table and the differences from the list; 0 when all is as it should be."""
    write = sys.stdout.write
    kinds = ("killed", "survived", "timeout", "no tests")
    write(
        f"{'module':<28}{'mutants':>8}{'killed':>8}{'survived':>9}{'timeout':>8}{'no tests':>9}{'words':>7}\n"
    )
    seen: set[tuple[str, str, str]] = set()
    totals = dict.fromkeys((*kinds, "mutants", "words"), 0)
    checked = set()
    for file in files:
        module = ".".join(Path(file["path"]).with_suffix("").parts[2:])
        checked.add(module)
        mutants = [mutant for mutant in file["mutants"] if mutant["status"] != "not tried"]
        counts = {kind: sum(mutant["status"] == kind for mutant in mutants) for kind in kinds}
        counts |= {"mutants": len(mutants), "words": file["words"]}
        totals = {kind: totals[kind] + counts[kind] for kind in totals}
        _write_row(module, counts)
        seen |= {
            (module, m["function"], m["change"]) for m in mutants if m["status"] not in ("killed", "timeout")
        }
    _write_row("all", totals)
    dead = totals["killed"] + totals["timeout"]
    percent = 100 * dead / totals["mutants"] if totals["mutants"] else 100.0
    write(f"killed: {percent:.1f} % (timeouts count as killed; words are not mutated)\n")
    listed = listed_survivors()
    new = seen if everything else seen - listed.keys()
    gone = {key for key in listed.keys() - seen if key[0] in checked and not sample}
    for title, keys in (
        ("survivors" if everything else "survivors not listed", new),
        ("listed, but killed now", gone),
    ):
        if keys:
            write(f"\n{title}: {len(keys)}\n")
            for module, function, change in sorted(keys):
                write(f"  {module} {function}: {change}\n")
    return 0 if seen <= listed.keys() and not gone and percent >= TARGET else 1


def _write_row(name: str, counts: dict[str, int]) -> None:
    sys.stdout.write(
        f"{name:<28}{counts['mutants']:>8}{counts['killed']:>8}{counts['survived']:>9}"
        f"{counts['timeout']:>8}{counts['no tests']:>9}{counts['words']:>7}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
