"""What was read becomes raw nodes, the same that a YAML file gives: the builder does not know the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from deploytui.base.text import clean_block, clean_line
from deploytui.base.units import write_duration
from deploytui.plan.markdown.arrange import Arranged, Group, Part, Step
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.people import People
from deploytui.plan.markdown.scale import write_window
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.words import says
from deploytui.plan.model import Contact, Note, SignoffRole, StageName
from deploytui.plan.node import Mapping, Node, Scalar
from deploytui.plan.node import Sequence as Nodes
from deploytui.plan.word import ID_PATTERN, MAX_BLOCK, MAX_LINE

# A YAML file may be 16 collections deep; below the item of a phase's group that leaves five levels of items.
MAX_ITEM_DEPTH = 5
_MOST_TITLE = 300
_NO_TEXT = "(no text in the document)"
_LINK = re.compile(r"https?://\S{1,1900}")
_GO_NO_GO = re.compile(
    r"^(?:final\s+)?go\s*[/-]?\s*(?:or\s+)?no[\s-]?go(?:\s+(?:decision|meeting|poll|vote|call"
    r"|confirmation))?(?:\s+(?:made|taken|held))?(?:\s*\([^()]*\))?\W*$",
    re.I,
)


def line_of(text: str) -> str:
    """Text for a one-line field."""
    return _bounded(" ".join(clean_line(text).split()), MAX_LINE)


def block_of(text: str) -> str:
    """Text for a field of several lines."""
    return _bounded("\n".join(line.rstrip() for line in clean_block(text).strip().split("\n")), MAX_BLOCK)


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


Value = str | Node | Iterable[Node] | tuple[str, int] | None


def _mapping(line: int, **values: Value) -> Mapping:
    """A mapping of texts, nodes and lists of nodes; what is empty is left out. A pair is a text with its own line."""
    entries: list[tuple[Scalar, Node]] = []
    for key, value in values.items():
        place = line
        if isinstance(value, tuple):
            value, place = value
        if value is None or value == "":
            continue
        if isinstance(value, str):
            node: Node = Scalar(value, place)
        elif isinstance(value, Scalar | Mapping | Nodes):
            node = value
        else:
            found = list(value)
            if not found:
                continue
            node = Nodes(found, found[0].line)
        entries.append((Scalar(key, place), node))
    return Mapping(entries, line)


def write_plan(
    title: str,
    facts: Facts,
    variables: Sequence[tuple[str, str, int]],
    arranged: Arranged,
    people: People,
    remarks: Iterable[Note],
) -> Mapping:
    """The root node of the plan."""
    items = _ItemWriter(has_signers=any(slot.when == "before" for slot in people.signoffs))
    go_live = facts.go_live.strftime("%Y-%m-%dT%H:%MZ") if facts.go_live else ""
    return _mapping(
        1,
        deploytui="1",
        title=line_of(title)[:_MOST_TITLE] or "Checklist",
        facts=_table([(key, value, line) for key, (value, line) in facts.entries.items()]),
        zone=facts.zone,
        go_live=(go_live, facts.go_live_line or 1),
        variables=_table(variables),
        stages=_stages(arranged.parts, items),
        rollback=_rollback(arranged, items),
        criteria=[_criteria(step, items) for step in arranged.criteria],
        contacts=map(_contact, people.contacts),
        signoffs=_signoffs(people.signoffs),
        notes=[_note(remark) for remark in remarks if block_of(remark.text)],
    )


def _table(entries: Iterable[tuple[str, str, int]]) -> Mapping | None:
    rows = [(line_of(key), line_of(value), line) for key, value, line in entries]
    found: list[tuple[Scalar, Node]] = [
        (Scalar(key, line), Scalar(value, line)) for key, value, line in rows if key and value
    ]
    return Mapping(found, 1) if rows else None


def _stages(parts: list[Part], items: _ItemWriter) -> Mapping:
    stages: list[tuple[Scalar, Node]] = []
    for number, name in enumerate(StageName):
        phases: list[Node] = [_phase(part, items) for part in parts if part.stage == number]
        stages.append((Scalar(name.value, 1), Nodes(phases, phases[0].line if phases else 1)))
    return Mapping(stages, 1)


def _phase(part: Part, items: _ItemWriter) -> Mapping:
    return _mapping(
        part.line,
        phase=line_of(part.title) or "Checklist",
        window=write_window(part.slot) if part.slot is not None else "",
        owner=line_of(part.owner),
        groups=Nodes([_group(group, items) for group in part.groups], part.line),
    )


def _group(group: Group, items: _ItemWriter) -> Mapping:
    return _mapping(
        group.line,
        group=line_of(group.title) or "Checklist",
        owner=line_of(group.owner),
        ordered="true" if group.is_ordered else "",
        items=Nodes(items.nodes(group.tasks), group.line),
    )


def _rollback(arranged: Arranged, items: _ItemWriter) -> Mapping | None:
    seconds, line, _ = arranged.limit or (0, 0, "")
    rollback = _mapping(
        arranged.rollback_line or 1,
        limit=(write_duration(seconds), line) if arranged.limit else "",
        triggers=items.nodes(arranged.triggers),
        stages=[_step(step, items) for step in arranged.procedure],
    )
    return rollback if rollback.entries else None


def _step(step: Step, items: _ItemWriter) -> Mapping:
    return _mapping(
        step.line,
        stage=line_of(step.title) or "Rollback",
        budget=write_duration(step.budget_s) if step.budget_s else "",
        items=Nodes(items.nodes(step.tasks, is_rollback=True), step.line),
    )


def _criteria(step: Step, items: _ItemWriter) -> Mapping:
    title = line_of(step.title) or "Success criteria"
    return _mapping(step.line, title=title, kind=step.kind, items=Nodes(items.nodes(step.tasks), step.line))


def _contact(one: Contact) -> Mapping:
    return _mapping(
        one.line,
        team=line_of(one.team) or "Contacts",
        role=line_of(one.role) or "Contact",
        name=line_of(one.name or ""),
        phone=line_of(one.phone or ""),
        email=line_of(one.email or ""),
    )


def _signoffs(slots: list[SignoffRole]) -> Mapping | None:
    def of(when: str) -> list[Node]:
        roles = [(slot, line_of(slot.role)) for slot in slots if slot.when == when]
        return [_mapping(slot.line, role=role, name=line_of(slot.name or "")) for slot, role in roles if role]

    return _mapping(slots[0].line, before=of("before"), after=of("after")) if slots else None


def _note(remark: Note) -> Mapping:
    return _mapping(
        remark.line,
        kind=remark.kind,
        text=block_of(remark.text),
        severity=line_of(remark.severity or ""),
        plan=block_of(remark.plan or ""),
    )


class _ItemWriter:
    """Items as nodes. Deeper than the format allows they stand beside their parent, and nothing is lost."""

    def __init__(self, *, has_signers: bool) -> None:
        self._has_signers = has_signers
        self._ids: set[str] = set()

    def nodes(self, tasks: Iterable[Task], *, is_rollback: bool = False, depth: int = 1) -> list[Node]:
        nodes: list[Node] = []
        for task in tasks:
            if depth < MAX_ITEM_DEPTH:
                below = self.nodes(task.children, is_rollback=is_rollback, depth=depth + 1)
                nodes.append(self._item(task, below, is_rollback))
            else:
                nodes += [self._item(inner, [], is_rollback) for inner in task.walk()]
        return nodes

    def _item(self, task: Task, below: list[Node], is_rollback: bool) -> Node:
        text = line_of(task.text) or _NO_TEXT
        is_gate = self._has_signers and not is_rollback and _GO_NO_GO.match(text)
        is_decided = task.decide or (is_rollback and task.optional and says("restore", text))
        item = _mapping(
            task.line,
            id=self._id(task.id),
            text=text,
            optional=line_of(task.optional),
            owner=line_of(task.owner),
            note=block_of("\n".join(note for note in task.notes if note.strip())),
            link=task.link if _LINK.fullmatch(task.link) and task.link.isprintable() else "",
            duration=task.duration,
            not_before=task.not_before,
            every=task.every,
            evidence="required" if task.needs_evidence else "",
            marks=[Scalar(mark, task.line) for mark in task.marks],
            decide="true" if is_decided else "",
            gate=_mapping(task.line, roles="before") if is_gate else None,
            items=below,
        )
        return Scalar(text, task.line) if len(item.entries) == 1 else item

    def _id(self, wanted: str) -> str:
        if not wanted or wanted in self._ids or not re.fullmatch(ID_PATTERN, wanted):
            return ""
        self._ids.add(wanted)
        return wanted
