"""What came before the events at hand, checked behind the first frame, in pieces."""

from __future__ import annotations

from collections.abc import Sequence

from deploytui.base.errors import Problem, UnsoundSession
from deploytui.journal import snapshot
from deploytui.journal.event import Event
from deploytui.journal.fold import apply, fold
from deploytui.journal.state import SessionState
from deploytui.journal.store import JournalStore
from deploytui.session.act import SYSTEM
from deploytui.session.journal_tail import ByItem, note_event

PIECE = 200


class EarlierCheck:
    """What came before the events at hand, checked in pieces and counted once more."""

    def __init__(self, store: JournalStore, at_hand: Sequence[Event], known: SessionState) -> None:
        self._store = store
        self._until = at_hand[0].seq - 1
        self._at_hand = list(at_hand)
        self._known = known
        self._state = SessionState()
        self.by_item: ByItem = {}
        self.unled: list[Event] = []

    def read_on(self) -> bool:
        """One piece. False when all was read and fits; `UnsoundSession` says what does not."""
        events = self._store.events(self._state.seq, min(PIECE, self._until - self._state.seq))
        for event in events:
            self._take(event)
        if events and self._state.seq < self._until:
            return True
        if self._state.seq < self._until:
            raise UnsoundSession(Problem(f"event {self._state.seq + 1} is missing"))
        self._compare()
        return False

    def _take(self, event: Event) -> None:
        self._state = apply(self._state, event)
        note_event(self.by_item, event)
        if event.by in (self._state.driver, SYSTEM):
            self.unled.clear()
        self.unled.append(event)

    def _compare(self) -> None:
        state = fold(self._at_hand, self._state)
        if snapshot.agree(state, self._known):
            return
        if not self._store.is_read_only:
            snapshot.keep(self._store, state)
        raise UnsoundSession(
            Problem("the snapshot that this was opened by does not fit its events", try_="leave and resume")
        )
