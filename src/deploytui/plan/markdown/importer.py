"""From the bytes of a Markdown document to the raw nodes of a plan, in the order in which one part needs the other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath

from msgspec import Struct

from deploytui.base.errors import InvalidChecklist, Problem
from deploytui.base.text import clean_line
from deploytui.plan.finding import Recognized, Repair
from deploytui.plan.markdown.account import plural, say_all, say_headings, say_notes
from deploytui.plan.markdown.arrange import Arranged, arrange
from deploytui.plan.markdown.audit import TASK_IN_CODE, name_lost_boxes, open_fences
from deploytui.plan.markdown.block import Block, Code, Paragraph, parse
from deploytui.plan.markdown.box import UNBOXED, Kind, read_legend
from deploytui.plan.markdown.carried import read_carried
from deploytui.plan.markdown.fact import (
    Facts,
    Said,
    facts_of_lines,
    find_go_live,
    read_facts,
    rollback_limit,
    titled_limit,
    used_variables,
)
from deploytui.plan.markdown.fallback import take_plain_lists, take_steps
from deploytui.plan.markdown.front import Front, read_front
from deploytui.plan.markdown.harvest import harvest
from deploytui.plan.markdown.note import Remark, read_notes
from deploytui.plan.markdown.owner import take_owners
from deploytui.plan.markdown.people import People, read_people
from deploytui.plan.markdown.role import Role
from deploytui.plan.markdown.section import Section, build_tree, set_roles
from deploytui.plan.markdown.stage import place
from deploytui.plan.markdown.task import Reader
from deploytui.plan.markdown.trace import Trace
from deploytui.plan.markdown.write import write_plan
from deploytui.plan.node import Mapping
from deploytui.plan.repair import is_binary, read_text
from deploytui.plan.yaml import MAX_BYTES

_LOOKED_AT = 64 * 1024
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\] \S)", re.M)


class Imported(Struct, frozen=True):
    """The nodes of the plan, what was repaired, what was taken for what; and how many items came from where."""

    node: Mapping
    repairs: tuple[Repair, ...]
    recognized: tuple[Recognized, ...]
    warnings: tuple[Recognized, ...]
    counts: dict[Kind, int]
    lines_in_code: int

    @property
    def unboxed(self) -> tuple[tuple[str, int], ...]:
        """The items that are no checkbox of the document, where it has checkboxes."""
        has_boxes = any(kind not in UNBOXED for kind in self.counts)
        return tuple(
            (plural(kind, self.counts[kind]), self.counts[kind])
            for kind in UNBOXED
            if has_boxes and kind in self.counts
        )


def import_markdown(
    source: bytes, name: str, shown: str = "", *, tables: bool = True, from_code: bool = False
) -> Imported:
    """Read a Markdown document. `tables` makes items of the rows of task tables, `from_code` of the tasks in code.

    InvalidChecklist where the bytes are no document; it names the file as `shown`, where that is given.
    """
    shown = shown or clean_line(name)
    if len(source) > MAX_BYTES:
        raise InvalidChecklist(
            Problem(f"{len(source):,} bytes", "at most 16 MiB", "splitting the document", shown)
        )
    if is_binary(source):
        raise InvalidChecklist(Problem("a binary file", "a text in Markdown", "naming the right file", shown))
    decoded = read_text(source)
    if not decoded.text.strip():
        raise InvalidChecklist(Problem("an empty file", "a checklist in Markdown", None, shown, 1))
    text, repairs = decoded.text, decoded.repairs
    trace = Trace()
    if (carried := read_carried(text, shown, trace)) is not None:
        if carried.node is not None and carried.plan is not None:
            counts = {Kind.BOX: sum(1 for _ in carried.plan.all_items())}
            return Imported(carried.node, repairs, tuple(trace.recognized), tuple(trace.warnings), counts, 0)
        found = f"a checklist carried in YAML ({carried.problem})"
        text, repairs = carried.text, (*repairs, Repair(carried.line, found, "what the text says"))
    text = open_fences(text) if from_code else text
    for is_deep in (True, False):
        try:
            return _Import(text, name, tables, is_deep).run(repairs)
        except RecursionError:
            if not is_deep:
                raise
    raise AssertionError("the loop returns or raises")


def looks_like_markdown(source: bytes) -> bool:
    """Whether a file of an unknown kind is a Markdown document: it has headings or boxes."""
    head = source[:_LOOKED_AT]
    return not is_binary(source) and _MARKDOWN.search(read_text(head).text) is not None


class _Read(Struct):
    """All that was read of one document."""

    title: str
    facts: Facts
    arranged: Arranged
    people: People
    remarks: list[Remark]


class _Import:
    """One document on its way."""

    def __init__(self, text: str, name: str, tables: bool, is_deep: bool) -> None:
        self._text = text
        self._name = name
        self._tables = tables
        self._is_deep = is_deep
        self._trace = Trace()
        self._legend = read_legend(text)

    def run(self, repairs: tuple[Repair, ...]) -> Imported:
        front = read_front(self._text, Reader({}, self._legend, self._trace))
        parsed = parse(front.body, is_deep=self._is_deep)
        if parsed.is_cut:
            self._trace.warn(1, "", "nested deeper than can be read; what lies below is not imported")
        reader = Reader(parsed.references, self._legend, self._trace)
        root = build_tree(parsed.blocks, reader)
        in_code = _tasks_in_code(parsed.blocks)
        read = self._read(root, front, reader, in_code)
        counts = _count(read.arranged)
        say_all(self._trace, self._name, read.arranged, read.facts, counts)
        say_headings(self._trace, root)
        name_lost_boxes(self._text.split("\n"), front.lines, parsed.blocks, self._trace)
        variables = _variables(front, self._text)
        node = write_plan(read.title, read.facts, variables, read.arranged, read.people, read.remarks)
        recognized = sorted(self._trace.recognized, key=lambda one: one.line)
        warnings = sorted(self._trace.warnings, key=lambda one: one.line)
        return Imported(node, repairs, tuple(recognized), tuple(warnings), counts, in_code)

    def _read(self, root: Section, front: Front, reader: Reader, in_code: int) -> _Read:
        title = _title_section(root)
        root.children[:0] = front.sections(root)
        set_roles(root, title, self._trace)
        harvest(root, reader, tables=self._tables)
        self._fill(root, reader, in_code)
        name = self._title(root, front)
        facts = self._facts(root, front, reader)
        take_owners(root, reader)
        people = read_people(root, reader)
        limit = _limit(root)
        arranged = arrange(root, title, name)
        place(arranged, facts, title.title if title is not None else "")
        arranged.limit = limit if arranged.procedure or arranged.triggers else None
        remarks = [*_front_note(front), *read_notes(root, title, reader)]
        say_notes(self._trace, remarks)
        return _Read(name, facts, arranged, people, remarks)

    def _fill(self, root: Section, reader: Reader, in_code: int) -> None:
        """Plain lists where lists are meant, and something to work with where there is no box at all."""
        if root.has_items():
            take_plain_lists(root, reader)
        elif not in_code:
            take_plain_lists(root, reader)
            if not any(section.has_own_items() and section.role is None for section in root.walk()):
                said = take_steps(root, reader)
                if said:
                    self._trace.warn(1, self._name, f"assumed: {said}")

    def _title(self, root: Section, front: Front) -> str:
        first = next((section for section in root.walk() if section.level == 1 and section.title), None)
        if first is not None:
            return first.title
        stated = {key.lower(): value for key, value, _ in front.facts}
        stem = PurePath(self._name).stem.replace("_", " ").replace("-", " ").strip()
        return stated.get("title") or stated.get("name") or stem or "Checklist"

    def _facts(self, root: Section, front: Front, reader: Reader) -> Facts:
        facts = Facts()
        for key, value, line in front.facts:
            facts.add(key, value, line)
        said = list(_said(root))
        title, subtitle = _title_section(root), _subtitle(root)
        heads = {id(section) for section in (title, subtitle) if section is not None}
        read_facts(root, heads, _first_item_line(root), reader, facts)
        find_go_live(facts, said, self._text, reader, title)
        if subtitle is not None and not subtitle.left:
            facts.add("subtitle", subtitle.title, subtitle.line)
        return facts


def _title_section(root: Section) -> Section | None:
    """The heading that names the document: the first H1, unless several H1 are its phases; else the one heading
    above all others."""
    firsts = [section for section in root.walk() if section.level == 1]
    if len(firsts) == 1:
        return firsts[0]
    if not firsts and len(root.children) == 1 and root.children[0].children:
        return root.children[0]
    if len(firsts) > 1 and not firsts[0].blocks:
        return firsts[0]
    return root.children[0] if not firsts and len(root.children) == 1 else None


def _subtitle(root: Section) -> Section | None:
    """A heading right below the title, with no heading below it and nothing to do in it."""
    title = _title_section(root)
    if title is None or not title.children or title.blocks:
        return None
    first = title.children[0]
    is_empty = not first.children and not first.has_items() and first.role is None and len(title.children) > 1
    return first if is_empty and first.level == title.level + 1 and first.line - title.line <= 2 else None


def _said(root: Section) -> list[Said]:
    """Every bold `**Key:** value` of the document, wherever it stands."""
    return [
        one
        for section in root.walk()
        for left in section.left
        if isinstance(left.block, Paragraph)
        for one in facts_of_lines(left.block.lines, left.block.line, plain=False)[0]
    ]


def _first_item_line(root: Section) -> int:
    """Where the first items stand; facts come before them."""
    lines = [batch.tasks[0].line for section in root.walk() for batch in section.batches if batch.tasks]
    return min((line for line in lines if line), default=1 << 30)


def _limit(root: Section) -> tuple[int, int, str] | None:
    """The stated total of the rollback, from the sections about it or below the last of its lists."""
    for section in root.walk():
        if section.role is not None and section.role.name in ("ROLLBACK", "TRIGGERS"):
            found = rollback_limit([left.block for left in section.left])
            if found is not None:
                return found[0], found[1], re.sub(r"[*_]{2}", "", found[2]).strip()
            for task in (task for batch in section.batches for task in batch.tasks):
                notes: list[Block] = [Paragraph(note.split("\n"), task.line) for note in task.notes]
                if (found := rollback_limit(notes)) is not None:
                    return found
    for section in root.walk():
        if section.role is Role.ROLLBACK and (seconds := titled_limit(section.title)) is not None:
            return seconds, section.line, section.title
    return None


def _tasks_in_code(blocks: list[Block]) -> int:
    return sum(
        bool(TASK_IN_CODE.match(line))
        for block in blocks
        if isinstance(block, Code)
        for line in block.text.split("\n")
    )


def _variables(front: Front, text: str) -> list[tuple[str, str, int]]:
    stated = {key: (value, line) for key, value, line in front.facts}
    return [(name, *stated[name]) for name in used_variables(text) if name in stated]


def _front_note(front: Front) -> list[Remark]:
    return [Remark("text", f"Front matter:\n{front.text}", 1)] if front.text else []


def _count(arranged: Arranged) -> dict[Kind, int]:
    tasks = [task for part in arranged.parts for group in part.groups for task in group.tasks]
    tasks += arranged.triggers
    tasks += [task for step in (*arranged.procedure, *arranged.criteria) for task in step.tasks]
    counted = Counter(inner.kind for task in tasks for inner in task.walk())
    return {kind: counted[kind] for kind in Kind if counted[kind]}
