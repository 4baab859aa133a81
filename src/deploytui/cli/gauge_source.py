"""The numbers of the dashboard: probes at work behind the first frame, and what judges their answers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deploytui.cli.console import Console
from deploytui.cli.trust import Agreed, agreed, wanted
from deploytui.journal.recorder import Recorder
from deploytui.metrics.baseline import Baseline, Captured
from deploytui.metrics.board import Asked, Board, Level, LevelChange, Reading
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Plan
from deploytui.session.session import Session

if TYPE_CHECKING:
    from deploytui.probes.runner import ProbeRunner
    from deploytui.probes.source import Sources

_LEVELS = frozenset(level.value for level in Level)


class Judged:
    """The half of the screen's `Gauges` that does not care where numbers come from: what they mean, and their past."""

    def __init__(self, collector: Collector, recorder: Recorder) -> None:
        self._collector = collector
        self._recorder = recorder
        self.history = recorder.history

    async def start(self) -> None:
        self._recorder.start()

    async def stop(self) -> None:
        await self._recorder.stop()

    def remark(self) -> str:
        """What there is to say of the file that keeps the past; "" when nothing."""
        return self._recorder.remark()

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
    """`Gauges` of the screen, fed by the probes of the session's plan. Until they are loaded every gauge says no data.
    What they take or run must be in `agreed`; commands run only while this process drives. A session that is taken up
    goes on with the levels and baselines that its journal has."""

    def __init__(
        self, console: Console, session: Session, given: Mapping[str, str], agreed: Agreed, recorder: Recorder
    ) -> None:
        self._console = console
        self._session = session
        self._plan = session.plan
        self._given = given
        self._agreed = agreed
        levels = session.state.levels.items()
        self._told = {gauge: Level(known.level) for gauge, known in levels if known.level in _LEVELS}
        super().__init__(Collector(self._plan.gauges, told=self._told, history=recorder.history), recorder)
        self._shown: Mapping[str, str] = {}
        self._runner: ProbeRunner | None = None
        self.set_baselines(session.state.baselines)

    async def start(self) -> None:
        if self._plan.gauges:
            self._recorder.start()
            self._runner = await asyncio.to_thread(self._open)
            await self._recorder.recalled()
            self._collector.carry_on(self._console.clock.now())
            await self._runner.start()

    def _open(self) -> ProbeRunner:
        session = self._session
        sources = _sources(self._console, self._plan, self._given, self._agreed, lambda: session.is_driving)
        self._shown = sources.shown
        self._collector = Collector(self._plan.gauges, sources.unread, self._told, self.history)
        self._collector.set_baselines(self._baselines)
        return _runner(self._console, sources, self._collector)

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.stop()
        await super().stop()

    def board(self) -> Board:
        self._recorder.keep()
        return self._collector.board(self._console.clock.monotonic_s())

    def asked(self, gauge: str) -> Asked:
        """What this gauge asks, and the latest raw answer; a gauge that looks at another has that one's."""
        spec = next(spec for spec in self._plan.gauges if spec.id == gauge)
        measured = self._collector.measured(gauge)
        answer = self._runner.last_answer(measured) if self._runner is not None else ""
        return Asked(spec.question(self._shown.get(gauge, "")), answer)

    def set_baselines(self, baselines: Mapping[str, Baseline]) -> None:
        self._baselines = baselines
        super().set_baselines(baselines)


def _sources(
    console: Console, plan: Plan, given: Mapping[str, str], agreed: Agreed, may_run: Callable[[], bool]
) -> Sources:
    from deploytui.probes.source import open_sources
    from deploytui.probes.variable import Variables

    variables, host = Variables(plan.variables, given, console.env), os.uname().nodename
    return open_sources(
        plan.gauges, variables, console.clock, host, agreed=agreed, folder=console.cwd, may_run=may_run
    )


def _runner(console: Console, sources: Sources, collector: Collector) -> ProbeRunner:
    from deploytui.probes.runner import ProbeRunner

    return ProbeRunner(sources.probes, collector.take, console.clock)


def read_once(
    plan: Plan, given: Mapping[str, str], console: Console, path: Path, source: bytes
) -> Sequence[Reading]:
    """Every gauge of the checklist at `path` asked one time, with what was agreed to before; nobody is asked here."""

    async def ask() -> Sequence[Reading]:
        allowed = agreed(console, wanted(console, path, source, plan, given))
        sources = _sources(console, plan, given, allowed, lambda: True)
        collector = Collector(plan.gauges, sources.unread)
        runner = _runner(console, sources, collector)
        try:
            await runner.ask_once()
            return collector.board(console.clock.monotonic_s()).readings
        finally:
            await runner.stop()

    return asyncio.run(ask()) if plan.gauges else ()
