"""The gauges of a session that is resumed: their past is there before the first answer counts."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from msgspec.structs import replace

from deploytui.base.clock import FrozenClock, SystemClock
from deploytui.cli.console import Console
from deploytui.cli.gauge_source import LiveGauges
from deploytui.journal.event import Draft
from deploytui.journal.fact import LevelChanged
from deploytui.journal.recorder import Recorder
from deploytui.journal.sample_store import SampleFile
from deploytui.journal.store import Header
from deploytui.metrics.history import HOUR, Bucket
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import ScriptedSource
from deploytui.session.session_rules import opening
from tests.journal.sample import open_samples
from tests.session.fake import ANA, GO_LIVE, Driven, ListStore, small_plan

CLOCK = SystemClock()
HEADER = Header("night", "Night", "plan", "", "00", "live", CLOCK.now(), "0")
DOWN = GaugeSpec(
    "down", "Unavailable", ScriptedSource(values=("0",)), "app", every_s=1, timeout_s=1,
    ok=Band(Limit("=", 1)), breach=Band(Limit("=", 0), for_s=900),
)  # fmt: skip


def live(recorder: Recorder, *told: Draft) -> LiveGauges:
    plan, clock = replace(small_plan(), gauges=(DOWN,)), FrozenClock(GO_LIVE)
    store = ListStore(clock, [*opening(ANA, GO_LIVE, "exec", ()), *told])
    session = Driven(plan, store, clock, store.events())
    return LiveGauges(Console(env={}, clock=CLOCK), session, {}, frozenset(), recorder)


async def test_time_past_a_limit_goes_on_after_a_restart_and_the_pause_is_named(tmp_path: Path) -> None:
    path = tmp_path / "night.samples"
    store = open_samples(path, HEADER, writable=True)
    now = int(CLOCK.now().timestamp())
    store.write([Bucket(10, (now - ago) // 10, "down", 0.0, 0.0) for ago in range(120, 420, 10)], now)
    store.close()
    recorder = Recorder(SampleFile(path, HEADER), CLOCK, CLOCK, lambda: True)
    gauges = live(recorder, Draft(LevelChanged("down", "ok", "watch", "slow"), by="ANA"))
    await gauges.start()
    async with asyncio.timeout(10):
        while (reading := gauges.board().readings[0]).value is None:
            await asyncio.sleep(0.01)
    assert "breach = 0 for 4 min of 15 min, not measured " in reading.why
    assert sum(cell is not None for cell in gauges.history.trace("down", HOUR, CLOCK.now(), 360)) >= 30
    await gauges.stop()


async def test_a_disk_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    class Stuck(SampleFile):
        def connect(self, *, writable: bool, make: bool = True) -> bool:
            return release.wait(20)

    release = threading.Event()
    recorder = Recorder(Stuck(tmp_path / "night.samples", HEADER), CLOCK, CLOCK, lambda: True)
    gauges = live(recorder)
    async with asyncio.timeout(8):
        await gauges.start()
        while gauges.board().readings[0].value is None:
            await asyncio.sleep(0.01)
        await gauges.stop()
    release.set()
