"""A document as one HTML file: styles and charts inside, no script, nothing loaded from anywhere."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from ieeparefund.errors import MissingExtraError
from ieeparefund.law.once import once
from ieeparefund.money import exactly
from ieeparefund.report.model import Document, Kind, shown
from ieeparefund.report.seal import RECORD_TITLE

if TYPE_CHECKING:
    import jinja2

__all__ = ["html_text"]

# Longer words are broken over lines, and on a narrow screen stand below their heading.
_SHORT = 26


@once
def _template() -> jinja2.Template:
    try:
        import jinja2
    except ModuleNotFoundError:
        raise MissingExtraError("Writing HTML", "report") from None
    folder = files("ieeparefund.report") / "templates"
    loader = jinja2.FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8"))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        shown=shown,
        KIND=Kind,
        RECORD_TITLE=RECORD_TITLE,
        kind_of=lambda block: type(block).__name__,
        cell_class=_cell_class,
        style=(folder / "document.css").read_text(encoding="utf-8"),
    )
    return environment.get_template("document.html.j2")


def _cell_class(text: str, kind: Kind) -> str:
    """Return the style classes of a cell: its kind, and what its length asks for."""
    names = [kind.value]
    if kind.is_number:
        names.append("number")
    if not text:
        names.append("blank")
    if kind is Kind.CODE and len(text) <= _SHORT:
        names.append("identifier")
    if kind is Kind.TEXT and len(text) > _SHORT:
        names.append("long")
    return " ".join(names)


@exactly
def html_text(document: Document, envelope: str | None = None) -> str:
    """Return the document as HTML text; `envelope` is the sealed record to put at its end.

    Raises `MissingExtraError` without jinja2.
    """
    return _template().render(document=document, envelope=envelope)
