"""What must come first: a decision before the execution, and needs that can be met."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from deploytui.plan.index import Placed
from deploytui.plan.lint.deed import asks_go_or_no_go
from deploytui.plan.lint.subject import ERROR, WARNING, Hit, Subject, rule
from deploytui.plan.model import Item, Window

_MOST_LOOPS = 20


@rule(
    "no-gate",
    WARNING,
    "the execution begins because it is time, and not because somebody looked and said go",
    "add an item with gate: {roles: before} to the last phase before it",
)
def _no_gate(subject: Subject) -> Iterator[Hit]:
    if not subject.has_execution or not _is_night(subject):
        return
    plan, first = subject.plan, subject.plan.stages[1].phases[0]
    before = [*plan.stages[0].phases, first]
    titles = [title for phase in before for title in (phase.title, *(group.title for group in phase.groups))]
    # A document may hold its gate in a line that is no item: "Decision: GO / NO-GO".
    said = (*titles, *(note.text for note in plan.notes), *(value for _, value in plan.facts))
    if any(asks_go_or_no_go(text) for text in said):
        return
    for phase in before:
        for placed in subject.index.of_phase(phase.id):
            if placed.item.gate is not None or asks_go_or_no_go(placed.item.text):
                return
    yield Hit(subject.execution_line, "nothing asks go or no-go before the execution begins")


def _is_night(subject: Subject) -> bool:
    """Whether the plan is one of a night that can be gone into or not; a list of what a release needs is none."""
    has_window = any(phase.window is not None for phase in subject.plan.stages[1].phases)
    return subject.has_rollback or has_window or bool(subject.plan.signoffs)


@rule(
    "needs-unreachable",
    ERROR,
    "the item is blocked for good, and somebody overrides it at 3 AM",
    "turn the need around, or take it out",
)
def _needs(subject: Subject) -> Iterator[Hit]:
    looped = set()
    for loop in _loops(subject):
        looped |= {item.id for item in loop}
        names = " needs ".join(item.id for item in [*loop, loop[0]])
        yield Hit(loop[0].line, f"{names}: none of them can ever begin", loop[0].id)
    for placed in subject.index.items:
        for need in placed.item.needs:
            if placed.item.id not in looped and (why := _unreachable(subject, placed, need)):
                yield Hit(placed.item.line, f'"{placed.item.text}" needs {need}, {why}', placed.item.id)


def _unreachable(subject: Subject, placed: Placed, need: str) -> str:
    """Why a need cannot be met when its item is due; "" where it can."""
    other = subject.index.by_id.get(need)
    if other is None:
        is_step = any(item.id == need for item in subject.rollback_steps)
        return "which is worked on only in a rollback" if is_step else ""
    if other.group == placed.group and other.parent == placed.parent:
        is_later_step = placed.number and other.number > placed.number
        return f"step {other.number} of the same ordered group, after it" if is_later_step else ""
    if other.phase == placed.phase or other.position < placed.position:
        return ""
    title = subject.index.phases[other.phase].title
    begins, ends = subject.spans.get(other.phase), subject.spans.get(placed.phase)
    if begins is None or ends is None:
        overlaps = _overlap(
            subject.index.phases[other.phase].window, subject.index.phases[placed.phase].window
        )
        return "" if overlaps else f"which is in {title}, a later phase"
    is_over = begins.start_at >= ends.end_at
    return f"which is in {title}, and that begins when this is over" if is_over else ""


def _overlap(later: Window | None, window: Window | None) -> bool:
    """Whether a window that stands later begins before the other ends, by offsets alone."""
    if later is None or window is None or later.start.is_day != window.end.is_day:
        return False
    begins_s, ends_s = later.start.offset_s, window.end.offset_s
    return begins_s is not None and ends_s is not None and begins_s < ends_s


def _loops(subject: Subject) -> Iterator[list[Item]]:
    """Items that need each other in a circle: one circle after the other, each without those told before."""
    items = {box.item.id: box.item for box in subject.boxes if box.item.needs}
    for _ in range(_MOST_LOOPS):
        try:
            TopologicalSorter({name: item.needs for name, item in items.items()}).prepare()
        except CycleError as error:
            # Each is needed by the one after it; the first stands at the end again.
            yield [items[name] for name in reversed(error.args[1][1:])]
            for name in error.args[1][1:]:
                items.pop(name)
        else:
            return
