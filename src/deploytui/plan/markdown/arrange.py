"""From the tree of headings to the plan's parts: phases with their groups, the rollback, the criteria."""

from __future__ import annotations

import re

from msgspec import Struct, field
from msgspec.structs import replace

from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.role import (
    EXEC,
    Role,
    criteria_kind,
    is_not_trigger_label,
    is_rollback,
    is_trigger_label,
    names_phase,
    stage_votes,
)
from deploytui.plan.markdown.scale import Slot
from deploytui.plan.markdown.section import Batch, Section, holders
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.when import Timed, read_title
from deploytui.plan.markdown.wording import optional_wording, owner_of
from deploytui.plan.model import StageName

_JOIN = " / "
_GENERIC_LABEL = re.compile(
    r"^(?:the )?(?:steps|procedure|actions?|checklist|schritte|vorgehen|шаги|pasos|étapes|kroky)\W*$", re.I
)
_DEFAULT_TITLE = "Checklist"


class Group(Struct):
    title: str
    line: int
    tasks: list[Task]
    is_ordered: bool = False
    owner: str = ""


class Part(Struct):
    """A phase to be: a section, with the groups below it."""

    title: str
    line: int
    section: Section
    groups: list[Group] = field(default_factory=list)
    timed: Timed | None = None
    slot: Slot | None = None
    stage: int = EXEC
    owner: str = ""
    is_implicit: bool = False


class Step(Struct):
    """A stage of the rollback, or a list of criteria."""

    title: str
    line: int
    tasks: list[Task]
    budget_s: int | None = None
    kind: str = ""


class Arranged(Struct):
    parts: list[Part] = field(default_factory=list)
    triggers: list[Task] = field(default_factory=list)
    procedure: list[Step] = field(default_factory=list)
    criteria: list[Step] = field(default_factory=list)
    rollback_line: int = 0
    limit: tuple[int, int, str] | None = None
    assumed: list[tuple[int, str, str]] = field(default_factory=list)


def arrange(root: Section, title: Section | None, name: str) -> Arranged:
    """The parts of the plan. A document that is itself about a rollback, or has nothing but criteria, is worked
    through like any other: its sections are phases."""
    heading = title.title if title is not None else name
    arranged = _Arranger(root, title, name, is_rollback(heading), False).run()
    if not arranged.parts and (arranged.procedure or arranged.triggers or arranged.criteria):
        arranged = _Arranger(root, title, name, True, True).run()
    return arranged


class _Arranger:
    """Walks the tree once."""

    def __init__(
        self, root: Section, title: Section | None, name: str, is_all_phases: bool, is_whole: bool
    ) -> None:
        self._root = root
        self._title = title
        self._name = name
        # The document speaks of the rollback as a whole: only its triggers are taken out.
        self._is_all_phases = is_all_phases
        self._is_whole = is_whole
        self._level = _stage_level(root) + 1 if _stage_level(root) else _phase_level(root)
        self._found = Arranged()
        self._implicit: Part | None = None

    def run(self) -> Arranged:
        self._visit(self._root)
        self._found.parts = [part for part in self._found.parts if any(group.tasks for group in part.groups)]
        return self._found

    def _is_taken(self, section: Section) -> bool:
        """Whether the section belongs to the rollback or the criteria, not to a phase."""
        if self._is_whole or not section.has_items():
            return False
        if section.role is Role.TRIGGERS:
            return True
        return section.role is Role.CRITERIA or (section.role is Role.ROLLBACK and not self._is_all_phases)

    def _take(self, section: Section) -> None:
        if section.role is Role.CRITERIA:
            self._take_criteria(section)
        else:
            self._take_rollback(section)

    def _visit(self, section: Section) -> None:
        if self._is_taken(section):
            self._take(section)
            return
        if section.level >= self._level and section.level:
            if (
                section.parent is not None
                and section.level > self._level
                and section.parent.level < self._level
            ):
                self._gather(section, self._implicit_part(section), [section.title])
            else:
                self._phase(section)
            return
        if section.has_own_items():
            self._add(section, self._implicit_part(section), [])
        for child in section.children:
            self._visit(child)

    def _implicit_part(self, section: Section) -> Part:
        """The phase of items that stand outside any heading of the phases' level."""
        if self._implicit is None:
            owner = section if section.title else None
            title = (
                owner.title if owner is not None else (self._title.title if self._title is not None else "")
            )
            self._implicit = Part(
                title or self._name or _DEFAULT_TITLE, section.line, section, is_implicit=True
            )
            self._found.parts.append(self._implicit)
        return self._implicit

    def _phase(self, section: Section) -> None:
        if self._is_taken(section):
            self._take(section)
            return
        if not section.has_items():
            return
        part = Part(section.title, section.line, section)
        self._found.parts.append(part)
        if self._is_split(section):
            self._add(section, part, [])
            for child in section.children:
                self._phase(child)
        else:
            self._gather(section, part, [])

    def _is_split(self, section: Section) -> bool:
        """Whether the headings below are the phases: they say when, or count `Phase 1`, `Day 1`."""
        below = [child for child in section.children if child.has_items() and not self._is_taken(child)]
        if len(below) < 2:
            return False
        telling = sum(names_phase(child.title) or _says_when(child.title) for child in below)
        return telling * 2 >= len(below) or _spans_stages(section, below)

    def _gather(self, section: Section, part: Part, path: list[str]) -> None:
        self._add(section, part, path)
        for child in section.children:
            if self._is_taken(child):
                self._take(child)
            else:
                self._gather(child, part, [*path, child.title])

    def _add(self, section: Section, part: Part, path: list[str]) -> None:
        batches = [batch for batch in section.batches if batch.tasks]
        for batch in batches:
            if self._is_trigger_batch(section, batch):
                self._found.triggers += batch.tasks
                self._found.rollback_line = self._found.rollback_line or batch.line
                continue
            words = [*path]
            if batch.label and (batch.is_bold or len(batches) > 1 or not section.title):
                words.append(batch.label)
            title = _JOIN.join(word for word in words if word) or section.title or part.title
            _merge(part.groups, _group(title, batch, section))

    def _is_trigger_batch(self, section: Section, batch: Batch) -> bool:
        return (
            not self._is_whole
            and section.role in (Role.ROLLBACK, Role.TRIGGERS)
            and bool(batch.label)
            and is_trigger_label(batch.label)
            and not is_not_trigger_label(batch.label)
        )

    def _take_rollback(self, section: Section) -> None:
        self._found.rollback_line = self._found.rollback_line or section.line
        for inner in section.walk():
            batches = [batch for batch in inner.batches if batch.tasks]
            triggers = [batch for batch in batches if self._is_trigger(inner, batch)]
            steps = [batch for batch in batches if batch not in triggers]
            for batch in triggers:
                self._found.triggers += batch.tasks
            for batch in steps:
                self._add_step(inner, batch, len(steps))

    def _is_trigger(self, section: Section, batch: Batch) -> bool:
        is_named = section.role is Role.TRIGGERS and not is_not_trigger_label(batch.label)
        return is_named or self._is_trigger_batch(section, batch)

    def _add_step(self, section: Section, batch: Batch, count: int) -> None:
        is_bare = not batch.label or bool(_GENERIC_LABEL.match(batch.label))
        if is_bare:
            batch = replace(batch, label="")
        own, label = read_title(section.title, None), read_title(batch.label, None)
        # With one list below the heading its time is the list's; with several it stays in their titles.
        shown = own.rest if _budget(own) and (count == 1 or batch.label) else section.title
        budget = _budget(label) if batch.label else _budget(own)
        if budget is None and count == 1:
            budget = _budget(own)
        title = label.rest if batch.label else shown
        step = Step(title or section.title, batch.line, list(batch.tasks), budget)
        same = self._found.procedure[-1] if self._found.procedure else None
        if same is not None and not batch.label and same.title == step.title and same.line >= section.line:
            same.tasks += step.tasks
        else:
            self._found.procedure.append(step)

    def _take_criteria(self, section: Section) -> None:
        for inner in section.walk():
            batches = [batch for batch in inner.batches if batch.tasks]
            for batch in batches:
                title = batch.label if batch.label and len(batches) > 1 else inner.title
                if title and title == batch.label and inner.title and inner is not section:
                    title = f"{inner.title}{_JOIN}{title}"
                kind = criteria_kind(f"{title} {inner.title}")
                same = self._found.criteria[-1] if self._found.criteria else None
                if same is not None and same.title == title and same.line >= inner.line:
                    same.tasks += batch.tasks
                else:
                    self._found.criteria.append(
                        Step(title or section.title, batch.line, list(batch.tasks), kind=kind)
                    )


