"""How large the sheets of a workbook are, told from the text of its parts without laying them out."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from xml.parsers import expat

from ieeparefund.errors import FileFormatError, brief

__all__ = ["CellScan", "strict_area"]

_CELLS = tuple(b"<c" + mark for mark in (b" ", b">", b"/", b"\t", b"\n", b"\r"))
_PLACED = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_PREFIXED = re.compile(rb":c[\s/>]")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_NUMBERED = re.compile(rb"""\bt\s*=\s*["']s["'][^<]*<(?:\w+:)?v[^<]*?>\s*([0-9]{1,9})\s*<""")
_PLACE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DIGITS = b"0123456789"
_LETTERS = bytes(range(65, 91))
_LONGEST_TAG = 4 << 20
_REMEDY = "Open it and save it again as .xlsx, or export as CSV."


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class CellScan:
    """Takes one part, chunk by chunk, and tells what it holds.

    `is_sheet` says whether it can be read as a sheet at all; `is_plain` whether all its cells name their place as
    spreadsheets write it, so that `area` (last row times last column) holds; `text_lengths` are the lengths of the
    shared texts in it, markup counted. With `lengths` of all shared texts `shared` adds up what the cells of the
    part take of them.
    """

    def __init__(self, file: str, lengths: Sequence[int] = ()) -> None:
        self.is_sheet = False
        self.text_lengths: array[int] = array("L")
        self.shared = 0
        self._file = file
        self._lengths = lengths
        self._longest = max(lengths, default=0)
        self._left = b""
        self._begun = False
        self._open: int | None = None
        self._cells = self._placed = self._row = self._tags = 0
        self._columns: set[bytes] = set()
        self._prefixed = False

    @property
    def is_plain(self) -> bool:
        """Whether every cell names its place."""
        return self._cells == self._placed and not self._prefixed

    @property
    def texts(self) -> int:
        """How many cells may name a shared text, at most."""
        return self._cells if self.is_plain else self._tags

    @property
    def area(self) -> int:
        """Cells of the rectangle from the first cell of the sheet to the last row and column in use."""
        return self._row * max((_column(letters.decode()) for letters in self._columns), default=0)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._begun:
            self._begun = True
            if chunk[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
                raise _refused(self._file, "a part is UTF-16 text, which spreadsheets do not write")
        content = self._left + chunk
        # A tag is looked at whole, with the text behind it.
        cut = content.rfind(b"<c") if self._lengths else content.rfind(b"<")
        if cut <= 0 and len(content) < _LONGEST_TAG:
            self._left = content
            return
        cut = cut if cut > 0 else len(content)
        self._left = content[cut:]
        self._take(content[:cut])

    def close(self) -> None:
        """Take what is left."""
        self._take(self._left)
        if self._open is not None:
            self.text_lengths.append(self._open)

    def _take(self, content: bytes) -> None:
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _refused(self._file, "a part declares entities of its own")
        self.is_sheet = self.is_sheet or b"sheetData" in content
        if self._lengths:
            self._share(content)
            return
        if self._open is not None or b"<si" in content or b":si" in content:
            self._measure_texts(content)
        if not self.is_sheet:
            return
        places = _PLACED.findall(content)
        self._cells += sum(map(content.count, _CELLS))
        self._tags += content.count(b"<")
        self._placed += len(places)
        self._prefixed = self._prefixed or _PREFIXED.search(content) is not None
        joined = b" ".join(places)
        self._columns.update(joined.translate(None, _DIGITS).split())
        rows = set(joined.translate(None, _LETTERS).split())
        self._row = max(self._row, max(map(int, rows), default=0))

    def _measure_texts(self, content: bytes) -> None:
        last = 0
        for found in _TEXT.finditer(content):
            if self._open is not None:
                self.text_lengths.append(self._open + found.start() - last)
            self._open, last = 0, found.start()
        if self._open is not None:
            self._open += len(content) - last

    def _share(self, content: bytes) -> None:
        named = _NUMBERED.findall(content)
        for number in map(int, named):
            self.shared += self._lengths[number] if number < len(self._lengths) else 0
        # Where the number of the text is not to be seen it may be that of the longest.
        self.shared += self._longest * (len(_SHARED.findall(content)) - len(named))


def strict_area(chunks: Iterable[bytes], file: str) -> int:
    """Return the area of a sheet whose cells are written in an unusual way, by a full reading of its XML.

    A cell without a place stands behind the one before, a row without a number below the one before. Raises
    `FileFormatError` for what is no well-formed XML.
    """
    row = column = rows = columns = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows, columns
        local = tag.rpartition(":")[2]
        named = attributes.get("r")
        if local == "row":
            row, column = int(_named(_NUMBER, named, file)[0]) if named else row + 1, 0
            rows = max(rows, row)
        elif local == "c":
            letters, number = _named(_PLACE, named, file).groups() if named else ("", row)
            column = _column(letters) if letters else column + 1
            rows, columns = max(rows, int(number)), max(columns, column)

    reader = expat.ParserCreate()
    reader.StartElementHandler = start
    try:
        for chunk in chunks:
            reader.Parse(chunk)
        reader.Parse(b"", True)
    except expat.ExpatError as error:
        raise _refused(file, f"a sheet is no well-formed XML ({error})") from None
    return rows * columns


def _named(form: re.Pattern[str], name: str, file: str) -> re.Match[str]:
    found = form.fullmatch(name)
    if found is None:
        raise _refused(file, f"a row or cell has the place {brief(name)}")
    return found


def _refused(file: str, why: str) -> FileFormatError:
    return FileFormatError(f"cannot be read as a workbook: {why}.", remedy=_REMEDY, file=file)
