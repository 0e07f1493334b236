"""The same answers over Arrow columns: millions of entries, equal to the scalar code in every cent and date.

Needs the extra `arrow` (numpy and pyarrow); the DuckDB engine needs `duckdb` as well. Nothing legal is written
here: look-up tables are built by calling the scalar functions, the rules are compiled from `cape_rules.toml`.
"""

from __future__ import annotations

from ieeparefund.errors import MissingExtraError

try:
    import numpy as _numpy  # noqa: F401
    import pyarrow as _pyarrow  # noqa: F401
except ImportError:
    raise MissingExtraError("ieeparefund.columns", "arrow") from None

from ieeparefund.columns.batch import estimate_batch
from ieeparefund.columns.files import FileEstimate, estimate_file
from ieeparefund.columns.frame import estimate_frame
from ieeparefund.columns.schema import (
    ENTRY_SCHEMA,
    LARGEST_CENTS,
    ROW_SCHEMA,
    TARIFF_SCHEMA,
    ColumnError,
    estimate_schema,
)

__all__ = [
    "ENTRY_SCHEMA",
    "LARGEST_CENTS",
    "ROW_SCHEMA",
    "TARIFF_SCHEMA",
    "ColumnError",
    "FileEstimate",
    "estimate_batch",
    "estimate_file",
    "estimate_frame",
    "estimate_schema",
]
