"""`kill -9` of the program that keeps the gauges' past: the file is whole, and no step that was on the disk is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploytui.journal.store import Header
from deploytui.metrics.history import Bucket
from tests.journal.sample import open_samples

KILLS = 200 if os.environ.get("DEPLOYTUI_SOAK") else 25
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HEADER = Header("night", "Night", "plan", "", "00", "live", AT, "0")
FIRST = int(AT.timestamp()) // 10


def _write(path: Path, begin: int) -> None:
    """Steps of twenty gauges, one save after the other; each is told once it is saved."""
    store = open_samples(path, HEADER, writable=True)
    for number in range(begin, begin + 100_000):
        store.write(
            [Bucket(10, FIRST + number, f"g{gauge}", 1.0, 2.0) for gauge in range(20)], AT.timestamp()
        )
        print(number, flush=True)


def _kept(path: Path) -> dict[int, int]:
    store = open_samples(path, HEADER, writable=True)
    try:
        rows = store._db.execute("SELECT number, count(*) FROM step GROUP BY number").fetchall()
        sound = store._db.execute("PRAGMA quick_check").fetchall()
    finally:
        store.close()
    assert sound == [("ok",)]
    return {number - FIRST: count for number, count in rows}


def test_no_step_that_was_saved_is_lost_and_the_file_stays_whole(tmp_path: Path) -> None:
    path, chance = tmp_path / "night.samples", random.Random(7)
    said = 0
    for _ in range(KILLS):
        words = [sys.executable, "-m", "tests.faults.test_samples_kill", str(path), str(said)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            for _ in range(chance.randint(1, 40)):
                said = int(program.stdout.readline()) + 1
            program.kill()
            for line in program.stdout:
                said = int(line) + 1 if line.endswith("\n") else said
        kept = _kept(path)
        assert [kept.get(number, 0) for number in range(said)] == [20] * said
        assert set(kept.values()) == {20}  # a save is whole or not there
        said = max(kept) + 1
    print(f"samples: {KILLS} kills, {said} saves kept, 0 lost")


if __name__ == "__main__":
    _write(Path(sys.argv[1]), int(sys.argv[2]))
