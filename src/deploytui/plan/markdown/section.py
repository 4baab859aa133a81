"""The document as a tree of headings: what a section holds, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum

from msgspec import Struct, field

from deploytui.plan.markdown.block import Block, Heading, Listing, Paragraph, References
from deploytui.plan.markdown.box import STATUS_GLYPHS
from deploytui.plan.markdown.reader import Reader, Trace, plain_text
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.words import any_of, says


class Role(Enum):
    """What a section is about, in the words of the report."""

    ROLLBACK = "the rollback"
    TRIGGERS = "rollback triggers"
    CRITERIA = "success criteria"
    SIGNOFFS = "sign-offs"
    CONTACTS = "contacts"
    ISSUES = "known issues"
    ENHANCEMENTS = "later work"
    REFERENCES = "other documents"


_TRIGGERS = re.compile(
    rf"(?:{any_of('rollback')}|abort|revert)\s+(?:immediately\s+|decision\s+)?(?:criteria|condition|threshold|(?:if|when)\b)"
    rf"|^(?:{any_of('begin')})?\s*(?:an? )?(?:immediate\s+)?(?:{any_of('rollback')})\s+(?:\w+\s+)?(?:if|when)\b",
    re.I,
)
_CONDITION = re.compile(rf"(?:{any_of('condition')})\W*$", re.I)
_TRIGGERS_INSIDE = re.compile(r"\b(?:when|conditions?|if|kriterien|criteria)\W*$|^when\b", re.I)
_LATER = re.compile(rf"(?:{any_of('later')})\s+(?:enhancement|improvement|work)", re.I)
_DURING = re.compile(rf"(?:{any_of('work')}) (?:{any_of('course')})", re.I)
_FIRST_HOURS = re.compile(r"first \d+ (?:hour|day)", re.I)

_PHASE_NUMBER = re.compile(
    rf"^(?:{any_of('part')})\s*(?:\d{{1,3}}|[IVX]{{1,4}}|[A-H])\b\s*[:.)–—-]*\s*", re.I
)
_NAMES_PHASE = re.compile(rf"^\W*(?:{any_of('part')}|{any_of('part of time')})\s*[-–]?\s*\d", re.I)
_DECORATION = re.compile(
    "^[^\\w\\[(<{\"'“„«`@#&+*~/.$%!?¿¡-]+|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u23e9-\u23ff\u25a0-\u25ff\ufe0f\u200d\u20e3\\s]+$"
)
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[A-Z]\d{0,2}[.)])\s+")


def undecorated(source: str, references: References | None = None) -> str:
    """A title as people say it: without marks, boxes, and the emoji around it."""
    plain = plain_text(source, references)
    text = plain.replace("\ufe0f", "").replace("\u20e3", "").rstrip("# ") or plain
    text = re.sub(r"^\\?\[[ xX]?\\?\]\s+", "", text)
    while (shorter := _DECORATION.sub("", text).strip()) != text:
        text = shorter
    return text.rstrip(":：").strip() or plain or source.strip()


def without_phase_number(title: str) -> str:
    """`Phase 1: Setup` is "Setup"; a bare `Phase 1` stays."""
    return _PHASE_NUMBER.sub("", title) or title


def names_phase(title: str) -> bool:
    """Whether a title counts parts of time: `Phase 2`, `Day 1`, `Week 3`."""
    return bool(_NAMES_PHASE.match(title))


def is_rollback(title: str) -> bool:
    return says("rollback", title)


def _names_triggers(text: str) -> bool:
    return says("triggers", text) or bool(_TRIGGERS.search(text))


def role_of(title: str, above: Role | None, *, is_prepared: bool) -> Role | None:
    """The role of a section by its title; it hands its role down where a title says nothing else."""
    bare = _NUMBERED.sub("", title)
    is_about_rollback = is_rollback(bare)
    if says("references", bare) and above is None:
        return Role.REFERENCES
    if says("sign-offs", bare) and not re.search("get|obtain|request", bare, re.I):
        return Role.SIGNOFFS
    if above in (Role.ROLLBACK, Role.TRIGGERS):
        if is_not_trigger_label(bare):
            return Role.ROLLBACK
        is_listed = _TRIGGERS_INSIDE.search(bare) and "decision criteria" not in bare.lower()
        return Role.TRIGGERS if _names_triggers(bare) or is_listed else above
    if is_about_rollback and _names_triggers(bare) and not is_not_trigger_label(bare):
        return Role.TRIGGERS
    is_only_named = says("readiness", bare) or (is_prepared and not says("procedure", bare))
    if is_about_rollback and not is_only_named and not re.search(r"\bwithout\b|\bno rollback\b", bare, re.I):
        return Role.ROLLBACK
    if says("known issues", bare):
        return Role.ISSUES
    if _LATER.search(bare) or says("enhancements", bare):
        return Role.ENHANCEMENTS
    if says("contacts", bare):
        return Role.CONTACTS
    return Role.CRITERIA if says("criteria", bare) else above


def is_trigger_label(label: str) -> bool:
    """`Rollback if:`, `Execute rollback immediately if:`, `Trigger:` before a list."""
    is_named = _names_triggers(label) or _CONDITION.search(label)
    return bool(is_named) and not is_not_trigger_label(label)


def is_not_trigger_label(label: str) -> bool:
    return says("not triggers", label)


PRE, EXEC, POST = 0, 1, 2


def stage_votes(title: str) -> tuple[float, float, float]:
    """How strongly a title speaks for each of the three stages."""
    pre, post = float(says("before", title)), float(says("after", title) or bool(_FIRST_HOURS.search(title)))
    strong = float(says("during", title) or bool(_DURING.search(title)))
    if post and re.search(r"\bpost[\s-]?\w+|\bafter\b", title, re.I):
        pre = strong = 0.0
    if pre and re.search(r"\bpre[\s-]?\w+|\bbefore\b", title, re.I):
        strong = 0.0
    weak = 0.3 if not (pre or post or strong) and says("perhaps during", title) else 0.0
    return pre, strong + weak, post


def criteria_kind(title: str) -> str:
    """Whose criteria: technical, business or user."""
    return "business" if says("business", title) else "user" if says("users", title) else "technical"


_GLYPH = re.compile(rf"[{STATUS_GLYPHS}]|\[[ xX]?\](?!\()")
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
    label: str = ""

    @property
    def line(self) -> int:
        return self.block.line

    def only(self, lines: list[str]) -> list[Left]:
        """What is left when only these lines of it are."""
        return [Left(Paragraph(lines, self.line), self.label)] if lines else []


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

    def titles(self) -> Iterator[str]:
        """Its title and those above it, the nearest first."""
        return (section.title for section in (self, *self.above()))


def holders(root: Section, has: Callable[[Section], bool] = Section.has_own_items) -> set[int]:
    """The sections, by identity, that have items in or below them; or whatever `has` looks for."""
    found = (section for section in root.walk() if has(section))
    return {id(one) for section in found for one in (section, *section.above())}


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
            if _GLYPH.search(block.text):
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
    is_titled = len(blocks) > 1 and not isinstance(blocks[1], Listing)
    found: list[Block] = []
    for place, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or place not in titles:
            found.append(block)
            continue
        reader.trace.say(block.line, titles[place], "a line in bold, taken for a heading")
        is_title = place == 0 and is_titled and len(block.lines) == 1
        found.append(Heading(1 if is_title else 2, titles[place], block.line))
        found += [Paragraph(rest, block.line + 1)] if (rest := block.lines[1:]) else []
    return found


def _bold_line(block: Block) -> str:
    """The text of a first line that is all in bold; what comes below it, without a blank line, may be boxes."""
    match = _BOLD_LINE.fullmatch(block.lines[0].strip()) if isinstance(block, Paragraph) else None
    return match["text"].rstrip(":") if match else ""


def set_roles(root: Section, title: Section | None, trace: Trace) -> None:
    """Give every section its role. The document's own title has none: it speaks of all that follows."""
    for section in root.walk():
        if section is title or section is root or not section.title:
            continue
        above = section.parent.role if section.parent is not None else None
        uppers = (upper for upper in section.above() if upper is not title)
        is_prepared = any(stage_votes(upper.title)[PRE] for upper in uppers)
        section.role = role_of(section.title, above, is_prepared=is_prepared)
        if section.role is not None and section.role is not above:
            trace.say(section.line, section.raw, f"a section about {section.role.value}")
