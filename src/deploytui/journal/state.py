"""What the journal adds up to: the frozen state of a session, and the pure fold that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from immutables import Map

from deploytui.base.units import MAX_DURATION_S
from deploytui.journal.event import Event, Kind

UNDO_DEPTH = 50
GO_LIVE = "go-live"


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
class Lapse:
    """A done item whose gauge no longer says so: since when, and what it says."""

    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """A gauge before the change: the middle of `samples` values, and how far they spread."""

    value: float
    spread: float
    samples: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TriggerState:
    """What people said of a rollback trigger: raised by hand, or shelved until a moment with a reason."""

    raised_at: datetime | None = None
    raised_by: str = ""
    shelved_until: datetime | None = None
    shelved_why: str = ""
    shelved_by: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A stop of the work clock. `ended_at` None: it goes on. `expected_at` is what was announced."""

    since: datetime
    reason: str
    by: str
    expected_at: datetime | None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """ "Ten more minutes, says Kim". `was_kept` None: nobody has said yet."""

    seq: int
    who: str
    item: str
    made_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    was_kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An edge moved by agreement: `go-live`, or a phase's `ID.start` or `ID.end`, by so many seconds."""

    edge: str
    seconds: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionState:
    """The session after `seq` events. Items nothing was said of are not in `items`: they are open."""

    seq: int = 0
    items: Map[str, ItemState] = field(default_factory=Map)
    item_notes: Map[str, int] = field(default_factory=Map)
    opened_at: datetime | None = None
    go_live: datetime | None = None
    planned_go_live: datetime | None = None
    driver: str = ""
    driver_since: datetime | None = None
    driver_left_at: datetime | None = None
    entered: Map[str, datetime] = field(default_factory=Map)
    set_aside: frozenset[str] = frozenset()
    levels: Map[str, LevelState] = field(default_factory=Map)
    lapsed: Map[str, Lapse] = field(default_factory=Map)
    baselines: Map[str, Baseline] = field(default_factory=Map)
    acked: Map[str, datetime] = field(default_factory=Map)
    triggers: Map[str, TriggerState] = field(default_factory=Map)
    holds: tuple[Hold, ...] = ()
    promises: tuple[Promise, ...] = ()
    moves: tuple[Move, ...] = ()
    told_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    undoable: tuple[tuple[int, str], ...] = ()
    last_at: datetime | None = None

    @property
    def hold(self) -> Hold | None:
        """The hold that is on now."""
        return self.holds[-1] if self.holds and self.holds[-1].ended_at is None else None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


_STATUS_OF = {
    Kind.ITEM_STARTED.value: ItemStatus.ACTIVE,
    Kind.ITEM_CHECKED.value: ItemStatus.DONE,
    Kind.ITEM_SKIPPED.value: ItemStatus.SKIPPED,
    Kind.ITEM_FAILED.value: ItemStatus.FAILED,
    Kind.ITEM_OVERRIDDEN.value: ItemStatus.OVERRIDDEN,
}


def _parse_instant(text: str) -> datetime | None:
    """An instant as UTC, also where a hand-made event names no zone. None where it is no instant."""
    try:
        at = datetime.fromisoformat(text) if text else None
        return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
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
    state = _recovered(state, event)
    return replace(state, items=state.items.set(item, now), undoable=undoable)


def _undone(state: SessionState, event: Event) -> SessionState:
    item = event.text("item")
    was = state.items.get(item)
    if was is None:
        return state
    state = _recovered(state, event)
    items = state.items.delete(item) if was.before is None else state.items.set(item, was.before)
    undoable = tuple(act for act in state.undoable if act != (was.seq, item))
    return replace(state, items=items, undoable=undoable)


def _reasoned(state: SessionState, event: Event) -> SessionState:
    item = event.text("item")
    if (was := state.items.get(item)) is None:
        return state
    return replace(state, items=state.items.set(item, replace(was, reason=event.text("reason"))))


def _noted(state: SessionState, event: Event) -> SessionState:
    state = replace(state, told_at=event.at)
    if item := event.text("item"):
        return replace(state, item_notes=state.item_notes.set(item, state.item_notes.get(item, 0) + 1))
    return state


def _level_changed(state: SessionState, event: Event) -> SessionState:
    level = LevelState(event.text("after"), event.text("why"), event.at)
    return replace(state, levels=state.levels.set(event.text("gauge"), level))


def _entered(state: SessionState, event: Event) -> SessionState:
    return replace(state, entered=state.entered.set(event.text("phase"), event.at))


def _set_aside(state: SessionState, event: Event) -> SessionState:
    named = event.payload.get("phases")
    return replace(state, set_aside=frozenset(named if isinstance(named, list) else ()))


def _opened(state: SessionState, event: Event) -> SessionState:
    go_live = _parse_instant(event.text("go_live"))
    return replace(state, opened_at=event.at, told_at=event.at, go_live=go_live, planned_go_live=go_live)


