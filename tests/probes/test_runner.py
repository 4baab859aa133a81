"""The runner, on a clock that moves when told: when each probe is asked, and what becomes of failures."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Sequence

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import ScriptedSource
from deploytui.probes.probe import Answers, Probe, Told
from deploytui.probes.runner import ProbeRunner
from tests.metrics.make import START


class Time:
    """A clock with a `sleep` of its own; `advance` wakes sleepers in their order."""

    def __init__(self) -> None:
        self.clock = FrozenClock(START)
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.clock.monotonic_s() + seconds, id(future), future))
        await future

    async def advance(self, seconds: float) -> None:
        end_s = self.clock.monotonic_s() + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end_s:
            due_s, _, future = heapq.heappop(self._sleepers)
            self.clock.advance(max(0.0, due_s - self.clock.monotonic_s()))
            if not future.done():
                future.set_result(None)
            await settle()
        self.clock.advance(end_s - self.clock.monotonic_s())


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a thread of the loop."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.001)


class FakeProbe(Probe):
    def __init__(
        self, time: Time, *gauges: str, every_s: float = 5, took_s: float = 0, is_local: bool = False
    ) -> None:
        specs = [GaugeSpec(name, name, ScriptedSource(), every_s=every_s) for name in gauges or ("g",)]  # type: ignore[arg-type]
        super().__init__(specs, time.clock)
        self.is_local = is_local
        self.took_s = took_s
        self.time = time
        self.asked_s: list[float] = []
        self.running = 0
        self.is_prepared = self.is_closed = self.was_cancelled = False
        self.fails: list[Exception] = []

    def prepare(self) -> None:
        self.is_prepared = True

    async def sample(self) -> Answers:
        self.asked_s.append(self.time.clock.monotonic_s() - 1000)
        assert self.running == 0
        self.running += 1
        try:
            if self.took_s:
                await self.time.sleep(self.took_s)
            if self.fails:
                raise self.fails.pop()
            return dict.fromkeys(self.gauges, Told(1.0))
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        finally:
            self.running -= 1

    async def close(self) -> None:
        self.is_closed = True


class Taken(list[tuple[str, Sample]]):
    def __call__(self, gauge: str, one: Sample) -> None:
        self.append((gauge, one))


async def started(time: Time, probes: Sequence[FakeProbe]) -> tuple[ProbeRunner, Taken]:
    taken = Taken()
    runner = ProbeRunner(probes, taken, time.clock, time.sleep)
    await runner.start()
    await until(lambda: all(probe.is_prepared for probe in probes))
    await asyncio.sleep(0.01)
    await settle()
    return runner, taken


async def test_probes_are_spread_over_the_interval_and_keep_it() -> None:
    time = Time()
    probes = [FakeProbe(time, f"g{i}", every_s=5) for i in range(5)]
    runner, taken = await started(time, probes)
    await time.advance(14.5)
    assert [probe.asked_s for probe in probes] == [[i, i + 5, i + 10] for i in range(5)]
    assert len(taken) == 15
    await runner.stop()


async def test_local_probes_are_asked_together_and_at_once() -> None:
    time = Time()
    local = [FakeProbe(time, f"h{every}", every_s=every, is_local=True) for every in (1, 5, 30)]
    remote = FakeProbe(time, "w")
    runner, _ = await started(time, [local[0], remote, *local[1:]])
    await time.advance(5.5)
    assert [probe.asked_s for probe in local] == [[0, 1, 2, 3, 4, 5], [0, 5], [0]]
    assert remote.asked_s == [0, 5]
    await runner.stop()


async def test_a_long_interval_does_not_delay_the_first_question_for_long() -> None:
    time = Time()
    probes = [FakeProbe(time, f"g{i}", every_s=600) for i in range(2)]
    runner, _ = await started(time, probes)
    await time.advance(5)
    assert [probe.asked_s for probe in probes] == [[0], [2.5]]
    await runner.stop()


async def test_a_slow_probe_never_overlaps_itself_and_skips_what_it_missed() -> None:
    time = Time()
    probe = FakeProbe(time, every_s=5, took_s=7)
    runner, _ = await started(time, [probe])
    await time.advance(31)
    assert probe.asked_s == [0, 10, 20, 30]
    await runner.stop()


async def test_a_suspended_machine_does_not_ask_in_a_burst() -> None:
    time = Time()
    probe = FakeProbe(time, every_s=5)
    runner, _ = await started(time, [probe])
    await time.advance(5)
    time.clock.advance(3602)
    await time.advance(10)
    assert len(probe.asked_s) <= 2 + 3
    await runner.stop()


async def test_a_failure_is_an_answer_of_every_gauge_and_the_probe_goes_on() -> None:
    time = Time()
    broken, sound = FakeProbe(time, "a", "b"), FakeProbe(time, "c")
    broken.fails = [KeyError("s3cret")]
    runner, taken = await started(time, [broken, sound])
    await time.advance(9)
    errors = [(gauge, one.error) for gauge, one in taken if one.value is None]
    assert errors == [("a", "the probe failed: KeyError"), ("b", "the probe failed: KeyError")]
    assert len(broken.asked_s) == len(sound.asked_s) == 2
    await runner.stop()


class Silent(FakeProbe):
    """Answers without a value, until it is told to have one."""

    value: float | None = None

    async def sample(self) -> Answers:
        await super().sample()
        return dict.fromkeys(self.gauges, Told(self.value, "no such host"))


async def test_what_gives_no_value_is_asked_less_often_until_it_gives_one() -> None:
    time = Time()
    silent = Silent(time, every_s=5)
    runner, _ = await started(time, [silent])
    await time.advance(130)
    assert silent.asked_s == [0, 5, 10, 20, 40, 70, 100, 130]
    silent.value = 0.0
    await time.advance(40)
    assert silent.asked_s[8:] == [160, 165, 170]
    await runner.stop()


@pytest.mark.parametrize("is_local", [True, False])
async def test_a_slow_pace_stays_and_a_local_probe_is_never_put_off(is_local: bool) -> None:
    time = Time()
    every_s = 1 if is_local else 60
    silent = Silent(time, every_s=every_s, is_local=is_local)
    runner, _ = await started(time, [silent])
    await time.advance(every_s * 9)
    assert silent.asked_s == [every_s * i for i in range(10)]
    await runner.stop()


async def test_stopping_cancels_what_hangs_and_closes_all() -> None:
    time = Time()
    probes = [FakeProbe(time, "a", took_s=1e9), FakeProbe(time, "b")]
    runner, _ = await started(time, probes)
    await time.advance(1)
    tasks = asyncio.all_tasks()
    await runner.stop()
    assert probes[0].was_cancelled
    assert all(probe.is_closed for probe in probes)
    assert len(tasks) > len(asyncio.all_tasks()) == 1


async def test_stopping_before_the_first_question() -> None:
    time = Time()
    probe = FakeProbe(time)
    runner = ProbeRunner([probe], Taken(), time.clock, time.sleep)
    await runner.start()
    await runner.stop()
    assert (probe.asked_s, probe.is_closed) == ([], True)


async def test_what_cannot_be_loaded_is_said_by_its_gauge(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time()
    probe, taken = FakeProbe(time), Taken()
    probe.fails = [ImportError("x")]

    def refuse() -> None:
        raise ImportError("x")

    monkeypatch.setattr(probe, "prepare", refuse)
    await ProbeRunner([probe], taken, time.clock, time.sleep).ask_once()
    assert [(gauge, one.error) for gauge, one in taken] == [("g", "the probe failed: ImportError")]


async def test_asking_once() -> None:
    time = Time()
    probes, taken = [FakeProbe(time, f"g{i}") for i in range(3)], Taken()
    await ProbeRunner(probes, taken, time.clock, time.sleep).ask_once()
    assert sorted(gauge for gauge, _ in taken) == ["g0", "g1", "g2"]
