"""What a week of gauges takes on the disk, and how long it takes until a session that is resumed has its past."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.journal.sample import open_samples

from deploytui.journal.sample_store import kept_s
from deploytui.journal.store import Header
from deploytui.metrics.history import TIERS, Bucket, History

GAUGES = 20
_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_NOW_S = int(_AT.timestamp())
_HEADER = Header("bench", "Bench", "bench", "", "00", "live", _AT, "bench")
_WEEK_S = 7 * 86400


def write_week(path: Path, span_s: int = _WEEK_S) -> int:
    """A file as it stands after that long at one sample a second; returns its rows. Each step is written when it
    ended, in the order of time, as the program does."""
    store = open_samples(path, _HEADER, writable=True)
    kept = kept_s(GAUGES)
    rows = 0
    for tier in TIERS:
        span = min(span_s, kept[tier.step_s]) // tier.step_s
        last = _NOW_S // tier.step_s
        buckets = [
            Bucket(tier.step_s, number, f"gauge-{gauge}", number % 997 / 7, number % 997 / 3)
            for number in range(last - span, last)
            for gauge in range(GAUGES)
        ]
        for begin in range(0, len(buckets), 1000):
            store.write(buckets[begin : begin + 1000], _NOW_S)
        rows += len(buckets)
    store.close()
    return rows


def recall_ms(path: Path) -> float:
    """Open the file and sort all that is shown into a history, as the samples' thread does."""
    began = time.perf_counter()
    store = open_samples(path, _HEADER, writable=True)
    history = History()
    history.fill(store.read(_NOW_S))
    store.close()
    return (time.perf_counter() - began) * 1000


def measure(*, is_quick: bool = False) -> list[tuple[str, float, float, float]]:
    """(name, floor, seen, ratio) of each row; the floor is what to stay under."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bench.samples"
        write_week(path, 86400 if is_quick else _WEEK_S)
        span = "a day" if is_quick else "a week"
        size = path.stat().st_size / 1e6
        opened = statistics.median(recall_ms(path) for _ in range(3))
        history = History()
        history.know("gauge-0", 10)
        began = time.perf_counter()
        for second in range(10_000):
            history.add("gauge-0", _AT, second)
        took_us = (time.perf_counter() - began) * 100
    return [
        (f"samples, {span} of 20 gauges at 1 Hz, MB (100 at most)", 100.0, size, size / 100),
        (f"samples, {span} opened and read, ms (1,000 at most)", 1000.0, opened, opened / 1000),
        ("  one sample into the past, us (50 at most)", 50.0, took_us, took_us / 50),
    ]


if __name__ == "__main__":
    for row in measure():
        print("{:60} bound {:9.1f}  seen {:9.1f}  x{:.3f}".format(*row))
