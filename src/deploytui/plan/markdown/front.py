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
    """`body` is the document without it, on the same line numbers; `sections` are its lists of items by category."""

    body: str
    facts: list[tuple[str, str, int]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    text: str = ""
    lines: int = 0


def split_front(text: str) -> tuple[str, str]:
    """Front matter and body; the body keeps its line numbers."""
    if not text.startswith("---") or text[3:4] not in ("\n", " ", "\t"):
        return "", text
    lines = text.split("\n", _MOST_LINES)
    ends = (
        place for place, line in enumerate(lines[:_MOST_LINES]) if place and line.rstrip() in ("---", "...")
    )
    end = next(ends, 0)
    said = (line for line in lines[1:end] if line.strip() and not line.lstrip().startswith("#"))
    if not _FIRST_KEY.match(next(said, "")):
        return "", text
    return "\n".join(lines[1:end]), "\n" * (end + 1) + "\n".join(lines[end + 1 :])


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
        if isinstance(value, Sequence) and key.text in _LISTS and (sections := _sections(value, reader)):
            front.sections += sections
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


def _sections(node: Sequence, reader: Reader) -> list[Section]:
    """A list of mappings with titles as items, grouped by their category."""
    found: dict[str, Section] = {}
    for entry in node.items:
        pairs = entry.entries if isinstance(entry, Mapping) else []
        values = {
            key.text: value.text.strip()
            for key, value in pairs
            if isinstance(value, Scalar) and not value.is_null and value.text.strip()
        }
        text = _first(values, "text")
        if not text:
            return []
        label = _first(values, "group").replace("-", " ").replace("_", " ").strip() or "checklist"
        if label not in found:
            batch = Batch("", entry.line, is_bold=True)
            found[label] = Section(2, label[:1].upper() + label[1:], entry.line, batches=[batch])
        found[label].batches[0].tasks.append(_task(text, values, entry.line, reader))
    return list(found.values())


def _task(text: str, values: dict[str, str], line: int, reader: Reader) -> Task:
    reader.trace.imported(line)
    seconds, link = find_duration(_first(values, "duration")), _first(values, "link")
    is_done = _first(values, "done") == "true"
    notes = [note for key in _KEYS["note"] if (note := values.get(key, text)) != text]
    return Task(
        reader.plain(text),
        line,
        Kind.LISTED,
        notes=(["ticked in the document"] if is_done else []) + notes[:1],
        owner=_first(values, "owner"),
        id=_first(values, "id"),
        link=link if link.startswith(("http://", "https://")) else "",
        duration=write_duration(seconds) if seconds else "",
        optional="optional" if _first(values, "required") == "false" else "",
    )


def _first(values: dict[str, str], meaning: str) -> str:
    """What the first of the keys that mean it holds, on one line."""
    return " ".join(next((values[key] for key in _KEYS[meaning] if key in values), "").split())
