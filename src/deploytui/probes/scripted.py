"""Prepared values instead of a host, for rehearsals and tests.

Each entry of `scripted: [...]` is a number or `error: TEXT`, and lasts for one sample; with `@DURATION` behind it
(`12@90s`, `error: connection refused@2m`) it lasts that long, from the first sample that told it. The last entry
stays.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from deploytui.base.clock import Clock
from deploytui.base.text import quoted
from deploytui.base.units import parse_duration, parse_number
from deploytui.plan.model import GaugeSpec
from deploytui.probes.probe import SingleProbe, Told

_ERROR = "error:"


class Script:
    """The entries of one gauge, one after the other. `now_s` is monotonic and never goes back."""

    def __init__(self, values: Sequence[str]) -> None:
        self._rest = deque(map(entry, values))
        self._told = Told(error="no scripted values")
        self._until_s = -math.inf

    def told(self, now_s: float) -> Told:
        """What a sample at that moment says."""
        if self._rest and self._until_s <= now_s:
            self._told, lasts_s = self._rest.popleft()
            self._until_s = now_s + lasts_s
        return self._told


class ScriptedProbe(SingleProbe):
    """It costs nothing to ask, and never waits."""

    is_local = True

    def __init__(self, spec: GaugeSpec, values: Sequence[str], clock: Clock) -> None:
        super().__init__(spec, clock)
        self._script = Script(values)

    async def _ask(self) -> Told:
        return self._script.told(self._clock.monotonic_s())


def entry(text: str) -> tuple[Told, int]:
    """What an entry says, and for how many seconds; 0 is for one sample."""
    value, _, duration = text.rpartition("@")
    lasts_s = 0
    if value:
        try:
            lasts_s = parse_duration(duration)
        except ValueError:
            value = text
    value = (value or text).strip()
    if value.startswith(_ERROR):
        return Told(error=value.removeprefix(_ERROR).strip() or "no answer"), lasts_s
    try:
        return Told(parse_number(value)), lasts_s
    except ValueError:
        return Told(error=f"the scripted value {quoted(value)} is not a number"), lasts_s
