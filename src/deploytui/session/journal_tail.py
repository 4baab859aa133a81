"""The events of a session that are at hand. A long session is taken up from its snapshot and its last events; what came
before them is read and checked behind the first frame, and is shown from the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from deploytui.base.errors import Problem, UnsoundSession
from deploytui.journal import snapshot
from deploytui.journal.event import Event
from deploytui.journal.fold import apply, fold
from deploytui.journal.state import SessionState
from deploytui.journal.store import JournalStore
from deploytui.session.act import SYSTEM

PIECE = 200
OF_ITEM = 12
PAGE = 200

ByItem = dict[str, deque[Event]]


def note_event(by_item: ByItem, event: Event) -> None:
    if item := event.item:
        by_item.setdefault(item, deque(maxlen=OF_ITEM)).append(event)


class JournalTail:
    """On the thread that draws: the last events without a gap, and the newest few of each item."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events: list[Event] = []
        self.earlier = (
            events[0].seq - 1 if events else 0
        )  # so many events of the journal came before those at hand
        self.is_whole = self.earlier == 0
        self.wanted: int | None = None
        self._by_item: ByItem = {}
        self._older: Mapping[str, Sequence[Event]] = {}
        self._unled: list[Event] = []
        self._page: list[Event] = []
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """The next event of the journal."""
        self.events.append(event)
        note_event(self._by_item, event)

    def of_item(self, item: str) -> list[Event]:
        """The newest events on an item, oldest first."""
        return [*self._older.get(item, ()), *self._by_item.get(item, ())][-OF_ITEM:]

    def since_led(self) -> Sequence[Event]:
        """The events at hand, from the last word of whoever drove before them where that is not at hand itself."""
        return [*self._unled, *self.events] if self._unled else self.events

    def between(self, first: int, last: int) -> list[Event | None]:
        """The events `first` to `last`; None for one that has to be read first, which `wanted` then says."""
        found: list[Event | None] = []
        for seq in range(first, last + 1):
            event = self._at(seq)
            if event is None and self.wanted is None:
                self.wanted = max(0, last - PAGE)
            found.append(event)
        return found

    def _at(self, seq: int) -> Event | None:
        if seq > self.earlier:
            return self.events[seq - self.earlier - 1]
        place = seq - self._page[0].seq if self._page else -1
        return self._page[place] if 0 <= place < len(self._page) else None

    def keep_page(self, page: Sequence[Event]) -> None:
        """What was wanted, read."""
        self._page, self.wanted = list(page), None

    def complete(self, older: Mapping[str, Sequence[Event]], unled: Sequence[Event]) -> None:
        """What came before is checked: the newest few of each item, and what followed the last driver's last word."""
        self._older, self._unled, self.is_whole = older, list(unled), True


class EarlierCheck:
    """What came before the events at hand, checked in pieces and counted once more, on the writer's thread."""

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
        if state == self._known:
            return
        if not self._store.is_read_only:
            snapshot.keep(self._store, state)
        raise UnsoundSession(
            Problem("the snapshot that this was opened by does not fit its events", try_="leave and resume")
        )
