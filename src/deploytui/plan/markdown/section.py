"""The document as a tree of headings: what a section holds, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from deploytui.plan.markdown.block import Block, Heading, Listing, Paragraph
from deploytui.plan.markdown.box import STATUS_GLYPHS
from deploytui.plan.markdown.reader import Reader, Trace
from deploytui.plan.markdown.role import Role, is_rollback, role_of, stage_votes, undecorated
from deploytui.plan.markdown.task import Task

_BOLD_LINE = re.compile(r"(?P<mark>\*\*|__)(?P<text>[^*_].{0,98}?)(?P=mark):?")


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
        yield self
        for child in self.children:
            yield from child.walk()

    def has_items(self) -> bool:
        return any(batch.tasks for section in self.walk() for batch in section.batches)

    def has_own_items(self) -> bool:
        return any(batch.tasks for batch in self.batches)

    def own_tasks(self) -> Iterator[Task]:
        """The items of the section itself, without those inside them."""
        return (task for batch in self.batches for task in batch.tasks)

    def keep(self, kept: Callable[[Left], list[Left]]) -> None:
        """Go through what is left: `kept` says what of it stays."""
        self.left = [one for left in self.left for one in kept(left)]

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
    for block in _with_headings(blocks, reader):
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


def _with_headings(blocks: list[Block], reader: Reader) -> list[Block]:
    """The blocks of a document without headings whose bold lines name the stages of a deployment: there they are
    the headings, and one above them all is the title."""
    if any(isinstance(block, Heading) for block in blocks):
        return blocks
    titles = {place: title for place, block in enumerate(blocks) if (title := _bold_line(block))}
    staged = [title for title in titles.values() if max(stage_votes(title)) >= 1 or is_rollback(title)]
    if len(staged) < 2:
        return blocks
    is_titled = 0 in titles and len(blocks) > 1 and not isinstance(blocks[1], Listing)
    found: list[Block] = []
    for place, block in enumerate(blocks):
        if place not in titles or not isinstance(block, Paragraph):
            found.append(block)
            continue
        reader.trace.say(block.line, titles[place], "a line in bold, taken for a heading")
        is_title = place == 0 and is_titled and len(block.lines) == 1
        found.append(Heading(1 if is_title else 2, titles[place], block.line))
        if rest := block.lines[1:]:
            found.append(Paragraph(rest, block.line + 1, block.is_quoted))
    return found


def _bold_line(block: Block) -> str:
    """The text of a first line that is all in bold; what comes below it, without a blank line, may be boxes."""
    match = _BOLD_LINE.fullmatch(block.lines[0].strip()) if isinstance(block, Paragraph) else None
    return match["text"].rstrip(":") if match else ""


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
