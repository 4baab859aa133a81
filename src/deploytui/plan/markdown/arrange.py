"""From the tree of headings to the plan's parts: phases with their groups, the rollback, the criteria."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.scale import Slot, Timed
from deploytui.plan.markdown.section import (
    EXEC,
    Batch,
    Role,
    Section,
    criteria_kind,
    holders,
    is_not_trigger_label,
    is_rollback,
    is_trigger_label,
    names_phase,
    stage_votes,
)
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import optional_wording, owner_of
from deploytui.plan.markdown.words import any_of
from deploytui.plan.model import StageName

_JOIN = " / "
_GENERIC_LABEL = re.compile(rf"^(?:the )?(?:{any_of('generic label')})\W*$", re.I)
_STEP = re.compile(rf"(?:{any_of('step')})\s*\d+\b", re.I)
_DEFAULT_TITLE = "Checklist"


class Group(Struct):
    """Items under a title: a group of a phase, a stage of the rollback, or a list of criteria."""

    title: str
    line: int
    tasks: list[Task]
    is_ordered: bool = False
    owner: str = ""
    budget_s: int | None = None
    kind: str = ""


class Part(Struct):
    """A phase to be: a section, with the groups below it."""

    title: str
    line: int
    section: Section
    groups: list[Group] = field(default_factory=list)
    timed: Timed = Timed("")
    slot: Slot | None = None
    stage: int = EXEC
    owner: str = ""
    is_implicit: bool = False


class Arranged(Struct):
    parts: list[Part] = field(default_factory=list)
    triggers: list[Task] = field(default_factory=list)
    procedure: list[Group] = field(default_factory=list)
    criteria: list[Group] = field(default_factory=list)
    rollback_line: int = 0
    limit: tuple[int, int, str] | None = None
    assumed: list[tuple[int, str, str]] = field(default_factory=list)

    def lists(self) -> Iterator[list[Task]]:
        """The lists of items, as far as they are not below another item."""
        yield from (group.tasks for part in self.parts for group in part.groups)
        yield from (self.triggers, *(step.tasks for step in (*self.procedure, *self.criteria)))

    def assume(self, part: Part, said: str) -> None:
        """Name what was assumed of a part."""
        self.assumed.append((part.line, part.title, f"assumed: {said}"))


def arrange(root: Section, title: Section | None, name: str) -> Arranged:
    """The parts of the plan. A document that is itself about a rollback, or has nothing but criteria, is worked
    through like any other: its sections are phases."""
    heading = title.title if title is not None else name
    apart = {Role.TRIGGERS, Role.CRITERIA} | (set() if is_rollback(heading) else {Role.ROLLBACK})
    arranged = _Arranger(root, heading, apart).run()
    if not arranged.parts and (arranged.procedure or arranged.triggers or arranged.criteria):
        arranged = _Arranger(root, heading, set()).run()
    return arranged


class _Arranger:
    """Walks the tree once. Sections of the roles `apart` are no part of a phase."""

    def __init__(self, root: Section, heading: str, apart: set[Role]) -> None:
        self._root = root
        self._heading = heading
        self._apart = apart
        above = _stage_level(root)
        self._level = above + 1 if above else _phase_level(root)
        self._found = Arranged()
        self._implicit: Part | None = None

    def run(self) -> Arranged:
        self._visit(self._root)
        self._found.parts = [part for part in self._found.parts if any(group.tasks for group in part.groups)]
        return self._found

    def _take(self, section: Section) -> bool:
        """Take a section of the rollback or the criteria; False where it is neither."""
        is_apart = self._is_apart(section)
        if is_apart and section.role is Role.CRITERIA:
            self._take_criteria(section)
        elif is_apart:
            self._take_rollback(section)
        return is_apart

    def _is_apart(self, section: Section) -> bool:
        return section.role in self._apart and section.has_items()

    def _visit(self, section: Section) -> None:
        above = section.parent.level if section.parent is not None else 0
        if section.level and section.level >= self._level and not above < self._level < section.level:
            self._phase(section)
        elif self._take(section):
            return
        elif section.level > self._level:
            self._gather(section, self._implicit_part(section), [section.title])
        else:
            if section.has_own_items():
                self._add(section, self._implicit_part(section), [])
            for child in section.children:
                self._visit(child)

    def _implicit_part(self, section: Section) -> Part:
        """The phase of items that stand outside any heading of the phases' level."""
        if self._implicit is None:
            title = section.title or self._heading or _DEFAULT_TITLE
            self._implicit = Part(title, section.line, section, is_implicit=True)
            self._found.parts.append(self._implicit)
        return self._implicit

    def _phase(self, section: Section) -> None:
        if self._take(section) or not section.has_items():
            return
        part = Part(section.title, section.line, section)
        self._found.parts.append(part)
        if not self._is_split(section):
            self._gather(section, part, [])
            return
        self._add(section, part, [])
        for child in section.children:
            self._phase(child)

    def _is_split(self, section: Section) -> bool:
        """Whether the headings below are the phases: they say when, or count `Phase 1`, `Day 1`."""
        below = [child for child in section.children if child.has_items() and not self._is_apart(child)]
        telling = sum(names_phase(child.title) or read_title(child.title, 2000).is_timed for child in below)
        return len(below) > 1 and (telling * 2 >= len(below) or _spans_stages(section, below))

    def _gather(self, section: Section, part: Part, path: list[str]) -> None:
        self._add(section, part, path)
        for child in section.children:
            if not self._take(child):
                self._gather(child, part, [*path, child.title])

    def _add(self, section: Section, part: Part, path: list[str]) -> None:
        batches = [batch for batch in section.batches if batch.tasks]
        for batch in batches:
            if self._take_triggers(section, batch):
                continue
            is_named = batch.is_bold or len(batches) > 1 or not section.title
            words = [*path, batch.label if is_named else ""]
            group = _group(_JOIN.join(filter(None, words)) or section.title or part.title, batch, section)
            # Lists of one section without labels of their own are one group, however text parts them.
            last = part.groups[-1] if part.groups else None
            if last is not None and (last.title, last.is_ordered) == (group.title, group.is_ordered):
                last.tasks += group.tasks
            else:
                part.groups.append(group)

    def _take_triggers(self, section: Section, batch: Batch, *, is_within: bool = False) -> bool:
        """Take a list of triggers, by its label, or because it stands in a section about them."""
        is_about = bool(self._apart) and section.role in (Role.ROLLBACK, Role.TRIGGERS)
        is_labeled = is_about and bool(batch.label) and is_trigger_label(batch.label)
        is_meant = is_within and section.role is Role.TRIGGERS and not is_not_trigger_label(batch.label)
        if is_labeled or is_meant:
            self._found.triggers += batch.tasks
            self._found.rollback_line = self._found.rollback_line or batch.line
        return is_labeled or is_meant

    def _take_rollback(self, section: Section) -> None:
        self._found.rollback_line = self._found.rollback_line or section.line
        for inner in section.walk():
            found = [batch for batch in inner.batches if batch.tasks]
            steps = [batch for batch in found if not self._take_triggers(inner, batch, is_within=True)]
            for batch in steps:
                own = read_title(inner.title, None)
                name = "" if _GENERIC_LABEL.match(batch.label) else batch.label
                label = read_title(name, None)
                # With one list below the heading its time is the list's; with several it stays in their titles.
                budget = _budget(label if name else own)
                if budget is None and len(steps) == 1:
                    budget = _budget(own)
                shown = own.rest if _budget(own) and not name else inner.title
                step = Group(label.rest or shown, batch.line, [*batch.tasks], budget_s=budget)
                _extend(self._found.procedure, step, inner)

    def _take_criteria(self, section: Section) -> None:
        for inner in section.walk():
            batches = [batch for batch in inner.batches if batch.tasks]
            for batch in batches:
                words = [inner.title] if inner is not section or len(batches) == 1 or not batch.label else []
                words += [batch.label] if len(batches) > 1 else []
                title = _JOIN.join(filter(None, words))
                kind = criteria_kind(f"{title} {inner.title}")
                step = Group(title or section.title, batch.line, [*batch.tasks], kind=kind)
                _extend(self._found.criteria, step, inner)


