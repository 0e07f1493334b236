"""A portfolio as a table of pyarrow, pandas and polars: exact decimals, real dates."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal

import pytest
from tests.books import DAY, entry

from ieeparefund.errors import MissingExtraError
from ieeparefund.refunds.frames import COLUMNS, ColumnKind
from ieeparefund.refunds.portfolio import estimate_portfolio

BOOK = estimate_portfolio(
    [
        entry(1, "0.10"),
        entry(2, "0.20", liquidation_date=dt.date(2026, 3, 30), liquidation_status="liquidated"),
    ],
    as_of=DAY,
    payee="corporation",
)
EMPTY = estimate_portfolio([], as_of=DAY, payee="corporation")


def test_the_columns_are_those_of_the_rows_in_their_order() -> None:
    kinds = {
        ColumnKind.TEXT: str,
        ColumnKind.DATE: dt.date,
        ColumnKind.AMOUNT: Decimal,
        ColumnKind.FLAG: bool,
    }
    for row in BOOK.to_rows():
        assert list(row) == list(COLUMNS)
        for name, value in row.items():
            assert value is None or isinstance(value, kinds[COLUMNS[name]])


def test_arrow() -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = BOOK.to_arrow()
    assert table.to_pylist() == BOOK.to_rows()
    assert table.schema.field("refund").type == pa.decimal128(18, 2)
    assert table.schema.field("entry_date").type == pa.date32()
    assert EMPTY.to_arrow().schema == table.schema
    assert EMPTY.to_arrow().num_rows == 0


def test_pandas() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    frame = BOOK.to_pandas()
    # In binary floats 0.10 + 0.20 is not 0.30.
    assert frame["refundable_duty"].sum() == Decimal("0.30")
    assert frame["liquidation_date"].tolist()[1] == dt.date(2026, 3, 30)
    assert frame["liquidation_date"].isna().tolist() == [True, False]
    assert frame["entry_number"].tolist() == [str(one.entry.number) for one in BOOK.estimates]
    assert list(EMPTY.to_pandas().columns) == list(COLUMNS)


def test_polars() -> None:
    pl = pytest.importorskip("polars", reason="polars is not installed")
    frame = BOOK.to_polars()
    assert frame.to_dicts() == BOOK.to_rows()
    assert frame["refundable_duty"].sum() == Decimal("0.30")
    assert frame.schema["cape_closes"] == pl.Date
    assert EMPTY.to_polars().schema == frame.schema


@pytest.mark.parametrize(
    ("module", "extra"), [("pyarrow", "arrow"), ("pandas", "pandas"), ("polars", "polars")]
)
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, module: str, extra: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    method = "to_arrow" if module == "pyarrow" else f"to_{module}"
    with pytest.raises(MissingExtraError, match=rf"{method}\(\) needs .*ieeparefund\[{extra}\]"):
        getattr(BOOK, method)()
