"""An entry as the filer knows it: facts only, validated, frozen. `None` always means *not known*."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from ieeparefund.entries.codes import (
    AdCvdStatus,
    EntryType,
    LiquidationStatus,
    Payee,
    ProtestStatus,
    SummaryStatus,
)
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.entries.identifiers import mask_cell
from ieeparefund.errors import FieldError, brief
from ieeparefund.money import ZERO, Money, as_dollars

__all__ = ["Entry", "EntryLine", "TariffLine"]

_Code = TypeVar("_Code", bound=StrEnum)
_set = object.__setattr__
_DATES = (
    "deposit_date",
    "entry_summary_date",
    "liquidation_date",
    "reliquidation_date",
    "reconciliation_due",
    "cape_accepted_on",
)
_FLAGS = (
    "statement_paid",
    "reconciliation_flagged",
    "reconciliation_filed",
    "on_drawback_claim",
    "paid_by_surety",
    "correction_pending",
    "in_ace",
)


def _check_date(value: object, name: str) -> None:
    # datetime is a subclass of date: its clock time and zone would be dropped without a word.
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise FieldError(
            f"{name} is {mask_cell(brief(value))}, not a date.",
            remedy="Pass a datetime.date.",
            column=name,
            value=mask_cell(brief(value)),
        )


def _code(kind: type[_Code], value: str, name: str) -> _Code:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise FieldError(
            f"{name} is {mask_cell(repr(value))}, not one of the known codes.",
            remedy=f"Use one of {known}.",
            column=name,
            value=mask_cell(str(value)),
        ) from None


@dataclass(frozen=True, slots=True, init=False)
class TariffLine:
    """One tariff number on a line with what was reported under it: a row of the ES-003 report.

    `number` is normalised (`9903.01.25`); `value` is the customs value and `duty` the duty paid under this
    number, in dollars with two places, `None` where the source is blank. A negative duty is a correction.
    """

    number: str
    value: Decimal | None
    duty: Decimal | None

    def __init__(self, number: str, value: Money | None = None, duty: Money | None = None) -> None:
        _set(self, "number", normalise_tariff_number(number))
        _set(self, "value", None if value is None else as_dollars(value, "value"))
        _set(self, "duty", None if duty is None else as_dollars(duty, "duty"))


@dataclass(frozen=True, slots=True, init=False)
class EntryLine:
    """A line of an entry summary: goods of one kind, with all the tariff numbers they are filed under.

    `country_of_origin` is the ISO 3166 alpha-2 code as filed (Canadian province codes such as `XC` stay).
    `column1_rate` is the ordinary rate of duty where known; it is needed on all-in headings only.
    `special_program` is the SPI as filed, such as `S` or `KR`.
    """

    line_number: int
    country_of_origin: str | None
    tariffs: tuple[TariffLine, ...]
    column1_rate: Column1Rate | None
    special_program: str | None

    def __init__(
        self,
        line_number: int,
        country_of_origin: str | None,
        tariffs: Iterable[TariffLine],
        column1_rate: Column1Rate | None = None,
        special_program: str | None = None,
    ) -> None:
        if not isinstance(line_number, int) or isinstance(line_number, bool) or line_number < 1:
            raise FieldError(
                f"line_number is {line_number!r}.", remedy="Lines count from 1.", column="line_number"
            )
        rows = tuple(tariffs)
        if not rows or not all(isinstance(row, TariffLine) for row in rows):
            raise FieldError(
                f"tariffs of line {line_number} must be one or more TariffLine.",
                remedy='Pass TariffLine("9903.01.25", value, duty).',
                column="tariffs",
            )
        if column1_rate is not None and not isinstance(column1_rate, Column1Rate):
            raise FieldError(
                f"column1_rate of line {line_number} is {column1_rate!r}.",
                remedy='Pass Column1Rate(Decimal("2.5")) for 2.5 per cent.',
                column="column1_rate",
            )
        _set(self, "line_number", line_number)
        _set(
            self,
            "country_of_origin",
            country_of_origin.strip().upper() or None if country_of_origin else None,
        )
        _set(self, "tariffs", rows)
        _set(self, "column1_rate", column1_rate)
        _set(self, "special_program", special_program.strip().upper() or None if special_program else None)


@dataclass(frozen=True, slots=True, init=False)
class Entry:
    """One customs entry with its lines and what is known of its state. Ends and units as below.

    Dates are plain `datetime.date` (a `datetime` is refused): `entry_date` is block 7 of Form 7501 (for a
    warehouse withdrawal, the date of withdrawal); `deposit_date` is the day the estimated duties were
    deposited (statement paid); `liquidation_date` may lie ahead, it is then a scheduled one;
    `reliquidation_date` is a later decision; `cape_accepted_on` the day CBP accepted the CAPE declaration.
    Flags are `True`, `False` or `None` (not known). `already_refunded` is IEEPA duty already paid back
    (correction, protest, 1520(d), drawback), not below zero. `other_adjustments` is what other lines of the
    entry change at liquidation: above zero it adds to what the importer owes and reduces the refund (19 CFR
    159.1), below zero it adds to the refund. `payee` is the class for interest, `notify_party` the Form 4811
    party's number.

    For convenience `number` may be text (parsed without check digit refusal) and codes may be plain strings.
    Raises `FieldError` naming the field, or `EntryNumberError`.
    """

    number: EntryNumber
    entry_type: EntryType
    entry_date: dt.date
    lines: tuple[EntryLine, ...]
    importer: str | None = field(repr=False)
    filer_code: str
    deposit_date: dt.date | None
    entry_summary_date: dt.date | None
    liquidation_date: dt.date | None
    liquidation_status: LiquidationStatus | None
    summary_status: SummaryStatus | None
    statement_paid: bool | None
    protest: ProtestStatus | None
    ad_cvd: AdCvdStatus | None
    reconciliation_flagged: bool | None
    reconciliation_filed: bool | None
    reconciliation_due: dt.date | None
    on_drawback_claim: bool | None
    paid_by_surety: bool | None
    correction_pending: bool | None
    in_ace: bool | None
    cape_accepted_on: dt.date | None
    reliquidation_date: dt.date | None
    already_refunded: Decimal
    other_adjustments: Decimal
    payee: Payee | None
    notify_party: str | None = field(repr=False)

    def __init__(
        self,
        number: EntryNumber | str,
        entry_type: EntryType | str,
        entry_date: dt.date,
        lines: Iterable[EntryLine],
        importer: str | None = None,
        filer_code: str | None = None,
        deposit_date: dt.date | None = None,
        entry_summary_date: dt.date | None = None,
        liquidation_date: dt.date | None = None,
        liquidation_status: LiquidationStatus | str | None = None,
        summary_status: SummaryStatus | str | None = None,
        statement_paid: bool | None = None,
        protest: ProtestStatus | str | None = None,
        ad_cvd: AdCvdStatus | str | None = None,
        reconciliation_flagged: bool | None = None,
        reconciliation_filed: bool | None = None,
        reconciliation_due: dt.date | None = None,
        on_drawback_claim: bool | None = None,
        paid_by_surety: bool | None = None,
        correction_pending: bool | None = None,
        in_ace: bool | None = None,
        cape_accepted_on: dt.date | None = None,
        reliquidation_date: dt.date | None = None,
        already_refunded: Money = ZERO,
        other_adjustments: Money = ZERO,
        payee: Payee | str | None = None,
        notify_party: str | None = None,
    ) -> None:
        if not isinstance(number, EntryNumber):
            number = EntryNumber.parse(number, check=False)
        _set(self, "number", number)
        _set(self, "entry_type", _code(EntryType, entry_type, "entry_type"))
        _check_date(entry_date, "entry_date")
        _set(self, "entry_date", entry_date)
        rows = tuple(lines)
        for row in rows:
            if not isinstance(row, EntryLine):
                raise FieldError(
                    f"lines holds a {type(row).__name__}.", remedy="Pass EntryLine objects.", column="lines"
                )
        if len({row.line_number for row in rows}) != len(rows):
            raise FieldError(
                "lines has a line number twice.",
                remedy="Number the lines of an entry 1, 2, 3.",
                column="lines",
            )
        _set(self, "lines", rows)
        _set(self, "importer", importer)
        _set(self, "filer_code", filer_code or number.filer_code)
        _set(self, "deposit_date", deposit_date)
        _set(self, "entry_summary_date", entry_summary_date)
        _set(self, "liquidation_date", liquidation_date)
        _set(self, "reliquidation_date", reliquidation_date)
        _set(self, "reconciliation_due", reconciliation_due)
        _set(self, "cape_accepted_on", cape_accepted_on)
        for name, code, kind in (
            ("liquidation_status", liquidation_status, LiquidationStatus),
            ("summary_status", summary_status, SummaryStatus),
            ("protest", protest, ProtestStatus),
            ("ad_cvd", ad_cvd, AdCvdStatus),
            ("payee", payee, Payee),
        ):
            _set(self, name, None if code is None else _code(kind, code, name))
        _set(self, "statement_paid", statement_paid)
        _set(self, "reconciliation_flagged", reconciliation_flagged)
        _set(self, "reconciliation_filed", reconciliation_filed)
        _set(self, "on_drawback_claim", on_drawback_claim)
        _set(self, "paid_by_surety", paid_by_surety)
        _set(self, "correction_pending", correction_pending)
        _set(self, "in_ace", in_ace)
        returned = as_dollars(already_refunded, "already_refunded")
        if returned < 0:
            raise FieldError(
                f"already_refunded is {returned}, below zero.",
                remedy="Give what came back as a positive amount.",
                column="already_refunded",
            )
        _set(self, "already_refunded", returned)
        _set(self, "other_adjustments", as_dollars(other_adjustments, "other_adjustments"))
        _set(self, "notify_party", notify_party)
        self._check_facts()

    def _check_facts(self) -> None:
        for name in _DATES:
            value = getattr(self, name)
            if value is not None:
                _check_date(value, name)
        for name in _FLAGS:
            flag = getattr(self, name)
            if flag is not None and not isinstance(flag, bool):
                raise FieldError(
                    f"{name} is {flag!r}.", remedy="Pass True, False or None for not known.", column=name
                )
        for earlier, later in (
            ("entry_date", "liquidation_date"),
            ("liquidation_date", "reliquidation_date"),
        ):
            first, second = getattr(self, earlier), getattr(self, later)
            if first is not None and second is not None and second < first:
                raise FieldError(
                    f"{later} {second} lies before {earlier} {first}.",
                    remedy="Check both dates.",
                    column=later,
                    value=str(second),
                )
