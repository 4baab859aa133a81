"""The kept HTTP/1.1 connections of one probe: ask, and read a bounded answer. httpcore does the protocol."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import httpcore

from deploytui.probes.answer import Answer
from deploytui.probes.fault import CLOSED, CUT_OFF, NOT_HTTP, RESET, Fault, fault_of
from deploytui.probes.variable import Address
from deploytui.probes.web import Web, dial

MOST_BODY = 64 * 1024
_PROXY_LOGIN = 407
_IDLE_TOO_LONG = 408  # what a server says unasked when it gives a kept connection up
_KEPT_S = 30.0  # what idles longer may be dropped on the way, without a word to either end
_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)

logging.getLogger("httpcore").setLevel(logging.WARNING)  # it would log addresses, which may hold secrets
logging.getLogger("httpcore").propagate = False


class Connections(httpcore.AnyIOBackend):
    """One to each place that is asked, opened when needed. `step` says what is being waited for.

    Names are looked up here and not by the library, whose threads would delay the program's exit. Through a proxy it is
    the proxy's; the target's is looked up there.
    """

    def __init__(self, web: Web, timeout_s: float, proxy: Address | None) -> None:
        self.step = ""
        self.is_on_way = False  # still looking up, or connecting to a proxy: nothing is known of the target
        self._web = web
        self._timeout_s = timeout_s
        self._proxy = proxy
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}
        self._opened: httpcore.AsyncNetworkStream | None = None
        self._is_new = self._has_head = False

    async def ask(self, place: Address, headers: Mapping[str, str]) -> Answer:
        """Send one GET and read the answer. Raises Fault. Whatever ends it early closes the connections."""
        try:
            return await self._exchange(place, headers)
        except Fault as fault:
            # A server may close a kept connection in the very moment of asking: no fault of it.
            if self._is_new or fault.words not in (RESET, CLOSED):
                raise
        return await self._exchange(place, headers)

    async def close(self) -> None:
        """Let go of every connection; the next question opens another."""
        for pool in self._pools.values():
            await pool.aclose()
        if self._opened is not None:  # a handshake that is cancelled would be left open
            await self._opened.aclose()
            self._opened = None

    async def connect_tcp(
        self, host: str, port: int, *_args: object, **_options: object
    ) -> httpcore.AsyncNetworkStream:
        """How the library connects."""
        proxied = " to the proxy" if self._proxy is not None else ""
        self._is_new = self.is_on_way = True
        self.step = f"looking up the name{' of the proxy' if proxied else ''}"
        connect = super().connect_tcp
        try:
            found = await self._web.resolver.addresses(host, port)
            self.step, self.is_on_way = f"connecting{proxied}", bool(proxied)
            self._opened = await dial(found, self._timeout_s, lambda ip: connect(ip, port))
        except (Fault, httpcore.ConnectError) as error:
            fault = error if isinstance(error, Fault) else fault_of(error)
            if proxied:  # whatever fails up to there is no answer of the target
                raise Fault(f"no way to the proxy: {fault.words}", is_counted=False) from None
            raise fault from None
        self.is_on_way = False
        return self._opened

    async def _exchange(self, place: Address, headers: Mapping[str, str]) -> Answer:
        self._is_new = self._has_head = self.is_on_way = False
        if place.scheme not in self._pools:
            self._pools[place.scheme] = self._pool(place.scheme)
        target = place.target.reveal().encode("ascii")
        url = httpcore.URL(
            scheme=place.scheme.encode(), host=place.host.encode(), port=place.port, target=target
        )
        is_whole = False
        try:
            asked = self._pools[place.scheme].stream(
                "GET", url, headers=list(headers.items()), extensions={"trace": self._trace}
            )
            async with asked as answer:
                response = await self._read(answer)
            is_whole = True
            return response
        except _FAULTS as error:
            raise self._fault(error) from None
        finally:
            if not is_whole:
                await self.close()

    def _pool(self, scheme: str) -> httpcore.AsyncConnectionPool:
        # An address without TLS needs no certificates, which cost 20 ms to load.
        tls = self._web.tls if scheme == "https" else None
        if self._proxy is None:
            return httpcore.AsyncConnectionPool(tls, keepalive_expiry=_KEPT_S, network_backend=self)
        login = self._proxy.login.reveal().partition(":") if self._proxy.login is not None else None
        return httpcore.AsyncHTTPProxy(
            httpcore.URL(scheme=b"http", host=self._proxy.host.encode(), port=self._proxy.port, target=b"/"),
            (login[0], login[2]) if login else None,
            ssl_context=tls,
            keepalive_expiry=_KEPT_S,
            network_backend=self,
        )

    async def _trace(self, event: str, _info: Any) -> None:
        """What the library says it does, by the names that its documentation gives."""
        match event:
            case "http11.send_request_headers.started":
                self.step, self._has_head = "waiting for the answer", False
            case "http11.receive_response_headers.complete":
                self._has_head = True

    async def _read(self, answer: httpcore.Response) -> Answer:
        """The head, and the body, but no more of it than anybody needs."""
        if answer.status == 101:
            raise Fault(NOT_HTTP, is_counted=True)
        if answer.status == _IDLE_TOO_LONG and not self._is_new:
            raise Fault(CLOSED, is_counted=True)
        self.step = "reading the answer"
        if self._proxy is not None and answer.status == _PROXY_LOGIN:
            raise _refused(answer.status)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
        body = bytearray()
        async for part in answer.aiter_stream():
            body += part[: MOST_BODY - len(body)]
            if len(body) >= MOST_BODY:
                break
        return Answer(status=answer.status, headers=headers, body=bytes(body))

    def _fault(self, error: Exception) -> Fault:
        """In our own words; of the library's only those that tell an end from nonsense are looked at."""
        match error:
            case httpcore.ProxyError():
                return _refused(str(error)[:3])
            case httpcore.ConnectError():
                return fault_of(error)
            case httpcore.NetworkError():
                words = RESET
            case httpcore.RemoteProtocolError() if self._has_head:
                words = CUT_OFF if "closed connection" in str(error) else NOT_HTTP
            case httpcore.RemoteProtocolError() if "disconnected" in str(error):
                words = CLOSED
            case _:
                words = NOT_HTTP
        return Fault(words, is_counted=True)


def _refused(status: int | str) -> Fault:
    return Fault(f"the proxy refused it: answered {status}", is_counted=False)
