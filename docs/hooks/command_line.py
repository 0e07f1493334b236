"""MkDocs hook: `<!-- commands -->` becomes one section for each command, made from the commands' own functions."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator
from enum import EnumMeta
from typing import Any

import typer

from ieeparefund.cli.app import app

MARKER = "<!-- commands -->"
_EXAMPLE = re.compile(r"\n*Example: (.*)\Z", re.DOTALL)


def commands(group: typer.Typer = app, name: str = "ieeparefund") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each command as it is typed, with its function."""
    for command in group.registered_commands:
        if command.callback is not None:
            yield f"{name} {command.name}", command.callback
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from commands(inner.typer_instance, f"{name} {inner.name}")


def _plain(kind: Any) -> Any:
    """Return the type of a value: without `| None`, and of the items where several may be given."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    return typing.get_args(kind)[0] if typing.get_origin(kind) is list else kind


def _value(kind: Any, info: Any) -> str:
    if info.metavar:
        return str(info.metavar)
    if isinstance(kind, EnumMeta):
        return " or ".join(str(member) for member in list(kind))
    return "" if kind is bool else str(kind.__name__).upper()


def _rows(function: Callable[..., Any]) -> Iterator[str]:
    hints = typing.get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = typing.get_args(hints[name])[:2]
        kind = _plain(kind)
        given = parameter.default
        if given is inspect.Parameter.empty:
            default = "**needed**"
        else:
            default = "" if given in (None, False, ()) else f"`{getattr(given, 'value', given)}`"
        # In an annotation the first name of an option stands in the place of its default.
        names = (info.default, *(info.param_decls or ()))
        declared = [text for text in names if isinstance(text, str) and text.startswith("-")]
        value = _value(kind, info)
        if declared:
            shown = f"`{' '.join(declared)}`" + (f"<br>{value}" if value else "")
        else:
            shown = f"`{value or name.upper()}`"
        text = (info.help or "").replace("|", "\\|")
        yield f"| {shown} | {default} | {text} |"


def section(name: str, function: Callable[..., Any]) -> str:
    """Return the section of one command."""
    help_text = inspect.getdoc(function) or ""
    example = _EXAMPLE.search(help_text)
    text = _EXAMPLE.sub("", help_text)
    parts = [f"### {name}", *(" ".join(part.split()) for part in text.split("\n\n"))]
    if example:
        parts.append(f"```text\n{' '.join(example[1].split())}\n```")
    rows = list(_rows(function))
    if rows:
        table = "\n".join(["| Option | Default | Meaning |", "| --- | --- | --- |", *rows])
        parts.append(f'<div class="options" markdown="1">\n\n{table}\n\n</div>')
    return "\n\n".join(parts)


def commands_text() -> str:
    """Return all sections, in the order of the application."""
    return "\n\n".join(section(name, function) for name, function in commands())


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by MkDocs for every page."""
    return markdown.replace(MARKER, commands_text()) if MARKER in markdown else markdown
