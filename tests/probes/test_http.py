"""The web probe against a server that misbehaves: every fault is an answer, in time, in our own words."""

from __future__ import annotations

import asyncio
import logging
import shutil
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from deploytui.base.clock import SystemClock
from deploytui.plan.model import GaugeSpec, Variable
from deploytui.plan.source import HttpSource
from deploytui.probes import connection
from deploytui.probes.probe import Told
from deploytui.probes.runner import ProbeRunner
from deploytui.probes.variable import Variables
from deploytui.probes.web import Resolver
from tests.probes.hazard import Hazards, hazards, refusal, silence, talker
from tests.probes.make import PATIENT_S, SHORT_S, answers, open_agreed, web_gauge, web_probe

MB = 1 << 20


def summary(found: Mapping[str, Told]) -> tuple[float | None, float | None, float | None]:
    return found["up"].value, found["error_rate"].value, found["status"].value


async def test_a_good_answer() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/ok")
        found = await answers(probe)
        await probe.close()
    assert summary(found) == (1, 0, 200)
    assert found["latency"].value is not None
    assert 0 < found["latency"].value < PATIENT_S * 1000
    assert {sample.error for sample in found.values()} == {""}
    assert len(server.requests) == 1


NO_ANSWER = [
    ("hang", "timed out after 0.20 s, waiting for the answer"),
    ("drip", "timed out after 0.20 s, reading the answer"),
    ("driphead", "timed out after 0.20 s, waiting for the answer"),
    ("reset", "connection reset"),
    ("resetbody", "connection reset"),
    ("close", "closed the connection without an answer"),
    ("cut", "the answer was cut off"),
    ("badstatus", "the answer is not HTTP"),
    ("garbage", "closed the connection without an answer"),
    ("hugehead", "the answer is not HTTP"),
    ("switch", "the answer is not HTTP"),
    ("endlessinterim", "timed out after 0.20 s, waiting for the answer"),
]


@pytest.mark.parametrize(("path", "words"), NO_ANSWER)
async def test_no_answer_counts_as_down_and_has_no_other_value(path: str, words: str) -> None:
    async with hazards() as server:
        timeout_s = SHORT_S if words.startswith("timed out") else PATIENT_S
        probe = web_probe(f"{server.url}/{path}", timeout_s=timeout_s)
        began_s = time.monotonic()
        found = await answers(probe)
        took_s = time.monotonic() - began_s
        await probe.close()
    assert {sample.error for sample in found.values()} == {words}
    assert summary(found) == (0, 1, None)
    assert found["latency"].value is None
    assert took_s < SHORT_S + 1


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("500", 500, "answered 500"),
        ("modified", 304, "answered 304, a redirect, not followed"),
    ],
)
async def test_a_bad_answer_is_shown_as_such(path: str, status: int, words: str) -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/{path}")
        found = await answers(probe)
        await probe.close()
    assert summary(found) == (0, 1, status)
    assert found["latency"].value is None
    assert {sample.error for sample in found.values()} == {words}
    assert len(server.requests) == 1


async def test_the_servers_words_are_never_shown() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/escape")
        found = await answers(probe)
        await probe.close()
    assert summary(found) == (1, 0, 200)
    assert "\x1b" not in repr(found)


async def test_interim_answers_are_passed_over() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/interim")
        assert summary(await answers(probe)) == (1, 0, 200)
        await probe.close()


async def test_refused() -> None:
    async with refusal() as port:
        found = await answers(web_probe(f"http://127.0.0.1:{port}/"))
    assert summary(found) == (0, 1, None)
    assert found["up"].error == "connection refused"


async def test_a_tls_peer_that_says_nothing() -> None:
    async with silence() as port:
        probe = web_probe(f"https://127.0.0.1:{port}/", timeout_s=SHORT_S)
        probe.prepare()
        began_s = time.monotonic()
        found = await answers(probe)
        took_s = time.monotonic() - began_s
    assert found["up"].error == "timed out after 0.20 s, connecting"
    assert SHORT_S / 2 <= took_s < SHORT_S + 1


