"""The only place that reads the time. Everything else is handed a `Clock`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Wall time for people, monotonic time for distances."""

    def now(self) -> datetime:
        """The wall clock as aware UTC. May jump."""

    def monotonic_s(self) -> float:
        """Seconds that never go back and include suspend (CLOCK_BOOTTIME where there is one)."""

    def local_zone(self) -> tzinfo:
        """The zone of the person at the keyboard, as it is now."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def local_zone(self) -> tzinfo:
        return datetime.now(UTC).astimezone().tzinfo or UTC


class AcceleratedClock:
    """A clock for rehearsals: it starts where it is told and runs `speed` times as fast as `inner`."""

    def __init__(self, inner: Clock, start_at: datetime, speed: float) -> None:
        self._inner = inner
        self._start_at = start_at.astimezone(UTC)
        self._mono_s = 0.0
        self._from_s = inner.monotonic_s()
        self.speed = speed

    def now(self) -> datetime:
        return self._start_at + timedelta(seconds=self.monotonic_s())

    def monotonic_s(self) -> float:
        return self._mono_s + (self._inner.monotonic_s() - self._from_s) * self.speed

    def local_zone(self) -> tzinfo:
        return self._inner.local_zone()

    def set_to(self, at: datetime, speed: float) -> None:
        """It is `at` now, and runs this fast from here: what another process set."""
        self._mono_s += (at.astimezone(UTC) - self.now()).total_seconds()
        self.set_speed(speed)

    def set_speed(self, speed: float) -> None:
        """From now on this fast; what has passed has passed."""
        self._mono_s, self._from_s = self.monotonic_s(), self._inner.monotonic_s()
        self.speed = speed


class FrozenClock:
    """A clock that moves only when told; for a rehearsal that is over, and for tests and pictures."""

    def __init__(self, at: datetime, local_zone: tzinfo = UTC) -> None:
        self._at = at.astimezone(UTC)
        self._monotonic_s = 1000.0
        self._local_zone = local_zone

    def now(self) -> datetime:
        return self._at

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def local_zone(self) -> tzinfo:
        return self._local_zone

    def advance(self, seconds: float) -> None:
        """Both clocks move on together."""
        self._at += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def jump(self, seconds: float) -> None:
        """Only the wall clock moves, as when somebody sets it."""
        self._at += timedelta(seconds=seconds)
