"""Control totals of a report: rows by what became of them, and the sums of its columns of amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.errors import FieldError
from ieeparefund.problems import Exclusion

__all__ = ["RowTotals", "SumTotals"]


@dataclass(frozen=True, slots=True)
class SumTotals:
    """Control totals of one column of amounts, in dollars: read = used + excluded.

    `unreadable` counts the cells that could not be read, whose amounts are in no sum.
    """

    read: Decimal
    used: Decimal
    excluded: Decimal
    unreadable: int


@dataclass(frozen=True, slots=True)
class RowTotals:
    """Control totals of a file: every row below the header is used or excluded for one reason.

    `excluded` counts rows by reason, `sums` gives the columns of amounts by field. Raises `FieldError` where
    rows or cents do not tie.
    """

    rows_read: int
    rows_used: int
    excluded: Mapping[Exclusion, int]
    sums: Mapping[str, SumTotals]

    def __post_init__(self) -> None:
        ties = {"rows": (Decimal(self.rows_read), Decimal(self.rows_used + self.rows_excluded))}
        ties |= {field: (total.read, total.used + total.excluded) for field, total in self.sums.items()}
        for name, (read, rest) in ties.items():
            if read != rest:
                raise FieldError(
                    f"{name}: {read} read, but used and excluded come to {rest}.",
                    remedy="The control totals must tie.",
                    column=name,
                )

    @property
    def rows_excluded(self) -> int:
        """Rows that were not used, for whatever reason."""
        return sum(self.excluded.values())
