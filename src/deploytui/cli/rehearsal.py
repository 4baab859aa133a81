"""A rehearsal: the same plan on a clock that runs faster, with gauges that are made up. Never a live session."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from deploytui.base.clock import AcceleratedClock
from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import quoted
from deploytui.base.units import parse_number
from deploytui.cli.beginning import begin, read_go_live
from deploytui.cli.console import Console
from deploytui.cli.creation import New
from deploytui.cli.gauge_source import Judged
from deploytui.journal.recorder import Recorder
from deploytui.journal.state import Pace
from deploytui.metrics.board import Asked, Board, Sample
from deploytui.metrics.collector import Collector
from deploytui.metrics.scenario import BREACH, rehearsed, scripted_sample, troubled
from deploytui.plan.load import Loaded
from deploytui.plan.model import GaugeSpec, Plan
from deploytui.plan.schedule import place
from deploytui.plan.source import ScriptedSource
from deploytui.probes.scripted import Script
from deploytui.session.act import By
from deploytui.session.phrase import MOST_SPEED

MODE = "rehearsal"
FOLDER = "rehearsals"
DEFAULT_SPEED = 60.0
# How often in a second of the wall clock a made-up gauge answers at most. At 600 times the plan's own pace would be
# some thousand answers between two looks, and most of what a rehearsal costs.
_MADE_UP_HZ = 4


def read_speed(text: str | None) -> float:
    """How many times faster than the wall clock: 1 to 600."""
    if text is None:
        return DEFAULT_SPEED
    try:
        speed = parse_number(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= MOST_SPEED:
        raise UsageError(Problem(quoted(text), f"a number from 1 to {MOST_SPEED}", key="--speed"))
    return speed


def rehearsal_go_live(plan: Plan, now: datetime) -> datetime:
    """T such that the phase before execution begins now: the earliest window within half a day of T."""
    spans = place(plan, now)
    near = [
        span.start_at for span in spans.values() if timedelta(0) <= now - span.start_at <= timedelta(hours=12)
    ]
    return now + (now - min(near)) if near else now


def rehearsal(
    console: Console,
    loaded: Loaded,
    path: Path,
    by: By,
    wanted: str | None,
    from_: str | None,
    speed: str | None,
    scenario: str,
) -> tuple[New, Callable[[Recorder], RehearsalGauges]]:
    """The same plan on an accelerated clock, from where a real night would begin, and its gauges, made up."""
    now, plan = console.clock.now(), loaded.plan
    clock = AcceleratedClock(console.clock, now, read_speed(speed))
    go_live = rehearsal_go_live(plan, now) if wanted is None else read_go_live(plan, wanted, now)
    pace = Pace(clock.now(), console.clock.now(), clock.speed)
    new = New(loaded, path, by, go_live, begin(plan, go_live, now, from_), {}, clock, MODE, pace)
    return new, partial(RehearsalGauges, plan, scenario, go_live, clock)


class RehearsalGauges(Judged):
    """`Gauges` of the screen, fed at the pace of the accelerated clock: from the checklist's own prepared values where
    a gauge has them, else from a scenario."""

    def __init__(
        self, plan: Plan, scenario: str, go_live: datetime | None, clock: AcceleratedClock, recorder: Recorder
    ) -> None:
        self._plan = plan
        own = {spec.id: spec.source for spec in plan.gauges if isinstance(spec.source, ScriptedSource)}
        self._specs = tuple(spec if spec.id in own else rehearsed(spec) for spec in plan.gauges)
        self._scripts = {name: Script(source.values) for name, source in own.items()}
        self._trouble: dict[str, str] = {}
        if scenario == BREACH:
            breaching, slow = troubled(tuple(spec for spec in plan.gauges if spec.id not in own))
            self._trouble = {breaching: BREACH, slow: "slow"}
        self._go_live = go_live
        self._clock = clock
        super().__init__(Collector(self._specs, history=recorder.history), recorder)
        self._fed_s = {spec.id: clock.monotonic_s() for spec in self._specs}
        self._made_up = frozenset(spec.id for spec in self._specs) - frozenset(self._scripts)
        self._least_s = 1

    def board(self) -> Board:
        now, mono_s = self._clock.now(), self._clock.monotonic_s()
        self._keep_pace()
        for spec in self._specs:
            every_s = max(spec.every_s, self._least_s) if spec.id in self._made_up else spec.every_s
            while (due_s := self._fed_s[spec.id] + every_s) <= mono_s:
                at = now - timedelta(seconds=mono_s - due_s)
                self._collector.take(spec.id, self._sample(spec, at, due_s))
                self._fed_s[spec.id] = due_s
        self._recorder.keep()
        return self._collector.board(mono_s)

    def _keep_pace(self) -> None:
        """The faster the night goes, the further apart made-up answers are; prepared ones keep their own pace."""
        least_s = math.ceil(self._clock.speed / _MADE_UP_HZ)
        if least_s != self._least_s:
            self._least_s = least_s
            self._collector.pace(self._made_up, least_s)

    def _sample(self, spec: GaugeSpec, at: datetime, due_s: float) -> Sample:
        """What the checklist has prepared for this gauge, else what the scenario makes up."""
        if (script := self._scripts.get(spec.id)) is not None:
            told = script.told(due_s)
            return Sample(at, due_s, told.value, error=told.error)
        since_s = (at - self._go_live).total_seconds() if self._go_live else 0.0
        return scripted_sample(spec, self._trouble.get(spec.id, ""), since_s, at, due_s)

    def asked(self, gauge: str) -> Asked:
        """What a live session would ask; here nobody is asked."""
        spec = next(spec for spec in self._plan.gauges if spec.id == gauge)
        return Asked(spec.question(), "made up: a rehearsal asks nobody")