async def test_a_tls_peer_that_speaks_something_else() -> None:
    async with talker(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        found = await answers(web_probe(f"https://127.0.0.1:{port}/"))
    assert (found["up"].value, found["up"].error) == (None, "TLS: no secure connection could be agreed on")


async def test_the_next_address_is_tried_where_the_first_has_no_tls() -> None:
    tried: list[str] = []

    async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tried.append(writer.get_extra_info("sockname")[0])
        writer.close()

    first = await asyncio.start_server(close, "127.0.0.2", 0)
    port = first.sockets[0].getsockname()[1]
    second = await asyncio.start_server(close, "127.0.0.1", port)
    async with first, second:
        resolver = Resolver(lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        probe = web_probe(f"https://localhost:{port}/", web_gauge("up"), resolver=resolver)
        await answers(probe)
        await probe.close()
    assert tried == ["127.0.0.2", "127.0.0.1"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
async def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    make += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    good = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    async with talker(good, server_side) as port:
        url = f"https://127.0.0.1:{port}/"
        found = await answers(web_probe(url, GaugeSpec("up", "up", HttpSource("", "up"))))
        assert (found["up"].value, found["up"].error) == (None, "TLS: the certificate is self-signed")
        # The control: the same server is up for a client that trusts it.
        trusting = ssl.create_default_context(cafile=str(certificate))
        probe = web_probe(url, GaugeSpec("up", "up", HttpSource("", "up")), tls=trusting)
        found = await answers(probe)
        await probe.close()
        assert (found["up"].value, found["up"].error) == (1, "")


async def test_one_connection_is_kept_for_many_requests() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/ok")
        for _ in range(5):
            assert summary(await answers(probe)) == (1, 0, 200)
        await probe.close()
        assert (server.connections, len(server.requests)) == (1, 5)


async def test_a_kept_connection_that_closes_under_the_request_is_no_fault() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/once")
        seen = [summary(await answers(probe)) for _ in range(3)]
        await probe.close()
    assert seen == [(1, 0, 200)] * 3
    assert server.connections == 3


async def test_what_comes_unasked_is_no_answer_to_the_next_request() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/unasked")
        seen = [summary(await answers(probe)) for _ in range(3)]
        await probe.close()
    assert seen == [(1, 0, 200)] * 3


async def test_what_looks_like_an_ip_address_and_is_none_is_no_host() -> None:
    found = await answers(web_probe("http://1.2.3.400/"))
    assert (found["up"].value, found["up"].error) == (None, "no such host")


async def test_cookies_are_not_kept() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/cookie")
        await answers(probe)
        await answers(probe)
        assert not list(probe._opened[0].cookies.jar)
        await probe.close()
    assert len(server.requests) == 2
    assert not any("cookie:" in request.lower() for request in server.requests)
    assert all("accept-encoding: identity" in request.lower() for request in server.requests)


async def grown_by(server: Hazards, path: str, times: int) -> float:
    """By how many MB the process grew while it asked."""
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(times):
        probe = web_probe(f"{server.url}/{path}")
        await answers(probe)
        await probe.close()
    return (process.memory_info().rss - before) / MB


async def test_an_endless_body_is_left_after_64_kib() -> None:
    async with hazards() as server:
        await grown_by(server, "endless", 2)
        server.sent = 0
        assert await grown_by(server, "endless", 10) < 5
        assert server.sent / 10 < 8 * MB  # what fits into the sockets' own buffers


async def test_the_check_for_an_endless_body_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_BODY", 24 * MB)
    async with hazards() as server:
        probe = web_probe(f"{server.url}/endless", GaugeSpec("up", "up", HttpSource("", "up"), timeout_s=20))
        await probe.sample()
        await probe.close()
        assert server.sent > 16 * MB


async def test_a_compressed_bomb_stays_compressed() -> None:
    async with hazards() as server:
        await grown_by(server, "bomb", 1)
        assert await grown_by(server, "bomb", 5) < 5


async def test_cancelled_questions_leave_no_connection_behind() -> None:
    process = psutil.Process()
    async with hazards() as server:
        probe = web_probe(f"{server.url}/hang")
        probe.prepare()
        before = process.num_fds()
        for _ in range(200):
            server.asked.clear()
            task = asyncio.create_task(probe.sample())
            await server.asked.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
        for _ in range(1000):
            if process.num_fds() <= before:
                break
            await asyncio.sleep(0.001)
        assert process.num_fds() <= before
        assert server.connections == 200


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with hazards() as server, hazards() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        probe = web_probe(f"{server.url}/ok")
        assert summary(await answers(probe)) == (1, 0, 200)
        await probe.close()
        assert (len(server.requests), proxy.connections) == (1, 0)
        # The control: a client that believes the environment does go there.
        await asyncio.to_thread(_read, f"{server.url}/500")
        assert proxy.connections == 1


def _read(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return int(answer.status)
    except OSError:
        return 0


SENTINEL = "s3ntinel"


async def test_secrets_are_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    told: list[object] = []
    async with hazards() as server, refusal() as port:
        short = (PATIENT_S, SHORT_S)
        paths = ["ok", "500", "redirect", "cut", "garbage", "hang", "reset"]
        given = {
            "base": f"http://user:{SENTINEL}1@127.0.0.1:{server.port}",
            "api": f"{SENTINEL}3",
            "refused": f"http://{SENTINEL}4:x@127.0.0.1:{port}/?{SENTINEL}5",
            "broken": f"http://user:{SENTINEL}6/7@127.0.0.1/",
            "scheme": f"ftp://user:{SENTINEL}8@127.0.0.1/",
        }
        gauges = [
            web_gauge(
                measure,
                f"${{base}}/{path}/${{key}}?api=${{api}}",
                name=f"{path}-{measure}",
                timeout_s=short[path == "hang"],
            )
            for path in paths
            for measure in ("up", "status", "latency", "p95", "error_rate", "body")
        ]
        gauges += [
            web_gauge("up", "${refused}", name="refused"),
            web_gauge("up", "${broken}", name="broken"),
            web_gauge("up", "${scheme}", name="scheme"),
            GaugeSpec("token", "t", HttpSource(f"{server.url}/ok", "up", token_env="TOKEN")),
            GaugeSpec("bad-token", "t", HttpSource(f"{server.url}/ok", "up", token_env="BAD")),
        ]
        environ = {"KEY": f"{SENTINEL}2", "TOKEN": f"{SENTINEL}9", "BAD": f"{SENTINEL}10\nx"}
        variables = Variables([Variable("key", env="KEY", is_secret=True)], given, environ)
        sources = open_agreed(gauges, variables)
        runner = ProbeRunner(sources.probes, lambda *sample: told.append(sample), SystemClock())
        await runner.ask_once()
        told += [sources, variables, runner, *sources.probes, *(vars(probe) for probe in sources.probes)]
        await runner.stop()
    assert len(told) > len(paths) * 6
    assert set(sources.unread) == {"broken", "scheme", "bad-token"}
    assert sources.shown["refused"] == f"http://127.0.0.1:{port}/?…"
    assert sources.shown["ok-up"] == f"http://127.0.0.1:{server.port}/ok/•••?…"
    assert SENTINEL not in repr(told)
    assert SENTINEL not in caplog.text
    # The control: they were really used.
    sent = "".join(server.requests)
    assert all(f"{SENTINEL}{number}" in sent for number in (2, 3, 9))
    assert "Authorization: Basic" in sent
