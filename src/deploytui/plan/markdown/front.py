"""Front matter: what a document says about itself between two `---` lines, and checklists that are kept there."""

from __future__ import annotations

import re

from msgspec import Struct, field

from deploytui.base.units import write_duration
from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.reader import Reader
from deploytui.plan.markdown.section import Batch, Section
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.when import find_duration
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.yaml import read_yaml

_FIRST_KEY = re.compile(r"\s*[\w$][\w .$-]*\s*:(?:\s|$)")
_MOST_LINES = 3000
_LISTS = ("items", "checklist", "steps", "tasks")
_TEXT_KEYS = ("title", "text", "name", "task", "step", "description")
_OWNER_KEYS = ("assignee", "owner", "responsible")
_DURATION_KEYS = ("estimatedTime", "estimate", "estimated_time", "duration", "time")
_GROUP_KEYS = ("category", "group", "phase", "section", "stage")
_DONE_KEYS = ("completed", "done", "checked", "complete")
_LINK_KEYS = ("url", "link", "href")
_NOTE_KEYS = ("notes", "note", "details", "instructions", "description")


class Front(Struct):
    """`body` is the document without it, on the same line numbers."""

    body: str
    facts: list[tuple[str, str, int]] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    text: str = ""
    lines: int = 0

    def sections(self, root: Section) -> list[Section]:
        """Each category of a list of items as a part of the document."""
        found = []
        for batch in self.batches:
            section = Section(2, batch.label or "Checklist", batch.line, parent=root)
            section.batches.append(batch)
            batch.label = ""
            found.append(section)
        return found


def split_front(text: str) -> tuple[str, str]:
    """Front matter and body; the body keeps its line numbers."""
    if not text.startswith("---") or text[3:4] not in ("\n", " ", "\t"):
        return "", text
    lines = text.split("\n", _MOST_LINES)
    end = next(
        (place for place, line in enumerate(lines[1:_MOST_LINES], 1) if line.rstrip() in ("---", "...")), 0
    )
    inner = lines[1:end]
    first = next((line for line in inner if line.strip() and not line.lstrip().startswith("#")), "")
    if not end or not _FIRST_KEY.match(first):
        return "", text
    return "\n".join(inner), "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def read_front(text: str, reader: Reader) -> Front:
    """What the front matter says. What is not YAML stays text."""
    head, body = split_front(text)
    front = Front(body, text=head, lines=head.count("\n") + 3 if head else 0)
    if not head:
        return front
    root, problems = read_yaml(("\n" + head + "\n").encode("utf-8", "replace"), "front matter")
    if not isinstance(root, Mapping):
        said = f" ({problems[0].found})" if problems else ""
        reader.trace.say(1, "---", f"front matter that cannot be read{said}; kept as a note")
        return front
    front.text = ""
    for key, value in root.entries:
        if isinstance(value, Scalar):
            if not value.is_null and value.text.strip():
                front.facts.append((key.text, " ".join(value.text.split()), key.line))
        elif isinstance(value, Sequence) and key.text in _LISTS and (batches := _batches(value, reader)):
            front.batches += batches
        else:
            said = "; ".join(_flat(value))
            if said:
                front.facts.append((key.text, said[:1000], key.line))
    return front


def _flat(node: Node) -> list[str]:
    """Lists and mappings of the front matter as words."""
    out: list[str] = []
    stack: list[tuple[str, Node]] = [("", node)]
    while stack:
        name, current = stack.pop()
        if isinstance(current, Scalar):
            text = " ".join(current.text.split())
            if text:
                out.append(f"{name}: {text}" if name else text)
        elif isinstance(current, Sequence):
            stack.extend((name, inner) for inner in reversed(current.items))
        else:
            stack.extend((key.text, inner) for key, inner in reversed(current.entries))
    return out


def _batches(node: Sequence, reader: Reader) -> list[Batch]:
    """A list of mappings with titles as items, grouped by their category."""
    batches: dict[str, Batch] = {}
    for entry in node.items:
        if not isinstance(entry, Mapping):
            return []
        values = {key.text: value for key, value in entry.entries}
        text = _first(values, _TEXT_KEYS)
        if not text:
            return []
        label = _first(values, _GROUP_KEYS).replace("-", " ").replace("_", " ").strip()
        batch = batches.setdefault(label, Batch(label[:1].upper() + label[1:], entry.line, is_bold=True))
        batch.tasks.append(_task(text, values, entry.line, reader))
    return list(batches.values())


def _task(text: str, values: dict[str, Node], line: int, reader: Reader) -> Task:
    task = Task(
        reader.plain(text),
        line,
        Kind.LISTED,
        owner=_first(values, _OWNER_KEYS),
        link=_first(values, _LINK_KEYS),
        id=_first(values, ("id",)),
    )
    reader.trace.imported(line)
    if not task.link.startswith(("http://", "https://")):
        task.link = ""
    if seconds := find_duration(_first(values, _DURATION_KEYS)):
        task.duration = write_duration(seconds)
    if _first(values, ("required",)) == "false":
        task.optional = "optional"
    if _first(values, _DONE_KEYS) == "true":
        task.notes.append("ticked in the document")
    note = next(
        (
            value.text.strip()
            for key in _NOTE_KEYS
            if isinstance(value := values.get(key), Scalar) and value.text.strip() != text
        ),
        "",
    )
    if note:
        task.notes.append(note)
    return task


def _first(values: dict[str, Node], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = values.get(key)
        if isinstance(value, Scalar) and value.text.strip() and not value.is_null:
            return " ".join(value.text.split())
    return ""
