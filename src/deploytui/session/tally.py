"""How far everything is in one state: how many items are in which state, which failed, when a phase was worked on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property

from msgspec.structs import replace

from deploytui.journal.state import ItemStatus, SessionState
from deploytui.plan.index import Placed, PlanIndex
from deploytui.session.view import Counts

_APART = "unplanned "


class Tally:
    """A group is counted once, when it is first asked for. What nobody spoke of is open, or set aside with its phase.
    Of what was counted `before`, all stays that is not about `items`, which were other ones then."""

    def __init__(
        self,
        index: PlanIndex,
        state: SessionState,
        before: Tally | None = None,
        items: Collection[str] = (),
    ) -> None:
        self._index, self._state = index, state
        self._groups: dict[str, Counter[str]] = {}
        self._phases: dict[str, Counter[str]] = {}
        self._acted: dict[str, tuple[datetime, datetime] | None] = {}
        if before is not None and before._index is index and before._state.set_aside == state.set_aside:
            places = [index.by_id[item] for item in items if item in index.by_id]
            groups, phases = {place.group for place in places}, {place.phase for place in places}
            self._groups = {key: known for key, known in before._groups.items() if key not in groups}
            self._phases = {key: known for key, known in before._phases.items() if key not in phases}
            self._acted = {key: known for key, known in before._acted.items() if key not in phases}

    def _of(self, group: str) -> Counter[str]:
        if group not in self._groups:
            placed = (self._index.items[at] for at in self._index.group_items[group])
            self._groups[group] = Counter(map(self._word, placed))
        return self._groups[group]

    def _of_phase(self, phase: str) -> Counter[str]:
        if phase not in self._phases:
            total: Counter[str] = Counter()
            for group in self._index.phases[phase].groups:
                total.update(self._of(group.id))
            self._phases[phase] = total
        return self._phases[phase]

    def _word(self, placed: Placed) -> str:
        said = self._state.items.get(placed.item.id)
        word = "set_aside" if placed.phase in self._state.set_aside else said.status if said else "open"
        return _APART + word if placed.item.is_unplanned else word

    def group(self, group: str) -> Counts:
        return _counts([self._of(group)])

    def phase(self, phase: str) -> Counts:
        return self.of_phases([phase])

    def of_phases(self, phases: Iterable[str]) -> Counts:
        """Several phases together."""
        return _counts(self._of_phase(phase) for phase in phases)

    def everything(self) -> Counts:
        return self.of_phases(self._index.phases)

    @cached_property
    def failed(self) -> list[str]:
        """The items that are failed now, oldest first."""
        items = self._state.items
        found = [item for item, said in items.items() if said.status is ItemStatus.FAILED]
        return sorted(found, key=lambda item: items[item].seq)

    def acted(self, phases: Collection[str]) -> tuple[datetime, datetime] | None:
        """The first and the last act on the items of some phases, of those that stand."""
        for phase in phases:
            if phase not in self._acted:
                self._acted[phase] = self._acted_in(phase)
        found = [times for phase in phases if (times := self._acted[phase]) is not None]
        return (min(first for first, _ in found), max(last for _, last in found)) if found else None

    def _acted_in(self, phase: str) -> tuple[datetime, datetime] | None:
        items = (self._state.items.get(placed.item.id) for placed in self._index.of_phase(phase))
        if not (found := [said for said in items if said is not None]):
            return None
        return min(said.started_at or said.at for said in found), max(said.at for said in found)


def _counts(groups: Iterable[Counter[str]]) -> Counts:
    sides: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for group in groups:
        for word, count in group.items():
            sides[word.startswith(_APART)][word.removeprefix(_APART)] += count
    counts, apart = (Counts(**side) for side in sides.values())  # type: ignore[arg-type]  # words name its numbers
    return replace(counts, unplanned=apart) if sides[True] else counts
