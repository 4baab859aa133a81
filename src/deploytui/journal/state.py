"""What the journal adds up to: the frozen state of a session, and the pure fold that makes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from immutables import Map

from deploytui.journal.event import Event, Kind

UNDO_DEPTH = 50


class ItemStatus(StrEnum):
    OPEN = "open"
    ACTIVE = "active"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    OVERRIDDEN = "overridden"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class ItemState:
    """What was last said of an item. `before` is what an undo goes back to."""

    status: ItemStatus
    at: datetime
    seq: int
    by: str = ""
    for_: str = ""
    via: str = ""
    reason: str = ""
    evidence: str = ""
    started_at: datetime | None = None
    before: ItemState | None = None


@dataclass(frozen=True, slots=True)
class LevelState:
    """The level a gauge was last journaled at."""

    level: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionState:
    """The session after `seq` events. Items nothing was said of are not in `items`: they are open."""

    seq: int = 0
    items: Map[str, ItemState] = field(default_factory=Map)
    item_notes: Map[str, int] = field(default_factory=Map)
    opened_at: datetime | None = None
    go_live: datetime | None = None
    driver: str = ""
    driver_since: datetime | None = None
    driver_left_at: datetime | None = None
    entered: Map[str, datetime] = field(default_factory=Map)
    set_aside: frozenset[str] = frozenset()
    levels: Map[str, LevelState] = field(default_factory=Map)
    closed_at: datetime | None = None
    outcome: str = ""
    undoable: tuple[tuple[int, str], ...] = ()
    last_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


_STATUS_OF = {
    Kind.ITEM_STARTED.value: ItemStatus.ACTIVE,
    Kind.ITEM_CHECKED.value: ItemStatus.DONE,
    Kind.ITEM_SKIPPED.value: ItemStatus.SKIPPED,
    Kind.ITEM_FAILED.value: ItemStatus.FAILED,
}


def _parse_instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _said(state: SessionState, event: Event, status: ItemStatus) -> SessionState:
    item = event.text("item")
    was = state.items.get(item)
    started = event.at if status is ItemStatus.ACTIVE else (was.started_at if was else None)
    now = ItemState(
        status=status,
        at=event.at,
        seq=event.seq,
        by=event.by,
        for_=event.for_,
        via=event.via,
        reason=event.text("reason"),
        evidence=event.text("evidence"),
        started_at=started,
        before=was,
    )
    undoable = state.undoable
    if event.payload.get("auto") is not True:
        undoable = (*undoable[-UNDO_DEPTH + 1 :], (event.seq, item))
    return replace(state, items=state.items.set(item, now), undoable=undoable)


def _undone(state: SessionState, event: Event) -> SessionState:
    item = event.text("item")
    was = state.items.get(item)
    if was is None:
        return state
    items = state.items.delete(item) if was.before is None else state.items.set(item, was.before)
    undoable = tuple(act for act in state.undoable if act != (was.seq, item))
    return replace(state, items=items, undoable=undoable)


def apply(state: SessionState, event: Event) -> SessionState:
    """The state after one more event. An unknown kind changes nothing but the sequence."""
    if (status := _STATUS_OF.get(event.kind)) is not None:
        state = _said(state, event, status)
    else:
        match event.kind:
            case Kind.ITEM_UNDONE:
                state = _undone(state, event)
            case Kind.ITEM_REASONED:
                if (was := state.items.get(event.text("item"))) is not None:
                    reasoned = replace(was, reason=event.text("reason"))
                    state = replace(state, items=state.items.set(event.text("item"), reasoned))
            case Kind.NOTE_ADDED:
                if item := event.text("item"):
                    count = state.item_notes.get(item, 0) + 1
                    state = replace(state, item_notes=state.item_notes.set(item, count))
            case Kind.PHASE_ENTERED:
                state = replace(state, entered=state.entered.set(event.text("phase"), event.at))
            case Kind.LEVEL_CHANGED:
                level = LevelState(event.text("after"), event.text("why"), event.at)
                state = replace(state, levels=state.levels.set(event.text("gauge"), level))
            case Kind.PHASES_SET_ASIDE:
                named = event.payload.get("phases")
                state = replace(state, set_aside=frozenset(named if isinstance(named, list) else ()))
            case Kind.SESSION_OPENED:
                state = replace(state, opened_at=event.at, go_live=_parse_instant(event.text("go_live")))
            case Kind.DRIVER_TOOK:
                state = replace(state, driver=event.by, driver_since=event.at, driver_left_at=None)
            case Kind.SESSION_LEFT:
                state = replace(state, driver_left_at=event.at)
            case Kind.SESSION_CLOSED:
                state = replace(state, closed_at=event.at, outcome=event.text("outcome"))
    return replace(state, seq=event.seq, last_at=event.at)


def fold(events: list[Event], state: SessionState | None = None) -> SessionState:
    """Every event in order, from `state` or from nothing."""
    state = state or SessionState()
    for event in events:
        state = apply(state, event)
    return state
