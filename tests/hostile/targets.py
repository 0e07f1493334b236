"""One function for each reader: takes any bytes as a file, and holds the reader to its law.

The law: the reader returns or raises an `IeepaRefundError`, nothing else; what it returns ties to the row and the
cent; nothing it says holds a control character that a terminal would obey. `fuzz.py` and the tests share these.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from ieeparefund.ace.abi import read_query_output
from ieeparefund.ace.bank_lines import read_bank_lines
from ieeparefund.ace.book import load_columns, read_book
from ieeparefund.ace.cape_declaration import read_declaration
from ieeparefund.ace.claim_details import read_claim_details
from ieeparefund.ace.column_map import ColumnMap, load_column_map
from ieeparefund.ace.column_suggestions import suggest_columns
from ieeparefund.ace.offsets import read_offsets
from ieeparefund.ace.refund_reports import read_refund_report
from ieeparefund.errors import IeepaRefundError, InputError, LimitError
from ieeparefund.inputs.limits import ReadLimits
from ieeparefund.law.cape_rules import CapeRules

REPORT_MAP = ColumnMap(
    "ES-022",
    {
        "refund_number": "Refund Number",
        "entry_number": "Entry",
        "importer_number": "Importer",
        "liquidation_date": "Liquidated",
        "principal": "Principal",
        "interest": "Interest",
        "status": "Status",
        "refund_date": "Refund Date",
    },
)
BANK_MAP = ColumnMap("bank", {"date": "Date", "amount": "Amount", "reference": "Reference"})

LIMITS = ReadLimits(
    file_bytes=1 << 22,
    document_bytes=1 << 20,
    toml_bytes=1 << 16,
    rows=20_000,
    columns=2_000,
    row_characters=1 << 18,
    field_characters=1 << 16,
    problems=5_000,
    workbook_parts=100,
    unzipped_bytes=1 << 24,
    workbook_cells=200_000,
)

_folder = Path(tempfile.mkdtemp(prefix="hostile-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)


def given(data: bytes, name: str) -> Path:
    path = _folder / name
    path.write_bytes(data)
    return path


def _ties(totals: Any) -> None:
    assert totals.rows_read == totals.rows_used + totals.rows_excluded
    for sums in getattr(totals, "sums", {}).values():
        assert sums.read == sums.used + sums.excluded


def check_entry_file(found: Any) -> None:
    _ties(found.totals)
    tariffs = [row for entry in found.entries for line in entry.lines for row in line.tariffs]
    assert found.totals.rows_used == len(tariffs)
    assert found.totals.duty_used == sum((row.duty for row in tariffs if row.duty is not None), Decimal(0))
    assert found.totals.duty_read == found.totals.duty_used + found.totals.duty_excluded
    numbers = [entry.number for entry in found.entries]
    assert len(set(numbers)) == len(numbers)
    left_out = {problem.entry_number for problem in found.problems} - {None}
    assert not left_out & {number.compact for number in numbers}


def _es003(data: bytes, name: str) -> None:
    path = given(data, name)
    book = read_book([path], limits=LIMITS)
    assert book.rows_read == book.rows_used + sum(book.excluded.values())
    json.dumps([problem.to_dict() for problem in book.problems])
    from ieeparefund.ace.es003 import read_entries

    check_entry_file(read_entries(path, limits=LIMITS))


def es003_csv(data: bytes) -> None:
    _es003(data, "es003.csv")


def es003_xlsx(data: bytes) -> None:
    _es003(b"PK\x03\x04" + data if data[:2] != b"PK" else data, "es003.xlsx")


def claim_details(data: bytes) -> None:
    found = read_claim_details(given(data, "claims.csv"), limits=LIMITS)
    _ties(found.totals)
    assert len(found.results) == found.totals.rows_used


def refund_report(data: bytes) -> None:
    found = read_refund_report(given(data, "refunds.csv"), REPORT_MAP, limits=LIMITS)
    _ties(found.totals)
    for name, sums in found.totals.sums.items():
        assert sums.used == sum((getattr(row, name) or Decimal(0) for row in found.rows), Decimal(0))


def bank_lines(data: bytes) -> None:
    found = read_bank_lines(given(data, "bank.csv"), BANK_MAP, limits=LIMITS)
    _ties(found.totals)
    assert found.totals.sums["amount"].used == sum((line.amount for line in found.lines), Decimal(0))


def offsets(data: bytes) -> None:
    _ties(read_offsets(given(data, "offsets.csv"), limits=LIMITS).totals)


def suggestions(data: bytes) -> None:
    path = given(data, "report.csv")
    toml = suggest_columns(path, "ES-022", limits=LIMITS).to_toml()
    try:
        load_column_map(given(toml.encode(), "suggested.toml"), limits=LIMITS)
    except InputError as error:
        # It may lack a needed field, or be too large; it is TOML all the same.
        assert "no TOML" not in str(error)


def abi(data: bytes) -> None:
    path = given(data, "abi.txt")
    for strict in (True, False):
        found = read_query_output(path, require_lines=strict, check_totals=strict, limits=LIMITS)
        _ties(found.totals)
        assert found.totals.duty_read == found.totals.duty_used + found.totals.duty_excluded


def declaration(data: bytes) -> None:
    found = read_declaration(given(data, "declaration.csv"), limits=LIMITS)
    assert found.rows_read == len(found.numbers) + found.rows_excluded


def column_map(data: bytes) -> None:
    path = given(data, "map.toml")
    with suppress(IeepaRefundError):
        load_columns(path, limits=LIMITS)
    found = load_column_map(path, limits=LIMITS)
    assert load_column_map(given(found.to_toml().encode(), "again.toml"), limits=LIMITS) == found


def cape_rules(data: bytes) -> None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    for rule in CapeRules.parse(text).rules:
        assert isinstance(rule.explanation, str)


def _exhibit(data: bytes, end: str) -> None:
    from ieeparefund.report.verify import verify_exhibit

    found = verify_exhibit(given(data, f"exhibit{end}"), limits=LIMITS)
    json.dumps(found.to_dict())


def exhibit_html(data: bytes) -> None:
    _exhibit(data, ".html")


def exhibit_markdown(data: bytes) -> None:
    _exhibit(data, ".md")


def exhibit_xlsx(data: bytes) -> None:
    _exhibit(data, ".xlsx")


def _columns(data: bytes, end: str) -> None:
    import datetime as dt

    from ieeparefund.columns.files import estimate_file

    estimate_file(
        given(data, f"rows{end}"), _folder / "out.parquet", as_of=dt.date(2026, 5, 15), payee="other"
    )


def columns_csv(data: bytes) -> None:
    _columns(data, ".csv")


def columns_parquet(data: bytes) -> None:
    _columns(data, ".parquet")


READERS: Mapping[str, Callable[[bytes], None]] = {
    function.__name__: function
    for function in (
        es003_csv,
        es003_xlsx,
        claim_details,
        refund_report,
        bank_lines,
        offsets,
        suggestions,
        abi,
        declaration,
        column_map,
        cape_rules,
        exhibit_html,
        exhibit_markdown,
        exhibit_xlsx,
        columns_csv,
        columns_parquet,
    )
}


def hold(name: str, data: bytes) -> IeepaRefundError | None:
    """Give the bytes to a reader; return the error it raised on purpose, if any. Anything else comes out."""
    try:
        READERS[name](data)
    except IeepaRefundError as error:
        assert str(error)
        if isinstance(error, LimitError):
            assert "ReadLimits(" in error.remedy
        return error
    return None
