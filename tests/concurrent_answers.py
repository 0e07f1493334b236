"""Answers of every pure function, asked in a process of its own: `python tests/concurrent_answers.py HOW`.

Writes one JSON object: `answers`, the digest of each answer, as each asker got it; `builds` and `reads`, how
often each table was built and each table file read. HOW is one of `HOWS`. The process is a fresh one, so that
every table is cold. Digests are of representations: start it with a fixed PYTHONHASHSEED, which orders the sets.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import multiprocessing
import os
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

D = dt.date
THREADS = 16
BOOK = Path(__file__).parents[1] / "examples" / "es003_small.csv"
AS_OF = D(2026, 5, 15)
DAYS = [D(2025, 2, 4) + dt.timedelta(days=37 * k) for k in range(16)]
NUMBERS = ("9903.01.24", "9903.01.25", "9903.02.20", "9903.88.03", "9903.81.91", "8471300100")

Answers = dict[str, str]
_answers: dict[str, Callable[[], object]] = {}


def answer(ask: Callable[[], object]) -> Callable[[], object]:
    _answers[ask.__name__] = ask
    return ask


# Imports stand in the functions: what is cold is loaded by the threads too.
@answer
def window_functions() -> object:
    from ieeparefund.law import windows as w

    found: list[object] = []
    for day in DAYS:
        found += w.cape_window(day), w.protest_window(day), w.voluntary_reliquidation_window(day)
        found += w.residual_suit_window(day), w.denied_protest_suit_window(day)
        found += w.post_summary_correction_window(day, None), w.expected_liquidation_date(day)
        found += w.deemed_liquidation_date(day, 3), w.entry_summary_due_date(day)
        found += w.entry_summary_due_date(day, closures=True), w.periodic_statement_due_date(day)
        found += w.refund_due_date(day), w.reconciliation_due_date(day)
    return found


@answer
def working_days() -> object:
    from ieeparefund.law import working_days as w

    return [
        (w.add_working_days(day, 10, closures=shut), w.working_days_between(DAYS[0], day, closures=shut))
        for day in DAYS
        for shut in (False, True)
    ]


@answer
def interest() -> object:
    from ieeparefund.law.interest import interest

    return [
        interest(Decimal("12345.67"), deposited=day, liquidated=AS_OF + dt.timedelta(days=90), payee=payee)
        for day in DAYS[:12]
        for payee in ("corporation", "other")
    ]


@answer
def projected_rates() -> object:
    from ieeparefund.law.interest_factor import interest_factor
    from ieeparefund.law.rates import PUBLISHED_RATES, annual_rate

    later = D(2028, 12, 31)
    rates = PUBLISHED_RATES.projected(later)
    return [
        (interest_factor(day, later, payee, rates), annual_rate(day, payee, rates))
        for day in DAYS
        for payee in ("other", "corporation")
    ]


@answer
def heading_functions() -> object:
    from ieeparefund.law.authorities import authority, look_alike
    from ieeparefund.law.headings import country_headings, heading_rows, ieepa_heading

    return [
        (
            authority(number),
            look_alike(number),
            heading_rows(number),
            ieepa_heading(number, day, "CN"),
            country_headings("DE", day),
        )
        for number in NUMBERS
        for day in DAYS[::4]
    ]


@answer
def schedule_rates() -> object:
    from ieeparefund.law.column1 import column1_rate, listed_rate

    numbers = ("8471300100", "6109100012", "0406908600")
    return [(listed_rate(number, day), column1_rate(number, day)) for number in numbers for day in DAYS[:10]]


@answer
def expected_duties() -> object:
    from ieeparefund.law.expected_duty import expected_duty

    return [expected_duty("8479.89.95.00", 10000, day, "CN") for day in DAYS[:10]]


@answer
def small_tables() -> object:
    from ieeparefund.ace.ace_texts import ace_texts
    from ieeparefund.law.declaration_file import declaration_limits
    from ieeparefund.law.manifest import rules_version
    from ieeparefund.law.refund_practice import refund_practice

    return ace_texts(), declaration_limits(), rules_version(), refund_practice()


@answer
def book() -> object:
    from ieeparefund.ace.es003 import read_entries
    from ieeparefund.law.duty_split import split_duty
    from ieeparefund.law.eligibility import check_eligibility
    from ieeparefund.law.line_checks import check_line
    from ieeparefund.law.line_findings import entry_findings
    from ieeparefund.law.windows import windows
    from ieeparefund.refunds.estimate import estimate_refund
    from ieeparefund.refunds.explain import explain_estimate

    found: list[object] = []
    for entry in read_entries(BOOK).entries[:6]:
        estimate = estimate_refund(entry, as_of=AS_OF, payee="corporation", column1="schedule")
        found += estimate, explain_estimate(estimate), check_eligibility(entry, as_of=AS_OF)
        found += windows(entry, as_of=AS_OF), split_duty(entry), entry_findings(entry, as_of=AS_OF)
        found += [check_line(line, entry.entry_date) for line in entry.lines]
    return found


@answer
def columns() -> object:
    try:
        from ieeparefund.columns.batch import estimate_batch
    except ImportError:  # without the extra `arrow` there are no columns
        return None
    from ieeparefund.ace.es003 import read_entries
    from ieeparefund.columns.from_entries import entry_batch, tariff_batch

    entries = read_entries(BOOK).entries
    return [
        estimate_batch(
            entry_batch(entries), tariff_batch(entries), as_of=AS_OF, payee=payee, deposit_rule=rule
        ).to_pylist()
        for payee, rule in (("corporation", "summary"), ("other", "periodic"))
    ]


def digest(found: object) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()


def ask(first: int = 0) -> Answers:
    """All answers, the one at place `first` first, so that askers start with different tables."""
    names = list(_answers)
    return {name: digest(_answers[name]()) for name in names[first:] + names[:first]}


def ask_for(name: str) -> tuple[str, str]:
    return name, digest(_answers[name]())


def watch() -> tuple[Counter[str], Counter[str]]:
    """Count builds of tables and readings of table files. To be called before the modules are imported."""
    from ieeparefund.law import citations, once

    builds: Counter[str] = Counter()
    reads: Counter[str] = Counter()
    kept, text = once._kept, citations.table_text

    def counting(build: Callable[..., Any], keep: int | None) -> Any:
        @wraps(build)
        def counted(*arguments: Any) -> Any:
            builds[f"{build.__module__}.{build.__qualname__}{arguments}"] += 1
            return build(*arguments)

        return kept(counted, keep)

    def read(name: str) -> str:
        reads[name] += 1
        return text(name)

    once._kept = counting
    citations.table_text = read
    return builds, reads


def by_threads() -> list[Answers]:
    """The answers that sixteen threads get that start at once and change places as often as can be."""
    sys.setswitchinterval(1e-6)
    start = threading.Barrier(THREADS)
    found: list[Answers] = []

    def run(place: int) -> None:
        start.wait()
        found.append(ask(place % len(_answers)))

    threads = [threading.Thread(target=run, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def by_processes(method: str) -> list[Answers]:
    """The answers of two workers, each asked for some, and then one of them for all."""
    with multiprocessing.get_context(method).Pool(2) as pool:
        return [dict(pool.map(ask_for, list(_answers), chunksize=1)), pool.apply(ask)]


def in_child() -> Answers:
    """Fork and return what the child answers. It has a minute: a child that waits for a lock never ends."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(there, json.dumps(ask()).encode())
        finally:
            os._exit(0)
    os.close(there)
    with os.fdopen(here) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(text))


