"""Where everything of a plan stands: one flat list of the stages' items, and look-ups by id."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from deploytui.plan.model import Group, Item, Phase, Plan, StageName


class Placed(Struct, frozen=True, gc=False):
    """One item with its place. `number` is its step number in an ordered group, else 0; `depth` counts parents.

    An unplanned item is no step: the numbers that people say on the bridge stay what they were.
    """

    item: Item
    position: int
    stage: StageName
    phase: str
    group: str
    number: int
    depth: int
    parent: str


class PlanIndex:
    """Built once a plan; linear in its items. Positions are the document's order within the stages."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.items: list[Placed] = []
        self.phases: dict[str, Phase] = {}
        self.stage_of: dict[str, StageName] = {}
        self.groups: dict[str, Group] = {}
        self.phase_items: dict[str, range] = {}
        self.group_items: dict[str, range] = {}
        for stage, phase in plan.phases():
            self.phases[phase.id] = phase
            self.stage_of[phase.id] = stage
            first = len(self.items)
            for group in phase.groups:
                self.groups[group.id] = group
                start = len(self.items)
                self._place(group.items, (stage, phase.id, group.id), 0, "")
                self.group_items[group.id] = range(start, len(self.items))
            self.phase_items[phase.id] = range(first, len(self.items))
        self.gauges = {spec.id: spec for spec in plan.gauges}
        self.by_id = {placed.item.id: placed for placed in self.items}

    def _place(
        self, items: tuple[Item, ...], spot: tuple[StageName, str, str], depth: int, parent: str
    ) -> None:
        step = 0
        for item in items:
            step += not item.is_unplanned
            number = step if item.is_ordered else 0
            self.items.append(Placed(item, len(self.items), *spot, number, depth, parent))
            if item.items:
                self._place(item.items, spot, depth + 1, item.id)

    def of_phase(self, phase: str) -> Iterator[Placed]:
        """The items of one phase, in order."""
        return (self.items[position] for position in self.phase_items.get(phase, ()))

    def next_step(self, item: str) -> Placed | None:
        """The step after `item` in its ordered group, or None."""
        placed = self.by_id[item]
        return next(
            self._steps(placed, range(placed.position + 1, self.group_items[placed.group].stop)), None
        )

    def steps_before(self, item: str) -> Iterator[Placed]:
        """The steps before `item` in its ordered group, nearest first."""
        placed = self.by_id[item]
        return self._steps(placed, range(placed.position - 1, self.group_items[placed.group].start - 1, -1))

    def _steps(self, placed: Placed, positions: range) -> Iterator[Placed]:
        for position in positions if placed.number else ():
            other = self.items[position]
            if other.parent == placed.parent and not other.item.is_unplanned:
                yield other

    def matching(self, prefix: str) -> list[str]:
        """The ids that `prefix` may mean: itself alone where it is an id, else all that start with it."""
        if prefix in self.by_id:
            return [prefix]
        return sorted(item for item in self.by_id if item.startswith(prefix))
