"""The night from its journal alone, as the report's JSON: outcome, planned and actual, what was skipped, failed and moved.

Instants in UTC, durations in whole seconds, absent is null. The Markdown is written from the same value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from deploytui.base.units import iso
from deploytui.journal.fact import BaselineCaptured, DriverTook, NoteAdded, PhaseEntered
from deploytui.journal.state import ItemStatus
from deploytui.session.forecast import worked_s
from deploytui.session.label import edge_name, item_label
from deploytui.session.rules import status_of
from deploytui.session.session import Session
from deploytui.session.status import counts_payload
from deploytui.session.transition import behind_name
from deploytui.session.view import Counts

Night = dict[str, Any]
_OUTCOMES = {None: "never settled", True: "kept", False: "broken"}


def night(session: Session, head: tuple[int, str]) -> Night:
    """The whole report. It needs all events, not only those since a snapshot; `head` is the last one with its hash."""
    state, index, events = session.state, session.index, session.events
    return {
        "session": session.name,
        "title": session.plan.title,
        "mode": session.header.mode,
        "outcome": state.outcome or "not closed",
        "go_live": _iso(session.go_live),
        "opened_at": _iso(state.opened_at),
        "closed_at": _iso(state.closed_at),
        "head": head[1],
        "events": head[0],
        "drivers": [
            {"name": event.by, "since": iso(event.at)}
            for event in events
            if isinstance(event.fact, DriverTook)
        ],
        "phases": [_phase(session, phase) for phase in index.phases if phase not in state.set_aside],
        "set_aside": [phase.title for name, phase in index.phases.items() if name in state.set_aside],
        "done_elsewhere": state.done_elsewhere or None,
        "entered": list(_entered(session)),
        "items": [
            {
                "id": item,
                "text": item_label(index, item),
                "state": said.status.value,
                "by": said.by or None,
                "for": said.for_ or None,
                "via": said.via or None,
                "at": iso(said.at),
                "reason": said.reason or None,
                "evidence": said.evidence or None,
            }
            for item, said in sorted(state.items.items(), key=lambda entry: entry[1].seq)
        ],
        "holds": [
            {
                "since": iso(hold.since),
                "ended": _iso(hold.ended_at),
                "reason": hold.reason,
                "longer_than_announced_s": _past(hold.expected_at, hold.ended_at),
            }
            for hold in state.holds
        ],
        "moves": [
            {
                "at": iso(move.at),
                "edge": edge_name(index, move.edge),
                "seconds": move.seconds,
                "reason": move.reason,
                "by": move.by,
            }
            for move in state.moves
        ],
        "promises": [
            {"who": promise.who, "due": iso(promise.due_at), "outcome": _OUTCOMES[promise.was_kept]}
            for promise in state.promises
        ],
        "notes": [
            {"at": iso(event.at), "by": event.by, "item": event.fact.item or None, "text": event.fact.text}
            for event in events
            if isinstance(event.fact, NoteAdded)
        ],
        "baselines": list(_baselines(session)),
        "durations_s": dict(_durations(session)),
        "findings_accepted": [
            {
                "code": one.code,
                "item": one.item or None,
                "message": one.message,
                "by": one.by,
                "why": one.why,
                "until": one.until or None,
                "at": iso(one.at),
            }
            for one in state.accepted
        ],
        # Those that were taken out again too: they stand in the journal, and somebody may ask.
        "unplanned": [
            {
                "id": made.item,
                "text": made.text,
                "below": item_label(index, made.after),
                "at": iso(made.at),
                "by": made.by or None,
                "for": made.for_ or None,
                "via": made.via or None,
                "state": "taken out again" if made.is_withdrawn else status_of(state, made.item).value,
            }
            for made in state.inserted
        ],
    }


def _phase(session: Session, phase: str) -> Night:
    """One phase as it was planned and as it went: its first and last act, and how far that was past the agreed end."""
    said = [session.state.items.get(placed.item.id) for placed in session.index.of_phase(phase)]
    times = [one.at for one in said if one]
    starts = [one.started_at for one in said if one and one.started_at]
    planned, agreed = session.planned_spans().get(phase), session.spans().get(phase)
    last, counts = max(times, default=None), session.tally.phase(phase)
    return {
        "id": phase,
        "title": session.index.phases[phase].title,
        "planned": {
            "start": iso(planned.start_at) if planned else None,
            "end": iso(planned.end_at) if planned else None,
        },
        "actual": {"start": _iso(min([*times, *starts], default=None)), "end": _iso(last)},
        "overrun_s": _past(agreed.end_at if agreed else None, last) or 0,
        "counts": counts_payload(counts),
        "unplanned": counts_payload(counts.unplanned or Counts()),
    }


def _entered(session: Session) -> Iterator[Night]:
    """Each phase that was entered: by whom, how early, and what was left behind in `left` at that moment."""
    index = session.index
    for event in session.events:
        if isinstance(fact := event.fact, PhaseEntered):
            yield {
                "at": iso(event.at),
                "by": event.by,
                "phase": index.phases[fact.phase].title if fact.phase in index.phases else fact.phase,
                "early_s": fact.early_s,
                "left": behind_name(index, fact.before, fact.left_stage) if fact.before else None,
                "counts": {"done": fact.done or 0, "open": fact.open or 0, "failed": fact.failed or 0},
            }


def _baselines(session: Session) -> Iterator[Night]:
    """Each that was captured, also those that were replaced. What is no number was not captured by a program of ours."""
    specs = {spec.id: spec for spec in session.plan.gauges}
    for event in session.events:
        if not isinstance(fact := event.fact, BaselineCaptured):
            continue
        try:
            value, spread = float(fact.value), float(fact.spread)
        except ValueError:
            continue
        spec = specs.get(fact.gauge)
        yield {
            "gauge": fact.gauge,
            "title": spec.title if spec else fact.gauge,
            "unit": (spec.unit or None) if spec else None,
            "value": value,
            "spread": spread,
            "samples": fact.samples,
            "at": iso(event.at),
            "by": event.by,
            "reason": fact.reason or None,
        }


def _durations(session: Session) -> Iterator[tuple[str, int]]:
    """How long each step took on the work clock, to paste back into the plan; whole minutes, rounded up."""
    for placed in session.index.items:
        said = session.state.items.get(placed.item.id)
        if said and said.status is ItemStatus.DONE and said.started_at and not placed.item.is_unplanned:
            seconds = int(worked_s(session.state, said.started_at, said.at))
            yield placed.item.id, max(60, -(-seconds // 60) * 60)


def _past(due_at: datetime | None, at: datetime | None) -> int | None:
    """Seconds past what was agreed; None where one of the two is not known."""
    return max(0, int((at - due_at).total_seconds())) if at and due_at else None


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None
