"""What carries the requests of one probe: a transport of httpx, which keeps connections and reads bounded answers."""

from __future__ import annotations

import logging
from typing import Any

import httpcore
import httpx

from deploytui.probes.fault import CLOSED, CUT_OFF, NOT_HTTP, RESET, Fault, fault_of
from deploytui.probes.variable import Address
from deploytui.probes.web import Web, dial

MOST_BODY = 64 * 1024
_PROXY_LOGIN = 407
_IDLE_TOO_LONG = 408  # what a server says unasked when it gives a kept connection up
_KEPT_S = 30.0  # what idles longer may be dropped on the way, without a word to either end
_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)

for _name in ("httpx", "httpcore"):  # they would log addresses, which may hold secrets
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).propagate = False


class _Response(httpx.Response):
    @property
    def has_redirect_location(self) -> bool:
        """The client must make no request of it: it would fail over a wrong one, and the answer be lost."""
        return False


class _Secured(httpcore.AsyncNetworkStream):
    """A connection whose TLS stands already: agreed on while dialing, so that the next address is tried where it fails."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self.read, self.write = inner.read, inner.write  # type: ignore[method-assign]
        self.aclose, self.get_extra_info = inner.aclose, inner.get_extra_info  # type: ignore[method-assign]

    async def start_tls(self, *_args: object, **_options: object) -> httpcore.AsyncNetworkStream:
        return self


class Transport(httpx.AsyncBaseTransport, httpcore.AnyIOBackend):
    """One connection to each place that is asked, opened when needed. `step` says what is being waited for.

    The library's own transport cannot be given a way of connecting; this one can, over the same pool. Names are looked up
    here, because the library's threads would delay the program's exit. Through a proxy it is the proxy's; the target's is
    looked up there.
    """

    def __init__(self, web: Web, timeout_s: float, proxy: Address | None) -> None:
        self.step = ""
        self.is_on_way = False  # still looking up, or connecting to a proxy: nothing is known of the target
        self._web = web
        self._timeout_s = timeout_s
        self._proxy = proxy
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}
        self._opened: httpcore.AsyncNetworkStream | None = None
        self._is_new = self._has_head = self._is_tls = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it and read the answer. Raises Fault, too. Whatever ends it early closes the connections."""
        try:
            return await self._exchange(request)
        except httpx.TransportError as error:
            # A server may close a kept connection in the very moment of asking: no fault of it.
            if self._is_new or self.fault(error).words not in (RESET, CLOSED):
                raise
        return await self._exchange(request)

    async def aclose(self) -> None:
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
        connect, tls = super().connect_tcp, None if proxied or not self._is_tls else self._web.tls

        async def secured(ip: str) -> httpcore.AsyncNetworkStream:
            plain = self._opened = await connect(ip, port)
            try:
                return plain if tls is None else _Secured(await plain.start_tls(tls, host))
            except BaseException:
                await plain.aclose()
                raise

        try:
            found = await self._web.resolver.addresses(host, port)
            self.step, self.is_on_way = f"connecting{proxied}", bool(proxied)
            self._opened = await dial(found, self._timeout_s, secured)
        except (Fault, httpcore.ConnectError) as error:
            fault = error if isinstance(error, Fault) else fault_of(error)
            if proxied:  # whatever fails up to there is no answer of the target
                raise Fault(f"no way to the proxy: {fault.words}", is_counted=False) from None
            raise fault from None
        self.is_on_way = False
        return self._opened

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        self._is_new = self._has_head = self.is_on_way = False
        url = request.url
        self._is_tls = url.scheme == "https"
        if url.scheme not in self._pools:
            self._pools[url.scheme] = self._pool(url.scheme)
        is_whole = False
        try:
            asked = self._pools[url.scheme].stream(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions={"trace": self._trace},
            )
            async with asked as answer:
                response = await self._read(answer)
            is_whole = True
            return response
        except _FAULTS as error:  # both libraries call them the same
            raise getattr(httpx, type(error).__name__)(str(error)) from error
        finally:
            if not is_whole:
                await self.aclose()

    def _pool(self, scheme: str) -> httpcore.AsyncConnectionPool:
        # An address without TLS needs no certificates, which cost 20 ms to load.
        tls = self._web.tls if scheme == "https" else None
        if tls is not None:
            tls.set_alpn_protocols(["http/1.1"])
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

    async def _read(self, answer: httpcore.Response) -> httpx.Response:
        """The head, and the body as it comes over the wire, but no more of it than anybody needs."""
        if answer.status == 101:
            raise httpx.RemoteProtocolError("another protocol")
        if answer.status == _IDLE_TOO_LONG and not self._is_new:
            raise httpx.ReadError("closed")
        self.step = "reading the answer"
        if self._proxy is not None and answer.status == _PROXY_LOGIN:
            raise httpx.ProxyError(str(answer.status))
        body = bytearray()
        async for part in answer.aiter_stream():
            body += part[: MOST_BODY - len(body)]
            if len(body) >= MOST_BODY:
                break
        return _Response(answer.status, headers=answer.headers, stream=httpx.ByteStream(bytes(body)))

    def fault(self, error: httpx.HTTPError) -> Fault:
        """In our own words; of the library's only those that tell an end from nonsense are looked at."""
        match error:
            case httpx.ProxyError():
                return Fault(f"the proxy refused it: answered {str(error)[:3]}", is_counted=False)
            case httpx.ConnectError():
                return fault_of(error)
            case httpx.NetworkError():
                words = RESET
            case httpx.RemoteProtocolError() if self._has_head:
                words = CUT_OFF if "closed connection" in str(error) else NOT_HTTP
            case httpx.RemoteProtocolError() if "disconnected" in str(error):
                words = CLOSED
            case _:
                words = NOT_HTTP
        return Fault(words, is_counted=True)
