"""The gauge desk: every gauge of the plan with what is known of it. Samples go in, a frozen board comes out.

Pure: it is handed samples and moments, and never asks a clock or a host.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from deploytui.metrics.board import Board, Level, LevelChange, Reading, Sample
from deploytui.metrics.latch import State
from deploytui.metrics.level import advance, is_settling, level_at, reading
from deploytui.metrics.series import Series
from deploytui.metrics.window import is_windowed, judge, span_s
from deploytui.plan.model import GaugeSpec


class GaugeDesk:
    """`unread` holds, by id, why a gauge is not read at all (a variable that is not set); `told` the level that
    the journal has last, so that a session that is resumed tells what became of it."""

    def __init__(
        self,
        specs: Iterable[GaugeSpec],
        unread: Mapping[str, str] | None = None,
        told: Mapping[str, Level] | None = None,
    ) -> None:
        reasons, levels = unread or {}, told or {}
        self._gauges = {
            spec.id: _Gauge(spec, reasons.get(spec.id, ""), levels.get(spec.id)) for spec in specs
        }

    def take(self, gauge_id: str, sample: Sample) -> None:
        """Take one answer of one probe."""
        self._gauges[gauge_id].take(sample)

    def board(self, mono_s: float) -> Board:
        """Every gauge at this moment, in the plan's order."""
        return Board(tuple(gauge.read(mono_s) for gauge in self._gauges.values()))

    def changes(self) -> list[LevelChange]:
        """The level changes that `take` and `board` found since the last call, oldest first."""
        found = [change for gauge in self._gauges.values() for change in gauge.drain()]
        return sorted(found, key=lambda change: change.at)


class _Gauge:
    def __init__(self, spec: GaugeSpec, unread: str, told: Level | None) -> None:
        self._spec = spec
        self._unread = unread
        self._state = State()
        self._window = Series(span_s(spec)) if is_windowed(spec) else None
        self._said = told
        self._changes: list[LevelChange] = []

    def take(self, sample: Sample) -> None:
        last = self._state.sample
        if last is not None and sample.mono_s < last.mono_s:
            return
        # It may have gone stale and come back between two looks at the board.
        self._note(sample.mono_s)
        if self._window is not None:
            self._window.append(sample)
            sample = judge(self._spec, self._window, sample)
        self._state = advance(self._spec, self._state, sample)
        self._note(sample.mono_s)

    def read(self, mono_s: float) -> Reading:
        now = reading(self._spec, self._state, mono_s)
        if self._unread:
            return replace(now, why=self._unread)
        self._note(mono_s)
        return now

    def drain(self) -> list[LevelChange]:
        found, self._changes = self._changes, []
        return found

    def _note(self, mono_s: float) -> None:
        """Record a change of level. The first good one is no news, and neither is the wait before it."""
        sample = self._state.sample
        level = level_at(self._spec, self._state, mono_s)
        if sample is None or level is self._said:
            return
        if self._said is None and level is Level.OK:
            self._said = level
        if level is self._said or (self._said is None and is_settling(self._state)):
            return
        at = sample.at + timedelta(seconds=max(0.0, mono_s - sample.mono_s))
        before = self._said or Level.NO_DATA
        self._said = level
        if before is not level:
            text = reading(self._spec, self._state, mono_s).why
            self._changes.append(LevelChange(self._spec.id, before, level, text, at))
