"""How many items are in which state, a phase, a group and the whole plan. One act costs the same in any plan."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from deploytui.journal.state import ItemStatus, SessionState
from deploytui.plan.index import Placed, PlanIndex
from deploytui.plan.model import StageName
from deploytui.session.view import Counts

_SET_ASIDE = "set_aside"
_APART = "unplanned "


class Tally:
    """Counters that follow the state. Everything nobody spoke of is open, or set aside with its phase."""

    def __init__(self, index: PlanIndex) -> None:
        self._index = index
        self._phases: dict[str, Counter[str]] = {}
        self._groups: dict[str, Counter[str]] = {}

    def count_all(self, state: SessionState) -> None:
        """Count from nothing: at the start, and when phases were set aside."""
        self._phases = {phase: Counter() for phase in self._index.phases}
        self._groups = {group: Counter() for group in self._index.groups}
        index = self._index
        for phase, spec in index.phases.items():
            word = _SET_ASIDE if phase in state.set_aside else ItemStatus.OPEN.value
            for group in spec.groups:
                positions = index.group_items[group.id]
                unplanned = sum(index.items[at].item.is_unplanned for at in positions)
                counted = Counter({word: len(positions) - unplanned, _APART + word: unplanned})
                self._groups[group.id] = counted
                self._phases[phase] += counted
        nothing = SessionState(set_aside=state.set_aside)
        for item in state.items:
            self.moved(item, nothing, state)

    def moved(self, item: str, before: SessionState, after: SessionState) -> None:
        """One item went from one state to another."""
        placed = self._index.by_id.get(item)
        if placed is None:
            return
        for counter in (self._phases[placed.phase], self._groups[placed.group]):
            counter[_word(placed, before)] -= 1
            counter[_word(placed, after)] += 1

    def phase(self, phase: str) -> Counts:
        return _counts(self._phases[phase])

    def group(self, group: str) -> Counts:
        return _counts(self._groups[group])

    def of_phases(self, phases: list[str]) -> Counts:
        """Several phases together."""
        total: Counter[str] = Counter()
        for phase in phases:
            total.update(self._phases[phase])
        return _counts(total)

    def stage(self, stage: StageName) -> Counts:
        return self.of_phases([phase for phase, name in self._index.stage_of.items() if name is stage])

    def everything(self) -> Counts:
        return self.of_phases(list(self._phases))


def _word(placed: Placed, state: SessionState) -> str:
    said = state.items.get(placed.item.id)
    word = said.status.value if said else "open"
    if placed.phase in state.set_aside:
        word = _SET_ASIDE
    return _APART + word if placed.item.is_unplanned else word


def _counts(counter: Counter[str]) -> Counts:
    planned: dict[str, int] = {}
    apart: dict[str, int] = {}
    for word, count in counter.items():
        if count:
            side = apart if word.startswith(_APART) else planned
            side[word.removeprefix(_APART)] = count
    counts = Counts(**planned)  # type: ignore[arg-type]  # the words are the names of its numbers
    return replace(counts, unplanned=Counts(**apart)) if apart else counts  # type: ignore[arg-type]
