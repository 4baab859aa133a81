"""Ports and certificates: real hand-shakes with servers whose certificates are wrong in every way."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploytui.base.clock import SystemClock
from deploytui.metrics.board import Level, Sample
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import TcpSource, TlsSource
from deploytui.probes.port import TcpProbe, TlsProbe
from deploytui.probes.probe import Told
from deploytui.probes.variable import Endpoint
from deploytui.probes.web import Resolver, Web
from tests.probes.hazard import refusal, silence, talker
from tests.probes.make import PATIENT_S, SHORT_S

with_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no openssl to make certificates with"
)


def gauge(source: TcpSource | TlsSource, unit: str = "", timeout_s: float = PATIENT_S) -> GaugeSpec:
    kind = source.key.name
    return GaugeSpec(kind, kind, source, unit=unit, timeout_s=timeout_s)  # type: ignore[arg-type]


def local(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def connected(
    port: int, unit: str = "", timeout_s: float = PATIENT_S, resolver: Resolver | None = None
) -> Told:
    place = Endpoint("app.example:1", "app.example", port)
    probe = TcpProbe(
        gauge(TcpSource(), unit, timeout_s), place, Web(resolver or Resolver(local)), SystemClock()
    )
    (sample,) = (await probe.sample()).values()
    return sample


async def test_a_port_that_accepts() -> None:
    async with silence() as port:
        assert ((await connected(port)).value, (await connected(port)).error) == (1, "")
        took = (await connected(port, "ms")).value
        assert took is not None
        assert 0 < took < PATIENT_S * 1000


async def test_a_port_that_refuses_is_down_and_has_no_time() -> None:
    async with refusal() as port:
        found = await connected(port)
        assert (found.value, found.error) == (0, "connection refused")
        assert (await connected(port, "ms")).value is None


async def test_a_name_that_is_not_known_says_nothing_of_the_port() -> None:
    found = await connected(1, resolver=Resolver(lambda host, port: []))
    assert (found.value, found.error) == (None, "no such host")


async def test_every_address_is_tried() -> None:
    async with silence() as port:
        resolver = Resolver(lambda host, _: ["127.0.0.2", "127.0.0.1"])
        assert (await connected(port, resolver=resolver)).value == 1


def test_a_port_that_is_down_says_so_in_words() -> None:
    spec = gauge(TcpSource())
    desk = Collector([spec])
    desk.take("tcp", Sample(SystemClock().now(), 0, 0.0, error="connection refused"))
    assert desk.board(0).readings[0].why == "down: connection refused, no limit set"


def certificate(folder: Path, days_left: int, name: str = "app.example") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate and the context of a server that shows it."""
    ends_at = f"{datetime.now(UTC) + timedelta(days=days_left):%Y%m%d%H%M%SZ}"
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=a\n[a]\ndatabase={folder}/index\nnew_certs_dir={folder}\nrand_serial=yes\n"
        "default_md=sha256\npolicy=p\nx509_extensions=v\n[p]\ncommonName=supplied\n"
        f"[v]\nsubjectAltName=DNS:{name}\n[req]\ndistinguished_name=d\n[d]\n"
    )
    (folder / "index").touch()
    key, path = folder / "key.pem", folder / "certificate.pem"
    options = f"-config {folder}/ca.cnf -out"
    ask = f"req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout {key} {options}"
    sign = (
        f"ca -batch -notext -selfsign -keyfile {key} -startdate 20200101000000Z -enddate {ends_at} {options}"
    )
    for words in (f"{ask} {folder}/request.pem", f"{sign} {path} -in {folder}/request.pem"):
        subprocess.run(["openssl", *words.split()], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path, key)
    return path, server


async def days(port: int, trusted: Path | None = None, timeout_s: float = PATIENT_S) -> Told:
    web = Web(Resolver(local), lambda: ssl.create_default_context(cafile=trusted))
    place = Endpoint("app.example:443", "app.example", port)
    probe = TlsProbe(gauge(TlsSource(), "d", timeout_s), place, web, SystemClock())
    probe.prepare()
    (sample,) = (await probe.sample()).values()
    return sample


@with_openssl
async def test_the_days_that_a_certificate_has_left(tmp_path: Path) -> None:
    path, server = certificate(tmp_path, 30)
    async with talker(b"", server) as port:
        found = await days(port, path)
        assert (found.value, found.error) == (pytest.approx(30, abs=0.2), "")
        untrusted = await days(port)
        assert (untrusted.value, untrusted.error) == (None, "TLS: the certificate is self-signed")


@with_openssl
async def test_an_expired_certificate_has_less_than_no_days_left(tmp_path: Path) -> None:
    path, server = certificate(tmp_path, -3)
    async with talker(b"", server) as port:
        found = await days(port, path)
    assert (found.value, found.error) == (pytest.approx(-3, abs=0.2), "TLS: the certificate has expired")
    spec = GaugeSpec("tls", "tls", TlsSource(), unit="d", breach=Band(Limit("<", 3)))
    desk = Collector([spec])
    desk.take("tls", Sample(SystemClock().now(), 0, found.value, found.error))
    reading = desk.board(0).readings[0]
    assert reading.level is Level.BREACH
    assert reading.why.endswith("TLS: the certificate has expired")


@with_openssl
async def test_an_expired_certificate_that_is_not_trusted_has_no_days(tmp_path: Path) -> None:
    _, server = certificate(tmp_path, -3)
    async with talker(b"", server) as port:
        assert (await days(port)).value is None


@with_openssl
async def test_a_certificate_of_another_host(tmp_path: Path) -> None:
    path, server = certificate(tmp_path, 30, name="other.example")
    async with talker(b"", server) as port:
        found = await days(port, path)
    assert (found.value, found.error) == (None, "TLS: the certificate is for another host")


async def test_a_peer_that_says_nothing() -> None:
    async with silence() as port:
        began_s = time.monotonic()
        found = await days(port, timeout_s=SHORT_S)
        assert time.monotonic() - began_s < SHORT_S + 1
    assert (found.value, found.error) == (None, "timed out after 0.20 s, connecting")


async def test_a_peer_that_speaks_something_else() -> None:
    async with talker(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        assert (await days(port)).error == "TLS: no secure connection could be agreed on"
