"""The records of a query answer as lines of text, from a file in whatever shape or from an iterable."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable
from itertools import islice

from ieeparefund.ace.abi_records import RECORD_LENGTH
from ieeparefund.ace.file_repairs import FileRepair, FileRepairKind
from ieeparefund.inputs.files import read_file
from ieeparefund.inputs.limits import ReadLimits, too_much
from ieeparefund.problems import RepairKind

__all__ = ["record_lines"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_GIVEN = "(lines given)"


def _decode(data: bytes) -> str:
    # The records are ASCII; under cp1252 or Latin-1 a stray byte keeps its one column.
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _lines_of_file(path: str, limits: ReadLimits) -> tuple[list[str], list[FileRepair]]:
    data = read_file(path, limits)
    if data.count(b"\n") + data.count(b"\r") > 2 * limits.rows:
        raise too_much("rows", limits, file=path)
    repairs: list[FileRepair] = []
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        repairs.append(FileRepair(RepairKind.BYTE_ORDER_MARK, None, "EF BB BF"))
    # A DOS end-of-file mark is no record.
    text = _decode(data).rstrip("\x1a")
    lines = _LINE_END.split(text)
    if lines[-1] == "":
        lines.pop()
    if len(lines) == 1 and len(lines[0]) > RECORD_LENGTH and len(lines[0]) % RECORD_LENGTH == 0:
        whole = lines[0]
        lines = [whole[start : start + RECORD_LENGTH] for start in range(0, len(whole), RECORD_LENGTH)]
        repairs.append(
            FileRepair(FileRepairKind.CUT, None, f"{len(lines)} records of {RECORD_LENGTH} columns")
        )
    return lines, repairs


def record_lines(
    source: str | os.PathLike[str] | Iterable[str], limits: ReadLimits
) -> tuple[str, list[str], list[FileRepair]]:
    """Return the name of the source, its lines without their ends, and what was repaired.

    Text and path objects are paths, anything else gives the lines. Text without line ends whose length is a
    multiple of 80 is cut into records. Raises `FileFormatError` for a file that cannot be opened, `LimitError`
    for more records than the limit.
    """
    if isinstance(source, str | os.PathLike):
        file = os.fsdecode(source)
        lines, repairs = _lines_of_file(file, limits)
    else:
        file, repairs = _GIVEN, []
        lines = [line.rstrip("\r\n") for line in islice(source, limits.rows + 1)]
    if len(lines) > limits.rows:
        raise too_much("rows", limits, file=file)
    return file, lines, repairs
