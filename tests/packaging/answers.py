"""Many answers in a process of its own: `python tests/packaging/answers.py FOLDER SURROUNDING`.

Prints one JSON object, the digest of each answer by its name; FOLDER takes what is written. SURROUNDING is one of
`SURROUNDINGS`, which the process makes for itself before the package is first imported; what comes from outside
(time zone, locale, options of Python) is the caller's. Answers whose extra is not installed are left out.
"""

from __future__ import annotations

import datetime as dt
import decimal
import hashlib
import io
import json
import locale
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

BOOK = Path(__file__).resolve().parents[2] / "examples" / "es003_small.csv"
AS_OF = dt.date(2026, 5, 15)


def _short_decimals() -> None:
    """Three digits, rounded up, nothing trapped: what a caller may have set for figures of his own."""
    shaped = {"prec": 3, "rounding": decimal.ROUND_UP, "Emin": -9, "Emax": 9, "capitals": 0, "clamp": 1}
    for name, value in shaped.items():
        setattr(decimal.DefaultContext, name, value)
    decimal.setcontext(decimal.Context(traps=[], **shaped))


def _trapping_decimals() -> None:
    """Every signal is an error: the least inexact step in it would raise. In a locale of letters unlike those of C."""
    _foreign_locale()
    signals = list(decimal.getcontext().traps)
    decimal.setcontext(decimal.Context(prec=6, rounding=decimal.ROUND_DOWN, traps=signals))


