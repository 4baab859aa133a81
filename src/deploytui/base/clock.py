"""The only place that reads the time. Everything else is handed a `Clock`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for people, monotonic time for distances."""

    def now(self) -> datetime:
        """The wall clock as aware UTC. May jump."""

    def monotonic_s(self) -> float:
        """Seconds that never go back and include suspend (CLOCK_BOOTTIME where there is one)."""

    def local_offset_min(self) -> int:
        """The local zone's distance from UTC now, in minutes."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def local_offset_min(self) -> int:
        offset = datetime.now().astimezone().utcoffset()
        return 0 if offset is None else int(offset.total_seconds() // 60)


class FrozenClock:
    """A clock that moves only when told; for tests, pictures and the README."""

    def __init__(self, at: datetime, local_offset_min: int = 0) -> None:
        self._at = at.astimezone(UTC)
        self._monotonic_s = 1000.0
        self._offset_min = local_offset_min

    def now(self) -> datetime:
        return self._at

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def local_offset_min(self) -> int:
        return self._offset_min

    def advance(self, seconds: float) -> None:
        """Both clocks move on together."""
        self._at += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def jump(self, seconds: float) -> None:
        """Only the wall clock moves, as when somebody sets it."""
        self._at += timedelta(seconds=seconds)
