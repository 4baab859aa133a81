"""Items bound to a gauge: when they are armed, how long their condition has held, and when it no longer does. Pure.

A healthy old version must never tick a post-deployment box: only samples after arming count, and arming takes an
entered phase, met needs, no planned stop of the target, and the time to settle since all of that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.base.units import left
from deploytui.journal.state import ItemStatus, SessionState
from deploytui.metrics.board import Board, Level, Reading
from deploytui.plan.index import Placed, PlanIndex
from deploytui.session.act import LapseItem, RecoverItem, SenseItem
from deploytui.session.stop import stops_now

SETTLE_S = 180
_SAID = (ItemStatus.DONE, ItemStatus.OVERRIDDEN)


class Held(Struct, frozen=True):
    """How long an item's condition has held since it was armed; `needed_s` is its dwell."""

    held_s: float
    needed_s: int


class Sensing:
    """Follows the board for every bound item of a plan. `look` is called once a second by the driver only."""

    def __init__(self, index: PlanIndex) -> None:
        self._index = index
        self._bound = [placed for placed in index.items if placed.item.when is not None]
        self._met_since: dict[str, float] = {}

    def look(
        self, state: SessionState, board: Board, now: datetime, mono_s: float
    ) -> list[SenseItem | LapseItem | RecoverItem]:
        """What the board says of the bound items now, as acts."""
        readings = {reading.id: reading for reading in board.readings}
        acts: list[SenseItem | LapseItem | RecoverItem] = []
        for placed in self._bound:
            when = placed.item.when
            reading = readings.get(when.gauge) if when else None
            if reading is None or placed.phase in state.set_aside:
                continue
            said = state.items.get(placed.item.id)
            if said is not None and said.status in _SAID:
                acts += self._watch_done(placed, state, reading)
            elif said is None or said.status is ItemStatus.ACTIVE:
                acts += self._watch_open(placed, state, reading, now, mono_s)
        return acts

    def held(self, item: str, mono_s: float) -> Held | None:
        """For the row: `ok for 40 of 60 s`; None while the condition is not met or the item not armed."""
        since = self._met_since.get(item)
        when = None if since is None else self._index.by_id[item].item.when
        return None if since is None or when is None else Held(mono_s - since, when.for_s)

    def _watch_open(
        self, placed: Placed, state: SessionState, reading: Reading, now: datetime, mono_s: float
    ) -> list[SenseItem | LapseItem | RecoverItem]:
        item, when = placed.item.id, placed.item.when
        if when is None or self.not_armed(placed, state, reading, now) or not is_met(placed, reading):
            self._met_since.pop(item, None)
            return []
        if reading.age_s is None:
            return []
        # The first sample that counts is one taken after arming: the condition holds from that sample on.
        since = self._met_since.setdefault(item, mono_s)
        if when.ticks != "self" or mono_s - since < when.for_s or reading.age_s > mono_s - since:
            return []
        self._met_since.pop(item, None)
        return [SenseItem(item, f"{reading.title}: {reading.why}")]

    def _watch_done(
        self, placed: Placed, state: SessionState, reading: Reading
    ) -> list[SenseItem | LapseItem | RecoverItem]:
        """A done item whose gauge says otherwise lapses. No data and a planned stop prove nothing, and neither does
        a good value that has not held for its time yet, as after a gap or a restart."""
        self._met_since.pop(placed.item.id, None)
        has_lapsed = placed.item.id in state.lapsed
        if reading.level in (Level.NO_DATA, Level.STALE, Level.PLANNED_STOP):
            return []
        if is_met(placed, reading):
            return [RecoverItem(placed.item.id)] if has_lapsed else []
        said = state.items[placed.item.id]
        if has_lapsed or said.status is ItemStatus.OVERRIDDEN or self._has_good_value(placed, reading):
            return []
        return [LapseItem(placed.item.id, reading.why)]

    def _has_good_value(self, placed: Placed, reading: Reading) -> bool:
        """Whether the latest value itself is within the limit that the item asks for."""
        when, spec = placed.item.when, self._index.gauges.get(reading.id)
        if when is None or spec is None or reading.value is None:
            return False
        band = spec.ok if when.level == Level.OK.value else spec.breach
        return band is not None and band.limit.holds(reading.value)

    def not_armed(self, placed: Placed, state: SessionState, reading: Reading, now: datetime) -> str:
        """Why samples do not count for this item yet; "" when they do."""
        entered = state.entered.get(placed.phase)
        if entered is None:
            return "its phase is not entered"
        ready = entered
        for need in placed.item.needs:
            said = state.items.get(need)
            if said is None or said.status not in _SAID:
                return f"needs {need}"
            ready = max(ready, said.at)
        settle_s = SETTLE_S
        for stop in self._index.plan.planned_stops:
            if reading.target not in stop.targets:
                continue
            settle_s = stop.settle_s
            last = state.items.get(stop.to_item)
            if last is not None and last.status in _SAID:
                ready = max(ready, last.at)
        for now_on in stops_now(self._index.plan, state, now):
            if reading.target in now_on.stop.targets and not now_on.is_settling:
                return "planned stop"
        settled = ready + timedelta(seconds=settle_s)
        if now < settled:
            return f"settling, {left((settled - now).total_seconds())} left"
        return ""


def is_met(placed: Placed, reading: Reading) -> bool:
    """Whether the gauge says what the item asks for. No data, stale and planned stop never do."""
    when = placed.item.when
    return when is not None and reading.level.value == when.level
