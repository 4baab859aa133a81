"""The blocks of each section in order: items in batches, under labels, and what is left over."""

from __future__ import annotations

import re
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from deploytui.plan.markdown.block import Block, Code, Entry, Html, Listing, Paragraph, Rule, Table
from deploytui.plan.markdown.box import (
    OPEN_GLYPHS,
    STATUS_GLYPHS,
    Kind,
    bare_box,
    is_choice,
    looks_like_box,
)
from deploytui.plan.markdown.reader import Reader, block_text, html_text
from deploytui.plan.markdown.section import Batch, Left, Role, Section, is_trigger_label, undecorated
from deploytui.plan.markdown.table import Use, columns, grid_of, row_tasks, use_of
from deploytui.plan.markdown.task import (
    Task,
    add_blocks,
    entry_box,
    entry_glyph,
    has_box,
    read_entry,
    read_lines,
    swallowed,
)
from deploytui.plan.markdown.words import any_of

LABEL = "the label"
_LABEL_MOST = 100
_BOLD_ONLY = re.compile(
    r"^\s*(?P<mark>\*\*|__)(?P<text>[^*_](?:.{0,98}[^*_])?)(?P=mark)\s*:?\s*(?P<more>[(（].{1,60}[)）]\s*:?)?\s*$"
)
_BOLD_LEAD = re.compile(r"^(\*\*|__)[^*_]{2,40}\1:?\s.{0,70}$")
_SUMMARY = re.compile(r"<summary[^<>]*>(.*?)</summary>", re.I | re.S)
_REMARK = re.compile(rf"^\W*(?:{any_of('remark')})\b[^:]{{0,30}}:", re.I)


def harvest(root: Section, reader: Reader, *, tables: bool) -> None:
    """Turn the blocks of every section into batches of items and what is left over."""
    for section in root.walk():
        _Harvest(section, reader, tables).run()


class _Label(Struct):
    """A line that may head what comes below it."""

    text: str
    is_bold: bool
    block: Paragraph
    is_used: bool = False


