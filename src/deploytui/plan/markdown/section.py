"""The document as a tree of headings: what a section holds, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from deploytui.plan.markdown.block import Block, Heading
from deploytui.plan.markdown.box import STATUS_GLYPHS
from deploytui.plan.markdown.role import Role, role_of, stage_votes, undecorated
from deploytui.plan.markdown.task import (
    Reader,
    Task,
)
from deploytui.plan.markdown.trace import Trace


class Batch(Struct):
    """Items that stand together under a label, or under the heading itself where `label` is empty."""

    label: str
    line: int
    tasks: list[Task] = field(default_factory=list)
    is_ordered: bool = False
    is_bold: bool = False


class Left(Struct):
    """A block that became no item, with the label it stands under."""

    block: Block
    label: str
    line: int


class Section(Struct):
    level: int
    title: str
    line: int
    raw: str = ""
    blocks: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)
    parent: Section | None = None
    batches: list[Batch] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    role: Role | None = None
    owner: str = ""

    def walk(self) -> Iterator[Section]:
        """The section and all below it, in document order."""
        stack = [self]
        while stack:
            section = stack.pop()
            yield section
            stack.extend(reversed(section.children))

    def has_items(self) -> bool:
        return any(batch.tasks for section in self.walk() for batch in section.batches)

    def has_own_items(self) -> bool:
        return any(batch.tasks for batch in self.batches)

    def above(self) -> Iterator[Section]:
        section = self.parent
        while section is not None:
            yield section
            section = section.parent


def holders(root: Section, has: Callable[[Section], bool] | None = None) -> set[int]:
    """The sections, by identity, that have items in or below them; or whatever `has` looks for."""
    holding: set[int] = set()
    for section in root.walk():
        if has(section) if has else section.has_own_items():
            _hold(section, holding)
    return holding


def _hold(section: Section, holding: set[int]) -> None:
    holding.add(id(section))
    for upper in section.above():
        if id(upper) in holding:
            break
        holding.add(id(upper))


def build_tree(blocks: list[Block], reader: Reader) -> Section:
    """Headings as a tree, whatever levels they skip."""
    root = Section(0, "", 1)
    open_: list[Section] = [root]
    for block in blocks:
        if isinstance(block, Heading):
            while open_[-1].level >= block.level:
                open_.pop()
            title = undecorated(block.text, reader.references)
            section = Section(block.level, title, block.line, block.text, parent=open_[-1])
            open_[-1].children.append(section)
            open_.append(section)
            if _has_glyph(block.text):
                reader.trace.name(block.line, block.text, "a heading; its box or glyph is no state")
        else:
            open_[-1].blocks.append(block)
    return root


def _has_glyph(text: str) -> bool:
    return any(char in STATUS_GLYPHS for char in text) or bool(re.search(r"\[[ xX]?\](?!\()", text))


def set_roles(root: Section, title: Section | None, trace: Trace) -> None:
    """Give every section its role. The document's own title has none: it speaks of all that follows."""
    for section in root.walk():
        above = section.parent.role if section.parent is not None else None
        if section is title or section is root or not section.title:
            section.role = None
            continue
        is_prepared = any(
            stage_votes(upper.title)[0] >= 1 and upper is not title for upper in section.above()
        )
        section.role = role_of(section.title, above, is_prepared=is_prepared)
        if section.role is not None and section.role is not above:
            trace.say(section.line, section.raw, f"a section about {section.role.value}")
