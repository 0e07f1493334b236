"""MkDocs hook: `<!-- reference: GROUP -->` becomes the entries of the public names of that group.

A name belongs to the first group whose prefix its module has, so a new public name cannot be left out.
"""

from __future__ import annotations

import re
from typing import Any

import ieeparefund
import ieeparefund.testing

MARKER = re.compile(r"^<!-- reference: (\w+) -->$", re.MULTILINE)
GROUPS = {
    "errors": ("errors",),
    "entries": ("entries.",),
    "windows": ("law.windows", "law.window_rules", "law.due_dates", "law.working_days", "law.clocks"),
    "interest": ("law.rates", "law.rate_bands", "law.interest", "law.late_interest"),
    "duty": ("law.duty", "law.heading", "law.authorities", "law.expected_duty", "law.line", "law.column1"),
    "law": ("law.",),
    "refunds": ("refunds.",),
    "files": ("ace.", "problems"),
    "columns": ("columns",),
    "report": ("report", ""),
}


def names_by_group() -> dict[str, list[str]]:
    """Return every name of `ieeparefund.__all__` under its group, in the order of the package's list.

    Those of the testing kit have a group of their own.
    """
    found: dict[str, list[str]] = {group: [] for group in GROUPS}
    for name in ieeparefund.__all__:
        if name == "__version__":
            continue
        module = ieeparefund._HOME[name]
        found[next(group for group, starts in GROUPS.items() if module.startswith(starts))].append(name)
    return found | {"testing": [f"testing.{name}" for name in ieeparefund.testing.__all__]}


def expand(markdown: str) -> str:
    """Return the text of a page with its markers replaced by entries for mkdocstrings."""
    groups = names_by_group()

    def entries(found: re.Match[str]) -> str:
        names = groups[found[1]]
        return "\n\n".join(f"::: ieeparefund.{name}" for name in names) or "*Nothing public yet.*"

    return MARKER.sub(entries, markdown)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by MkDocs for every page."""
    return expand(markdown)
