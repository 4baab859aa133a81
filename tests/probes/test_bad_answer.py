"""What comes over real sockets where a number was due: never a value, never green, and never the peer's own words."""

from __future__ import annotations

import asyncio
import socket

import pytest

from deploytui.base.clock import SystemClock
from deploytui.base.text import clean_line
from deploytui.metrics.board import Level, Reading, Sample
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import HttpSource, TcpSource
from deploytui.probes.runner import ProbeRunner
from deploytui.probes.source import open_sources
from deploytui.probes.variable import Variables
from tests.probes.hazard import OK, PAGES, hazards
from tests.probes.make import PATIENT_S

NO_JSON = "the body is not JSON, or longer than 64 KiB"
NO_FIELD = 'the field "load" is not a number'
NO_HEADER = 'the header "X-Load" is not a number'
NO_HEADER_AT_ALL = 'the answer has no header "X-Load"'
NAN, INFINITE = "the answer is not a number (NaN)", "the answer is infinite"
ANY = Band(Limit(">", -1e12))  # a value of any kind would be ok


def gauge(name: str, url: str, measure: str, path: str) -> GaugeSpec:
    return GaugeSpec(name, name, HttpSource(url, measure, path=path), every_s=1, timeout_s=PATIENT_S, ok=ANY)


async def read(gauges: list[GaugeSpec]) -> dict[str, Reading]:
    """Every gauge, asked once by the real runner."""
    clock, desk = SystemClock(), Collector(gauges)
    runner = ProbeRunner(open_sources(gauges, Variables((), {}, {}), clock, "box").probes, desk.take, clock)
    try:
        await runner.ask_once()
        return {reading.id: reading for reading in desk.board(clock.monotonic_s()).readings}
    finally:
        await runner.stop()


@pytest.mark.parametrize(
    ("page", "field", "header"),
    [
        ("html", NO_JSON, NO_HEADER_AT_ALL),
        ("empty", NO_JSON, NO_HEADER_AT_ALL),
        ("utf8", NO_JSON, NO_HEADER),
        ("ansi", NO_JSON, NO_HEADER),
        ("nan", NAN, NAN),
        ("infinity", INFINITE, INFINITE),
        ("1e400", INFINITE, INFINITE),
        ("digits", NO_JSON, INFINITE),
        ("deep", NO_JSON, NO_HEADER_AT_ALL),
        ("bomb", NO_JSON, NO_HEADER_AT_ALL),
        ("endless", NO_JSON, NO_HEADER_AT_ALL),
    ],
)
async def test_what_is_no_number_is_no_data_with_the_reason(page: str, field: str, header: str) -> None:
    async with hazards() as server:
        url = f"{server.url}/{page}"
        seen = await read([gauge("f", url, "field", "load"), gauge("h", url, "header", "X-Load")])
        assert len(server.requests) == 1
    assert [(one.level, one.value, one.why) for one in seen.values()] == [
        (Level.NO_DATA, None, field),
        (Level.NO_DATA, None, header),
    ]
    assert all(one.why == clean_line(one.why) for one in seen.values())


async def test_the_same_gauges_read_a_number_where_there_is_one() -> None:
    async with hazards() as server:
        url = f"{server.url}/number"
        seen = await read([gauge("f", url, "field", "load"), gauge("h", url, "header", "X-Load")])
    assert [(one.level, one.value) for one in seen.values()] == [(Level.OK, 4.5), (Level.OK, 4.5)]


async def test_an_error_page_that_looks_like_an_answer_is_none() -> None:
    """A login page has status 200: only what the gauge asks for in it tells it from the real one."""
    async with hazards() as server:
        good, page = f"{server.url}/number", f"{server.url}/html"
        seen = await read(
            [
                gauge("good", good, "body", '"load"'),
                gauge("page", page, "body", '"load"'),
                gauge("up", page, "up", ""),
            ]
        )
    assert [seen[name].value for name in ("good", "page", "up")] == [1, 0, 1]


class Switched:
    """A service that can be taken off its port and put back."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = int(listening.getsockname()[1])
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def on(self) -> None:
        self._server = await asyncio.start_server(self._handle, "127.0.0.1", self.port)

    async def off(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(OK)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()


class Seen:
    """The latest sample of each gauge, to be waited for."""

    def __init__(self) -> None:
        self.latest: dict[str, Sample] = {}
        self._came = asyncio.Event()

    def __call__(self, gauge: str, sample: Sample) -> None:
        self.latest[gauge] = sample
        self._came.set()

    async def until(self, **values: float | None) -> dict[str, str]:
        """Wait until every gauge says its value; the errors beside them."""
        async with asyncio.timeout(20):
            while not all(
                name in self.latest and self.latest[name].value == value for name, value in values.items()
            ):
                self._came.clear()
                await self._came.wait()
        return {name: self.latest[name].error for name in values}


async def test_a_service_that_goes_and_comes_back_is_seen_to_do_both() -> None:
    service, seen, clock = Switched(), Seen(), SystemClock()
    url = f"http://127.0.0.1:{service.port}/"
    gauges = [
        gauge("up", url, "up", ""),
        gauge("free", url, "field", "db.pools.0.free"),
        GaugeSpec("port", "port", TcpSource(f"127.0.0.1:{service.port}"), every_s=1, timeout_s=1),
    ]
    probes = open_sources(gauges, Variables((), {}, {}), clock, "box").probes
    runner = ProbeRunner(probes, seen, clock, lambda seconds: asyncio.sleep(min(seconds, 0.01)))
    await runner.start()
    try:
        for _ in range(3):
            await service.on()
            assert set((await seen.until(up=1, free=7, port=1)).values()) == {""}
            await service.off()
            errors = await seen.until(up=0, free=None, port=0)
            assert set(errors.values()) <= {
                "connection refused",
                "connection reset",
                "closed the connection without an answer",
            }
    finally:
        await runner.stop()


def test_every_page_of_the_server_is_tried() -> None:
    tried = {"html", "empty", "utf8", "ansi", "nan", "infinity", "1e400", "digits", "deep", "number"}
    assert set(PAGES) == tried
