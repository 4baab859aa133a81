"""Documents without boxes: numbered steps or bullets become the items, and the report says so."""

from __future__ import annotations

import re
from collections.abc import Callable

from deploytui.plan.markdown.block import Code, Listing, Table
from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.reader import Reader
from deploytui.plan.markdown.section import Batch, Left, Role, Section, is_not_trigger_label, is_trigger_label
from deploytui.plan.markdown.table import Use, grid_of, limit_tasks, use_of
from deploytui.plan.markdown.task import Task, read_plain_entry
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
            _take_triggers(section, reader)
        if is_free and section.role is Role.ROLLBACK:
            _take_lists(section, reader, Kind.STEP, is_ordered=True)
        elif is_free:
            _take_lists(section, reader, Kind.BULLET)
            if section.role is Role.CRITERIA:
                _take_limits(section, reader)


def _add(section: Section, label: str, line: int, tasks: list[Task], *, is_ordered: bool = False) -> None:
    section.batches.append(Batch(label, line, tasks, is_ordered, is_bold=bool(label)))
    section.batches.sort(key=lambda batch: batch.line)


def _take_list(section: Section, left: Left, block: Listing, kind: Kind, reader: Reader) -> list[Task]:
    tasks = [task for entry in block.entries if (task := read_plain_entry(entry, kind, reader)).text]
    if tasks:
        _add(section, left.label, block.line, tasks, is_ordered=block.is_ordered)
    return tasks


def _take_triggers(section: Section, reader: Reader) -> None:
    """In a rollback section a plain list under `Rollback if:` is one of triggers."""

    def keep(left: Left) -> list[Left]:
        block = left.block
        if not isinstance(block, Listing) or block.is_ordered or not is_trigger_label(left.label):
            return [left]
        _take_list(section, left, block, Kind.BULLET, reader)
        return []

    section.keep(keep)


def _heads(block: Listing) -> list[str]:
    return [entry.lines[0] for entry in block.entries if entry.lines]


def _take_lists(section: Section, reader: Reader, kind: Kind, *, is_ordered: bool | None = None) -> int:
    """Turn the lists that are left of a section into items; how many."""
    taken = 0
    last: Task | None = None

    def keep(left: Left) -> list[Left]:
        nonlocal taken, last
        block = left.block
        is_list = isinstance(block, Listing) and is_ordered in (None, block.is_ordered)
        if is_list and isinstance(block, Listing) and _may_be_tasks(block, left.label):
            tasks = _take_list(section, left, block, kind, reader)
            taken, last = taken + len(tasks), tasks[-1] if tasks else last
            return []
        if last is not None and isinstance(block, Code):
            last.notes.append(block.text)
            return []
        last = None
        return [left]

    section.keep(keep)
    return taken


def _may_be_tasks(block: Listing, label: str) -> bool:
    """Not a table of contents, nor a list of links."""
    return not is_not_trigger_label(label) and not _most(_heads(block), _LINK_ONLY.match)


def _most(texts: list[str], fits: Callable[[str], object]) -> bool:
    return sum(bool(fits(text)) for text in texts) * 2 > len(texts) > 0


def _take_limits(section: Section, reader: Reader) -> None:
    """The rows of a table of targets."""

    def keep(left: Left) -> list[Left]:
        grid = grid_of(left.block, reader) if isinstance(left.block, Table) else None
        if grid is None or use_of(grid) is not Use.LIMITS:
            return [left]
        section.batches.append(Batch(left.label, left.block.line, limit_tasks(grid)))
        return []

    section.keep(keep)


def take_steps(root: Section, reader: Reader) -> str:
    """Make items of a document that has no box; says of what, or nothing where there is nothing at all."""
    sections = [one for one in root.walk() if one.role not in _NO_TASKS and not says("no tasks", one.title)]
    if sum(_take_lists(section, reader, Kind.STEP, is_ordered=True) for section in sections):
        return "no boxes in the document: its numbered steps are the items"
    if sum(_take_bullets(section, reader) for section in sections):
        return "no boxes in the document: its bullets are the items"
    return ""


def _take_bullets(section: Section, reader: Reader) -> int:
    """Bullets, but for lists of fields to fill in: `Start time: ___`."""

    def is_form(left: Left) -> bool:
        heads = _heads(left.block) if isinstance(left.block, Listing) else [""]
        return not heads or _most(heads, lambda text: _FIELD_TO_FILL.match(text) or is_to_fill(text))

    forms = [left for left in section.left if isinstance(left.block, Listing) and is_form(left)]
    section.left = [left for left in section.left if left not in forms]
    taken = _take_lists(section, reader, Kind.BULLET, is_ordered=False)
    section.left = sorted([*section.left, *forms], key=lambda left: left.line)
    return taken
