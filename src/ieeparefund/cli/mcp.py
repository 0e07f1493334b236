"""`ieeparefund mcp`: the answers as tools for an assistant, over the Model Context Protocol on stdin and stdout."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ieeparefund.errors import MissingExtraError

__all__ = ["mcp"]

_EXTRA = ("mcp", "mcp_types", "pydantic", "typing_extensions")


def mcp(
    folder: Annotated[
        Path,
        typer.Option(
            "--folder",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Folder the tools may read files from, with its subfolders. Default: the current folder.",
        ),
    ] = Path("."),
) -> None:
    """Serve estimate, windows, interest, eligibility, headings and explain_interest to an assistant over stdio.

    Started by the assistant's program, not by hand. No network connection is opened, and files are only read.

    Example: ieeparefund mcp --folder exports
    """
    try:
        from ieeparefund.cli.assistant.server import assistant_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise MissingExtraError("The server for assistants", "mcp") from None
    os.chdir(folder)
    assistant_server().run("stdio")
