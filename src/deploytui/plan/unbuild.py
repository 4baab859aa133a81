"""A plan as the nodes of a checklist file, by the declaration of the format: read again they are the same plan."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Values
from typing import Any

from msgspec import Struct

from deploytui.plan.key import SHAPES
from deploytui.plan.model import Contact, Item, Plan
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.shape import Either, Key, ListOf, Ref, Value
from deploytui.plan.source import Source, keys_of
from deploytui.plan.word import Word

_DEFAULTS = {name: shape.defaults for name, shape in SHAPES.items()}


def plan_node(plan: Plan) -> Mapping:
    """The root node. Secret values are left out: the file is for others too."""
    own: dict[str, Node | None] = {
        "deploytui": Scalar("1", 0),
        "facts": _table((name, Scalar(text, 0)) for name, text in plan.facts),
        "variables": _table(
            (one.name, _mapping("variable", one, {"value": None} if one.is_secret else {}))
            for one in plan.variables
        ),
        "gauges": _table((gauge.id, _mapping("gauge", gauge)) for gauge in plan.gauges),
        "stages": _table(
            (stage.name.value, Sequence([_mapping("phase", phase) for phase in stage.phases], 0))
            for stage in plan.stages
        ),
        "planned_stop": Sequence([_mapping("planned_stop", stop) for stop in plan.planned_stops], 0)
        if plan.planned_stops
        else None,
        "signoffs": _table(
            (when, Sequence([_mapping("signoff", role) for role in plan.signoffs if role.when == when], 0))
            for when in ("before", "after")
        )
        if plan.signoffs
        else None,
    }
    return _mapping("checklist", plan, own)


def _table(entries: Iterable[tuple[str, Node]]) -> Mapping | None:
    found = [(Scalar(name, 0), node) for name, node in entries]
    return Mapping(found, 0) if found else None


def _mapping(name: str, value: Struct, own: Values[str, Node | None] | None = None) -> Mapping:
    """The keys of a shape, but for those that have their default; `own` has the nodes of some, or None for them."""
    own = {**_special(value), **(own or {})}
    entries: list[tuple[Scalar, Node]] = []
    for key in keys_of(type(value)) if isinstance(value, Source) else SHAPES[name].keys:
        node = own[key.name] if key.name in own else _key_node(_DEFAULTS[name], key, value)
        if node is not None:
            entries.append((Scalar(key.name, 0), node))
    return Mapping(entries, 0)


def _special(value: Struct) -> dict[str, Node | None]:
    """What is not told by its attribute alone."""
    if isinstance(value, Contact):
        filled = {"name": value.name, "phone": value.phone, "email": value.email}
        return {key: Scalar("", 0, is_null=True) for key in value.places if not filled[key]}
    if isinstance(value, Item) and value.is_unplanned:
        return {"text": Scalar(f"unplanned: {value.text}", 0)}
    return {}


def _key_node(defaults: Values[str, Any], key: Key, value: Struct) -> Node | None:
    found = getattr(value, key.fills)
    is_default = found is None or found == defaults[key.fills]
    return None if is_default or (found == () and not key.is_required) else _node(key.value, found)


def _node(value: Value, found: Any) -> Node:
    match value:
        case ListOf(value=inner):
            return Sequence([_node(inner, one) for one in found], 0)
        case Either(values=values):
            kind = ListOf if isinstance(found, tuple) else Ref if isinstance(found, Struct) else Word
            return _node(next(one for one in values if isinstance(one, kind)), found)
        case Ref(shape=shape):
            return _mapping(shape, found)
    return Scalar(value.write(found) if isinstance(value, Word) else str(found), 0)
