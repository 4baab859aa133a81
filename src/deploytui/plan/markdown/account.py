"""What the importer says it made of the document: facts, phases, stages of the rollback, criteria, headings."""

from __future__ import annotations

from collections.abc import Iterable

from deploytui.plan.markdown.arrange import Arranged, Part
from deploytui.plan.markdown.box import Kind
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.harvest import LABEL
from deploytui.plan.markdown.reader import Trace
from deploytui.plan.markdown.scale import write_window
from deploytui.plan.markdown.section import Section
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.write import MAX_ITEM_DEPTH
from deploytui.plan.model import Note, StageName

_KEPT_AS = {"text": "kept as a note", "known-issue": "a known issue", "enhancement": "later work"}
_STAGES = tuple(StageName)


def say_all(trace: Trace, name: str, arranged: Arranged, facts: Facts, counts: dict[Kind, int]) -> None:
    """Name every part of the plan with its line, and how many items came from where."""
    for key, (value, line) in facts.entries.items():
        trace.say(line, f"{key}: {value}", "a fact of the plan")
    if facts.go_live is not None:
        said = f"the go-live, T; zone {facts.zone}"
        trace.say(facts.go_live_line, f"{facts.go_live:%Y-%m-%dT%H:%MZ}", said)
    elif facts.day is not None:
        trace.warn(1, "", "assumed: the go-live has a date but no time; the start asks for it")
    labels = {one.line for one in trace.recognized if one.as_.startswith(LABEL)}
    for part in arranged.parts:
        _say_part(trace, part, labels)
    for step in arranged.procedure:
        budget = f", budget {step.budget_s // 60} min" if step.budget_s else ""
        trace.say(step.line, step.title, f"a stage of the rollback, {len(step.tasks)} items{budget}")
    if arranged.triggers:
        first = arranged.triggers[0]
        trace.say(first.line, first.text, f"rollback triggers: {len(arranged.triggers)}")
    if arranged.limit is not None:
        seconds, line, text = arranged.limit
        trace.say(line, text, f"the stated limit of the rollback, {seconds // 60} min")
    steps = (*arranged.procedure, *arranged.criteria)
    for tasks in (arranged.triggers, *(step.tasks for step in steps)):
        _say_depth(trace, tasks)
    for step in arranged.criteria:
        trace.say(step.line, step.title, f"success criteria, {step.kind}: {len(step.tasks)}")
    for line, text, as_ in arranged.assumed:
        trace.warn(line, text, as_)
    if counts:
        said = ", ".join(f"{count} {plural(kind, count)}" for kind, count in counts.items())
        trace.say(1, name, f"items: {said}")
    else:
        trace.warn(1, name, "no items")


def say_headings(trace: Trace, root: Section) -> None:
    """Every heading is named: those that became nothing of their own too."""
    known = {one.line for one in trace.recognized}
    for section in root.walk():
        if section.level and section.line not in known:
            trace.say(section.line, section.raw, "a heading")


def say_notes(trace: Trace, remarks: Iterable[Note]) -> None:
    """What became no part of the plan is named too, once a line: it is kept as a note."""
    known = {one.line for one in trace.recognized if one.as_.endswith("kept as a note")}
    for remark in remarks:
        if remark.line not in known:
            known.add(remark.line)
            trace.say(remark.line, remark.text, _KEPT_AS[remark.kind])


def _say_part(trace: Trace, part: Part, labels: set[int]) -> None:
    window = f", window {write_window(part.slot)}" if part.slot is not None else ""
    count = sum(_count(group.tasks) for group in part.groups)
    title = part.section.raw or part.title
    trace.say(part.line, title, f"a phase of {_STAGES[part.stage]}: {count} items{window}")
    for group in part.groups:
        if group.line != part.line and group.line not in labels:
            trace.say(group.line, group.title, f"a group: {_count(group.tasks)} items")
        _say_depth(trace, group.tasks)


def _say_depth(trace: Trace, tasks: list[Task]) -> None:
    deep = next((task for task in tasks if _is_deep(task)), None)
    if deep is not None:
        said = f"items nested deeper than {MAX_ITEM_DEPTH}; the deeper ones stand beside their parent"
        trace.say(deep.line, deep.text, said)


def _count(tasks: list[Task]) -> int:
    return sum(1 for task in tasks for _ in task.walk())


def _is_deep(task: Task) -> bool:
    below = [task]
    for _ in range(MAX_ITEM_DEPTH):
        below = [child for one in below for child in one.children]
    return bool(below)


def plural(kind: Kind, count: int) -> str:
    """What so many items of a kind are called."""
    if count == 1:
        return kind.value
    if kind in (Kind.LISTED, Kind.STATE):
        return kind.value.replace("line ", "lines ")
    return kind.value + ("es" if kind.value.endswith("x") else "s")
