"""Asks a web address, and on to where it redirects, if it may go there. One request answers every gauge of the same
address. The words are ours, never the peer's."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from msgspec import Struct
from msgspec.structs import replace

from deploytui import __version__
from deploytui.base.clock import Clock
from deploytui.base.units import number
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import WebSource
from deploytui.probes.answer import Answer, http_text, sent_secrets
from deploytui.probes.fault import Fault
from deploytui.probes.probe import Answers, Probe, Told
from deploytui.probes.variable import Address, Filled, Secret, Unset, address, ascii_host
from deploytui.probes.web import Web

if TYPE_CHECKING:
    import httpx

    from deploytui.probes.connection import Transport

MOST_HOPS = 3
_REDIRECTED = (301, 302, 303, 307, 308)

Judge = Callable[[Answer], Told]


class Page(Struct, frozen=True):
    """What is asked, and how: gauges that agree in it are answered by one request. `hosts` are further ones that it may
    redirect to; None where no redirect is followed."""

    address: Address
    token: Secret | None = None
    hosts: frozenset[str] | None = frozenset()
    proxy: Address | None = None


class HttpProbe(Probe):
    """All gauges of one page that share interval and time-out."""

    def __init__(self, judged: Sequence[tuple[GaugeSpec, Judge]], page: Page, web: Web, clock: Clock) -> None:
        """`judged` is each gauge with what the answer means to it."""
        super().__init__([spec for spec, _ in judged], clock)
        self._judged = judged
        self._page = page
        self._web = web
        self._made: tuple[httpx.AsyncClient, Transport] | None = None
        self._last: Answer | None = None

    def prepare(self) -> None:
        if self._page.address.scheme == "https":
            _ = self._web.tls
        _ = self._opened

    async def sample(self) -> Answers:
        """One question, under one deadline from the name lookup to the last byte, redirects included."""
        answer = self._last = await self._answer()
        return {spec.id: judge(answer) for spec, judge in self._judged}

    def last_answer(self) -> str:
        if self._last is None:
            return ""
        return http_text(self._last, sent_secrets(self._page.address, self._page.token, self._page.proxy))

    async def close(self) -> None:
        if self._made is not None:
            await self._made[0].aclose()
            self._made = None

    @property
    def _opened(self) -> tuple[httpx.AsyncClient, Transport]:
        if self._made is None:
            import httpx  # heavy: loaded when a plan has a web gauge

            from deploytui.probes.connection import Transport

            transport = Transport(self._web, self._timeout_s, self._page.proxy)
            client = httpx.AsyncClient(
                transport=transport,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
                trust_env=False,
                timeout=httpx.Timeout(None),  # one deadline stands around the whole question
            )
            self._made = client, transport
        return self._made

    async def _answer(self) -> Answer:
        started_s, (_, transport) = self._clock.monotonic_s(), self._opened
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._follow()
        except TimeoutError:
            words = f"timed out after {number(self._timeout_s)} s, {transport.step}"
            return Answer(fault=words, is_counted=not transport.is_on_way)
        except Fault as fault:
            return Answer(fault=fault.words, is_counted=fault.is_counted)
        return replace(answer, took_s=self._clock.monotonic_s() - started_s)

    async def _follow(self) -> Answer:
        """The answer at the end of the redirects; one that is not followed comes with the reason. Raises Fault."""
        place = self._page.address
        for _ in range(MOST_HOPS + 1):
            answer = await self._ask(place)
            if answer.status not in _REDIRECTED:
                return answer
            found = follow(self._page.address, place, answer.headers.get("location"), self._page.hosts)
            if isinstance(found, str):
                return replace(answer, fault=found)
            place = found
        return replace(answer, fault=f"redirected more than {MOST_HOPS} times")

    async def _ask(self, place: Address) -> Answer:
        """Send one GET and read the answer. Raises Fault."""
        import httpx

        client, transport = self._opened
        try:
            target = place.target.reveal().encode("ascii")
            url = httpx.URL(scheme=place.scheme, host=place.host, port=place.port, raw_path=target)
            # Made without the client, which would add headers of its own.
            request = httpx.Request("GET", url, headers=self._headers(place))
            response = await client.send(request, stream=True)
            body = b"".join([part async for part in response.aiter_raw()])  # never unpacked
        except httpx.InvalidURL:  # what looks like an IP address, and is none
            raise Fault("no such host", is_counted=False) from None
        except httpx.HTTPError as error:
            raise transport.fault(error) from None
        headers = dict(response.headers.multi_items())  # of one that comes twice the last counts
        return Answer(status=response.status_code, headers=headers, body=body)

    def _headers(self, place: Address) -> Mapping[str, str]:
        headers = {
            "User-Agent": f"deploytui/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }
        if self._page.token is not None and keeps_secrets(self._page.address, place):
            headers["Authorization"] = f"Bearer {self._page.token.reveal()}"
        elif place.login is not None:
            login = base64.b64encode(place.login.reveal().encode()).decode("ascii")
            headers["Authorization"] = f"Basic {login}"
        return headers


def follow(first: Address, at: Address, location: str | None, hosts: frozenset[str] | None) -> Address | str:
    """The address to ask next, or why none is. `first` is the gauge's own address, `at` the one that answered."""
    if hosts is None:
        return "a redirect, not followed"
    if not location:
        return "a redirect to nowhere"
    try:
        here = f"{at.scheme}://{at.authority}{at.target.reveal()}"
        then = address(Filled(Secret(urldefrag(urljoin(here, location.strip()))[0]), ""))
    except (ValueError, Unset):
        return "a redirect to no web address"
    if then.host.lower() not in {first.host.lower(), *hosts}:
        return "a redirect to another host, not followed"
    if at.scheme == "https" and then.scheme == "http":
        return "a redirect from https to http, not followed"
    return replace(then, login=first.login if keeps_secrets(first, then) else None)


def keeps_secrets(first: Address, then: Address) -> bool:
    """Whether a token or a login may be sent along: to where it was meant for, and to the same host's TLS."""
    place, other = (first.scheme, first.host, first.port), (then.scheme, then.host, then.port)
    is_upgrade = place == ("http", then.host, 80) and other == ("https", then.host, 443)
    return place == other or is_upgrade


def further_hosts(source: WebSource) -> frozenset[str] | None:
    """What the checklist allows: nothing at all, the target's own host, or further hosts too."""
    return None if source.redirects == "none" else frozenset(map(_host, source.redirects))


def _host(name: str) -> str:
    with suppress(UnicodeError):
        name = ascii_host(name)
    return name.lower()
