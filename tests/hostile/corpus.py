"""Files made to do harm, by name: each must be refused or read with its problem listed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.es003_files import csv_text, row
from tests.hostile.seeds import parts_of, with_sheet, workbook, zipped

GOOD = csv_text([row(1)])
_HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_TAIL = b"</sheetData></worksheet>"


def sheet(cells: bytes) -> bytes:
    return _HEAD + b"<sheetData>" + cells + _TAIL


def cell(place: str, value: int = 1) -> bytes:
    return f'<c r="{place}"><v>{value}</v></c>'.encode()


def bomb(size: int) -> bytes:
    """A workbook whose sheet is `size` bytes of blanks once unzipped."""
    return with_sheet(_HEAD + b" " * size + b"<sheetData>" + _TAIL)


def lying_bomb(size: int) -> bytes:
    """The same, and its archive says that the sheet has a hundred bytes."""
    data = bytearray(bomb(size))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    told = struct.pack("<I", part.file_size)
    place = data.find(told)
    while place >= 0:
        data[place : place + 4] = struct.pack("<I", 100)
        place = data.find(told)
    return bytes(data)


def overlapping() -> bytes:
    """Every part of the archive is the same packed bytes."""
    parts = 50
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b" " * 1_000_000
    body = packed.compress(content) + packed.flush()
    sizes = struct.pack("<III", zlib.crc32(content), len(body), len(content))
    name = b"p.xml"
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 5, 0) + name
    directory = b"".join(
        b"PK\x01\x02"
        + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0)
        + sizes
        + struct.pack("<HHHHHII", len(f"p{at:02}.xml"), 0, 0, 0, 0, 0, 0)
        + f"p{at:02}.xml".encode()
        for at in range(parts)
    )
    start = len(local) + len(body)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, parts, parts, len(directory), start, 0)
    return local + body + directory + end


def doubled_name() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts_of(workbook()).items():
            archive.writestr(zipfile.ZipInfo(name), content)
        archive.writestr(zipfile.ZipInfo("XL/workbook.xml"), b"<x/>")
    return out.getvalue()


def laughing() -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10))
    return with_sheet(
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">' + entities + b"]>"
        b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&l9;</v></c></row></sheetData></worksheet>'
    )


def external() -> bytes:
    return with_sheet(
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&f;</v></c></row></sheetData></worksheet>'
    )


def shared_text() -> bytes:
    """A text of 10,000 characters that 5,000 cells name."""
    rows = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % at for at in range(1, 5001))
    return with_sheet(sheet(rows), sharedStrings=b"<sst><si><t>" + b"x" * 10_000 + b"</t></si></sst>")


def with_part(name: str) -> bytes:
    """A good workbook with one more part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, content in {**parts_of(workbook()), name: b"<six/>"}.items():
            archive.writestr(part, content)
    return out.getvalue()


def many_parts() -> bytes:
    return zipped({**parts_of(workbook()), **{f"x/{at}.xml": b"<x/>" for at in range(200)}})


def flagged_locked() -> bytes:
    data = bytearray(workbook())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def packed_otherwise() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
    return out.getvalue()


def damaged_directory() -> bytes:
    return workbook().replace(b"PK\x01\x02", b"PK\x01\x03", 1)


def lost_part() -> bytes:
    data = workbook()
    second = data.find(b"PK\x03\x04", 4)
    return data[:second] + b"PK\x03\x05" + data[second + 4 :]


def part_in_the_directory() -> bytes:
    """The directory says that the first part stands beyond the directory."""
    data = bytearray(workbook())
    place = data.find(b"PK\x01\x02") + 42
    data[place : place + 4] = struct.pack("<I", len(data) - 3)
    return bytes(data)


def part_over_the_directory() -> bytes:
    """The directory says that the last part is longer than what stands before the directory."""
    data = bytearray(workbook())
    place = data.rfind(b"PK\x01\x02") + 20
    (size,) = struct.unpack_from("<I", data, place)
    struct.pack_into("<I", data, place, size + 40)
    return bytes(data)


