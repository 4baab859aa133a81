"""Runs the probes: one task each, remote ones spread out, none overlapping itself, every failure a sample."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from deploytui.base.clock import Clock
from deploytui.metrics.board import Sample
from deploytui.probes.probe import Probe, Told

SPREAD_S = 5.0
MOST_BACKOFF_S = 30.0
_PATIENT_WITH = 2


def turns(every_s: float, misses: int) -> int:
    """How many intervals to wait after so many answers in a row without any value: from the third on twice as many
    each time, but not much longer than half a minute. A target that is down has a value, and is asked as before."""
    most = max(1, int(MOST_BACKOFF_S // every_s))
    return min(most, 1 << min(10, max(0, misses - _PATIENT_WITH)))


class ProbeRunner:
    """Asks each probe at its interval and hands every answer to `on_sample`, on the loop it was started on.

    A probe whose answer took longer than its interval is asked again at its next turn; turns that were
    missed are not made up for. A remote one that gives no value again and again is asked less often.
    """

    def __init__(
        self,
        probes: Sequence[Probe],
        on_sample: Callable[[str, Sample], None],
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._probes = tuple(probes)
        self._on_sample = on_sample
        self._clock = clock
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load what the probes need in a thread, then begin. Returns at once; the first answers come later."""
        self._task = self._task or asyncio.create_task(self._run(), name="probes")

    async def stop(self) -> None:
        """Cancel every question under way and close the connections."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await asyncio.gather(*(probe.close() for probe in self._probes), return_exceptions=True)

    async def ask_once(self) -> None:
        """Ask every probe one time and return when all have answered."""
        await asyncio.to_thread(self._prepare)
        await asyncio.gather(*(self._ask(probe) for probe in self._probes))

    def last_answer(self, gauge: str) -> str:
        """The latest raw answer behind a gauge; "" where there is none, or where it is no text."""
        return next((probe.last_answer() for probe in self._probes if gauge in probe.gauges), "")

    async def _run(self) -> None:
        await asyncio.to_thread(self._prepare)
        start_s = self._clock.monotonic_s()
        remote = [probe for probe in self._probes if not probe.is_local]
        later_s = {
            probe: min(probe.every_s, SPREAD_S) * place / len(remote) for place, probe in enumerate(remote)
        }
        asked = [self._repeat(probe, start_s + later_s.get(probe, 0.0)) for probe in self._probes]
        await asyncio.gather(*asked, return_exceptions=True)

    def _prepare(self) -> None:
        for probe in self._probes:
            with suppress(Exception):  # what could not be loaded is said by each answer
                probe.prepare()

    async def _repeat(self, probe: Probe, due_s: float) -> None:
        misses = 0
        while True:
            await self._sleep(max(0.0, due_s - self._clock.monotonic_s()))
            misses = 0 if await self._ask(probe) or probe.is_local else misses + 1
            late_s = self._clock.monotonic_s() - due_s
            due_s += probe.every_s * max(turns(probe.every_s, misses), -(-late_s // probe.every_s))

    async def _ask(self, probe: Probe) -> bool:
        """Whether there was any value in the answer."""
        try:
            told = await probe.sample()
        except Exception as error:  # a defect in one probe must not silence its gauges, nor end the others
            told = dict.fromkeys(probe.gauges, Told(error=f"the probe failed: {type(error).__name__}"))
        at, mono_s = self._clock.now(), self._clock.monotonic_s()
        for gauge, one in told.items():
            self._on_sample(gauge, Sample(at, mono_s, one.value, one.error))
        return any(one.value is not None for one in told.values())
