"""Documents without boxes: numbered steps, bullets or headings become the items, and the report says so."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from deploytui.plan.markdown.block import Code, Entry, Listing, Table
from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.reader import Reader
from deploytui.plan.markdown.section import (
    Batch,
    Left,
    Role,
    Section,
    is_not_trigger_label,
    is_trigger_label,
)
from deploytui.plan.markdown.table import Use, grid_of, limit_tasks, step_rows, use_of
from deploytui.plan.markdown.task import Task, add_blocks, read_plain_entry
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import is_to_fill
from deploytui.plan.markdown.words import says

_NO_TASKS = frozenset({Role.REFERENCES, Role.CONTACTS, Role.SIGNOFFS, Role.ISSUES, Role.ENHANCEMENTS})
_LINK_ONLY = re.compile(r"^\s*!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?\W*$")
_FIELD_TO_FILL = re.compile(r"^[^:]{1,60}:\s*(?:_{2,}|\[[^\]]*\]|<[^>]*>)?\s*$")


def take_plain_lists(root: Section, reader: Reader) -> None:
    """Triggers, criteria and the rollback's steps are often plain lists, also where the document has boxes."""
    for section in root.walk():
        if section.role not in (Role.ROLLBACK, Role.TRIGGERS, Role.CRITERIA):
            continue
        is_free = not section.has_items()
        if section.role is Role.ROLLBACK or (section.role is Role.TRIGGERS and not is_free):
            _take(section, reader, Kind.BULLET, _are_triggers)
        if is_free:
            is_rollback = section.role is Role.ROLLBACK
            if is_rollback:
                _take_timed(section, reader)
            _take(
                section,
                reader,
                Kind.STEP if is_rollback else Kind.BULLET,
                _are_steps if is_rollback else _are_tasks,
            )
        if is_free and section.role is Role.CRITERIA:
            _take_limits(section, reader)


def _take_timed(section: Section, reader: Reader) -> None:
    """Numbered steps and rows of a table that each say how long they take are stages of the rollback: what is listed
    below one are its items, and where nothing is, it is its own."""

    def keep(left: Left) -> list[Left]:
        stages: list[tuple[str, int, list[Task]]] = []
        if isinstance(left.block, Table):
            stages = [(title, task.line, [task]) for title, task in step_rows(grid_of(left.block, reader))]
        elif isinstance(left.block, Listing) and _are_timed(left.block):
            stages = [_timed_step(entry, reader) for entry in left.block.entries]
        for title, line, tasks in stages:
            reader.trace.imported(line)
            section.batches.append(Batch(title, line, tasks, is_bold=True))
        return [] if stages else [left]

    section.keep(keep)


def _are_timed(block: Listing) -> bool:
    heads = [entry.lines[0].strip("*_ ") if entry.lines else "" for entry in block.entries]
    is_timed = all(read_title(head, None).budget_s is not None for head in heads)
    return block.is_ordered and len(heads) > 1 and is_timed


def _timed_step(entry: Entry, reader: Reader) -> tuple[str, int, list[Task]]:
    step = read_plain_entry(replace(entry, blocks=entry.blocks[:1]), Kind.STEP, reader)
    tasks: list[Task] = []
    for block in entry.blocks[1:]:
        if isinstance(block, Listing):
            below = (read_plain_entry(one, Kind.BULLET, reader) for one in block.entries)
            tasks += [task for task in below if task.text]
        else:
            add_blocks(tasks[-1] if tasks else step, [block], reader)
    if tasks:
        # A stage has no note: what the step says besides is that of its first item.
        tasks[0].notes[:0] = [*step.notes, *([step.link] if step.link else [])]
    return step.text, entry.line, tasks or [step]


def take_steps(root: Section, reader: Reader) -> str:
    """Make items of a document that has no box; says of what, or nothing where there is nothing at all."""
    sections = [one for one in root.walk() if one.role not in _NO_TASKS and not says("no tasks", one.title)]
    if sum(_take(section, reader, Kind.STEP, _are_steps) for section in sections):
        return "no boxes in the document: its numbered steps are the items"
    if sum(_take(section, reader, Kind.BULLET, _are_bullets) for section in sections):
        return "no boxes in the document: its bullets are the items"
    leaves = [one for one in sections if one.level and one.title and not one.children]
    if len(leaves) < 2:
        return ""
    for leaf in leaves:
        task = Task(leaf.title, leaf.line, Kind.STEP)
        add_blocks(task, [left.block for left in leaf.left], reader)
        leaf.left = []
        (leaf.parent or root).batches.append(Batch("", leaf.line, [task], is_ordered=True))
    return "no boxes and no lists in the document: its headings are the items"


def _take(section: Section, reader: Reader, kind: Kind, fits: Callable[[Listing, str], bool]) -> int:
    """Turn those lists that are left of a section and fit, with their label, into items; how many. Code below a list
    of work is a note of its last item."""
    taken, last = 0, None
    kept: list[Left] = []
    for left in section.left:
        block = left.block
        if isinstance(block, Listing) and fits(block, left.label):
            tasks = [task for entry in block.entries if (task := read_plain_entry(entry, kind, reader)).text]
            batch = Batch(left.label, block.line, tasks, block.is_ordered, is_bold=bool(left.label))
            section.batches += [batch] if tasks else []
            taken, last = taken + len(tasks), tasks[-1] if tasks else last
        elif isinstance(block, Code) and last is not None and fits is not _are_triggers:
            last.notes.append(block.text)
        else:
            last = None
            kept.append(left)
    section.left = kept
    if taken:
        section.batches.sort(key=lambda batch: batch.line)
    return taken


def _are_tasks(block: Listing, label: str) -> bool:
    """Neither a table of contents nor a list of links."""
    return not is_not_trigger_label(label) and not _most(block, _LINK_ONLY.match)


def _are_steps(block: Listing, label: str) -> bool:
    return block.is_ordered and _are_tasks(block, label)


def _are_triggers(block: Listing, label: str) -> bool:
    """In a rollback section a plain list under `Rollback if:`."""
    return not block.is_ordered and is_trigger_label(label)


def _are_bullets(block: Listing, label: str) -> bool:
    """Bullets, but for lists of fields to fill in: `Start time: ___`."""
    is_form = _most(block, lambda text: _FIELD_TO_FILL.match(text) or is_to_fill(text))
    return not block.is_ordered and not is_form and _are_tasks(block, label)


def _most(block: Listing, fits: Callable[[str], object]) -> bool:
    """Whether more than half of the entries' first lines fit."""
    heads = [entry.lines[0] for entry in block.entries if entry.lines]
    return sum(bool(fits(head)) for head in heads) * 2 > len(heads)


def _take_limits(section: Section, reader: Reader) -> None:
    """The rows of a table of targets."""

    def keep(left: Left) -> list[Left]:
        grid = grid_of(left.block, reader) if isinstance(left.block, Table) else None
        if grid is None or use_of(grid) is not Use.LIMITS:
            return [left]
        section.batches.append(Batch(left.label, left.block.line, limit_tasks(grid)))
        return []

    section.keep(keep)
