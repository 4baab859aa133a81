"""How long a gauge was past its breach limit before the program was away, so that a restart does not forget it. Pure.

Only time that was measured counts: the pause in between is left out of it, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.base.units import clock_z
from deploytui.metrics.board import Level
from deploytui.metrics.history import HOUR, Cell
from deploytui.metrics.latch import Latch, State
from deploytui.plan.model import GaugeSpec

MOST_PAUSE_S = 15 * 60  # who was away for longer begins anew
COLUMNS = HOUR.shown_s // HOUR.step_s
_LEAST_NAMED_S = 60


class Carried(Struct, frozen=True):
    """The time past the limit up to the pause, whether it had become a breach, and the pause in words."""

    held_s: float
    was_on: bool
    pause: str


def carried(
    spec: GaugeSpec, cells: Sequence[Cell | None], hold_s: float, told: Level | None, now: datetime
) -> Carried | None:
    """What `cells`, the last hour in single steps up to `now`, say of it; None where nothing was held. A value is
    held on in them for `hold_s`, which nobody measured. A planned stop is no breach."""
    known = next((place for place in range(len(cells), 0, -1) if cells[place - 1] is not None), 0)
    pause_s = (len(cells) - known) * HOUR.step_s
    if spec.breach is None or told is Level.PLANNED_STOP or not known or pause_s > MOST_PAUSE_S:
        return None
    steps = 0
    for cell in reversed(cells[:known]):
        if cell is None or cell.low is None or cell.high is None:
            break
        if not (spec.breach.limit.holds(cell.low) and spec.breach.limit.holds(cell.high)):
            break
        steps += 1
    held_s = (steps - 1) * HOUR.step_s - hold_s  # the last step may have been cut short
    if held_s <= 0:
        return None
    words = ""
    if pause_s >= _LEAST_NAMED_S:
        words = f"not measured {clock_z(now - timedelta(seconds=pause_s))[:-1]}-{clock_z(now)}"
    return Carried(held_s, told is Level.BREACH, words)


def take_up(spec: GaugeSpec, state: State, found: Carried) -> State | None:
    """The state after the first sample that goes on with it; None while there are too few answers to say so. A sample
    that says otherwise is to be left as it is."""
    sample, band = state.sample, spec.breach
    if sample is None or sample.value is None or band is None or not band.limit.holds(sample.value):
        return state
    mono_s = sample.mono_s
    if found.was_on:
        entered_s = mono_s - max(0.0, found.held_s - band.for_s)
        return State(sample, state.ok, Latch(is_on=True), Level.BREACH, entered_s, state.answers, True)
    if state.size < band.samples:
        return None
    latch = Latch(False, mono_s - found.held_s, found.held_s, max(1, state.breach.count))
    return State(sample, state.ok, latch, state.level, mono_s - found.held_s, state.answers, True)
