"""One item of the document with all that belongs to it: wrapped text, notes, commands, sub-items, who and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from deploytui.base.units import parse_duration, write_duration
from deploytui.plan.markdown.block import Block, Entry, Listing, Paragraph
from deploytui.plan.markdown.box import (
    OPEN_GLYPHS,
    STATUS_GLYPHS,
    Box,
    Kind,
    Legend,
    bare_box,
    read_box,
    read_glyph,
    says_of_mark,
    without_boxes,
)
from deploytui.plan.markdown.reader import Reader, block_text, plain, stripped, text_of
from deploytui.plan.markdown.when import step_duration
from deploytui.plan.markdown.wording import optional_wording, owner_of, recurrence
from deploytui.plan.model import Mark
from deploytui.plan.window import parse_edge
from deploytui.plan.word import MAX_LINE

_WRAPPED_AT = 48
_SENTENCE_END = re.compile(r"[.:;!?。！？]['\"”)*_`]*\s*$")
_FIELD_LINE = re.compile(r"\s*(?:\*\*|__)?[A-Z][\w /-]{1,30}(?:\*\*|__)?:(?:\*\*|__)?(?:\s|$)")


class Task(Struct):
    """`text` is plain and on one line; `notes` are the blocks of its note."""

    text: str
    line: int
    kind: Kind
    notes: list[str] = field(default_factory=list)
    children: list[Task] = field(default_factory=list)
    link: str = ""
    owner: str = ""
    optional: str = ""
    every: str = ""
    duration: str = ""
    not_before: str = ""
    decide: bool = False
    needs_evidence: bool = False
    marks: list[str] = field(default_factory=list)
    number: int | None = None
    id: str = ""

    def walk(self) -> Iterable[Task]:
        """The task and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def entry_box(entry: Entry, legend: Legend) -> Box | None:
    """The box that a list entry begins with."""
    text = "\n".join(entry.lines)
    box = read_box(text, legend)
    if box is not None:
        return box if box.text else None
    glyph = read_glyph(text)
    return glyph if glyph is not None and not glyph.mark else None


def entry_glyph(entry: Entry) -> Box | None:
    """The state glyph that a list entry begins with: ☐, ✅, ❌."""
    return read_glyph("\n".join(entry.lines))


def swallowed(entry: Entry, legend: Legend) -> int:
    """The first line after that of the entry that is a box of its own; 0 where there is none."""
    lines = enumerate(entry.lines)
    return next((place for place, line in lines if place and bare_box(line, legend)), 0)


def has_box(block: Block, legend: Legend) -> bool:
    """Whether a list has a box at any depth, or swallowed one."""
    if isinstance(block, Paragraph):
        return any(bare_box(line, legend) for line in block.lines[1:])
    entries = block.entries if isinstance(block, Listing) else []
    return any(
        entry_box(entry, legend) is not None or any(has_box(inner, legend) for inner in entry.blocks)
        for entry in entries
    )


def read_entry(entry: Entry, box: Box, reader: Reader) -> list[Task]:
    """The task of a boxed entry, and the tasks that its text had swallowed."""
    lines, line = box.text.split("\n"), entry.line
    # A box alone on its line: its text, if it is its own, begins further down.
    skipped = len(entry.lines) - len(lines)
    if skipped and (own := bare_box(lines[0], reader.legend)) is not None:
        box, lines[0], line, skipped = own, own.text, line + skipped, 0
    tasks = read_lines(lines, line + skipped, box, reader)
    if skipped:
        tasks[0].line = line
        reader.trace.imported(line)
    tasks[0].number = entry.number
    add_blocks(tasks[-1], entry.blocks[1:], reader)
    return _finished(tasks)


def read_plain_entry(entry: Entry, kind: Kind, reader: Reader) -> Task:
    """An entry without a box that is an item all the same: a step, a trigger."""
    glyph = entry_glyph(entry)
    lines = glyph.text.split("\n") if glyph is not None else entry.lines or [""]
    task = read_lines(lines, entry.line, Box(kind, " ", ""), reader)[0]
    task.number = entry.number
    add_blocks(task, entry.blocks[1:] if entry.head else entry.blocks, reader)
    task.text = task.text.rstrip(",;:")
    if not task.text and task.notes:
        head, _, rest = task.notes[0].partition("\n")
        task.text = " ".join(head.split())
        task.notes[:1] = [rest] if rest else []
    return _finished([task])[0]


def read_lines(
    lines: list[str], line: int, box: Box, reader: Reader, glyphs: str = OPEN_GLYPHS
) -> list[Task]:
    """Lines of one paragraph as a task: what continues its sentence is its text, the rest its note. A line that
    begins with a box of its own, or with one of `glyphs`, starts another task."""
    if any(raw.lstrip(" >-*+")[:1] in OPEN_GLYPHS for raw in lines[1:] if raw.strip()):
        glyphs = STATUS_GLYPHS  # beside a ☐ the other glyphs are boxes too
    parts: list[tuple[Box, int, list[str]]] = [(box, line, lines[:1])]
    for number, raw in enumerate(lines[1:], line + 1):
        inner = bare_box(raw, reader.legend, glyphs=glyphs)
        if inner is None:
            parts[-1][2].append(raw)
            continue
        if box.kind is Kind.STATE and inner.kind is Kind.GLYPH:
            inner = replace(inner, kind=Kind.STATE)
        said = "a box inside the text of another item; imported as an item of its own"
        reader.trace.say(number, raw, said)
        parts.append((inner, number, [inner.text]))
    return [_of_lines(own, start, kind, reader) for kind, start, own in parts]


