"""Workbooks by python-calamine, once they are found to stay within the limits."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeVar

from ieeparefund.errors import FileFormatError, MissingExtraError
from ieeparefund.inputs.archive import check_workbook
from ieeparefund.inputs.files import open_binary
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits

__all__ = ["OLE_MARK", "ZIP_MARK", "LoadedSheet", "Workbook"]

ZIP_MARK = b"PK\x03\x04"
"""How an archive begins: .xlsx, but .xlsb and .ods too."""
OLE_MARK = b"\xd0\xcf\x11\xe0"
"""How an .xls file begins, and an .xlsx file with a password."""
_REMEDY = "Open it and save it again as .xlsx without a password, or export as CSV."
_T = TypeVar("_T")


class LoadedSheet:
    """A sheet in memory, to be gone through as often as need be."""

    def __init__(self, file: str, sheet: Any) -> None:
        self._file, self._sheet = file, sheet

    def rows(self) -> Iterator[list[Any]]:
        """Yield the rows from the first, blank ones too. Numbers are floats, errors blank."""
        rows = iter(_tried(self._file, self._sheet.iter_rows))
        while (row := _tried(self._file, lambda: next(rows, None))) is not None:
            yield row


class Workbook:
    """An .xlsx file, by its path or its bytes, and its sheets by name.

    Raises `FileFormatError` for whatever cannot be read, `MissingExtraError` where python-calamine is not installed.
    """

    def __init__(self, source: str | os.PathLike[str] | bytes, limits: ReadLimits = DEFAULT_LIMITS) -> None:
        try:
            import python_calamine
        except ImportError:
            raise MissingExtraError("Reading a workbook", "excel") from None
        opener = python_calamine.CalamineWorkbook
        if isinstance(source, bytes):
            self._file = "(bytes given)"
            _check(io.BytesIO(source), self._file, limits)
            self._book = _tried(self._file, lambda: opener.from_filelike(io.BytesIO(source)))
        else:
            self._file = os.fspath(source)
            with open_binary(source, limits) as file:
                _check(file, self._file, limits)
            self._book = _tried(self._file, lambda: opener.from_path(self._file))

    @property
    def sheet_names(self) -> list[str]:
        """The names of the sheets, in their order."""
        names: list[str] = self._book.sheet_names
        return names

    def sheet(self, name: str) -> LoadedSheet:
        """Load a sheet."""
        return LoadedSheet(self._file, _tried(self._file, lambda: self._book.get_sheet_by_name(name)))


def _check(file: IO[bytes], name: str, limits: ReadLimits) -> None:
    if limits.unchecked_workbooks:
        return
    if file.read(len(OLE_MARK)) == OLE_MARK:
        raise FileFormatError(
            "cannot be read as a workbook: it is an .xls file, or has a password, and its size cannot be told.",
            remedy=f"{_REMEDY} An .xls file of your own is read with limits=ReadLimits(unchecked_workbooks=True).",
            file=name,
        )
    check_workbook(file, name, limits)


def _tried(file: str, work: Callable[[], _T]) -> _T:
    try:
        return work()
    except BaseException as error:
        # A panic of the reader is no Exception; what the user or the system does is no fault of the file.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FileFormatError(f"cannot be read as a workbook: {error}.", remedy=_REMEDY, file=file) from None
