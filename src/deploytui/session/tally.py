"""How far everything is in one state: how many items are in which state, and when a phase was worked on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from deploytui.journal.state import SessionState
from deploytui.plan.index import Placed, PlanIndex
from deploytui.session.view import Counts

_APART = "unplanned "


class Tally:
    """A group is counted once, when it is first asked for. What nobody spoke of is open, or set aside with its phase."""

    def __init__(self, index: PlanIndex, state: SessionState) -> None:
        self._index, self._state = index, state
        self._groups: dict[str, Counter[str]] = {}

    def _of(self, group: str) -> Counter[str]:
        if group not in self._groups:
            placed = (self._index.items[at] for at in self._index.group_items[group])
            self._groups[group] = Counter(map(self._word, placed))
        return self._groups[group]

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
        return _counts(self._of(group.id) for phase in phases for group in self._index.phases[phase].groups)

    def everything(self) -> Counts:
        return self.of_phases(self._index.phases)

    def acted(self, phases: Iterable[str]) -> tuple[datetime, datetime] | None:
        """The first and the last act on the items of some phases, of those that stand."""
        placed = (one for phase in phases for one in self._index.of_phase(phase))
        found = [said for one in placed if (said := self._state.items.get(one.item.id)) is not None]
        if not found:
            return None
        return min(said.started_at or said.at for said in found), max(said.at for said in found)


def _counts(groups: Iterable[Counter[str]]) -> Counts:
    sides: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for group in groups:
        for word, count in group.items():
            sides[word.startswith(_APART)][word.removeprefix(_APART)] += count
    counts, apart = (Counts(**side) for side in sides.values())  # type: ignore[arg-type]  # words name its numbers
    return replace(counts, unplanned=apart) if sides[True] else counts
