"""Items that nobody planned: their ids, and the plan as it is worked through with them. Pure.

The plan that was opened never changes; what is made here is the same plan with the inserted items in their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from deploytui.journal.state import Inserted, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Item, Phase, Plan, Stage

Below = Mapping[str, Sequence[Inserted]]


def free_id(index: PlanIndex, state: SessionState) -> str:
    """An id that nothing in the plan and nothing inserted before has, also where it was withdrawn since."""
    taken = {made.item for made in state.inserted} | set(_ids(index.plan))
    number = len(state.inserted) + 1
    while (item := f"unplanned.{number}") in taken:
        number += 1
    return item


def _ids(plan: Plan) -> Iterator[str]:
    waiting: list[Item] = [*plan.rollback.triggers]
    for _, phase in plan.phases():
        yield phase.id
        for group in phase.groups:
            yield group.id
            waiting += group.items
    for stage in plan.rollback.stages:
        yield stage.id
        waiting += stage.items
    for criteria in plan.criteria:
        waiting += criteria.items
    for item in waiting:
        yield item.id
        waiting += item.items
    yield from (gauge.id for gauge in plan.gauges)


def with_unplanned(plan: Plan, inserted: Sequence[Inserted]) -> Plan:
    """The plan with each inserted item below the one it was inserted at, behind that one's own sub-items; of
    several below the same item the newest comes first, as they were put there."""
    if not inserted:
        return plan
    taken = set(_ids(plan))
    below: dict[str, list[Inserted]] = {}
    for made in reversed(inserted):
        if made.item not in taken:  # else no program of ours wrote that
            below.setdefault(made.after, []).append(made)
    before, during, after = (_stage(stage, below) for stage in plan.stages)
    return replace(plan, stages=(before, during, after))


def _stage(stage: Stage, below: Below) -> Stage:
    return replace(stage, phases=tuple(_phase(phase, below) for phase in stage.phases))


def _phase(phase: Phase, below: Below) -> Phase:
    groups = tuple(
        group if (items := _filled(group.items, below)) is group.items else replace(group, items=items)
        for group in phase.groups
    )
    return replace(phase, groups=groups)


def _filled(items: tuple[Item, ...], below: Below) -> tuple[Item, ...]:
    """The items with what stands below them; the very same tuple where that is nothing."""
    filled: list[Item] = []
    is_same = True
    for item in items:
        own = _filled(item.items, below) if item.items else item.items
        filled.append(item if own is item.items else replace(item, items=own))
        is_same = is_same and own is item.items
        if item.id in below:
            filled += _run_below(item.id, below)
            is_same = False
    return items if is_same else tuple(filled)


def _run_below(item: str, below: Below) -> Iterator[Item]:
    """What was inserted below `item`, and below that again, in the order in which it stands."""
    waiting = [*reversed(below.get(item, ()))]
    while waiting:
        made = waiting.pop()
        if not made.is_withdrawn:
            yield Item(made.item, made.text, is_unplanned=True)
        waiting += reversed(below.get(made.item, ()))
