"""Tables that are built when first asked for, and once only, however many threads ask first.

`functools.cache` keeps what a function returned, but two threads that call it first together both run it. The
tables of this package are large, and some are compared by identity, so each is built by one thread while the
others wait for it. Once built, a table costs what a call of a cached function costs: no lock is touched.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, update_wrapper
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

from ieeparefund.money import exactly

__all__ = ["building", "once", "once_for"]

T = TypeVar("T")

# One lock for all tables, since one is made from others: with a lock each, two threads that build two tables
# of each other's parts could wait for one another for ever. It is re-entered where a table asks for a table.
_lock = RLock()


def _renew() -> None:
    """Give a forked child a lock of its own: the one it inherits may be held by a thread it does not have."""
    global _lock
    _lock = RLock()


# Where there is no fork there is no such function.
with suppress(AttributeError):
    os.register_at_fork(after_in_child=_renew)


def building() -> RLock:
    """Return the lock under which tables are built, for one that is filled part by part."""
    return _lock


def once(build: Callable[..., T]) -> _lru_cache_wrapper[T]:
    """Keep what a function returns, by arguments, and run it once for each: a decorator like `functools.cache`.

    A call that raises is not kept and runs again. The function must not import a module that itself asks for a
    table while it is imported: two threads could then wait for each other.
    """
    return _kept(build, None)


def once_for(keep: int) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]:
    """Return a decorator like `once` that keeps the results of the last `keep` arguments only."""
    return lambda build: _kept(build, keep)


def _kept(build: Callable[..., T], keep: int | None) -> _lru_cache_wrapper[T]:
    # Two caches: the outer answers without a lock, the inner tells the threads that waited what was built.
    # Kept for every caller, so built in no caller's decimal context.
    built = lru_cache(maxsize=keep)(exactly(build))

    def one_at_a_time(*arguments: Any) -> T:
        with _lock:
            return built(*arguments)

    table = lru_cache(maxsize=keep)(one_at_a_time)
    update_wrapper(table, build)
    forget = table.cache_clear

    def clear() -> None:
        forget()
        built.cache_clear()

    # Set on the object, so that clearing forgets what the inner cache holds too.
    vars(table)["cache_clear"] = clear
    return table
