"""Blocking calls in threads that nobody has to wait for: name lookups, file systems that may hang.

The loop's own pool of threads is small and shared: a few hung calls would block everything else in it, and
the program's exit until they come back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Aside(Generic[T]):
    """At most one call a key at a time: one that hangs is waited for again, not repeated."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Future[T]] = {}

    async def call(self, key: Hashable, function: Callable[[], T]) -> T:
        """What `function` returns or raises. Giving up leaves the call running."""
        if key not in self._running:
            loop = asyncio.get_running_loop()
            running = self._running[key] = loop.create_future()

            def settle(ended: Future[T]) -> None:
                del self._running[key]
                if (error := ended.exception()) is None:
                    running.set_result(ended.result())
                else:
                    running.set_exception(error)
                    running.exception()  # marks it as seen: whoever asked may have given up

            def wake(ended: Future[T]) -> None:
                with suppress(RuntimeError):  # the loop has ended meanwhile
                    loop.call_soon_threadsafe(settle, ended)

            _start(function).add_done_callback(wake)
        return await asyncio.shield(self._running[key])


def within(seconds: float, function: Callable[[], T]) -> T:
    """What `function` returns or raises, for a thread that may wait. Raises TimeoutError, and leaves the call running."""
    return _start(function).result(seconds)


def _start(function: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, name="aside", daemon=True).start()
    return future
