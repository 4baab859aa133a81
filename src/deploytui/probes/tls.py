"""How many days a certificate has left, from a hand-shake that is hung up at once."""

from __future__ import annotations

import math
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from deploytui.base.clock import Clock
from deploytui.plan.model import GaugeSpec
from deploytui.probes.dial import CONNECTING, LOOKING_UP, dial, find
from deploytui.probes.fault import EXPIRED, Fault
from deploytui.probes.lookup import Resolver
from deploytui.probes.single import SingleProbe, Told
from deploytui.probes.variable import Endpoint

_NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for
_DAY_S = 86_400


class Contexts:
    """What all these probes of a session trust, loaded once: as usual, and whatever the day."""

    def __init__(self, make: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._make = make
        self._made: tuple[ssl.SSLContext, ssl.SSLContext] | None = None

    def get(self) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        if self._made is None:
            strict, timeless = self._make(), self._make()
            timeless.verify_flags = ssl.VerifyFlags(timeless.verify_flags | _NO_CHECK_TIME)
            self._made = strict, timeless
        return self._made


class TlsProbe(SingleProbe):
    """A certificate that is not trusted has no days left to speak of: that is no data, with the reason. One that has
    expired is asked for its day again, so that a limit on the days sees a number below zero."""

    def __init__(
        self, spec: GaugeSpec, place: Endpoint, resolver: Resolver, contexts: Contexts, clock: Clock
    ) -> None:
        super().__init__(spec, clock)
        self._place = place
        self._resolver = resolver
        self._contexts = contexts

    def prepare(self) -> None:
        self._contexts.get()

    async def _ask(self) -> Told:
        strict, timeless = self._contexts.get()
        self._step = LOOKING_UP
        try:
            found = await find(self._resolver, self._place)
            self._step = CONNECTING
            try:
                return Told(await self._days(found, strict))
            except Fault as fault:
                if fault.words != EXPIRED:
                    raise
            days = await self._days(found, timeless)
        except Fault as fault:
            return Told(error=fault.words)
        if days > 0:
            return Told(error="TLS: a certificate above it has expired")
        return Told(days, EXPIRED)

    async def _days(self, found: list[str], context: ssl.SSLContext) -> float:
        transport = await dial(self._place, found, self._spec.timeout_s / len(found), context)
        certificate = transport.get_extra_info("peercert")
        transport.abort()
        ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
        return math.floor((ends_at - self._clock.now()).total_seconds() / _DAY_S * 10) / 10
