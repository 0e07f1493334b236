"""A portfolio as a table of pyarrow, pandas or polars: decimals exact to the cent, real dates, text identifiers.

The columns are those of `Portfolio.to_rows`, in their order, importers masked. Unknown is null.
"""

from __future__ import annotations

from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ieeparefund.errors import MissingExtraError

if TYPE_CHECKING:
    from ieeparefund.refunds.portfolio import Portfolio

__all__ = ["COLUMNS", "ColumnKind", "to_arrow", "to_pandas", "to_polars"]


class ColumnKind(Enum):
    """What a column holds. Amounts are dollars with two places."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"
    FLAG = "flag"


COLUMNS = {
    "entry_number": ColumnKind.TEXT,
    "entry_type": ColumnKind.TEXT,
    "importer": ColumnKind.TEXT,
    "entry_date": ColumnKind.DATE,
    "deposit_date": ColumnKind.DATE,
    "liquidation_date": ColumnKind.DATE,
    "outcome": ColumnKind.TEXT,
    "rules": ColumnKind.TEXT,
    "ieepa_duty": ColumnKind.AMOUNT,
    "refundable_duty": ColumnKind.AMOUNT,
    "interest_from": ColumnKind.DATE,
    "interest_to": ColumnKind.DATE,
    "interest": ColumnKind.AMOUNT,
    "interest_projected": ColumnKind.AMOUNT,
    "provisional": ColumnKind.FLAG,
    "refund": ColumnKind.AMOUNT,
    "cape_closes": ColumnKind.DATE,
    "reliquidation_closes": ColumnKind.DATE,
    "protest_closes": ColumnKind.DATE,
    "next_step": ColumnKind.TEXT,
    "assumed": ColumnKind.TEXT,
    "missing": ColumnKind.TEXT,
}
"""The columns, also of an empty portfolio."""

# Digits of an amount, two of them cents: far above the largest amount that is taken.
_DIGITS = 18


def _module(name: str, what: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingExtraError(what, extra) from None


def to_arrow(portfolio: Portfolio) -> Any:
    """Return a `pyarrow.Table`: decimal128, date32, string and bool. Raises `MissingExtraError` without pyarrow."""
    pa = _module("pyarrow", "to_arrow()", "arrow")
    kinds = {
        ColumnKind.TEXT: pa.string(),
        ColumnKind.DATE: pa.date32(),
        ColumnKind.AMOUNT: pa.decimal128(_DIGITS, 2),
        ColumnKind.FLAG: pa.bool_(),
    }
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    return pa.Table.from_pylist(portfolio.to_rows(), schema=schema)


def to_pandas(portfolio: Portfolio) -> Any:
    """Return a `pandas.DataFrame` on Arrow types, so decimals stay exact and a null date stays a date.

    Raises `MissingExtraError` without pandas or pyarrow.
    """
    pd = _module("pandas", "to_pandas()", "pandas")
    return to_arrow(portfolio).to_pandas(types_mapper=pd.ArrowDtype)


def to_polars(portfolio: Portfolio) -> Any:
    """Return a `polars.DataFrame`: Decimal, Date, String and Boolean. Raises `MissingExtraError` without polars."""
    pl = _module("polars", "to_polars()", "polars")
    kinds = {
        ColumnKind.TEXT: pl.String(),
        ColumnKind.DATE: pl.Date(),
        ColumnKind.AMOUNT: pl.Decimal(_DIGITS, 2),
        ColumnKind.FLAG: pl.Boolean(),
    }
    return pl.DataFrame(portfolio.to_rows(), schema={name: kinds[kind] for name, kind in COLUMNS.items()})
