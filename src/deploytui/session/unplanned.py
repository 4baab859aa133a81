"""Items that nobody planned: their ids, and the plan as it is worked through with them. Pure.

The plan that was opened never changes; what is made here is the same plan with the inserted items in their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from deploytui.journal.state import Inserted, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Item, Phase, Plan

Below = Mapping[str, Sequence[Inserted]]


def free_id(index: PlanIndex, state: SessionState) -> str:
    """An id that nothing in the plan and nothing inserted before has, also where it was withdrawn since."""
    taken = {*index.phases, *index.groups, *index.gauges, *(item.id for item in index.plan.all_items())}
    taken |= {made.item for made in state.inserted} | {stage.id for stage in index.plan.rollback.stages}
    number = len(state.inserted) + 1
    while (item := f"unplanned.{number}") in taken:
        number += 1
    return item


def with_unplanned(plan: Plan, inserted: Sequence[Inserted]) -> Plan:
    """The plan with each inserted item below the one it was inserted at, behind that one's own sub-items; of
    several below the same item the newest comes first, as they were put there."""
    if not inserted:
        return plan
    taken = {item.id for item in plan.all_items()}
    below: dict[str, list[Inserted]] = {}
    for made in reversed(inserted):
        if made.item not in taken:  # else no program of ours wrote that
            below.setdefault(made.after, []).append(made)
    before, during, after = (
        replace(stage, phases=tuple(_phase(phase, below) for phase in stage.phases)) for stage in plan.stages
    )
    return replace(plan, stages=(before, during, after))


def _phase(phase: Phase, below: Below) -> Phase:
    groups = (replace(group, items=tuple(_filled(group.items, below))) for group in phase.groups)
    return replace(phase, groups=tuple(groups))


def _filled(items: Sequence[Item], below: Below) -> Iterator[Item]:
    """The items with what stands below them."""
    for item in items:
        yield replace(item, items=tuple(_filled(item.items, below))) if item.items else item
        yield from _run_below(item.id, below)


def _run_below(item: str, below: Below) -> Iterator[Item]:
    """What was inserted below `item`, and below that again, in the order in which it stands."""
    waiting = [*reversed(below.get(item, ()))]
    while waiting:
        made = waiting.pop()
        if not made.is_withdrawn:
            yield Item(made.item, made.text, is_unplanned=True)
        waiting += reversed(below.get(made.item, ()))
