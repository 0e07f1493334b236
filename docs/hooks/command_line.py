"""MkDocs hook: `<!-- commands -->` becomes one section for each command, made from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main

from ieeparefund.cli.app import app

MARKER = "<!-- commands -->"
_EXAMPLE = re.compile(r"\n*Example: (.*)\Z", re.DOTALL)


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for key, inner in command.commands.items():
            yield from _commands(inner, f"{name} {key}")
    else:
        yield name, command


def _value(parameter: Any) -> str:
    kind = parameter.type
    if parameter.metavar:
        return str(parameter.metavar)
    if hasattr(kind, "choices"):
        return " or ".join(str(getattr(choice, "value", choice)) for choice in kind.choices)
    return "" if getattr(parameter, "is_flag", False) else str(kind.name).upper()


def _default(parameter: Any) -> str:
    if parameter.required:
        return "**needed**"
    default = parameter.default
    if getattr(parameter, "is_flag", False) or callable(default):
        return ""
    return "" if default in (None, (), []) else f"`{getattr(default, 'value', default)}`"


def _rows(command: Any) -> Iterator[str]:
    for parameter in command.params:
        if "--help" in parameter.opts:
            continue
        is_argument = parameter.param_type_name == "argument"
        name = (parameter.metavar or parameter.name.upper()) if is_argument else ", ".join(parameter.opts)
        value = "" if is_argument else _value(parameter).replace("|", " or ")
        text = (getattr(parameter, "help", None) or "").replace("|", "\\|")
        yield f"| `{name}`{' ' + f'`{value}`' if value else ''} | {_default(parameter)} | {text} |"


def section(name: str, command: Any) -> str:
    """Return the section of one command."""
    help_text = (command.help or "").strip()
    example = _EXAMPLE.search(help_text)
    text = _EXAMPLE.sub("", help_text)
    text = "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
    parts = [f"### {name}", text]
    if example:
        parts.append(f"```text\n{' '.join(example[1].split())}\n```")
    rows = list(_rows(command))
    if rows:
        parts.append("\n".join(["| Option | Default | Meaning |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts)


def commands_text() -> str:
    """Return all sections, in the order of `ieeparefund --help`."""
    root = typer.main.get_command(app)
    return "\n\n".join(section(name, command) for name, command in _commands(root, "ieeparefund"))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by MkDocs for every page."""
    return markdown.replace(MARKER, commands_text()) if MARKER in markdown else markdown
