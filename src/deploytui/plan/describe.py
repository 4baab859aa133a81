"""A loaded checklist as the JSON of `check --json`. The names are promises to scripts; adding is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from deploytui.base.units import iso
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
        "contacts": _rows(plan.contacts, "team", "role", "name", "phone", "email"),
        "signoffs": _rows(plan.signoffs, "when", "role", "name"),
        "notes": _rows(plan.notes, "kind", "text", "line"),
        "counts": counts(plan, loaded.unboxed),
        "unboxed": dict(loaded.unboxed),
        "findings": [
            _picked(finding, "code", "severity", "line", "message", "number", "item", "meaning", "proposal")
            | {"accepted": _maybe(finding.accepted, "by", "why", "until")}
            for finding in loaded.findings
        ],
        "recognized": [
            {"line": recognized.line, "text": recognized.text, "as": recognized.as_}
            for recognized in loaded.recognized
        ],
        "repairs": _rows(loaded.repairs, "line", "found", "became"),
    }


def _picked(value: Struct, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _rows(values: Iterable[Struct], *names: str) -> list[dict[str, Any]]:
    return [_picked(value, *names) for value in values]


def _maybe(value: Struct | None, *names: str) -> dict[str, Any] | None:
    return None if value is None else _picked(value, *names)


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
            _picked(stage, "id", "title", "budget_s") | {"items": _items(stage.items)}
            for stage in rollback.stages
        ],
        "limit_s": rollback.limit_s,
        "sum_s": rollback.sum_s,
    }


def _items(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [
        _picked(item, "id", "text", "line", "optional", "owner")
        | {
            "ordered": item.is_ordered,
            "every": item.every_s,
            "limit": _maybe(item.limit, "metric", "op", "value", "unit"),
            "when": item.when and {**_picked(item.when, "gauge", "for_s", "ticks"), "is": item.when.level},
            "run": None if item.run is None else list(item.run.argv),
            "marks": [mark.value for mark in item.marks],
            "items": _items(item.items),
        }
        for item in items
    ]