def _foreign_locale() -> None:
    """The first locale found whose letters, decimal comma or bytes are not those of C."""
    sys.setrecursionlimit(100_000)
    for name in ("tr_TR.ISO8859-9", "de_DE.ISO8859-1", "tr_TR.UTF-8", "de_DE.UTF-8", "C.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        return


def _warnings_as_errors() -> None:
    """Every warning is an error, but for what other packages warn of while they are imported."""
    for name in ("typer", "rich", "jinja2", "xlsxwriter"):
        with suppress(ImportError):
            import_module(name)
    warnings.simplefilter("error")


SURROUNDINGS: dict[str, Callable[[], None]] = {
    "plain": lambda: None,
    "warnings_as_errors": _warnings_as_errors,
    "short_decimals": _short_decimals,
    "trapping_decimals": _trapping_decimals,
}


def _is_missing(*modules: str) -> bool:
    from importlib.util import find_spec

    return any(find_spec(name) is None for name in modules)


def _law() -> Iterator[tuple[str, object]]:
    import ieeparefund as ir

    days = [dt.date(2025, 2, 3) + dt.timedelta(days=13 * count) for count in range(40)]
    yield (
        "windows",
        [
            (
                ir.cape_window(day),
                ir.protest_window(day),
                ir.residual_suit_window(day),
                ir.expected_liquidation_date(day),
                ir.entry_summary_due_date(day, closures=True),
                ir.add_working_days(day, 10),
            )
            for day in days
        ],
    )
    found = [
        ir.interest(principal, deposited=day, liquidated=AS_OF + dt.timedelta(days=90), payee=payee)
        for principal in ("0.01", "12345.675", 9999999999999)
        for day in days[:30]
        for payee in ("corporation", "other")
    ]
    yield "interest", [(one.amount, one.factor, one.inferred) for one in found]
    yield "schedule", [(one.periods, one.explain()) for one in found[::17]]
    later = dt.date(2028, 12, 31)
    rates = ir.PUBLISHED_RATES.projected(later)
    yield "projected", [ir.interest_factor(day, later, "other", rates) for day in days]
    yield (
        "late",
        [
            ir.late_refund_interest(
                "98765.43", liquidated=day, paid=day + dt.timedelta(days=100), payee="other"
            ).explain()
            for day in days[:8]
        ],
    )
    yield (
        "headings",
        [
            (
                ir.authority(number),
                [ir.ieepa_heading(number, day, country) for day in days for country in ("CN", "DE")],
            )
            for number in ("9903.01.24", "9903.01.25", "9903.02.20", "9903.88.03", "8471300100")
        ],
    )
    yield "expected", [ir.expected_duty("8479.89.95.00", "12345.67", day, "CN") for day in days[::3]]
    yield "listed", [ir.column1_rate(number, days[9]) for number in ("6109100012", "0406908600")]


def _book(folder: Path) -> Iterator[tuple[str, object]]:
    import ieeparefund as ir
    from ieeparefund.ace.declaration_files import finish_pending
    from ieeparefund.report.exhibit import exhibit
    from ieeparefund.report.render import Form, render
    from ieeparefund.report.statement import statement

    file = ir.read_entries(BOOK)
    yield (
        "eligibility",
        [ir.check_eligibility(one, as_of=one.entry_date + dt.timedelta(days=400)) for one in file.entries],
    )
    duties = [ir.ieepa_duty(one) for one in file.entries]
    yield (
        "duty",
        [(one.paid, one.low, one.high, one.by_programme, one.explain(), one.findings) for one in duties],
    )
    yield "split", [ir.split_duty(one) for one in file.entries]
    yield "checks", [ir.check_line(line, one.entry_date) for one in file.entries[:10] for line in one.lines]
    yield "read", (file.totals, file.problems, file.repairs, file.notes, file.entries)
    portfolio = ir.estimate_portfolio(file.entries, as_of=AS_OF, payee="corporation")
    yield "portfolio", portfolio.to_dict()
    yield "rows", portfolio.to_rows()
    yield "forecast", portfolio.cash_forecast().to_dict()
    coming = next(estimate for estimate in portfolio.estimates if estimate.interest)
    yield "explained", coming.explain()
    paid = [
        ir.Payment(
            one.entry.number, principal=one.refundable_duty, interest=one.interest, refund_number=f"R{place}"
        )
        for place, one in enumerate(portfolio.estimates)
        if one.refund
    ]
    yield "reconciled", ir.reconcile(portfolio.estimates, paid).to_dict()
    trace = ir.explain_interest(
        coming.interest,
        coming.refundable_duty,
        deposited=coming.interest_from,
        liquidated=coming.interest_to,
        payee="other",
    )
    yield "traced", trace.explain()

    ir.write_declarations(ir.plan_declarations(portfolio.estimates, group_by="importer"), folder)
    yield "declared", [(path.name, path.read_bytes()) for path in sorted(finish_pending(folder))]

    forms = [Form.MARKDOWN]
    forms += [] if _is_missing("jinja2") else [Form.HTML]
    forms += [] if _is_missing("xlsxwriter") else [Form.WORKBOOK]
    for form in forms:
        yield f"statement_{form}", render(statement(portfolio), form)
        yield f"exhibit_{form}", render(exhibit(coming), form)


def _command() -> Iterator[tuple[str, object]]:
    """The README's main command, in the encoding that standard output has here."""
    if _is_missing("typer", "rich"):
        return
    from ieeparefund.cli import main

    out, arguments = sys.stdout, sys.argv
    for form in ("json", "table"):
        written = io.BytesIO()
        shown = io.TextIOWrapper(written, encoding=out.encoding, errors=out.errors, newline="\n")
        sys.stdout = shown
        sys.argv = ["ieeparefund", "estimate", str(BOOK), "--as-of", "2026-05-15", "--payee", "corporation"]
        sys.argv += ["--format", form]
        code: object = None
        try:
            main()
        except SystemExit as end:
            code = end.code
        shown.flush()
        sys.stdout, sys.argv = out, arguments
        # What a table is drawn with depends on the encoding; what it says is what the JSON says.
        yield f"command_{form}", (code, written.getvalue() if form == "json" else bool(written.getvalue()))


def digest(found: object) -> str:
    """A digest of a value, whatever the order in which a set gives its members."""
    if isinstance(found, (set, frozenset)):
        found = sorted(map(digest, found))
    elif isinstance(found, dict):
        found = [(digest(key), digest(value)) for key, value in found.items()]
    elif isinstance(found, (list, tuple)):
        found = list(map(digest, found))
    elif is_dataclass(found):
        # The tables that an answer was made from stand in no text.
        found = [digest(getattr(found, field.name)) for field in fields(found) if field.repr]
    return hashlib.sha256(found if isinstance(found, bytes) else repr(found).encode()).hexdigest()


def main() -> None:
    folder = Path(sys.argv[1])
    SURROUNDINGS[sys.argv[2]]()
    answers = {name: digest(found) for part in (_law(), _book(folder), _command()) for name, found in part}
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
