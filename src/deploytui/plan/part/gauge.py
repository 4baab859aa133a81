"""Gauges with their sources and bands, and the planned stops that name their targets."""

from __future__ import annotations

from msgspec.structs import replace

from deploytui.plan.model import Band, GaugeSpec, Limit, PlannedStop
from deploytui.plan.node import Node, Scalar
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import MAKERS, Fields, fields_of, table
from deploytui.plan.part.item import check_command
from deploytui.plan.source import KINDS, CommandSource, ScriptedSource, Source, keys_of

_NEEDS_PATH = ("header", "field", "body")


def build_gauges(context: Context, node: Node | None) -> tuple[GaugeSpec, ...]:
    built = []
    for name, value in table(context.report, node, "gauges"):
        gauge_id = context.ids.claim(name) or "gauges"
        fields = fields_of(context, value, "gauge", gauge_id)
        if fields is not None:
            built.append(_gauge(fields, gauge_id))
    return tuple(built)


def _gauge(fields: Fields, gauge_id: str) -> GaugeSpec:
    values = fields.values()
    for key in ("ok", "breach"):
        values[key] = _band(values.get(key), values.get("unit", ""))
    values["title"] = values["title"] or gauge_id
    values["source"] = values["source"] or ScriptedSource()
    return GaugeSpec(id=gauge_id, **values)


def _band(found: Limit | Band | None, unit: str) -> Band | None:
    """A bare limit is a band too; a band whose limit could not be read is none."""
    band = Band(found) if isinstance(found, Limit) else found
    return replace(band, limit=replace(band.limit, unit=unit)) if band and band.limit else None


def _source(fields: Fields) -> Source | None:
    report = fields.context.report
    kinds = [kind for kind in KINDS if kind.key.name in fields]
    if len(kinds) != 1:
        stated = " and ".join(kind.key.name for kind in kinds) or "no kind of source"
        expected = f"exactly one of {', '.join(kind.key.name for kind in KINDS)}"
        report.add(fields.node, stated, expected, key="source")
        return None
    kind = kinds[0]
    _refuse_strangers(fields, kind)
    values = fields.values()
    if values.get("measure") in _NEEDS_PATH and "path" not in fields:
        found = f"measure {values['measure']} without path"
        report.add(fields.node, found, "the name or text to look for", key="path")
    if kind.needs and (key := kind.needs[0]) not in fields:
        report.add(fields.node, *kind.needs[1:], key=key)
    if kind is CommandSource:
        check_command(fields, values.get("command", ()))
    return kind(**{name: value for name, value in values.items() if name in kind.__struct_fields__})


def _refuse_strangers(fields: Fields, kind: type[Source]) -> None:
    """What does not go with the kind is a misunderstanding worth a message."""
    own, *beside = (key.name for key in keys_of(kind))
    for name, value in fields.node.entries:
        if name.text in fields and name.text not in (own, *beside):
            others = ", ".join(sorted(beside)) or "nothing"
            found = f"{name.text} beside {own}"
            fields.context.report.add(value, found, f"beside {own}: {others}", key=name.text)


def _planned_stop(fields: Fields) -> PlannedStop:
    context, stop = fields.context, PlannedStop(**fields.values())
    for node, name in zip(fields.list_of("targets") if stop.targets else (), stop.targets, strict=False):
        if isinstance(node, Scalar) and name not in context.targets:
            context.report.add_unknown(node, name, "the target of a gauge", context.targets, key="targets")
    return stop


MAKERS |= {"source": _source, "planned_stop": _planned_stop}
