"""How far everything is: counts, what is left to do, what failed, when each phase was worked on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deploytui.journal.event import Event
from deploytui.journal.state import ItemStatus, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.session.effort import Effort
from deploytui.session.tally import Tally


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