def _extend(steps: list[Group], step: Group, section: Section) -> None:
    """Lists of one section with the same title are one."""
    last = steps[-1] if steps else None
    if last is not None and last.title == step.title and last.line >= section.line:
        last.tasks += step.tasks
    else:
        steps.append(step)


def _budget(timed: Timed) -> int | None:
    """How long a stage of the rollback may take: `(5 minutes)`, or `T+5 to T+30 minutes`."""
    slot = timed.slot
    if timed.budget_s is not None or slot is None or slot.end is None or slot.start.is_day:
        return timed.budget_s
    start, end = slot.start.offset_s, slot.end.offset_s
    return None if start is None or end is None else end - start


_HEADINGS = {name.heading: number for number, name in enumerate(StageName)}


def _stage_level(root: Section) -> int:
    """The level of the headings of the three stages, where a document has them in order, as this program prints it."""
    staged = [section for section in root.walk() if section.title in _HEADINGS]
    levels = {section.level for section in staged}
    return levels.pop() if [one.title for one in staged] == [*_HEADINGS] and len(levels) == 1 else 0


def stated_stage(section: Section) -> int | None:
    """The stage whose heading stands above a section of such a document."""
    return next((_HEADINGS[upper.title] for upper in section.above() if upper.title in _HEADINGS), None)


def _phase_level(root: Section) -> int:
    """The shallowest level of which at least two headings have items below them; else the deepest that has one."""
    # Plain lists of triggers or steps beside boxes do not shape the document.
    holding = holders(root, _has_boxes) or holders(root)
    counts = Counter(section.level for section in root.walk() if section.level and id(section) in holding)
    several = [level for level, count in counts.items() if count > 1]
    return min(several) if several else max(counts, default=1)


def _spans_stages(section: Section, below: list[Section]) -> bool:
    """Whether the headings below are before, during and after, and the one above them is none of these."""
    if names_phase(section.title) or max(stage_votes(section.title)) >= 1:
        return False
    votes = [stage_votes(child.title) for child in below]
    return all(max(vote) >= 1 for vote in votes) and len({vote.index(max(vote)) for vote in votes}) > 1


def _has_boxes(section: Section) -> bool:
    return any(task.kind not in (Kind.STEP, Kind.BULLET, Kind.STATE) for task in section.own_tasks())


def _group(title: str, batch: Batch, section: Section) -> Group:
    line = batch.line if batch.label else section.line or batch.line
    # `Step 1: …`, `Step 2: …`: items that follow each other.
    is_counted = len(batch.tasks) > 1 and all(_STEP.match(task.text) for task in batch.tasks)
    wording = optional_wording(title)
    for inner in (inner for task in batch.tasks for inner in task.walk()):
        inner.optional = inner.optional or wording
    owner = owner_of(title, []) or section.owner
    return Group(title, line, [*batch.tasks], batch.is_ordered or is_counted, owner)
