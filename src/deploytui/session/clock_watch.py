"""Notices when the wall clock and the monotonic clock move apart: somebody set it, or the machine slept. Pure."""

from __future__ import annotations

from datetime import datetime

from deploytui.journal.fact import ClockStepped

STEP_S = 5.0
SLEEP_S = 30.0


class ClockWatch:
    """Fed once a second with both clocks. A backwards step of a second counts, a forward one of five."""

    def __init__(self, now: datetime, mono_s: float) -> None:
        self._now = now
        self._mono_s = mono_s

    def look(self, now: datetime, mono_s: float) -> ClockStepped | None:
        """What happened since the last look, or None. The monotonic clock counts suspend.
        `seconds` are those that the wall clock is ahead of where it should be, or how long the machine slept."""
        wall_s = (now - self._now).total_seconds()
        passed_s = mono_s - self._mono_s
        self._now, self._mono_s = now, mono_s
        drift = wall_s - passed_s
        if drift > STEP_S or drift < -1.0:
            return ClockStepped(round(drift), False)
        return ClockStepped(round(passed_s), True) if passed_s > SLEEP_S else None
