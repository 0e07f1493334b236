"""All the duty of an entry by the law it rests on, as it was reported: nothing is dropped and the parts sum.

This is about where each dollar stands, not about what comes back: the ordinary duty inside an all-in heading
stays with that heading here (`ieepa_duty` takes it off).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ieeparefund.entries.entry import Entry
from ieeparefund.law.authorities import look_alike
from ieeparefund.law.duty_lines import programme_of
from ieeparefund.law.headings import Authority, authority
from ieeparefund.money import ZERO, exactly

__all__ = ["DutySplit", "split_duty"]

_COLUMN_1, _FEES, _UNKNOWN = "column_1", "fees", "unknown"
_PARTS: tuple[str, ...] = (
    Authority.IEEPA.value,
    Authority.SECTION_122.value,
    Authority.SECTION_201.value,
    Authority.SECTION_232.value,
    Authority.SECTION_301.value,
    _COLUMN_1,
    Authority.AD_CVD.value,
    _FEES,
    Authority.OTHER.value,
    _UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class DutySplit:
    """The duty of an entry by authority, dollars with two places. Made by `split_duty`.

    `by_authority` holds `ieepa`, `section_122`, `section_201`, `section_232`, `section_301`, `column_1`
    (chapters 1 to 97 and chapter 98), `ad_cvd` (case numbers), `fees` (class codes), `other` (chapter 99
    provisions of other laws) and `unknown` (chapter 99 numbers in no table here), each with its amount, zero
    included. They sum to `total`, the sum of every amount of the entry. `ieepa` is split once more in
    `ieepa_by_programme`.
    `unknown_numbers` names the numbers under `unknown`; `missing` the rows whose duty is blank, as
    `(line_number, number)`: they are in no part.
    """

    total: Decimal
    by_authority: dict[str, Decimal]
    ieepa_by_programme: dict[str, Decimal]
    unknown_numbers: tuple[str, ...]
    missing: tuple[tuple[int, str], ...]

    @property
    def ieepa(self) -> Decimal:
        """Duty reported on 9903.01 and 9903.02: what `ieepa_duty` calls `paid`."""
        return self.by_authority[Authority.IEEPA]


@lru_cache(maxsize=65536)
def _part(number: str) -> str:
    law = authority(number)
    if law is Authority.NONE:
        return _COLUMN_1
    if law is not Authority.OTHER:
        return law.value
    if "." not in number:
        return _FEES
    return law.value if look_alike(number) is not None else _UNKNOWN


@exactly
def split_duty(entry: Entry) -> DutySplit:
    """Split every dollar of duty and fees on an entry's rows by the law it rests on.

    Source: HTSUS chapter 99 subchapter III; the ranges of `look_alikes`.

    >>> import datetime as dt
    >>> from ieeparefund.entries.entry import EntryLine, TariffLine
    >>> rows = [TariffLine("9903.01.24", 0, "200.00"), TariffLine("8513.10.20.00", 1000, "35.00")]
    >>> split = split_duty(Entry("ABC-1234567-6", "01", dt.date(2025, 7, 1), [EntryLine(1, "CN", rows)]))
    >>> split.total, split.ieepa, split.by_authority["column_1"]
    (Decimal('235.00'), Decimal('200.00'), Decimal('35.00'))
    """
    parts: dict[str, Decimal] = dict.fromkeys(_PARTS, ZERO)
    programmes: dict[str, Decimal] = {}
    unknown: dict[str, None] = {}
    missing: list[tuple[int, str]] = []
    total = ZERO
    for line in entry.lines:
        for row in line.tariffs:
            part = _part(row.number)
            if part == _UNKNOWN:
                unknown[row.number] = None
            if row.duty is None:
                missing.append((line.line_number, row.number))
                continue
            total += row.duty
            parts[part] += row.duty
            if part == Authority.IEEPA and row.duty:
                programme = programme_of(row.number)
                programmes[programme] = programmes.get(programme, ZERO) + row.duty
    return DutySplit(total, parts, programmes, tuple(unknown), tuple(missing))
