"""One kept HTTP/1.1 connection to one target: connect, ask, read a bounded answer.

`h11` does the protocol. Redirects, cookies, proxies and decoding are not switched off here: there are none.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

import h11

from deploytui.probes.fault import CLOSED, CUT_OFF, NOT_HTTP, RESET, Fault, fault_of
from deploytui.probes.lookup import Resolver
from deploytui.probes.variable import Address
from deploytui.probes.wire import Wire

MOST_BODY = 64 * 1024
_MOST_HEAD = 64 * 1024
_MOST_INTERIM = 8

Headers = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Response:
    """What was read of an answer. `body` is its beginning, as it came over the wire."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


class Connection:
    """Opened when it is first asked, and again after it was lost. `step` says what is being waited for."""

    def __init__(
        self, address: Address, resolver: Resolver, tls: ssl.SSLContext | None, timeout_s: float
    ) -> None:
        self._address = address
        self._resolver = resolver
        self._tls = tls
        self._timeout_s = timeout_s
        self._wire: Wire | None = None
        self._protocol = h11.Connection(h11.CLIENT)
        self.step = ""
        self.is_looking_up = False

    async def ask(self, headers: Headers) -> Response:
        """Send one GET and read the answer. Raises Fault. Whatever ends it early closes the connection."""
        try:
            if self._wire is not None and not self._wire.is_spent:
                try:
                    return await self._exchange(self._wire, headers)
                except Fault as fault:
                    # The server may close a kept connection in the very moment of asking: no fault of it.
                    if fault.words not in (RESET, CLOSED):
                        raise
            self.close()
            self._wire = await self._connect()
            self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEAD)
            return await self._exchange(self._wire, headers)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close at once, without the farewells that a hung peer would not answer."""
        if self._wire is not None:
            self._wire.abort()
            self._wire = None

    async def _connect(self) -> Wire:
        self.step, self.is_looking_up = "looking up the name", True
        found = await self._resolver.addresses(self._address.host, self._address.port)
        self.step, self.is_looking_up = "connecting", False
        share_s = self._timeout_s / len(found)
        for ip in found[:-1]:
            try:
                async with asyncio.timeout(share_s):
                    return await self._connect_to(ip)
            except (OSError, TimeoutError):
                continue
        try:
            return await self._connect_to(found[-1])
        except OSError as error:
            raise fault_of(error) from None

    async def _connect_to(self, ip: str) -> Wire:
        name = self._address.host if self._tls is not None else None
        _, wire = await asyncio.get_running_loop().create_connection(
            Wire, ip, self._address.port, ssl=self._tls, server_hostname=name
        )
        return wire

    async def _exchange(self, wire: Wire, headers: Headers) -> Response:
        self.step = "waiting for the answer"
        request = h11.Request(method="GET", target=self._address.target.reveal(), headers=list(headers))
        wire.ask(self._protocol.send(request) + self._protocol.send(h11.EndOfMessage()))
        response = Response()
        try:
            is_whole = await self._read(wire, response)
        except h11.RemoteProtocolError:
            is_cut = response.status is not None and wire.is_ended
            raise Fault(CUT_OFF if is_cut else NOT_HTTP, is_counted=True) from None
        except OSError as error:
            raise fault_of(error) from None
        states = self._protocol.states
        is_kept = is_whole and states[h11.CLIENT] is h11.DONE and states[h11.SERVER] is h11.DONE
        if is_kept and not self._protocol.trailing_data[0]:
            self._protocol.start_next_cycle()
            wire.rest()
        else:
            self.close()
        return response

    async def _read(self, wire: Wire, response: Response) -> bool:
        """Read into `response`. False when its end was not waited for, because it is longer than anybody needs."""
        interim = 0
        while True:
            event = self._protocol.next_event()
            if event is h11.NEED_DATA:
                data = await wire.read()
                if not data and response.status is None:
                    raise Fault(NOT_HTTP if wire.has_spoken else CLOSED, is_counted=True)
                self._protocol.receive_data(data)
            elif isinstance(event, h11.InformationalResponse):
                interim += 1
                if interim > _MOST_INTERIM or event.status_code == 101:
                    raise Fault(NOT_HTTP, is_counted=True)
            elif isinstance(event, h11.Response):
                self.step = "reading the answer"
                response.status = event.status_code
                response.headers = {
                    name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers
                }
            elif isinstance(event, h11.Data):
                response.body += event.data[: MOST_BODY - len(response.body)]
                if len(response.body) >= MOST_BODY:
                    return False
            else:
                return True
