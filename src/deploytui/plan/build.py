"""The whole plan from its root node: settings, variables and facts, then the parts in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deploytui.base.errors import Problem
from deploytui.plan.key import VERSION
from deploytui.plan.model import Plan, Variable
from deploytui.plan.node import Mapping, Node, Scalar
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import Fields, fields, line_text, table
from deploytui.plan.part.gauge import build_gauges, build_planned_stops
from deploytui.plan.part.ids import Ids, References
from deploytui.plan.part.item import GAUGE, ITEM, ITEM_OR_GAUGE, PHASE
from deploytui.plan.part.person import build_acceptances, build_contacts, build_notes, build_signoffs
from deploytui.plan.part.report import Report, describe
from deploytui.plan.part.stage import build_criteria, build_rollback, build_stages
from deploytui.plan.window import parse_instant

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_USE = re.compile(r"\$\{([^{}]*)\}")


def build_plan(root: Node | None, file: str, problems: Iterable[Problem] = ()) -> Plan:
    """The plan of `root`. Raises InvalidChecklist with every problem of the file: those the reader found
    (`problems`) and those found here."""
    report = Report(file, problems)
    if root is None:
        report.close()
        raise ValueError("no nodes and no problem")
    found = fields(report, root, "checklist")
    if found is None:
        report.close()
        raise ValueError("a root that is no mapping is a problem")
    _check_version(found)
    go_live = found.word("go_live", parse_instant)
    context = Context(report, Ids(report, root), References(report), go_live)
    plan = _build(context, found)
    context.references.check(_known(plan))
    _check_uses(report, plan)
    report.close()
    return plan


def _build(context: Context, found: Fields) -> Plan:
    report = context.report
    gauges = build_gauges(context, found.get("gauges"))
    facts = _build_facts(report, found.get("facts"))
    stages = build_stages(context, found.get("stages"))
    targets = frozenset(gauge.target for gauge in gauges if gauge.target)
    return Plan(
        title=found.line_text("title") or "",
        stages=stages,
        zone=_build_zone(found),
        facts=tuple((name, text) for name, text, _ in facts),
        go_live=context.go_live,
        variables=_build_variables(report, found.get("variables")),
        mask=found.lines("mask"),
        gauges=gauges,
        planned_stops=build_planned_stops(context, found.get("planned_stop"), targets),
        skip_reasons=found.lines("skip_reasons"),
        rollback=build_rollback(context, found.get("rollback")),
        criteria=build_criteria(context, found.get("criteria")),
        contacts=build_contacts(context, found.get("contacts")),
        signoffs=build_signoffs(context, found.get("signoffs")),
        notes=build_notes(context, found.get("notes")),
        accept=build_acceptances(context, found.get("accept")),
        go_live_line=0 if (stated := found.get("go_live")) is None else stated.line,
        fact_lines=tuple(line for _, _, line in facts),
    )


def _check_version(found: Fields) -> None:
    node = found.get("deploytui")
    if node is not None and not (isinstance(node, Scalar) and node.text in VERSION.choices):
        found.report.add(node, describe(node), VERSION.expected, key="deploytui")


def _build_zone(found: Fields) -> str:
    node = found.get("zone")
    name = found.line_text("zone")
    if node is None or name is None or name == "UTC":
        return "UTC"
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        expected = "an IANA time zone such as Europe/Berlin"
        found.report.add_unknown(node, name, expected, zoneinfo.available_timezones(), key="zone")
        return "UTC"
    return name


def _build_facts(report: Report, node: Node | None) -> list[tuple[str, str, int]]:
    facts: list[tuple[str, str, int]] = []
    for name, value in [] if node is None else table(report, node, "facts"):
        label, text = line_text(report, name, "facts"), line_text(report, value, "facts")
        if label is not None and text is not None:
            facts.append((label, text, name.line))
    return facts


def _build_variables(report: Report, node: Node | None) -> tuple[Variable, ...]:
    built: list[Variable] = []
    for name, value in [] if node is None else table(report, node, "variables"):
        if not _VARIABLE.fullmatch(name.text) or len(name.text) > 80:
            report.add(name, describe(name), "a name of A-Z, a-z, 0-9 and _", key="variables")
        elif isinstance(value, Scalar) and not value.text and not value.is_null:
            built.append(Variable(name.text, value="", line=name.line))
        elif not isinstance(value, Mapping):
            built.append(Variable(name.text, value=line_text(report, value, name.text), line=name.line))
        elif (found := fields(report, value, "variable", name.text)) is not None:
            built.append(_variable(name, found))
    return tuple(built)


def _variable(name: Scalar, found: Fields) -> Variable:
    stated = [key for key in ("value", "ask", "env") if found.has(key)]
    if len(stated) > 1:
        found.report.add(found.node, " and ".join(stated), "one of value, ask and env", key=name.text)
    return Variable(
        name=name.text,
        value=found.line_text("value"),
        ask=found.line_text("ask"),
        env=found.line_text("env"),
        is_secret=found.flag("secret"),
        line=name.line,
    )


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
        for used in _USE.findall(f"{gauge.source.address} {gauge.source.query}"):
            if used not in names:
                place = Scalar("", gauge.source.line)
                report.add_unknown(place, "${" + used + "}", "a declared variable", names, key="source")