WORKBOOKS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: bomb(40 << 20), "too many times a part of a workbook may grow"),
    "zip bomb that lies": (lambda: lying_bomb(40 << 20), "too many times a part of a workbook may grow"),
    "parts over one another": (overlapping, "lie over one another"),
    "one name twice": (doubled_name, "two of its parts have one name"),
    "billion laughs": (laughing, "declares entities"),
    "external entity": (external, "declares entities"),
    "far cell": (lambda: with_sheet(sheet(cell("A1") + cell("XFD1048576"))), "too many cells of a workbook"),
    "far cell, marks apart": (
        lambda: with_sheet(sheet(cell("A1") + b"<c  r='XFD1048576'><v>1</v></c>")),
        "too many cells of a workbook",
    ),
    "far row, cells without a place": (
        lambda: with_sheet(sheet(b'<row r="1048576">' + b"<c><v>1</v></c>" * 99 + b"</row>")),
        "too many cells of a workbook",
    ),
    "row of no number": (lambda: with_sheet(sheet(b'<row r="-1"><c><v>1</v></c></row>')), "has the place"),
    "cell of no place": (lambda: with_sheet(sheet(cell("A99999999999"))), "has the place"),
    "broken markup": (lambda: with_sheet(sheet(b"<c><v>1</c>")), "no well-formed XML"),
    "UTF-16 part": (lambda: with_sheet(sheet(b"").decode().encode("utf-16")), "UTF-16"),
    "one text in many cells": (shared_text, "bytes of text in the cells"),
    "many parts": (many_parts, "too many parts of a workbook"),
    "password flag": (flagged_locked, "locked by a password"),
    "bzip2": (packed_otherwise, "packed in an unknown way"),
    "damaged directory": (damaged_directory, "its archive is damaged"),
    "lost part": (lost_part, "not where the directory says"),
    "part in the directory": (part_in_the_directory, "lie over one another"),
    "part over the directory": (part_over_the_directory, "lie over one another"),
    "cut off": (lambda: workbook()[:-30], "cut off, or something stands behind it"),
    "something behind": (lambda: workbook() + b"x", "cut off, or something stands behind it"),
    "something before": (lambda: b"PK\x03\x04" + workbook(), "directory does not stand at its end"),
    "xls": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "its size cannot be told"),
    "xlsb": (lambda: with_part("xl/workbook.bin"), "it is an .xlsb file, and its size cannot be told"),
    "ods": (lambda: with_part("Content.xml"), "it is an .ods file, and its size cannot be told"),
    "no deflate stream": (
        lambda: workbook().replace(workbook()[40:60], b"\xff" * 20, 1),
        "cannot be read as a workbook",
    ),
}
"""Workbooks by name, and words of the error."""

TEXTS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "field of 200,000 characters": (
        lambda: (GOOD + "x" * 200_000 + "\n").encode(),
        "too many characters of a cell",
    ),
    "row past the limit": (lambda: (GOOD + "x" * 300_000 + "\n").encode(), "too many characters of a row"),
    "row that never ends": (lambda: b"x" * 3_000_000, "too many characters of a row"),
    "columns": (lambda: (GOOD + "," * 3_000 + "\n").encode(), "too many cells of a row"),
    "columns of the first row": (lambda: b"," * 3_000, "too many cells of a row"),
    "rows": (lambda: (GOOD + GOOD.splitlines()[1] * 0 + "\n" * 20_001).encode(), "too many rows"),
    "problems": (
        lambda: (GOOD + (GOOD.splitlines()[1].replace("04/08/2025", "x") + "\n") * 6_000).encode(),
        "too many problems",
    ),
    "quotation mark never closed": (
        lambda: (GOOD.replace("12-345678900", '"12-345678900') + "a,b,c\n" * 50).encode(),
        "quotation mark opens here",
    ),
    "quotation mark in the headings": (
        lambda: GOOD.replace("Protest Status", '"Protest Status').encode() + GOOD.encode() + b'"\n',
        "none of the first 25 rows|quotation mark opens here",
    ),
    "quotation mark and a vast text": (
        lambda: (GOOD + '"' + "x,\n" * 100_000).encode(),
        "too many characters of a row|quotation mark opens here|field larger than",
    ),
    "zero bytes": (lambda: b"\0" * 100, "zero bytes"),
    "UTF-32": (lambda: GOOD.encode("utf-32"), "none of the first 25 rows|no path|is not text"),
    "UTF-16 without a mark": (lambda: GOOD.encode("utf-16-le"), "zero bytes"),
    "half of UTF-16": (lambda: GOOD.encode("utf-16")[:-1], "is not text in utf-16"),
    "only a mark": (lambda: b"\xef\xbb\xbf", "none of the first 25 rows"),
    "nothing": (lambda: b"", "is empty"),
}
"""Texts by name, read as ES-003 with small limits, and words of the error."""
