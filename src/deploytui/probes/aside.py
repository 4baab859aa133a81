"""Blocking calls in threads that nobody has to wait for: name lookups, file systems that may hang.

The loop's own pool of threads is small and shared: a few hung calls would block everything else in it, and
the program's exit until they come back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from queue import Empty, Queue
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Aside(Generic[T]):
    """At most one call a key at a time: one that hangs is waited for again, not repeated."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Future[T]] = {}

    async def call(self, key: Hashable, function: Callable[[], T]) -> T:
        """What `function` returns or raises. Giving up leaves the call running."""
        running = self._running.get(key)
        if running is None:
            running = self._start(key, function)
        return await asyncio.shield(running)

    def _start(self, key: Hashable, function: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._running[key] = future

        def settle(result: T | None, error: Exception | None) -> None:
            del self._running[key]
            if error is None:
                future.set_result(result)  # type: ignore[arg-type]
            else:
                future.set_exception(error)
                future.exception()  # marks it as seen: whoever asked may have given up

        def run() -> None:
            result, error = None, None
            try:
                result = function()
            except Exception as raised:
                error = raised
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, result, error)

        threading.Thread(target=run, name="aside", daemon=True).start()
        return future


def within(seconds: float, function: Callable[[], T]) -> T:
    """What `function` returns or raises, for a thread that may wait. Raises TimeoutError, and leaves the call running."""
    ended: Queue[tuple[T | None, Exception | None]] = Queue()

    def run() -> None:
        try:
            ended.put((function(), None))
        except Exception as raised:
            ended.put((None, raised))

    threading.Thread(target=run, name="aside", daemon=True).start()
    try:
        result, error = ended.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return cast(T, result)
