"""Front matter: what a document says about itself between two `---` lines, and checklists that are kept there."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
# What the keys of a listed item are called.
_KEYS = {
    "id": ("id",),
    "text": ("title", "text", "name", "task", "step", "description"),
    "owner": ("assignee", "owner", "responsible"),
    "duration": ("estimatedTime", "estimate", "estimated_time", "duration", "time"),
    "group": ("category", "group", "phase", "section", "stage"),
    "required": ("required",),
    "done": ("completed", "done", "checked", "complete"),
    "link": ("url", "link", "href"),
    "note": ("notes", "note", "details", "instructions", "description"),
}
_MOST_FLAT = 1000


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
    if not head:
        return Front(body)
    front = Front(body, lines=head.count("\n") + 3)
    root, problems = read_yaml(("\n" + head + "\n").encode("utf-8", "replace"), "front matter")
    if not isinstance(root, Mapping):
        said = f" ({problems[0].found})" if problems else ""
        reader.trace.say(1, "---", f"front matter that cannot be read{said}; kept as a note")
        front.text = head
        return front
    for key, value in root.entries:
        if isinstance(value, Sequence) and key.text in _LISTS and (batches := _batches(value, reader)):
            front.batches += batches
        elif said := "; ".join(_flat(value)):
            most = None if isinstance(value, Scalar) else _MOST_FLAT
            front.facts.append((key.text, said[:most], key.line))
    return front


def _flat(node: Node, name: str = "") -> Iterator[str]:
    """The front matter's values, lists and mappings as words; how deep they go is bounded by the reader."""
    if isinstance(node, Scalar):
        text = "" if node.is_null else " ".join(node.text.split())
        if text:
            yield f"{name}: {text}" if name else text
    elif isinstance(node, Sequence):
        for inner in node.items:
            yield from _flat(inner, name)
    else:
        for key, inner in node.entries:
            yield from _flat(inner, key.text)


def _batches(node: Sequence, reader: Reader) -> list[Batch]:
    """A list of mappings with titles as items, grouped by their category."""
    batches: dict[str, Batch] = {}
    for entry in node.items:
        values = _values(entry)
        text = _first(values, "text")
        if not text:
            return []
        label = _first(values, "group").replace("-", " ").replace("_", " ").strip()
        batch = batches.setdefault(label, Batch(label[:1].upper() + label[1:], entry.line, is_bold=True))
        batch.tasks.append(_task(text, values, entry.line, reader))
    return list(batches.values())


def _values(node: Node) -> dict[str, str]:
    """The texts of a mapping by their keys."""
    entries = node.entries if isinstance(node, Mapping) else []
    return {
        key.text: value.text.strip()
        for key, value in entries
        if isinstance(value, Scalar) and not value.is_null and value.text.strip()
    }


def _task(text: str, values: dict[str, str], line: int, reader: Reader) -> Task:
    reader.trace.imported(line)
    link = _first(values, "link")
    task = Task(reader.plain(text), line, Kind.LISTED, owner=_first(values, "owner"), id=_first(values, "id"))
    task.link = link if link.startswith(("http://", "https://")) else ""
    if seconds := find_duration(_first(values, "duration")):
        task.duration = write_duration(seconds)
    if _first(values, "required") == "false":
        task.optional = "optional"
    if _first(values, "done") == "true":
        task.notes.append("ticked in the document")
    notes = (values[key] for key in _KEYS["note"] if key in values)
    task.notes += [note for note in notes if note != text][:1]
    return task


def _first(values: dict[str, str], meaning: str) -> str:
    """What the first of the keys that mean it holds, on one line."""
    return " ".join(next((values[key] for key in _KEYS[meaning] if key in values), "").split())