class _Harvest:
    """Reads the blocks of one section in order."""

    def __init__(self, section: Section, reader: Reader, tables: bool) -> None:
        self._section = section
        self._reader = reader
        self._tables = tables
        self._batch: Batch | None = None
        self._label: _Label | None = None
        self._last: Task | None = None

    def run(self) -> None:
        blocks = self._section.blocks
        for block, following in zip_longest(blocks, blocks[1:]):
            self._read(block, following)
        self._set_label(None)
        self._settle_labels()

    def _settle_labels(self) -> None:
        """A plain line above the only list of a section says how to read it: it is text. Others head their list."""
        batches = [batch for batch in self._section.batches if batch.tasks]
        for batch in batches:
            is_only = len(batches) == 1 and not batch.is_bold and bool(self._section.title)
            if batch.label and is_only and not is_trigger_label(batch.label):
                self._keep(Paragraph([f"{batch.label}:"], batch.line))
                batch.label = ""
            elif batch.label:
                said = f"{LABEL} of a list: {len(batch.tasks)} items"
                self._reader.trace.say(batch.line, batch.label, said)

    def _keep(self, block: Block, label: str = "") -> None:
        self._section.left.append(Left(block, label))

    def _read(self, block: Block, following: Block | None) -> None:
        match block:
            case Paragraph():
                self._paragraph(block, following)
            case Listing():
                self._listing(block)
            case Table():
                self._table(block)
            case Code():
                self._code(block)
            case Html():
                self._html(block)
            case Rule():
                self._set_label(None)

    def _paragraph(self, block: Paragraph, following: Block | None) -> None:
        if self._bare(block):
            return
        label = _label_of(block, following, self._reader)
        if label is not None:
            self._set_label(label)
        elif self._last is not None and _REMARK.match(block.lines[0]):
            self._last.notes.append(block_text(block, self._reader))
        else:
            self._leave(block)

    def _set_label(self, label: _Label | None) -> None:
        """What comes next stands under this label; one that got no items is text."""
        if self._label is not None and not self._label.is_used:
            self._keep(self._label.block)
        self._label = label
        self._batch = self._last = None

    def _leave(self, block: Block) -> None:
        """Text of the section; under a label it keeps it."""
        self._keep(block, self._label.text if self._label is not None else "")
        if isinstance(block, Listing | Table):
            self._label = None
        if self._label is not None:
            self._label.is_used = True
        if not isinstance(block, Code):
            self._last = None

    def _open(self, line: int) -> Batch:
        if self._batch is None:
            label, self._label = self._label, None
            self._batch = Batch("", line)
            if label is not None:
                self._batch = Batch(label.text, label.block.line, is_bold=label.is_bold)
            self._section.batches.append(self._batch)
        return self._batch

    def _add(self, tasks: list[Task], line: int) -> None:
        if tasks:
            self._open(line).tasks += tasks
            self._last = tasks[-1]

    def _bare(self, block: Paragraph) -> bool:
        """Lines that are boxes although no list: `[ ] text`, `☐ text`, `-[ ] text`."""
        glyphs, is_marked = _trusted_glyphs(block.lines)
        legend = self._reader.legend
        boxes = (None if _is_field(line) else bare_box(line, legend, glyphs=glyphs) for line in block.lines)
        start, first = next(((place, box) for place, box in enumerate(boxes) if box is not None), (0, None))
        if first is None:
            return False
        if start:
            self._paragraph(replace(block, lines=block.lines[:start]), Listing([], block.line))
        line = block.line + start
        if first.kind is Kind.GLYPH and is_marked:
            first = replace(first, kind=Kind.STATE)
        elif first.kind is Kind.GLYPH:
            self._reader.trace.say(line, block.lines[start], "an item, drawn as a glyph outside a list")
        tasks = read_lines([first.text, *block.lines[start + 1 :]], line, first, self._reader, glyphs)
        self._add(tasks, line)
        return True

    def _listing(self, block: Listing) -> None:
        legend = self._reader.legend
        glyphs = [entry_glyph(entry) for entry in block.entries]
        boxes = [entry_box(entry, legend) for entry in block.entries]
        if not has_box(block, legend):
            # A list whose entries all begin with a state glyph is one of items, where ✅ is among them.
            if not all(glyphs) or not any(glyph and glyph.is_done for glyph in glyphs):
                self._leave(block)
                return
            boxes = [glyph and replace(glyph, kind=Kind.STATE) for glyph in glyphs]
        elif block.is_ordered and all(boxes):
            self._open(block.line).is_ordered = True
        if any(glyph and not glyph.mark for glyph in glyphs):
            # Beside a ☐ the other glyphs are boxes too.
            boxes = [box or glyph for box, glyph in zip(boxes, glyphs, strict=True)]
        for entry, box in zip(block.entries, boxes, strict=True):
            if box is None:
                self._plain_entry(entry, block)
                continue
            if box.kind is Kind.GLYPH:
                self._reader.trace.say(entry.line, box.text, "an item, drawn as a glyph")
            self._add(read_entry(entry, box, self._reader), entry.line)

    def _plain_entry(self, entry: Entry, listing: Listing) -> None:
        """An entry without a box in a list that has some: the group of the boxes below it, or a note."""
        legend = self._reader.legend
        if entry.head is None:
            for block in entry.blocks:
                self._read(block, None)
            return
        if not swallowed(entry, legend) and not any(has_box(block, legend) for block in entry.blocks):
            self._keep(Listing([entry], entry.line, listing.is_ordered))
            return
        outer, label = self._batch, self._reader.plain(entry.lines[0])
        self._batch = Batch(label, entry.line, is_bold=True)
        self._section.batches.append(self._batch)
        owner = Task("", entry.line, Kind.BULLET)
        add_blocks(owner, [Listing([replace(entry, number=None)], entry.line)], self._reader)
        self._batch.tasks += owner.children
        if rest := [note for note in owner.notes if note != label]:
            self._keep(Paragraph("\n".join(rest).split("\n"), entry.line), label)
        # The list goes on for what was before it.
        self._batch = outer if outer is not None and not outer.label else None
        self._last = owner.children[-1] if owner.children else None

    def _table(self, block: Table) -> None:
        role, grid = self._section.role, grid_of(block, self._reader)
        found = columns(grid) if self._tables and use_of(grid, role) is Use.TASKS else None
        if found and role in (Role.ISSUES, Role.REFERENCES):
            has_boxes = any(looks_like_box(cell) for row in block.rows for cell in row.cells)
            found = found if has_boxes else None
        tasks = row_tasks(grid, found, self._reader) if found else []
        if not tasks:
            self._leave(block)
            return
        said = f"a table of tasks: {len(tasks)} rows became items"
        self._reader.trace.say(block.line, " | ".join(block.header), said)
        self._batch = None
        self._add(tasks, block.line)
        self._batch = self._last = None

    def _code(self, block: Code) -> None:
        if not block.is_closed:
            hidden = block.end - block.line
            said = f"a code block that never ends; what comes after it is code, {hidden} line{'s' * (hidden != 1)}"
            self._reader.trace.warn(block.line, f"```{block.info}", said)
        if self._last is not None and self._label is None:
            self._last.notes.append(block.text)
        else:
            self._leave(block)

    def _html(self, block: Html) -> None:
        text, match = block.text, _SUMMARY.search(block.text)
        if match is not None:
            if title := html_text(match[1]):
                self._set_label(_Label(title.split("\n")[0], True, Paragraph([title], block.line)))
            text = text.replace(match.group(), " ")
        if rest := html_text(text):
            self._leave(Paragraph(rest.split("\n"), block.line))


def _is_field(line: str) -> bool:
    """`[ ] GO [ ] NO-GO`: a choice of short words, not an item."""
    if not is_choice(line) or re.search(r"\[[xX]\]", line):
        return False
    parts = re.split(rf"\\?\[[ xX\u00a0]?\\?\]|[{OPEN_GLYPHS}]", line)
    return all(len(part.split()) <= 3 for part in parts)


def _trusted_glyphs(lines: list[str]) -> tuple[str, bool]:
    """The glyphs that make items of these lines, and whether these are only marked lines. A single line that
    begins with ✅ is prose; beside a ☐ it is a box, beside others like it a marked line."""
    states = [line.lstrip(" >-*+")[:1] or " " for line in lines]
    if any(char in OPEN_GLYPHS for char in states):
        return STATUS_GLYPHS, False
    is_marked = sum(char in STATUS_GLYPHS for char in states) > 1
    return (STATUS_GLYPHS if is_marked else OPEN_GLYPHS), is_marked


def _label_of(block: Paragraph, following: Block | None, reader: Reader) -> _Label | None:
    """A line that heads the list below it, or is set in bold like a heading."""
    if len(block.lines) != 1:
        return None
    line = block.lines[0].strip()
    if match := _BOLD_ONLY.match(line):
        is_whole = "**" not in match["text"] and "__" not in match["text"]
        return _Label(undecorated(line, reader.references).rstrip(":"), True, block) if is_whole else None
    text = reader.plain(line)
    is_short = line.endswith((":", "：")) and len(line) <= _LABEL_MOST
    is_lead = isinstance(following, Listing) and _BOLD_LEAD.match(line) and is_trigger_label(text)
    is_heading = is_lead or (is_short and isinstance(following, Listing | Table))
    return _Label(text.rstrip(":： "), False, block) if is_heading else None