def load() -> None:
    """Import what the answers need: to fork while another thread imports is unsafe in any Python."""
    for name in ("ieeparefund.ace.es003", "ieeparefund.refunds.explain", "dateutil.relativedelta"):
        importlib.import_module(name)
    for name in ("law.windows", "law.column1", "law.line_checks", "law.expected_duty", "law.refund_practice"):
        importlib.import_module(f"ieeparefund.{name}")
    for name in ("ace.ace_texts", "law.declaration_file", "law.manifest", "columns.from_entries"):
        try:
            importlib.import_module(f"ieeparefund.{name}")
        except ImportError:  # without the extra `arrow` there are no columns
            assert name.startswith("columns")


def by_fork_in_a_storm() -> list[Answers]:
    """Children forked while sixteen threads build the tables."""
    load()
    storm = threading.Thread(target=by_threads, daemon=True)
    storm.start()
    found = [in_child() for _ in range(3)]
    storm.join()
    return found


def by_fork_under_lock() -> list[Answers]:
    """A child forked while a thread builds a table, which it does not finish before the child has answered."""
    from ieeparefund.law.once import once

    load()
    begun, end = threading.Event(), threading.Event()

    @once
    def table() -> int:
        begun.set()
        end.wait()
        return 1

    builder = threading.Thread(target=table, daemon=True)
    builder.start()
    begun.wait()
    found = [in_child()]
    end.set()
    builder.join()
    return [*found, ask()]


HOWS: dict[str, Callable[[], list[Answers]]] = {
    "alone": lambda: [ask()],
    "spawn": lambda: by_processes("spawn"),
    "threads_then_fork": lambda: [*by_threads(), in_child(), *by_processes("fork")],
    "fork_in_a_storm": by_fork_in_a_storm,
    "fork_under_lock": by_fork_under_lock,
}


def main() -> None:
    # Python 3.12 and later warn of any fork beside threads, which is what is tried here.
    warnings.simplefilter("ignore", DeprecationWarning)
    builds, reads = watch()
    answers = HOWS[sys.argv[1]]()
    sys.stdout.write(json.dumps({"answers": answers, "builds": builds, "reads": reads}))


if __name__ == "__main__":
    main()
