"""Three who all want to drive, stopped and woken at random: nobody writes after the lease went to another."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploytui.base.clock import SystemClock
from deploytui.journal.sqlite import open_store
from tests.faults.conftest import SOAK
from tests.faults.judge import Judgement, judge, writer
from tests.journal.sample import new_session

PAUSES = 600 if SOAK else 60
PATIENCE_S = 0.08
STOPPED_S = 0.25


def contested(path: Path, variant: str, pauses: int, seed: int) -> tuple[Judgement, int, int]:
    """What was judged, how often the lease moved, and how many events were written by one who had lost it."""
    store = new_session(path)
    store.release(1)
    store.close()
    dice = random.Random(seed)
    drivers: list[subprocess.Popen[bytes]] = []
    for number in range(3):
        with path.with_name(f"out-{number}").open("wb") as out:
            drivers.append(subprocess.Popen(writer("drive", path, variant, PATIENCE_S), stdout=out))
    time.sleep(1)
    try:
        for _ in range(pauses):
            stopped = dice.choice(drivers)
            os.kill(stopped.pid, signal.SIGSTOP)
            time.sleep(STOPPED_S * dice.uniform(0.3, 1))
            os.kill(stopped.pid, signal.SIGCONT)
            time.sleep(dice.uniform(0, 0.05))
        time.sleep(0.2)
        assert [driver.poll() for driver in drivers] == [None] * 3, "a driver ended by itself"
    finally:
        for driver in drivers:
            driver.kill()
            driver.wait()
    lines = [line for number in range(3) for line in path.with_name(f"out-{number}").read_text().splitlines()]
    outcome = judge(path, lines)
    store = open_store(path, writable=False, clock=SystemClock())
    events = store.events()
    store.close()
    ticks = [event for event in events if event.kind == "item.checked"]
    stale = sum(event.fact.evidence != str(event.epoch) for event in ticks)
    return outcome, sum(event.kind == "driver.took" for event in events), stale


def test_three_drivers(tmp_path: Path, counted: Callable[[str], None]) -> None:
    outcome, moved, stale = contested(tmp_path / "s.deploytui", "sound", PAUSES, seed=8)
    counted(
        f"three drivers: {PAUSES} stopped and woken, {moved} takeovers, {outcome.acked} acknowledged, "
        f"{len(outcome.lost)} lost, {stale} stale"
    )
    assert outcome.is_clean, outcome
    assert stale == 0
    assert moved > PAUSES / 12
    assert outcome.acked > PAUSES


def test_three_drivers_without_the_fence(tmp_path: Path, counted: Callable[[str], None]) -> None:
    _, moved, stale = contested(tmp_path / "s.deploytui", "unfenced", 15, seed=9)
    counted(f"  control, the lease is not looked at: {stale} stale in {moved} takeovers")
    assert stale > 0
