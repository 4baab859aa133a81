"""Asks a web address. One request answers every gauge of the same address, interval and token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from deploytui.base.clock import Clock
from deploytui.base.units import number
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.probes.answer import Answer
from deploytui.probes.fault import Fault
from deploytui.probes.probe import Answers
from deploytui.probes.raw import http_text, sent_secrets
from deploytui.probes.redirect import Redirects
from deploytui.probes.round import Round
from deploytui.probes.trail import Trail
from deploytui.probes.variable import Address, Secret
from deploytui.probes.web import Web

MOST_IDLE_S = 30  # what idles longer may be dropped on the way, without a word to either end

Judge = Callable[[Answer, datetime, float], Sample]


class HttpProbe(Round):
    """All gauges of one address that share interval, time-out, token and redirects."""

    def __init__(
        self,
        judged: Sequence[tuple[GaugeSpec, Judge]],
        address: Address,
        token: Secret | None,
        web: Web,
        clock: Clock,
        redirects: Redirects,
        proxy: Address | None = None,
    ) -> None:
        """`judged` is each gauge with what the answer means to it."""
        super().__init__([spec for spec, _ in judged], clock)
        self._timeout_s = self._specs[0].timeout_s
        self._trail = Trail(address, token, redirects, web, self._timeout_s, proxy)
        self._judged = judged
        self._secrets = sent_secrets(address, token, proxy)
        self._last: Answer | None = None

    def prepare(self) -> None:
        self._trail.prepare()

    async def sample(self) -> Answers:
        """One question, under one deadline from the name lookup to the last byte, redirects included."""
        answer = self._last = await self._answer()
        if self.every_s > MOST_IDLE_S:
            await self._trail.close()
        at, mono_s = self._clock.now(), self._clock.monotonic_s()
        return [(spec.id, judge(answer, at, mono_s)) for spec, judge in self._judged]

    def last_answer(self) -> str:
        return http_text(self._last, self._secrets) if self._last is not None else ""

    async def close(self) -> None:
        await self._trail.close()

    async def _answer(self) -> Answer:
        started_s = self._clock.monotonic_s()
        try:
            async with asyncio.timeout(self._timeout_s):
                response, why = await self._trail.ask()
        except TimeoutError:
            words = f"timed out after {number(self._timeout_s)} s, {self._trail.step}"
            return Answer(self._timeout_s, fault=words, is_counted=not self._trail.is_looking_up)
        except Fault as fault:
            took_s = self._clock.monotonic_s() - started_s
            return Answer(took_s, fault=fault.words, is_counted=fault.is_counted)
        took_s = self._clock.monotonic_s() - started_s
        return Answer(took_s, response.status, fault=why, headers=response.headers, body=bytes(response.body))