def _of_lines(lines: list[str], line: int, box: Box, reader: Reader) -> Task:
    head, rest = _split_wrapped(lines)
    read = plain(head, reader.references)
    text = without_boxes(" ".join(read.text.split()))
    task = Task(text, line, box.kind)
    reader.trace.imported(line)
    if len(text) > MAX_LINE:
        task.notes.append(text)
        task.text = text[: MAX_LINE - 1].rstrip() + "…"
        reader.trace.say(line, text, f"an item of {len(text):,} characters; its full text is in the note")
    _note_state(task, box, read.is_struck, reader)
    _note_links(task, read.links)
    if rest:
        more = plain("\n".join(rest), reader.references)
        task.notes.append(stripped(more.text))
        _note_links(task, more.links)
    return task


def _split_wrapped(lines: list[str]) -> tuple[str, list[str]]:
    """Where the item's own sentence ends and a remark begins."""
    pairs = enumerate(pairwise(lines), 1)
    end = next((place for place, (line, more) in pairs if not _continues(line, more)), len(lines))
    return " ".join(part.strip().rstrip("\\") for part in lines[:end]), lines[end:]


def _continues(line: str, more: str) -> bool:
    is_over = line.endswith(("  ", "\\")) or _SENTENCE_END.search(line) or _FIELD_LINE.match(more)
    return not is_over and (len(line) >= _WRAPPED_AT or not more.lstrip()[:1].isupper())


def _note_state(task: Task, box: Box, is_struck: bool, reader: Reader) -> None:
    is_glyph = box.kind in (Kind.GLYPH, Kind.STATE)
    if box.kind is Kind.REPAIRED:
        reader.trace.say(task.line, task.text, "an item; its box was not written as Markdown has it")
    if box.kind is Kind.MARK:
        task.notes.append(f"marked [{box.mark}] in the document{says_of_mark(box.mark, reader.legend)}")
    elif is_glyph and box.mark and not box.is_done:
        task.notes.append(f"marked {box.mark} in the document")
    elif box.is_done:
        task.notes.append("ticked in the document" + (f" ({box.mark})" if is_glyph else ""))
    if is_struck:
        task.notes.append("struck through in the document")


def _note_links(task: Task, links: Iterable[tuple[str, str]]) -> None:
    for label, url in links:
        if not task.link and url.startswith(("http://", "https://")):
            task.link = url
        elif label and label != url:
            task.notes.append(f"{' '.join(label.split())}: {url}")


def add_blocks(task: Task, blocks: Iterable[Block], reader: Reader) -> None:
    """What stands below an item: its sub-items, and everything else as its note."""
    for block in blocks:
        if isinstance(block, Listing) and has_box(block, reader.legend):
            _add_list(task, block, reader)
        elif text := block_text(block, reader):
            task.notes.append(text)
            _note_links(task, plain(text_of(block), reader.references).links)


def _add_list(task: Task, listing: Listing, reader: Reader) -> None:
    last: Task | None = None
    for entry in listing.entries:
        box = entry_box(entry, reader.legend)
        if box is not None:
            task.children += read_entry(entry, box, reader)
            last = task.children[-1]
            continue
        place = swallowed(entry, reader.legend)
        owner = task if entry.head else last or task
        if kept := " ".join(line.strip() for line in entry.lines[: place or None]):
            is_own = place or any(has_box(inner, reader.legend) for inner in entry.blocks)
            (task if is_own else last or task).notes.append(reader.plain(kept))
        if place and (inner_box := bare_box(entry.lines[place], reader.legend)):
            lines = [inner_box.text, *entry.lines[place + 1 :]]
            task.children += _finished(read_lines(lines, entry.line + place, inner_box, reader))
            owner = task.children[-1]
        add_blocks(owner, entry.blocks[1:] if entry.head else entry.blocks, reader)


# What a line below an item may state in so many words, as this program prints it: how its value is read.
_STATED: dict[str, tuple[str, Callable[[str], object]]] = {
    "Duration": ("duration", lambda text: write_duration(parse_duration(text))),
    "Every": ("every", lambda text: write_duration(parse_duration(text))),
    "Not before": ("not_before", lambda text: parse_edge(text).text),
    "Marks": ("marks", lambda text: [Mark(mark).value for mark in text.split(", ")]),
    "Evidence": ("needs_evidence", {"required": True}.get),
    "Decide": ("decide", {"yes": True}.get),
}


def _take_stated(task: Task) -> None:
    """`Duration: 5m | Marks: backup` is no note any more."""
    for place, note in enumerate(task.notes):
        kept = [line for line in note.split("\n") if not _is_stated(task, line)]
        task.notes[place] = "\n".join(kept)
    task.notes = [note for note in task.notes if note]


def _is_stated(task: Task, line: str) -> bool:
    stated = [_state(task, part) for part in line.removeprefix("- ").split(" | ")]
    return all(stated)


def _state(task: Task, part: str) -> bool:
    key, _, text = part.partition(": ")
    attribute, read = _STATED.get(key, ("", None))
    value = None
    with suppress(ValueError):
        value = read(text) if read is not None and text else None
    if value:
        setattr(task, attribute, value)
    return bool(value)


def _finished(tasks: list[Task]) -> list[Task]:
    """Read owner, wording, recurrence and duration off the text and its note."""
    for task in tasks:
        _take_stated(task)
        task.duration = task.duration or step_duration(task.text, is_step=task.number is not None)
        task.optional = task.optional or optional_wording(task.text)
        task.every = task.every or recurrence(task.text)
        task.owner = task.owner or owner_of(task.text, task.notes)
    return tasks
