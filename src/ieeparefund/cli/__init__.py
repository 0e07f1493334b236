"""The command line `ieeparefund`, one module per command."""

from __future__ import annotations

import sys

from ieeparefund.cli.words import printable, spoken, spoken_os
from ieeparefund.errors import IeepaRefundError, MissingExtraError
from ieeparefund.money import exactly

__all__ = ["main"]


@exactly
def main() -> None:
    """Run the command line. Exit 0: done; 1: done with problems in the input; 2: unusable input or arguments."""
    try:
        from ieeparefund.cli.app import app
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        print(MissingExtraError("The command line", "cli"), file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    try:
        app(prog_name="ieeparefund")
    except IeepaRefundError as error:
        print(f"ieeparefund: {printable(spoken(error))}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except OSError as error:
        print(f"ieeparefund: {printable(spoken_os(error))}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
