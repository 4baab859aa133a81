"""Asks a web address. One request answers every gauge of the same address, interval and token."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from deploytui import __version__
from deploytui.base.clock import Clock
from deploytui.base.units import number
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.probes.answer import Answer, sample_of
from deploytui.probes.fault import Fault
from deploytui.probes.lookup import Resolver
from deploytui.probes.probe import Answers
from deploytui.probes.variable import Address, Secret

if TYPE_CHECKING:
    from deploytui.probes.connection import Connection


MOST_IDLE_S = 30  # what idles longer may be dropped on the way, without a word to either end


class Web:
    """What all web probes of a session share: one TLS context and one resolver, made on first use."""

    def __init__(self, resolver: Resolver | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.resolver = resolver or Resolver()
        self._tls = tls

    def connection(
        self, address: Address, headers: Sequence[tuple[str, Secret]], timeout_s: float
    ) -> Connection:
        """A connection to `address`; nothing is sent yet."""
        from deploytui.probes.connection import Connection  # heavy: loaded when a plan has a web gauge

        if address.scheme == "https":
            self._tls = self._tls or tls_context()
        tls = self._tls if address.scheme == "https" else None
        revealed = [(name, value.reveal()) for name, value in headers]
        return Connection(address, revealed, self.resolver, tls, timeout_s)


Judge = Callable[[GaugeSpec, Answer, datetime, float], Sample]


class HttpProbe:
    """All gauges of one address that share interval, time-out and token. It owns its one connection."""

    def __init__(
        self,
        specs: Sequence[GaugeSpec],
        address: Address,
        token: Secret | None,
        web: Web,
        clock: Clock,
        judge: Judge = sample_of,
    ) -> None:
        self._specs = tuple(specs)
        self._address = address
        self._headers = _headers(address, token)
        self._web = web
        self._clock = clock
        self._judge = judge
        self._connection: Connection | None = None

    @property
    def gauges(self) -> tuple[str, ...]:
        return tuple(spec.id for spec in self._specs)

    @property
    def every_s(self) -> float:
        return self._specs[0].every_s

    @property
    def is_local(self) -> bool:
        return False

    def prepare(self) -> None:
        self._connection = self._web.connection(self._address, self._headers, self._specs[0].timeout_s)

    async def sample(self) -> Answers:
        """One request, under one deadline from the name lookup to the last byte."""
        if self._connection is None:
            self.prepare()
        assert self._connection is not None
        answer = await self._answer(self._connection)
        if self.every_s > MOST_IDLE_S:
            await self._connection.close()
        at, mono_s = self._clock.now(), self._clock.monotonic_s()
        return [(spec.id, self._judge(spec, answer, at, mono_s)) for spec in self._specs]

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _answer(self, connection: Connection) -> Answer:
        started_s = self._clock.monotonic_s()
        timeout_s = self._specs[0].timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                response = await connection.ask()
        except TimeoutError:
            words = f"timed out after {number(timeout_s)} s, {connection.step}"
            return Answer(timeout_s, fault=words, is_counted=not connection.is_looking_up)
        except Fault as fault:
            took_s = self._clock.monotonic_s() - started_s
            return Answer(took_s, fault=fault.words, is_counted=fault.is_counted)
        took_s = self._clock.monotonic_s() - started_s
        return Answer(took_s, response.status, headers=response.headers, body=bytes(response.body))


def tls_context() -> ssl.SSLContext:
    """The system's trust, which honors SSL_CERT_FILE."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _headers(address: Address, token: Secret | None) -> tuple[tuple[str, Secret], ...]:
    """Headers are all kept as secrets: which of them are is nobody's business to sort out again."""
    headers = {
        "Host": address.authority,
        "User-Agent": f"deploytui/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    if token is not None:
        headers["Authorization"] = f"Bearer {token.reveal()}"
    elif address.login is not None:
        login = base64.b64encode(address.login.reveal().encode()).decode("ascii")
        headers["Authorization"] = f"Basic {login}"
    return tuple((name, Secret(value)) for name, value in headers.items())
