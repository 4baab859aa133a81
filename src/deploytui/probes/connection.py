"""One kept HTTP/1.1 connection to one target: ask, and read a bounded answer. httpx does the protocol."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from msgspec import Struct, field

from deploytui.probes.fault import CLOSED, CUT_OFF, NOT_HTTP, RESET, Fault, fault_of
from deploytui.probes.lookup import Resolver
from deploytui.probes.variable import Address

MOST_BODY = 64 * 1024
PROXY_LOGIN = 407
_IDLE_TOO_LONG = 408  # what a server says unasked when it gives a kept connection up
_KEPT_S = 60.0
_EARLIER, _EARLIER_S = (
    0.05,
    0.08,
)  # of the time that a question has, and at least this, connecting ends before it

Headers = Sequence[tuple[str, str]]

for _name in ("httpx", "httpcore"):  # they would log addresses, which may hold secrets
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).propagate = False


class Response(Struct):
    """What was read of an answer. `body` is its beginning, as it came over the wire."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


class Connection:
    """Opened when it is first asked, and again after it was lost. `step` says what is being waited for.

    Names are looked up here and not by the library, whose threads would delay the program's exit: it is given an
    address, and the name for the TLS handshake. Through a proxy that is the proxy's; the target's is looked up there.
    """

    def __init__(
        self,
        address: Address,
        headers: Headers,
        resolver: Resolver,
        tls: ssl.SSLContext | None,
        timeout_s: float,
        proxy: Address | None = None,
    ) -> None:
        self.step = ""
        self.is_looking_up = False
        self._address = address
        self._headers = list(headers)
        self._resolver = resolver
        self._tls = tls
        self._timeout_s = timeout_s
        self._proxy = proxy
        self._client: httpx.AsyncClient | None = None
        self._client_to = ""
        self._known: list[str] = []  # where the kept connection goes; empty when it is to be looked up
        self._until_s = 0.0
        self._is_kept = self._is_connected = self._has_head = False

    async def ask(self) -> Response:
        """Send one GET and read the answer. Raises Fault. Whatever ends it early closes the connection."""
        earlier_s = max(_EARLIER_S, self._timeout_s * _EARLIER)
        self._until_s = asyncio.get_running_loop().time() + self._timeout_s - earlier_s
        is_known = bool(self._known)
        try:
            response = await self._exchange()
        except Fault as fault:
            # A server may close a kept connection in the very moment of asking, or have moved: no fault of it.
            was_left = self._is_kept and fault.words in (RESET, CLOSED)
            if not was_left and not (is_known and not self._is_connected):
                raise
        else:
            if not self._is_kept or response.status != _IDLE_TOO_LONG:
                return response
            await self.close()
        return await self._exchange()

    async def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        client, self._client, self._client_to, self._known = self._client, None, "", []
        if client is not None:
            await client.aclose()

    async def _exchange(self) -> Response:
        self._is_kept, self._is_connected, self._has_head, self.is_looking_up = True, True, False, False
        is_whole = False
        try:
            answer = await self._answer()
            try:
                response = await self._taken(answer)
            finally:
                await answer.aclose()
            is_whole = True
            return response
        except httpx.ConnectTimeout:
            raise TimeoutError from None
        except httpx.HTTPError as error:
            raise self._fault(error) from None
        finally:
            if not is_whole:
                await self.close()

    async def _answer(self) -> httpx.Response:
        """Every address of the host is tried, each for its share of the time."""
        found = self._known or await self._look_up()
        for place in found[:-1]:
            try:
                return await self._sent(place, len(found))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._sent(found[-1], 1)

    async def _look_up(self) -> list[str]:
        self.step, self.is_looking_up = f"looking up the name{' of the proxy' * self._is_proxied}", True
        self._is_connected = False
        place = self._proxy or self._address
        try:
            found = await self._resolver.addresses(place.host, place.port)
        except Fault as fault:
            raise self._no_way(fault) from None
        self.is_looking_up = False
        return found

    async def _sent(self, place: str, share: int) -> httpx.Response:
        if self._client is None or self._client_to != place:
            await self.close()
            self._client, self._client_to = self._open(place), place
        is_known = bool(self._known)
        url = httpx.URL(
            scheme=self._address.scheme,
            host=self._address.host if self._is_proxied else place,
            port=self._address.port,
            raw_path=self._address.target.reveal().encode("ascii"),
        )
        # One deadline stands around the whole question, lookup included. The library keeps that of connecting, a
        # little earlier: it closes after a time-out of its own, but leaks a handshake that is cancelled.
        connect_s = max(0.0, self._until_s - asyncio.get_running_loop().time()) / share
        request = self._client.build_request(
            "GET",
            url,
            headers=self._headers,
            timeout=httpx.Timeout(None, connect=connect_s),
            extensions={"trace": self._trace, "sni_hostname": self._address.host},
        )
        answer = await self._client.send(request, stream=True)
        # A connection that was opened anew went where the name pointed before: it may point elsewhere now.
        self._known = [] if is_known and not self._is_kept else [place]
        return answer

    def _open(self, place: str) -> httpx.AsyncClient:
        proxy = None
        if self._proxy is not None:
            login = None if self._proxy.login is None else self._proxy.login.reveal().partition(":")
            url = httpx.URL(scheme="http", host=place, port=self._proxy.port)
            proxy = httpx.Proxy(url, auth=(login[0], login[2]) if login else None)
        return httpx.AsyncClient(
            verify=self._tls
            or False,  # an address without TLS needs no certificates, which cost 20 ms to load
            proxy=proxy,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEPT_S),
            follow_redirects=False,
            trust_env=False,
        )

    async def _trace(self, event: str, _info: Any) -> None:
        """What the library says it does, by the names that its documentation gives."""
        match event:
            case "connection.connect_tcp.started":
                self._is_kept = self._is_connected = False
                self.step = f"connecting{' to the proxy' * self._is_proxied}"
                self.is_looking_up = self._is_proxied
            case "connection.connect_tcp.complete":
                self._is_connected, self.is_looking_up = True, False
            case "http11.send_request_headers.started":
                self.step, self._has_head = "waiting for the answer", False
            case "http11.receive_response_headers.complete":
                self._has_head = True

    async def _taken(self, answer: httpx.Response) -> Response:
        """The head, and the body, but no more of it than anybody needs."""
        if answer.status_code == 101:
            raise Fault(NOT_HTTP, is_counted=True)
        self.step = "reading the answer"
        if self._is_proxied and answer.status_code == PROXY_LOGIN:
            raise Fault(f"the proxy refused it: answered {PROXY_LOGIN}", is_counted=False)
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers.raw
        }
        response = Response(answer.status_code, headers)
        async for part in answer.aiter_raw():
            response.body += part[: MOST_BODY - len(response.body)]
            if len(response.body) >= MOST_BODY:
                break
        return response

    @property
    def _is_proxied(self) -> bool:
        return self._proxy is not None

    def _no_way(self, fault: Fault) -> Fault:
        """The step up to a proxy says nothing of the target: whatever fails in it is no answer of that."""
        if self._is_proxied and not self._is_connected:
            return Fault(f"no way to the proxy: {fault.words}", is_counted=False)
        return fault

    def _fault(self, error: httpx.HTTPError) -> Fault:
        """In our own words; of the library's only those that tell an end from nonsense are looked at."""
        match error:
            case httpx.ProxyError():
                return Fault(f"the proxy refused it: answered {str(error)[:3]}", is_counted=False)
            case httpx.ConnectError():
                return self._no_way(_system_fault(error))
            case httpx.NetworkError():
                return Fault(RESET, is_counted=True)
            case httpx.RemoteProtocolError() if self._has_head:
                return Fault(CUT_OFF if "closed connection" in str(error) else NOT_HTTP, is_counted=True)
            case httpx.RemoteProtocolError() if "disconnected" in str(error):
                return Fault(CLOSED, is_counted=True)
            case _:
                return Fault(NOT_HTTP, is_counted=True)


def _system_fault(error: BaseException) -> Fault:
    """The system's own error stands at the end of the chain of the libraries' errors."""
    found: OSError | None = None
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            found = cause
        cause = cause.__cause__ or cause.__context__
    return Fault(RESET, is_counted=True) if found is None else fault_of(found)
