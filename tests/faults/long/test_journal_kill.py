"""A driver that is killed, at random moments and at every system call, has lost nothing it called saved."""

from __future__ import annotations

import random
import select
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.conftest import SOAK
from tests.faults.journal_writer import late_for
from tests.faults.judge import Judgement, judge, run_writer, writer
from tests.journal.sample import new_session

KILLS = 1000 if SOAK else 60
ACTS = 12 if SOAK else 2
CALLS = ("pwrite64", "fdatasync", "fsync", "unlink", "openat", "fcntl")


def killed_at_random(path: Path, variant: str, kills: int, seed: int) -> Judgement:
    """One session, opened again after each kill; the journal must carry all of them."""
    dice = random.Random(seed)
    lines: list[str] = []
    for _ in range(kills):
        process = subprocess.Popen(writer("loop", path, variant), stdout=subprocess.PIPE)
        assert process.stdout is not None
        if dice.random() < 0.9:  # else at any moment of the start
            select.select([process.stdout], [], [], 20)
        time.sleep(dice.uniform(0, 0.05) if dice.random() < 0.9 else dice.uniform(0, 0.2))
        process.kill()
        said, _ = process.communicate()
        lines += said.decode().splitlines()
    return judge(path, lines)


def test_kill_at_random(tmp_path: Path, counted: Callable[[str], None]) -> None:
    outcome = killed_at_random(tmp_path / "s" / "s.deploytui", "sound", KILLS, seed=1)
    counted(f"kill -9 at random: {KILLS} kills, {outcome.acked} acknowledged, {len(outcome.lost)} lost")
    assert outcome.is_clean, outcome
    assert outcome.acked > KILLS


def test_kill_at_random_catches_an_early_acknowledgement(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    outcome = killed_at_random(tmp_path / "s" / "s.deploytui", "early", 15, seed=2)
    counted(f"  control, acknowledged before the commit: {len(outcome.lost)} of {outcome.acked} lost")
    assert outcome.lost


def judged_points(folder: Path, lines: list[str]) -> dict[int, Judgement]:
    """The outcome at each point, from what all children said and the files they left."""
    said: dict[int, list[str]] = {}
    point = 0
    for line in lines:
        if line.startswith("POINT "):
            point = int(line.split()[1])
            said[point] = []
        elif point:
            said[point].append(line)
    return {point: judge(folder / str(point) / "s.deploytui", its) for point, its in said.items()}


def killed_at_every_call(
    folder: Path, strace: str, seed: Path, variant: str, calls: tuple[str, ...] = CALLS
) -> tuple[int, Judgement]:
    total, points = Judgement(), 0
    for call in calls:
        late = late_for(call, ACTS)
        place = folder / call
        place.mkdir()
        inject = f"inject={call}:signal=KILL:when={late}"
        before = (strace, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)
        lines = run_writer("points", "kill", call, late, place, seed, variant, ACTS, late, before=before)
        outcomes = judged_points(place, lines)
        assert outcomes[max(outcomes)].acked == ACTS, f"{call}: not every call was reached"
        points += len(outcomes)
        for outcome in outcomes.values():
            total.add(outcome)
    return points, total


def test_kill_at_every_system_call(tmp_path: Path, strace: str, counted: Callable[[str], None]) -> None:
    seed = tmp_path / "seed.deploytui"
    new_session(seed, events=3).close()
    points, outcome = killed_at_every_call(tmp_path, strace, seed, "sound")
    counted(
        f"kill -9 at every system call: {points} points, {outcome.acked} acknowledged, {len(outcome.lost)} lost"
    )
    assert outcome.is_clean, outcome
    assert points > 20 * ACTS


def test_kill_at_every_system_call_of_making_a_session(
    tmp_path: Path, strace: str, counted: Callable[[str], None]
) -> None:
    points, outcome = killed_at_every_call(tmp_path, strace, tmp_path / "none", "sound")
    counted(f"  the same from the making of the file on: {points} points, {len(outcome.lost)} lost")
    assert outcome.is_clean, outcome


def test_kill_at_every_system_call_catches_an_early_acknowledgement(
    tmp_path: Path, strace: str, counted: Callable[[str], None]
) -> None:
    seed = tmp_path / "seed.deploytui"
    new_session(seed, events=3).close()
    points, outcome = killed_at_every_call(tmp_path, strace, seed, "early", ("fdatasync",))
    counted(f"  control, acknowledged before the commit: {len(outcome.lost)} lost at {points} points")
    assert outcome.lost
