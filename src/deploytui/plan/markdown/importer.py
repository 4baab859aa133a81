"""From the bytes of a Markdown document to the raw nodes of a plan, in the order in which one part needs the other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath

from msgspec import Struct

from deploytui.base.errors import InvalidChecklist, Problem
from deploytui.base.text import clean_line
from deploytui.plan.finding import Recognized, Repair
from deploytui.plan.markdown.account import name_lost_boxes, open_fences, plural, say_all, tasks_in
from deploytui.plan.markdown.arrange import arrange
from deploytui.plan.markdown.block import Code, Paragraph, parse
from deploytui.plan.markdown.box import UNBOXED, Kind, read_legend
from deploytui.plan.markdown.carried import read_carried
from deploytui.plan.markdown.fact import (
    Facts,
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
from deploytui.plan.markdown.note import read_notes
from deploytui.plan.markdown.people import read_people, take_owners
from deploytui.plan.markdown.reader import Reader, Trace
from deploytui.plan.markdown.section import Role, Section, build_tree, set_roles
from deploytui.plan.markdown.stage import place
from deploytui.plan.markdown.write import write_plan
from deploytui.plan.model import Note
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
        found = tuple((plural(kind, count), count) for kind, count in self.counts.items() if kind in UNBOXED)
        return found if len(found) < len(self.counts) else ()


def import_markdown(
    source: bytes, name: str, shown: str = "", *, tables: bool = True, from_code: bool = False
) -> Imported:
    """Read a Markdown document. `tables` makes items of the rows of task tables, `from_code` of the tasks in code.

    InvalidChecklist where the bytes are no document; it names the file as `shown`, where that is given.
    """
    shown = shown or clean_line(name)
    if len(source) > MAX_BYTES:
        found = f"{len(source):,} bytes"
        raise InvalidChecklist(Problem(found, "at most 16 MiB", "splitting the document", shown))
    if is_binary(source):
        raise InvalidChecklist(Problem("a binary file", "a text in Markdown", "naming the right file", shown))
    decoded = read_text(source)
    text, repairs = decoded.text, decoded.repairs
    if not text.strip():
        raise InvalidChecklist(Problem("an empty file", "a checklist in Markdown", None, shown, 1))
    trace = Trace()
    if (carried := read_carried(text, shown, trace)) is not None:
        if carried.node is not None:
            return _imported(carried.node, repairs, trace, {Kind.BOX: carried.items}, 0)
        said = f"a checklist carried in YAML ({carried.problem})"
        text, repairs = carried.text, (*repairs, Repair(carried.line, said, "what the text says"))
    text = open_fences(text, parse(text).blocks) if from_code else text
    return _read(text, name, repairs, has_tables=tables)


def looks_like_markdown(source: bytes) -> bool:
    """Whether a file of an unknown kind is a Markdown document: it has headings or boxes."""
    return not is_binary(source) and _MARKDOWN.search(read_text(source[:_LOOKED_AT]).text) is not None


def _imported(
    node: Mapping, repairs: tuple[Repair, ...], trace: Trace, counts: dict[Kind, int], in_code: int
) -> Imported:
    recognized, warnings = (
        tuple(sorted(said, key=lambda one: one.line)) for said in (trace.recognized, trace.warnings)
    )
    return Imported(node, repairs, recognized, warnings, counts, in_code)


def _read(text: str, name: str, repairs: tuple[Repair, ...], *, has_tables: bool) -> Imported:
    """The document in the order in which one part needs the other."""
    trace, legend = Trace(), read_legend(text)
    front = read_front(text, Reader({}, legend, trace))
    parsed = parse(front.body)
    if parsed.is_cut:
        trace.warn(1, "", "nested deeper than can be read; what lies below is not imported")
    reader = Reader(parsed.references, legend, trace)
    root = build_tree(parsed.blocks, reader)
    head = _title_section(root)
    for section in front.sections:
        section.parent = root
    root.children[:0] = front.sections
    set_roles(root, head, trace)
    harvest(root, reader, tables=has_tables)
    in_code = sum(tasks_in(block) for block in parsed.blocks if isinstance(block, Code))
    _fill(root, reader, name, in_code)
    title = _title(root, front, name)
    facts = _facts(root, head, front, reader, text)
    take_owners(root, reader)
    people = read_people(root, reader)
    limit = _limit(root)
    arranged = arrange(root, head, title)
    place(arranged, facts, head.title if head is not None else "")
    arranged.limit = limit if arranged.procedure or arranged.triggers else None
    remarks = [Note("text", f"Front matter:\n{front.text}", 1)] if front.text else []
    remarks += read_notes(root, head, reader)
    kinds = Counter(one.kind for tasks in arranged.lists() for task in tasks for one in task.walk())
    counts = {kind: kinds[kind] for kind in Kind if kinds[kind]}
    say_all(trace, name, root, arranged, facts, counts, remarks)
    name_lost_boxes(text.split("\n"), front.lines, parsed.blocks, trace)
    stated = {key: (value, line) for key, value, line in front.facts}
    variables = [(key, *stated[key]) for key in used_variables(text) if key in stated]
    node = write_plan(title, facts, variables, arranged, people, remarks)
    return _imported(node, repairs, trace, counts, in_code)


def _fill(root: Section, reader: Reader, name: str, in_code: int) -> None:
    """Plain lists where lists are meant, and something to work with where there is no box at all."""
    has_boxes = root.has_items()
    if has_boxes or not in_code:
        take_plain_lists(root, reader)
    is_empty = not any(section.has_own_items() and section.role is None for section in root.walk())
    if is_empty and not has_boxes and not in_code and (said := take_steps(root, reader)):
        reader.trace.warn(1, name, f"assumed: {said}")


def _title(root: Section, front: Front, name: str) -> str:
    firsts = [section.title for section in root.walk() if section.level == 1 and section.title]
    stated = {key.lower(): value for key, value, _ in front.facts}
    stem = PurePath(name).stem.replace("_", " ").replace("-", " ").strip()
    return next(filter(None, (*firsts[:1], stated.get("title"), stated.get("name"), stem)), "Checklist")


def _facts(root: Section, head: Section | None, front: Front, reader: Reader, text: str) -> Facts:
    facts = Facts()
    for key, value, line in front.facts:
        facts.add(key, value, line)
    # Every bold `**Key:** value` of the document, wherever it stands.
    lefts = [left.block for section in root.walk() for left in section.left]
    blocks = [block for block in lefts if isinstance(block, Paragraph)]
    said = [one for block in blocks for one in facts_of_lines(block.lines, block.line, plain=False)[0]]
    subtitle = _subtitle(head)
    lines = [task.line for section in root.walk() for task in section.own_tasks() if task.line]
    read_facts(root, {id(head), id(subtitle)}, min(lines, default=1 << 30), reader, facts)
    find_go_live(facts, said, text, reader, head)
    if subtitle is not None and not subtitle.left:
        facts.add("subtitle", subtitle.title, subtitle.line)
    return facts


def _title_section(root: Section) -> Section | None:
    """The heading that names the document: the first H1, unless several H1 are its phases; else the one heading
    above all others."""
    firsts = [section for section in root.walk() if section.level == 1] or root.children
    is_titled = len(firsts) == 1 or (len(firsts) > 1 and firsts[0].level == 1 and not firsts[0].blocks)
    return firsts[0] if is_titled else None


def _subtitle(title: Section | None) -> Section | None:
    """A heading right below the title, with no heading below it and nothing to do in it."""
    if title is None or len(title.children) < 2 or title.blocks:
        return None
    first = title.children[0]
    is_full = first.children or first.has_items() or first.role is not None
    is_next = first.level == title.level + 1 and first.line - title.line <= 2
    return first if is_next and not is_full else None


def _limit(root: Section) -> tuple[int, int, str] | None:
    """The stated total of the rollback, from the sections about it or below the last of its lists."""
    about = [section for section in root.walk() if section.role in (Role.ROLLBACK, Role.TRIGGERS)]
    for section in about:
        blocks = [left.block for left in section.left]
        notes = ((note, task.line) for task in section.own_tasks() for note in task.notes)
        blocks += [Paragraph(note.split("\n"), line) for note, line in notes]
        if (found := rollback_limit(blocks)) is not None:
            return found
    titled = ((titled_limit(one.title), one.line, one.title) for one in about if one.role is Role.ROLLBACK)
    return next(((seconds, line, title) for seconds, line, title in titled if seconds is not None), None)
