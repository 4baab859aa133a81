"""Documents without boxes: numbered steps, bullets, headings or lines become the items, and the report says so."""

from __future__ import annotations

import re

from msgspec.structs import replace

from deploytui.plan.markdown.block import Block, Code, Listing, Paragraph, Table
from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.role import Role, is_not_trigger_label, is_trigger_label
from deploytui.plan.markdown.section import Batch, Left, Section
from deploytui.plan.markdown.table import Use, grid_of, limit_tasks, step_rows, use_of
from deploytui.plan.markdown.task import Reader, Task, add_blocks, block_text, read_plain_entry
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import is_to_fill

_NO_TASKS = frozenset({Role.REFERENCES, Role.CONTACTS, Role.SIGNOFFS, Role.ISSUES, Role.ENHANCEMENTS})
_LINK_ONLY = re.compile(r"^\s*!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?\W*$")
_FIELD_TO_FILL = re.compile(r"^[^:]{1,60}:\s*(?:_{2,}|\[[^\]]*\]|<[^>]*>)?\s*$")
_NO_SECTION = re.compile(
    r"^(?:overview|purpose|scope|assumptions?|background|introduction|summary|notes?|tips"
    r"|automation tips|appendix|glossary)\b",
    re.I,
)


def take_plain_lists(root: Section, reader: Reader) -> None:
    """Triggers, criteria and the rollback's steps are often plain lists, also where the document has boxes."""
    for section in root.walk():
        if section.role is None or section.has_items():
            _take_labelled(section, reader)
        elif section.role is Role.TRIGGERS:
            _take(section, reader, Kind.BULLET, ordered=None)
        elif section.role is Role.CRITERIA:
            _take(section, reader, Kind.BULLET, ordered=None)
            _take_limits(section, reader)
        elif section.role is Role.ROLLBACK:
            _take_labelled(section, reader)
            _take_budgeted(section, reader)
            _take_step_tables(section, reader)
            _take(section, reader, Kind.STEP, ordered=True)


def _take_labelled(section: Section, reader: Reader) -> None:
    """In a rollback section a plain list under `Rollback if:` is one of triggers."""
    if section.role not in (Role.ROLLBACK, Role.TRIGGERS):
        return
    kept: list[Left] = []
    for left in section.left:
        is_trigger = (
            isinstance(left.block, Listing)
            and left.label
            and is_trigger_label(left.label)
            and not left.block.is_ordered
        )
        if is_trigger and isinstance(left.block, Listing):
            _batch(section, left, left.block, Kind.BULLET, reader)
        else:
            kept.append(left)
    section.left = kept


def _take_budgeted(section: Section, reader: Reader) -> None:
    """Numbered steps that each say how long they take (`1. **Decide (5 min)**`) are stages; what is listed below
    one are its items, and where nothing is, it is its own."""
    kept: list[Left] = []
    for left in section.left:
        block = left.block
        if not (isinstance(block, Listing) and block.is_ordered and _is_budgeted(block)):
            kept.append(left)
            continue
        for entry in block.entries:
            step = read_plain_entry(replace(entry, blocks=entry.blocks[:1]), Kind.STEP, reader)
            batch = Batch(step.text, entry.line, [], is_bold=True)
            task: Task | None = None
            for inner in entry.blocks[1:]:
                if isinstance(inner, Listing):
                    below = [read_plain_entry(one, Kind.BULLET, reader) for one in inner.entries]
                    batch.tasks += [task for task in below if task.text]
                else:
                    task = batch.tasks[-1] if batch.tasks else step
                    add_blocks(task, [inner], reader)
            batch.tasks = batch.tasks or [step]
            section.batches.append(batch)
    section.batches.sort(key=lambda batch: batch.line)
    section.left = kept


def _take_step_tables(section: Section, reader: Reader) -> None:
    """A table of the rollback's steps with their times: each row is a stage, and its own item."""
    kept: list[Left] = []
    for left in section.left:
        rows = step_rows(grid_of(left.block, reader)) if isinstance(left.block, Table) else []
        for task, length in rows:
            reader.trace.imported(task.line)
            label = f"{task.text} ({length})"
            section.batches.append(Batch(label, task.line, [task], is_bold=True))
        if not rows:
            kept.append(left)
    section.left = kept


def _is_budgeted(block: Listing) -> bool:
    heads = [
        entry.blocks[0].lines[0]
        for entry in block.entries
        if entry.blocks and isinstance(entry.blocks[0], Paragraph)
    ]
    return len(heads) == len(block.entries) > 1 and all(
        read_title(head.strip("*_ "), None).budget_s is not None for head in heads
    )


