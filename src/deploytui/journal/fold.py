"""The pure fold: events in order become the state of a session. One small function an event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from deploytui.base.units import MAX_DURATION_S
from deploytui.journal.event import Event, Kind
from deploytui.journal.state import (
    GO_LIVE,
    UNDO_DEPTH,
    Accepted,
    Baseline,
    Hold,
    Inserted,
    ItemState,
    ItemStatus,
    Lapse,
    LevelState,
    Move,
    Pace,
    PlanFileState,
    Promise,
    SessionState,
    TriggerState,
)

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


def _inserted(state: SessionState, event: Event) -> SessionState:
    item, text = event.text("item"), event.text("text")
    if not item or not text or any(known.item == item for known in state.inserted):
        return state  # no program of ours wrote that
    made = Inserted(item, text, event.text("after"), event.seq, event.at, event.by, event.for_, event.via)
    undoable = (*state.undoable[-UNDO_DEPTH + 1 :], (event.seq, item))
    return replace(state, inserted=(*state.inserted, made), undoable=undoable)


def _withdrawn(state: SessionState, event: Event) -> SessionState:
    item = event.text("item")
    inserted = tuple(
        replace(known, is_withdrawn=True) if known.item == item else known for known in state.inserted
    )
    items = state.items.delete(item) if item in state.items else state.items
    undoable = tuple(act for act in state.undoable if act[1] != item)
    return replace(state, inserted=inserted, items=items, undoable=undoable)


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
    aside = frozenset(named if isinstance(named, list) else ())
    return replace(state, set_aside=aside, done_elsewhere=event.text("elsewhere"))


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


def _accepted(state: SessionState, event: Event) -> SessionState:
    code, item = event.text("code"), event.text("item_of")
    made = Accepted(
        code,
        item,
        event.text("message"),
        event.text("why"),
        event.text("until"),
        event.for_ or event.by,
        event.at,
    )
    others = tuple(one for one in state.accepted if (one.code, one.item) != (code, item))
    return replace(state, accepted=(*others, made))


def _plan_file(state: SessionState, event: Event) -> SessionState:
    found = PlanFileState(event.text("became"), event.text("sha256"), event.text("why"), event.at)
    return replace(state, plan_file=found)


def _lapsed(state: SessionState, event: Event) -> SessionState:
    lapse = Lapse(event.at, event.text("why"))
    return replace(state, lapsed=state.lapsed.set(event.text("item"), lapse))


def _recovered(state: SessionState, event: Event) -> SessionState:
    item = event.text("item")
    return replace(state, lapsed=state.lapsed.delete(item)) if item in state.lapsed else state


def _paced(state: SessionState, event: Event) -> SessionState:
    at, real_at = (_parse_instant(event.text(name)) for name in ("at", "real_at"))
    try:
        speed = float(event.text("speed"))
    except ValueError:
        return state
    if at is None or real_at is None or not 0 < speed < 1e6:
        return state
    return replace(state, pace=Pace(at, real_at, speed))


def _baseline(state: SessionState, event: Event) -> SessionState:
    try:
        value, spread = float(event.text("value")), float(event.text("spread"))
    except ValueError:
        return state
    was = state.baselines.get(event.text("gauge"))
    first = was.first or was if was else None
    reason, samples = event.text("reason"), event.number("samples")
    baseline = Baseline(value, spread, samples, event.at, event.by, reason, first)
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
    Kind.ITEM_INSERTED: _inserted,
    Kind.ITEM_WITHDRAWN: _withdrawn,
    Kind.ITEM_RECOVERED: _recovered,
    Kind.BASELINE_CAPTURED: _baseline,
    Kind.ALARM_ACKED: lambda state, event: replace(
        state, acked=state.acked.set(event.text("alarm"), event.at)
    ),
    Kind.TRIGGER_RAISED: _trigger,
    Kind.TRIGGER_CLEARED: _trigger,
    Kind.TRIGGER_SHELVED: _trigger,
    Kind.FINDING_ACCEPTED: _accepted,
    Kind.PLAN_FILE_CHANGED: _plan_file,
    Kind.HOLD_BEGAN: _hold_began,
    Kind.HOLD_ENDED: _hold_ended,
    Kind.EDGE_MOVED: _edge_moved,
    Kind.PROMISE_MADE: _promise_made,
    Kind.PROMISE_SETTLED: _promise_settled,
    Kind.REHEARSAL_PACED: _paced,
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
