"""What was read becomes raw nodes, the same that a YAML file gives: the builder does not know the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from deploytui.base.text import clean_block, clean_line
from deploytui.base.units import write_duration
from deploytui.plan.markdown.arrange import Arranged, Group, Part, Step
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.note import Remark
from deploytui.plan.markdown.people import Contact, People
from deploytui.plan.markdown.scale import write_window
from deploytui.plan.markdown.task import Task
from deploytui.plan.model import StageName
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
_RESTORE = re.compile(r"\b(?:restor|wiederherstell|восстанов|復元|복원|恢复)", re.I)


def line_of(text: str) -> str:
    """Text for a one-line field."""
    cleaned = " ".join(clean_line(text).split())
    return cleaned if len(cleaned) <= MAX_LINE else cleaned[: MAX_LINE - 1].rstrip() + "…"


def block_of(text: str) -> str:
    """Text for a field of several lines."""
    cleaned = "\n".join(line.rstrip() for line in clean_block(text).strip().split("\n"))
    return cleaned if len(cleaned) <= MAX_BLOCK else cleaned[: MAX_BLOCK - 1].rstrip() + "…"


class Entries:
    """Collects the entries of one mapping; what has no text is left out."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._entries: list[tuple[Scalar, Node]] = []

    def word(self, key: str, text: str, line: int | None = None) -> None:
        if text:
            place = line or self._line
            self._entries.append((Scalar(key, place), Scalar(text, place)))

    def node(self, key: str, node: Node) -> None:
        self._entries.append((Scalar(key, self._line), node))

    def nodes(self, key: str, nodes: Iterable[Node]) -> None:
        """A list; an empty one is left out."""
        found = list(nodes)
        if found:
            self.node(key, Nodes(found, found[0].line))

    @property
    def has_any(self) -> bool:
        return bool(self._entries)

    def mapping(self) -> Mapping:
        return Mapping(self._entries, self._line)


def write_plan(
    title: str,
    facts: Facts,
    variables: Sequence[tuple[str, str, int]],
    arranged: Arranged,
    people: People,
    remarks: Iterable[Remark],
) -> Mapping:
    """The root node of the plan."""
    root = Entries(1)
    root.word("deploytui", "1")
    root.word("title", line_of(title)[:_MOST_TITLE] or "Checklist")
    if facts.entries:
        table = Entries(1)
        for key, (value, line) in facts.entries.items():
            if (name := line_of(key)) and (text := line_of(value)):
                table.word(name, text, line)
        root.node("facts", table.mapping())
    root.word("zone", facts.zone)
    if facts.go_live is not None:
        root.word("go_live", facts.go_live.strftime("%Y-%m-%dT%H:%MZ"), facts.go_live_line)
    if variables:
        names = Entries(1)
        for key, value, line in variables:
            names.word(key, line_of(value), line)
        root.node("variables", names.mapping())
    has_signers = any(slot.when == "before" for slot in people.signoffs)
    writer = _ItemWriter(has_signers)
    root.node("stages", _stages(arranged.parts, writer))
    rollback = _rollback(arranged, writer)
    if rollback is not None:
        root.node("rollback", rollback)
    root.nodes("criteria", (_criteria(step, writer) for step in arranged.criteria))
    root.nodes("contacts", (_contact(contact) for contact in people.contacts))
    if people.signoffs:
        root.node("signoffs", _signoffs(people))
    root.nodes("notes", (_note(remark) for remark in remarks if block_of(remark.text)))
    return root.mapping()


def _stages(parts: list[Part], writer: _ItemWriter) -> Mapping:
    stages = Entries(1)
    for number, name in enumerate(StageName):
        nodes: list[Node] = [_phase(part, writer) for part in parts if part.stage == number]
        stages.node(name.value, Nodes(nodes, nodes[0].line if nodes else 1))
    return stages.mapping()


def _phase(part: Part, writer: _ItemWriter) -> Mapping:
    phase = Entries(part.line)
    phase.word("phase", line_of(part.title) or "Checklist")
    if part.slot is not None:
        phase.word("window", write_window(part.slot))
    phase.word("owner", line_of(part.owner))
    phase.node("groups", Nodes([_group(group, writer) for group in part.groups], part.line))
    return phase.mapping()


def _group(group: Group, writer: _ItemWriter) -> Mapping:
    entries = Entries(group.line)
    entries.word("group", line_of(group.title) or "Checklist")
    entries.word("owner", line_of(group.owner))
    entries.word("ordered", "true" if group.is_ordered else "")
    entries.node("items", Nodes(writer.items(group.tasks), group.line))
    return entries.mapping()


