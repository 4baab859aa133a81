"""Host gauges against a host made of numbers, and once against the real one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from deploytui.base.clock import FrozenClock, SystemClock
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import HostSource
from deploytui.probes.host import HostProbe, MountProbe
from deploytui.probes.probe import Told
from tests.metrics.make import START
from tests.probes.make import SHORT_S, host_gauge


class Times(NamedTuple):
    user: float
    system: float
    idle: float
    iowait: float
    guest: float


class AccessDenied(Exception):
    """As psutil names it."""


class FakeHost:
    """Has only what a cheap round needs: a walk over processes or connections would be an AttributeError."""

    def __init__(self) -> None:
        self.times = Times(100, 0, 900, 0, 50)
        self.sent = 0
        self.swap_total = 0

    def cpu_times(self) -> Times:
        return self.times

    def virtual_memory(self) -> Any:
        return SimpleNamespace(percent=42.0)

    def swap_memory(self) -> Any:
        return SimpleNamespace(percent=7.0, total=self.swap_total)

    def disk_usage(self, path: str) -> Any:
        raise PermissionError(path)

    def getloadavg(self) -> tuple[float, float, float]:
        raise AccessDenied

    def net_io_counters(self, pernic: bool) -> dict[str, Any]:
        assert pernic
        card = SimpleNamespace(bytes_sent=self.sent, bytes_recv=0)
        return {"eth0": card, "lo": SimpleNamespace(bytes_sent=10**9 * self.sent, bytes_recv=0)}


def probe_of(host: FakeHost, clock: FrozenClock, *specs: GaugeSpec) -> HostProbe:
    probe = HostProbe(specs, clock, lambda: host)
    probe.prepare()
    return probe


async def round_of(probe: HostProbe) -> Mapping[str, Told]:
    return await probe.sample()


async def test_cpu_is_the_busy_share_between_two_rounds() -> None:
    host, clock = FakeHost(), FrozenClock(START)
    probe = probe_of(host, clock, host_gauge("cpu"))
    assert await round_of(probe) == {}  # one end of a difference is no number
    clock.advance(1)
    # One second of four: a guest's is in `user` already, and waiting for a disk is not busy.
    host.times = Times(101, 0, 902, 1, 51)
    assert await round_of(probe) == {"cpu": Told(25.0)}
    clock.advance(1)
    host.times = Times(101.5, 0.5, 903, 1, 51)
    assert (await round_of(probe))["cpu"].value == 50


async def test_network_is_bytes_over_time_in_the_gauges_unit() -> None:
    host, clock = FakeHost(), FrozenClock(START)
    probe = probe_of(host, clock, host_gauge("network", unit="kB/s"))
    clock.advance(2)
    host.sent = 8000
    assert (await round_of(probe))["network"].value == 4
    clock.advance(1)
    host.sent = 10  # the counter began anew
    assert await round_of(probe) == {}


async def test_a_clock_that_was_set_changes_no_rate() -> None:
    host, clock = FakeHost(), FrozenClock(START)
    probe = probe_of(host, clock, host_gauge("network", unit="kB/s"))
    clock.advance(2)
    clock.jump(-3600)
    host.sent = 8000
    assert (await round_of(probe))["network"].value == 4


async def test_what_the_machine_does_not_tell_is_said_in_words() -> None:
    host = FakeHost()
    specs = [host_gauge(part) for part in ("memory", "swap", "disk", "load")]
    found = await round_of(probe_of(host, FrozenClock(START), *specs))
    assert found["memory"].value == 42
    assert found["swap"].error == "this machine has no swap"
    assert found["disk"].error == "disk is n/a (permission)"
    assert found["load"].error == "load is n/a (permission)"
    host.swap_total = 1
    del FakeHost.getloadavg
    found = await round_of(probe_of(host, FrozenClock(START), *specs))
    assert found["swap"].value == 7
    assert found["load"].error == "load cannot be read here"


async def test_this_very_machine() -> None:
    specs = [host_gauge(part) for part in ("memory", "disk", "load")]
    probe = HostProbe(specs, SystemClock())
    probe.prepare()
    found = await round_of(probe)
    assert set(found) == {"memory", "disk", "load"}
    assert all(sample.value is not None and sample.value >= 0 for sample in found.values())


async def test_a_mount_point() -> None:
    probe = MountProbe(host_gauge("disk"), "/", SystemClock())
    assert 0 < ((await probe.sample())["disk"].value or 0) <= 100
    missing = MountProbe(host_gauge("disk"), "/no/such/place", SystemClock())
    assert (await missing.sample())["disk"].error == 'there is no "/no/such/place" on this machine'


async def test_a_file_system_that_hangs_is_waited_for_once() -> None:
    release, calls = threading.Event(), []

    def hang(path: str) -> Any:
        calls.append(path)
        release.wait(20)
        return SimpleNamespace(percent=5.0)

    def load() -> Any:
        return SimpleNamespace(disk_usage=hang)

    spec = GaugeSpec("disk", "disk", HostSource("disk"), timeout_s=SHORT_S)
    probe = MountProbe(spec, "/nfs", SystemClock(), load)
    for _ in range(2):
        found = (await probe.sample())["disk"]
        assert found.error == "timed out after 0.20 s: the file system does not answer"
    assert calls == ["/nfs"]
    asyncio.get_running_loop().call_soon(release.set)
    patient = MountProbe(host_gauge("disk"), "/nfs", SystemClock(), load)
    assert (await patient.sample())["disk"].value == 5
