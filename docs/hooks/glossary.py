"""MkDocs hook: the first time a page uses a term of the glossary, the term becomes a link to it.

Terms are the second-level headings of `glossary.md`; `<!-- also: ... -->` below one lists other forms,
separated by commas. Headings, code, links and tables' heads stay as they are.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_LEFT_ALONE = ("glossary.md", "reference.md", "law/citations.md", "changelog.md", "calculator.md")
"""Pages without links: the glossary itself, generated ones, and a form, where a link in a label would mislead."""
PAGE = Path(__file__).parents[1] / "glossary.md"
_TERM = re.compile(r"^## (.+?) \{ ?#([\w-]+) ?\}\n(?:\n?<!-- also: (.+?) -->)?", re.MULTILINE)
_CLOSED = frozenset(
    [
        "a",
        "abbr",
        "button",
        "code",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "script",
        "style",
        "svg",
        "th",
    ]
)


@cache
def terms() -> dict[str, str]:
    """Return the anchor of each form of each term, in lower case."""
    found = {}
    for name, anchor, also in _TERM.findall(PAGE.read_text(encoding="utf-8")):
        for form in (name, *also.split(",")):
            if form.strip():
                found[form.strip().casefold()] = anchor
    return found


@cache
def _pattern() -> re.Pattern[str]:
    forms = sorted(terms(), key=len, reverse=True)
    return re.compile(rf"(?<![\w/.-])({'|'.join(map(re.escape, forms))})(?![\w/-])", re.IGNORECASE)


class _Linker(HTMLParser):
    """Copies HTML as it is and links the first use of each term in running text."""

    def __init__(self, glossary: str) -> None:
        super().__init__(convert_charrefs=False)
        self._glossary = glossary
        self._inside: list[str] = []
        self._used: set[str] = set()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self.parts.append(self.get_starttag_text() or "")
        if tag in _CLOSED:
            self._inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        self.parts.append(data if self._inside else _pattern().sub(self._link, data))

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def _link(self, found: re.Match[str]) -> str:
        anchor = terms()[found[0].casefold()]
        if anchor in self._used:
            return found[0]
        self._used.add(anchor)
        return f'<a class="term" href="{self._glossary}#{anchor}">{found[0]}</a>'


def link_terms(html: str, glossary: str) -> str:
    """Return the HTML of a page with first uses linked; `glossary` is the address of the glossary from it."""
    linker = _Linker(glossary)
    linker.feed(html)
    linker.close()
    return "".join(linker.parts)


def on_page_content(html: str, *, page: Any, files: Any, **_: Any) -> str:
    """Called by MkDocs for every page."""
    if page.file.src_uri in _LEFT_ALONE:
        return html
    return link_terms(html, files.get_file_from_path("glossary.md").url_relative_to(page.file))
