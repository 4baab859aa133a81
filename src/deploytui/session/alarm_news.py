"""Which alarms are news: each once, again when it gets worse, and again when it comes back after a while. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deploytui.metrics.board import Level
from deploytui.session.alarm import RANK, Alarm

_ALARMING = frozenset(level.value for level in RANK)
AGAIN_S = 60.0  # what is gone for less than that and comes back is the same alarm


class AlarmNews:
    """Follows the alarms of one screen. What stands there at the first look is no news to whoever opened it, and
    neither is what the journal `known` says of gauges that have not answered yet."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = {key: Level(level) for key, level in (known or {}).items() if level in _ALARMING}
        self._told: dict[str, tuple[int, float]] = {}
        self._is_first = True

    def news(self, alarms: Sequence[Alarm], acked: frozenset[str], mono_s: float) -> list[Alarm]:
        """The alarms to tell of now, worst first. `acked` are the keys of those that somebody has seen."""
        if self._is_first:
            self._told = {key: (RANK[level], mono_s) for key, level in self._known.items()}
        found: list[Alarm] = []
        for alarm in alarms:
            rank = RANK[alarm.level]
            worst, seen_s = self._told.get(alarm.key, (len(RANK), -AGAIN_S))
            if mono_s - seen_s >= AGAIN_S:
                worst = len(RANK)
            if rank < worst and alarm.key not in acked and not self._is_first:
                found.append(alarm)
            self._told[alarm.key] = (min(rank, worst), mono_s)
        self._is_first = False
        return sorted(found, key=lambda alarm: RANK[alarm.level])
