"""Items bound to a gauge: when they are armed, how long their condition has held, and when it no longer does. Pure.

A healthy old version must never tick a post-deployment box: only samples after arming count, and arming takes an
entered phase, met needs, no planned stop of the target, and the time to settle since all of that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from deploytui.base.units import left
from deploytui.journal.fact import ItemChecked, ItemLapsed, ItemRecovered
from deploytui.journal.state import ItemStatus, SessionState
from deploytui.metrics.board import Board, Level, Reading
from deploytui.plan.index import Placed, PlanIndex
from deploytui.plan.model import Condition
from deploytui.session.act import Sensed
from deploytui.session.stop import said_at, stops_now

SETTLE_S = 180
_SAID = (ItemStatus.DONE, ItemStatus.OVERRIDDEN)


class Sensing:
    """Follows the board for every bound item of a plan. `look` is called once a second by the driver only."""

    def __init__(self, index: PlanIndex) -> None:
        self._index = index
        self._bound = [(placed, when) for placed in index.items if (when := placed.item.when) is not None]
        self._met_since: dict[str, float] = {}

    def look(self, state: SessionState, board: Board, now: datetime, mono_s: float) -> list[Sensed]:
        """What the board says of the bound items now, as acts."""
        acts: list[Sensed | None] = []
        for placed, when in self._bound:
            reading = board.reading(when.gauge)
            if reading is None or placed.phase in state.set_aside:
                continue
            said = state.items.get(placed.item.id)
            if said is not None and said.status in _SAID:
                acts.append(self._watch_done(placed, when, state, reading))
            elif said is None or said.status is ItemStatus.ACTIVE:
                acts.append(self._watch_open(placed, when, state, reading, now, mono_s))
        return [act for act in acts if act is not None]

    def held_s(self, item: str, mono_s: float) -> float | None:
        """How long the condition has held since the item was armed; None while it is not met or the item not armed."""
        since = self._met_since.get(item)
        return None if since is None else mono_s - since

    def _watch_open(
        self,
        placed: Placed,
        when: Condition,
        state: SessionState,
        reading: Reading,
        now: datetime,
        mono_s: float,
    ) -> Sensed | None:
        item = placed.item.id
        if reading.level.value != when.level or self.not_armed(placed, state, reading, now):
            self._met_since.pop(item, None)
            return None
        if reading.age_s is None:
            return None
        # The first sample that counts is one taken after arming: the condition holds from that sample on.
        held_s = mono_s - self._met_since.setdefault(item, mono_s)
        if when.ticks != "self" or held_s < when.for_s or reading.age_s > held_s:
            return None
        del self._met_since[item]
        return ItemChecked(item, f"{reading.title}: {reading.why}", auto=True)

    def _watch_done(
        self, placed: Placed, when: Condition, state: SessionState, reading: Reading
    ) -> Sensed | None:
        """A done item whose gauge says otherwise lapses. No data and a planned stop prove nothing, and neither does
        a good value that has not held for its time yet, as after a gap or a restart."""
        item = placed.item.id
        self._met_since.pop(item, None)
        if reading.level in (Level.NO_DATA, Level.STALE, Level.PLANNED_STOP):
            return None
        if reading.level.value == when.level:
            return ItemRecovered(item) if item in state.lapsed else None
        is_over = item in state.lapsed or state.items[item].status is ItemStatus.OVERRIDDEN
        return None if is_over or self._has_good_value(when, reading) else ItemLapsed(item, reading.why)

    def _has_good_value(self, when: Condition, reading: Reading) -> bool:
        """Whether the latest value itself is within the limit that the item asks for."""
        spec = self._index.gauges.get(reading.id)
        if spec is None or reading.value is None:
            return False
        band = spec.ok if when.level == Level.OK.value else spec.breach
        return band is not None and band.limit.holds(reading.value)

    def not_armed(self, placed: Placed, state: SessionState, reading: Reading, now: datetime) -> str:
        """Why samples do not count for this item yet; "" when they do."""
        entered = state.entered.get(placed.phase)
        if entered is None:
            return "its phase is not entered"
        ready = [entered]
        for need in placed.item.needs:
            if (done_at := said_at(state, need)) is None:
                return f"needs {need}"
            ready.append(done_at)
        settle_s = SETTLE_S
        for stop in self._index.plan.planned_stops:
            if reading.target in stop.targets:
                settle_s = stop.settle_s
                ready += [ended] if (ended := said_at(state, stop.to_item)) else []
        for one in stops_now(self._index.plan, state, now):
            if reading.target in one.stop.targets and not one.is_settling:
                return "planned stop"
        rest_s = (max(ready) + timedelta(seconds=settle_s) - now).total_seconds()
        return f"settling, {left(rest_s)} left" if rest_s > 0 else ""
