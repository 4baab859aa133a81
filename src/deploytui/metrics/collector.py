"""The collector: every gauge of the plan with what is known of it. Samples go in, a frozen board comes out.

Pure: it is handed samples and moments, and never asks a clock or a host.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from deploytui.metrics.baseline import Baseline, Captured, baseline_of, worse_by
from deploytui.metrics.board import Board, Level, LevelChange, Reading, Sample
from deploytui.metrics.carry import COLUMNS, Carried, carried, take_up
from deploytui.metrics.history import HOUR, History
from deploytui.metrics.latch import State
from deploytui.metrics.level import advance, level_at, reading, stale_after_s
from deploytui.metrics.window import Series, judge
from deploytui.plan.model import GaugeSpec, followed

# Levels after which a restart does not begin with settling: the last answer was not good.
_BAD = (Level.WATCH, Level.BREACH, Level.NO_DATA)
CAPTURE_S = 15 * 60.0  # what a baseline is made from: the last quarter of an hour


class Collector:
    """`unread` holds, by id, why a gauge is not read at all (a variable that is not set); `told` the level that
    the journal has last, so that a session that is resumed tells what became of it; `history` learns what each gauge shows."""

    def __init__(
        self,
        specs: Iterable[GaugeSpec],
        unread: Mapping[str, str] | None = None,
        told: Mapping[str, Level] | None = None,
        history: History | None = None,
    ) -> None:
        reasons, levels = unread or {}, told or {}
        self.history = history or History()
        by_id = {spec.id: spec for spec in specs}
        self._gauges: dict[str, _Gauge] = {}
        self._fed: dict[str, list[_Gauge]] = {}
        for spec in by_id.values():
            *_, last = followed(spec, by_id)
            reason = reasons.get(spec.id) or reasons.get(last.id, "")
            if last.looks_at:
                reason = f"{spec.looks_at} leads back to this gauge: nothing is measured"
                last = spec
            # What looks at another cannot be fresher than that one.
            paced = replace(spec, every_s=last.every_s, timeout_s=last.timeout_s)
            self.history.know(spec.id, stale_after_s(paced))
            gauge = _Gauge(paced, last, reason, levels.get(spec.id), self.history)
            self._gauges[spec.id] = gauge
            if last is not spec:
                self._fed.setdefault(last.id, []).append(gauge)

    def take(self, gauge_id: str, sample: Sample) -> None:
        """Take one answer of one probe, for its gauge and those that look at it."""
        measured = self._gauges[gauge_id].take(sample)
        if measured is not None:
            for gauge in self._fed.get(gauge_id, ()):
                gauge.take(measured)

    def carry_on(self, now: datetime) -> None:
        """Go on with what the history says of breaches before the program was away; called before the first sample."""
        for gauge in self._gauges.values():
            gauge.carry_on(now)

    def restart(self, targets: Collection[str]) -> None:
        """From now on only the newest sample of these targets' gauges counts, and what comes after it."""
        dropped = [gauge for gauge in self._gauges.values() if gauge.spec.target in targets]
        for gauge in dropped:
            gauge.forget()
        for gauge in dropped:
            if gauge.latest is not None and gauge.measured.id == gauge.spec.id:
                self.take(gauge.spec.id, gauge.latest)

    def measured(self, gauge_id: str) -> str:
        """The gauge whose probe answers for this one: itself, or the one that it looks at."""
        return self._gauges[gauge_id].measured.id

    def pace(self, gauges: Collection[str], least_s: int) -> None:
        """From now on these gauges, and those that look at them, are asked no more often than this."""
        for name, gauge in self._gauges.items():
            if gauge.measured.id in gauges:
                self.history.know(name, stale_after_s(gauge.pace(least_s)))

    def set_baselines(self, baselines: Mapping[str, Baseline]) -> None:
        """What was captured, by the id of the gauge that was measured; it counts from the next sample on."""
        for gauge in self._gauges.values():
            gauge.baseline = baselines.get(gauge.measured.id)

    def capture(self) -> dict[str, Captured | str]:
        """The baseline of each gauge that some gauge is compared with, or why there is none; by id."""
        wanted = {gauge.measured.id: gauge for gauge in self._gauges.values() if gauge.past is not None}
        return {name: baseline_of(gauge.past or ()) for name, gauge in wanted.items()}

    def board(self, mono_s: float) -> Board:
        """Every gauge at this moment, in the plan's order."""
        return Board(tuple(gauge.read(mono_s) for gauge in self._gauges.values()))

    def changes(self) -> list[LevelChange]:
        """The level changes that `take` and `board` found since the last call, oldest first."""
        found = [change for gauge in self._gauges.values() for change in gauge.drain()]
        return sorted(found, key=lambda change: change.at)