def _rollback(arranged: Arranged, writer: _ItemWriter) -> Mapping | None:
    rollback = Entries(arranged.rollback_line or 1)
    if arranged.limit is not None:
        seconds, line, _ = arranged.limit
        rollback.word("limit", write_duration(seconds), line)
    rollback.nodes("triggers", writer.items(arranged.triggers))
    rollback.nodes("stages", (_step(step, writer) for step in arranged.procedure))
    return rollback.mapping() if rollback.has_any else None


def _step(step: Step, writer: _ItemWriter) -> Mapping:
    stage = Entries(step.line)
    stage.word("stage", line_of(step.title) or "Rollback")
    stage.word("budget", write_duration(step.budget_s) if step.budget_s else "")
    stage.node("items", Nodes(writer.items(step.tasks, is_rollback=True), step.line))
    return stage.mapping()


def _criteria(step: Step, writer: _ItemWriter) -> Mapping:
    criteria = Entries(step.line)
    criteria.word("title", line_of(step.title) or "Success criteria")
    criteria.word("kind", step.kind)
    criteria.node("items", Nodes(writer.items(step.tasks), step.line))
    return criteria.mapping()


def _contact(contact: Contact) -> Mapping:
    entries = Entries(contact.line)
    entries.word("team", line_of(contact.team) or "Contacts")
    entries.word("role", line_of(contact.role) or "Contact")
    for key, text in (("name", contact.name), ("phone", contact.phone), ("email", contact.email)):
        entries.word(key, line_of(text))
    return entries.mapping()


def _signoffs(people: People) -> Mapping:
    table = Entries(people.signoffs[0].line)
    for when in ("before", "after"):
        nodes = []
        for slot in people.signoffs:
            if slot.when == when and line_of(slot.role):
                entries = Entries(slot.line)
                entries.word("role", line_of(slot.role))
                entries.word("name", line_of(slot.name))
                nodes.append(entries.mapping())
        table.nodes(when, nodes)
    return table.mapping()


def _note(remark: Remark) -> Mapping:
    note = Entries(remark.line)
    note.word("kind", remark.kind)
    note.word("text", block_of(remark.text))
    note.word("severity", line_of(remark.severity))
    note.word("plan", block_of(remark.plan))
    return note.mapping()


class _ItemWriter:
    """Items as nodes. Deeper than the format allows they stand beside their parent, and nothing is lost."""

    def __init__(self, has_signers: bool) -> None:
        self._has_signers = has_signers
        self._ids: set[str] = set()

    def items(self, tasks: Iterable[Task], *, is_rollback: bool = False, depth: int = 1) -> list[Node]:
        nodes: list[Node] = []
        for task in tasks:
            is_deepest = depth >= MAX_ITEM_DEPTH
            below = [] if is_deepest else self.items(task.children, is_rollback=is_rollback, depth=depth + 1)
            nodes.append(self._item(task, below, is_rollback))
            if is_deepest:
                nodes += [
                    self._item(inner, [], is_rollback) for child in task.children for inner in child.walk()
                ]
        return nodes

    def _item(self, task: Task, below: list[Node], is_rollback: bool) -> Node:
        text = line_of(task.text) or _NO_TEXT
        item = Entries(task.line)
        item.word("id", self._id(task.id))
        item.word("text", text)
        item.word("optional", line_of(task.optional))
        item.word("owner", line_of(task.owner))
        item.word("note", block_of("\n".join(note for note in task.notes if note.strip())))
        item.word("link", task.link if _LINK.fullmatch(task.link) and task.link.isprintable() else "")
        item.word("duration", task.duration)
        item.word("not_before", task.not_before)
        item.word("every", task.every)
        item.word("evidence", "required" if task.needs_evidence else "")
        item.nodes("needs", (Scalar(name, task.line) for name in task.needs))
        item.word("announce", block_of(task.announce))
        item.nodes("marks", (Scalar(mark, task.line) for mark in task.marks))
        if task.decide or (is_rollback and task.optional and _RESTORE.search(text)):
            item.word("decide", "true")
        if self._has_signers and not is_rollback and _GO_NO_GO.match(text):
            gate = Entries(task.line)
            gate.word("roles", "before")
            item.node("gate", gate.mapping())
        item.nodes("items", below)
        node = item.mapping()
        return Scalar(text, task.line) if len(node.entries) == 1 else node

    def _id(self, wanted: str) -> str:
        if not wanted or wanted in self._ids or not re.fullmatch(ID_PATTERN, wanted):
            return ""
        self._ids.add(wanted)
        return wanted
