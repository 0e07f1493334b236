"""The CAPE upload file, byte for byte: one column `Entry Number`, one compact number a line, plain ASCII.

A file-level fault rejects the whole declaration, so the writer refuses whatever may cause one; the reader
takes files that others wrote and lists what it had to repair. The limits are dated rows
(`law.declaration_file`).
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ieeparefund.ace.cells import CellError, clean, parse_entry_number
from ieeparefund.ace.file_repairs import FileRepair, FileRepairKind
from ieeparefund.ace.headers import normalise_heading
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_cell, mask_entry_number
from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.inputs.files import read_file
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits, too_much
from ieeparefund.law.declaration_file import DeclarationLimits, declaration_limits
from ieeparefund.problems import RepairKind, RowProblem

__all__ = ["DeclarationFile", "LineEnd", "declaration_bytes", "read_declaration"]

LineEnd = Literal["crlf", "lf"]

_ENDS = {"crlf": "\r\n", "lf": "\n"}
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_GIVEN = "(bytes given)"
_SHOWN = 5


def declaration_bytes(
    numbers: Iterable[EntryNumber | str], *, line_end: LineEnd = "crlf", on: dt.date | None = None
) -> bytes:
    """Return the bytes of a CAPE upload file for `numbers`, in their order.

    The first line is the header, then comes one compact number a line; the last line ends too; there is no
    byte order mark. Text is parsed as `EntryNumber.parse(text, check=False)` does. CBP states no line end;
    `crlf` is what Excel writes, `lf` is the other choice. `on` is the day whose limits count (`None`: the
    newest).

    Raises `EntryNumberError` for text that is no entry number (a blank one too), and `InputError` where there
    is none at all, where one stands twice, where there are more than the limit (9,999), where the file
    reaches the limit of size (1 MB), and for another line end.

    >>> declaration_bytes(["ZT4-0000123-1"])
    b'Entry Number\\r\\nZT400001231\\r\\n'
    """
    if line_end not in _ENDS:
        raise InputError(
            f"line_end is {line_end!r}.", remedy='Use "crlf" or "lf".', column="line_end", value=str(line_end)
        )
    limits = declaration_limits(on)
    compact = [
        number.compact if isinstance(number, EntryNumber) else EntryNumber.parse(number, check=False).compact
        for number in numbers
    ]
    _check(compact, limits)
    end = _ENDS[line_end]
    data = "".join(f"{line}{end}" for line in (limits.header, *compact)).encode("ascii")
    if len(data) >= limits.size:
        raise InputError(
            f"the declaration has {len(data):,} bytes; a file must stay under {limits.size:,}.",
            remedy="Split it into several files.",
        )
    return data


def _check(compact: Sequence[str], limits: DeclarationLimits) -> None:
    if not compact:
        raise InputError("the declaration has no entry.", remedy="Give at least one entry number.")
    if len(compact) > limits.entries:
        raise InputError(
            f"the declaration has {len(compact):,} entries; a file takes at most {limits.entries:,}"
            f" ({limits.entries_citation}).",
            remedy="Split it into several files.",
        )
    twice = [number for number, count in Counter(compact).items() if count > 1]
    if twice:
        more = f" and {len(twice) - _SHOWN} more" if len(twice) > _SHOWN else ""
        raise InputError(
            f"entries stand more than once: {', '.join(twice[:_SHOWN])}{more}. CBP refuses the whole file.",
            remedy="Give every entry number once.",
            value=twice[0],
        )


@dataclass(frozen=True, slots=True)
class DeclarationFile:
    """What an upload file held.

    `numbers` are the entries in order, each once. `problems` are the rows that could not be used, and faults
    of the file as a whole (row 1) for which CBP would refuse it. `repairs` are what was changed; as CBP may
    not repair it, write the file anew. `rows_read` counts the rows below the header: those of `numbers` and
    `rows_excluded`, which are rows with a problem, blank rows and repeats. `check_digits` lists the entries
    whose check digit does not hold.
    """

    file: str
    numbers: tuple[EntryNumber, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[FileRepair, ...]
    rows_read: int
    rows_excluded: int
    check_digits: tuple[EntryNumber, ...]


class _Reading:
    """One pass over the lines of a declaration."""

    def __init__(self, file: str, limits: ReadLimits) -> None:
        self.file = file
        self.limits = limits
        self.repairs: list[FileRepair] = []
        self.problems: list[RowProblem] = []
        self.numbers: dict[EntryNumber, None] = {}
        self.excluded = 0

    def problem(self, row: int, value: str, problem: str, remedy: str) -> None:
        if len(self.problems) >= self.limits.problems:
            raise too_much("problems", self.limits, file=self.file, row=row)
        self.problems.append(
            RowProblem(self.file, row, "Entry Number", mask_entry_number(value), problem, remedy)
        )

    def single_cell(self, row: int, line: str) -> str | None:
        """Return the one cell of a line, `None` with a problem where there are more."""
        try:
            cells = next(csv.reader([line])) if '"' in line else line.split(",")
        except csv.Error as error:
            self.problem(
                row, line[:60], f"the row is no delimited text: {error}.", "Keep the entry number alone."
            )
            return None
        if len(cells) > 1:
            if any(clean(cell) for cell in cells[1:]):
                self.problem(
                    row,
                    line[:60],
                    f"the row has {len(cells)} columns; a declaration has one.",
                    "Keep the entry number alone.",
                )
                return None
            self.repairs.append(FileRepair(FileRepairKind.EMPTY_COLUMN, row, mask_entry_number(line)))
        return cells[0]

    def take(self, row: int, line: str) -> None:
        """Take one row below the header."""
        cell = self.single_cell(row, line)
        if cell is None:
            self.excluded += 1
            return
        try:
            number, kinds = parse_entry_number(cell)
        except CellError as error:
            self.problem(row, cell, error.problem, error.remedy)
            self.excluded += 1
            return
        if number is None:
            self.repairs.append(FileRepair(FileRepairKind.BLANK_ROW, row, line))
            self.excluded += 1
            return
        self.repairs += [
            FileRepair(kind, row, mask_entry_number(cell)) for kind in kinds if isinstance(kind, RepairKind)
        ]
        if number in self.numbers:
            self.repairs.append(FileRepair(FileRepairKind.REPEAT, row, number.compact))
            self.excluded += 1
            return
        self.numbers[number] = None


def _content(source: str | os.PathLike[str] | bytes, limits: ReadLimits) -> tuple[str, bytes]:
    if not isinstance(source, bytes):
        file = os.fsdecode(source)
        return file, read_file(file, limits, "document_bytes")
    if len(source) > limits.document_bytes:
        raise too_much("document_bytes", limits, len(source), file=_GIVEN)
    return _GIVEN, source


def _text(file: str, data: bytes, repairs: list[FileRepair]) -> str:
    if data.startswith(codecs.BOM_UTF8):
        repairs.append(FileRepair(RepairKind.BYTE_ORDER_MARK, None, "EF BB BF"))
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"is not UTF-8 text at byte {error.start + 1}.",
            remedy="Save it as CSV (Comma delimited).",
            file=file,
        ) from None
    lone = len(_LONE_RETURN.findall(text))
    if lone:
        repairs.append(FileRepair(FileRepairKind.LINE_END, None, f"{lone} lines"))
    return text


def read_declaration(
    source: str | os.PathLike[str] | bytes,
    *,
    on: dt.date | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> DeclarationFile:
    """Read an upload file from its path, or from its bytes, whoever wrote it.

    A byte order mark, carriage returns alone, blanks, blank rows, dashes, wrapping, lower case, lost zeros
    (where the check digit then holds), empty further columns, repeats and a header in another spelling or
    missing are repaired and listed. Rows with anything else are problems. `on` is the day whose limits count.

    Raises `LimitError` past a limit, `FileFormatError` for a file that cannot be opened, is empty, is not UTF-8
    text, or whose first row
    is neither the header nor an entry number.
    """
    file, data = _content(source, limits)
    dated = declaration_limits(on)
    reading = _Reading(file, limits)
    lines = _LINE_END.split(_text(file, data, reading.repairs))
    if lines[-1] == "":
        lines.pop()
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise FileFormatError("is empty.", remedy=f"Write the header {dated.header}.", file=file)
    reading.repairs += [FileRepair(FileRepairKind.BLANK_ROW, row, "") for row in range(1, first + 1)]
    start = first + 1 if _is_header(reading, first + 1, lines[first], dated) else first
    for row, line in enumerate(lines[start:], start=start + 1):
        reading.take(row, line)
    if len(reading.numbers) > dated.entries:
        reading.problem(
            1,
            str(len(reading.numbers)),
            f"the file has {len(reading.numbers):,} entries, more than {dated.entries:,}.",
            "Split it into several files.",
        )
    if len(data) >= dated.size:
        reading.problem(
            1,
            str(len(data)),
            f"the file has {len(data):,} bytes; it must stay under {dated.size:,}.",
            "Split it into several files.",
        )
    numbers = tuple(reading.numbers)
    return DeclarationFile(
        file,
        numbers,
        tuple(reading.problems),
        tuple(reading.repairs),
        len(lines) - start,
        reading.excluded,
        tuple(number for number in numbers if not number.check_digit_valid),
    )


def _is_header(reading: _Reading, row: int, line: str, limits: DeclarationLimits) -> bool:
    """Return whether the first row is the header; an entry number there means that the header is missing."""
    cell = reading.single_cell(row, line)
    if cell is not None and normalise_heading(clean(cell)) == normalise_heading(limits.header):
        if cell != limits.header:
            reading.repairs.append(FileRepair(FileRepairKind.HEADER_SPELLING, row, cell))
        return True
    try:
        found = parse_entry_number(cell)[0] if cell is not None else None
    except CellError:
        found = None
    if found is None:
        raise FileFormatError(
            f"starts with {mask_cell(line[:60])!r}, neither the header {limits.header} nor an entry number.",
            remedy="Give a CAPE upload file of one column.",
            file=reading.file,
            row=row,
        )
    reading.repairs.append(FileRepair(FileRepairKind.HEADER_MISSING, row, mask_entry_number(cell or "")))
    return False
