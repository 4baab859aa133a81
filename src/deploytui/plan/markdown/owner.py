"""Who does what stands below a heading: a line `**Owner:** Kim` of its own, in a paragraph or as a bullet."""

from __future__ import annotations

from deploytui.plan.markdown.block import Listing, Paragraph
from deploytui.plan.markdown.reader import Reader
from deploytui.plan.markdown.section import Left, Section
from deploytui.plan.markdown.wording import stated_owner


def take_owners(root: Section, reader: Reader) -> None:
    """Give sections with something to do their owner; the line is then no note any more."""
    for section in root.walk():
        if section.role is None and section.title and section.has_items():
            section.left = [one for left in section.left for one in _keep(left, section, reader)]


def _keep(left: Left, section: Section, reader: Reader) -> list[Left]:
    lines = [reader.plain(line) for line in _lines(left)]
    place = next((at for at, line in enumerate(lines) if stated_owner(line)), None)
    if place is None or section.owner:
        return [left]
    section.owner = stated_owner(lines[place])
    said = f"the owner of {section.title}: {section.owner}"
    reader.trace.say(left.line + place, lines[place], said)
    first = left.line + (place == 0)
    rest = [*lines[:place], *lines[place + 1 :]]
    return [Left(Paragraph(rest, first), left.label, first)] if rest else []


def _lines(left: Left) -> list[str]:
    """The lines that may say it: those of a paragraph, or of a bullet that stands alone."""
    block = left.block
    if isinstance(block, Listing) and len(block.entries) == 1 and len(block.entries[0].blocks) == 1:
        block = block.entries[0].blocks[0]
    return block.lines if isinstance(block, Paragraph) and not left.label else []
