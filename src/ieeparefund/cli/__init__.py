"""The command line `ieeparefund`, one module per command."""

from __future__ import annotations

import sys

from ieeparefund.errors import IeepaRefundError, InputError, MissingExtraError, RateNotPublishedError

__all__ = ["main"]


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
        app()
    except IeepaRefundError as error:
        print(f"ieeparefund: {_spoken(error)}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        print(f"ieeparefund: {where}{error.strerror or error}. Check the path.", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None


def _spoken(error: IeepaRefundError) -> str:
    """Return the error's sentence as it fits a command line, where options are no columns and no Python helps."""
    if isinstance(error, RateNotPublishedError):
        known = str(error).partition(". ")[0]
        return (
            f"{known}. The command `estimate` carries the last rate on and marks what it adds as provisional."
        )
    if isinstance(error, InputError) and error.file is None and error.row is None:
        return f"{error.problem} {error.remedy}".rstrip()
    return str(error)
