"""Whether a port accepts a connection: how long it took where the unit is a time, else 1 for up and 0 for down."""

from __future__ import annotations

import math

from deploytui.base.clock import Clock
from deploytui.plan.model import GaugeSpec
from deploytui.probes.dial import CONNECTING, LOOKING_UP, dial, find
from deploytui.probes.fault import Fault
from deploytui.probes.lookup import Resolver
from deploytui.probes.single import SingleProbe, Told
from deploytui.probes.variable import Endpoint


class TcpProbe(SingleProbe):
    """Connects and hangs up; not a byte is sent."""

    def __init__(self, spec: GaugeSpec, place: Endpoint, resolver: Resolver, clock: Clock) -> None:
        super().__init__(spec, clock)
        self._place = place
        self._resolver = resolver

    async def _ask(self) -> Told:
        self._step = LOOKING_UP
        try:
            found = await find(self._resolver, self._place)
            self._step = CONNECTING
            began_s = self._clock.monotonic_s()
            transport = await dial(self._place, found, self._spec.timeout_s / len(found))
        except Fault as fault:
            return self._down(fault.words) if fault.is_counted else Told(error=fault.words)
        took_s = self._clock.monotonic_s() - began_s
        transport.abort()
        match self._spec.unit:
            case "ms":
                return Told(math.ceil(took_s * 10_000) / 10)
            case "s":
                return Told(took_s)
            case _:
                return Told(1.0)

    def _timed_out(self, words: str) -> Told:
        return self._down(words) if self._step == CONNECTING else Told(error=words)

    def _down(self, words: str) -> Told:
        return Told(error=words) if self._spec.unit in ("ms", "s") else Told(0.0, words)
