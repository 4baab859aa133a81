"""Reads back what this program prints: a checklist as Markdown with the three stages as headings. Nothing is guessed
here, so a plan that is printed and read again is the same plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from deploytui.base.units import parse_duration
from deploytui.plan.markdown.arrange import Arranged, Group, Part, Step
from deploytui.plan.markdown.block import Block, Entry, Listing, Paragraph, Table
from deploytui.plan.markdown.box import Kind, read_box
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.inline import plain
from deploytui.plan.markdown.note import Remark
from deploytui.plan.markdown.people import Contact, People, Signoff
from deploytui.plan.markdown.role import EXEC, POST, PRE, criteria_kind
from deploytui.plan.markdown.scale import stated_slot
from deploytui.plan.markdown.section import Section
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.trace import Trace
from deploytui.plan.model import StageName
from deploytui.plan.window import parse_instant

_STAGES = {name.heading: number for name, number in zip(StageName, (PRE, EXEC, POST), strict=True)}
_BUDGET = re.compile(r"\s\((?P<budget>(?:\d+[dhms]){1,4})\)$")
_WINDOW = re.compile(r"\s\((?P<window>[^()]+ \.\. [^()]+)\)$")
_LIMIT = re.compile(r"Limit: (?P<limit>\w+);")
_DETAIL = re.compile(
    r"(?P<key>Owner|Duration|Not before|Every|Needs|Evidence|Decide|Marks|When|Gate|Run|Link|Id|Note|Announce): "
    r"(?P<value>.*)",
    re.DOTALL,
)
_OPTIONAL = re.compile(r"(?P<text>.*\S)\s\(_(?P<wording>.+)_\)$", re.DOTALL)
_KINDS = {"Known issues": "known-issue", "Later enhancements": "enhancement", "Notes": "text"}


class Printed(Struct):
    title: str
    facts: Facts
    arranged: Arranged
    people: People
    remarks: list[Remark]


def is_printed(root: Section) -> bool:
    """Whether the document is one that this program printed: it has the three stages, in order, as headings."""
    if len(root.children) != 1 or root.children[0].level != 1:
        return False
    titles = [section.title for section in root.children[0].children]
    return [title for title in titles if title in _STAGES] == list(_STAGES)


def read_printed(root: Section, trace: Trace) -> Printed:
    top = root.children[0]
    printed = Printed(_plain(top.raw), Facts(), Arranged(), People([], []), [])
    _read_facts(top, printed.facts)
    for section in top.children:
        title = section.title
        if title in _STAGES:
            printed.arranged.parts += [_phase(child, _STAGES[title], trace) for child in section.children]
        elif title == "Rollback":
            _read_rollback(section, printed.arranged, trace)
        elif title == "Success criteria":
            printed.arranged.criteria += [_criteria(child, trace) for child in section.children]
        elif title == "Contacts":
            printed.people.contacts += [one for child in section.children for one in _contacts(child)]
        elif title == "Sign-off":
            printed.people.signoffs += [one for child in section.children for one in _signoffs(child, trace)]
        elif title == "Notes":
            printed.remarks += [one for child in section.children for one in _notes(child)]
    return printed


def _plain(source: str) -> str:
    return plain(source).text


def _paragraphs(section: Section) -> Iterator[Paragraph]:
    return (block for block in section.blocks if isinstance(block, Paragraph))


def _entries(blocks: list[Block]) -> Iterator[tuple[Entry, str, list[Block]]]:
    """Each list entry with the raw text of its first paragraph and what stands below that."""
    for block in blocks:
        if isinstance(block, Listing):
            for entry in block.entries:
                head = entry.blocks[0] if entry.blocks else None
                if isinstance(head, Paragraph):
                    yield entry, "\n".join(head.lines), entry.blocks[1:]


def _read_facts(top: Section, facts: Facts) -> None:
    for entry, raw, _ in _entries(top.blocks):
        match = re.match(r"\*\*(?P<key>.+?):\*\* (?P<value>.*)", raw, re.DOTALL)
        if match is None:
            continue
        key, value = _plain(match["key"]), _plain(match["value"])
        if key == "zone":
            facts.zone = value
        elif key == "go-live" and (go_live := _instant(value)) is not None:
            facts.go_live = go_live
            facts.go_live_line = entry.line
        else:
            facts.entries.setdefault(key, (value, entry.line))


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None


def _owner(section: Section) -> str:
    """`Owner: X` below a heading."""
    first = next(_paragraphs(section), None)
    text = _plain(first.lines[0]) if first is not None else ""
    return text.removeprefix("Owner: ") if text.startswith("Owner: ") else ""


def _phase(section: Section, stage: int, trace: Trace) -> Part:
    title, slot = _plain(section.raw), None
    if (match := _WINDOW.search(title)) and (slot := stated_slot(match["window"])) is not None:
        title = title[: match.start()]
    part = Part(title, section.line, section, slot=slot, stage=stage, owner=_owner(section))
    for child in section.children:
        is_ordered = any(isinstance(block, Listing) and block.is_ordered for block in child.blocks)
        tasks = _tasks(child.blocks, trace)
        part.groups.append(Group(_plain(child.raw), child.line, tasks, is_ordered, _owner(child)))
    return part


def _read_rollback(section: Section, arranged: Arranged, trace: Trace) -> None:
    arranged.rollback_line = section.line
    for paragraph in _paragraphs(section):
        match = _LIMIT.match(paragraph.lines[0])
        if match and (seconds := _seconds(match["limit"])) is not None:
            arranged.limit = (seconds, paragraph.line, paragraph.lines[0])
    for child in section.children:
        if child.title == "When to roll back":
            arranged.triggers += _tasks(child.blocks, trace)
        for stage in child.children:
            title, budget = _plain(stage.raw), None
            if (match := _BUDGET.search(title)) and (budget := _seconds(match["budget"])) is not None:
                title = title[: match.start()]
            arranged.procedure.append(Step(title, stage.line, _tasks(stage.blocks, trace), budget))


def _seconds(text: str) -> int | None:
    try:
        return parse_duration(text)
    except ValueError:
        return None


def _criteria(section: Section, trace: Trace) -> Step:
    title = _plain(section.raw)
    return Step(title, section.line, _tasks(section.blocks, trace), kind=criteria_kind(title))


def _tasks(blocks: list[Block], trace: Trace) -> list[Task]:
    tasks = []
    for entry, raw, below in _entries(blocks):
        if (box := read_box(raw, {})) is not None:
            tasks.append(_task(entry, box.text, below, trace))
    return tasks


def _task(entry: Entry, raw: str, below: list[Block], trace: Trace) -> Task:
    raw, optional = _split_optional(raw)
    task = Task(_plain(raw), entry.line, Kind.BOX, optional=optional)
    trace.imported(entry.line)
    for inner, text, deeper in _entries(below):
        box = read_box(text, {})
        if box is not None:
            task.children.append(_task(inner, box.text, deeper, trace))
        else:
            _add_detail(task, text)
    return task


def _split_optional(raw: str) -> tuple[str, str]:
    """The text, and the wording that it is optional by: `Load data (_if needed_)` or `Load data (*if needed*)`."""
    if match := _OPTIONAL.fullmatch(raw):
        return match["text"], _plain(match["wording"])
    parts = _bare_stars(raw)
    if len(parts) == 2:
        first, second = parts
        wording = raw[first + 1 : second]
        return raw[:first] + wording + raw[second + 1 :], _plain(wording)
    return raw, ""


def _bare_stars(raw: str) -> list[int]:
    """Where a `*` stands that is not escaped: every one that the text itself has is."""
    found, at = [], 0
    while at < len(raw):
        if raw[at] == "\\":
            at += 1
        elif raw[at] == "*":
            found.append(at)
        at += 1
    return found


def _add_detail(task: Task, raw: str) -> None:
    """`Owner: X | Duration: 5m`, or one long text."""
    is_long = raw.startswith(("Note: ", "Announce: "))
    for part in [raw] if is_long else raw.split(" | "):
        match = _DETAIL.match(part)
        value = _plain(match["value"]) if match else ""
        if match is None or not _set(task, match["key"], value):
            task.notes.append(_plain(part))


def _set(task: Task, key: str, value: str) -> bool:
    match key:
        case "Owner":
            task.owner = value
        case "Duration":
            task.duration = value
        case "Not before":
            task.not_before = value
        case "Every":
            task.every = value
        case "Evidence":
            task.needs_evidence = True
        case "Decide":
            task.decide = True
        case "Marks":
            task.marks = value.split(", ")
        case "Needs":
            task.needs = value.split(", ")
        case "Link":
            task.link = value
        case "Id":
            task.id = value
        case "Note":
            task.notes.append(value)
        case "Announce":
            task.announce = value
        case _:
            return False
    return True


def _tables(section: Section) -> Iterator[tuple[int, list[str]]]:
    for block in section.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield row.line, [_plain(cell) for cell in row.cells]


def _contacts(section: Section) -> Iterator[Contact]:
    for line, (role, name, phone, email, *_) in _tables(section):
        yield Contact(_plain(section.raw), role, name, phone, email, line)


def _signoffs(section: Section, trace: Trace) -> Iterator[Signoff]:
    when = "after" if section.title.startswith("After") else "before"
    for line, (role, name, *_) in _tables(section):
        trace.imported(line)
        yield Signoff(when, role, name if name.strip("_ ") else "", line)


def _notes(section: Section) -> Iterator[Remark]:
    for entry, raw, below in _entries(section.blocks):
        severity = plan = ""
        for _, text, _ in _entries(below):
            said = _plain(text)
            if said.startswith("Severity: "):
                severity = said.removeprefix("Severity: ")
            elif said.startswith("Plan: "):
                plan = said.removeprefix("Plan: ")
        yield Remark(_KINDS.get(section.title, "text"), _plain(raw), entry.line, severity, plan)
