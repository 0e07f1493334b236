"""Tables built once: what is kept, what is forgotten, and whose decimal context counts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext

import pytest

from ieeparefund.law import once as module
from ieeparefund.law.once import building, once, once_for


def counted(decorate: Callable[..., Callable[[int], int]]) -> tuple[Callable[[int], int], list[int]]:
    """A decorated function that doubles, and what it was really run for."""
    ran: list[int] = []

    def double(number: int) -> int:
        """Double a number."""
        ran.append(number)
        return 2 * number

    return decorate(double), ran


def test_each_argument_is_run_once() -> None:
    double, ran = counted(once)
    assert [double(number) for number in (3, 4, 3, 4)] == [6, 8, 6, 8]
    assert ran == [3, 4]
    assert (double.__name__, double.__doc__) == ("double", "Double a number.")


def test_clearing_forgets_everything() -> None:
    double, ran = counted(once)
    double(3)
    double.cache_clear()  # type: ignore[attr-defined]  # a cached function has it
    assert double(3) == 6
    assert ran == [3, 3]


def test_only_so_many_are_kept() -> None:
    double, ran = counted(once_for(1))
    assert [double(number) for number in (3, 3, 4, 3)] == [6, 6, 8, 6]
    assert ran == [3, 4, 3]


def test_a_call_that_raises_is_not_kept() -> None:
    table = once(lambda text: int(text))
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            table("x")
    assert table("7") == 7


def test_what_is_kept_was_built_in_no_caller_s_decimal_context() -> None:
    third = once(lambda: Decimal(1) / 3)
    with localcontext(prec=2):
        assert third() > Decimal("0.33333")


def test_a_forked_child_gets_a_lock_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    inherited = building()
    monkeypatch.setattr(module, "_lock", inherited)
    module._renew()
    assert building() is not inherited
    with building():
        assert counted(once)[0](3) == 6
