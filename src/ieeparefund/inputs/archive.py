"""A workbook looked through before it is unpacked, so that its size in memory is known and bounded.

The reader of workbooks unpacks whole parts, lays out every sheet as a full rectangle, and copies a shared text
into each cell that names it. So the archive must be plain (no part over another, nothing before, between or
behind), and parts, rectangles and shared texts must stay within the limits. Formulas are never computed, and
declared entities are refused.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from typing import IO

from ieeparefund.errors import FileFormatError
from ieeparefund.inputs.limits import ReadLimits, too_much
from ieeparefund.inputs.sheet_sizes import CellScan, strict_area

__all__ = ["check_workbook"]

_CHUNK = 1 << 20
_END = b"PK\x05\x06"
_END_BYTES = 22
_TAIL = _END_BYTES + (1 << 16)
_ZIP64_END_BYTES = 76
_DIRECTORY_BYTES_OF_A_PART = 1024
_LOCAL = struct.Struct("<4s22xHH")
# Below it no ratio is too high: short parts of equal rows pack well.
_RATIO_COUNTS_FROM = 16 << 20
_ENCRYPTED = 1
# What .xlsb and .ods have and .xlsx has not; the cells of neither are counted here.
_OTHER_KINDS = {"workbook.bin": ".xlsb", "content.xml": ".ods"}
_REMEDY = "Open it and save it again as .xlsx without a password, or export as CSV."


def check_workbook(file: IO[bytes], name: str, limits: ReadLimits) -> None:
    """Raise `FileFormatError` unless the .xlsx file can be read within the limits. `name` is for the error."""
    parts = _parts(file, name, limits)
    unzipped = cells = texts = 0
    lengths: array[int] = array("L")
    sheets = []
    for part in parts:
        scan = CellScan(name)
        size = 0
        for chunk in _content(file, part, name):
            size += len(chunk)
            if unzipped + size > limits.unzipped_bytes:
                raise too_much("unzipped_bytes", limits, file=name)
            if size > max(_RATIO_COUNTS_FROM, limits.zip_ratio * part.compress_size):
                raise too_much("zip_ratio", limits, file=name)
            scan.feed(chunk)
        unzipped += size
        scan.close()
        lengths.extend(scan.text_lengths)
        if scan.is_sheet:
            area = scan.area if scan.is_plain else strict_area(_content(file, part, name), name)
            cells += area
            if cells > limits.workbook_cells:
                raise too_much("workbook_cells", limits, cells, file=name)
            texts += scan.texts
            sheets.append(part)
    longest = max(lengths, default=0)
    # Mostly the coarse bound settles it, and the cells need not be gone through once more.
    if longest * texts > limits.unzipped_bytes:
        shared = 0
        for part in sheets:
            scan = CellScan(name, lengths)
            for chunk in _content(file, part, name):
                scan.feed(chunk)
            scan.close()
            shared += scan.shared
        if shared > limits.unzipped_bytes:
            raise too_much("unzipped_bytes", limits, shared, file=name, what="bytes of text in the cells")


def _parts(file: IO[bytes], name: str, limits: ReadLimits) -> list[zipfile.ZipInfo]:
    """Return the parts of a plain archive in the order of the file."""
    end = _directory(file, name, limits)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, OverflowError) as error:
        raise _damaged(name, f"its archive is damaged ({error})") from None
    parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    if len(parts) > limits.workbook_parts:
        raise too_much("workbook_parts", limits, len(parts), file=name)
    if len({part.filename.casefold() for part in parts}) != len(parts):
        raise _damaged(name, "two of its parts have one name")
    place = 0
    for part in parts:
        if (kind := _OTHER_KINDS.get(re.split(r"[/\\]", part.filename.casefold())[-1])) is not None:
            raise FileFormatError(
                f"cannot be read as a workbook: it is an {kind} file, and its size cannot be told.",
                remedy=f"{_REMEDY} One of your own is read with limits=ReadLimits(unchecked_workbooks=True).",
                file=name,
            )
        if part.flag_bits & _ENCRYPTED:
            raise _damaged(name, "it is locked by a password")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged(name, "a part is packed in an unknown way")
        # Behind the end stands the directory, which is longer than the head of a part.
        if not place <= part.header_offset <= end:
            raise _damaged(name, "its parts lie over one another")
        place = _data_start(file, part, name) + part.compress_size
    if place > end:
        raise _damaged(name, "its parts lie over one another")
    return parts


def _directory(file: IO[bytes], name: str, limits: ReadLimits) -> int:
    """Check that the end of the archive can be read in one way only; return where its directory begins."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    if tail.count(_END) != 1 or tail[-_END_BYTES : -_END_BYTES + 4] != _END or not tail.endswith(b"\0\0"):
        raise _damaged(name, "its archive is cut off, or something stands behind it")
    entries, length, start = struct.unpack_from("<HII", tail, len(tail) - _END_BYTES + 10)
    behind = size - _END_BYTES - start - length
    # An archive of more than 4 GiB or 65,535 parts has a longer end; no workbook within the limits needs it.
    if entries == 0xFFFF or behind not in (0, _ZIP64_END_BYTES):
        raise _damaged(name, "its directory does not stand at its end")
    if length > _DIRECTORY_BYTES_OF_A_PART * limits.workbook_parts:
        raise too_much("workbook_parts", limits, file=name)
    return int(start)


def _data_start(file: IO[bytes], part: zipfile.ZipInfo, name: str) -> int:
    file.seek(part.header_offset)
    mark, length, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    if mark != b"PK\x03\x04":
        raise _damaged(name, "a part is not where the directory says")
    return part.header_offset + _LOCAL.size + int(length) + int(extra)


def _content(file: IO[bytes], part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Yield the content of a part as it really is, whatever size the archive declares."""
    file.seek(_data_start(file, part, name))
    left = part.compress_size
    inflate = None if part.compress_type == zipfile.ZIP_STORED else zlib.decompressobj(-15)
    while left > 0 and (packed := file.read(min(left, _CHUNK))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            try:
                yield inflate.decompress(packed, _CHUNK)
            except zlib.error as error:
                raise _damaged(name, f"a part cannot be unzipped ({error})") from None
            packed = inflate.unconsumed_tail
    if inflate is not None:
        yield inflate.flush()


def _damaged(name: str, why: str) -> FileFormatError:
    return FileFormatError(f"cannot be read as a workbook: {why}.", remedy=_REMEDY, file=name)
