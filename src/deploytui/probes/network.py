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

    def __init__(self, resolver: Resolver, tls: ssl.SSLContext | None, timeout_s: float, talk: Talk) -> None:
        self._talk = talk
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=_KEPT_S,
            network_backend=_Network(resolver, timeout_s, talk),
        )

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
    def __init__(self, resolver: Resolver, timeout_s: float, talk: Talk) -> None:
        self._resolver = resolver
        self._timeout_s = timeout_s
        self._talk = talk
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Every address of the host is tried, each for its share of the time."""
        talk = self._talk
        talk.is_kept = False
        talk.step, talk.is_looking_up = "looking up the name", True
        found = await self._resolver.addresses(host, port)
        talk.step, talk.is_looking_up = "connecting", False
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
