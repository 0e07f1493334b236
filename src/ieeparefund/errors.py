"""Errors of the package. Each says what was found, what was expected, where, and what to do.

This module imports nothing from the package, so every other module may raise from it.
"""

from __future__ import annotations

__all__ = [
    "CoverageError",
    "EntryNumberError",
    "FieldError",
    "FileFormatError",
    "FloatMoneyError",
    "HtsNumberError",
    "IeepaRefundError",
    "InputError",
    "LimitError",
    "MissingExtraError",
    "RateNotPublishedError",
    "brief",
]

_SHOWN = 60


def brief(value: object) -> str:
    """Return the `repr` of a value for a message, at most 60 characters of it.

    >>> brief("1" * 100)
    "'11111111111111111111111111111111111111111111111111111111111…"
    """
    # Python refuses to write out integers of thousands of digits.
    vast = isinstance(value, int) and value.bit_length() > 4 * _SHOWN
    text = "an integer of hundreds of digits" if vast else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class IeepaRefundError(Exception):
    """Base of every error the package raises on purpose."""


class InputError(IeepaRefundError, ValueError):
    """A value given by the user cannot be used.

    `file`, `sheet`, `row` (as a spreadsheet counts, the header is row 1), `column` and `value` say where it
    stands, as far as known; `remedy` says what to do.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str = "",
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.problem = problem
        self.remedy = remedy
        self.file = file
        self.sheet = sheet
        self.row = row
        self.column = column
        self.value = value
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        where = [
            f"{label} {found}"
            for label, found in (
                ("file", self.file),
                ("sheet", self.sheet),
                ("row", self.row),
                ("column", self.column),
            )
            if found is not None
        ]
        text = f"{', '.join(where)}: {self.problem}" if where else self.problem
        return f"{text} {self.remedy}".rstrip()

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling of exceptions.
        return (_rebuild, (type(self), self.problem, self.__dict__.copy()))


def _rebuild(kind: type[InputError], problem: str, state: dict[str, object]) -> InputError:
    error = kind(problem)
    error.__dict__.update(state)
    error.args = (error._sentence(),)
    return error


class EntryNumberError(InputError):
    """Text that is not an entry number and cannot safely be made one."""


class HtsNumberError(InputError):
    """Text that is not a tariff number of 8 or 10 digits, an AD/CVD case number or a class code."""


class FieldError(InputError):
    """A field of an `Entry`, `EntryLine` or `TariffLine` is of the wrong kind or out of its range."""


class FileFormatError(InputError):
    """A file as a whole cannot be read: wrong kind, no known headings, damaged."""


class LimitError(FileFormatError):
    """A file is larger than a limit of `ReadLimits` allows. The text names the limit and how to raise it."""


class FloatMoneyError(IeepaRefundError, TypeError):
    """Money was given as a binary float. Cents are not exact there; pass `Decimal`, `int` or text."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__(
            f"{name} is the float {value!r}, which cannot hold cents exactly; "
            f'pass Decimal("{value}") or a string of the amount.'
        )


class CoverageError(IeepaRefundError, LookupError):
    """A date lies outside the span a table of law covers. The text names the span and the remedy."""


class RateNotPublishedError(CoverageError):
    """No interest rate is published for the day. Use `RateTable.projected` or `RateTable.with_rate`."""


class MissingExtraError(IeepaRefundError, ImportError):
    """An optional dependency is not installed. The text names the extra to install."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} needs an optional dependency: install ieeparefund[{extra}].")
