"""The pure fold: events in order become the state of a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from deploytui.base.units import MAX_DURATION_S
from deploytui.journal import fact as facts
from deploytui.journal import state as states
from deploytui.journal.event import Event
from deploytui.journal.state import GO_LIVE, UNDO_DEPTH, ItemState, ItemStatus, SessionState


def _parse_instant(text: str) -> datetime | None:
    """An instant as UTC, also where a hand-made event names no zone. None where it is no instant."""
    try:
        at = datetime.fromisoformat(text) if text else None
        return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _said(
    state: SessionState,
    event: Event,
    item: str,
    status: ItemStatus,
    *,
    reason: str = "",
    evidence: str = "",
    is_auto: bool = False,
) -> SessionState:
    was = state.items.get(item)
    started = event.at if status is ItemStatus.ACTIVE else (was.started_at if was else None)
    now = ItemState(
        status=status,
        at=event.at,
        seq=event.seq,
        by=event.by,
        for_=event.for_,
        via=event.via,
        reason=reason,
        evidence=evidence,
        started_at=started,
        earlier=(*was.earlier, replace(was, earlier=())) if was else (),
    )
    undoable = state.undoable
    if not is_auto:
        undoable = (*undoable[-UNDO_DEPTH + 1 :], (event.seq, item))
    state = _recovered(state, item)
    return replace(state, items=state.items.set(item, now), undoable=undoable)


def _undone(state: SessionState, item: str) -> SessionState:
    was = state.items.get(item)
    if was is None:
        return state
    state = _recovered(state, item)
    if was.earlier:
        items = state.items.set(item, replace(was.earlier[-1], earlier=was.earlier[:-1]))
    else:
        items = state.items.delete(item)
    undoable = tuple(act for act in state.undoable if act != (was.seq, item))
    return replace(state, items=items, undoable=undoable)


def _inserted(state: SessionState, event: Event, fact: facts.ItemInserted) -> SessionState:
    item = fact.item
    if not item or not fact.text or any(known.item == item for known in state.inserted):
        return state  # no program of ours wrote that
    made = states.Inserted(item, fact.text, fact.after, event.seq, event.at, event.by, event.for_, event.via)
    undoable = (*state.undoable[-UNDO_DEPTH + 1 :], (event.seq, item))
    return replace(state, inserted=(*state.inserted, made), undoable=undoable)


def _withdrawn(state: SessionState, item: str) -> SessionState:
    inserted = tuple(
        replace(known, is_withdrawn=True) if known.item == item else known for known in state.inserted
    )
    items = state.items.delete(item) if item in state.items else state.items
    undoable = tuple(act for act in state.undoable if act[1] != item)
    return replace(state, inserted=inserted, items=items, undoable=undoable)


def _reasoned(state: SessionState, fact: facts.ItemReasoned) -> SessionState:
    if (was := state.items.get(fact.item)) is None:
        return state
    return replace(state, items=state.items.set(fact.item, replace(was, reason=fact.reason)))


def _noted(state: SessionState, at: datetime, item: str) -> SessionState:
    state = replace(state, told_at=at)
    if item:
        return replace(state, item_notes=state.item_notes.set(item, state.item_notes.get(item, 0) + 1))
    return state


def _opened(state: SessionState, at: datetime, fact: facts.SessionOpened) -> SessionState:
    go_live = _parse_instant(fact.go_live)
    return replace(state, opened_at=at, told_at=at, go_live=go_live, planned_go_live=go_live)


def _hold_began(state: SessionState, event: Event, fact: facts.HoldBegan) -> SessionState:
    hold = states.Hold(event.at, fact.reason, event.by, _parse_instant(fact.expected_at))
    return replace(state, holds=(*state.holds, hold))


def _hold_ended(state: SessionState, at: datetime) -> SessionState:
    if state.hold is None:
        return state
    return replace(state, holds=(*state.holds[:-1], replace(state.hold, ended_at=at)))


def _edge_moved(state: SessionState, event: Event, fact: facts.EdgeMoved) -> SessionState:
    move = states.Move(fact.edge, fact.seconds, fact.reason, event.by, event.at)
    if abs(move.seconds) > MAX_DURATION_S:  # no program of ours wrote that
        return state
    if move.edge == GO_LIVE and state.go_live is not None:
        try:
            state = replace(state, go_live=state.go_live + timedelta(seconds=move.seconds))
        except OverflowError:  # beyond the calendar
            return state
    return replace(state, moves=(*state.moves, move))


def _promise_made(state: SessionState, event: Event, fact: facts.PromiseMade) -> SessionState:
    due_at = _parse_instant(fact.due_at) or event.at
    promise = states.Promise(event.seq, fact.who, fact.item, event.at, due_at)
    return replace(state, promises=(*state.promises, promise))


def _promise_settled(state: SessionState, at: datetime, fact: facts.PromiseSettled) -> SessionState:
    promises = tuple(
        replace(promise, settled_at=at, was_kept=fact.kept) if promise.seq == fact.promise else promise
        for promise in state.promises
    )
    return replace(state, promises=promises)


def _accepted(state: SessionState, event: Event, fact: facts.FindingAccepted) -> SessionState:
    code, item = fact.code, fact.item_of
    made = states.Accepted(code, item, fact.message, fact.why, fact.until, event.for_ or event.by, event.at)
    others = tuple(one for one in state.accepted if (one.code, one.item) != (code, item))
    return replace(state, accepted=(*others, made))


def _recovered(state: SessionState, item: str) -> SessionState:
    return replace(state, lapsed=state.lapsed.delete(item)) if item in state.lapsed else state


def _paced(state: SessionState, fact: facts.RehearsalPaced) -> SessionState:
    at, real_at = _parse_instant(fact.at), _parse_instant(fact.real_at)
    try:
        speed = float(fact.speed)
    except ValueError:
        return state
    if at is None or real_at is None or not 0 < speed < 1e6:
        return state
    return replace(state, pace=states.Pace(at, real_at, speed))


def _baseline(state: SessionState, event: Event, fact: facts.BaselineCaptured) -> SessionState:
    try:
        value, spread = float(fact.value), float(fact.spread)
    except ValueError:
        return state
    was = state.baselines.get(fact.gauge)
    first = was.first or was if was else None
    baseline = states.Baseline(value, spread, fact.samples, event.at, event.by, fact.reason, first)
    return replace(state, baselines=state.baselines.set(fact.gauge, baseline))


def _trigger(
    state: SessionState, event: Event, fact: facts.TriggerRaised | facts.TriggerCleared | facts.TriggerShelved
) -> SessionState:
    was = state.triggers.get(fact.trigger, states.TriggerState())
    match fact:
        case facts.TriggerRaised():
            now = replace(was, raised_at=event.at, raised_by=event.by)
        case facts.TriggerCleared():
            now = replace(was, raised_at=None, raised_by="")
        case facts.TriggerShelved():
            until = _parse_instant(fact.until)
            now = replace(was, shelved_until=until, shelved_why=fact.reason, shelved_by=event.by)
    return replace(state, triggers=state.triggers.set(fact.trigger, now))


def _changed(state: SessionState, event: Event) -> SessionState:
    """What the fact makes of the state. Those that come by the thousand stand first."""
    at = event.at
    match event.fact:
        case facts.ItemChecked() as fact:
            done = ItemStatus.DONE
            return _said(state, event, fact.item, done, evidence=fact.evidence, is_auto=fact.auto)
        case facts.ItemStarted() as fact:
            return _said(state, event, fact.item, ItemStatus.ACTIVE, is_auto=fact.auto)
        case facts.LevelChanged() as fact:
            return replace(
                state, levels=state.levels.set(fact.gauge, states.LevelState(fact.after, fact.why, at))
            )
        case facts.ItemUndone(item):
            return _undone(state, item)
        case facts.NoteAdded(_, item):
            return _noted(state, at, item)
        case facts.ItemSkipped(item, reason):
            return _said(state, event, item, ItemStatus.SKIPPED, reason=reason)
        case facts.ItemFailed(item, reason):
            return _said(state, event, item, ItemStatus.FAILED, reason=reason)
        case facts.ItemOverridden(item, reason):
            return _said(state, event, item, ItemStatus.OVERRIDDEN, reason=reason)
        case facts.ItemReasoned() as fact:
            return _reasoned(state, fact)
        case facts.ItemLapsed(item, why):
            return replace(state, lapsed=state.lapsed.set(item, states.Lapse(at, why)))
        case facts.ItemRecovered(item):
            return _recovered(state, item)
        case facts.ItemInserted() as fact:
            return _inserted(state, event, fact)
        case facts.ItemWithdrawn(item):
            return _withdrawn(state, item)
        case facts.PhaseEntered(phase):
            return replace(state, entered=state.entered.set(phase, at))
        case facts.PhasesSetAside(phases, elsewhere):
            return replace(state, set_aside=frozenset(phases), done_elsewhere=elsewhere)
        case facts.SessionOpened() as fact:
            return _opened(state, at, fact)
        case facts.SessionLeft():
            return replace(state, driver_left_at=at)
        case facts.SessionClosed(outcome):
            return replace(state, closed_at=at, outcome=outcome)
        case facts.DriverTook():
            return replace(state, driver=event.by, driver_since=at, driver_left_at=None)
        case facts.BaselineCaptured() as fact:
            return _baseline(state, event, fact)
        case facts.AlarmAcked(alarm):
            return replace(state, acked=state.acked.set(alarm, at))
        case facts.TriggerRaised() | facts.TriggerCleared() | facts.TriggerShelved() as fact:
            return _trigger(state, event, fact)
        case facts.HoldBegan() as fact:
            return _hold_began(state, event, fact)
        case facts.HoldEnded():
            return _hold_ended(state, at)
        case facts.EdgeMoved() as fact:
            return _edge_moved(state, event, fact)
        case facts.PromiseMade() as fact:
            return _promise_made(state, event, fact)
        case facts.PromiseSettled() as fact:
            return _promise_settled(state, at, fact)
        case facts.FindingAccepted() as fact:
            return _accepted(state, event, fact)
        case facts.PlanFileChanged(became, sha256, why):
            return replace(state, plan_file=states.PlanFileState(became, sha256, why, at))
        case facts.RehearsalPaced() as fact:
            return _paced(state, fact)
        case facts.ClockStepped() | facts.Unknown():
            return state
        case _:
            assert_never(event.fact)


def apply(state: SessionState, event: Event) -> SessionState:
    """The state after one more event. An unknown kind changes nothing but the sequence."""
    return replace(_changed(state, event), seq=event.seq, last_at=event.at)


def fold(events: Sequence[Event], state: SessionState | None = None) -> SessionState:
    """Every event in order, from `state` or from nothing."""
    state = state or SessionState()
    for event in events:
        state = apply(state, event)
    return state
