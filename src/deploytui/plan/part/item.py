"""All that holds items: stages, phases and groups, the rollback, the criteria; and the items, bare text or mappings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from deploytui.plan.limit import limit_in_note, limit_in_text
from deploytui.plan.model import (
    Command,
    Criteria,
    Group,
    Item,
    Phase,
    Rollback,
    RollbackStage,
    Stage,
    StageName,
)
from deploytui.plan.node import Mapping, Node
from deploytui.plan.part.context import Context, slug
from deploytui.plan.part.field import MAKERS, Fields, fields_of, read
from deploytui.plan.word import LINE, MAX_COMMAND, MAX_DEPTH


def build_items(
    context: Context, nodes: Sequence[Node], prefix: str, *, is_ordered: bool = False, depth: int = 0
) -> tuple[Item, ...]:
    """The items of one list; what cannot be read is reported and left out."""
    if nodes and depth >= MAX_DEPTH:
        context.report.add(nodes[0], f"items nested deeper than {MAX_DEPTH}", "a flatter list", key="items")
        return ()
    built = (_build_item(context, node, prefix, is_ordered, depth) for node in nodes)
    return tuple(item for item in built if item is not None)


def _build_item(context: Context, node: Node, prefix: str, is_ordered: bool, depth: int) -> Item | None:
    context.count_item(node)
    if not isinstance(node, Mapping):
        text = read(context, node, LINE, "items")
        if text is None:
            return None
        item_id = context.ids.take(None, prefix, text, "item")
        return Item(item_id, text, node.line, is_ordered, limit=limit_in_text(text))
    fields = fields_of(context, node, "item", "items")
    if fields is None:
        return None
    values = fields.values(but=("id", "items"))
    item_id = context.ids.take(fields.get("id"), prefix, values["text"], "item")
    if "marks" in values:
        values["marks"] = tuple(dict.fromkeys(values["marks"]))
    return Item(
        id=item_id,
        is_ordered=is_ordered,
        limit=limit_in_text(values["text"]) or limit_in_note(values.get("note") or ""),
        items=build_items(context, fields.list_of("items"), item_id, depth=depth + 1),
        **values,
    )


def check_command(fields: Fields, argv: Sequence[str]) -> None:
    """The bounds of a whole command."""
    report, node = fields.context.report, fields.get("command")
    if node is None:
        return
    if (size := sum(map(len, argv))) > MAX_COMMAND:
        report.add(node, f"a command of {size:,} characters", f"at most {MAX_COMMAND:,}", key="command")
    if not argv or not argv[0]:
        report.add(node, "a command without a program", "[program, argument, …]", key="command")


def _command(fields: Fields) -> Command:
    values = fields.values()
    check_command(fields, values["argv"])
    return Command(**values)


def _items(fields: Fields, prefix: str, key: str = "items", *, is_ordered: bool = False) -> tuple[Item, ...]:
    return build_items(fields.context, fields.list_of(key), prefix, is_ordered=is_ordered)


def _titled(fields: Fields, prefix: str, key: str, but: str) -> dict[str, Any]:
    """The values of a part that has a title and takes its id from it."""
    values = fields.values(but=("id", but))
    values["id"] = fields.context.ids.take(fields.get("id"), prefix, values["title"], key)
    return values


def _stages(fields: Fields) -> tuple[Stage, ...]:
    return tuple(Stage(name, fields.read(name.value) or ()) for name in StageName)


def _phase(fields: Fields) -> Phase:
    values = _titled(fields, "", "phase", "groups")
    if (window := values.get("window")) is not None:
        values["window"] = replace(window, line=fields.line_of("window"))
    groups = (fields_of(fields.context, node, "group", "group") for node in fields.list_of("groups"))
    return Phase(groups=tuple(_group(group, values["id"]) for group in groups if group is not None), **values)


def _group(fields: Fields, phase_id: str) -> Group:
    values = _titled(fields, phase_id, "group", "items")
    return Group(items=_items(fields, values["id"], is_ordered=values.get("is_ordered", False)), **values)


def _rollback(fields: Fields) -> Rollback:
    triggers = _items(fields, "rollback", "triggers")
    return Rollback(triggers=triggers, limit_line=fields.line_of("limit"), **fields.values(but=("triggers",)))


def _rollback_stage(fields: Fields) -> RollbackStage:
    values = _titled(fields, "rollback", "stage", "items")
    return RollbackStage(items=_items(fields, values["id"]), **values)


def _criteria(fields: Fields) -> Criteria:
    values = fields.values(but=("items",))
    return Criteria(items=_items(fields, slug(values["title"], "criteria")), **values)


MAKERS |= {
    "command": _command,
    "stages": _stages,
    "phase": _phase,
    "rollback": _rollback,
    "rollback_stage": _rollback_stage,
    "criteria": _criteria,
}
