"""Types of the tools' arguments: dates and amounts as text, and an entry as JSON. They make the JSON schemas."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ieeparefund.entries.codes import (
    AdCvdStatus,
    EntryType,
    LiquidationStatus,
    Payee,
    ProtestStatus,
    SummaryStatus,
)
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.identifiers import mask_cell
from ieeparefund.money import exact_dollars

__all__ = ["Amount", "AsOf", "Day", "EntryFacts", "PayeeClass"]


def _day(value: Any) -> Any:
    # The type alone would also take a number of seconds, or a date with a clock time.
    if not isinstance(value, str):
        return value if type(value) is dt.date else _refuse(value, 'a date; write it as text, "YYYY-MM-DD"')
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return _refuse(value, "a date; write YYYY-MM-DD")


def _amount(value: Any) -> Any:
    if isinstance(value, float):
        _refuse(value, 'an exact amount; write dollars as text, such as "1234.56"')
    return str(value) if type(value) is int else value


def _refuse(value: object, expected: str) -> None:
    raise ValueError(f"{mask_cell(repr(value))} is not {expected}.")


Day = Annotated[dt.date, BeforeValidator(_day)]
Amount = Annotated[str, BeforeValidator(_amount)]
AsOf = Annotated[Day, Field(description="Day of the question, YYYY-MM-DD. Ask the user, or take today.")]
PayeeClass = Annotated[
    Payee,
    Field(
        description="Who is refunded: a corporation, or anybody else. CBP's rates differ, so there is no default: ask."
    ),
]


class _Facts(BaseModel):
    # A misspelt name must not turn into a fact that is not known.
    model_config = ConfigDict(extra="forbid", frozen=True)


class TariffFacts(_Facts):
    """One tariff number on a line, with the value and the duty reported under it."""

    number: Annotated[str, Field(description="HTS number, such as 9903.01.25 or 8517.62.0090.")]
    value: Annotated[Amount | None, Field(description="Customs value, US dollars as text.")] = None
    duty: Annotated[Amount | None, Field(description="Duty paid under this number, US dollars as text.")] = (
        None
    )

    def tariff_line(self) -> TariffLine:
        """Return the facts as the package's own type."""
        return TariffLine(self.number, self.value, self.duty)


class Column1Facts(_Facts):
    """The ordinary (column 1) rate of duty of a line. All zero: free."""

    ad_valorem: Annotated[Amount, Field(description="Per cent of the value, as text.")] = "0"
    specific: Annotated[Amount, Field(description="US dollars for each unit of quantity, as text.")] = "0"
    quantity: Annotated[Amount | None, Field(description="Quantity of the line in the unit of the rate.")] = (
        None
    )

    def column1_rate(self) -> Column1Rate:
        """Return the facts as the package's own type."""
        return Column1Rate(
            exact_dollars(self.ad_valorem, "ad_valorem"),
            exact_dollars(self.specific, "specific"),
            None if self.quantity is None else exact_dollars(self.quantity, "quantity"),
        )


class LineFacts(_Facts):
    """A line of the entry summary: goods of one kind with all tariff numbers they are filed under."""

    line_number: Annotated[int, Field(ge=1, strict=True)]
    country_of_origin: Annotated[str | None, Field(description="ISO code of two letters, such as CN.")] = None
    tariffs: Annotated[list[TariffFacts], Field(min_length=1)]
    column1_rate: Annotated[
        Column1Facts | None,
        Field(description="Needed on all-in headings only (EU, Japan, Korea, Switzerland)."),
    ] = None
    special_program: Annotated[str | None, Field(description="Special program indicator as filed.")] = None

    def entry_line(self) -> EntryLine:
        """Return the facts as the package's own type."""
        return EntryLine(
            self.line_number,
            self.country_of_origin,
            [row.tariff_line() for row in self.tariffs],
            None if self.column1_rate is None else self.column1_rate.column1_rate(),
            self.special_program,
        )


class EntryFacts(_Facts):
    """One customs entry as its filer knows it. Leave out, or give null for, what is not known: never guess."""

    number: Annotated[str, Field(description="Entry number, such as ABC-1234567-6; eleven characters.")]
    entry_type: Annotated[EntryType, Field(description="Code of two digits: 01 consumption, 11 informal.")]
    entry_date: Day
    lines: list[LineFacts]
    importer: Annotated[str | None, Field(description="Importer of record number. Masked in answers.")] = None
    filer_code: str | None = None
    deposit_date: Annotated[
        Day | None, Field(description="Day the duties were deposited; interest starts after it.")
    ] = None
    entry_summary_date: Day | None = None
    liquidation_date: Annotated[
        Day | None, Field(description="Day of liquidation; after the day of the question: a scheduled one.")
    ] = None
    liquidation_status: LiquidationStatus | None = None
    summary_status: SummaryStatus | None = None
    statement_paid: bool | None = None
    protest: Annotated[ProtestStatus | None, Field(description="`none` means known to be absent.")] = None
    ad_cvd: AdCvdStatus | None = None
    reconciliation_flagged: bool | None = None
    reconciliation_filed: bool | None = None
    reconciliation_due: Day | None = None
    on_drawback_claim: bool | None = None
    paid_by_surety: bool | None = None
    correction_pending: bool | None = None
    in_ace: bool | None = None
    cape_accepted_on: Annotated[Day | None, Field(description="Day CBP accepted the CAPE declaration.")] = (
        None
    )
    reliquidation_date: Day | None = None
    already_refunded: Annotated[
        Amount, Field(description="IEEPA duty already paid back, not below zero, US dollars as text.")
    ] = "0"
    other_adjustments: Annotated[
        Amount, Field(description="What other lines change at liquidation: above zero reduces the refund.")
    ] = "0"
    payee: Annotated[
        Payee | None, Field(description="Payee class of this entry, where it differs from the others.")
    ] = None
    notify_party: Annotated[str | None, Field(description="Form 4811 party's number.")] = None

    def entry(self) -> Entry:
        """Return the facts as the package's own type, which checks them (`FieldError`, `EntryNumberError`)."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        facts["lines"] = [line.entry_line() for line in self.lines]
        return Entry(**facts)
