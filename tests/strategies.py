"""The strategies of the testing kit, under the name by which tests know them."""

from __future__ import annotations

from ieeparefund.testing import (
    dates,
    dollars,
    entries,
    entry_lines,
    entry_numbers,
    flags,
    tariff_lines,
)

__all__ = ["dates", "dollars", "entries", "entry_lines", "entry_numbers", "flags", "tariff_lines"]
