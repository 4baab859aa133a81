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

MOST_BODY = 64 * 1024
_MOST_HEAD = 64 * 1024
_MOST_INTERIM = 8
_MOST_AHEAD = 64 * 1024

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
        self._wire: _Wire | None = None
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

    async def _connect(self) -> _Wire:
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

    async def _connect_to(self, ip: str) -> _Wire:
        name = self._address.host if self._tls is not None else None
        _, wire = await asyncio.get_running_loop().create_connection(
            _Wire, ip, self._address.port, ssl=self._tls, server_hostname=name
        )
        return wire

    async def _exchange(self, wire: _Wire, headers: Headers) -> Response:
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

    async def _read(self, wire: _Wire, response: Response) -> bool:
        """Read into `response`. False when its end was not waited for, because it is longer than anybody needs."""
        interim = 0
        while True:
            event = self._protocol.next_event()
            if event is h11.NEED_DATA:
                data = await wire.read()
                if not data and response.status is None:
                    raise Fault(CLOSED, is_counted=True)
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


class _Wire(asyncio.Protocol):
    """The bytes of one connection. What comes unasked spoils it: it must not pass for the next answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._bytes = bytearray()
        self._is_asked = False
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self.is_ended = False

    @property
    def is_spent(self) -> bool:
        return self.is_ended or bool(self._bytes)

    def ask(self, data: bytes) -> None:
        self._is_asked = True
        if self._transport is not None:
            self._transport.write(data)

    def rest(self) -> None:
        self._is_asked = False
        if self._transport is not None:
            self._transport.resume_reading()

    async def read(self) -> bytes:
        """The next bytes; empty at the end. Reads on only when these were taken, so memory stays bounded."""
        if not self._bytes and not self.is_ended:
            self._waiter = asyncio.get_running_loop().create_future()
            if self._transport is not None:
                self._transport.resume_reading()
            await self._waiter
        if not self._bytes and self._error is not None:
            raise ConnectionResetError
        data = bytes(self._bytes)
        self._bytes.clear()
        return data

    def abort(self) -> None:
        self.is_ended = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        if not self._is_asked:
            self.abort()
        elif self._transport is not None and len(self._bytes) >= _MOST_AHEAD:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.is_ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._error = exc
        self.is_ended = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
