"""Griffe extension: examples in docstrings (`>>>`) become code blocks, so that brackets in them are no links."""

from __future__ import annotations

import re
from typing import Any

import griffe

# An example and its output end at a blank line.
_EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\s*$).*)*", re.MULTILINE)


def fenced(text: str) -> str:
    """Return a docstring with each example in a fence."""
    return _EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```", text)


class DoctestFences(griffe.Extension):
    """Called by mkdocstrings for every object it reads."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Fence the examples of one docstring."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
