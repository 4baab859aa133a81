"""A loaded checklist as the JSON of `check --json`. The names are promises to scripts; adding is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from deploytui.base.units import iso
from deploytui.plan.finding import Finding
from deploytui.plan.load import Loaded
from deploytui.plan.model import Edge, Item, Phase, Plan, Window, flat
from deploytui.plan.schedule import Span, place


def describe(loaded: Loaded, go_live: datetime | None = None) -> dict[str, Any]:
    """Everything that was read. `go_live` takes the place of the one the plan states."""
    plan = loaded.plan
    at = plan.go_live if go_live is None else go_live
    spans = place(plan, at)
    return {
        "title": plan.title,
        "go_live": None if at is None else iso(at),
        "stages": [
            {
                "stage": stage.name.value,
                "phases": [_phase(phase, spans.get(phase.id), at) for phase in stage.phases],
            }
            for stage in plan.stages
        ],
        "rollback": _rollback(plan),
        "criteria": [
            {"title": criteria.title, "kind": criteria.kind, "items": _items(criteria.items)}
            for criteria in plan.criteria
        ],
        "contacts": [
            {
                "team": contact.team,
                "role": contact.role,
                "name": contact.name,
                "phone": contact.phone,
                "email": contact.email,
            }
            for contact in plan.contacts
        ],
        "signoffs": [{"when": role.when, "role": role.role, "name": role.name} for role in plan.signoffs],
        "notes": [{"kind": note.kind, "text": note.text, "line": note.line} for note in plan.notes],
        "counts": counts(plan, loaded.unboxed),
        "unboxed": dict(loaded.unboxed),
        **_remarks(loaded),
    }


def counts(plan: Plan, unboxed: Iterable[tuple[str, int]] = ()) -> dict[str, int]:
    """`items` is every checkbox of the source (`unboxed` are none); the others count all items, `plan` those inside
    the three stages."""
    stages = sum(1 for _ in plan.stage_items())
    triggers = count_items(plan.rollback.triggers)
    steps = sum(count_items(stage.items) for stage in plan.rollback.stages)
    criteria = sum(count_items(group.items) for group in plan.criteria)
    return {
        "items": stages + triggers + steps + criteria - sum(count for _, count in unboxed),
        "plan": stages,
        "rollback_triggers": triggers,
        "rollback_steps": steps,
        "criteria": criteria,
    }


def count_items(items: Iterable[Item]) -> int:
    """Every box, those inside others too."""
    return sum(1 for _ in flat(items))


def _phase(phase: Phase, span: Span | None, go_live: datetime | None) -> dict[str, Any]:
    return {
        "id": phase.id,
        "title": phase.title,
        "window": None if phase.window is None else _window(phase.window, span, go_live),
        "groups": [
            {"id": group.id, "title": group.title, "items": _items(group.items)} for group in phase.groups
        ],
    }


def _window(window: Window, span: Span | None, go_live: datetime | None) -> dict[str, Any]:
    """Without a go-live the instants are null and the offsets stand."""
    return {
        "start": None if span is None else iso(span.start_at),
        "end": None if span is None else iso(span.end_at),
        "start_offset_s": _offset_s(window.start, go_live),
        "end_offset_s": _offset_s(window.end, go_live),
    }


def _offset_s(edge: Edge, go_live: datetime | None) -> int | None:
    if edge.at is None or go_live is None:
        return edge.offset_s
    return int((edge.at - go_live).total_seconds())


def _rollback(plan: Plan) -> dict[str, Any]:
    rollback = plan.rollback
    return {
        "triggers": _items(rollback.triggers),
        "stages": [
            {
                "id": stage.id,
                "title": stage.title,
                "budget_s": stage.budget_s,
                "items": _items(stage.items),
            }
            for stage in rollback.stages
        ],
        "limit_s": rollback.limit_s,
        "sum_s": rollback.sum_s,
    }


def _items(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [_item(item) for item in items]


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "text": item.text,
        "line": item.line,
        "ordered": item.is_ordered,
        "optional": item.optional,
        "owner": item.owner,
        "every": item.every_s,
        "limit": _limit(item),
        "when": _when(item),
        "run": None if item.run is None else list(item.run.argv),
        "marks": [mark.value for mark in item.marks],
        "items": _items(item.items),
    }


def _limit(item: Item) -> Mapping[str, Any] | None:
    limit = item.limit
    if limit is None:
        return None
    return {"metric": limit.metric, "op": limit.op, "value": limit.value, "unit": limit.unit}


def _when(item: Item) -> Mapping[str, Any] | None:
    when = item.when
    if when is None:
        return None
    return {"gauge": when.gauge, "is": when.level, "for_s": when.for_s, "ticks": when.ticks}


def _accepted(finding: Finding) -> Mapping[str, Any] | None:
    accepted = finding.accepted
    return None if accepted is None else {"by": accepted.by, "why": accepted.why, "until": accepted.until}


def _remarks(loaded: Loaded) -> dict[str, Any]:
    """What the reader and the lint say beside the plan."""
    return {
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "line": finding.line,
                "message": finding.message,
                "number": finding.number,
                "item": finding.item,
                "meaning": finding.meaning,
                "proposal": finding.proposal,
                "accepted": _accepted(finding),
            }
            for finding in loaded.findings
        ],
        "recognized": [
            {"line": recognized.line, "text": recognized.text, "as": recognized.as_}
            for recognized in loaded.recognized
        ],
        "repairs": [
            {"line": repair.line, "found": repair.found, "became": repair.became} for repair in loaded.repairs
        ],
    }
