"""The gauges of a session that is resumed: their past is there before the first answer counts."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from msgspec.structs import replace

from deploytui.base.clock import SystemClock
from deploytui.cli.gauge_source import LiveGauges
from deploytui.journal.recorder import Recorder
from deploytui.journal.sample_store import SampleFile
from deploytui.journal.store import Header
from deploytui.metrics.board import Level
from deploytui.metrics.history import HOUR, Bucket
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import ScriptedSource
from tests.journal.sample import open_samples
from tests.session.fake import small_plan

CLOCK = SystemClock()
HEADER = Header("night", "Night", "plan", "", "00", "live", CLOCK.now(), "0")
DOWN = GaugeSpec(
    "down", "Unavailable", ScriptedSource(values=("0",)), "app", every_s=1, timeout_s=1,
    ok=Band(Limit("=", 1)), breach=Band(Limit("=", 0), for_s=900),
)  # fmt: skip


async def test_time_past_a_limit_goes_on_after_a_restart_and_the_pause_is_named(tmp_path: Path) -> None:
    path = tmp_path / "night.samples"
    store = open_samples(path, HEADER, writable=True)
    now = int(CLOCK.now().timestamp())
    store.write([Bucket(10, (now - ago) // 10, "down", 0.0, 0.0) for ago in range(120, 420, 10)], now)
    store.close()
    recorder = Recorder(SampleFile(path, HEADER), CLOCK, CLOCK, lambda: True)
    gauges = LiveGauges(
        replace(small_plan(), gauges=(DOWN,)), {}, {}, CLOCK, told={"down": Level.WATCH}, recorder=recorder
    )
    await gauges.start()
    async with asyncio.timeout(10):
        while (reading := gauges.board().readings[0]).value is None:
            await asyncio.sleep(0.01)
    assert "breach = 0 for 4 min of 15 min, not measured " in reading.why
    assert sum(cell is not None for cell in gauges.history.trace("down", HOUR, CLOCK.now(), 360)) >= 30
    await gauges.stop()


async def test_a_disk_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    class Stuck(SampleFile):
        def open(self, *, writable: bool, make: bool = True) -> bool:
            return release.wait(20)

    release = threading.Event()
    recorder = Recorder(Stuck(tmp_path / "night.samples", HEADER), CLOCK, CLOCK, lambda: True)
    gauges = LiveGauges(replace(small_plan(), gauges=(DOWN,)), {}, {}, CLOCK, recorder=recorder)
    async with asyncio.timeout(8):
        await gauges.start()
        while gauges.board().readings[0].value is None:
            await asyncio.sleep(0.01)
        await gauges.stop()
    release.set()
