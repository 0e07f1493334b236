"""Good files, one or more for each reader, and pieces that break files: what fuzzing starts from."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tests.abi_builder import grand_total, jb, jc, jd, jf, jg, line, tariff
from tests.es003_files import HEADINGS, csv_text, row

ENTRIES = (
    row(1),
    row(2, "8471300100", "0.00", Line_Tariff_Goods_Value_Amount="1200"),
    row(1, Entry_Summary_Number="MYK28103742", Line_Tariff_Duty_Amount="2,567.49", Protest_Number="x"),
)

CLAIMS = (
    "ENTRY_NUMBER,CLAIM_NUMBER,STATUS,ERROR_DESCRIPTION\n"
    '="ZT400001231",="90000000001",Entry Summary Updated,\n'
    '="MYK28103742",="90000000001",Failed,"ENTRY IS TOO FAR PAST LIQUIDATION;\nPROTEST ON ENTRY"\n'
)
REFUNDS = (
    "Refund Number,Entry,Importer,Liquidated,Principal,Interest,Status,Refund Date\n"
    "00012345,ZT4-0000123-1,12-345678900,05/15/2026,4000.00,210.11,Transmitted,2026-06-12\n"
    "00012346,MYK28103742,12-345678900,,(12.50),0,Sent to Treasury,\n"
)
BANK = "Date,Amount,Reference\n06/12/2026,4210.11,ACH 021000021234567\n06/13/2026,-12.50,fee\n"
OFFSETS = (
    "Refund Number,Entry Number,Amount,Kind,Bill\n00012345,,100.00,offset,B1\n,MYK28103742,5.00,netting,\n"
)
DECLARATION = "Entry Number\r\nZT400001231\r\nMYK28103742\r\n"
MAP = 'report = "bank"\n[columns]\ndate = "Date"\namount = "Amount"\n'
TOKENS = (
    b'"', b"'", b"\0", b"\r", b"\n", b"\r\n", b",", b";", b"\t", b"|", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff",
    b"\x1a", b"\xff", b"=1+1", b'="', b"-", b"@x", b"NaN", b"Infinity", b"1e9999999", b"1e-9999999", b"9" * 5000,
    b"1" + b"0" * 30, b"00/00/0000", b"12/31/9999", b"02/30/2025", b"0001-01-01", "１２".encode(), "٣".encode(),
    "\u202e".encode(), "\u200b".encode(), "\u2066".encode(), b" " * 300, b"-" * 300, b"Total", b"<", b">", b"</",
    b"<!--", b"<![CDATA[", b"&#0;", b"&lol;", b"[", b"]", b"{", b"}", b"[" * 2000, b"a." * 150, b"\\u0000", b"\\ud800",
    b"true", b"null", b"1e999", b"\x1b[2J",
)  # fmt: skip


@cache
def abi_text() -> str:
    day = dt.date(2025, 4, 8)
    records: list[str] = []
    for number in ("ZT400001231", "MYK28103742"):
        records += [jb(number), jc(), jd(day), jf(), jg(1), line(1)]
        records += [tariff("99030124", 10000, 0), tariff("8471300100", 0, 1200), grand_total(10000)]
    return "\n".join(records) + "\n"


@cache
def workbook() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Main Report")
        sheet.write_row(0, 0, HEADINGS)
        for at, cells in enumerate(ENTRIES, 1):
            sheet.write_row(at, 0, [cells.get(heading, "") for heading in HEADINGS])
        sheet.write_datetime(4, 3, dt.datetime(2025, 4, 8), book.add_format({"num_format": "mm/dd/yyyy"}))
        sheet.write_number(4, 11, 12.5)
        sheet.write_formula(4, 10, "=1+1", None, 2)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_sheet(sheet: bytes, **others: bytes) -> bytes:
    """Return the good workbook with another content of its sheet (and of parts such as `sharedStrings`)."""
    parts = parts_of(workbook())
    parts["xl/worksheets/sheet1.xml"] = sheet
    return zipped({**parts, **{f"xl/{name}.xml": content for name, content in others.items()}})


@cache
def exhibit(end: str) -> bytes:
    from tests.books import estimate

    from ieeparefund.report.exhibit import exhibit as lay_out
    from ieeparefund.report.render import form_of, render

    answer = estimate(liquidation_date=dt.date(2026, 3, 30), liquidation_status="liquidated")
    return render(lay_out(answer), form_of(f"exhibit{end}"))


@cache
def columnar(end: str) -> bytes:
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    rows = pa.table(
        {
            "entry_number": ["ZT400001231", "ZT400001231", "MYK28103742"],
            "entry_type": ["01"] * 3,
            "entry_date": pa.array([dt.date(2025, 4, 8)] * 3),
            "line_number": pa.array([1, 1, 1], pa.int32()),
            "tariff_number": ["9903.01.24", "8471.30.01.00", "9903.01.24"],
            "duty_cents": pa.array([10000, 0, 256749], pa.int64()),
        }
    )
    out = io.BytesIO()
    (pa_csv.write_csv if end == ".csv" else pq.write_table)(rows, out)
    return out.getvalue()


def _rules() -> bytes:
    from ieeparefund.law.citations import table_text

    return table_text("cape_rules.toml").encode()


SEEDS: Mapping[str, Callable[[], bytes]] = {
    "es003_csv": lambda: csv_text(ENTRIES).encode(),
    "es003_xlsx": workbook,
    "claim_details": CLAIMS.encode,
    "refund_report": REFUNDS.encode,
    "bank_lines": BANK.encode,
    "offsets": OFFSETS.encode,
    "suggestions": REFUNDS.encode,
    "abi": lambda: abi_text().encode(),
    "declaration": DECLARATION.encode,
    "column_map": MAP.encode,
    "cape_rules": _rules,
    "exhibit_html": lambda: exhibit(".html"),
    "exhibit_markdown": lambda: exhibit(".md"),
    "exhibit_xlsx": lambda: exhibit(".xlsx"),
    "columns_csv": lambda: columnar(".csv"),
    "columns_parquet": lambda: columnar(".parquet"),
}


def changed(data: bytes, choices: Any) -> bytes:
    """Return a file with a few places changed. `choices(low, high)` draws a whole number, both ends included."""
    made = bytearray(data)
    for _ in range(choices(1, 6)):
        start = choices(0, len(made))
        end = min(len(made), start + choices(0, 40))
        way = choices(0, 6)
        if way == 0 and start < len(made):
            made[start] ^= 1 << choices(0, 7)
        elif way == 1:
            del made[start:end]
        elif way == 2:
            made[start:start] = made[start:end] * choices(1, 4)
        elif way == 3:
            made[start:start] = TOKENS[choices(0, len(TOKENS) - 1)]
        elif way == 4:
            made[start:end] = TOKENS[choices(0, len(TOKENS) - 1)]
        elif way == 5:
            del made[start:]
        else:
            other = choices(0, len(made))
            made[start:start] = made[other : other + choices(0, 200)]
    return bytes(made)


def changed_workbook(data: bytes, choices: Any) -> bytes:
    """Return a workbook whose archive is good and whose parts are changed."""
    parts = parts_of(data)
    name = sorted(parts)[choices(0, len(parts) - 1)]
    parts[name] = changed(parts[name], choices)
    return zipped(parts)
