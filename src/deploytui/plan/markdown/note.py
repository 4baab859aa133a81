"""What became no part of the plan is kept as a note of its section; known issues and later work have their own kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deploytui.plan.markdown.block import Entry, Listing, Paragraph, Table
from deploytui.plan.markdown.reader import Reader, block_text, table_lines
from deploytui.plan.markdown.section import Left, Role, Section, holders
from deploytui.plan.markdown.words import any_of
from deploytui.plan.model import Note
from deploytui.plan.word import MAX_BLOCK

_PART = re.compile(
    rf"^\W*(?:(?P<severity>{any_of('severity')})|(?P<plan>{any_of('plan')}))\W*:\W*(?P<text>.+)$", re.I
)
_ROOM = MAX_BLOCK - 300


def read_notes(root: Section, title: Section | None, reader: Reader) -> Iterator[Note]:
    """The notes, in document order."""
    holding = holders(root)
    for section in root.walk():
        name = "" if section is title or section is root else _name(section, title, holding)
        if section.role in (Role.ISSUES, Role.ENHANCEMENTS):
            yield from _listed(section, name, reader)
            continue
        for left in sorted(section.left, key=lambda left: left.line):
            yield from _left(left, name, reader)
        is_bare = not (section.left or section.children or section.blocks or section.has_own_items())
        if name and is_bare:
            yield Note("text", name, section.line)


def _name(section: Section, title: Section | None, holding: set[int]) -> str:
    """The heading of a note, with those above it that stand nowhere else because nothing below them is an item."""
    names = [section.title]
    for upper in section.above():
        if upper is title or not upper.title or id(upper) in holding:
            break
        names.append(upper.title)
    return ": ".join(reversed(names))


def _listed(section: Section, name: str, reader: Reader) -> Iterator[Note]:
    kind = "known-issue" if section.role is Role.ISSUES else "enhancement"
    for left in sorted(section.left, key=lambda left: left.line):
        match left.block:
            case Listing(entries=entries):
                yield from (_entry(entry, kind, reader) for entry in entries)
            case Table(rows=rows):
                texts = ((row.line, " · ".join(filter(None, map(reader.plain, row.cells)))) for row in rows)
                yield from (Note(kind, text[:_ROOM], line) for line, text in texts if text)
            case _:
                yield from _left(left, name, reader)


def _entry(entry: Entry, kind: str, reader: Reader) -> Note:
    """`1. **Title**` with `- Severity: Low` and `- Plan: …` below it."""
    severity = plan = ""
    texts: list[str] = []
    for block in entry.blocks:
        for line in block_text(block, reader).split("\n"):
            match = _PART.match(line)
            if match and match["severity"] and not severity:
                severity = match["text"].strip()
            elif match and match["plan"] and not plan:
                plan = match["text"].strip()
            elif text := re.sub(r"^[-*+]\s+", "", line).strip():
                texts.append(text)
    joined = texts[0] if texts else "(no text)"
    for text in texts[1:]:
        joined += f" {text}" if joined.endswith((".", "!", "?", ":")) else f". {text}"
    return Note(kind, joined[:_ROOM], entry.line, severity or None, plan or None)


def _left(left: Left, name: str, reader: Reader) -> Iterator[Note]:
    head, block = ": ".join(filter(None, (name, left.label))), left.block
    if isinstance(block, Table):
        heads = " · ".join(filter(None, map(reader.plain, block.header)))
        for line, text in table_lines(block, reader) or [(block.line, heads)]:
            if text:
                yield Note("text", ": ".join(filter(None, (head, text)))[:_ROOM], line)
        return
    if isinstance(block, Listing) and block.is_ordered:
        found = f"{name or 'a list'}: {len(block.entries)} numbered"
        reader.trace.say(left.line, found, "numbered steps without boxes; kept as a note")
    text = block_text(block, reader).strip("\n")
    joint = ":\n" if "\n" in text or not isinstance(block, Paragraph) else ": "
    # A text longer than a note may be is several.
    for start in range(0, len(text), _ROOM):
        if piece := text[start : start + _ROOM].strip("\n"):
            yield Note("text", f"{head}{joint}{piece}" if head and not start else piece, left.line)
