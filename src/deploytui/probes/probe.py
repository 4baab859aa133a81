"""The seam of the probes: one question, put again and again, that answers one or more gauges of one interval."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from deploytui.base.clock import Clock
from deploytui.base.units import number
from deploytui.plan.model import GaugeSpec


class Told(NamedTuple):
    """A value, why there is none, or a value with the reason for it."""

    value: float | None = None
    error: str = ""


Answers = Mapping[str, Told]


class Probe(ABC):
    """Asks one target. What goes wrong is an answer too: a `Told` that says so in our own words. `is_local` says that
    asking costs next to nothing: such probes are asked together, not spread over the interval."""

    is_local = False

    def __init__(self, specs: Sequence[GaugeSpec], clock: Clock) -> None:
        self._specs = tuple(specs)
        self._clock = clock
        self.gauges = tuple(spec.id for spec in self._specs)
        self.every_s: float = self._specs[0].every_s
        self._timeout_s = self._specs[0].timeout_s

    def prepare(self) -> None:  # noqa: B027
        """Load what is heavy. Called once, off the loop, before the first question."""

    @abstractmethod
    async def sample(self) -> Answers:
        """Ask once, within the probe's own deadline; what is told of each gauge that has something to say."""

    def last_answer(self) -> str:
        """The latest one where answers are texts, cleaned and bounded; "" before the first."""
        return ""

    async def close(self) -> None:  # noqa: B027
        """Let go of connections."""


class SingleProbe(Probe):
    """One gauge: one question, under one deadline. `_step` says what is being waited for when that comes."""

    def __init__(self, spec: GaugeSpec, clock: Clock) -> None:
        super().__init__((spec,), clock)
        self._spec = spec
        self._step = ""

    async def sample(self) -> Answers:
        try:
            async with asyncio.timeout(self._timeout_s):
                told = await self._ask()
        except TimeoutError:
            told = self._timed_out(f"timed out after {number(self._timeout_s)} s{self._step}")
        return {self._spec.id: told}

    @abstractmethod
    async def _ask(self) -> Told:
        """Ask once."""

    def _timed_out(self, words: str) -> Told:
        return Told(error=words)
