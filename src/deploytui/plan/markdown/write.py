"""What was read becomes raw nodes, the same that a YAML file gives: the builder does not know the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deploytui.base.text import clean_block, clean_line
from deploytui.base.units import write_duration
from deploytui.plan.markdown.arrange import Arranged, Group
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


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _line(text: str) -> str:
    """Text for a one-line field."""
    return _bounded(" ".join(clean_line(text).split()), MAX_LINE)


def _scalar(text: str, line: int) -> Scalar | None:
    found = _line(text)
    return Scalar(found, line) if found else None


def _block(text: str, line: int) -> Scalar | None:
    """Text for a field of several lines."""
    found = "\n".join(part.rstrip() for part in clean_block(text).strip().split("\n"))
    return Scalar(_bounded(found, MAX_BLOCK), line) if found else None


Value = str | Node | Iterable[Node] | tuple[str, int] | None


def _mapping(line: int, /, **values: Value) -> Mapping:
    """A mapping of texts, nodes and lists of nodes; what is empty is left out. A pair is a text with its own line."""
    entries: list[tuple[Scalar, Node]] = []
    for key, value in values.items():
        node: Node | None
        match value:
            case str():
                node = _scalar(value, line)
            case (str() as text, int() as place):
                node = _scalar(text, place)
            case None | Scalar() | Mapping() | Nodes():
                node = value
            case _:
                found = [one for one in value if not isinstance(one, str | int)]
                node = Nodes(found, found[0].line) if found else None
        if node is not None:
            entries.append((Scalar(key, node.line), node))
    return Mapping(entries, line)


def write_plan(
    title: str,
    facts: Facts,
    variables: Iterable[tuple[str, str, int]],
    arranged: Arranged,
    people: People,
    remarks: Iterable[Note],
) -> Mapping:
    """The root node of the plan."""
    items = _ItemWriter(has_signers=any(slot.when == "before" for slot in people.signoffs))
    seconds, limit_line, _ = arranged.limit or (0, 0, "")
    rollback = _mapping(
        arranged.rollback_line or 1,
        limit=(write_duration(seconds), limit_line) if arranged.limit else "",
        triggers=items.nodes(arranged.triggers),
        stages=[_list("stage", step, "Rollback", items, is_rollback=True) for step in arranged.procedure],
    )
    return _mapping(
        1,
        deploytui="1",
        title=_line(title)[:_MOST_TITLE] or "Checklist",
        facts=_table((key, value, line) for key, (value, line) in facts.entries.items()),
        zone=facts.zone,
        go_live=(f"{facts.go_live:%Y-%m-%dT%H:%MZ}" if facts.go_live else "", facts.go_live_line or 1),
        variables=_table(variables),
        stages=_mapping(
            1, **{name.value: _phases(arranged, number, items) for number, name in enumerate(StageName)}
        ),
        rollback=rollback if rollback.entries else None,
        criteria=[_list("title", step, "Success criteria", items) for step in arranged.criteria],
        contacts=map(_contact, people.contacts),
        signoffs=_signoffs(people.signoffs),
        notes=[_note(remark) for remark in remarks if _block(remark.text, 1)],
    )


def _table(rows: Iterable[tuple[str, str, int]]) -> Mapping | None:
    found = _mapping(1, **{_line(key): (value, line) for key, value, line in rows if _line(key)})
    return found if found.entries else None


def _phases(arranged: Arranged, number: int, items: _ItemWriter) -> Nodes:
    phases: list[Node] = [
        _mapping(
            part.line,
            phase=_line(part.title) or "Checklist",
            window=write_window(part.slot) if part.slot is not None else "",
            owner=part.owner,
            groups=[_list("group", group, "Checklist", items) for group in part.groups],
        )
        for part in arranged.parts
        if part.stage == number
    ]
    return Nodes(phases, phases[0].line if phases else 1)


def _list(key: str, group: Group, default: str, items: _ItemWriter, *, is_rollback: bool = False) -> Mapping:
    """A group, a stage of the rollback, or criteria: what one of them does not have is empty in it."""
    return _mapping(
        group.line,
        **{key: _line(group.title) or default},
        owner=group.owner,
        ordered="true" if group.is_ordered else "",
        kind=group.kind,
        budget=write_duration(group.budget_s) if group.budget_s else "",
        items=items.nodes(group.tasks, is_rollback=is_rollback),
    )


def _contact(one: Contact) -> Mapping:
    team, role = _line(one.team) or "Contacts", _line(one.role) or "Contact"
    return _mapping(one.line, team=team, role=role, name=one.name, phone=one.phone, email=one.email)


def _signoffs(slots: list[SignoffRole]) -> Mapping | None:
    def of(when: str) -> list[Node]:
        roles = (slot for slot in slots if slot.when == when and _line(slot.role))
        return [_mapping(slot.line, role=slot.role, name=slot.name) for slot in roles]

    return _mapping(slots[0].line, before=of("before"), after=of("after")) if slots else None


def _note(remark: Note) -> Mapping:
    return _mapping(
        remark.line,
        kind=remark.kind,
        text=_block(remark.text, remark.line),
        severity=remark.severity,
        plan=_block(remark.plan or "", remark.line),
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
        text = _line(task.text) or _NO_TEXT
        is_gate = self._has_signers and not is_rollback and _GO_NO_GO.match(text)
        is_decided = task.decide or (is_rollback and task.optional and says("restore", text))
        item = _mapping(
            task.line,
            id=self._id(task.id),
            text=text,
            optional=task.optional,
            owner=task.owner,
            note=_block("\n".join(note for note in task.notes if note.strip()), task.line),
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
