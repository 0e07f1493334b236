"""The last days of steps as others have worked them out, or as the statute they name gives them."""

from __future__ import annotations

import pytest

import ieeparefund
from ieeparefund.law.windows import Window
from ieeparefund.testing import WindowVector, vectors


@pytest.mark.parametrize("case", vectors().windows, ids=lambda case: case.id)
def test_last_day(case: WindowVector) -> None:
    found = getattr(ieeparefund, case.function)(**case.given)
    assert (found.closes if isinstance(found, Window) else found) == case.last_day
    assert case.source


def test_every_vector_is_here() -> None:
    assert len({case.id for case in vectors().windows}) == len(vectors().windows) == 12
