"""The whole plan from its root node: settings, variables and facts, then the parts in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from deploytui.base.errors import Problem
from deploytui.plan.model import Contact, Note, Plan, Rollback, SignoffRole, Stage, StageName, Variable
from deploytui.plan.node import Mapping, Node, Scalar
from deploytui.plan.part.context import Context, Ids, References, Report, describe
from deploytui.plan.part.field import MAKERS, Fields, fields_of, read, table
from deploytui.plan.part.gauge import build_gauges
from deploytui.plan.shape import GAUGE, ITEM, ITEM_OR_GAUGE, PHASE
from deploytui.plan.source import RemoteSource
from deploytui.plan.word import LINE

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_LISTS = ("mask", "skip_reasons", "contacts", "signoffs", "notes", "accept")
_USE = re.compile(r"\$\{([^{}]*)\}")
_NO_STAGES = (
    Stage(StageName.PRE_DEPLOY, ()),
    Stage(StageName.EXECUTION, ()),
    Stage(StageName.POST_DEPLOY, ()),
)


def build_plan(root: Node | None, file: str, problems: Iterable[Problem] = ()) -> Plan:
    """The plan of `root`. Raises InvalidChecklist with every problem of the file: those the reader found
    (`problems`) and those found here."""
    report = Report(file, problems)
    if root is None:
        report.close()
        raise ValueError("no nodes and no problem")
    context = Context(report, Ids(report, root), References(report))
    fields = fields_of(context, root, "checklist")
    if fields is None:
        report.close()
        raise ValueError("a root that is no mapping is a problem")
    plan = _build(context, fields)
    context.references.check(_known(plan))
    _check_uses(report, plan)
    report.close()
    return plan


def _build(context: Context, fields: Fields) -> Plan:
    fields.read("deploytui")
    context.go_live = fields.read("go_live")
    gauges = build_gauges(context, fields.get("gauges"))
    context.targets = frozenset(gauge.target for gauge in gauges if gauge.target)
    facts = _facts(context, fields.get("facts"))
    # Derived ids come in the order of the parts, whatever the order of the file.
    stages, rollback, criteria = (fields.read(key) for key in ("stages", "rollback", "criteria"))
    stops = fields.read("planned_stop") or ()
    return Plan(
        title=fields.read("title") or "",
        stages=stages or _NO_STAGES,
        zone=_zone(fields),
        facts=tuple((name, text) for name, text, _ in facts),
        go_live=context.go_live,
        variables=_variables(context, fields.get("variables")),
        gauges=gauges,
        planned_stops=stops if isinstance(stops, tuple) else (stops,),
        rollback=rollback or Rollback(),
        criteria=criteria or (),
        go_live_line=fields.line_of("go_live"),
        fact_lines=tuple(line for _, _, line in facts),
        **{name: fields.read(name) or () for name in _LISTS},
    )


def _zone(fields: Fields) -> str:
    name = fields.read("zone")
    if name is None or name == "UTC":
        return "UTC"
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        expected, known = "an IANA time zone such as Europe/Berlin", zoneinfo.available_timezones()
        fields.context.report.add_unknown(
            fields.get("zone") or fields.node, name, expected, known, key="zone"
        )
        return "UTC"
    return str(name)


def _facts(context: Context, node: Node | None) -> list[tuple[str, str, int]]:
    facts: list[tuple[str, str, int]] = []
    for name, value in table(context.report, node, "facts"):
        label, text = read(context, name, LINE, "facts"), read(context, value, LINE, "facts")
        if label is not None and text is not None:
            facts.append((label, text, name.line))
    return facts


def _variables(context: Context, node: Node | None) -> tuple[Variable, ...]:
    built: list[Variable] = []
    for name, value in table(context.report, node, "variables"):
        if not _VARIABLE.fullmatch(name.text) or len(name.text) > 80:
            context.report.add(name, describe(name), "a name of A-Z, a-z, 0-9 and _", key="variables")
        elif isinstance(value, Scalar) and not value.text and not value.is_null:
            built.append(Variable(name.text, value="", line=name.line))
        elif not isinstance(value, Mapping):
            built.append(Variable(name.text, value=read(context, value, LINE, name.text), line=name.line))
        elif (fields := fields_of(context, value, "variable", name.text)) is not None:
            if len(stated := [key for key in ("value", "ask", "env") if key in fields]) > 1:
                context.report.add(value, " and ".join(stated), "one of value, ask and env", key=name.text)
            built.append(Variable(name.text, **fields.values() | {"line": name.line}))
    return tuple(built)


def _contact(fields: Fields) -> Contact:
    return Contact(
        places=tuple(key for key in ("name", "phone", "email") if key in fields), **fields.values()
    )


def _signoffs(fields: Fields) -> tuple[SignoffRole, ...]:
    return tuple(
        SignoffRole(when=when, **values) for when in ("before", "after") for values in fields.read(when) or ()
    )


def _note(fields: Fields) -> Note:
    values: dict[str, Any] = {"kind": "text"} | fields.values()
    return Note(**values)


MAKERS |= {"contact": _contact, "signoffs": _signoffs, "signoff": Fields.values, "note": _note}


def _known(plan: Plan) -> dict[str, dict[str, None]]:
    """The ids that references may name, by kind, in the order of the file."""
    items = dict.fromkeys(item.id for item in plan.all_items())
    gauges = dict.fromkeys(gauge.id for gauge in plan.gauges)
    phases = dict.fromkeys(phase.id for _, phase in plan.phases())
    return {ITEM: items, GAUGE: gauges, ITEM_OR_GAUGE: items | gauges, PHASE: phases}


def _check_uses(report: Report, plan: Plan) -> None:
    """`${name}` in a gauge's target must be declared. Commands may use braces of their own."""
    names = [variable.name for variable in plan.variables]
    for gauge in plan.gauges:
        texts = gauge.source.texts if isinstance(gauge.source, RemoteSource) else ()
        for used in _USE.findall(" ".join(texts)):
            if used not in names:
                place = Scalar("", gauge.source.line)
                report.add_unknown(place, "${" + used + "}", "a declared variable", names, key="source")