def _hold_began(state: SessionState, event: Event) -> SessionState:
    hold = Hold(event.at, event.text("reason"), event.by, _parse_instant(event.text("expected_at")))
    return replace(state, holds=(*state.holds, hold))


def _hold_ended(state: SessionState, event: Event) -> SessionState:
    if state.hold is None:
        return state
    return replace(state, holds=(*state.holds[:-1], replace(state.hold, ended_at=event.at)))


def _edge_moved(state: SessionState, event: Event) -> SessionState:
    move = Move(event.text("edge"), event.number("seconds"), event.text("reason"), event.by, event.at)
    if abs(move.seconds) > MAX_DURATION_S:  # no program of ours wrote that
        return state
    if move.edge == GO_LIVE and state.go_live is not None:
        try:
            state = replace(state, go_live=state.go_live + timedelta(seconds=move.seconds))
        except OverflowError:  # beyond the calendar
            return state
    return replace(state, moves=(*state.moves, move))


def _promise_made(state: SessionState, event: Event) -> SessionState:
    due_at = _parse_instant(event.text("due_at")) or event.at
    promise = Promise(event.seq, event.text("who"), event.text("item"), event.at, due_at)
    return replace(state, promises=(*state.promises, promise))


def _promise_settled(state: SessionState, event: Event) -> SessionState:
    made, was_kept = event.number("promise"), event.payload.get("kept") is True
    promises = tuple(
        replace(promise, settled_at=event.at, was_kept=was_kept) if promise.seq == made else promise
        for promise in state.promises
    )
    return replace(state, promises=promises)


def _lapsed(state: SessionState, event: Event) -> SessionState:
    lapse = Lapse(event.at, event.text("why"))
    return replace(state, lapsed=state.lapsed.set(event.text("item"), lapse))


def _recovered(state: SessionState, event: Event) -> SessionState:
    item = event.text("item")
    return replace(state, lapsed=state.lapsed.delete(item)) if item in state.lapsed else state


def _baseline(state: SessionState, event: Event) -> SessionState:
    try:
        value, spread = float(event.text("value")), float(event.text("spread"))
    except ValueError:
        return state
    baseline = Baseline(value, spread, event.number("samples"), event.at)
    return replace(state, baselines=state.baselines.set(event.text("gauge"), baseline))


def _trigger(state: SessionState, event: Event) -> SessionState:
    name = event.text("trigger")
    was = state.triggers.get(name, TriggerState())
    match event.kind:
        case Kind.TRIGGER_RAISED:
            now = replace(was, raised_at=event.at, raised_by=event.by)
        case Kind.TRIGGER_CLEARED:
            now = replace(was, raised_at=None, raised_by="")
        case _:
            until = _parse_instant(event.text("until"))
            now = replace(was, shelved_until=until, shelved_why=event.text("reason"), shelved_by=event.by)
    return replace(state, triggers=state.triggers.set(name, now))


_FOLDERS: dict[str, Callable[[SessionState, Event], SessionState]] = {
    Kind.ITEM_UNDONE: _undone,
    Kind.ITEM_REASONED: _reasoned,
    Kind.NOTE_ADDED: _noted,
    Kind.LEVEL_CHANGED: _level_changed,
    Kind.PHASE_ENTERED: _entered,
    Kind.PHASES_SET_ASIDE: _set_aside,
    Kind.SESSION_OPENED: _opened,
    Kind.DRIVER_TOOK: lambda state, event: replace(
        state, driver=event.by, driver_since=event.at, driver_left_at=None
    ),
    Kind.SESSION_LEFT: lambda state, event: replace(state, driver_left_at=event.at),
    Kind.SESSION_CLOSED: lambda state, event: replace(
        state, closed_at=event.at, outcome=event.text("outcome")
    ),
    Kind.ITEM_LAPSED: _lapsed,
    Kind.ITEM_RECOVERED: _recovered,
    Kind.BASELINE_CAPTURED: _baseline,
    Kind.ALARM_ACKED: lambda state, event: replace(
        state, acked=state.acked.set(event.text("alarm"), event.at)
    ),
    Kind.TRIGGER_RAISED: _trigger,
    Kind.TRIGGER_CLEARED: _trigger,
    Kind.TRIGGER_SHELVED: _trigger,
    Kind.HOLD_BEGAN: _hold_began,
    Kind.HOLD_ENDED: _hold_ended,
    Kind.EDGE_MOVED: _edge_moved,
    Kind.PROMISE_MADE: _promise_made,
    Kind.PROMISE_SETTLED: _promise_settled,
}


def apply(state: SessionState, event: Event) -> SessionState:
    """The state after one more event. An unknown kind changes nothing but the sequence."""
    if (status := _STATUS_OF.get(event.kind)) is not None:
        state = _said(state, event, status)
    elif (folder := _FOLDERS.get(event.kind)) is not None:
        state = folder(state, event)
    return replace(state, seq=event.seq, last_at=event.at)


def fold(events: list[Event], state: SessionState | None = None) -> SessionState:
    """Every event in order, from `state` or from nothing."""
    state = state or SessionState()
    for event in events:
        state = apply(state, event)
    return state