def _budget(timed: Timed) -> int | None:
    """How long a stage of the rollback may take: `(5 minutes)`, or `T+5 to T+30 minutes`."""
    slot = timed.slot
    if timed.budget_s is not None or slot is None or slot.end is None:
        return timed.budget_s
    if slot.start.offset_s is None or slot.end.offset_s is None:
        return None
    return slot.end.offset_s - slot.start.offset_s


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
    counts: dict[int, int] = {}
    # Plain lists of triggers or steps beside boxes do not shape the document.
    holding = holders(root, _has_boxes) or holders(root)
    for section in root.walk():
        if section.level and id(section) in holding:
            counts[section.level] = counts.get(section.level, 0) + 1
    several = [level for level, count in counts.items() if count > 1]
    if several:
        return min(several)
    return max(counts, default=1)


def _spans_stages(section: Section, below: list[Section]) -> bool:
    """Whether the headings below are before, during and after, and the one above them is none of these."""
    if names_phase(section.title) or max(stage_votes(section.title)) >= 1:
        return False
    votes = [stage_votes(child.title) for child in below]
    return all(max(vote) >= 1 for vote in votes) and len({vote.index(max(vote)) for vote in votes}) > 1


def _has_boxes(section: Section) -> bool:
    return any(
        task.kind not in (Kind.STEP, Kind.BULLET, Kind.STATE)
        for batch in section.batches
        for task in batch.tasks
    )


def _says_when(title: str) -> bool:
    return read_title(title, 2000).is_timed


def _merge(groups: list[Group], group: Group) -> None:
    """Lists of one section without labels of their own are one group, however text parts them."""
    last = groups[-1] if groups else None
    if last is not None and last.title == group.title and last.is_ordered == group.is_ordered:
        last.tasks += group.tasks
    else:
        groups.append(group)


def _group(title: str, batch: Batch, section: Section) -> Group:
    group = Group(title, batch.line if batch.label else section.line or batch.line, list(batch.tasks))
    group.is_ordered = batch.is_ordered or _counts_steps(batch.tasks)
    group.owner = owner_of(title, []) or section.owner
    wording = optional_wording(title)
    if wording:
        for task in batch.tasks:
            for inner in task.walk():
                inner.optional = inner.optional or wording
    return group


def _counts_steps(tasks: list[Task]) -> bool:
    """`Step 1: …`, `Step 2: …`: items that follow each other."""
    numbers = [
        re.match(r"(?:step|schritt|шаг|paso|étape|ステップ)\s*(\d+)\b", task.text, re.I) for task in tasks
    ]
    return len(tasks) > 1 and all(numbers)
