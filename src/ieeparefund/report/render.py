"""A document in the format its file name asks for, with its sealed record."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from ieeparefund.errors import InputError
from ieeparefund.money import exactly
from ieeparefund.report.html import html_text
from ieeparefund.report.markdown import markdown_text
from ieeparefund.report.model import Document
from ieeparefund.report.seal import envelope_lines, text_digest
from ieeparefund.report.visible import html_lines, markdown_lines, workbook_lines
from ieeparefund.report.xlsx import workbook_bytes

__all__ = ["Form", "form_of", "render", "visible_lines"]


class Form(StrEnum):
    """A format of documents."""

    HTML = "html"
    MARKDOWN = "markdown"
    WORKBOOK = "workbook"


_SUFFIXES = {
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".md": Form.MARKDOWN,
    ".markdown": Form.MARKDOWN,
    ".xlsx": Form.WORKBOOK,
}


def form_of(path: Path | str) -> Form:
    """Return the format of a file by the end of its name. Raises `InputError` for another."""
    suffix = Path(path).suffix.lower()
    try:
        return _SUFFIXES[suffix]
    except KeyError:
        raise InputError(
            f"{suffix or 'a name without an end'} is no format of a statement.",
            remedy="Use a name that ends in .html, .md or .xlsx.",
            file=str(path),
        ) from None


@exactly
def render(document: Document, form: Form) -> bytes:
    """Return the document as the bytes of a file. The same document gives the same bytes.

    Raises `MissingExtraError`: HTML needs the extra `report`, a workbook `excel`.
    """
    bare = _render(document, form, None)
    if document.record is None or document.seal is None:
        return bare
    digest = text_digest(visible_lines(bare, form))
    return _render(document, form, envelope_lines(document.record, document.seal, digest))


def _render(document: Document, form: Form, envelope: list[str] | None) -> bytes:
    if form is Form.WORKBOOK:
        return workbook_bytes(document, envelope)
    write = html_text if form is Form.HTML else markdown_text
    return write(document, None if envelope is None else "\n".join(envelope)).encode("utf-8")


def visible_lines(content: bytes, form: Form) -> list[str]:
    """Return the words a reader of the file sees, line by line, without the sealed record."""
    if form is Form.WORKBOOK:
        return workbook_lines(content)[0]
    read = html_lines if form is Form.HTML else markdown_lines
    return read(content.decode("utf-8"))[0]
