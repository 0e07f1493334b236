"""The columns that are read and written, and the refusal of any other kind.

Money is int64 cents, days are date32, codes are text (dictionaries are fastest), flags are nullable booleans;
null means *not known*, as `None` does in `Entry`. Columns beyond the schema are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from ieeparefund.errors import InputError

__all__ = [
    "ENTRY_COLUMNS",
    "ENTRY_SCHEMA",
    "ESTIMATE_COLUMNS",
    "LARGEST_CENTS",
    "ROW_SCHEMA",
    "TARIFF_COLUMNS",
    "TARIFF_SCHEMA",
    "Column",
    "ColumnError",
    "Kind",
    "estimate_schema",
]

LARGEST_CENTS = 10**13
"""The largest amount of one row or one entry, in cents either way: a hundred thousand million dollars."""


class ColumnError(InputError, TypeError):
    """A column is missing, of the wrong type, or out of its documented range.

    `column` names it, `found` and `expected` say what it is and what it must be.
    """

    def __init__(self, column: str, found: str, expected: str, remedy: str = "") -> None:
        self.found, self.expected = found, expected
        super().__init__(f"found {found}, expected {expected}.", remedy=remedy, column=column, value=found)

    def __reduce__(self) -> tuple[object, ...]:
        return (ColumnError, (self.column, self.found, self.expected, self.remedy))


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "entry number"
    CODE = "code"
    DAY = "day"
    FLAG = "flag"
    CENTS = "cents"
    COUNT = "count"
    RATE = "per cent"


ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.NUMBER: pa.string(),
    Kind.CODE: pa.dictionary(pa.int32(), pa.string()),
    Kind.DAY: pa.date32(),
    Kind.FLAG: pa.bool_(),
    Kind.CENTS: pa.int64(),
    Kind.COUNT: pa.int32(),
    Kind.RATE: pa.decimal128(9, 6),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, kind, what it says, whether it must be there, and whether it may have nulls."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    blanks: bool = False

    @property
    def field(self) -> pa.Field:
        """The column as an Arrow field."""
        return pa.field(self.name, ARROW_TYPES[self.kind], nullable=self.blanks or not self.required)


_ENTRY_NUMBER = Column("entry_number", Kind.NUMBER, "eleven characters, without dashes", True)

ENTRY_COLUMNS: tuple[Column, ...] = (
    _ENTRY_NUMBER,
    Column("entry_type", Kind.CODE, 'two digits, such as "01"', True),
    Column("entry_date", Kind.DAY, "date of entry, or of withdrawal from warehouse", True),
    Column("deposit_date", Kind.DAY, "day the estimated duties were deposited"),
    Column("entry_summary_date", Kind.DAY, "day of the entry summary"),
    Column("liquidation_date", Kind.DAY, "liquidation; a day past `as_of` is a scheduled one"),
    Column("reliquidation_date", Kind.DAY, "a later decision"),
    Column("liquidation_status", Kind.CODE, "unliquidated, liquidated, extended, suspended, under_review"),
    Column("summary_status", Kind.CODE, "accepted, rejected, cancelled, trade_control"),
    Column("protest", Kind.CODE, "none, open, suspended, approved, denied, withdrawn"),
    Column("ad_cvd", Kind.CODE, "none, suspended, liquidation_pending"),
    Column("statement_paid", Kind.FLAG, "the statement is paid"),
    Column("reconciliation_flagged", Kind.FLAG, "flagged for reconciliation"),
    Column("reconciliation_filed", Kind.FLAG, "a type 09 is on file"),
    Column("reconciliation_due", Kind.DAY, "last day for the type 09"),
    Column("on_drawback_claim", Kind.FLAG, "designated on a drawback claim"),
    Column("paid_by_surety", Kind.FLAG, "a surety paid"),
    Column("correction_pending", Kind.FLAG, "a post summary correction is pending"),
    Column("in_ace", Kind.FLAG, "the entry is in ACE"),
    Column("cape_accepted_on", Kind.DAY, "day CBP accepted the CAPE declaration"),
    Column("already_refunded_cents", Kind.CENTS, "IEEPA duty already paid back; null = none"),
    Column("other_adjustments_cents", Kind.CENTS, "what other lines change at liquidation; null = none"),
    Column("payee", Kind.CODE, "corporation or other, where known for the entry itself"),
)

TARIFF_COLUMNS: tuple[Column, ...] = (
    _ENTRY_NUMBER,
    Column("line_number", Kind.COUNT, "line of the entry summary, from 1, not falling within an entry", True),
    Column("tariff_number", Kind.CODE, "HTS number, with or without dots", True),
    Column(
        "duty_cents",
        Kind.CENTS,
        "duty paid under the number; null = blank, below zero = a correction",
        True,
        True,
    ),
    Column("value_cents", Kind.CENTS, "customs value under the number; null = blank"),
    Column("country_of_origin", Kind.CODE, "ISO alpha-2 code as filed"),
    Column("special_program", Kind.CODE, "SPI as filed, such as S or KR"),
    Column("column1_rate", Kind.RATE, "ordinary rate of the line, per cent, where known"),
)

ESTIMATE_COLUMNS: tuple[Column, ...] = (
    _ENTRY_NUMBER,
    Column("outcome", Kind.CODE, "accepted, accepted_deferred, rejected, undetermined", True),
    Column("ieepa_duty_cents", Kind.CENTS, "duty paid on IEEPA headings", True),
    Column("refundable_cents", Kind.CENTS, "the part that comes back for certain", True),
    Column("refundable_low_cents", Kind.CENTS, "low end of the refundable duty", True),
    Column("refundable_high_cents", Kind.CENTS, "high end of the refundable duty", True),
    Column("interest_cents", Kind.CENTS, "interest, whole", True),
    Column("interest_projected_cents", Kind.CENTS, "its part at projected rates", True),
    Column("provisional", Kind.FLAG, "some of the interest rests on projected rates", True),
    Column("refund_cents", Kind.CENTS, "refundable duty and interest", True),
    Column("deposit_date", Kind.DAY, "day of deposit, known or assumed", True),
    Column("deposit_assumed", Kind.FLAG, "the deposit date was not known", True),
    Column("interest_from", Kind.DAY, "deposit day, itself not counted; null where nothing comes back"),
    Column("interest_to", Kind.DAY, "last day counted; null where nothing comes back"),
    Column("open_ended", Kind.FLAG, "no (re)liquidation date is known or foreseen", True),
    Column("cape_closes", Kind.DAY, "last day CAPE takes the entry; null before liquidation"),
    Column("reliquidation_closes", Kind.DAY, "day 90 of the original liquidation"),
    Column("protest_closes", Kind.DAY, "day 180 of the latest (re)liquidation"),
)


def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    return pa.schema([column.field for column in columns])


ENTRY_SCHEMA = _schema(ENTRY_COLUMNS)
"""One row an entry: what the filer knows of it. Only the required fields must be there."""

TARIFF_SCHEMA = _schema(TARIFF_COLUMNS)
"""One row a tariff number of a line: the grain of the ES-003 report. Rows of an entry stand together."""

ROW_SCHEMA = _schema((*ENTRY_COLUMNS, *TARIFF_COLUMNS[1:]))
"""One table for both: tariff rows which repeat the entry's columns, as the ES-003 report does."""


def estimate_schema() -> pa.Schema:
    """Return the schema of the answers: one row an entry, in the order of the entries."""
    return _schema(ESTIMATE_COLUMNS)
