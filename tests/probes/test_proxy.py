"""A proxy that the checklist names: asked through, and never taken for the target where it fails itself."""

from __future__ import annotations

import asyncio
import base64
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploytui.plan.model import GaugeSpec, Variable
from deploytui.plan.source import HttpSource
from deploytui.probes.answer import sent_secrets
from deploytui.probes.variable import Variables, address
from tests.probes.hazard import hazards, refusal, silence, talker
from tests.probes.make import SHORT_S, answers, open_agreed, web_probe


class Proxy:
    """Passes on what it is asked, by name or through a tunnel. `heads` are the requests as they came; `refuses` is what
    it says instead."""

    def __init__(self, refuses: bytes) -> None:
        self.refuses = refuses
        self.heads: list[str] = []
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.heads.append(head)
                if self.refuses:
                    writer.write(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % self.refuses)
                else:
                    await self._pass_on(head, reader, writer)
        writer.close()

    async def _pass_on(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, place, _ = head.split(" ", 2)
        url = urlsplit(f"//{place}" if method == "CONNECT" else place)
        there, away = await asyncio.open_connection(url.hostname, url.port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await asyncio.gather(_pump(reader, away), _pump(there, writer))
            return
        away.write(head.replace(place, url.path, 1).encode("latin-1"))
        answer = await there.readuntil(b"\r\n\r\n")
        size = int(answer.lower().partition(b"content-length:")[2].split()[0])
        writer.write(answer + await there.readexactly(size))
        away.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def proxies(refuses: bytes = b"") -> AsyncIterator[Proxy]:
    found = Proxy(refuses)
    server = await asyncio.start_server(found.handle, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await server.wait_closed()


async def test_a_target_is_asked_through_the_proxy_over_one_kept_connection() -> None:
    async with hazards() as server, proxies() as proxy:
        probe = web_probe(f"{server.url}/ok", proxy=proxy.url)
        for _ in range(2):
            found = await answers(probe)
            assert [found[name].value for name in ("up", "error_rate", "status")] == [1, 0, 200]
        await probe.close()
        assert proxy.heads[0].startswith(f"GET {server.url}/ok HTTP/1.1\r\n")
        assert (proxy.connections, len(proxy.heads), len(server.requests)) == (1, 2, 2)


async def test_a_login_of_the_proxy_is_for_the_proxy_and_is_never_shown() -> None:
    login = "ana:sEntinel-77aa"
    source = HttpSource("${app}/ok", "status", proxy="http://${login}@127.0.0.1:${port}")
    declared = (Variable("app"), Variable("port"), Variable("login", env="PROXY_LOGIN", is_secret=True))
    async with hazards() as server, proxies() as proxy:
        variables = Variables(declared, {"app": server.url, "port": str(proxy.port)}, {"PROXY_LOGIN": login})
        spec = GaugeSpec("up", "Up", source, timeout_s=10)
        (probe,) = open_agreed([spec], variables).probes
        assert (await probe.sample())["up"].value == 200
        await probe.close()
        assert f"Proxy-Authorization: Basic {base64.b64encode(login.encode()).decode()}\r\n" in proxy.heads[0]
    place = address(variables.fill(source.proxy))
    assert "sEntinel" not in f"{place!r} {place.shown} {spec.question()}"
    assert login in {one.reveal() for one in sent_secrets(address(variables.fill("http://a/")), None, place)}


def test_a_proxy_whose_login_is_not_set_is_not_gone_around() -> None:
    source = HttpSource("http://app.example/", "up", proxy="http://${login}@proxy.example:3128")
    variables = Variables((Variable("login", env="PROXY_LOGIN", is_secret=True),), {}, {})
    sources = open_agreed([GaugeSpec("up", "Up", source)], variables)
    assert sources.probes == ()
    assert "PROXY_LOGIN" in sources.unread["up"]


def test_gauges_that_differ_in_their_proxy_are_asked_apart() -> None:
    specs = [
        GaugeSpec(name, name, HttpSource("http://app.example/", "status", proxy=proxy))
        for name, proxy in (("a", ""), ("b", "http://p:1"), ("c", "http://p:2"), ("d", "http://p:1"))
    ]
    sources = open_agreed(specs, Variables((), {}, {}))
    assert [probe.gauges for probe in sources.probes] == [("a",), ("b", "d"), ("c",)]


@pytest.mark.parametrize(
    ("scheme", "refuses"),
    [
        *((scheme, b"407 Proxy \x1b[31mAuthentication") for scheme in ("http", "https")),
        ("https", b"403 No"),  # without a tunnel it would look like the target's own
    ],
)
async def test_a_proxy_that_refuses_is_no_target_that_is_down(scheme: str, refuses: bytes) -> None:
    async with proxies(refuses) as proxy:
        probe = web_probe(f"{scheme}://app.example/", proxy=proxy.url)
        for asked in (1, 2):
            up = (await answers(probe))["up"]
            assert (up.value, up.error) == (None, f"the proxy refused it: answered {refuses[:3].decode()}")
            assert len(proxy.heads) == asked
        await probe.close()


async def test_a_proxy_that_is_not_there_or_does_not_speak_is_no_target_that_is_down() -> None:
    async with refusal() as port:
        up = (await answers(web_probe("http://app.example/", proxy=f"http://127.0.0.1:{port}")))["up"]
    assert (up.value, up.error) == (None, "no way to the proxy: connection refused")
    up = (await answers(web_probe("http://app.example/", proxy="http://no-such-proxy.invalid:1")))["up"]
    assert up.value is None
    assert up.error.startswith("no way to the proxy: ")


async def test_a_proxy_that_hangs_is_given_up_in_time_and_asked_again() -> None:
    async with silence() as port:
        probe = web_probe("https://app.example/", proxy=f"http://127.0.0.1:{port}", timeout_s=SHORT_S)
        for _ in range(2):
            assert (await answers(probe))["up"].error.startswith(f"timed out after {SHORT_S:.2f} s")
        await probe.close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
async def test_tls_is_agreed_on_with_the_target_and_not_with_the_proxy(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    make += " -addext subjectAltName=DNS:localhost"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    async with talker(page, server_side) as port, proxies() as proxy:
        url, trusting = f"https://localhost:{port}/", ssl.create_default_context(cafile=str(certificate))
        for _ in range(2):
            wary = web_probe(url, proxy=proxy.url)
            assert (await answers(wary))["up"].error == "TLS: the certificate is self-signed"
            assert (await answers(wary))["up"].error == "TLS: the certificate is self-signed"
            await wary.close()
        probe = web_probe(url, proxy=proxy.url, tls=trusting)
        assert (await answers(probe))["status"].value == 200
        await probe.close()
        assert {head.split("\r\n")[0] for head in proxy.heads} == {f"CONNECT localhost:{port} HTTP/1.1"}
