"""Asks a port: whether it accepts a connection, and how many days the certificate behind it has left."""

from __future__ import annotations

import asyncio
import math
import ssl
from datetime import UTC, datetime

from deploytui.base.clock import Clock
from deploytui.plan.model import GaugeSpec
from deploytui.probes.fault import EXPIRED, Fault, fault_of
from deploytui.probes.probe import SingleProbe, Told
from deploytui.probes.variable import Endpoint
from deploytui.probes.web import Web, dial

_CONNECTING = ", connecting"
_DAY_S = 86_400


class _PortProbe(SingleProbe):
    def __init__(self, spec: GaugeSpec, place: Endpoint, web: Web, clock: Clock) -> None:
        super().__init__(spec, clock)
        self._place = place
        self._web = web

    async def _look_up(self) -> list[str]:
        self._step = ", looking up the name"
        found = await self._web.resolver.addresses(self._place.host, self._place.port)
        self._step = _CONNECTING
        return found

    async def _connect(
        self, addresses: list[str], tls: ssl.SSLContext | None = None
    ) -> asyncio.BaseTransport:
        """The connection, with TLS agreed on where a context is given. Raises Fault."""
        make, port = asyncio.get_running_loop().create_connection, self._place.port
        name = self._place.host if tls is not None else None
        try:
            transport, _ = await dial(
                addresses,
                self._timeout_s,
                lambda ip: make(asyncio.Protocol, ip, port, ssl=tls, server_hostname=name),
            )
        except OSError as error:
            raise fault_of(error) from None
        transport.abort()  # not a byte is sent
        return transport


class TcpProbe(_PortProbe):
    """How long it took where the unit is a time, else 1 for up and 0 for down."""

    async def _ask(self) -> Told:
        try:
            found = await self._look_up()
            began_s = self._clock.monotonic_s()
            await self._connect(found)
        except Fault as fault:
            return self._down(fault.words) if fault.is_counted else Told(error=fault.words)
        took_s = self._clock.monotonic_s() - began_s
        match self._spec.unit:
            case "ms":
                return Told(math.ceil(took_s * 10_000) / 10)
            case "s":
                return Told(took_s)
            case _:
                return Told(1.0)

    def _timed_out(self, words: str) -> Told:
        return self._down(words) if self._step == _CONNECTING else Told(error=words)

    def _down(self, words: str) -> Told:
        return Told(error=words) if self._spec.unit in ("ms", "s") else Told(0.0, words)


class TlsProbe(_PortProbe):
    """A certificate that is not trusted has no days left to speak of: that is no data, with the reason. One that has
    expired is asked for its day again, so that a limit on the days sees a number below zero."""

    def prepare(self) -> None:
        _ = self._web.tls, self._web.timeless

    async def _ask(self) -> Told:
        try:
            found = await self._look_up()
            try:
                return Told(await self._days(found, self._web.tls))
            except Fault as fault:
                if fault.words != EXPIRED:
                    raise
            days = await self._days(found, self._web.timeless)
        except Fault as fault:
            return Told(error=fault.words)
        return Told(error="TLS: a certificate above it has expired") if days > 0 else Told(days, EXPIRED)

    async def _days(self, found: list[str], context: ssl.SSLContext) -> float:
        certificate = (await self._connect(found, context)).get_extra_info("peercert")
        ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
        return math.floor((ends_at - self._clock.now()).total_seconds() / _DAY_S * 10) / 10
