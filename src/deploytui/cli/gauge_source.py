"""The numbers of the dashboard: probes at work behind the first frame, and the desk that judges their answers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deploytui.base.clock import Clock
from deploytui.cli.console import Console
from deploytui.cli.trust import Agreed, agreed, wanted
from deploytui.journal.recorder import Recorder
from deploytui.metrics.baseline import Baseline, Captured
from deploytui.metrics.board import Asked, Board, Level, LevelChange, Reading
from deploytui.metrics.collector import Collector
from deploytui.metrics.history import History
from deploytui.plan.model import Plan

if TYPE_CHECKING:
    from deploytui.probes.runner import ProbeRunner


class Judged:
    """The half of the screen's `Gauges` that does not care where numbers come from: what they mean, and their past."""

    def __init__(self, collector: Collector, history: History, recorder: Recorder | None) -> None:
        self._collector = collector
        self._recorder = recorder
        self.history = history

    def remark(self) -> str:
        """What there is to say of the file that keeps the past; "" when nothing."""
        return self._recorder.remark() if self._recorder is not None else ""

    def changes(self) -> Sequence[LevelChange]:
        return self._collector.changes()

    def restart(self, targets: Collection[str]) -> None:
        """From now on nothing counts that the gauges of these targets said before."""
        self._collector.restart(targets)

    def set_baselines(self, baselines: Mapping[str, Baseline]) -> None:
        """What the session has captured, by the id of the gauge that was measured."""
        self._collector.set_baselines(baselines)

    def capture(self) -> Mapping[str, Captured | str]:
        """The baselines that could be captured now, or why not, by the id of the gauge that is measured."""
        return self._collector.capture()


class LiveGauges(Judged):
    """`Gauges` of the screen, fed by the plan's probes. Until they are loaded every gauge says no data. What they take
    or run must be in `agreed`; commands run in `folder`, and while `may_run`, which nobody who follows may say. `told`
    is the level the journal last has of a gauge, so that a session that is taken up tells what became of it; `recorder`
    keeps the past beside the session."""

    def __init__(
        self,
        plan: Plan,
        given: Mapping[str, str],
        environ: Mapping[str, str],
        clock: Clock,
        *,
        agreed: Agreed = frozenset(),
        folder: Path | None = None,
        may_run: Callable[[], bool] = lambda: True,
        told: Mapping[str, Level] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self._plan = plan
        self._given = given
        self._environ = environ
        self._clock = clock
        self._agreed = agreed
        self._folder = folder
        self._may_run = may_run
        self._told = told or {}
        history = recorder.history if recorder is not None else History()
        super().__init__(Collector(plan.gauges, told=self._told, history=history), history, recorder)
        self._baselines: Mapping[str, Baseline] = {}
        self._shown: Mapping[str, str] = {}
        self._runner: ProbeRunner | None = None

    async def start(self) -> None:
        if self._plan.gauges:
            if self._recorder is not None:
                self._recorder.start()
            self._runner = await asyncio.to_thread(self._open)
            if self._recorder is not None:
                await self._recorder.recalled()
                self._collector.carry_on(self._clock.now())
            await self._runner.start()

    def _open(self) -> ProbeRunner:
        from deploytui.probes.runner import ProbeRunner
        from deploytui.probes.source import open_sources
        from deploytui.probes.variable import Variables

        variables = Variables(self._plan.variables, self._given, self._environ)
        sources = open_sources(
            self._plan.gauges,
            variables,
            self._clock,
            os.uname().nodename,
            agreed=self._agreed,
            folder=self._folder,
            may_run=self._may_run,
        )
        self._shown = sources.shown
        self._collector = Collector(self._plan.gauges, sources.unread, self._told, self.history)
        self._collector.set_baselines(self._baselines)
        return ProbeRunner(sources.probes, self._collector.take, self._clock)

    async def ask_once(self) -> None:
        """Every gauge one time; `stop` closes what was opened for it."""
        self._runner = self._runner or self._open()
        await self._runner.ask_once()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.stop()
        if self._recorder is not None:
            await self._recorder.stop()

    def board(self) -> Board:
        if self._recorder is not None:
            self._recorder.keep()
        return self._collector.board(self._clock.monotonic_s())

    def asked(self, gauge: str) -> Asked:
        """What this gauge asks, and the latest raw answer; a gauge that looks at another has that one's."""
        spec = next(spec for spec in self._plan.gauges if spec.id == gauge)
        measured = self._collector.measured(gauge)
        answer = self._runner.last_answer(measured) if self._runner is not None else ""
        return Asked(spec.question(self._shown.get(gauge, "")), answer)

    def set_baselines(self, baselines: Mapping[str, Baseline]) -> None:
        self._baselines = baselines
        super().set_baselines(baselines)


def read_once(
    plan: Plan, given: Mapping[str, str], console: Console, path: Path, source: bytes
) -> Sequence[Reading]:
    """Every gauge of the checklist at `path` asked one time, with what was agreed to before; nobody is asked here."""
    allowed = agreed(console, wanted(console, path, source, plan, given))
    live = LiveGauges(plan, given, console.env, console.clock, agreed=allowed, folder=console.cwd)

    async def ask() -> Sequence[Reading]:
        try:
            await live.ask_once()
            return live.board().readings
        finally:
            await live.stop()

    return asyncio.run(ask()) if plan.gauges else ()
