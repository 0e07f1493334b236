"""Fields of the reports whose layouts are not public, as data: what each holds, and headings guessed for it.

Reports and their content: CSMS 68536553. No heading of theirs is public, so `aliases` are guesses (inferred):
they make suggestions and are never used unless the user confirms them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ieeparefund.errors import InputError

__all__ = ["REPORTS", "ReportField", "ReportLayout", "report_layout"]


class FieldForm(StrEnum):
    """How a cell of the field is read."""

    TEXT = "text"
    ENTRY_NUMBER = "entry number"
    DATE = "date"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class ReportField:
    """One field: its name in a column map, how it is read, what it means, headings guessed for it."""

    name: str
    form: FieldForm
    meaning: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """One report: its fields, and groups of fields of which a map must name at least one each."""

    report: str
    title: str
    fields: tuple[ReportField, ...]
    required: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(field.name for field in self.fields)


_FIELDS = {
    field.name: field
    for field in (
        ReportField(
            "refund_number",
            FieldForm.TEXT,
            "the number that ties the entry to one payment",
            ("Refund Number", "Refund No", "Consolidated Refund Number", "Refund ID"),
        ),
        ReportField(
            "entry_number",
            FieldForm.ENTRY_NUMBER,
            "the entry",
            ("Entry Number", "Entry Summary Number", "Entry No", "Entry"),
        ),
        ReportField(
            "declaration_number",
            FieldForm.TEXT,
            "the CAPE declaration or claim",
            ("Claim Number", "Declaration Number", "CAPE Claim Number", "Claim No", "Declaration"),
        ),
        ReportField(
            "importer_number",
            FieldForm.TEXT,
            "importer of record, or the Form 4811 party paid",
            ("Importer Number", "Importer of Record Number", "IOR Number", "Payee Number", "Importer"),
        ),
        ReportField(
            "liquidation_date",
            FieldForm.DATE,
            "the (re)liquidation",
            ("Liquidation Date", "Reliquidation Date"),
        ),
        ReportField(
            "principal",
            FieldForm.MONEY,
            "duty refunded, without interest",
            ("Principal Amount", "Principal", "Refund Principal Amount", "Duty Refund Amount"),
        ),
        ReportField(
            "interest",
            FieldForm.MONEY,
            "interest refunded",
            ("Interest Amount", "Interest", "Refund Interest Amount"),
        ),
        ReportField(
            "total",
            FieldForm.MONEY,
            "principal and interest together",
            ("Total Refund Amount", "Refund Amount", "Total Amount", "Certified Amount"),
        ),
        ReportField("status", FieldForm.TEXT, "for example Transmitted", ("Refund Status", "Status")),
        ReportField(
            "secondary_status",
            FieldForm.TEXT,
            "for example Sent to Treasury or Funds Diverted",
            ("Refund Secondary Status", "Secondary Status"),
        ),
        ReportField("refund_date", FieldForm.DATE, "the day of the refund", ("Refund Date", "Payment Date")),
        ReportField(
            "ach_trace",
            FieldForm.TEXT,
            "trace number of the payment",
            ("ACH Trace Number", "Trace Number", "ACH Trace"),
        ),
    )
}
_ANY = ("refund_number", "entry_number")
_AMOUNT = ("principal", "total")


def _layout(report: str, title: str, *required: tuple[str, ...]) -> ReportLayout:
    return ReportLayout(report, title, tuple(_FIELDS.values()), required)


REPORTS: Mapping[str, ReportLayout] = MappingProxyType(
    {
        layout.report: layout
        for layout in (
            _layout(
                "ES-022", "declaration, entry and refund number; principal and interest apart", _ANY, _AMOUNT
            ),
            _layout("REV-603", "status of each refund", _ANY, ("status", "secondary_status")),
            _layout("REV-613", "refunds rejected for want of ACH data", _ANY),
            _layout("REV-615", "consolidated refund and its entries", _ANY, _AMOUNT),
            ReportLayout(
                "bank",
                "lines of a bank statement",
                (
                    ReportField(
                        "date",
                        FieldForm.DATE,
                        "the day the money came",
                        ("Date", "Posting Date", "Value Date", "Transaction Date", "Booking Date"),
                    ),
                    ReportField(
                        "amount",
                        FieldForm.MONEY,
                        "what came in; below zero what went out",
                        ("Amount", "Credit Amount", "Credit", "Transaction Amount"),
                    ),
                    ReportField(
                        "reference",
                        FieldForm.TEXT,
                        "what the bank prints beside it",
                        ("Reference", "Description", "Details", "Memo", "ACH Trace Number", "Trace Number"),
                    ),
                ),
                (("date",), ("amount",)),
            ),
        )
    }
)
"""The reports by name: ES-022, REV-603, REV-613, REV-615 and bank."""


def report_layout(report: str) -> ReportLayout:
    """Return the fields of a report; case does not matter. Raises `InputError` for an unknown one."""
    for name, layout in REPORTS.items():
        if name.casefold() == report.strip().casefold():
            return layout
    raise InputError(
        f"report {report!r} is not known.",
        remedy=f"Use one of {', '.join(REPORTS)}.",
        column="report",
        value=report,
    )
