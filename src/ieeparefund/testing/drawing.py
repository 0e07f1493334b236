"""The strategies of Hypothesis, or an error that names the extra which brings them."""

from __future__ import annotations

from ieeparefund.errors import MissingExtraError

try:
    from hypothesis import strategies as st
except ImportError:
    raise MissingExtraError("A strategy of ieeparefund.testing", "testing") from None

__all__ = ["st"]
