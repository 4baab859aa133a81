"""Events: past facts under stable names. They are appended and never changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field

from deploytui.base.clock import Clock

Value = str | int | bool | None | list[str]


class Kind(StrEnum):
    """The stable names, as they stand in files. Never rename one; a new meaning is a new name."""

    SESSION_OPENED = "session.opened"
    SESSION_LEFT = "session.left"
    SESSION_CLOSED = "session.closed"
    DRIVER_TOOK = "driver.took"
    PHASES_SET_ASIDE = "phases.set_aside"
    PHASE_ENTERED = "phase.entered"
    ITEM_STARTED = "item.started"
    ITEM_CHECKED = "item.checked"
    ITEM_SKIPPED = "item.skipped"
    ITEM_FAILED = "item.failed"
    ITEM_REASONED = "item.reasoned"
    ITEM_OVERRIDDEN = "item.overridden"
    ITEM_UNDONE = "item.undone"
    ITEM_LAPSED = "item.lapsed"
    ITEM_RECOVERED = "item.recovered"
    ITEM_INSERTED = "item.inserted"
    ITEM_WITHDRAWN = "item.withdrawn"
    NOTE_ADDED = "note.added"
    LEVEL_CHANGED = "gauge.level_changed"
    BASELINE_CAPTURED = "baseline.captured"
    ALARM_ACKED = "alarm.acked"
    TRIGGER_RAISED = "trigger.raised"
    TRIGGER_CLEARED = "trigger.cleared"
    TRIGGER_SHELVED = "trigger.shelved"
    HOLD_BEGAN = "hold.began"
    HOLD_ENDED = "hold.ended"
    EDGE_MOVED = "edge.moved"
    PROMISE_MADE = "promise.made"
    PROMISE_SETTLED = "promise.settled"
    FINDING_ACCEPTED = "finding.accepted"
    PLAN_FILE_CHANGED = "plan.file_changed"
    CLOCK_STEPPED = "clock.stepped"
    REHEARSAL_PACED = "rehearsal.paced"


class Draft(Struct, frozen=True):
    """An event that has not been appended yet: it has no place in the journal."""

    kind: str
    payload: Mapping[str, Value] = field(default_factory=dict)
    by: str = ""
    for_: str = ""
    via: str = ""


class Event(Struct, frozen=True):
    """One row of the journal. Order is `seq`, never `at`.

    `at` is UTC with microseconds, `offset_min` the writer's local zone then, `mono_us` the writer's monotonic
    clock. `by` is whose hands, `for_` who said or did it, `via` how it was said (voice, phone, message).
    `kind` is a plain string: a newer program may have written one that this one does not know.
    """

    seq: int
    id: str
    epoch: int
    kind: str
    at: datetime
    offset_min: int = 0
    mono_us: int = 0
    by: str = ""
    for_: str = ""
    via: str = ""
    payload: Mapping[str, Value] = field(default_factory=dict)
    v: int = 1

    def text(self, key: str) -> str:
        """A payload text, or "" where there is none."""
        value = self.payload.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A payload number, or 0 where there is none."""
        value = self.payload.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0


def stamp(draft: Draft, seq: int, epoch: int, clock: Clock) -> Event:
    """The draft as an event: its place in the journal, an id of its own, and when and where it was written."""
    at = clock.now()
    offset = at.astimezone(clock.local_zone()).utcoffset() or timedelta(0)
    return Event(
        seq=seq,
        id=os.urandom(16).hex(),
        epoch=epoch,
        kind=str(draft.kind),
        at=at,
        offset_min=offset // timedelta(minutes=1),
        mono_us=int(clock.monotonic_s() * 1_000_000),
        by=draft.by,
        for_=draft.for_,
        via=draft.via,
        payload=dict(draft.payload),
    )
