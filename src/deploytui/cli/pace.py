"""The clock that a session lives by: the machine's own, or in a rehearsal the fast one as it was last set."""

from __future__ import annotations

from deploytui.base.clock import AcceleratedClock, Clock, FrozenClock
from deploytui.journal.state import SessionState


def clock_of(state: SessionState, clock: Clock, *, is_driven: bool) -> Clock:
    """A rehearsal goes on at its own pace while somebody drives it, and stands still where nobody does."""
    pace = state.pace
    if pace is None:
        return clock
    if (not is_driven or state.is_closed) and state.last_at is not None:
        return FrozenClock(state.last_at, clock.local_zone())
    passed = clock.now() - pace.real_at
    return AcceleratedClock(clock, pace.at + passed * pace.speed, pace.speed)
