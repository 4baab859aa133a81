"""From the tree of headings to the plan's parts: phases with their groups, the rollback, the criteria, the stages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from deploytui.plan.markdown.block import Paragraph
from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.calendar import Days, find_days
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.role import (
    EXEC,
    POST,
    PRE,
    Role,
    criteria_kind,
    is_not_trigger_label,
    is_rollback,
    is_trigger_label,
    names_phase,
    stage_votes,
    without_phase_number,
)
from deploytui.plan.markdown.section import Batch, Section, holders
from deploytui.plan.markdown.task import Task, optional_wording, owner_of
from deploytui.plan.markdown.when import Scale, Slot, Timed, close_slots, read_title

_JOIN = " / "
_TIME_LINE = re.compile(
    r"^\W*(?:time|window|when|schedule|scheduled|maintenance window|zeit|zeitfenster|wann|время|когда"
    r"|hora|horario|heure|時間|日時)\b[^:\w]*:\W*(?P<value>\S.*)$",
    re.I,
)
_GENERIC_LABEL = re.compile(
    r"^(?:the )?(?:steps|procedure|actions?|checklist|schritte|vorgehen|шаги|pasos|étapes|kroky)\W*$", re.I
)
_DEFAULT_TITLE = "Checklist"


@dataclass(slots=True)
class Group:
    title: str
    line: int
    tasks: list[Task]
    is_ordered: bool = False
    owner: str = ""


@dataclass(slots=True)
class Part:
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


@dataclass(slots=True)
class Step:
    """A stage of the rollback, or a list of criteria."""

    title: str
    line: int
    tasks: list[Task]
    budget_s: int | None = None
    kind: str = ""


@dataclass(slots=True)
class Arranged:
    parts: list[Part] = field(default_factory=list)
    triggers: list[Task] = field(default_factory=list)
    procedure: list[Step] = field(default_factory=list)
    criteria: list[Step] = field(default_factory=list)
    rollback_line: int = 0
    limit: tuple[int, int, str] | None = None
    assumed: list[tuple[int, str, str]] = field(default_factory=list)


def arrange(root: Section, title: Section | None, name: str, facts: Facts) -> Arranged:
    """The parts of the plan. A document that is itself about a rollback, or has nothing but criteria, is worked
    through like any other: its sections are phases."""
    heading = title.title if title is not None else name
    arranged = _Arranger(root, title, name, is_rollback(heading), False).run()
    if not arranged.parts and (arranged.procedure or arranged.triggers or arranged.criteria):
        arranged = _Arranger(root, title, name, True, True).run()
    scale = Scale(facts.go_live, ZoneInfo(facts.zone), facts.year)
    _place(arranged, scale, title.title if title is not None else "")
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
        self._level = _phase_level(root)
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
    group.owner = owner_of(title, [])
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


def _place(arranged: Arranged, scale: Scale, heading: str) -> None:
    """Windows and stages of the phases. Each needs the other: what a `Week 1` is depends on what came before."""
    parts = arranged.parts
    has_come = False
    slots: list[Slot | None] = []
    for part in parts:
        part.timed = _timed(part, scale.year)
        votes = stage_votes(part.title)
        is_after = (
            has_come
            or bool(votes[POST])
            or any(stage_votes(upper.title)[POST] for upper in part.section.above())
        )
        scale.day = _day_of(part, scale.year)
        slot = scale.slot(part.timed, is_after=is_after)
        slots.append(slot)
        has_come = (
            has_come
            or votes[EXEC] >= 1
            or (slot is not None and slot.start.offset_s is not None and slot.start.offset_s >= 0)
        )
    closed, assumed = close_slots(slots, scale)
    for place, (part, slot) in enumerate(zip(parts, closed, strict=True)):
        if slot is not None and slot.end is not None and _is_forward(slot, scale):
            part.slot = slot
            if place in assumed:
                arranged.assumed.append(
                    (part.line, part.title, f"assumed: it names only a start, taken as {write_window(slot)}")
                )
    _choose_stages(parts, scale, heading)
    for part in parts:
        rest = part.timed.rest if part.timed is not None and part.slot is not None else part.title
        part.owner = owner_of(part.title, [])
        title = rest or part.title
        if not part.is_implicit:
            title = without_phase_number(title)
        for group in part.groups:
            if group.title == part.section.title:
                group.title = title
        part.title = title


def write_window(slot: Slot) -> str:
    return f"{slot.start.write()} .. {slot.end.write() if slot.end else slot.start.write()}"


def _is_forward(slot: Slot, scale: Scale) -> bool:
    if slot.end is None:
        return False
    if slot.start.day is not None and slot.end.day is not None:
        return slot.start.day <= slot.end.day
    return scale.position(slot.start) < scale.position(slot.end)


def _timed(part: Part, year: int | None) -> Timed:
    timed = read_title(part.section.title, year) if not part.is_implicit else Timed(part.title)
    if timed.is_timed or part.is_implicit:
        return timed
    for left in part.section.left:
        if isinstance(left.block, Paragraph):
            for line in left.block.lines:
                match = _TIME_LINE.match(line.replace("*", ""))
                if match and (stated := read_title(match["value"], year)).is_timed:
                    return replace(stated, rest=timed.rest)
    return timed


def _day_of(part: Part, year: int | None) -> Days | None:
    """The date that is spoken of: that of the nearest heading above with one."""
    for section in (part.section, *part.section.above()):
        if (days := find_days(section.title, year)) is not None:
            return days
    return None


def _choose_stages(parts: list[Part], scale: Scale, heading: str) -> None:
    """The split into before, during and after that agrees best with what the headings and windows say. Phases
    keep the order of the document, so a stage never begins again after the next one has."""
    wanted = [_votes(part, scale, heading) for part in parts]
    has_execution = any(votes[EXEC] >= 1 for votes in wanted)
    for place, votes in enumerate(wanted):
        if not any(votes):
            # What says nothing is work of the night, or preparation where the night comes later.
            comes_later = has_execution and any(later[EXEC] >= 1 for later in wanted[place + 1 :])
            votes[PRE if comes_later else EXEC] = 0.15
    first, second = _best_split(wanted)
    for place, part in enumerate(parts):
        part.stage = PRE if place < first else EXEC if place < second else POST


def _best_split(wanted: list[list[float]]) -> tuple[int, int]:
    """Where the second and the third stage begin, for the largest sum of votes."""
    before = [0.0]
    during = [0.0]
    after = [0.0]
    for votes in wanted:
        before.append(before[-1] + votes[PRE])
        during.append(during[-1] + votes[EXEC])
        after.append(after[-1] + votes[POST])
    best, chosen = -1.0, (0, len(wanted))
    gain, begins = 0.0, 0
    for second in range(len(wanted) + 1):
        if before[second] - during[second] > gain:
            gain, begins = before[second] - during[second], second
        total = gain + during[second] + after[-1] - after[second]
        if total >= best:
            best, chosen = total, (begins, second)
    return chosen


def _votes(part: Part, scale: Scale, heading: str) -> list[float]:
    votes = list(stage_votes(part.section.title if not part.is_implicit else part.title))
    if not any(votes):
        for upper in part.section.above():
            upper_votes = stage_votes(upper.title)
            if upper.level and any(upper_votes) and upper.title != heading:
                votes = [vote * 0.5 for vote in upper_votes]
                break
    for stage, vote in enumerate(_window_votes(part, scale)):
        votes[stage] += vote
    for stage, vote in enumerate(stage_votes(heading)):
        votes[stage] += vote * 0.3
    return votes


def _window_votes(part: Part, scale: Scale) -> tuple[float, float, float]:
    slot = part.slot
    if slot is None or slot.end is None or (scale.go_live is None and slot.start.at is not None):
        return (0.0, 0.0, 0.0)
    start, end = scale.position(slot.start), scale.position(slot.end)
    if end <= 0 and start < 0:
        return (1.0, 0.0, 0.0)
    if start > 0 or (part.timed is not None and part.timed.after is not None):
        return (0.0, 0.0, 1.0)
    return (0.0, 1.0, 0.0)