class _Gauge:
    def __init__(
        self, spec: GaugeSpec, measured: GaugeSpec, unread: str, told: Level | None, history: History
    ) -> None:
        self.spec = self._planned = spec
        self._history = history
        self.measured = measured
        self.baseline: Baseline | None = None
        self.past = Series(CAPTURE_S) if spec.is_relative else None
        self._unread = unread
        self._state = State(has_been_bad=told in _BAD)
        self._window = Series(spec.source.window_s) if spec.source.window_s else None
        self.latest: Sample | None = None
        self._carried: Carried | None = None
        self._pause = ""
        self._said = told
        self._has_settled = False
        self._changes: list[LevelChange] = []

    def take(self, sample: Sample) -> Sample | None:
        """The value as it was measured, before it is compared with a baseline; None for one that is too old."""
        last = self._state.sample
        if last is not None and sample.mono_s < last.mono_s:
            return None
        # It may have gone stale and come back between two looks at the board.
        self._note(sample.mono_s)
        self.latest = sample
        if self._window is not None:
            self._window.append(sample)
            sample = judge(self.spec, self._window, sample)
        measured = sample
        if self.past is not None:
            self.past.append(sample)
            sample = worse_by(self.measured, sample, self.baseline)
        self._state = advance(self.spec, self._state, sample)
        if (
            self._carried is not None
            and (state := take_up(self.spec, self._state, self._carried)) is not None
        ):
            self._pause = self._carried.pause if state is not self._state else ""
            self._state, self._carried = state, None
        self._history.add(self.spec.id, sample.at, sample.value)
        self._note(sample.mono_s)
        return measured

    def pace(self, least_s: int) -> GaugeSpec:
        """Asked as the plan says, but no more often than this; what is stale follows from it."""
        self.spec = replace(self._planned, every_s=max(self._planned.every_s, least_s))
        return self.spec

    def carry_on(self, now: datetime) -> None:
        cells = self._history.trace(self.spec.id, HOUR, now, COLUMNS, 1)
        self._carried = carried(self.spec, cells, stale_after_s(self.spec), self._said, now)

    def forget(self) -> None:
        """Drop all but the newest sample as it came."""
        self._state = State()
        self._carried, self._pause = None, ""
        if self._window is not None:
            self._window = Series(self.spec.source.window_s)

    def read(self, mono_s: float) -> Reading:
        now = reading(self.spec, self._state, mono_s)
        if self._unread:
            return replace(now, why=self._unread)
        self._note(mono_s)
        breach = self._state.breach
        self._pause = self._pause if breach.is_on or breach.asked_s is not None else ""
        return replace(now, why=f"{now.why}, {self._pause}") if self._pause else now

    def drain(self) -> list[LevelChange]:
        found, self._changes = self._changes, []
        return found

    def _note(self, mono_s: float) -> None:
        """Record a change of level. The first good one is no news, and neither is settling."""
        sample = self._state.sample
        level = level_at(self.spec, self._state, mono_s)
        self._has_settled |= level is Level.SETTLING
        if sample is None or level in (self._said, Level.SETTLING):
            return
        if self._said is None and level is Level.OK:
            self._said = level
            return
        at = sample.at + timedelta(seconds=max(0.0, mono_s - sample.mono_s))
        # Who had answers that were good so far and has none any more has lost something.
        is_lost = self._has_settled and level is Level.NO_DATA
        before = self._said or (Level.WATCH if is_lost else Level.NO_DATA)
        self._said = level
        if before is not level:
            text = reading(self.spec, self._state, mono_s).why
            self._changes.append(LevelChange(self.spec.id, before, level, text, at))
