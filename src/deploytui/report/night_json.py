"""The report of a night as JSON: instants in UTC, durations in whole seconds, absent is null."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deploytui.base.units import iso
from deploytui.journal.state import Accepted, ItemState
from deploytui.report.baseline import baseline_payload
from deploytui.report.night import Entered, Night, PhaseNight, Unplanned
from deploytui.session.status import counts_payload
from deploytui.session.view import Counts


def night_payload(found: Night) -> dict[str, Any]:
    """The whole report."""
    return {
        "session": found.session,
        "title": found.title,
        "mode": found.mode,
        "outcome": found.outcome,
        "go_live": _iso(found.go_live),
        "opened_at": _iso(found.opened_at),
        "closed_at": _iso(found.closed_at),
        "head": found.head,
        "events": found.events,
        "drivers": [{"name": name, "since": iso(at)} for at, name in found.drivers],
        "phases": [_phase(one) for one in found.phases],
        "set_aside": list(found.set_aside),
        "done_elsewhere": found.done_elsewhere or None,
        "entered": [_entered(one) for one in found.entered],
        "items": [_item(*one) for one in found.said],
        "holds": [
            {"since": iso(since), "ended": _iso(ended), "reason": reason, "longer_than_announced_s": late}
            for since, ended, reason, late in found.holds
        ],
        "moves": [
            {"at": iso(at), "edge": edge, "seconds": seconds, "reason": reason, "by": by}
            for at, edge, seconds, reason, by in found.moves
        ],
        "promises": [{"who": who, "due": iso(due), "outcome": word} for who, due, word in found.promises],
        "notes": [
            {"at": iso(at), "by": by, "item": item or None, "text": text}
            for at, by, item, text in found.notes
        ],
        "baselines": [baseline_payload(one) for one in found.baselines],
        "durations_s": dict(found.durations),
        "findings_accepted": [_accepted(one) for one in found.accepted],
        "unplanned": [_unplanned(one) for one in found.unplanned],
    }


def _phase(phase: PhaseNight) -> dict[str, Any]:
    return {
        "id": phase.id,
        "title": phase.title,
        "planned": {"start": _iso(phase.planned_start_at), "end": _iso(phase.planned_end_at)},
        "actual": {"start": _iso(phase.first_at), "end": _iso(phase.last_at)},
        "overrun_s": phase.overrun_s,
        "counts": counts_payload(phase.counts),
        "unplanned": counts_payload(phase.counts.unplanned or Counts()),
    }


def _entered(one: Entered) -> dict[str, Any]:
    return {
        "at": iso(one.at),
        "by": one.by,
        "phase": one.phase,
        "early_s": one.early_s,
        "left": one.before or None,
        "counts": {"done": one.done, "open": one.open, "failed": one.failed},
    }


def _item(item: str, label: str, said: ItemState) -> dict[str, Any]:
    return {
        "id": item,
        "text": label,
        "state": said.status.value,
        "by": said.by or None,
        "for": said.for_ or None,
        "via": said.via or None,
        "at": iso(said.at),
        "reason": said.reason or None,
        "evidence": said.evidence or None,
    }


def _accepted(one: Accepted) -> dict[str, Any]:
    return {
        "code": one.code,
        "item": one.item or None,
        "message": one.message,
        "by": one.by,
        "why": one.why,
        "until": one.until or None,
        "at": iso(one.at),
    }


def _unplanned(made: Unplanned) -> dict[str, Any]:
    return {
        "id": made.id,
        "text": made.text,
        "below": made.below,
        "at": iso(made.at),
        "by": made.by or None,
        "for": made.for_ or None,
        "via": made.via or None,
        "state": made.state,
    }


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None
