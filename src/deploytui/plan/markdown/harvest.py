"""The blocks of each section in order: items in batches, under labels, and what is left over."""

from __future__ import annotations

import re

from msgspec.structs import replace

from deploytui.plan.markdown.block import Block, Code, Entry, Heading, Html, Listing, Paragraph, Rule, Table
from deploytui.plan.markdown.box import OPEN_GLYPHS, STATUS_GLYPHS, Kind, bare_box, is_choice, looks_like_box
from deploytui.plan.markdown.role import Role, is_trigger_label, undecorated
from deploytui.plan.markdown.section import Batch, Left, Section
from deploytui.plan.markdown.table import Use, columns, grid_of, row_tasks, use_of
from deploytui.plan.markdown.task import (
    Reader,
    Task,
    add_blocks,
    block_text,
    entry_box,
    entry_glyph,
    has_box,
    html_text,
    read_entry,
    read_lines,
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


class _Harvest:
    """Reads the blocks of one section in order."""

    def __init__(self, section: Section, reader: Reader, tables: bool) -> None:
        self._section = section
        self._reader = reader
        self._tables = tables
        self._batch: Batch | None = None
        self._label: tuple[str, int, bool, Block] | None = None
        self._is_label_used = False
        self._last: Task | None = None

    def run(self) -> None:
        blocks = self._section.blocks
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            self._read(block, following)
        self._drop_label()
        self._settle_labels()

    def _settle_labels(self) -> None:
        """A plain line above the only list of a section says how to read it: it is text. Others head their list."""
        batches = [batch for batch in self._section.batches if batch.tasks]
        for batch in batches:
            is_only = len(batches) == 1 and not batch.is_bold and bool(self._section.title)
            if batch.label and is_only and not is_trigger_label(batch.label):
                self._section.left.append(Left(Paragraph([f"{batch.label}:"], batch.line), "", batch.line))
                batch.label = ""
            elif batch.label:
                said = f"{LABEL} of a list: {len(batch.tasks)} items"
                self._reader.trace.say(batch.line, batch.label, said)

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
                self._drop_label()
                self._batch = self._last = None
            case Heading():
                return

    def _paragraph(self, block: Paragraph, following: Block | None) -> None:
        if self._bare(block):
            return
        label = _label_of(block, following, self._reader)
        if label is not None:
            self._set_label(*label, block)
        elif self._last is not None and _REMARK.match(block.lines[0]):
            self._last.notes.append(block_text(block, self._reader))
        else:
            self._leave(block)

    def _set_label(self, text: str, is_bold: bool, block: Block) -> None:
        self._drop_label()
        self._label = (text, _line_of(block), is_bold, block)
        self._is_label_used = False
        self._batch = self._last = None

    def _drop_label(self) -> None:
        """A label without items is text."""
        if self._label is not None:
            block = self._label[3]
            self._label = None
            if not self._is_label_used:
                self._section.left.append(Left(block, "", _line_of(block)))

    def _leave(self, block: Block) -> None:
        """Text of the section; under a label it keeps it."""
        label = self._label[0] if self._label is not None else ""
        self._section.left.append(Left(block, label, _line_of(block)))
        if self._label is not None and isinstance(block, Listing | Table):
            self._label = None
        self._is_label_used = self._label is not None
        if not isinstance(block, Code):
            self._last = None

    def _open(self, line: int) -> Batch:
        if self._batch is None:
            label, is_bold = "", False
            if self._label is not None:
                label, line, is_bold, _ = self._label
                self._label = None
            self._batch = Batch(label, line, is_bold=is_bold)
            self._section.batches.append(self._batch)
        return self._batch

    def _add(self, tasks: list[Task], line: int) -> None:
        if tasks:
            self._open(line).tasks += tasks
            self._last = tasks[-1]

    def _bare(self, block: Paragraph) -> bool:
        """Lines that are boxes although no list: `[ ] text`, `☐ text`, `-[ ] text`."""
        glyphs, is_marked = _trusted_glyphs(block.lines)
        found = [bare_box(line, self._reader.legend, glyphs=glyphs) for line in block.lines]
        found = [
            None if box is not None and _is_field(line) else box
            for line, box in zip(block.lines, found, strict=True)
        ]
        if not any(found):
            return False
        start = next(place for place, box in enumerate(found) if box is not None)
        if start:
            head = Paragraph(block.lines[:start], block.line, block.is_quoted)
            label = _label_of(head, Listing([], block.line), self._reader)
            if label is not None:
                self._set_label(*label, head)
            else:
                self._leave(head)
        first = found[start]
        if first is None:
            return False
        if is_marked and first.kind is Kind.GLYPH:
            first = replace(first, kind=Kind.STATE)
        lines = [first.text, *block.lines[start + 1 :]]
        tasks = read_lines(lines, block.line + start, first, self._reader, glyphs)
        if first.kind is Kind.GLYPH:
            self._reader.trace.say(
                block.line + start, block.lines[start], "an item, drawn as a glyph outside a list"
            )
        self._add(tasks, block.line + start)
        return True

    def _listing(self, block: Listing) -> None:
        legend = self._reader.legend
        if not has_box(block, legend):
            if not self._marked_list(block):
                self._leave(block)
            return
        if block.is_ordered and all(entry_box(entry, legend) for entry in block.entries):
            self._open(block.line).is_ordered = True
        is_drawn = any(glyph is not None and not glyph.mark for glyph in map(entry_glyph, block.entries))
        for entry in block.entries:
            # Beside a ☐ the other glyphs are boxes too.
            box = entry_box(entry, legend) or (entry_glyph(entry) if is_drawn else None)
            if box is not None:
                if box.kind is Kind.GLYPH:
                    self._reader.trace.say(entry.line, box.text, "an item, drawn as a glyph")
                self._add(read_entry(entry, box, self._reader), entry.line)
            else:
                self._plain_entry(entry, block)

    def _plain_entry(self, entry: Entry, listing: Listing) -> None:
        """An entry without a box in a list that has some: the group of the boxes below it, or a note."""
        head = entry.blocks[0] if entry.blocks else None
        boxed = any(has_box(block, self._reader.legend) for block in entry.blocks)
        if not isinstance(head, Paragraph):
            for block in entry.blocks:
                self._read(block, None)
            return
        swallowed = [bare_box(line, self._reader.legend) for line in head.lines[1:]]
        if not boxed and not any(swallowed):
            self._section.left.append(Left(Listing([entry], entry.line, listing.is_ordered), "", entry.line))
            return
        outer, label = self._batch, self._reader.plain(head.lines[0])
        self._batch = Batch(label, entry.line, is_bold=True)
        self._section.batches.append(self._batch)
        owner = Task("", entry.line, Kind.BULLET)
        add_blocks(owner, [Listing([Entry(entry.line, None, entry.blocks)], entry.line)], self._reader)
        self._batch.tasks += owner.children
        rest = [note for note in owner.notes if note != label]
        if rest:
            self._section.left.append(
                Left(Paragraph("\n".join(rest).split("\n"), entry.line), label, entry.line)
            )
        # The list goes on for what was before it.
        self._batch = outer if outer is not None and not outer.label else None
        self._last = owner.children[-1] if owner.children else None

    def _marked_list(self, block: Listing) -> bool:
        """A list whose entries all begin with a state glyph is one of items, where ✅ is among them."""
        glyphs = [entry_glyph(entry) for entry in block.entries]
        if not all(glyphs) or not any(glyph is not None and glyph.is_done for glyph in glyphs):
            return False
        for entry, glyph in zip(block.entries, glyphs, strict=True):
            if glyph is not None:
                self._add(read_entry(entry, replace(glyph, kind=Kind.STATE), self._reader), entry.line)
        return True

    def _table(self, block: Table) -> None:
        role = self._section.role
        grid = grid_of(block, self._reader)
        found = columns(grid) if self._tables and use_of(grid, role) is Use.TASKS else None
        has_boxes = any(looks_like_box(cell) for row in block.rows for cell in row.cells)
        if found is None or (role in (Role.ISSUES, Role.REFERENCES) and not has_boxes):
            self._leave(block)
            return
        tasks = row_tasks(grid, found, self._reader)
        if not tasks:
            self._leave(block)
            return
        self._reader.trace.say(
            block.line, " | ".join(block.header), f"a table of tasks: {len(tasks)} rows became items"
        )
        self._batch = None
        self._add(tasks, block.line)
        self._batch = self._last = None

    def _code(self, block: Code) -> None:
        if not block.is_closed:
            hidden = block.end - block.line
            self._reader.trace.warn(
                block.line,
                f"```{block.info}",
                f"a code block that never ends; what comes after it is code, {hidden} line{'' if hidden == 1 else 's'}",
            )
        if self._last is not None and self._label is None:
            self._last.notes.append(block.text)
        else:
            self._leave(block)

    def _html(self, block: Html) -> None:
        if match := _SUMMARY.search(block.text):
            text = html_text(match[1])
            if text:
                self._set_label(text.split("\n")[0], True, Paragraph([text], block.line))
            rest = html_text(block.text.replace(match.group(), " "))
        else:
            rest = html_text(block.text)
        if rest:
            self._leave(Paragraph(rest.split("\n"), block.line))


def _line_of(block: Block) -> int:
    return block.line


def _is_field(line: str) -> bool:
    """`[ ] GO [ ] NO-GO`: a choice of short words, not an item."""
    if not is_choice(line):
        return False
    parts = [part.split() for part in re.split(r"\\?\[[ xX\u00a0]?\\?\]|[" + OPEN_GLYPHS + "]", line)]
    return all(len(words) <= 3 for words in parts) and not re.search(r"\[[xX]\]", line)


def _trusted_glyphs(lines: list[str]) -> tuple[str, bool]:
    """The glyphs that make items of these lines, and whether these are only marked lines. A single line that
    begins with ✅ is prose; beside a ☐ it is a box, beside others like it a marked line."""
    states = [line.lstrip(" >-*+")[:1] for line in lines]
    if any(char in OPEN_GLYPHS for char in states if char):
        return STATUS_GLYPHS, False
    is_marked = sum(bool(char) and char in STATUS_GLYPHS for char in states) > 1
    return (STATUS_GLYPHS if is_marked else OPEN_GLYPHS), is_marked


def _label_of(block: Paragraph, following: Block | None, reader: Reader) -> tuple[str, bool] | None:
    """The text of a line that heads the list below it, and whether it is set in bold like a heading."""
    if len(block.lines) != 1:
        return None
    line = block.lines[0].strip()
    if match := _BOLD_ONLY.match(line):
        if "**" in match["text"] or "__" in match["text"]:
            return None
        return undecorated(line, reader.references).rstrip(":"), True
    if line.endswith((":", "：")) and len(line) <= _LABEL_MOST and isinstance(following, Listing | Table):
        return reader.plain(line).rstrip(":： "), False
    if (
        _BOLD_LEAD.match(line)
        and isinstance(following, Listing)
        and is_trigger_label(label := reader.plain(line))
    ):
        return label.rstrip(":： "), False
    return None
