"""Who does what stands below a heading: a line `**Owner:** Kim` of its own, in a paragraph or as a bullet."""

from __future__ import annotations

import re

from deploytui.plan.markdown.block import Listing, Paragraph
from deploytui.plan.markdown.section import Left, Section
from deploytui.plan.markdown.task import Reader
from deploytui.plan.markdown.wording import is_to_fill

_OWNER_LINE = re.compile(
    r"\s*(?:[-+]\s+)?(?:owner|lead|led by|responsible(?: person| team)?|assignee|assigned to|driver|team lead"
    r"|verantwortlich|zuständig|responsable|ответственный|担当者?|담당자?|负责人)\s*[:：]\s*([^|;,()\n]{2,60})",
    re.I,
)


def take_owners(root: Section, reader: Reader) -> None:
    """Give sections with something to do their owner; the line is then no note any more."""
    for section in root.walk():
        if section.role is not None or not section.title or not section.has_items():
            continue
        kept: list[Left] = []
        for left in section.left:
            lines = [reader.plain(line) for line in _lines(left)]
            place = next((at for at, line in enumerate(lines) if stated_owner(line)), None)
            if place is None or section.owner:
                kept.append(left)
                continue
            section.owner = stated_owner(lines[place])
            said = f"the owner of {section.title}: {section.owner}"
            reader.trace.say(left.line + place, lines[place], said)
            if rest := [*lines[:place], *lines[place + 1 :]]:
                kept.append(
                    Left(Paragraph(rest, left.line + (place == 0)), left.label, left.line + (place == 0))
                )
        section.left = kept


def _lines(left: Left) -> list[str]:
    """The lines that may say it: those of a paragraph, or of a bullet that stands alone."""
    block = left.block
    if isinstance(block, Listing) and len(block.entries) == 1 and len(block.entries[0].blocks) == 1:
        block = block.entries[0].blocks[0]
    return block.lines if isinstance(block, Paragraph) and not left.label else []


def stated_owner(line: str) -> str:
    """Who a line of its own says does the work below a heading: `**Owner:** Kim`, `Lead: the DBA`."""
    match = _OWNER_LINE.match(line.replace("*", "").replace("__", ""))
    name = match[1].strip(" _`.") if match else ""
    return "" if not name or is_to_fill(name) else name
