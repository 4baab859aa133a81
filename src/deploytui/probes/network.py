"""What httpx's connections rest on here: names looked up aside, and a count of what came since the last question.

The library's own backend carries the bytes. It would look names up in a thread that delays the program's exit,
and hand over as the next answer what a server sent unasked.
"""

from __future__ import annotations

import asyncio
import importlib.util
import ssl
import sys
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpcore
import httpx
from msgspec import Struct

from deploytui.probes.fault import CLOSED, NOT_HTTP, RESET, Fault, fault_of
from deploytui.probes.lookup import Resolver
from deploytui.probes.variable import Address, basic

# The library asks four times a request whether this is installed, and each time the whole path is searched for it:
# a third of what a request costs.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

_MOST_HEAD = 64 * 1024
_HEAD_READ = (
    4 * 1024
)  # a flood of interim answers is parsed in bits, so that it never holds the loop for long
_KEPT_S = 60.0


class Talk(Struct):
    """Where one exchange is. `received` counts the bytes since the question was sent."""

    step: str = ""
    is_looking_up: bool = False
    is_kept: bool = True
    is_ended: bool = False
    has_head: bool = False
    received: int = 0


class Transport(httpx.AsyncBaseTransport):
    """One connection to one target. What goes wrong is raised as a Fault."""

    def __init__(
        self,
        resolver: Resolver,
        tls: ssl.SSLContext | None,
        timeout_s: float,
        talk: Talk,
        proxy: Address | None = None,
    ) -> None:
        self._talk = talk
        kept: dict[str, Any] = {
            "max_connections": 1,
            "max_keepalive_connections": 1,
            "keepalive_expiry": _KEPT_S,
        }
        kept |= {
            "ssl_context": tls,
            "network_backend": _Network(resolver, timeout_s, talk, proxy is not None),
        }
        self._pool: httpcore.AsyncConnectionPool
        if proxy is None:
            self._pool = httpcore.AsyncConnectionPool(**kept)
        else:
            place = httpcore.URL(scheme="http", host=proxy.host, port=proxy.port, target="/")
            login = [] if proxy.login is None else [("Proxy-Authorization", basic(proxy.login))]
            self._pool = httpcore.AsyncHTTPProxy(place, proxy_headers=login, **kept)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        place = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        question = httpcore.Request(request.method, place, headers=request.headers.raw)
        answer = await self._pool.handle_async_request(question)
        assert not isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    async def aclose(self) -> None:
        """Let go of the connection; the next question opens another."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Network(httpcore.AsyncNetworkBackend):
    """The step up to a proxy says nothing of the target: whatever fails in it is no answer of that."""

    def __init__(self, resolver: Resolver, timeout_s: float, talk: Talk, is_proxy: bool) -> None:
        self._is_proxy = is_proxy
        self._resolver = resolver
        self._timeout_s = timeout_s
        self._talk = talk
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Every address of the host is tried, each for its share of the time."""
        talk = self._talk
        talk.is_kept = False
        talk.step, talk.is_looking_up = f"looking up the name{' of the proxy' * self._is_proxy}", True
        try:
            found = await self._resolver.addresses(host, port)
            talk.step, talk.is_looking_up = f"connecting{' to the proxy' * self._is_proxy}", self._is_proxy
            line = await self._connect(found, port)
        except Fault as fault:
            if self._is_proxy:
                raise Fault(f"no way to the proxy: {fault.words}", is_counted=False) from None
            raise
        talk.is_looking_up = False
        return line

    async def _connect(self, found: list[str], port: int) -> _Line:
        talk = self._talk
        for ip in found[:-1]:
            try:
                async with asyncio.timeout(self._timeout_s / len(found)):
                    return _Line(await self._inner.connect_tcp(ip, port), talk)
            except (httpcore.ConnectError, TimeoutError):
                continue
        try:
            return _Line(await self._inner.connect_tcp(found[-1], port), talk)
        except httpcore.ConnectError as error:
            raise _fault(error) from None


class _Line(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream, talk: Talk) -> None:
        self._inner = inner
        self._talk = talk

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        talk = self._talk
        if not talk.has_head:
            if talk.received >= _MOST_HEAD:
                raise Fault(NOT_HTTP, is_counted=True)
            max_bytes = min(max_bytes, _HEAD_READ)
        try:
            data = await self._inner.read(max_bytes)
        except httpcore.ReadError:
            raise Fault(RESET, is_counted=True) from None
        talk.received += len(data)
        talk.is_ended = not data
        if not data and not talk.has_head:
            raise Fault(NOT_HTTP if talk.received else CLOSED, is_counted=True)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._talk.step = "waiting for the answer"
        try:
            await self._inner.write(buffer)
        except httpcore.WriteError:
            raise Fault(RESET, is_counted=True) from None

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        self._talk.received = 0  # what a proxy said before is no answer of the target
        try:
            return _Line(await self._inner.start_tls(ssl_context, server_hostname), self._talk)
        except httpcore.ConnectError as error:
            raise _fault(error) from None
        except BaseException:  # the library closes after errors, but not after a deadline
            await self.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _fault(error: BaseException) -> Fault:
    """The system's own error stands at the end of the chain of the libraries' errors."""
    found: OSError | None = None
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            found = cause
        cause = cause.__cause__
    return Fault(RESET, is_counted=True) if found is None else fault_of(found)
