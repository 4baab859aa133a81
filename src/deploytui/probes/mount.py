"""How full a mount point is that the plan names. It may hang (a network file system), so it is asked aside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from deploytui.base.clock import Clock
from deploytui.base.text import quoted
from deploytui.base.units import number
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.probes.aside import Aside
from deploytui.probes.host import refusal
from deploytui.probes.probe import Answers
from deploytui.probes.round import Round


def _used_percent(path: str) -> float:
    import psutil  # heavy: loaded when a plan has a host gauge, after the first frame

    return float(psutil.disk_usage(path).percent)


class MountProbe(Round):
    """All gauges of one mount point with the same interval. `measure` is for tests."""

    is_local = True

    def __init__(
        self,
        specs: Sequence[GaugeSpec],
        path: str,
        clock: Clock,
        measure: Callable[[str], float] = _used_percent,
    ) -> None:
        super().__init__(specs, clock)
        self._path = path
        self._measure = measure
        self._aside: Aside[float] = Aside()

    async def sample(self) -> Answers:
        value, error = None, ""
        path, timeout_s = self._path, self._specs[0].timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                value = await self._aside.call(path, lambda: self._measure(path))
        except TimeoutError:
            error = f"timed out after {number(timeout_s)} s: the file system does not answer"
        except FileNotFoundError:
            error = f"there is no {quoted(path)} on this machine"
        except Exception as raised:
            error = refusal("disk", raised)
        at, mono_s = self._clock.now(), self._clock.monotonic_s()
        return [(name, Sample(at, mono_s, value, error=error)) for name in self.gauges]
