"""How far everything is: counts, what is left to do, what failed, when each phase was worked on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field

from deploytui.journal.event import Event
from deploytui.journal.state import ItemState, ItemStatus, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.session.tally import Tally

_LEFT = (ItemStatus.OPEN, ItemStatus.ACTIVE, ItemStatus.FAILED)
_OPEN = (ItemStatus.OPEN, ItemStatus.ACTIVE)


class Left(Struct):
    """Boxes still to be dealt with: how many, how many without a duration, and what the others were planned to take.
    `begun` are those that were started, of which some of the time is spent."""

    items: int = 0
    unknown: int = 0
    planned_s: int = 0
    begun: set[str] = field(default_factory=set)

    def count(self, duration_s: int | None, by: int) -> None:
        self.items += by
        self.unknown += by * (duration_s is None)
        self.planned_s += by * (duration_s or 0)


class Effort:
    """What is left to do in each phase, in seconds and boxes, and where it stands. Everything nobody spoke of is."""

    def __init__(self, index: PlanIndex, state: SessionState) -> None:
        self._index = index
        self._phases: dict[str, Left] = {}
        for phase, positions in index.phase_items.items():
            durations = [index.items[at].item.duration_s for at in positions]
            known = [duration for duration in durations if duration is not None]
            self._phases[phase] = Left(len(durations), len(durations) - len(known), sum(known))
        self._statuses = [ItemStatus.OPEN] * len(index.items)
        for item, said in state.items.items():
            self._move(item, None, said)

    def moved(self, item: str, before: SessionState, after: SessionState) -> None:
        """One item went from one state to another."""
        self._move(item, before.items.get(item), after.items.get(item))

    def _move(self, item: str, was: ItemState | None, now: ItemState | None) -> None:
        if (placed := self._index.by_id.get(item)) is None:
            return
        left = self._phases[placed.phase]
        left.count(placed.item.duration_s, _is_left(now) - _is_left(was))
        self._statuses[placed.position] = now.status if now is not None else ItemStatus.OPEN
        left.begun.discard(item)
        if now is not None and _is_left(now) and now.started_at is not None:
            left.begun.add(item)

    def of(self, phase: str) -> Left:
        return self._phases[phase]

    def next_open(self, positions: range) -> int | None:
        """The first position in the range whose item is open or active."""
        return next((at for at in positions if self._statuses[at] in _OPEN), None)

    def left_in(self, positions: range) -> Iterator[int]:
        """Every position in the range whose item is still to be dealt with."""
        return (at for at in positions if self._statuses[at] in _LEFT)

    def failed_in(self, positions: range) -> Iterator[int]:
        """Those of them that were tried and failed."""
        return (at for at in positions if self._statuses[at] is ItemStatus.FAILED)

    def begun(self, phase: str) -> Iterator[tuple[str, int]]:
        """The started items of a phase that have a duration, with it."""
        for item in self._phases[phase].begun:
            if (planned := self._index.by_id[item].item.duration_s) is not None:
                yield item, planned


def _is_left(said: ItemState | None) -> bool:
    return said is None or said.status in _LEFT


class Progress:
    """Follows the state. One act costs the same in any plan; another row in the checklist counts it all anew."""

    def __init__(self, index: PlanIndex, state: SessionState) -> None:
        self._failed = {item for item, said in state.items.items() if said.status is ItemStatus.FAILED}
        self._acted: dict[str, tuple[datetime, datetime]] = {}
        self._count_all(index, state)
        for item, said in state.items.items():
            for at in (said.started_at, said.at):
                self._note_act(item, at)

    def _count_all(self, index: PlanIndex, state: SessionState) -> None:
        self._index, self._state = index, state
        self.tally = Tally(index)
        self.tally.count_all(state)
        self.effort = Effort(index, state)

    def follow(self, index: PlanIndex, state: SessionState, events: Sequence[Event]) -> None:
        """`events` led to `state`, in which everything stands as `index` says."""
        before = self._state
        items = {event.item for event in events} - {""}
        if index is not self._index:
            self._count_all(index, state)
        else:
            self._state = state
            for item in items:
                self.tally.moved(item, before, state)
                self.effort.moved(item, before, state)
            if before.set_aside != state.set_aside:
                self.tally.count_all(state)
        for item in items:
            said = state.items.get(item)
            is_failed = said is not None and said.status is ItemStatus.FAILED
            (self._failed.add if is_failed else self._failed.discard)(item)
        for event in events:
            self._note_act(event.item, event.at)

    def _note_act(self, item: str, at: datetime | None) -> None:
        placed = self._index.by_id.get(item)
        if placed is not None and at is not None:
            first, last = self._acted.get(placed.phase, (at, at))
            self._acted[placed.phase] = (min(first, at), max(last, at))

    def failed_items(self) -> list[str]:
        """The items that are failed now, oldest first."""
        return sorted(self._failed, key=lambda item: self._state.items[item].seq)

    def acted(self, phase: str) -> tuple[datetime, datetime] | None:
        """The first and the last act on the phase's items in this session."""
        return self._acted.get(phase)
