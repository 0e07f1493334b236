"""The table `reconcile` prints: the bridge of both levels, then every line that is not simply matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.table import Table

from ieeparefund.cli.output import plain_table
from ieeparefund.entries.identifiers import mask_importer
from ieeparefund.money import format_dollars
from ieeparefund.problems import RowProblem
from ieeparefund.refunds.reconcile import Reconciliation
from ieeparefund.refunds.reconcile_entries import EntryCheck
from ieeparefund.refunds.reconcile_items import ItemKind, Result
from ieeparefund.refunds.reconcile_payments import PaymentCheck

__all__ = ["reconcile_tables"]

_NAMES = {
    Result.MATCHED: "matched",
    Result.EXPLAINED: "explained",
    Result.UNEXPLAINED: "unexplained",
    Result.COULD_NOT_CHECK: "could not check",
}
_PLACES = {result: place for place, result in enumerate(Result)}
_Check = TypeVar("_Check", EntryCheck, PaymentCheck)


def reconcile_tables(
    found: Reconciliation, problems: Sequence[RowProblem], rows: str
) -> Iterator[Table | str]:
    """Yield the parts of the table output from top to bottom."""
    yield f"Refunds as of {found.as_of}: {_NAMES[found.result]}. No legal advice, no CBP product."
    if not found.bank:
        yield "No bank statement was given: payments show what CBP reports, not what came."
    yield ""
    yield from _bridge(found)
    yield from _entries(found)
    yield from _payments(found)
    if found.left_out:
        yield f"Left out, since rejected or undetermined and not paid: {len(found.left_out)} entries."
    if problems:
        yield plain_table(
            "Problems in the input (these rows are left out)",
            [("Row", True), ("Column", False), ("Value", False), ("Problem", False)],
            [
                (str(problem.row), problem.column, problem.value, f"{problem.problem} {problem.remedy}")
                for problem in problems
            ],
        )
        yield ""
    yield rows


def _bridge(found: Reconciliation) -> Iterator[Table | str]:
    entries, payments = found.entry_totals, found.payment_totals
    lines = [("expected", entries.expected, payments.expected)]
    lines += [(kind.value.replace("_", " "), entries.items[kind], payments.items[kind]) for kind in ItemKind]
    lines += [
        ("unexplained", entries.unexplained, payments.unexplained),
        ("could not check", entries.unchecked, payments.unchecked),
        ("received", entries.received, payments.received),
    ]
    kept = [
        line for line in lines if line[1] or line[2] or line[0] in ("expected", "unexplained", "received")
    ]
    yield plain_table(
        "From expected to received",
        [("", False), ("Entries", True), ("Payments", True)],
        [(name, format_dollars(first), format_dollars(second)) for name, first, second in kept],
    )
    yield ""
    yield plain_table(
        "Lines by result",
        [("", False), ("Entries", True), ("Payments", True)],
        [
            (_NAMES[result], str(entries.by_result[result]), str(payments.by_result[result]))
            for result in Result
        ],
    )
    yield ""


def _worst_first(lines: Sequence[_Check]) -> list[_Check]:
    return sorted(lines, key=lambda line: -_PLACES[line.result])


def _entries(found: Reconciliation) -> Iterator[Table | str]:
    lines = [
        (
            str(check.number),
            _NAMES[check.result],
            format_dollars(check.expected),
            format_dollars(check.received),
            format_dollars(check.unexplained + check.unchecked),
            " ".join(dict.fromkeys([*(item.text for item in check.items), check.note])).strip(),
        )
        for check in _worst_first(found.entries)
        if check.result is not Result.MATCHED
    ]
    yield from _lines("Entries that are not simply matched", "Entry", lines)


def _payments(found: Reconciliation) -> Iterator[Table | str]:
    lines = [
        (
            str(check.liquidation_date or "no date"),
            _NAMES[check.result],
            format_dollars(check.expected),
            format_dollars(check.received),
            format_dollars(check.unexplained + check.unchecked),
            " ".join(
                part
                for part in (
                    mask_importer(check.party),
                    *check.refund_numbers,
                    *(
                        f"{item.kind.value.replace('_', ' ')} {format_dollars(item.amount)}."
                        for item in check.items
                    ),
                    check.note,
                )
                if part
            ),
        )
        for check in _worst_first(found.payments)
        if check.result is not Result.MATCHED
    ]
    yield from _lines("Payments that are not simply matched", "Liquidated", lines)


def _lines(title: str, first: str, lines: Sequence[tuple[str, ...]]) -> Iterator[Table | str]:
    if not lines:
        return
    yield plain_table(
        title,
        [
            (first, True),
            ("Result", False),
            ("Expected", True),
            ("Received", True),
            ("Open", True),
            ("", False),
        ],
        lines,
    )
    yield ""
