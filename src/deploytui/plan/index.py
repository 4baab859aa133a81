"""Where everything of a plan stands: one flat list of the stages' items, and look-ups by id."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import overload

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
    """Built once a plan; linear in its items. Positions are the document's order within the stages.

    A place is put together when it is asked for: kept, those of a hundred thousand items would take as much room as
    the items.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.bare: list[Item] = []
        self.phases: dict[str, Phase] = {}
        self.stage_of: dict[str, StageName] = {}
        self.groups: dict[str, Group] = {}
        self.phase_items: dict[str, range] = {}
        self.group_items: dict[str, range] = {}
        self._numbers = array("I")
        self._nested: dict[int, tuple[int, str]] = {}
        self._starts = array("I")  # the first position of each group, and where that group stands
        self._spots: list[tuple[StageName, str, str]] = []
        for stage, phase in plan.phases():
            self.phases[phase.id] = phase
            self.stage_of[phase.id] = stage
            first = len(self.bare)
            for group in phase.groups:
                self.groups[group.id] = group
                start = len(self.bare)
                self._starts.append(start)
                self._spots.append((stage, phase.id, group.id))
                self._place(group.items, 0, "")
                self.group_items[group.id] = range(start, len(self.bare))
            self.phase_items[phase.id] = range(first, len(self.bare))
        self.position: Mapping[str, int] = _Positions(self.bare)
        self.items: Sequence[Placed] = _Items(self)
        self.by_id: Mapping[str, Placed] = _ById(self)
        self._sorted_ids: list[str] | None = None

    def _place(self, items: tuple[Item, ...], depth: int, parent: str) -> None:
        number = 0
        for item in items:
            number += not item.is_unplanned
            if depth:
                self._nested[len(self.bare)] = depth, parent
            self.bare.append(item)
            self._numbers.append(number if item.is_ordered else 0)
            if item.items:
                self._place(item.items, depth + 1, item.id)

    def at(self, position: int) -> Placed:
        """The item at a position, with its place."""
        stage, phase, group = self._spots[bisect_right(self._starts, position) - 1]
        depth, parent = self._nested.get(position, (0, ""))
        return Placed(
            self.bare[position], position, stage, phase, group, self._numbers[position], depth, parent
        )

    def of_phase(self, phase: str) -> Iterator[Placed]:
        """The items of one phase, in order."""
        return map(self.at, self.phase_items.get(phase, range(0)))

    def next_step(self, item: str) -> Placed | None:
        """The step after `item` in its ordered group, or None."""
        placed = self.by_id[item]
        if not placed.number:
            return None
        for position in range(placed.position + 1, self.group_items[placed.group].stop):
            after = self.at(position)
            if after.parent == placed.parent and not after.item.is_unplanned:
                return after
        return None

    def steps_before(self, item: str) -> Iterator[Placed]:
        """The steps before `item` in its ordered group, nearest first."""
        placed = self.by_id[item]
        if not placed.number:
            return
        for position in range(placed.position - 1, self.group_items[placed.group].start - 1, -1):
            before = self.at(position)
            if before.parent == placed.parent and not before.item.is_unplanned:
                yield before

    def matching(self, prefix: str) -> list[str]:
        """The ids that `prefix` may mean: itself alone where it is an id, else all that start with it."""
        if prefix in self.position:
            return [prefix]
        if self._sorted_ids is None:
            self._sorted_ids = sorted(self.position)
        found: list[str] = []
        for position in range(bisect_left(self._sorted_ids, prefix), len(self._sorted_ids)):
            if not self._sorted_ids[position].startswith(prefix):
                break
            found.append(self._sorted_ids[position])
        return found


class _Positions(Mapping[str, int]):
    """The position of each id: a hash table of bare numbers, a seventh of what a dict takes."""

    def __init__(self, items: list[Item]) -> None:
        self._items = items
        size = 8
        while size < 2 * len(items):
            size *= 2
        self._mask = size - 1
        self._slots = table = array("I", bytes(4 * size))  # 0 is free, else one more than the position
        for number, item in enumerate(items, 1):
            slot = hash(item.id) & self._mask
            while table[slot]:
                slot = (slot + 1) & self._mask
            table[slot] = number

    def _find(self, item: object) -> int:
        """One more than the position, or 0."""
        slot = hash(item) & self._mask
        while (number := self._slots[slot]) and self._items[number - 1].id != item:
            slot = (slot + 1) & self._mask
        return number

    def __getitem__(self, item: str) -> int:
        if number := self._find(item):
            return number - 1
        raise KeyError(item)

    def __contains__(self, item: object) -> bool:
        return self._find(item) > 0

    def __iter__(self) -> Iterator[str]:
        return (item.id for item in self._items)

    def __len__(self) -> int:
        return len(self._items)


class _Items(Sequence[Placed]):
    """The items in order, each with its place."""

    def __init__(self, index: PlanIndex) -> None:
        self._index = index

    def __len__(self) -> int:
        return len(self._index.bare)

    @overload
    def __getitem__(self, at: int) -> Placed: ...

    @overload
    def __getitem__(self, at: slice) -> list[Placed]: ...

    def __getitem__(self, at: int | slice) -> Placed | list[Placed]:
        positions = range(len(self))[at]
        return (
            self._index.at(positions) if isinstance(positions, int) else list(map(self._index.at, positions))
        )

    def __iter__(self) -> Iterator[Placed]:
        return map(self._index.at, range(len(self)))


class _ById(Mapping[str, Placed]):
    """The same by id."""

    def __init__(self, index: PlanIndex) -> None:
        self._index = index

    def __getitem__(self, item: str) -> Placed:
        return self._index.at(self._index.position[item])

    def __contains__(self, item: object) -> bool:
        return item in self._index.position

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.position)

    def __len__(self) -> int:
        return len(self._index.position)
