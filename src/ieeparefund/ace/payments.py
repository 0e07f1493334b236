"""Refund reports and bank statements as the rows a reconciliation takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from ieeparefund.ace.bank_lines import BankLines
from ieeparefund.ace.refund_reports import RefundReport
from ieeparefund.money import exactly
from ieeparefund.refunds.reconcile_inputs import BankLine, Payment, PaymentState

__all__ = ["bank_lines_of", "merge_payments", "payments_of"]

_FACTS = tuple(field.name for field in fields(Payment) if field.name != "source")


@exactly
def payments_of(report: RefundReport) -> tuple[Payment, ...]:
    """Return the rows of a refund report as payments, in their order. Nothing is left out."""
    return tuple(
        Payment(
            row.entry_number,
            row.refund_number,
            party=row.importer_number,
            liquidation_date=row.liquidation_date,
            principal=row.principal,
            interest=row.interest,
            total=row.total,
            state=None if row.state is None else PaymentState(row.state.value),
            status=row.secondary_status or row.status or "",
            paid_on=row.refund_date,
            trace=row.ach_trace,
            report=report.report,
            source=f"{report.file} row {row.row}",
        )
        for row in report.rows
    )


@exactly
def merge_payments(reports: Iterable[RefundReport]) -> tuple[tuple[Payment, ...], int]:
    """Return the payments of several reports, and how many rows repeated one of an earlier file.

    Overlapping exports of one report give the same rows again; two refunds of an entry differ in refund
    number, date or amount.
    """
    kept: list[Payment] = []
    seen: set[tuple[object, ...]] = set()
    repeats = 0
    for report in reports:
        rows = payments_of(report)
        facts = [tuple(getattr(row, name) for name in _FACTS) for row in rows]
        fresh = [row for row, told in zip(rows, facts, strict=True) if told not in seen]
        repeats += len(rows) - len(fresh)
        kept += fresh
        seen.update(facts)
    return tuple(kept), repeats


@exactly
def bank_lines_of(statement: BankLines, reference: str | None = None) -> tuple[BankLine, ...]:
    """Return the lines of a bank statement, with `reference` only those that have this text in theirs.

    Case does not matter. A statement that holds other business too must be narrowed, or each other line is
    money that belongs to no refund.
    """
    wanted = (reference or "").casefold()
    return tuple(
        BankLine(line.date, line.amount, line.reference, source=f"{statement.file} row {line.row}")
        for line in statement.lines
        if wanted in (line.reference or "").casefold()
    )
