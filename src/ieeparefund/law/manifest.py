"""Which version of the law tables an answer rests on."""

from __future__ import annotations

import tomllib

from ieeparefund.law.citations import table_text
from ieeparefund.law.once import once

__all__ = ["rules_version"]


@once
def rules_version() -> str:
    """Return the version of the shipped law tables, such as `2026.09.29`: the newest day whose law they hold.

    The manifest beside the tables has the source, checksum and reading date of each.
    """
    return str(tomllib.loads(table_text("manifest.toml"))["version"])
