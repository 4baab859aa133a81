"""What all probes have in common: gauges of one interval, answered by one question."""

from __future__ import annotations

from collections.abc import Sequence

from deploytui.base.clock import Clock
from deploytui.plan.model import GaugeSpec


class Round:
    """`is_local` says that asking costs next to nothing. Nothing is loaded before the first question and nothing held
    open, unless a probe says otherwise."""

    is_local = False

    def __init__(self, specs: Sequence[GaugeSpec], clock: Clock) -> None:
        self._specs = tuple(specs)
        self._clock = clock

    @property
    def gauges(self) -> tuple[str, ...]:
        return tuple(spec.id for spec in self._specs)

    @property
    def every_s(self) -> float:
        return self._specs[0].every_s

    def prepare(self) -> None:
        """Load what is heavy."""

    async def close(self) -> None:
        """Let go of what is held open."""
