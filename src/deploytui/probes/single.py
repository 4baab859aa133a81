"""What probes of one gauge have in common: one question, under one deadline, whose lack of an answer is said."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from deploytui.base.clock import Clock
from deploytui.base.units import number
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.probes.probe import Answers
from deploytui.probes.round import Round


class Told(NamedTuple):
    """A value, why there is none, or a value with the reason for it."""

    value: float | None = None
    error: str = ""


class SingleProbe(Round):
    """`_step` says what is being waited for when the deadline comes."""

    def __init__(self, spec: GaugeSpec, clock: Clock) -> None:
        super().__init__((spec,), clock)
        self._spec = spec
        self._step = ""

    async def sample(self) -> Answers:
        try:
            async with asyncio.timeout(self._spec.timeout_s):
                told = await self._ask()
        except TimeoutError:
            told = self._timed_out(f"timed out after {number(self._spec.timeout_s)} s, {self._step}")
        return self._answers(told)

    async def _ask(self) -> Told:
        """Ask once."""
        raise NotImplementedError

    def _answers(self, told: Told) -> Answers:
        at, mono_s = self._clock.now(), self._clock.monotonic_s()
        return [(self._spec.id, Sample(at, mono_s, told.value, error=told.error))]

    def _timed_out(self, words: str) -> Told:
        return Told(error=words)
