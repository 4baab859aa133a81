"""One kept HTTP/1.1 connection to one target: ask, and read a bounded answer. httpx does the protocol."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx
from msgspec import Struct, field

from deploytui.probes.fault import CLOSED, CUT_OFF, NOT_HTTP, RESET, Fault
from deploytui.probes.lookup import Resolver
from deploytui.probes.network import Talk, Transport
from deploytui.probes.variable import Address

MOST_BODY = 64 * 1024
PROXY_LOGIN = 407
_UNASKED = "an answer came unasked"

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
    """Opened when it is first asked, and again after it was lost. `step` says what is being waited for."""

    def __init__(
        self,
        address: Address,
        headers: Headers,
        resolver: Resolver,
        tls: ssl.SSLContext | None,
        timeout_s: float,
        proxy: Address | None = None,
    ) -> None:
        self._talk = Talk()
        self._is_proxied = proxy is not None
        self._transport = Transport(resolver, tls, timeout_s, self._talk, proxy)
        self._client = httpx.AsyncClient(
            transport=self._transport,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            timeout=None,  # noqa: S113 - one deadline stands around the whole question, lookup included
        )
        target = address.target.reveal().encode("ascii")
        url = httpx.URL(scheme=address.scheme, host=address.host, port=address.port, raw_path=target)
        self._request = self._client.build_request("GET", url, headers=list(headers))  # the same every time

    @property
    def step(self) -> str:
        return self._talk.step

    @property
    def is_looking_up(self) -> bool:
        return self._talk.is_looking_up

    async def ask(self) -> Response:
        """Send one GET and read the answer. Raises Fault. Whatever ends it early closes the connection."""
        try:
            return await self._exchange()
        except Fault as fault:
            # The server may close a kept connection in the very moment of asking: no fault of it.
            if not self._talk.is_kept or fault.words not in (RESET, CLOSED, _UNASKED):
                raise
        await self.close()
        return await self._exchange()

    async def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        await self._transport.aclose()

    async def _exchange(self) -> Response:
        talk = self._talk
        talk.is_kept, talk.is_looking_up, talk.is_ended, talk.has_head, talk.received = (
            True,
            False,
            False,
            False,
            0,
        )
        response = Response()
        is_whole = False
        try:
            answer = await self._client.send(self._request, stream=True)
            try:
                await self._take(answer, response)
            finally:
                await answer.aclose()
            is_whole = True
        except httpcore.ProxyError as error:
            raise Fault(f"the proxy refused it: answered {str(error)[:3]}", is_counted=False) from None
        except (httpcore.ProtocolError, httpcore.NetworkError, httpx.HTTPError):
            is_cut = talk.has_head and talk.is_ended
            raise Fault(CUT_OFF if is_cut else NOT_HTTP, is_counted=True) from None
        finally:
            if self._is_proxied and not is_whole:  # the library keeps half a tunnel as if it were one
                await self.close()
        return response

    async def _take(self, answer: httpx.Response, response: Response) -> None:
        """The head, and the body, but no more of it than anybody needs."""
        talk = self._talk
        if not talk.received:
            raise Fault(_UNASKED, is_counted=True)
        if answer.status_code == 101:
            raise Fault(NOT_HTTP, is_counted=True)
        talk.has_head, talk.step = True, "reading the answer"
        if self._is_proxied and answer.status_code == PROXY_LOGIN:
            raise Fault(f"the proxy refused it: answered {PROXY_LOGIN}", is_counted=False)
        response.status = answer.status_code
        response.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers.raw
        }
        async for part in answer.aiter_raw():
            response.body += part[: MOST_BODY - len(response.body)]
            if len(response.body) >= MOST_BODY:
                return
