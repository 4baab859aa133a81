"""The three stages with phases and groups, the rollback and the success criteria: all that holds items."""

from __future__ import annotations

from deploytui.plan.model import (
    Criteria,
    Group,
    Phase,
    Rollback,
    RollbackStage,
    Stage,
    StageName,
)
from deploytui.plan.node import Node
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import fields, list_of
from deploytui.plan.part.ids import slug
from deploytui.plan.part.item import PHASE, build_items
from deploytui.plan.window import parse_window


def build_stages(context: Context, node: Node | None) -> tuple[Stage, Stage, Stage]:
    found = None if node is None else fields(context.report, node, "stages", "stages")

    def build(name: StageName) -> Stage:
        nodes = [] if found is None else found.list_of(name.value)
        phases = (_build_phase(context, phase) for phase in nodes)
        return Stage(name, tuple(phase for phase in phases if phase is not None))

    return build(StageName.PRE_DEPLOY), build(StageName.EXECUTION), build(StageName.POST_DEPLOY)


def _build_phase(context: Context, node: Node) -> Phase | None:
    found = fields(context.report, node, "phase", "phase")
    if found is None:
        return None
    title = found.line_text("phase") or ""
    phase_id = context.ids.take(found.get("id"), "", title, "phase")
    window = found.word(
        "window", lambda text: parse_window(text, context.go_live, _line(found.get("window")))
    )
    owner = found.line_text("owner")
    groups = (_build_group(context, group, phase_id) for group in found.list_of("groups"))
    built = tuple(group for group in groups if group is not None)
    return Phase(phase_id, title, built, window, owner, found.line)


def _line(node: Node | None) -> int:
    return 0 if node is None else node.line


def _build_group(context: Context, node: Node, phase_id: str) -> Group | None:
    found = fields(context.report, node, "group", "group")
    if found is None:
        return None
    title = found.line_text("group") or ""
    group_id = context.ids.take(found.get("id"), phase_id, title, "group")
    is_ordered = found.flag("ordered")
    owner = found.line_text("owner")
    items = build_items(context, found.list_of("items"), group_id, is_ordered=is_ordered)
    return Group(group_id, title, items, owner, is_ordered, found.line)


def build_rollback(context: Context, node: Node | None) -> Rollback:
    found = None if node is None else fields(context.report, node, "rollback", "rollback")
    if found is None:
        return Rollback()
    triggers = build_items(context, found.list_of("triggers"), "rollback")
    stages = (_build_rollback_stage(context, stage) for stage in found.list_of("stages"))
    return Rollback(
        triggers=triggers,
        stages=tuple(stage for stage in stages if stage is not None),
        limit_s=found.optional_duration("limit"),
        window=context.references.want(found.get("window"), "window", PHASE),
        restore=found.choice("restore", ("backup", "pitr"), "backup"),
        line=found.line,
        limit_line=_line(found.get("limit")),
    )


def _build_rollback_stage(context: Context, node: Node) -> RollbackStage | None:
    found = fields(context.report, node, "rollback_stage", "stages")
    if found is None:
        return None
    title = found.line_text("stage") or ""
    stage_id = context.ids.take(found.get("id"), "rollback", title, "stage")
    items = build_items(context, found.list_of("items"), stage_id)
    return RollbackStage(stage_id, title, items, found.optional_duration("budget"), found.line)


def build_criteria(context: Context, node: Node | None) -> tuple[Criteria, ...]:
    built: list[Criteria] = []
    for inner in [] if node is None else list_of(context.report, node, "criteria"):
        found = fields(context.report, inner, "criteria", "criteria")
        if found is None:
            continue
        title = found.line_text("title") or ""
        kind = found.choice("kind", ("technical", "business", "user"), "technical")
        items = build_items(context, found.list_of("items"), slug(title, "criteria"))
        built.append(Criteria(title, kind, items, found.line))
    return tuple(built)
