"""What the probes cost beside the bare thing they rest on, measured in turn in one run.

The targets run in a process of their own, so that only the asking side is counted.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe

import psutil

from deploytui.base.clock import SystemClock
from deploytui.metrics.board import Sample
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import HostSource, HttpSource
from deploytui.probes.runner import ProbeRunner
from deploytui.probes.source import open_sources
from deploytui.probes.variable import Variables

Row = tuple[str, float, float, float]
_BODY = b'{"status": "ok"}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
_HOST_PARTS = ("cpu", "memory", "swap", "disk", "load", "network")


def _serve(pipe: Pipe) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(_ANSWER)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=500)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _gauges(port: int, host: int, web: int, every_s: int) -> list[GaugeSpec]:
    limit = Band(Limit("<", 1e9))
    gauges = [
        GaugeSpec(f"h{i}", f"h{i}", HostSource(_HOST_PARTS[i % 6]), every_s=every_s, ok=limit)
        for i in range(host)
    ]
    for i in range(web):
        source = HttpSource(f"http://127.0.0.1:{port}/{i}", "latency")
        gauges.append(GaugeSpec(f"w{i}", f"w{i}", source, unit="ms", every_s=every_s, ok=limit))
    return gauges


async def _streams_ms(port: int, requests: int = 2000) -> float:
    """CPU of one request on a kept connection with bare asyncio streams: the floor."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.process_time()
    for _ in range(requests):
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(len(_BODY))
    spent = time.process_time() - began
    writer.close()
    return spent / requests * 1000


async def _probe_ms(port: int, rounds: int = 2000) -> float:
    """CPU of one request by a probe, until its gauge has a reading."""
    gauges = _gauges(port, 0, 1, 5)
    sources, desk = open_sources(gauges, Variables((), {}, {}), SystemClock(), ""), Collector(gauges)
    runner = ProbeRunner(sources.probes, desk.take, SystemClock())
    await runner.ask_once()
    probe, clock = sources.probes[0], SystemClock()
    began = time.process_time()
    for _ in range(rounds):
        for gauge, told in (await probe.sample()).items():
            desk.take(gauge, Sample(clock.now(), clock.monotonic_s(), told.value, told.error))
    spent = time.process_time() - began
    await runner.stop()
    return spent / rounds * 1000


async def _spent(seconds: float, during: Callable[[], Awaitable[None]]) -> float:
    """Percent of a core that this process spends meanwhile."""
    began, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        await during()
    return (time.process_time() - cpu) / (time.perf_counter() - began) * 100


async def _gauges_share(
    gauges: list[GaugeSpec], seconds: float, during: Callable[[], Awaitable[None]]
) -> float:
    """The gauges, after everything is loaded and connected, with a board at each turn of `during`."""
    clock, desk = SystemClock(), Collector(gauges)
    sources = open_sources(gauges, Variables((), {}, {}), clock, "")
    runner = ProbeRunner(sources.probes, desk.take, clock)

    async def turn() -> None:
        desk.board(clock.monotonic_s())
        await during()

    await runner.start()
    await asyncio.sleep(6)
    share = await _spent(seconds, turn)
    await runner.stop()
    return share


async def _streams_share(port: int, web: int, every_s: float, seconds: float) -> float:
    """As many bare streams, asked at the same pace: the floor."""

    async def repeat(place: int) -> None:
        await asyncio.sleep(every_s * place / web)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while True:
                writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(len(_BODY))
                await asyncio.sleep(every_s)
        finally:
            writer.close()

    tasks = [asyncio.create_task(repeat(place)) for place in range(web)]
    await asyncio.sleep(6)
    share = await _spent(seconds, _second)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return share


async def _second() -> None:
    await asyncio.sleep(1)


async def _psutil_second() -> None:
    """One bare round of the same numbers."""
    psutil.cpu_times()
    psutil.virtual_memory()
    psutil.swap_memory()
    psutil.disk_usage("/")
    psutil.getloadavg()
    psutil.net_io_counters(pernic=True)
    await asyncio.sleep(1)


async def _late_ms(port: int, web: int) -> float:
    """p95 of how late the loop wakes a 10 ms timer while the gauges run: what a key would wait for."""
    late: list[float] = []

    async def watch() -> None:
        for _ in range(100):
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            late.append((time.perf_counter() - began - 0.01) * 1000)

    if web:
        await _gauges_share(_gauges(port, 0, web, 5), 5, watch)
    else:
        for _ in range(5):
            await watch()
    return statistics.quantiles(late, n=20)[18]


async def _measure(port: int) -> list[Row]:
    found: list[tuple[str, float, float]] = []
    found.append(
        ("one web request, ms of CPU (bare streams)", await _streams_ms(port), await _probe_ms(port))
    )
    floor = await _streams_share(port, 200, 5, 10)
    seen = await _gauges_share(_gauges(port, 0, 200, 5), 10, _second)
    found.append(("200 web gauges at 5 s, % of a core (bare streams)", floor, seen))
    found.append(("200 web gauges at 5 s, % of a core (8 at most)", 8.0, seen))
    floor = await _spent(10, _psutil_second)
    seen = await _gauges_share(_gauges(port, 12, 0, 1), 10, _second)
    found.append(("12 host gauges at 1 s, % of a core (a bare psutil round)", floor, seen))
    floor, seen = await _late_ms(port, 0), await _late_ms(port, 200)
    found.append(("a timer late with 200 web gauges, ms p95 (an idle loop)", floor, seen))
    return [(name, floor, seen, seen / floor) for name, floor, seen in found]


@contextmanager
def target() -> Iterator[int]:
    """The port of the targets' process."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        yield here.recv()
    finally:
        server.kill()
        server.join()


def measure() -> list[Row]:
    """(name, floor, seen, ratio) of each row."""
    with target() as port:
        return asyncio.run(_measure(port))


if __name__ == "__main__":
    for row in measure():
        print("{:66} floor {:7.3f}  seen {:7.3f}  x{:.2f}".format(*row))
