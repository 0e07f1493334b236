"""Citations and their standing: where each rule comes from and how firmly it is known."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from ieeparefund.errors import IeepaRefundError
from ieeparefund.law.once import once

__all__ = ["Citation", "Standing", "cite", "table_text"]


class Standing(StrEnum):
    """How firmly a row of law is known.

    `PUBLISHED`: text of CBP, a court, a statute or regulation, or several restatements that agree.
    `INFERRED`: a conclusion, or practice reported by few; it may turn out otherwise.
    `PROJECTED`: an assumption about the future made at the user's request.
    """

    PUBLISHED = "published"
    INFERRED = "inferred"
    PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of law. `str()` gives the citation as a lawyer writes it; `title` says what it settles."""

    id: str
    text: str
    title: str
    standing: Standing = Standing.PUBLISHED

    def __str__(self) -> str:
        return self.text


def table_text(name: str) -> str:
    """Return the text of a shipped law table, such as `interest_rates.csv`."""
    return (files("ieeparefund.law") / "tables" / name).read_text(encoding="utf-8")


@once
def _registry() -> dict[str, Citation]:
    rows = tomllib.loads(table_text("citations.toml"))
    return {
        key: Citation(key, row["text"], row["title"], Standing(row["standing"])) for key, row in rows.items()
    }


def cite(identifier: str) -> Citation:
    """Return the registered citation, such as `cite("19-usc-1501")`.

    Raises `IeepaRefundError` for an unknown identifier: a rule without a source is a defect.
    """
    try:
        return _registry()[identifier]
    except KeyError:
        raise IeepaRefundError(f"citation {identifier!r} is not in law/tables/citations.toml.") from None
