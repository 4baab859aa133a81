"""From a key to its tick on the screen, durable: beside a bare toggle and one bare append, in turns."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import statistics
import time
from pathlib import Path

from tests.bench.bench_journal import bare
from tests.bench.watched import P95_MS, PROGRAM, Watched, begin, bench_env, floor_app, median, write_plan

Row = tuple[str, float, float, float]
FOLLOWERS = 10
_PAUSE_S = (0.42, 0.6)  # a tick soon after a tick is refused, as it should be


def _append_ms(db: sqlite3.Connection, number: int) -> float:
    began_s = time.perf_counter()
    db.execute("INSERT INTO event VALUES(?,?,?)", (number, f"{number:032x}", "x" * 260))
    return (time.perf_counter() - began_s) * 1000


def _ticks(
    program: Watched, floor: Watched, db: sqlite3.Connection, count: int, idle: list[Watched], first: int
) -> tuple[float, list[float]]:
    """The floor in ms, and each tick of the program. `first`: the item the cursor is on."""
    pause = random.Random(1)
    bare_ms: list[float] = []
    append_ms: list[float] = []
    seen_ms: list[float] = []
    for number in range(first, first + count):
        tick = rf"Item {number:06d}.*ANA"
        for watched, found in ((floor, bare_ms), (program, seen_ms)):
            began_s = watched.type(b" ")
            found.append((watched.shown_s(tick) - began_s) * 1000)
            watched.swallow(pause.uniform(*_PAUSE_S) / 2)
            for other in (program, floor, *idle):
                other.swallow(0)
        append_ms.append(_append_ms(db, number))
    return median(bare_ms[2:]) + median(append_ms[2:]), seen_ms[2:]


def _measure(folder: Path, env: dict[str, str], items: int, count: int) -> list[Row]:
    plan = write_plan(folder / f"k{items}.yaml", items)
    rows: list[Row] = []
    session = f"k{items}"
    with (
        contextlib.ExitStack() as stack,
        Watched(begin(plan, session), env=env) as program,
        Watched(floor_app("floor_toggle", str(items)), env=env) as floor,
    ):
        db = bare(folder / f"{session}.db")
        stack.callback(db.close)
        program.painted_s("driver.*ANA.*Item 000001")
        floor.painted_s("Item 000001")
        program.swallow(1)
        followers: list[Watched] = []
        for label in ("calm", f"{FOLLOWERS} followers"):
            if label != "calm":
                for _ in range(FOLLOWERS):
                    follower = stack.enter_context(Watched((*PROGRAM, "watch", session), env=env))
                    follower.painted_s("FOLLOWING")
                    followers.append(follower)
            at, seen = _ticks(program, floor, db, count, followers, count if followers else 0)
            middle = median(seen)
            late = statistics.quantiles(seen, n=20)[18]
            rows.append((f"tick saved and painted, {items:,} items, {label}, ms", at, middle, middle / at))
            rows.append(
                (
                    f"  the same, p95 (15 ms at most), {items:,} items, {label}, ms",
                    P95_MS,
                    late,
                    late / P95_MS,
                )
            )
    return rows


def measure(*, is_quick: bool = False) -> list[Row]:
    """(name, floor ms, seen ms, ratio) of each row."""
    with bench_env() as (folder, env):
        return [row for items in (200, 2_000) for row in _measure(folder, env, items, 8 if is_quick else 40)]
