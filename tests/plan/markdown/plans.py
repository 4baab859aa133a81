"""What tests compare of two plans, and the way from text to a plan."""

from __future__ import annotations

import textwrap
from typing import Any

import msgspec

from deploytui.plan.build import build_plan
from deploytui.plan.markdown import Imported, import_markdown
from deploytui.plan.model import Item, Plan


def read(text: str, name: str = "plan.md", *, tables: bool = True, from_code: bool = False) -> Imported:
    source = textwrap.dedent(text).lstrip("\n").encode()
    return import_markdown(source, name, tables=tables, from_code=from_code)


def plan_of(text: str, name: str = "plan.md") -> Plan:
    return build_plan(read(text, name).node, name)


def without_lines(value: Any) -> Any:
    """The value with everything but the line numbers."""
    if isinstance(value, msgspec.Struct):
        names = [name for name in value.__struct_fields__ if "line" not in name]
        return {name: without_lines(getattr(value, name)) for name in names}
    return tuple(without_lines(inner) for inner in value) if isinstance(value, tuple) else value


def texts(items: tuple[Item, ...]) -> list[Any]:
    """The texts of items; one with items below is a pair of its text and theirs."""
    return [(item.text, texts(item.items)) if item.items else item.text for item in items]


def outline(plan: Plan) -> list[tuple[str, str, str | None, dict[str, list[Any]]]]:
    """Stage, phase, window and groups with the texts of their items."""
    return [
        (
            stage.name.value,
            phase.title,
            f"{phase.window.start.text} .. {phase.window.end.text}" if phase.window else None,
            {group.title: texts(group.items) for group in phase.groups},
        )
        for stage in plan.stages
        for phase in stage.phases
    ]


def all_items(plan: Plan) -> list[Item]:
    """Every item of the plan."""
    return list(plan.all_items())


def said(imported: Imported, line: int) -> list[str]:
    """What the report says about a line."""
    return [one.as_ for one in imported.recognized if one.line == line]
