"""The testing kit: published vectors, and Hypothesis strategies for facts as customs people have them.

`vectors()` needs nothing more than the package. The strategies need Hypothesis, the extra `testing`; without it
the first use of one raises `MissingExtraError`. `python -m ieeparefund.testing` writes the vectors as JSON.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ieeparefund.testing.entry_parts import (
        any_tariff_numbers,
        dollars,
        entry_lines,
        entry_numbers,
        flags,
        invalid_entry_numbers,
        tariff_lines,
    )
    from ieeparefund.testing.es003_book import Es003File, es003_entries, es003_files
    from ieeparefund.testing.filings import filed_entries, filed_lines
    from ieeparefund.testing.law_days import as_of_days, dates, turning_days
    from ieeparefund.testing.paid_refunds import PaymentCase, payment_cases
    from ieeparefund.testing.payment_faults import FAULTS, Fault
    from ieeparefund.testing.published import (
        DutyVector,
        EligibilityVector,
        EntryNumberVector,
        InterestVector,
        PaidInterestVector,
        ProgrammeRateVector,
        VectorRow,
        Vectors,
        WindowVector,
    )
    from ieeparefund.testing.rate_books import invalid_rate_bands, invalid_rates, rate_tables
    from ieeparefund.testing.reading import vectors, vectors_json
    from ieeparefund.testing.whole_entries import entries

_MODULES = {
    "reading": "vectors vectors_json",
    "published": (
        "DutyVector EligibilityVector EntryNumberVector InterestVector PaidInterestVector "
        "ProgrammeRateVector VectorRow Vectors WindowVector"
    ),
    "law_days": "as_of_days dates turning_days",
    "entry_parts": (
        "any_tariff_numbers dollars entry_lines entry_numbers flags invalid_entry_numbers tariff_lines"
    ),
    "whole_entries": "entries",
    "filings": "filed_entries filed_lines",
    "es003_book": "Es003File es003_entries es003_files",
    "rate_books": "invalid_rate_bands invalid_rates rate_tables",
    "payment_faults": "FAULTS Fault",
    "paid_refunds": "PaymentCase payment_cases",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = [
    "FAULTS",
    "DutyVector",
    "EligibilityVector",
    "EntryNumberVector",
    "Es003File",
    "Fault",
    "InterestVector",
    "PaidInterestVector",
    "PaymentCase",
    "ProgrammeRateVector",
    "VectorRow",
    "Vectors",
    "WindowVector",
    "any_tariff_numbers",
    "as_of_days",
    "dates",
    "dollars",
    "entries",
    "entry_lines",
    "entry_numbers",
    "es003_entries",
    "es003_files",
    "filed_entries",
    "filed_lines",
    "flags",
    "invalid_entry_numbers",
    "invalid_rate_bands",
    "invalid_rates",
    "payment_cases",
    "rate_tables",
    "tariff_lines",
    "turning_days",
    "vectors",
    "vectors_json",
]


def __getattr__(name: str) -> Any:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'ieeparefund.testing' has no attribute {name!r}")
    value = getattr(import_module(f"ieeparefund.testing.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
