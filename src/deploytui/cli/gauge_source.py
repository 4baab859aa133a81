"""The numbers of the dashboard: probes at work behind the first frame, and the desk that judges their answers."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deploytui.base.clock import Clock
from deploytui.metrics.board import Board, LevelChange
from deploytui.metrics.desk import GaugeDesk
from deploytui.plan.model import Plan

if TYPE_CHECKING:
    from deploytui.probes.runner import ProbeRunner


class LiveGauges:
    """`Gauges` of the screen, fed by the plan's probes. Until they are loaded every gauge says no data."""

    def __init__(
        self, plan: Plan, given: Mapping[str, str], environ: Mapping[str, str], clock: Clock
    ) -> None:
        self._plan = plan
        self._given = given
        self._environ = environ
        self._clock = clock
        self._desk = GaugeDesk(plan.gauges)
        self._runner: ProbeRunner | None = None

    async def start(self) -> None:
        """Called behind the first frame: what was loaded for it lives as long as the program, so the collector
        is told to leave it alone, and is only then switched on."""
        gc.collect()
        gc.freeze()
        gc.enable()
        if self._plan.gauges:
            self._runner = await asyncio.to_thread(self._open)
            await self._runner.start()

    def _open(self) -> ProbeRunner:
        from deploytui.probes.runner import ProbeRunner
        from deploytui.probes.source import open_sources
        from deploytui.probes.variable import Variables

        variables = Variables(self._plan.variables, self._given, self._environ)
        sources = open_sources(self._plan.gauges, variables, self._clock, socket.gethostname())
        self._desk = GaugeDesk(self._plan.gauges, sources.unread)
        return ProbeRunner(sources.probes, self._desk.take, self._clock)

    async def ask_once(self) -> None:
        """Every gauge one time; `stop` closes what was opened for it."""
        self._runner = self._runner or self._open()
        await self._runner.ask_once()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.stop()

    def board(self) -> Board:
        return self._desk.board(self._clock.monotonic_s())

    def changes(self) -> Sequence[LevelChange]:
        return self._desk.changes()
