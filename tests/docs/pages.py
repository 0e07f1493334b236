"""Runs the code of a documentation page: Python blocks as doctests, console blocks command by command.

A console block is written as it looks on a screen: `$ command`, then what it prints on both streams. A line of
three dots stands for any lines. A backslash at the end of a line goes on with the command on the next. All runs in
one copy of `examples/` for each page, in the order of the page. The shell has six words: `ieeparefund`, `cat`,
`head`, `ls`, `cd examples` (where the copy is already) and `echo $?`.
"""

from __future__ import annotations

import doctest
import io
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
COLUMNS = "100"
"""Width of the screen the pages show."""
SETUP = re.compile(
    r"python3? -m (venv|pip) |pip install |\. \.venv/bin/activate$|ieeparefund --install-completion$"
)
"""Commands that are shown but not run, because they install something. Nothing may be shown as their output."""
_BLOCK = re.compile(r"^( *)```(python|console)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One code block: its language, its text without indentation, and the line it begins on."""

    language: str
    text: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """Yield the Python and console blocks of a page in order."""
    for found in _BLOCK.finditer(text):
        indent = len(found[1])
        lines = (
            line[indent:] if line[:indent].isspace() else line for line in found[3].splitlines(keepends=True)
        )
        yield Block(found[2], "".join(lines), text.count("\n", 0, found.start()) + 2)


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output shown below it."""
    command, shown, unfinished = None, [], False
    for line in block.text.splitlines():
        if unfinished:
            command += " " + line.strip().removesuffix("\\").rstrip()
            unfinished = line.endswith("\\")
        elif line.startswith("$ "):
            if command is not None:
                yield command, "\n".join(shown)
            command, shown, unfinished = line[2:].removesuffix("\\").rstrip(), [], line.endswith("\\")
        elif command is None:
            raise AssertionError(f"line {block.line}: write console blocks as `$ command` and its output")
        else:
            shown.append(line)
    if command is not None:
        yield command, "\n".join(shown)


def fits(shown: str, printed: str) -> bool:
    """Return whether the output printed is the one shown, lines of three dots standing for any lines."""
    parts = [
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + r"\n"
        for line in shown.strip("\n").splitlines()
    ]
    given = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch("".join(parts), given) is not None


class Shell:
    """The few words of a shell that the pages use, in this process."""

    def __init__(self) -> None:
        self._code = 0

    def run(self, command: str, monkeypatch: Any) -> str:
        """Run a command in the current folder and return what it prints on both streams."""
        word, *rest = shlex.split(command)
        if word == "ieeparefund":
            return self._ieeparefund(rest, monkeypatch)
        if command == "echo $?":
            return f"{self._code}\n"
        self._code = 0
        if command == "cd examples":
            return ""
        if word == "cat":
            return "".join(Path(name).read_text(encoding="utf-8") for name in rest)
        if word == "head":
            count, name = (int(rest[1]), rest[2]) if rest[0] == "-n" else (10, rest[0])
            return "".join(Path(name).read_text(encoding="utf-8").splitlines(keepends=True)[:count])
        if word == "ls":
            return "".join(f"{path.name}\n" for path in sorted(Path(rest[0]).iterdir()))
        raise AssertionError(f"{word!r} is none of the words the pages may use: see tests/docs/pages.py")

    def _ieeparefund(self, arguments: list[str], monkeypatch: Any) -> str:
        from ieeparefund.cli import main

        monkeypatch.setenv("COLUMNS", COLUMNS)
        monkeypatch.setattr(sys, "argv", ["ieeparefund", *arguments])
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            try:
                main()
                self._code = 0
            except SystemExit as ended:
                self._code = ended.code if isinstance(ended.code, int) else 0
        return out.getvalue()


def run_page(text: str, name: str, monkeypatch: Any) -> list[str]:
    """Run every block of a page in order; return a sentence for each that failed."""
    failures: list[str] = []
    shell = Shell()
    known: dict[str, Any] = {"__name__": "docs"}
    for block in blocks(text):
        where = f"{name}:{block.line}"
        if block.language == "python":
            test = doctest.DocTestParser().get_doctest(block.text, known, where, name, block.line - 1)
            if not test.examples:
                failures.append(f"{where}: write Python blocks as doctests, so that they are run")
            test.globs = known
            report = io.StringIO()
            runner = doctest.DocTestRunner(optionflags=OPTIONS)
            runner.run(test, out=report.write, clear_globs=False)
            if runner.failures:
                failures.append(f"{where}:\n{report.getvalue()}")
            continue
        for command, shown in commands(block):
            if SETUP.match(command):
                if shown.strip():
                    failures.append(f"{where}: `{command}` is not run, so show no output")
                continue
            printed = shell.run(command, monkeypatch)
            if not fits(shown, printed):
                failures.append(f"{where}: $ {command}\n--- shown\n{shown}\n--- printed\n{printed}")
    return failures
