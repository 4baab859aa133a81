"""Events: facts with their place in the journal, when and by whom they were written. Appended and never changed."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.journal.fact import Fact, item_of, kind_of


class Draft(Struct, frozen=True):
    """An event that has not been appended yet: it has no place in the journal."""

    fact: Fact
    by: str = ""
    for_: str = ""
    via: str = ""


class Event(Struct, frozen=True):
    """One row of the journal. Order is `seq`, never `at`.

    `at` is UTC with microseconds, `offset_min` the writer's local zone then, `mono_us` the writer's monotonic
    clock. `by` is whose hands, `for_` who said or did it, `via` how it was said (voice, phone, message).
    """

    seq: int
    id: str
    epoch: int
    fact: Fact
    at: datetime
    offset_min: int = 0
    mono_us: int = 0
    by: str = ""
    for_: str = ""
    via: str = ""
    v: int = 1

    @property
    def kind(self) -> str:
        """The stable name of what it says."""
        return kind_of(self.fact)

    @property
    def item(self) -> str:
        """The item that it is about, "" for none."""
        return item_of(self.fact)


def stamp(draft: Draft, seq: int, epoch: int, clock: Clock) -> Event:
    """The draft as an event: its place in the journal, an id of its own, and when and where it was written."""
    at = clock.now()
    offset = at.astimezone(clock.local_zone()).utcoffset() or timedelta(0)
    return Event(
        seq=seq,
        id=os.urandom(16).hex(),
        epoch=epoch,
        fact=draft.fact,
        at=at,
        offset_min=offset // timedelta(minutes=1),
        mono_us=int(clock.monotonic_s() * 1_000_000),
        by=draft.by,
        for_=draft.for_,
        via=draft.via,
    )