def _take(section: Section, reader: Reader, kind: Kind, *, ordered: bool | None) -> int:
    """Turn the lists that are left of a section into items; how many."""
    kept: list[Left] = []
    taken = 0
    last: Task | None = None
    for left in section.left:
        block = left.block
        fits = isinstance(block, Listing) and (ordered is None or block.is_ordered is ordered)
        if (
            fits
            and isinstance(block, Listing)
            and not is_not_trigger_label(left.label)
            and not _is_contents(block)
        ):
            tasks = _batch(section, left, block, kind, reader)
            taken += len(tasks)
            last = tasks[-1] if tasks else last
        elif last is not None and isinstance(block, Code):
            last.notes.append(block.text)
        else:
            kept.append(left)
            last = None
    section.left = kept
    return taken


def _batch(section: Section, left: Left, block: Listing, kind: Kind, reader: Reader) -> list[Task]:
    tasks = [task for entry in block.entries if (task := read_plain_entry(entry, kind, reader)).text]
    if tasks:
        section.batches.append(
            Batch(left.label, block.line, tasks, block.is_ordered, is_bold=bool(left.label))
        )
        section.batches.sort(key=lambda batch: batch.line)
    return tasks


def _take_limits(section: Section, reader: Reader) -> None:
    kept: list[Left] = []
    for left in section.left:
        block = left.block
        if isinstance(block, Table) and use_of(grid_of(block, reader)) is Use.LIMITS:
            section.batches.append(Batch(left.label, block.line, limit_tasks(grid_of(block, reader))))
        else:
            kept.append(left)
    section.left = kept


def _is_contents(block: Listing) -> bool:
    """A table of contents, or a list of links."""
    texts = [
        entry.blocks[0].lines[0]
        for entry in block.entries
        if entry.blocks and isinstance(entry.blocks[0], Paragraph)
    ]
    return bool(texts) and sum(bool(_LINK_ONLY.match(text)) for text in texts) * 2 > len(texts)


def _is_form(block: Listing) -> bool:
    """A list of fields to fill in: `Start time: ___`."""
    texts = [
        entry.blocks[0].lines[0]
        for entry in block.entries
        if entry.blocks and isinstance(entry.blocks[0], Paragraph)
    ]
    return not texts or sum(bool(_FIELD_TO_FILL.match(text)) or is_to_fill(text) for text in texts) * 2 > len(
        texts
    )


def take_steps(root: Section, reader: Reader) -> str:
    """Make items of a document that has no box; says of what, or nothing where there is nothing at all."""
    if _from_lists(root, reader, Kind.STEP, ordered=True):
        return "no boxes in the document: its numbered steps are the items"
    if _from_lists(root, reader, Kind.BULLET, ordered=False):
        return "no boxes in the document: its bullets are the items"
    if _from_headings(root, reader):
        return "no boxes and no lists in the document: its headings are the items"
    if _from_lines(root, reader):
        return "no boxes, lists or headings in the document: its paragraphs are the items"
    return ""


def _sections(root: Section) -> list[Section]:
    return [
        section
        for section in root.walk()
        if section.role not in _NO_TASKS and not _NO_SECTION.match(section.title)
    ]


def _from_lists(root: Section, reader: Reader, kind: Kind, *, ordered: bool) -> bool:
    found = 0
    for section in _sections(root):
        if not ordered:
            forms = [
                left for left in section.left if isinstance(left.block, Listing) and _is_form(left.block)
            ]
            section.left = [left for left in section.left if left not in forms]
            found += _take(section, reader, kind, ordered=ordered)
            section.left = sorted([*section.left, *forms], key=lambda left: left.line)
        else:
            found += _take(section, reader, kind, ordered=ordered)
    return found > 0


def _from_headings(root: Section, reader: Reader) -> bool:
    """Each heading without headings below it is a step, what stands under it its note."""
    leaves = [
        section for section in _sections(root) if section.level and not section.children and section.title
    ]
    if len(leaves) < 2:
        return False
    for leaf in leaves:
        task = Task(leaf.title, leaf.line, Kind.STEP)
        add_blocks(task, [left.block for left in leaf.left], reader)
        leaf.left = []
        above = leaf.parent or root
        above.batches.append(Batch("", leaf.line, [task], is_ordered=True))
    return True


def _from_lines(root: Section, reader: Reader) -> bool:
    tasks: list[Task] = []
    for section in root.walk():
        kept: list[Left] = []
        for left in section.left:
            text = " ".join(block_text(left.block, reader).split()) if _is_prose(left.block) else ""
            if text:
                tasks.append(Task(text, left.line, Kind.STEP))
            else:
                kept.append(left)
        section.left = kept
    if tasks:
        root.batches.append(Batch("", tasks[0].line, tasks))
    return bool(tasks)


def _is_prose(block: Block) -> bool:
    return isinstance(block, Paragraph | Listing)
