"""What is looked at once a second, and what is news of it: the board of a session, and this machine's clock.

A gauge is shown at rest while its target is stopped on purpose.

A stop that ended in time leaves nothing behind: once it has settled, its gauges begin anew, because a window full of
the stop's own errors would fire a trigger on a service that is well again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from deploytui.journal.fact import ClockStepped, LevelChanged
from deploytui.metrics.board import Board, Level, LevelChange
from deploytui.session.session import Session
from deploytui.session.stop import rest_board, settled_at

STEP_S = 5.0
SLEEP_S = 30.0
_QUIET = (Level.PLANNED_STOP, Level.SETTLING)


class Measured(Protocol):
    """Where the numbers come from."""

    def board(self) -> Board:
        """Every gauge now."""

    def changes(self) -> Sequence[LevelChange]:
        """The level changes since the last call, oldest first."""

    def restart(self, targets: Collection[str]) -> None:
        """From now on nothing counts that the gauges of these targets said before."""


class Measuring:
    """`look` is called once a second; what it returns is for the driver to record."""

    def __init__(self, session: Session, source: Measured) -> None:
        self._session = session
        self._source = source
        self._settled: dict[str, datetime] = {}
        stopped = Level.PLANNED_STOP.value
        self._resting = {gauge for gauge, known in session.state.levels.items() if known.level == stopped}

    def look(self, now: datetime) -> list[LevelChanged]:
        """Bring the session's board up to date; the level changes, as they are shown."""
        plan, state = self._session.plan, self._session.state
        self._restart_settled(now)
        board = self._source.board()
        shown = rest_board(board, plan, state, now)
        before = {reading.id: reading.level for reading in self._session.board.readings}
        self._session.board = shown
        return self._news(before, shown)

    def _restart_settled(self, now: datetime) -> None:
        settled = settled_at(self._session.plan, self._session.state)
        over = {target: at for target, at in settled.items() if at <= now}
        targets = [target for target, at in over.items() if self._settled.get(target) != at]
        self._settled = over
        if targets:
            self._source.restart(targets)

    def _news(self, before: Mapping[str, Level], shown: Board) -> list[LevelChanged]:
        """Changes of gauges at rest are none; that they went to rest, and what they say after it, is. One that
        settles after it has said nothing yet."""
        at = {level: {one.id for one in shown.readings if one.level is level} for level in _QUIET}
        resting = at[Level.PLANNED_STOP] | (at[Level.SETTLING] & self._resting)
        edge = resting ^ self._resting
        found = [
            LevelChanged(change.gauge, change.before.value, change.after.value, change.why)
            for change in self._source.changes()
            if change.gauge not in resting and change.gauge not in edge
        ]
        for reading in shown.readings:
            if reading.id in edge:
                left = before.get(reading.id, Level.NO_DATA) if reading.id in resting else Level.PLANNED_STOP
                left = Level.NO_DATA if left is Level.SETTLING else left
                found.append(LevelChanged(reading.id, left.value, reading.level.value, reading.why))
        self._resting = resting
        return found


class ClockWatch:
    """Notices when the wall clock and the monotonic clock move apart: somebody set it, or the machine slept.
    A backwards step of a second counts, a forward one of five."""

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
