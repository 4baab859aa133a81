"""The events of a session that are at hand. A long session is taken up from its snapshot and its last events; what came
before them is read and checked behind the first frame, and is shown from the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from deploytui.journal.event import Event

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
