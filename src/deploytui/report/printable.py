"""A plan as Markdown with boxes, for paper or a ticket. What is written here, the importer can read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from deploytui.base.mask import Mask
from deploytui.base.units import iso, write_duration
from deploytui.plan.dump import dump_yaml
from deploytui.plan.markdown.carried import carrying
from deploytui.plan.model import Edge, Item, Note, Plan, Rollback
from deploytui.plan.unbuild import plan_node
from deploytui.report.escape import code, command, escape, escape_block, table

Parts = Iterator[list[str]]
_BLANK = r"\_\_\_\_\_\_\_\_"
_NOTE_TITLES = {"known-issue": "Known issues", "enhancement": "Later enhancements", "text": "Notes"}


def printable(plan: Plan, mask: Mask, drawn: Callable[[str], str] = str) -> str:
    """The whole checklist, and at its end, in a comment, as YAML. Items that another one names carry their id. It is masked
    here, before anything is escaped; `drawn` is what becomes of each line on its way out."""
    plan = replace(mask.value(plan), facts=tuple(mask.pair(label, text) for label, text in plan.facts))
    text = "\n\n".join("\n".join(part) for part in _parts(plan, _named(plan)) if part)
    seen, written = ("\n".join(map(drawn, whole.split("\n"))) for whole in (text, dump_yaml(plan_node(plan))))
    return carrying(seen, written)


def _parts(plan: Plan, named: frozenset[str]) -> Parts:
    """The paragraphs, lists and tables; an empty one is left out."""
    yield [f"# {escape(plan.title)}"]
    yield _facts(plan)
    yield from _stages(plan, named)
    yield from _rollback(plan.rollback, named)
    if plan.criteria:
        yield ["## Success criteria"]
    for criteria in plan.criteria:
        yield [f"### {escape(criteria.title)}"]
        yield _items(criteria.items, named)
    yield from _contacts(plan)
    yield from _signoffs(plan)
    yield from _notes(plan.notes)


def _named(plan: Plan) -> frozenset[str]:
    """The ids that something in the plan refers to."""
    named: set[str] = set()
    for item in plan.all_items():
        named.update(item.needs)
        named.update(item.gate.relies_on if item.gate else ())
    for stop in plan.planned_stops:
        named |= {stop.from_item, stop.to_item}
    return frozenset(named)


def _facts(plan: Plan) -> list[str]:
    facts = [*plan.facts, ("zone", plan.zone)]
    if plan.go_live is not None:
        facts.append(("go-live", iso(plan.go_live)))
    lines = [f"- **{escape(label)}:** {escape(text)}" for label, text in facts]
    for stop in plan.planned_stops:
        targets = ", ".join(escape(target) for target in stop.targets) or "all targets"
        span = f"from {code(stop.from_item)} to {code(stop.to_item)}, at most {write_duration(stop.max_s)}"
        lines.append(f"- **planned stop:** {targets} {span}")
    return lines


def _stages(plan: Plan, named: frozenset[str]) -> Parts:
    for stage in plan.stages:
        yield [f"## {stage.name.heading}"]
        for phase in stage.phases:
            window = phase.window
            span = f" ({_edge(window.start)} .. {_edge(window.end)})" if window else ""
            yield [f"### {escape(phase.title)}{span}"]
            yield _owner(phase.owner)
            for group in phase.groups:
                yield [f"#### {escape(group.title)}"]
                yield _owner(group.owner)
                yield _items(group.items, named)


def _owner(owner: str | None) -> list[str]:
    return [f"Owner: {escape(owner)}"] if owner else []


def _edge(edge: Edge) -> str:
    """As an offset wherever there is one: an instant of a plan that states its go-live was read as one."""
    if edge.offset_s is None or edge.text[:1] in ("T", "D"):
        return escape(edge.text or (iso(edge.at) if edge.at else "T"))
    sign = "-" if edge.offset_s < 0 else "+"
    return f"T{sign}{write_duration(abs(edge.offset_s))}" if edge.offset_s else "T"


def _items(items: Sequence[Item], named: frozenset[str], indent: str = "") -> list[str]:
    lines: list[str] = []
    number = 0
    for item in items:
        number += not item.is_unplanned
        marker = f"{number}. " if item.is_ordered else "- "
        inner = indent + " " * len(marker)
        lines.append(f"{indent}{marker}[ ] {_text(item)}")
        lines += [f"{inner}- {detail}" for detail in _details(item, named, inner + "  ")]
        lines += _items(item.items, named, inner)
    return lines


def _text(item: Item) -> str:
    """The text with its optional wording in italics, added in brackets where it does not stand in it already: so
    whoever reads the Markdown again knows the one from the other."""
    text = f"unplanned: {escape(item.text)}" if item.is_unplanned else escape(item.text)
    if not item.optional:
        return text
    wording = escape(item.optional)
    if item.optional in item.text and wording in text:
        return text.replace(wording, f"*{wording}*", 1)
    return f"{text} (_{wording}_)"


def _details(item: Item, named: frozenset[str], indent: str) -> list[str]:
    """What else is known: short parts on one line, long texts on their own."""
    parts = [f"{label}: {text}" for label, text in _short_details(item) if text]
    if item.id in named:
        parts.append(f"Id: {code(item.id)}")
    details = [" | ".join(parts)] if parts else []
    if item.note:
        details.append(f"Note: {escape_block(item.note, indent)}")
    if item.announce:
        details.append(f"Announce: {escape_block(item.announce, indent)}")
    return details


def _short_details(item: Item) -> Iterable[tuple[str, str]]:
    yield "Owner", escape(item.owner or "")
    yield "Duration", _duration(item.duration_s)
    yield "Not before", _edge(item.not_before) if item.not_before else ""
    yield "Every", _duration(item.every_s)
    yield "Needs", ", ".join(code(name) for name in item.needs)
    yield "Evidence", "required" if item.needs_evidence else ""
    yield "Decide", "yes" if item.decide else ""
    yield "Marks", ", ".join(mark.value for mark in item.marks)
    if item.when is not None:
        dwell = f" for {write_duration(item.when.for_s)}" if item.when.for_s else ""
        yield "When", f"{code(item.when.gauge)} is {item.when.level}{dwell}"
    if item.gate is not None:
        relies = f", relies on {', '.join(code(name) for name in item.gate.relies_on)}"
        valid = f", valid {write_duration(item.gate.valid_s)}"
        yield "Gate", f"go or no-go, roles {item.gate.roles}{relies if item.gate.relies_on else ''}{valid}"
    yield "Run", command(item.run.argv) if item.run else ""
    yield "Link", escape(item.link or "")


def _duration(seconds: int | None) -> str:
    return "" if seconds is None else write_duration(seconds)


def _rollback(rollback: Rollback, named: frozenset[str]) -> Parts:
    if not rollback.triggers and not rollback.stages:
        return
    limit = f"Limit: {write_duration(rollback.limit_s)}; the" if rollback.limit_s is not None else "The"
    yield ["## Rollback"]
    yield [f"{limit} budgets add up to {write_duration(rollback.sum_s)}."]
    if rollback.triggers:
        yield ["### When to roll back"]
        yield _items(rollback.triggers, named)
    if rollback.stages:
        yield ["### Rollback procedure"]
    for stage in rollback.stages:
        budget = f" ({write_duration(stage.budget_s)})" if stage.budget_s is not None else ""
        yield [f"#### {escape(stage.title)}{budget}"]
        yield _items(stage.items, named)


def _contacts(plan: Plan) -> Parts:
    if plan.contacts:
        yield ["## Contacts"]
    for team in dict.fromkeys(contact.team for contact in plan.contacts):
        rows = [
            [escape(one.role), _cell(one.name), _cell(one.phone), _cell(one.email)]
            for one in plan.contacts
            if one.team == team
        ]
        yield [f"### {escape(team)}"]
        yield table(["Role", "Name", "Phone", "Email"], rows)


def _cell(text: str | None) -> str:
    """A place to fill in where nothing is known."""
    return escape(text) if text else _BLANK


def _signoffs(plan: Plan) -> Parts:
    if plan.signoffs:
        yield ["## Sign-off"]
    for when in ("before", "after"):
        roles = [role for role in plan.signoffs if role.when == when]
        if roles:
            yield [f"### {when.capitalize()} the deployment"]
            rows = [[escape(role.role), _cell(role.name), _BLANK, _BLANK] for role in roles]
            yield table(["Role", "Name", "Signature", "Date"], rows)


def _notes(notes: Sequence[Note]) -> Parts:
    if notes:
        yield ["## Notes"]
    for kind, title in _NOTE_TITLES.items():
        lines: list[str] = []
        for note in (note for note in notes if note.kind == kind):
            lines.append(f"- {escape_block(note.text, '  ')}")
            lines += [f"  - Severity: {escape(note.severity)}"] if note.severity else []
            lines += [f"  - Plan: {escape_block(note.plan, '    ')}"] if note.plan else []
        if lines:
            yield [f"### {title}"]
            yield lines
