"""Gauges with their sources and bands, and the planned stops that name their targets."""

from __future__ import annotations

from msgspec.structs import replace

from deploytui.plan.key import MEASURES, SOURCE_KINDS
from deploytui.plan.model import Band, GaugeSpec, Limit, PlannedStop, Source
from deploytui.plan.node import Node, Scalar
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import MAKERS, Fields, fields_of, table
from deploytui.plan.part.item import check_command

# Which keys go with which kind; anything else beside it is a misunderstanding worth a message.
_BESIDE: dict[str, frozenset[str]] = {
    "host": frozenset({"path"}),
    "http": frozenset({"measure", "over", "path", "token_env", "token_file", "redirects", "proxy"}),
    "prometheus": frozenset({"query", "token_env", "token_file", "redirects", "proxy"}),
    "command": frozenset({"read"}),
}
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
    values["source"] = values["source"] or Source("")
    return GaugeSpec(id=gauge_id, **values)


def _band(found: Limit | Band | None, unit: str) -> Band | None:
    """A bare limit is a band too; a band whose limit could not be read is none."""
    band = Band(found) if isinstance(found, Limit) else found
    return replace(band, limit=replace(band.limit, unit=unit)) if band and band.limit else None


def _source(fields: Fields) -> Source:
    report = fields.context.report
    kinds = [kind for kind in SOURCE_KINDS if kind in fields]
    if len(kinds) != 1:
        stated = " and ".join(kinds) or "no kind of source"
        report.add(fields.node, stated, f"exactly one of {', '.join(SOURCE_KINDS)}", key="source")
        return Source("")
    kind = kinds[0]
    _refuse_strangers(fields, kind)
    values = fields.values()
    if kind == "http" and "measure" not in fields:
        report.add(fields.node, "an http source without measure", " or ".join(MEASURES), key="measure")
    if values.get("measure") in _NEEDS_PATH and "path" not in fields:
        found = f"measure {values['measure']} without path"
        report.add(fields.node, found, "the name or text to look for", key="path")
    if kind == "prometheus" and "query" not in fields:
        report.add(fields.node, "a prometheus source without query", 'the key "query"', key="query")
    if kind == "command":
        check_command(fields, values.get("command", ()))
    if values.get("redirect_hosts") == "none":
        del values["redirect_hosts"]
        values["has_redirects"] = False
    return Source(kind=kind, **values)


def _refuse_strangers(fields: Fields, kind: str) -> None:
    allowed = _BESIDE.get(kind, frozenset()) | {kind}
    for name, value in fields.node.entries:
        if name.text in fields and name.text not in allowed:
            others = ", ".join(sorted(allowed - {kind})) or "nothing"
            found = f"{name.text} beside {kind}"
            fields.context.report.add(value, found, f"beside {kind}: {others}", key=name.text)


def _planned_stop(fields: Fields) -> PlannedStop:
    context, stop = fields.context, PlannedStop(**fields.values())
    for node, name in zip(fields.list_of("targets") if stop.targets else (), stop.targets, strict=False):
        if isinstance(node, Scalar) and name not in context.targets:
            context.report.add_unknown(node, name, "the target of a gauge", context.targets, key="targets")
    return stop


MAKERS |= {"source": _source, "planned_stop": _planned_stop}
